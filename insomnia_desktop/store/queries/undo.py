"""What undo and redo would do."""

from __future__ import annotations

import msgspec

from insomnia_desktop.store.reader import Reader
from insomnia_desktop.store.undo_rows import UndoLabel, decode_label


class UndoState(msgspec.Struct, frozen=True):
    """What would be taken back and done again next in a workspace; None: nothing."""

    undo_label: UndoLabel | None
    redo_label: UndoLabel | None


def undo_state(reader: Reader, workspace_id: str) -> UndoState:
    """Return what undo and redo would do now."""
    newest_done = reader.row(
        "SELECT label FROM undo WHERE workspace_id = ? AND undone = 0 ORDER BY number DESC LIMIT 1", (workspace_id,)
    )
    oldest_undone = reader.row(
        "SELECT label FROM undo WHERE workspace_id = ? AND undone = 1 ORDER BY number LIMIT 1", (workspace_id,)
    )
    return UndoState(
        undo_label=decode_label(newest_done[0]) if newest_done else None,
        redo_label=decode_label(oldest_undone[0]) if oldest_undone else None,
    )
