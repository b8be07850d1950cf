"""A new account (protocol v1, 3.3); the checks come in the order that is given there."""

from __future__ import annotations

import hmac

from sqlalchemy.ext.asyncio import AsyncConnection

from insomnia_desktop.crypto import key_pairs
from insomnia_desktop.crypto.errors import InvalidPeerValue
from insomnia_desktop.crypto.key_pairs import PublicKeys
from insomnia_desktop.crypto.tuples import H
from insomnia_desktop.protocol import limits
from insomnia_desktop.protocol.accounts import SignUp, SignUpAnswer
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import accounts, invites
from insomnia_desktop.server.database.accounts import AccountRow
from insomnia_desktop.server.domain.credentials import checked, checked_email
from insomnia_desktop.server.problems import Refused

FIRST_REV = 1


async def sign_up(context: ServerContext, message: SignUp) -> SignUpAnswer:
    """Make the account.

    Raises Refused `invalid`, `registration_closed`, `invite_invalid`, `email_taken`. The same sign-up again is answered
    as the first: its answer may have been lost.
    """
    row = await context.arithmetic.run(_checked_row, message, context.clock.now_ms())
    async with context.database.write() as connection:
        known = await accounts.find(connection, row.email)
        if known is None or not _same(known, row):
            await _admit(context, connection, message.invite)
            if known is not None or not await accounts.insert(connection, row):
                raise await _taken(connection, row)
    return SignUpAnswer(message.account_id)


def _checked_row(message: SignUp, now: int) -> AccountRow:
    email = checked_email(message.email)
    if "\0" in message.name:
        # PostgreSQL has no such text.
        raise Refused("invalid", field="name")
    values = checked(message.kdf, message.srp, message.account_key_wrap)
    if not limits.RSA_PRIVATE_WRAP_MIN <= len(message.rsa_private_wrap) <= limits.RSA_PRIVATE_WRAP_MAX:
        raise Refused("invalid", field="rsa_private_wrap")
    public = PublicKeys(bytes(message.rsa_public), bytes(message.ed25519_public))
    try:
        key_pairs.check_public_keys(public)
    except InvalidPeerValue as error:
        raise Refused("invalid", field=str(error)) from None
    bundle = key_pairs.bundle(message.account_id, email, public)
    if not key_pairs.verify_bundle(public.ed25519, bundle, message.bundle_sig):
        raise Refused("invalid", field="bundle_sig")
    recovery = message.recovery
    return AccountRow(
        account_id=bytes(message.account_id),
        email=email,
        name=message.name,
        rev=FIRST_REV,
        created_at=now,
        kv=limits.KEY_VERSION,
        kdf_v=values.kdf_v,
        kdf_alg=values.kdf_alg,
        kdf_iters=values.kdf_iters,
        kdf_salt=values.kdf_salt,
        srp_group=values.srp_group,
        srp_hash=values.srp_hash,
        srp_salt=values.srp_salt,
        verifier=values.verifier,
        account_key_wrap=values.account_key_wrap,
        rsa_public=public.rsa,
        rsa_private_wrap=bytes(message.rsa_private_wrap),
        ed25519_public=public.ed25519,
        ed25519_private_wrap=bytes(message.ed25519_private_wrap),
        bundle_sig=bytes(message.bundle_sig),
        recovery_auth_hash=None if recovery is None else bytes(recovery.auth_hash),
        recovery_wrap=None if recovery is None else bytes(recovery.wrap),
    )


async def _admit(context: ServerContext, connection: AsyncConnection, invite: bytes | None) -> None:
    """Raise Refused unless the server takes this account; a used invitation comes back if the transaction fails."""
    registration = context.config.registration
    if registration == "closed":
        raise Refused("registration_closed")
    if registration == "invite" and (
        invite is None or not await invites.use(connection, H(invite), context.clock.now_ms())
    ):
        raise Refused("invite_invalid")


async def _taken(connection: AsyncConnection, row: AccountRow) -> Refused:
    if await accounts.find(connection, row.email) is not None:
        return Refused("email_taken")
    return Refused("invalid", field="account_id")


def _same(known: AccountRow, row: AccountRow) -> bool:
    return hmac.compare_digest(known.account_id + known.verifier, row.account_id + row.verifier)
