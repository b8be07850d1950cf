"""The recovery key: made anew, and used up to set another password (protocol v1, 3.9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from insomnia_desktop.account.checks import check_account, check_iterations, check_version, not_authentic
from insomnia_desktop.account.password import new_credentials
from insomnia_desktop.account.refusals import told
from insomnia_desktop.account.repeating import LOST, asked_twice
from insomnia_desktop.account.sign_in import SignedIn, sign_in
from insomnia_desktop.account.work import Work
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url
from insomnia_desktop.crypto.account_key import unwrap_for_recovery
from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.recovery_key import RecoveryKeys, read_recovery_key, recovery_keys
from insomnia_desktop.crypto.sign_up import Unlocked, make_recovery
from insomnia_desktop.protocol.accounts import RecoverA, RecoverAAnswer, RecoverB, RecoveryChange
from insomnia_desktop.protocol.binary import Bytes32
from insomnia_desktop.protocol.devices import Device
from insomnia_desktop.protocol.limits import ITERATIONS_DEFAULT
from insomnia_desktop.store.account_rows import AccountPin
from insomnia_desktop.transport.api import SyncApi
from insomnia_desktop.transport.refused import Refused


@dataclass(frozen=True, slots=True)
class Recovered:
    """An account with its new password's iterations and the next recovery key, to be shown once."""

    account_id: bytes
    iterations: int
    recovery_key: str = field(repr=False)


def read_key(text: str) -> RecoveryKeys:
    """Return what a typed recovery key gives; raises KnownError `account.bad_recovery_key` before any network."""
    try:
        return recovery_keys(read_recovery_key(text))
    except ValueError:
        raise KnownError("account.bad_recovery_key", reason="typed") from None


async def make_recovery_key(api: SyncApi, signed_in: SignedIn, work: Work) -> str:
    """Put a new recovery key in the place of the one before and return its text; the session must be fresh."""
    work.tell("making_keys")
    text, recovery = await work.run(make_recovery, signed_in.unlocked.account_id, signed_in.unlocked.account_key)
    message = RecoveryChange(recovery.auth_hash, recovery.wrap)
    with told():
        await asked_twice(lambda: api.put_recovery(signed_in.token, message))
    return text


async def is_in_force(api: SyncApi, email: str, text: str) -> bool:
    """Say whether a recovery key is the account's of now. Raises KnownError `account.too_many_tries` and others.

    A proof is sent, never the key; a wrong one counts as a try.
    """
    keys = recovery_keys(read_recovery_key(text))
    with told():
        try:
            await api.recover_a(RecoverA(email, Bytes32(keys.auth)))
        except Refused as refused:
            if refused.code == "bad_credentials":
                return False
            raise
    return True


async def recover(
    api: SyncApi,
    *,
    email: str,
    recovery_key: RecoveryKeys,
    new_password: bytes,
    device: Device,
    pin: AccountPin | None,
    before_sending: Callable[[str], None],
    work: Work,
) -> Recovered:
    """Set a password by the recovery key, which is used up; all devices are signed out, and this one is not signed in.

    `before_sending` gets the next recovery key before the server is asked to take it, on a thread of its own; what it
    raises ends the work. Raises KnownError `account.bad_recovery_key` for a key that the server does not know, and
    those of a sign-in.
    """
    work.tell("connecting")
    auth = Bytes32(recovery_key.auth)
    with told():
        check_version(await api.version())
        try:
            answer = await api.recover_a(RecoverA(email, auth))
        except Refused as refused:
            if refused.code == "bad_credentials":
                raise KnownError("account.bad_recovery_key", reason="refused") from refused
            raise
    work.tell("checking")
    check_iterations(answer.account.kdf.iters)
    unlocked = await work.run(_opened, answer, email, recovery_key, pin)
    # Never fewer than the account had: this device may never have met it.
    iterations = max(ITERATIONS_DEFAULT, pin.iterations if pin is not None else 0, answer.account.kdf.iters)
    made = await new_credentials(unlocked.account_id, email, new_password, iterations, unlocked.account_key, work)
    text, recovery = await work.run(make_recovery, unlocked.account_id, unlocked.account_key)
    work.tell("storing")
    await work.run(before_sending, text)
    message = RecoverB(email, auth, made.kdf, made.srp, made.account_key_wrap, recovery)
    try:
        with told():
            await api.recover_b(message)
    except KnownError as error:
        if error.code not in LOST or not await _took_it(api, email, new_password, device, pin, work):
            raise
    return Recovered(unlocked.account_id, iterations, text)


def _opened(answer: RecoverAAnswer, email: str, key: RecoveryKeys, pin: AccountPin | None) -> Unlocked:
    """Check the account as after a sign-in."""
    account_id = bytes(answer.account.account_id)
    try:
        account_key = unwrap_for_recovery(key.kek, account_id, answer.recovery_wrap)
    except Undecryptable:
        raise not_authentic("recovery wrap") from None
    pinned_id = from_base64url(pin.account_id) if pin is not None else b""
    return check_account(answer.account, email, account_key, expected_id=account_id, pinned_id=pinned_id)


async def _took_it(
    api: SyncApi, email: str, new_password: bytes, device: Device, pin: AccountPin | None, work: Work
) -> bool:
    """Say whether the new password signs in; the session is given back, since `recover` does not sign in."""
    try:
        signed_in = await sign_in(api, email=email, password=new_password, device=device, pin=pin, work=work)
    except KnownError as error:
        if error.code == "account.server_not_authentic":
            raise
        return False
    try:
        await api.revoke(signed_in.token, device.id)
    except (KnownError, Refused):
        # It runs out by itself, and every other sign-in of this device replaces it.
        pass
    return True
