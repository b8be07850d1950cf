"""The account that is open in this process: row, token and keys, and how they are kept and dropped."""

from __future__ import annotations

import logging
import os
from asyncio import wrap_future
from collections.abc import Callable

import msgspec

from insomnia_desktop.account.device_names import DeviceNames
from insomnia_desktop.account.secrets import Secrets, SecretStore
from insomnia_desktop.account.sign_in import SignedIn
from insomnia_desktop.account.typed import read_name
from insomnia_desktop.account.unkept_recovery import UnkeptRecovery
from insomnia_desktop.account.work import Work
from insomnia_desktop.base.core_dumps import forbid_core_dumps
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url, to_base64url
from insomnia_desktop.base.loop_thread import run_detached, run_to_the_end
from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.key_pairs import PublicKeys, open_private_keys
from insomnia_desktop.crypto.keyring import Keyring
from insomnia_desktop.crypto.sign_up import Unlocked
from insomnia_desktop.protocol.accounts import Account
from insomnia_desktop.protocol.binary import Bytes16, Bytes32
from insomnia_desktop.protocol.codec import InvalidBody, MalformedBody, decode_body, encode_body
from insomnia_desktop.protocol.limits import ID_BYTES, NAME_CHARACTERS
from insomnia_desktop.store import Store
from insomnia_desktop.store.account_rows import AccountPin, AccountRow, AccountRowState, place_of
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.store.command import Command
from insomnia_desktop.store.commands.account import ForgetAccount, KeepDeviceId, SaveAccount, SetAccountState
from insomnia_desktop.store.commands.bindings import UnbindAccount
from insomnia_desktop.store.queries import account as queries

_LOG = logging.getLogger(__name__)


