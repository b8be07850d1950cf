"""A workspace of a store that is bound to a group, and what arrives in it, without any server."""

from __future__ import annotations

from typing import Any

from insomnia_desktop.store import ChangeSet
from insomnia_desktop.store.commands.bindings import Bind
from insomnia_desktop.store.commands.sync import ApplyRows
from insomnia_desktop.store.queries import sync as queries
from insomnia_desktop.store.sync_rows import BaseRow, CursorRow, HeadRow, RowWrite, TextRow
from tests.support.desk import Desk

GROUP, ACCOUNT, EPOCH = "G" * 22, "A" * 22, bytes(16)


class Synced:
    """A bound workspace, and what arrives in it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.workspace = desk.workspace("Shop")
        desk.run(Bind(self.workspace, ACCOUNT, GROUP, "[]", EPOCH))
        self._seq = 0

    @property
    def cursor(self) -> CursorRow:
        """The stored cursor."""
        found = queries.cursor(self.desk.store.reader(), GROUP)
        assert found is not None
        return found

    def arrive(self, *rows: RowWrite, **more: Any) -> ChangeSet:
        """Apply rows and move the cursor."""
        before = self.cursor
        self._seq += 10
        after = CursorRow(self._seq, EPOCH, self._seq, None, before.generation, before.digest)
        return self.desk.run(ApplyRows(GROUP, ACCOUNT, before, after, rows, **more))

    def row(self, document_id: str, parent_id: str, **more: Any) -> RowWrite:
        """Return a row that makes a document what it says."""
        kind = {"req": "request", "fld": "folder", "wrk": "workspace"}[document_id[:3]]
        text = TextRow(1, kind, parent_id[4:], "V", f'{{"name":"{more.pop("name", "There")}"}}')
        head = HeadRow(more.pop("version", 1), bytes(32), 5, more.get("deleted", False), False)
        base = BaseRow("{}", more.get("deleted", False))
        return RowWrite(resource=document_id[4:], head=head, base=base, text=text, **more)
