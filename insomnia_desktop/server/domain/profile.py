"""What an account says of itself to its owner (protocol v1, 3.9)."""

from __future__ import annotations

from insomnia_desktop.protocol.accounts import Account, Kdf
from insomnia_desktop.protocol.binary import Binary, Bytes16
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import accounts, groups
from insomnia_desktop.server.database.accounts import AccountRow
from insomnia_desktop.server.database.sessions import SessionRow
from insomnia_desktop.server.problems import Refused


async def account(context: ServerContext, session: SessionRow) -> Account:
    """Return the account of a session; raises Refused `unauthorized` where it was deleted meanwhile."""
    async with context.database.read() as connection:
        row = await accounts.get(connection, session.account_id)
        used = await connection.run_sync(groups.used, session.account_id)
    if row is None:
        raise Refused("unauthorized")
    return told(context, row, used)


def told(context: ServerContext, row: AccountRow, used: int) -> Account:
    """Return an account as its owner sees it, with the bytes that its groups use."""
    return Account(
        account_id=Bytes16(row.account_id),
        email=row.email,
        name=row.name,
        kv=row.kv,
        rev=row.rev,
        created_at=row.created_at,
        kdf=Kdf(row.kdf_v, row.kdf_alg, row.kdf_iters, Binary(row.kdf_salt)),
        rsa_public=Binary(row.rsa_public),
        rsa_private_wrap=Binary(row.rsa_private_wrap),
        ed25519_public=Binary(row.ed25519_public),
        ed25519_private_wrap=Binary(row.ed25519_private_wrap),
        bundle_sig=Binary(row.bundle_sig),
        recovery=row.recovery_wrap is not None,
        used=used,
        quota=context.config.limits.wire.quota,
    )
