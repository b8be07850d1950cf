"""The open account as sync uses it: keys and token, and what sync learns of the account."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from insomnia_desktop.account.operations import AccountOperations, SyncAccess


class AccountSessions:
    """Coroutines of the sync worker. All raise KnownErrors of the area `account`."""

    def __init__(self, operations: Callable[[], Awaitable[AccountOperations]]) -> None:
        self._operations = operations

    async def access(self) -> SyncAccess:
        """Return what sync works with; raises KnownError `account.not_signed_in`, also where the keys are locked."""
        return await (await self._operations()).sync_access()

    async def lose(self, token: bytes) -> None:
        """Drop token and keys: the server knows this session no more."""
        await (await self._operations()).lose_session(token)

    async def take_in_account(self) -> None:
        """Ask for the account anew."""
        await (await self._operations()).take_in_account()
