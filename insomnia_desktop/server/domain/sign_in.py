"""The sign-in: salts, challenge, proof (protocol v1, 3.3). A known and an unknown e-mail take the same way."""

from __future__ import annotations

import os

from sqlalchemy import Connection

from insomnia_desktop.crypto import srp_server
from insomnia_desktop.crypto.errors import InvalidPeerValue
from insomnia_desktop.crypto.session_seal import seal_session, transcript
from insomnia_desktop.crypto.srp_server import ServerProof
from insomnia_desktop.protocol.accounts import Kdf, SrpParameters
from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32
from insomnia_desktop.protocol.codec import encode_body
from insomnia_desktop.protocol.devices import Device
from insomnia_desktop.protocol.limits import HANDSHAKE_LIFE, ID_BYTES, ITERATIONS_DEFAULT
from insomnia_desktop.protocol.sign_in import (
    LoginA,
    LoginAAnswer,
    LoginM1,
    LoginM1Answer,
    LoginS,
    LoginSAnswer,
    SealedSession,
)
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import accounts, handshakes
from insomnia_desktop.server.database.accounts import AccountRow, SignInValues
from insomnia_desktop.server.database.handshakes import HandshakeRow
from insomnia_desktop.server.domain import attempts, unknown_emails
from insomnia_desktop.server.domain.announcing import account_changed
from insomnia_desktop.server.domain.credentials import checked_email
from insomnia_desktop.server.domain.sessions import OpenedSession, open_session
from insomnia_desktop.server.problems import Refused

MS = 1000


async def salts(context: ServerContext, message: LoginS) -> LoginSAnswer:
    """Answer `login-s`; raises Refused `invalid`."""
    found = await _values(context, checked_email(message.email))
    return LoginSAnswer(kdf=Kdf.of(found.kdf_iters, found.kdf_salt), srp=SrpParameters.of(found.srp_salt), skd=False)


async def challenge(context: ServerContext, message: LoginA) -> LoginAAnswer:
    """Answer `login-a` and keep the handshake for a minute; raises Refused `invalid`."""
    email = checked_email(message.email)
    found = await _values(context, email)
    row, B = await context.arithmetic.run(
        _handshake, context.secret, email, found, bytes(message.srpA), context.clock.now_ms()
    )
    await context.database.run_write_alone(handshakes.insert, row)
    return LoginAAnswer(Bytes16(row.handshake_id), Binary(B))


async def prove(context: ServerContext, message: LoginM1, client: str) -> LoginM1Answer:
    """Answer `login-m1`: burn the handshake, count, verify, open a session.

    Raises Refused `invalid`, `handshake_expired`, `rate_limited`, `bad_credentials`.
    """
    if "\0" in message.device.name:
        # PostgreSQL has no such text.
        raise Refused("invalid", field="device.name")
    handshake = await _burned(context, message.handshake_id)
    proof = await context.arithmetic.run(
        srp_server.verify,
        handshake.email,
        handshake.srp_salt,
        handshake.verifier,
        handshake.srp_a,
        handshake.secret,
        message.srpM1,
    )
    if proof is None:
        raise Refused("bad_credentials")
    account, session = await context.database.run_write(_open, context, handshake, message.device, client)
    # The device's earlier session is over, and maybe that of a device that was idle for long.
    await account_changed(context, account.account_id)
    return _answer(handshake, proof, account, session, message.device.id)


def _open(
    connection: Connection, context: ServerContext, handshake: HandshakeRow, device: Device, client: str
) -> tuple[AccountRow, OpenedSession]:
    account = accounts.lock(connection, handshake.email)
    if account is None or account.verifier != handshake.verifier:
        # The password was changed, or the account deleted, since the handshake began.
        raise Refused("handshake_expired")
    attempts.forget(connection, context, handshake.email)
    return account, open_session(context, connection, account.account_id, device, client)


async def _values(context: ServerContext, email: str) -> SignInValues:
    """Return what a sign-in starts from; what is made up for an unknown e-mail is made for a known one too."""
    made_up = SignInValues(
        ITERATIONS_DEFAULT,
        unknown_emails.kdf_salt(context.secret, email),
        unknown_emails.srp_salt(context.secret, email),
        b"",
    )
    return await context.database.run_read_alone(accounts.sign_in_values, email, made_up)


def _handshake(secret: bytes, email: str, found: SignInValues, A: bytes, now: int) -> tuple[HandshakeRow, bytes]:
    # An exponentiation that a known e-mail could do without, were it not for the time that it takes.
    made_up = unknown_emails.verifier(secret, email)
    verifier = found.verifier or made_up
    try:
        started = srp_server.start(email, found.srp_salt, verifier, A)
    except InvalidPeerValue:
        raise Refused("invalid", field="srpA") from None
    T = transcript(email, found.kdf_salt, found.kdf_iters, found.srp_salt, A, started.B)
    row = HandshakeRow(
        handshake_id=os.urandom(ID_BYTES),
        email=email,
        srp_salt=found.srp_salt,
        verifier=verifier,
        srp_a=A,
        secret=started.secret,
        transcript=T,
        created_at=now,
    )
    return row, started.B


async def _burned(context: ServerContext, handshake_id: bytes) -> HandshakeRow:
    """Take the handshake away for good and count the try, in one transaction."""
    handshake, wait = await context.database.run_write(_burn, context, handshake_id)
    if handshake is None:
        raise Refused("handshake_expired")
    attempts.refuse_while(wait)
    return handshake


def _burn(connection: Connection, context: ServerContext, handshake_id: bytes) -> tuple[HandshakeRow | None, int]:
    # What is refused is burned and counted all the same: nothing is raised in here.
    handshake = handshakes.burn(connection, handshake_id)
    if handshake is None or abs(context.clock.now_ms() - handshake.created_at) >= HANDSHAKE_LIFE * MS:
        return None, 0
    return handshake, attempts.count(connection, context, handshake.email)


def _answer(
    handshake: HandshakeRow, proof: ServerProof, account: AccountRow, session: OpenedSession, device_id: bytes
) -> LoginM1Answer:
    plaintext = SealedSession(
        token=Bytes32(session.token),
        account_id=Bytes16(account.account_id),
        device_id=Bytes16(device_id),
        expires_at=session.expires_at,
        account_key_wrap=Binary(account.account_key_wrap),
    )
    sealed = seal_session(proof.K, handshake.transcript, handshake.handshake_id, encode_body(plaintext))
    return LoginM1Answer(sealed=Binary(sealed), srpM2=Binary(proof.M2))
