"""What a person does with an account, one coroutine each, from what was typed to what is stored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from insomnia_desktop.account import devices, recovery
from insomnia_desktop.account.checks import check_account
from insomnia_desktop.account.deletion import delete_account
from insomnia_desktop.account.one_account import is_anothers, refuse_another
from insomnia_desktop.account.open_account import OpenAccount
from insomnia_desktop.account.password import replace_credentials
from insomnia_desktop.account.refusals import told
from insomnia_desktop.account.repeating import LOST
from insomnia_desktop.account.sign_in import SignedIn, sign_in
from insomnia_desktop.account.sign_up import SignUpAttempts, read_invitation
from insomnia_desktop.account.typed import read_email, read_name, read_new_password, read_password
from insomnia_desktop.account.withdrawn_recovery import withdraw_after_sign_in, withdraw_replaced
from insomnia_desktop.account.work import Work
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url, to_base64url
from insomnia_desktop.protocol.devices import DeviceRow
from insomnia_desktop.protocol.limits import ITERATIONS_DEFAULT
from insomnia_desktop.store.account_rows import AccountRow
from insomnia_desktop.transport.api import SyncApi
from insomnia_desktop.transport.connection import Exchange, Patience
from insomnia_desktop.transport.refused import Refused
from insomnia_desktop.transport.server_address import read_server_address

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
# Who signs out does not wait for a server that is not there.
_GOODBYE = Patience(connect=3.0, read=4.0, whole=5.0)


@dataclass(frozen=True, slots=True)
class SyncAccess:
    """What sync needs of the open account: where the server is, the session, and the account's key."""

    address: str
    token: bytes = field(repr=False)
    account_id: bytes
    account_key: bytes = field(repr=False)
    account_rev: int


class HostedServer(Protocol):
    """The sync server on this computer, as far as an account needs it."""

    async def begin(self, *, other_devices: bool | None) -> str:
        """Let it run, as it did before where `other_devices` is None, and return its address on this computer."""
        ...

    async def invitation(self) -> str:
        """Return an invitation to it, empty where it wants none."""
        ...

    def owns(self, address: str) -> bool:
        """Say whether an address is its address on this computer."""
        ...


