"""The account of one data folder as the program has it: store, worker, secrets; and waiting for its deeds."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from insomnia_desktop.app.local_server import ChildServer
from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.protocol.limits import ITERATIONS_DEFAULT
from insomnia_desktop.services.account_views import AccountDeed, AccountProgress, ServerPlace
from insomnia_desktop.services.accounts import Accounts
from insomnia_desktop.services.hosting import Hosting
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.store import Store
from insomnia_desktop.store.account_rows import AccountPin, AccountRow
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.store.queries import account as queries
from tests.support.clock import FixedClock

if TYPE_CHECKING:
    from insomnia_desktop.account.secrets import SecretStore
    from insomnia_desktop.crypto.sign_up import NewAccount

T = TypeVar("T")
PATIENCE_S = 60.0
EMAIL = "ada@example.com"
PASSWORD = "correct horse battery staple"
NEW_PASSWORD = "nine wet stones sing loudly"
LAN = "192.0.2.24"


class AccountDesk:
    """One data folder's account; the key to its keys is in a file beside the folder."""

    def __init__(
        self,
        root: Path,
        *,
        clock: Clock | None = None,
        make_secrets: Callable[[str], SecretStore] | None = None,
    ) -> None:
        self.folder = DataFolder(root)
        self.key_file = root.with_name(f"{root.name}.key")
        self.store = Store.open(self.folder, clock=clock or FixedClock(), care_after_s=3600)
        self.loop = LoopThread("worker-sync")
        self.hosting = Hosting(self.loop, ChildServer(self.folder.server, lambda: LAN))
        access = StoreAccess(self.store, clock or FixedClock(), Origin("window", 1))
        self.accounts = Accounts(
            access,
            self.loop,
            self.hosting,
            make_secrets=make_secrets or self._secrets,
            keeping="file" if make_secrets is None else "memory",
        )

    def close(self) -> None:
        """End it as the program does."""
        self.accounts.close()
        self.hosting.close()
        self.store.close()

    @property
    def row(self) -> AccountRow | None:
        """What the store says."""
        return queries.account(self.store.reader())

    def pin(self, server: str) -> AccountPin | None:
        """What is pinned for the one e-mail of the tests."""
        return queries.pin(self.store.reader(), server, EMAIL)

    def create(self, server: str, *, invitation: str = "") -> str:
        """Make the account of the tests, and return its recovery key."""
        place = ServerPlace("there", server, invitation=invitation)
        return wait(self.accounts.create(place=place, email=EMAIL, name="Ada", password=PASSWORD)).recovery_key

    def sign_in(self, server: str, password: str = PASSWORD) -> None:
        """Sign in to it."""
        wait(self.accounts.sign_in(server=server, email=EMAIL, password=password))

    def enter(self, server: str) -> str:
        """Sign in to the account of the tests, which is made at the server first; returns its recovery key.

        Faster than `create`: what a sign-up sends is made once for all tests.
        """
        import asyncio

        from insomnia_desktop.transport.api import SyncApi
        from insomnia_desktop.transport.server_address import read_server_address

        made = prepared_account()

        async def send() -> None:
            api = SyncApi(read_server_address(server))
            await api.sign_up(made.message)
            await api.close()

        asyncio.run(send())
        self.sign_in(server)
        assert made.recovery_text is not None
        return made.recovery_text

    def _secrets(self, device_id: str) -> SecretStore:
        from insomnia_desktop.account.secrets import secret_store

        return secret_store(self.folder.keys_file, device_id, self.key_file)


@functools.cache
def prepared_account(iterations: int = ITERATIONS_DEFAULT) -> NewAccount:
    """Return a sign-up of the tests' account, made once."""
    from insomnia_desktop.crypto.passwords import normalise
    from insomnia_desktop.crypto.sign_up import make_sign_up

    return make_sign_up(os.urandom(16), EMAIL, "Ada", normalise(PASSWORD), iterations)


@contextmanager
def account_desk(
    root: Path, *, clock: Clock | None = None, make_secrets: Callable[[str], SecretStore] | None = None
) -> Iterator[AccountDesk]:
    """Open the account of a data folder until the block ends."""
    desk = AccountDesk(root, clock=clock, make_secrets=make_secrets)
    try:
        yield desk
    finally:
        desk.close()


def wait(deed: AccountDeed[T]) -> T:
    """Wait for a deed and return what came of it."""
    return deed.future.result(PATIENCE_S)


def refused(deed: AccountDeed[T]) -> KnownError:
    """Wait for a deed that has to fail, and return its error."""
    with pytest.raises(KnownError) as caught:
        wait(deed)
    return caught.value


class CancelAt:
    """Cancels a deed when it tells a step: `deed` is to be set once it is begun."""

    def __init__(self, step: str) -> None:
        self._step = step
        self.steps: list[str] = []
        self.deed: AccountDeed[object] | None = None
        self._reached = False

    def __call__(self, progress: AccountProgress) -> None:
        """Note a step."""
        self.steps.append(progress.step)
        if progress.step == self._step and not self._reached:
            self._reached = True
            if self.deed is not None:
                self.deed.cancel()

    def begin(self, deed: AccountDeed[T]) -> AccountDeed[T]:
        """Know the deed; where its step is over already, cancel now."""
        self.deed = deed  # type: ignore[assignment]
        if self._reached:
            deed.cancel()
        return deed
