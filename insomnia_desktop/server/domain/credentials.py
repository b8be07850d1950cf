"""What a password and a recovery key put here: checked when they come, and replaced (protocol v1, 3.3 and 3.9)."""

from __future__ import annotations

import hmac
from dataclasses import asdict

from sqlalchemy.ext.asyncio import AsyncConnection

from insomnia_desktop.crypto import srp_group
from insomnia_desktop.crypto.errors import InvalidPeerValue
from insomnia_desktop.crypto.tuples import H
from insomnia_desktop.protocol import limits
from insomnia_desktop.protocol.accounts import Credentials, Kdf, RecoveryChange, SrpVerifier
from insomnia_desktop.protocol.emails import canonical_email
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import accounts, handshakes, sessions
from insomnia_desktop.server.database.accounts import AccountRow, CredentialValues
from insomnia_desktop.server.database.sessions import SessionRow
from insomnia_desktop.server.domain.announcing import account_changed
from insomnia_desktop.server.domain.sessions import locked_account, require_fresh
from insomnia_desktop.server.problems import Refused


def checked_email(text: str) -> str:
    """Return the canonical form; raises Refused `invalid`."""
    try:
        return canonical_email(text)
    except ValueError:
        raise Refused("invalid", field="email") from None


def checked(kdf: Kdf, srp: SrpVerifier, account_key_wrap: bytes) -> CredentialValues:
    """Return the columns of credentials; raises Refused `invalid` for the first field that cannot be right."""
    _require(kdf.v == limits.KDF_VERSION, "kdf.v")
    _require(kdf.alg == limits.KDF_ALGORITHM, "kdf.alg")
    _require(limits.ITERATIONS_MIN <= kdf.iters <= limits.ITERATIONS_MAX, "kdf.iters")
    _require(len(kdf.salt) == limits.SALT_BYTES, "kdf.salt")
    _require(srp.group == limits.SRP_GROUP, "srp.group")
    _require(srp.hash == limits.SRP_HASH, "srp.hash")
    try:
        srp_group.check_srp_salt(srp.salt)
    except InvalidPeerValue:
        raise Refused("invalid", field="srp.salt") from None
    try:
        srp_group.group_element(srp.verifier, "verifier")
    except InvalidPeerValue:
        raise Refused("invalid", field="srp.verifier") from None
    return CredentialValues(
        kdf_v=kdf.v,
        kdf_alg=kdf.alg,
        kdf_iters=kdf.iters,
        kdf_salt=bytes(kdf.salt),
        srp_group=srp.group,
        srp_hash=srp.hash,
        srp_salt=bytes(srp.salt),
        verifier=bytes(srp.verifier),
        account_key_wrap=bytes(account_key_wrap),
    )


async def change_password(context: ServerContext, session: SessionRow, message: Credentials) -> None:
    """Replace the credentials if the device still knew the stored ones; every other device is signed out.

    Raises Refused `reauth_required`, `invalid`, `credentials_conflict`. The same change again is done already.
    """
    require_fresh(context, session)
    values = checked(message.kdf, message.srp, message.account_key_wrap)
    async with context.database.write() as connection:
        account = await locked_account(connection, session)
        if CredentialValues.of(account) == values:
            return
        if not hmac.compare_digest(H(account.account_key_wrap), message.old_wrap_hash):
            raise Refused("credentials_conflict")
        await replace(connection, account, asdict(values), keep=session.token_hash)
    await account_changed(context, session.account_id)


async def replace(
    connection: AsyncConnection, account: AccountRow, values: dict[str, object], keep: bytes | None
) -> None:
    """Replace credentials: sessions but the one to `keep` end, and so do sign-ins that have begun with the old ones."""
    await accounts.change(connection, account.account_id, values)
    await sessions.remove_all(connection, account.account_id, but=keep)
    await handshakes.remove_all(connection, account.email)


async def change_recovery(context: ServerContext, session: SessionRow, message: RecoveryChange) -> None:
    """Replace the recovery key; raises Refused `reauth_required`."""
    require_fresh(context, session)
    async with context.database.write() as connection:
        account = await locked_account(connection, session)
        await accounts.change(connection, account.account_id, recovery_values(message.auth_hash, message.wrap))
    await account_changed(context, session.account_id)


def recovery_values(auth_hash: bytes, wrap: bytes) -> dict[str, object]:
    """Return the columns of a recovery key."""
    return {"recovery_auth_hash": bytes(auth_hash), "recovery_wrap": bytes(wrap)}


async def delete_account(context: ServerContext, session: SessionRow) -> None:
    """Delete the account and all that the server has of it; raises Refused `reauth_required`."""
    require_fresh(context, session)
    async with context.database.write() as connection:
        account = await locked_account(connection, session)
        await accounts.remove(connection, account.account_id)
        await handshakes.remove_all(connection, account.email)
    await account_changed(context, session.account_id)


def _require(right: bool, field: str) -> None:
    if not right:
        raise Refused("invalid", field=field)
