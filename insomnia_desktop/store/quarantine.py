"""What is in quarantine is not deleted: sync keeps a row of it that cannot be used here (protocol v1, 3.6 rule 4)."""

from __future__ import annotations

import sqlite3

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.store.document_rows import Place


def refuse_quarantined(connection: sqlite3.Connection, place: Place) -> None:
    """Raise KnownError `document.quarantined` for a document that a copy elsewhere must not take the place of."""
    held = connection.execute("SELECT 1 FROM quarantine WHERE resource = ? LIMIT 1", (place.id[4:],)).fetchone()
    if held is not None:
        raise KnownError("document.quarantined", id=place.id, name=place.name)