class AccountOperations:
    """Deeds on the account of a data folder. Those that change it run one after another.

    All raise KnownErrors of the area `account`, whose words are in `services.error_words_account`. A 401 drops token
    and keys and keeps every document. `on_exchange` is told of every request. Threads: one loop's.
    """

    def __init__(
        self, opened: OpenAccount, hosted: HostedServer, on_exchange: Callable[[Exchange], None] | None = None
    ) -> None:
        self.opened = opened
        self._hosted = hosted
        self._on_exchange = on_exchange
        self._turn = asyncio.Lock()
        self._sign_ups = SignUpAttempts(opened.unkept)
        self._unsure_of_password = False

    async def create(
        self, *, server: str, here: bool, other_devices: bool, invite: str, email: str, name: str, password: str,
        work: Work,
    ) -> str:  # fmt: skip
        """Make an account, sign in to it, and return its recovery key, to be shown once.

        Raises KnownError `account.signed_in_already` where somebody is signed in: nobody is signed out unasked.
        """
        email, secret = read_email(email), read_new_password(password)
        async with self._turn:
            await self.opened.refresh()
            refuse_another(self.opened.row)
            invited = read_invitation(invite)
            if here or self._hosted.owns(read_server_address(server).text):
                work.tell("starting_server")
                server = await self._hosted.begin(other_devices=other_devices if here else None)
                invited = invited or read_invitation(await self._hosted.invitation())
                here = True
            async with self._talk(server) as api:
                made = await self._sign_ups.sign_up(
                    api, email=email, name=read_name(name), password=secret, invite=invited, work=work
                )
                await self._enter(api, email, secret, here, work)
            assert made.recovery_text is not None
            return made.recovery_text

    async def sign_in(self, *, server: str, email: str, password: str, work: Work) -> None:
        """Sign in to an account; to the one that is signed in that renews the session.

        Raises KnownError `account.signed_in_already` where somebody else is signed in: nobody is signed out unasked.
        """
        email, secret = read_email(email), read_password(password)
        address = read_server_address(server).text
        async with self._turn:
            await self.opened.refresh()
            refuse_another(self.opened.row, email)
            here = self._hosted.owns(address)
            if here:
                address = await self._hosted.begin(other_devices=None)
            async with self._talk(address) as api:
                await self._enter(api, email, secret, here, work)
                await withdraw_after_sign_in(self.opened, api)

    async def unlock(self, *, password: str, work: Work) -> None:
        """Open the account that is known here with its password; that is a sign-in."""
        secret = read_password(password, alone=True)
        async with self._turn:
            await self.opened.refresh()
            row = self.opened.known_row()
            async with self._known(row) as api:
                await self._enter(api, row.email, secret, row.hosted, work)
                await withdraw_after_sign_in(self.opened, api)

    async def sign_out(self, *, remove_data: bool) -> None:
        """Drop token and keys, here at once and at the server if that answers; documents stay.

        `remove_data` forgets the account and its pins too, and removes the workspaces that were synced with it and have
        nothing unsaved.
        """
        async with self._turn:
            await self.opened.refresh()
            await self._say_goodbye()
            if remove_data:
                await self.opened.forget(remove_data=True)
            else:
                await self.opened.drop("signed_out")

    async def list_devices(self) -> list[DeviceRow]:
        """Return the devices of the account."""
        return await self._authorised(devices.list_devices)

    async def revoke(self, device_id: str) -> list[DeviceRow]:
        """Sign a device out and return those that are left; one's own is signed out as `sign_out` does."""
        revoked = from_base64url(device_id)
        if revoked == await self.opened.device_id():
            await self.sign_out(remove_data=False)
            return []

        async def revoke(api: SyncApi, token: bytes) -> list[DeviceRow]:
            await devices.revoke_device(api, token, revoked)
            return await devices.list_devices(api, token)

        return await self._authorised(revoke)

    async def change_password(self, *, password: str, new_password: str, work: Work) -> None:
        """Set another password; all other devices are signed out."""
        secret, new_secret = read_password(password, alone=True), read_new_password(new_password)
        async with self._turn:
            await self.opened.refresh()
            row = self.opened.known_row()
            async with self._known(row) as api:
                try:
                    signed_in = await self._enter(api, row.email, secret, row.hosted, work, upgrade=False)
                except KnownError as error:
                    if error.code != "account.wrong_credentials" or not self._unsure_of_password:
                        raise
                    # The answer to the last change was lost: the server may have taken it.
                    await self._enter(api, row.email, new_secret, row.hosted, work)
                    self._unsure_of_password = False
                    return
                iterations = max(ITERATIONS_DEFAULT, signed_in.iterations)
                try:
                    await replace_credentials(api, signed_in, new_secret, iterations, work)
                except KnownError as error:
                    self._unsure_of_password = error.code in LOST
                    raise
                self._unsure_of_password = False
                await self.opened.note_iterations(iterations)

    async def make_recovery_key(self, *, password: str, work: Work) -> str:
        """Make a new recovery key in place of the one before, and return its text."""
        secret = read_password(password, alone=True)
        async with self._turn:
            await self.opened.refresh()
            row = self.opened.known_row()
            async with self._known(row) as api:
                signed_in = await self._enter(api, row.email, secret, row.hosted, work, upgrade=False)
                text = await recovery.make_recovery_key(api, signed_in, work)
                unlocked = signed_in.unlocked
                await self.opened.unkept.put(unlocked.account_id, unlocked.account_key, text)
                await self.opened.note_recovery()
                return text

    async def unkept_recovery_key(self) -> str:
        """Return the recovery key of the open account that nobody has said to have kept, empty where there is none."""
        keyring = self.opened.keyring
        return "" if keyring.is_locked else self.opened.unkept.text(keyring.account_id, keyring.account_key)

    async def recovery_key_kept(self) -> None:
        """Forget the recovery key of the account that is known here: the person has it."""
        await self.opened.unkept.remove(from_base64url(self.opened.known_row().account_id))
        self.opened.tell()

    async def recover(
        self, *, server: str, email: str, recovery_key: str, new_password: str,
        before_sending: Callable[[str], None], work: Work,
    ) -> str:  # fmt: skip
        """Set a password by the recovery key and return the next one; does not sign in, and signs this device out."""
        email, secret, key = read_email(email), read_new_password(new_password), recovery.read_key(recovery_key)
        address = read_server_address(server).text
        async with self._turn:
            await self.opened.refresh()
            here = self._hosted.owns(address)
            if here:
                address = await self._hosted.begin(other_devices=None)
            async with self._talk(address) as api:
                recovered = await recovery.recover(
                    api,
                    email=email,
                    recovery_key=key,
                    new_password=secret,
                    device=devices.this_device(await self.opened.device_id()),
                    pin=self.opened.pin(address, email, hosted=here),
                    before_sending=before_sending,
                    work=work,
                )
            # The one before is used up.
            await self.opened.unkept.remove(recovered.account_id)
            row = self.opened.row
            if row is not None and row.account_id == to_base64url(recovered.account_id):
                await self.opened.drop("signed_out")
            return recovered.recovery_key

    async def delete(self, *, password: str, work: Work) -> None:
        """Delete the account at the server for good, and forget it here; documents stay."""
        secret = read_password(password, alone=True)
        async with self._turn:
            await self.opened.refresh()
            row = self.opened.known_row()
            async with self._known(row) as api:
                signed_in = await self._enter(api, row.email, secret, row.hosted, work, upgrade=False)
                with told():
                    await delete_account(api, signed_in.token)
            await self.opened.forget()

    async def _authorised(self, ask: Callable[[SyncApi, bytes], Awaitable[T]]) -> T:
        """Ask with the session's token; once more where this or another process has a newer one meanwhile."""
        await self.opened.refresh()
        for last in (False, True):
            token = self.opened.token
            try:
                async with self._talk_to(self.opened.known_row()) as api:
                    return await ask(api, token)
            except KnownError as error:
                if error.code != "account.signed_out_elsewhere":
                    raise
                await self.lose_session(token)
                # Who signed out here meanwhile is told that, and not that another device did it.
                self.opened.known_row()
                if last or not self.opened.is_open:
                    raise
        raise AssertionError("the second turn is the last")

    async def sync_access(self) -> SyncAccess:
        """Return what sync works with; raises KnownError `account.not_signed_in`, also where the keys are locked."""
        await self.opened.refresh()
        row, token = self.opened.known_row(), self.opened.token
        address = await self._hosted.begin(other_devices=None) if row.hosted else row.server
        keyring = self.opened.keyring
        return SyncAccess(address, token, keyring.account_id, bytes(keyring.account_key), row.rev)

    async def lose_session(self, token: bytes) -> None:
        """Drop token and keys, since the server knows this token no more; a newer session stays."""
        async with self._turn:
            # The newer one may be another process's, whose keys lie where those of this one lay.
            await self.opened.refresh()
            if self.opened.is_open and self.opened.token == token:
                await self.opened.drop("signed_out_elsewhere")

    async def take_in_account(self) -> None:
        """Ask for the account anew, since the server said that it has changed, and check it as after a sign-in."""
        async with self._turn:
            await self.opened.refresh()
            row, token, keyring = self.opened.known_row(), self.opened.token, self.opened.keyring
            async with self._watched(), self._talk_to(row) as api:
                with told():
                    account = await api.account(token)
                known = from_base64url(row.account_id)
                check_account(account, row.email, bytes(keyring.account_key), expected_id=known, pinned_id=known)
                # Before the change is noted as taken in: where this fails it is asked again at the next start.
                await withdraw_replaced(self.opened, api)
            await self.opened.keep_account(account)

    async def _enter(
        self, api: SyncApi, email: str, secret: bytes, hosted: bool, work: Work, *, upgrade: bool = True
    ) -> SignedIn:
        """Sign in and store it; an account of fewer iterations gets the number of today, unless `upgrade` is False."""
        address = api.address.text
        pin = self.opened.pin(address, email, hosted=hosted)
        signed_in = await sign_in(
            api,
            email=email,
            password=secret,
            device=devices.this_device(await self.opened.device_id(), self.opened.names.name(pin)),
            pin=pin,
            work=work,
            known_as=self.opened.names.name_in,
        )
        if is_anothers(self.opened.row, signed_in.account.account_id):  # the same e-mail, at another server
            await self._give_back(api, signed_in.token)
            refuse_another(self.opened.row)
        await self.opened.keep(signed_in, server=address, hosted=hosted, work=work)
        self._sign_ups.done()
        if upgrade and signed_in.iterations < ITERATIONS_DEFAULT:
            await self._raise_iterations(api, signed_in, secret)
        return signed_in

    async def _raise_iterations(self, api: SyncApi, signed_in: SignedIn, secret: bytes) -> None:
        """Make guessing the password as dear as that of a new account; the sign-in stands, whatever comes of this."""
        try:
            await replace_credentials(api, signed_in, secret, ITERATIONS_DEFAULT, Work())
            await self.opened.note_iterations(ITERATIONS_DEFAULT)
        except KnownError as error:
            _LOG.info("The iteration count stays at %d: %s", signed_in.iterations, error)
        except asyncio.CancelledError:
            # Too late for the sign-in, which is stored.
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()

    async def _say_goodbye(self) -> None:
        """Give the session back, if there is one and the server answers; else it runs out there by itself."""
        row = self.opened.row
        if row is None or not self.opened.is_open:
            return
        token = self.opened.token
        try:
            async with self._talk_to(row, _GOODBYE) as api:
                await self._give_back(api, token)
        except KnownError as error:
            _LOG.info("The session was not given back: %s", error)

    async def _give_back(self, api: SyncApi, token: bytes) -> None:
        """Have the server end a session of this device; where it does not, the session runs out there by itself."""
        try:
            await api.revoke(token, await self.opened.device_id())
        except (KnownError, Refused) as error:
            _LOG.info("The session was not given back: %s", error)

    @asynccontextmanager
    async def _watched(self) -> AsyncIterator[None]:
        """Drop token and keys where the server says that the session is no more."""
        try:
            yield
        except KnownError as error:
            # Another process may have signed in anew meanwhile: then the token was old, and not the session's end.
            if error.code == "account.signed_out_elsewhere" and not await self.opened.refresh():
                await self.opened.drop("signed_out_elsewhere")
            raise

    @asynccontextmanager
    async def _known(self, row: AccountRow) -> AsyncIterator[SyncApi]:
        """Talk about the account that is known here with its password: where that does not fit, the e-mail does."""
        try:
            async with self._watched(), self._talk_to(row) as api:
                yield api
        except KnownError as error:
            if error.code != "account.wrong_credentials":
                raise
            raise KnownError(error.code, reason="password") from None

    @asynccontextmanager
    async def _talk_to(self, row: AccountRow, patience: Patience | None = None) -> AsyncIterator[SyncApi]:
        address = await self._hosted.begin(other_devices=None) if row.hosted else row.server
        async with self._talk(address, patience) as api:
            yield api

    @asynccontextmanager
    async def _talk(self, server: str, patience: Patience | None = None) -> AsyncIterator[SyncApi]:
        api = SyncApi(read_server_address(server), patience, on_exchange=self._on_exchange)
        try:
            yield api
        finally:
            await api.close()
