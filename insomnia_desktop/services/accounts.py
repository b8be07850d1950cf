"""Accounts for window and command line: every deed runs on the worker, and nothing here blocks its caller."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.services import deeds
from insomnia_desktop.services.account_sessions import AccountSessions
from insomnia_desktop.services.account_views import (
    AccountDeed,
    AccountProgress,
    AccountState,
    AccountStatus,
    Created,
    DeviceView,
    OnProgress,
    ServerPlace,
    Strength,
)
from insomnia_desktop.services.connection_log import ConnectionLog
from insomnia_desktop.services.hosting import Hosting
from insomnia_desktop.services.password_strength import PasswordStrength
from insomnia_desktop.services.recovery_keys import RecoveryKeys
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.store.account_rows import AccountRow, KeyKeeping, unkept_recovery_key
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.store.queries import account as queries
from insomnia_desktop.store.queries.settings import local

if TYPE_CHECKING:
    import asyncio

    from insomnia_desktop.account.open_account import OpenAccount
    from insomnia_desktop.account.operations import AccountOperations
    from insomnia_desktop.account.secrets import SecretStore
    from insomnia_desktop.account.work import Work
    from insomnia_desktop.protocol.devices import DeviceRow

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
_ENDS_WITHIN = 5.0


class _Profile(msgspec.Struct, frozen=True):
    recovery: bool = False


class _Seen(msgspec.Struct, frozen=True):
    """The account as the worker told of it last."""

    row: AccountRow | None
    is_open: bool
    device_id: str


class Accounts:
    """The account of a data folder.

    What takes long comes as an AccountDeed, whose future raises the KnownErrors of the area `account`. Threads: any;
    listeners and `on_progress` are called on the worker thread and may only enqueue; `before_sending` of `recover` on a
    thread of its own.
    """

    def __init__(
        self,
        access: StoreAccess,
        loop: LoopThread,
        hosting: Hosting,
        *,
        make_secrets: Callable[[str], SecretStore],
        keeping: KeyKeeping,
    ) -> None:
        self._access = access
        self._loop = loop
        self._hosting = hosting
        self._make_secrets = make_secrets
        self._keeping = keeping
        self._listeners: tuple[Callable[[AccountStatus], None], ...] = ()
        self._seen: _Seen | None = None
        self._works_offline = False
        self._built: AccountOperations | None = None
        self._building: asyncio.Lock | None = None
        self._unsubscribe = access.store.subscribe(self._on_commit)
        hosting.subscribe(self._tell_listeners)
        self.connections = ConnectionLog(access)
        self.sessions = AccountSessions(self._operations)
        self.recovery_keys = RecoveryKeys(loop, self._operations)
        self.strength: Callable[[str, Sequence[str]], Future[Strength]] = PasswordStrength(loop).measure

    def status(self) -> AccountStatus:
        """Return who is signed in; cheap. Before the keys were looked for it says what is to be expected."""
        seen = self._seen
        if seen is None:
            reader = self._access.reader()
            row = queries.account(reader)
            seen = _Seen(row, row is not None and row.keeping == self._keeping, queries.device_id(reader) or "")
        return self._status_of(seen)

    def subscribe(self, callback: Callable[[AccountStatus], None]) -> Callable[[], None]:
        """Call back after each change of the status, on the worker thread (only enqueue there); returns the end."""
        self._listeners = (*self._listeners, callback)

        def end() -> None:
            self._listeners = tuple(each for each in self._listeners if each is not callback)

        return end

    def create(
        self, *, place: ServerPlace, email: str, name: str, password: str, on_progress: OnProgress | None = None
    ) -> AccountDeed[Created]:
        """Make an account and sign in to it; the recovery key is to be shown once."""

        async def create(operations: AccountOperations, work: Work) -> Created:
            key = await operations.create(
                server=place.address,
                here=place.kind == "here",
                other_devices=place.other_devices,
                invite=place.invitation,
                email=email,
                name=name,
                password=password,
                work=work,
            )
            return Created(self.status(), key)

        return self._deed(create, on_progress)

    def sign_in(
        self, *, server: str, email: str, password: str, on_progress: OnProgress | None = None
    ) -> AccountDeed[AccountStatus]:
        """Sign in to an account."""

        async def sign_in(operations: AccountOperations, work: Work) -> AccountStatus:
            await operations.sign_in(server=server, email=email, password=password, work=work)
            return self.status()

        return self._deed(sign_in, on_progress)

    def unlock(self, *, password: str, on_progress: OnProgress | None = None) -> AccountDeed[AccountStatus]:
        """Open the account that is known here."""

        async def unlock(operations: AccountOperations, work: Work) -> AccountStatus:
            await operations.unlock(password=password, work=work)
            return self.status()

        return self._deed(unlock, on_progress)

    def work_offline(self) -> None:
        """Leave the keys locked until the next start, or until `unlock`."""
        self._works_offline = True
        self._loop.submit(self._tell())

    def sign_out(self, *, remove_data: bool) -> AccountDeed[AccountStatus]:
        """Sign out; documents stay. `remove_data` forgets the account here as if it had never been.

        It also removes the workspaces that were synced with it, but for those with something that the server has not.
        """

        async def sign_out(operations: AccountOperations, work: Work) -> AccountStatus:
            await operations.sign_out(remove_data=remove_data)
            return self.status()

        return self._deed(sign_out)

    def devices(self) -> AccountDeed[tuple[DeviceView, ...]]:
        """Ask the server for the devices of the account, this one first."""

        async def devices(operations: AccountOperations, work: Work) -> tuple[DeviceView, ...]:
            return _views(await operations.list_devices())

        return self._deed(devices)

    def revoke(self, device_id: str) -> AccountDeed[tuple[DeviceView, ...]]:
        """Sign a device out; gives those that are left."""

        async def revoke(operations: AccountOperations, work: Work) -> tuple[DeviceView, ...]:
            return _views(await operations.revoke(device_id))

        return self._deed(revoke)

    def change_password(
        self, *, password: str, new_password: str, on_progress: OnProgress | None = None
    ) -> AccountDeed[AccountStatus]:
        """Set another password; all other devices are signed out."""

        async def change_password(operations: AccountOperations, work: Work) -> AccountStatus:
            await operations.change_password(password=password, new_password=new_password, work=work)
            return self.status()

        return self._deed(change_password, on_progress)

    def make_recovery_key(self, *, password: str) -> AccountDeed[str]:
        """Make a new recovery key, to be shown once; the one before is worth nothing then."""

        async def make_recovery_key(operations: AccountOperations, work: Work) -> str:
            return await operations.make_recovery_key(password=password, work=work)

        return self._deed(make_recovery_key)

    def recover(
        self,
        *,
        server: str,
        email: str,
        recovery_key: str,
        new_password: str,
        before_sending: Callable[[str], None],
        on_progress: OnProgress | None = None,
    ) -> AccountDeed[str]:
        """Set a password by the recovery key, which is used up; gives the next one. Does not sign in.

        `before_sending` gets the next one before the server is asked to take it; what it raises ends the deed.
        """

        async def recover(operations: AccountOperations, work: Work) -> str:
            return await operations.recover(
                server=server,
                email=email,
                recovery_key=recovery_key,
                new_password=new_password,
                before_sending=before_sending,
                work=work,
            )

        return self._deed(recover, on_progress)

    def delete(self, *, password: str) -> AccountDeed[AccountStatus]:
        """Delete the account for good at the server; documents stay here."""

        async def delete(operations: AccountOperations, work: Work) -> AccountStatus:
            await operations.delete(password=password, work=work)
            return self.status()

        return self._deed(delete)

    def warm_up(self) -> Future[AccountStatus]:
        """Look for the keys, take in what another process did, and start the server on this computer where needed."""
        return self._loop.submit(self._warm_up())

    def close(self) -> None:
        """Cancel what runs (5 s at most) and overwrite the keys."""
        self._unsubscribe()
        try:
            self._loop.stop(_ENDS_WITHIN)
        finally:
            if self._built is not None:
                self._built.opened.keyring.lock()

    def _deed(
        self,
        run: Callable[[AccountOperations, Work], Coroutine[Any, Any, T]],
        on_progress: OnProgress | None = None,
    ) -> AccountDeed[T]:
        async def deed() -> T:
            from insomnia_desktop.account.work import Work

            operations = await self._operations()
            work = Work(None if on_progress is None else lambda step: on_progress(AccountProgress(step)))
            try:
                return await run(operations, work)
            finally:
                self.connections.store()

        return deeds.start(self._loop, deed)

    async def _operations(self) -> AccountOperations:
        """Return the deeds themselves; their libraries are loaded with the first."""
        from asyncio import Lock

        if self._building is None:
            self._building = Lock()
        async with self._building:
            if self._built is None:
                from insomnia_desktop.account.open_account import OpenAccount
                from insomnia_desktop.account.operations import AccountOperations

                opened = OpenAccount(
                    self._access.store, self._access.origin, self._make_secrets, lambda: self._on_change(opened)
                )
                await opened.load()
                self._built = AccountOperations(opened, self._hosting, self.connections.note)
        return self._built

    def _on_commit(self, changes: ChangeSet) -> None:
        """Take in what the writer found of another process before a commit of its own."""
        foreign = changes.origin.kind == "other_process"
        if foreign and not self._loop.stopped and any(change.kind == "account" for change in changes.changes):
            self.warm_up()

    def _on_change(self, opened: OpenAccount) -> None:
        device_id = queries.device_id(self._access.reader()) or ""
        self._seen = _Seen(opened.row, opened.is_open, device_id)
        if opened.is_open:
            self._works_offline = False
        self._tell_listeners()

    async def _tell(self) -> None:
        self._tell_listeners()

    def _tell_listeners(self) -> None:
        status = self.status()
        for listener in self._listeners:
            listener(status)

    async def _warm_up(self) -> AccountStatus:
        operations = await self._operations()
        await operations.opened.refresh()
        row = operations.opened.row
        if row is not None and row.hosted and not self._hosting.status().running:
            try:
                await self._hosting.begin(other_devices=None)
            except KnownError as error:
                # The account page tells it; nobody has asked for anything yet.
                _LOG.info("The sync server on this computer did not start: %s", error)
            self._tell_listeners()
        return self.status()

    def _status_of(self, seen: _Seen) -> AccountStatus:
        row = seen.row
        if row is None:
            return AccountStatus(AccountState.SIGNED_OUT, device_id=seen.device_id)
        state = AccountState(row.state)
        if state == AccountState.SIGNED_IN and not seen.is_open:
            state = AccountState.WORK_OFFLINE if self._works_offline else AccountState.LOCKED
        return AccountStatus(
            state=state,
            email=row.email,
            name=row.name,
            server=(self._hosting.status().address if row.hosted else "") or row.server,
            account_id=row.account_id,
            device_id=seen.device_id,
            hosted_here=row.hosted,
            recovery=_has_recovery_key(row),
            unkept_recovery=local(self._access.reader(), unkept_recovery_key(row.account_id)) is not None,
        )


def _has_recovery_key(row: AccountRow) -> bool:
    try:
        return msgspec.json.decode(row.profile, type=_Profile).recovery
    except msgspec.DecodeError:
        return False


def _views(rows: Sequence[DeviceRow]) -> tuple[DeviceView, ...]:
    from insomnia_desktop.base.ids import to_base64url

    return tuple(
        DeviceView(
            to_base64url(row.id), row.name, row.platform, row.client, row.created_at, row.last_seen_at, row.current
        )
        for row in rows
    )
