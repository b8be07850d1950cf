"""Reads everything and says what does not hold together."""

from __future__ import annotations

from collections.abc import AsyncIterator

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from insomnia_desktop.crypto.key_pairs import PublicKeys, bundle, verify_bundle
from insomnia_desktop.protocol import limits
from insomnia_desktop.protocol.binary import encode
from insomnia_desktop.server.database.accounts import AccountRow
from insomnia_desktop.server.database.engine import Database
from insomnia_desktop.server.database.group_soundness import group_faults
from insomnia_desktop.server.database.identity import EPOCH_BYTES, SECRET_BYTES
from insomnia_desktop.server.database.schema import accounts, metadata, server, sessions

# Enough to see what it is about.
MOST_TOLD = 20
_ROWS_AT_ONCE = 200


async def faults(database: Database) -> list[str]:
    """Return one sentence for each fault, at most 20; raises DatabaseUnavailable."""
    found: list[str] = []
    async with database.read() as connection:
        async for fault in _faults(connection, is_sqlite=database.is_sqlite):
            found.append(fault)
            if len(found) == MOST_TOLD:
                break
    return found


async def counts(database: Database) -> dict[str, int]:
    """Return how many rows each table has; raises DatabaseUnavailable."""
    async with database.read() as connection:
        return {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in metadata.sorted_tables
        }


async def _faults(connection: AsyncConnection, *, is_sqlite: bool) -> AsyncIterator[str]:
    if is_sqlite:
        for row in await connection.execute(text("PRAGMA integrity_check(20)")):
            if row[0] != "ok":
                yield f"SQLite: {row[0]}"
        for row in await connection.execute(text("PRAGMA foreign_key_check")):
            yield f"a row of {row[0]} refers to one of {row[2]} that is not there"
    known = (await connection.execute(select(server))).one_or_none()
    if known is None or (len(known.secret), len(known.server_epoch)) != (SECRET_BYTES, EPOCH_BYTES):
        yield "the row that says which server this is, is missing or too short"
    result = await connection.stream(select(accounts))
    async for rows in result.partitions(_ROWS_AT_ONCE):
        for account in rows:
            fault = account_fault(AccountRow(*tuple(account)))
            if fault:
                yield fault
    orphans = select(func.count()).select_from(sessions.outerjoin(accounts)).where(accounts.c.account_id.is_(None))
    if (await connection.execute(orphans)).scalar_one():
        yield "there are sessions without an account"
    async for fault in group_faults(connection):
        yield fault


def account_fault(row: AccountRow) -> str:
    """Return what is wrong with an account, "" if nothing; its signature covers id, e-mail and public keys."""
    name = f"the account {encode(row.account_id)}"
    lengths = (
        (row.account_id, limits.ID_BYTES),
        (row.kdf_salt, limits.SALT_BYTES),
        (row.srp_salt, limits.SALT_BYTES),
        (row.verifier, limits.SRP_BYTES),
        (row.account_key_wrap, limits.ACCOUNT_KEY_WRAP_BYTES),
        (row.ed25519_private_wrap, limits.SEALED_KEY_BYTES),
        (row.recovery_wrap or bytes(limits.SEALED_KEY_BYTES), limits.SEALED_KEY_BYTES),
        (row.recovery_auth_hash or bytes(limits.HASH_BYTES), limits.HASH_BYTES),
    )
    if any(len(value) != length for value, length in lengths):
        return f"{name} has a value of another length"
    if (row.recovery_wrap is None) != (row.recovery_auth_hash is None):
        return f"{name} has one half of a recovery key"
    signed = bundle(row.account_id, row.email, PublicKeys(row.rsa_public, row.ed25519_public), row.kv)
    if not verify_bundle(row.ed25519_public, signed, row.bundle_sig):
        return f"{name} has a wrong signature"
    return ""
