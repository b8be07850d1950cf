"""Brings a database to the newest step of the schema.

The steps are imported like any module and not read from a folder, as Alembic has it: so they are there in a wheel and
in a built program too.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script.base import Script
from alembic.script.revision import RevisionMap
from sqlalchemy import Connection, text

from insomnia_desktop.server.database.migrations import current, m0001_accounts, m0002_groups

STEPS: tuple[ModuleType, ...] = (m0001_accounts, m0002_groups)
# Any number of our own: two servers that start at once must not both make the tables.
_LOCK = 0x496E7344


def upgrade(connection: Connection) -> str | None:
    """Carry out the steps that are missing, all of them in the transaction of the connection.

    Returns the step that the database was at. Raises OperatorError as `current` does.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    at = current(connection)
    names: list[str] = [step.revision for step in STEPS]
    first = names.index(at) + 1 if at else 0
    revisions = RevisionMap(lambda: [Script(step, step.revision, step.__name__) for step in STEPS])
    # Asked of the map, which ties them to one another.
    scripts = [revisions.get_revision(name) for name in names[first:]]

    def missing(_heads: Any, _context: MigrationContext) -> list[RevisionStep]:
        return [RevisionStep(revisions, script, True) for script in scripts if isinstance(script, Script)]

    context = MigrationContext.configure(connection, opts={"fn": missing})
    with Operations.context(context):
        context.run_migrations()
    return at