class OpenAccount:
    """The account of a data folder as far as this process has it open; `changed` is called after each change of it.

    Threads: one loop's. What is committed is committed whole: a cancel while it is being stored comes too late.
    """

    def __init__(
        self,
        store: Store,
        origin: Origin,
        make_secrets: Callable[[str], SecretStore],
        changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._origin = origin
        self._make_secrets = make_secrets
        self._changed = changed
        self._secrets: SecretStore | None = None
        self._token = b""
        self._change = 0
        forbid_core_dumps()
        self.unkept = UnkeptRecovery(store, origin)
        self.names = DeviceNames(store, origin)
        self.keyring = Keyring()
        self.row: AccountRow | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody is signed in and the keys are there."""
        return self.row is not None and self.row.state == "signed_in" and not self.keyring.is_locked

    @property
    def token(self) -> bytes:
        """The session's token; raises KnownError `account.not_signed_in` (its reason is `locked` without keys)."""
        if self.row is None or self.row.state != "signed_in":
            raise KnownError("account.not_signed_in")
        if not self._token:
            raise KnownError("account.not_signed_in", reason="locked")
        return self._token

    def known_row(self) -> AccountRow:
        """Return the account that is signed in, locked or not; raises KnownError `account.not_signed_in`."""
        if self.row is None or self.row.state == "signed_out":
            raise KnownError("account.not_signed_in")
        return self.row

    async def refresh(self) -> bool:
        """Take in what another process did to the account since, and say whether it did anything."""
        if queries.account_change(self._store.reader()) == self._change:
            return False
        await self.load()
        return True

    async def load(self) -> None:
        """Read who is signed in, and open the keys that are kept here; without them the account is locked."""
        self._lock()
        self._read()
        row = self.row
        if row is not None and row.state == "signed_in":
            try:
                await self._open_kept(row)
            except KnownError as error:
                # The password opens it again: the person is asked for that, and needs no other word.
                _LOG.info("The keys of the account stay locked: %s", error)
        self._changed()

    async def device_id(self) -> bytes:
        """Return the id of this device, which is made once for a data folder."""
        found = queries.device_id(self._store.reader())
        if found is None:
            await self._submit(KeepDeviceId(to_base64url(os.urandom(ID_BYTES))))
            # Another process may have been faster.
            found = queries.device_id(self._store.reader())
            assert found is not None
        return from_base64url(found)

    def pin(self, server: str, email: str, *, hosted: bool) -> AccountPin | None:
        """Return what is remembered of an account, None for one that is met first."""
        return queries.pin(self._store.reader(), place_of(server, hosted=hosted), email)

    async def keep(self, signed_in: SignedIn, *, server: str, hosted: bool, work: Work) -> None:
        """Store a sign-in: secrets, then who it is. Raises KnownError `account.keys_unwritable` and the store's own."""
        work.tell("storing")
        account = signed_in.account
        secrets = await self._secret_store()
        kept = Secrets(Bytes16(account.account_id), Bytes32(signed_in.token), Bytes32(signed_in.unlocked.account_key))
        # Not to the end: a keyring may ask a person first, and until the row is written nothing has happened.
        keeping = await run_detached(secrets.save, kept)
        row = AccountRow(
            server=server,
            hosted=hosted,
            email=signed_in.email,
            name=read_name(account.name[:NAME_CHARACTERS]),
            account_id=to_base64url(account.account_id),
            state="signed_in",
            keeping=keeping,
            rev=account.rev,
            profile=encode_body(account).decode("utf-8"),
        )
        await self.names.keep(row.account_id, signed_in.device_name)
        await self._write(SaveAccount(row, signed_in.iterations))
        self.keyring.unlock(signed_in.unlocked)
        self._token = signed_in.token
        self.row = row
        self._changed()

    async def note_iterations(self, iterations: int) -> None:
        """Pin a count that the server took."""
        if self.row is not None:
            await self._write(SaveAccount(self.row, iterations))

    async def note_recovery(self) -> None:
        """Remember that the account has a recovery key."""
        account = self.account()
        if self.row is not None and account is not None and not account.recovery:
            profile = encode_body(msgspec.structs.replace(account, recovery=True)).decode("utf-8")
            self.row = msgspec.structs.replace(self.row, profile=profile)
            await self._write(SaveAccount(self.row, 0))
            self._changed()

    async def keep_account(self, account: Account) -> None:
        """Keep what the server told of the account anew."""
        if self.row is not None:
            profile = encode_body(account).decode("utf-8")
            self.row = msgspec.structs.replace(self.row, name=account.name, rev=account.rev, profile=profile)
            await self._write(SaveAccount(self.row, 0))
            self._changed()

    async def drop(self, state: AccountRowState) -> None:
        """Forget token and keys and note why; every document stays."""
        row = self.row
        self._lock()
        secrets = await self._secret_store()
        # Before it is noted, so that no end of the program leaves keys behind a sign-out.
        await run_detached(secrets.clear)
        if row is not None:
            await self._write(SetAccountState(row.account_id, state))
        self._read()
        self._changed()

    async def forget(self, *, remove_data: bool = False) -> None:
        """Forget the account whole, its pin included; its workspaces are unbound, and removed where that is asked.

        One with something unsaved stays in either case.
        """
        row = self.row
        await self.drop("signed_out")
        if row is not None:
            await self.unkept.remove(from_base64url(row.account_id))
            await self.names.forget(row.account_id)
            await self._write(UnbindAccount(row.account_id, remove_data))
            await self._write(ForgetAccount(row.account_id))
        self._read()
        self._changed()

    def tell(self) -> None:
        """Say that something about the account is otherwise."""
        self._changed()

    def account(self) -> Account | None:
        """Return what the server told of the account last, None where that is lost."""
        try:
            return decode_body(self.row.profile.encode("utf-8"), Account) if self.row is not None else None
        except (MalformedBody, InvalidBody):
            return None

    async def _open_kept(self, row: AccountRow) -> None:
        secrets = await run_detached((await self._secret_store()).load)
        account = self.account()
        if secrets is None or account is None or to_base64url(secrets.account_id) != row.account_id:
            return
        unlocked = await run_detached(_unlocked, account, row.email, bytes(secrets.account_key))
        if unlocked is not None:
            self.keyring.unlock(unlocked)
            self._token = bytes(secrets.token)

    async def _secret_store(self) -> SecretStore:
        if self._secrets is None:
            self._secrets = self._make_secrets(to_base64url(await self.device_id()))
        return self._secrets

    def _read(self) -> None:
        # The number first: what is written after it is news.
        self._change = queries.account_change(self._store.reader())
        self.row = queries.account(self._store.reader())

    def _lock(self) -> None:
        self.keyring.lock()
        self._token = b""

    async def _submit(self, command: Command) -> None:
        await wrap_future(self._store.submit(command, origin=self._origin))

    async def _write(self, command: Command) -> None:
        """Commit a change of the account, to the end."""
        number = await run_to_the_end(self._commit, command)
        self._change = number or self._change

    def _commit(self, command: Command) -> int:
        return self._store.submit(command, origin=self._origin).result().number


def _unlocked(account: Account, email: str, account_key: bytes) -> Unlocked | None:
    """Open the private keys with all checks of a sign-in: the store file may be anybody's."""
    try:
        private = open_private_keys(
            account_key,
            account.account_id,
            email,
            PublicKeys(account.rsa_public, account.ed25519_public),
            account.rsa_private_wrap,
            account.ed25519_private_wrap,
            account.bundle_sig,
        )
    except Undecryptable:
        _LOG.info("The kept keys do not open; the password does that anew.")
        return None
    return Unlocked(bytes(account.account_id), account_key, private)
