"""The account of this data folder, what is remembered of each account, and the id of the device."""

from __future__ import annotations

from insomnia_desktop.store.account_rows import AccountPin, AccountRow
from insomnia_desktop.store.reader import Reader


def account(reader: Reader) -> AccountRow | None:
    """Return the account that is signed in, or was last; None where there never was one."""
    row = reader.row(
        "SELECT server, hosted, email, name, account_id, state, keeping, rev, profile FROM account WHERE number = 1"
    )
    if row is None:
        return None
    server, hosted, *rest = row
    return AccountRow(server, bool(hosted), *rest)


def account_change(reader: Reader) -> int:
    """Return the number of the commit that touched the account last, 0 where there is none; cheap, to look for news."""
    row = reader.row("SELECT change FROM account WHERE number = 1")
    return int(row[0]) if row else 0


def pin(reader: Reader, place: str, email: str) -> AccountPin | None:
    """Return what is remembered of an account at a server; `place` as `account_rows.place_of` gives it."""
    row = reader.row("SELECT account_id, iterations FROM account_pin WHERE server = ? AND email = ?", (place, email))
    return AccountPin(*row) if row else None


def device_id(reader: Reader) -> str | None:
    """Return the id of this device, 22 characters of the wire; None before it was made."""
    row = reader.row("SELECT id FROM device WHERE number = 1")
    return str(row[0]) if row else None
