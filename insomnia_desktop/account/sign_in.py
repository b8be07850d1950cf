"""Signing in: the password stays here, the server proves that it knows its verifier, and every answer is checked.

Source: protocol v1, 3.3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from insomnia_desktop.account.checks import check_account, check_parameters, check_version, not_authentic
from insomnia_desktop.account.device_names import free_name, known_name
from insomnia_desktop.account.refusals import told
from insomnia_desktop.account.work import Work
from insomnia_desktop.base.ids import from_base64url, to_base64url
from insomnia_desktop.crypto.account_key import unwrap_account_key
from insomnia_desktop.crypto.errors import InvalidPeerValue, Undecryptable
from insomnia_desktop.crypto.passwords import MasterKeys, derive
from insomnia_desktop.crypto.session_seal import open_session, transcript
from insomnia_desktop.crypto.sign_up import Unlocked
from insomnia_desktop.crypto.srp_client import ClientHandshake, ClientProof
from insomnia_desktop.protocol.accounts import Account
from insomnia_desktop.protocol.binary import Bytes32, Bytes256
from insomnia_desktop.protocol.codec import InvalidBody, MalformedBody, decode_body
from insomnia_desktop.protocol.devices import Device
from insomnia_desktop.protocol.sign_in import (
    LoginA,
    LoginAAnswer,
    LoginM1,
    LoginM1Answer,
    LoginS,
    LoginSAnswer,
    SealedSession,
)
from insomnia_desktop.store.account_rows import AccountPin
from insomnia_desktop.transport.api import SyncApi
from insomnia_desktop.transport.refused import Refused


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session and the open keys of its account; `iterations` are those of the password's derivation.

    `device_name` is by what this device is told from the others of the account.
    """

    email: str
    token: bytes = field(repr=False)
    unlocked: Unlocked
    account: Account
    account_key_wrap: bytes
    iterations: int
    device_name: str


async def sign_in(
    api: SyncApi,
    *,
    email: str,
    password: bytes,
    device: Device,
    pin: AccountPin | None,
    work: Work,
    known_as: Callable[[str], str] = lambda account_id: "",
) -> SignedIn:
    """Sign in with a canonical e-mail and a normalised password.

    `known_as` tells what this device was called in the account of an id: without a pin that is known only afterwards.
    Raises KnownError `account.wrong_credentials`, `account.too_many_tries`, `account.newer_protocol`,
    `account.server_too_old`, `account.server_not_authentic` for whatever check fails, and those of the connection.
    """
    work.tell("connecting")
    with told():
        check_version(await api.version())
        try:
            return await _attempt(api, email, password, device, pin, known_as, work)
        except Refused as refused:
            if refused.code != "handshake_expired":
                raise
        # It lives for a minute, and this computer may have slept: once more, and nobody needs to know.
        return await _attempt(api, email, password, device, pin, known_as, work)


async def _attempt(
    api: SyncApi,
    email: str,
    password: bytes,
    device: Device,
    pin: AccountPin | None,
    known_as: Callable[[str], str],
    work: Work,
) -> SignedIn:
    parameters = await api.login_s(LoginS(email))
    check_parameters(parameters, pin.iterations if pin is not None else 0)
    work.tell("deriving")
    keys = await work.run(derive, email, password, bytes(parameters.kdf.salt), parameters.kdf.iters)
    signed_in = await _proved(api, email, keys, parameters, device, pin, work)
    known = known_name(device.name, known_as(to_base64url(signed_in.account.account_id)))
    name = await free_name(api, signed_in.token, Device(device.id, known, device.platform))
    if name == device.name:
        return signed_in
    # A device gets its name with its session, and the names of the others are told to a session alone.
    named = Device(device.id, name, device.platform)
    return await _proved(api, email, keys, parameters, named, pin, work)


async def _proved(
    api: SyncApi,
    email: str,
    keys: MasterKeys,
    parameters: LoginSAnswer,
    device: Device,
    pin: AccountPin | None,
    work: Work,
) -> SignedIn:
    """Prove the password and check all that the server answers; it replaces the session that the device had."""
    work.tell("proving")
    handshake = await work.run(ClientHandshake, email, keys.srp_auth)
    challenge = await api.login_a(LoginA(email, Bytes256(handshake.A)))
    proof = await work.run(_respond, handshake, bytes(parameters.srp.salt), bytes(challenge.srpB))
    answer = await api.login_m1(LoginM1(challenge.handshake_id, Bytes32(proof.M1), device))
    work.tell("checking")
    session = _session(email, parameters, handshake, challenge, proof, answer)
    if session.device_id != device.id:
        raise not_authentic("device id")
    account_key = _account_key(keys, parameters, session)
    account = await api.account(session.token)
    pinned_id = from_base64url(pin.account_id) if pin is not None else b""
    unlocked = await work.run(_checked, account, email, account_key, bytes(session.account_id), pinned_id)
    return SignedIn(
        email=email,
        token=bytes(session.token),
        unlocked=unlocked,
        account=account,
        account_key_wrap=bytes(session.account_key_wrap),
        iterations=parameters.kdf.iters,
        device_name=device.name,
    )


def _respond(handshake: ClientHandshake, salt: bytes, B: bytes) -> ClientProof:
    try:
        return handshake.respond(salt, B)
    except InvalidPeerValue as error:
        raise not_authentic(f"challenge: {error}") from None


def _session(
    email: str,
    parameters: LoginSAnswer,
    handshake: ClientHandshake,
    challenge: LoginAAnswer,
    proof: ClientProof,
    answer: LoginM1Answer,
) -> SealedSession:
    """Accept the server's proof, and only then touch what it sealed."""
    if not proof.accepts(answer.srpM2):
        raise not_authentic("proof")
    T = transcript(
        email,
        parameters.kdf.salt,
        parameters.kdf.iters,
        parameters.srp.salt,
        handshake.A,
        challenge.srpB,
    )
    try:
        return decode_body(open_session(proof.K, T, challenge.handshake_id, answer.sealed), SealedSession)
    except (Undecryptable, MalformedBody, InvalidBody):
        raise not_authentic("sealed session") from None


def _account_key(keys: MasterKeys, parameters: LoginSAnswer, session: SealedSession) -> bytes:
    try:
        return unwrap_account_key(
            keys, session.account_id, parameters.kdf.salt, parameters.kdf.iters, session.account_key_wrap
        )
    except Undecryptable:
        raise not_authentic("account key") from None


def _checked(account: Account, email: str, account_key: bytes, expected_id: bytes, pinned_id: bytes) -> Unlocked:
    return check_account(account, email, account_key, expected_id=expected_id, pinned_id=pinned_id)
