"""What is in quarantine is neither changed nor deleted: sync keeps a row of it that cannot be used here, and what is
here stays as it was until that can be read (protocol v1, 3.6 rule 4).
"""

from __future__ import annotations

import sqlite3

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store.document_rows import Place
from insomnia_desktop.store.operations import DeleteStep, MoveStep, PatchStep, RestStep, Step

WHY_HELD = "SELECT reason FROM quarantine WHERE resource = ? LIMIT 1"


def refuse_quarantined(connection: sqlite3.Connection, place: Place) -> None:
    """Raise KnownError `document.quarantined` for a document that must stay as and where it is."""
    if connection.execute(WHY_HELD, (place.id[4:],)).fetchone() is not None:
        raise KnownError("document.quarantined", id=place.id, name=place.name)


def refuse_quarantined_below(connection: sqlite3.Connection, place: Place) -> None:
    """Raise KnownError `document.quarantined` for a document that must stay, or that holds one."""
    if connection.execute("SELECT 1 FROM quarantine LIMIT 1").fetchone() is None:
        return
    for each in rows.live_subtree(connection, place):
        refuse_quarantined(connection, each)


def refuse_steps(connection: sqlite3.Connection, steps: list[Step]) -> None:
    """Raise KnownError `document.quarantined` where steps would change or delete what must stay.

    What comes out of the trash is shown again as it was, so that is not refused.
    """
    for step in steps:
        for document_id in _touched(step):
            at = rows.place(connection, document_id)
            if at is None or not at.alive:
                continue
            if isinstance(step, DeleteStep):
                refuse_quarantined_below(connection, at)
            else:
                refuse_quarantined(connection, at)


def _touched(step: Step) -> list[str]:
    if isinstance(step, DeleteStep):
        return step.ids
    return [step.id] if isinstance(step, PatchStep | MoveStep | RestStep) else []
