"""Which steps of the schema there are, and where a database stands.

Alembic keeps the book, in its table `alembic_version`. Nothing of it is imported here: a server whose database is at
the newest step starts without it.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from insomnia_desktop.server.operator_errors import OperatorError

KNOWN = ("0001", "0002")
NEWEST = KNOWN[-1]
BOOK = "alembic_version"


def current(connection: Connection) -> str | None:
    """Return the step that the database is at, None for an empty one.

    Raises OperatorError `database.newer_version`, `database.not_ours`.
    """
    tables = set(inspect(connection).get_table_names())
    found = connection.execute(text(f"SELECT version_num FROM {BOOK}")).scalars().all() if BOOK in tables else []
    if not found:
        if tables - {BOOK}:
            raise OperatorError("database.not_ours")
        return None
    if "server" not in tables or len(found) > 1:
        raise OperatorError("database.not_ours")
    if found[0] not in KNOWN:
        raise OperatorError("database.newer_version")
    return str(found[0])
