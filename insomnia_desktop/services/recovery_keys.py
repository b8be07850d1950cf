"""Recovery keys that were made here and have yet to be kept by the person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.services import deeds
from insomnia_desktop.services.account_views import AccountDeed

if TYPE_CHECKING:
    from insomnia_desktop.account.operations import AccountOperations


def whole_address(typed: str) -> str:
    """Return the address of a server as it is kept with a recovery key: with its scheme, where it is an address."""
    from insomnia_desktop.account.typed import read_address

    try:
        return read_address(typed)
    except KnownError:
        return typed


class RecoveryKeys:
    """Shows a recovery key again until somebody says that it is kept. Threads: any.

    `AccountStatus.unkept_recovery` says whether there is one.
    """

    def __init__(self, loop: LoopThread, operations: Callable[[], Awaitable[AccountOperations]]) -> None:
        self._loop = loop
        self._operations = operations

    def unkept(self) -> AccountDeed[str]:
        """Give the key that nobody has said to have kept; empty where there is none, or while the keys are locked."""

        async def unkept() -> str:
            return await (await self._operations()).unkept_recovery_key()

        return deeds.start(self._loop, unkept)

    def note_kept(self) -> AccountDeed[None]:
        """Forget the key here: the person has it. Raises KnownError `account.not_signed_in`."""

        async def note_kept() -> None:
            await (await self._operations()).recovery_key_kept()

        return deeds.start(self._loop, note_kept)
