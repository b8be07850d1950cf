"""Rows of accounts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, literal, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from insomnia_desktop.server.database import groups
from insomnia_desktop.server.database.inserting import Inserting, values_of
from insomnia_desktop.server.database.schema import accounts, sessions


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account, its fields in the order of the columns; `created_at` in milliseconds since 1970 UTC."""

    account_id: bytes
    email: str
    name: str
    rev: int
    created_at: int
    kv: int
    kdf_v: int
    kdf_alg: str
    kdf_iters: int
    kdf_salt: bytes
    srp_group: str
    srp_hash: str
    srp_salt: bytes
    verifier: bytes = field(repr=False)
    account_key_wrap: bytes = field(repr=False)
    rsa_public: bytes = field(repr=False)
    rsa_private_wrap: bytes = field(repr=False)
    ed25519_public: bytes
    ed25519_private_wrap: bytes = field(repr=False)
    bundle_sig: bytes
    recovery_auth_hash: bytes | None = field(repr=False)
    recovery_wrap: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class CredentialValues:
    """The columns that a password makes."""

    kdf_v: int
    kdf_alg: str
    kdf_iters: int
    kdf_salt: bytes
    srp_group: str
    srp_hash: str
    srp_salt: bytes
    verifier: bytes = field(repr=False)
    account_key_wrap: bytes = field(repr=False)

    @classmethod
    def of(cls, row: AccountRow) -> CredentialValues:
        """Return those of an account."""
        return cls(*(getattr(row, each.name) for each in fields(cls)))


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """What an operator sees of an account; milliseconds since 1970 UTC, None for one that is signed in nowhere."""

    account_id: bytes
    email: str
    created_at: int
    devices: int
    last_seen_at: int | None


async def summaries(connection: AsyncConnection) -> list[AccountSummary]:
    """Return every account in short, by e-mail."""
    columns = (accounts.c.account_id, accounts.c.email, accounts.c.created_at)
    counted = (func.count(sessions.c.token_hash), func.max(sessions.c.last_seen_at))
    statement = select(*columns, *counted).select_from(accounts.outerjoin(sessions)).group_by(*columns)
    return [AccountSummary(*row) for row in await connection.execute(statement.order_by(accounts.c.email))]


@dataclass(frozen=True, slots=True)
class SignInValues:
    """What a sign-in starts from, nothing more: reading the whole row would take longer than reading none."""

    kdf_iters: int
    kdf_salt: bytes
    srp_salt: bytes
    verifier: bytes = field(repr=False)


def sign_in_values(connection: Connection, email: str, made_up: SignInValues) -> SignInValues:
    """Return the values of an e-mail, the made-up ones for an unknown one; the same work for both.

    For an unknown one the row of another account is read, and not used.
    """
    row = connection.execute(_SIGN_IN_VALUES, {"sought": email}).one_or_none()
    if row is None:
        # Nobody has an account here.
        return made_up
    found, *values = row
    both = (made_up, SignInValues(*values))
    return both[found == email]


async def recovery_hash(connection: AsyncConnection, email: str) -> bytes | None:
    """Return what the proof of an e-mail's recovery key is compared with, None where there is none; the same work."""
    found: bytes | None = (await connection.execute(_RECOVERY_HASH, {"sought": email})).scalar_one()
    return found


async def find(connection: AsyncConnection, email: str) -> AccountRow | None:
    """Return the account of a canonical e-mail.

    One row comes back in either case, so that a known and an unknown e-mail take the same way through the database.
    """
    return _account((await connection.execute(_FIND, {"sought": email})).one())


async def get(connection: AsyncConnection, account_id: bytes) -> AccountRow | None:
    """Return the account of an id."""
    row = (await connection.execute(_GET, {"sought": account_id})).one_or_none()
    return None if row is None else _account(row)


def revs(connection: Connection, account_ids: Collection[bytes]) -> dict[bytes, int]:
    """Return the numbers of the last changes of accounts."""
    statement = select(accounts.c.account_id, accounts.c.rev).where(accounts.c.account_id.in_(account_ids))
    return {row[0]: row[1] for row in connection.execute(statement)}


def lock_id(connection: Connection, account_id: bytes) -> bool:
    """Lock the account of an id until the transaction ends; False where there is none."""
    statement = select(accounts.c.rev).where(accounts.c.account_id == account_id).with_for_update()
    return connection.execute(statement).first() is not None


def lock(connection: Connection, email: str) -> AccountRow | None:
    """Return the account of an e-mail; nobody else changes it until the transaction ends."""
    row = connection.execute(_LOCK, {"sought": email}).one_or_none()
    return None if row is None else _account(row)


async def insert(connection: AsyncConnection, row: AccountRow) -> bool:
    """Add an account; False where its e-mail or its id is taken."""
    return (await _INSERT.run(connection, values_of(row))).rowcount == 1


async def change(connection: AsyncConnection, account_id: bytes, values: dict[str, Any]) -> None:
    """Change columns of an account and raise its `rev`."""
    statement = update(accounts).where(accounts.c.account_id == account_id)
    await connection.execute(statement.values(**values, rev=accounts.c.rev + 1))


async def remove(connection: AsyncConnection, account_id: bytes) -> None:
    """Delete an account; its sessions go with it, and the groups that nobody else is a member of."""
    await connection.run_sync(groups.remove_all, account_id)
    await connection.execute(delete(accounts).where(accounts.c.account_id == account_id))


# One row comes back from them, with nothing but NULL for an unknown e-mail.
_ALWAYS = select(literal(1).label("always")).subquery().outerjoin(accounts, accounts.c.email == bindparam("sought"))
_LOCK = select(accounts).where(accounts.c.email == bindparam("sought")).with_for_update()
_GET = select(accounts).where(accounts.c.account_id == bindparam("sought"))
_INSERT = Inserting(accounts, lambda insert: insert.on_conflict_do_nothing())
_FIND = select(accounts).select_from(_ALWAYS)
# The account of an e-mail, else the next one by e-mail, else the first: one row is looked for and read in any case.
_SIGN_IN_COLUMNS = (accounts.c.email, *(accounts.c[each.name] for each in fields(SignInValues)))
_NEXT = select(*_SIGN_IN_COLUMNS).where(accounts.c.email >= bindparam("sought")).order_by(accounts.c.email).limit(1)
_FIRST = select(*_SIGN_IN_COLUMNS).order_by(accounts.c.email).limit(1)
_SIGN_IN_VALUES = union_all(select(_NEXT.subquery()), select(_FIRST.subquery())).limit(1)
_RECOVERY_HASH = select(accounts.c.recovery_auth_hash).select_from(_ALWAYS)


def _account(row: Row[Any]) -> AccountRow | None:
    return None if row[0] is None else AccountRow(*tuple(row))
