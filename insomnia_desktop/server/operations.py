"""What an operator does beside running the server: invitations, accounts, backups, a check."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.crypto.tuples import H
from insomnia_desktop.protocol.binary import encode
from insomnia_desktop.protocol.emails import canonical_email
from insomnia_desktop.protocol.limits import INVITE_BYTES, INVITE_LIFE
from insomnia_desktop.server import backups
from insomnia_desktop.server.database import accounts, handshakes, invites
from insomnia_desktop.server.database.accounts import AccountSummary
from insomnia_desktop.server.database.engine import Database, DatabaseUnavailable, file_of
from insomnia_desktop.server.database.opening import open_database
from insomnia_desktop.server.database.soundness import counts, faults
from insomnia_desktop.server.operator_errors import OperatorError
from insomnia_desktop.server.sole_use import hold_file

MS = 1000
_SIDE_FILES = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is handed to a person, and until when it is good; milliseconds since 1970 UTC."""

    invite: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did; `set_aside` is where a damaged file of SQLite went, or None."""

    accounts: int
    set_aside: Path | None


async def invite(address: Path | str, clock: Clock) -> Invitation:
    """Make an invitation, of which only a hash is kept; raises OperatorError."""
    token, now = os.urandom(INVITE_BYTES), clock.now_ms()
    expires_at = now + INVITE_LIFE * MS
    async with _opened(address) as database, database.write() as connection:
        await invites.insert(connection, H(token), now, expires_at)
    return Invitation(encode(token), expires_at)


async def list_accounts(address: Path | str) -> list[AccountSummary]:
    """Return every account, by e-mail; raises OperatorError."""
    async with _opened(address, make=False) as database, database.read() as connection:
        return await accounts.summaries(connection)


async def delete_account(address: Path | str, email: str) -> None:
    """Delete an account and all that the server has of it; raises OperatorError `accounts.*` and others."""
    try:
        canonical = canonical_email(email)
    except ValueError:
        raise OperatorError("accounts.bad_email") from None
    async with _opened(address, make=False) as database, database.write() as connection:
        account = await connection.run_sync(accounts.lock, canonical)
        if account is None:
            raise OperatorError("accounts.unknown")
        await accounts.remove(connection, account.account_id)
        await handshakes.remove_all(connection, canonical)


async def back_up(address: Path | str, file: Path) -> None:
    """Write a backup; raises OperatorError."""
    async with _opened(address, make=False) as database:
        await backups.back_up(database, file)


async def restore(address: Path | str, file: Path) -> Restored:
    """Restore a backup; a damaged file of SQLite is set aside first. Raises OperatorError."""
    known = file_of(address)
    async with backups.opened_copy(file) as backup:
        with hold_file(known):
            set_aside = None if known is None or await _is_sound(known) else _set_aside(known)
            async with _opened(address) as database:
                await backups.restore(database, backup)
                return Restored((await counts(database))["accounts"], set_aside)


async def check(address: Path | str) -> dict[str, int]:
    """Read everything and return how much of it there is; raises OperatorError `check.failed`."""
    async with _opened(address, make=False) as database:
        found = await faults(database)
        if found:
            raise OperatorError("check.failed", found="; ".join(found))
        return await counts(database)


@contextlib.asynccontextmanager
async def _opened(address: Path | str, *, make: bool = True) -> AsyncIterator[Database]:
    """Open a database; only what begins a server's life makes one, an invitation and a restore."""
    database = await open_database(address, make=make)
    try:
        yield database
    except DatabaseUnavailable as error:
        raise OperatorError("database.unreachable", reason=str(error)) from error
    finally:
        await database.close()


async def _is_sound(file: Path) -> bool:
    """Say whether a file of SQLite can be written into; one that is not there yet is made."""
    try:
        async with _opened(file) as database:
            return not [fault for fault in await faults(database) if fault.startswith("SQLite")]
    except OperatorError as error:
        if error.code in ("database.damaged", "database.unreachable"):
            return False
        raise


def _set_aside(file: Path) -> Path:
    number = 1
    while (aside := file.with_name(f"{file.name}.damaged-{number}")).exists():
        number += 1
    for suffix in reversed(_SIDE_FILES):
        side = file.with_name(file.name + suffix)
        if side.exists():
            side.rename(aside.with_name(aside.name + suffix))
    return aside
