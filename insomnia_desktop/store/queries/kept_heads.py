"""What the trash let go of in a synced workspace: its head and base stay, and the server has its history."""

from __future__ import annotations

from typing import Final

import msgspec

from insomnia_desktop.base.ids import PREFIXES, is_id, kind_of
from insomnia_desktop.store.reader import Reader

_KIND: Final = "CASE WHEN json_valid(plaintext) THEN json_extract(plaintext, '$.t') END"
_NAME: Final = "CASE WHEN json_valid(plaintext) THEN CAST(json_extract(plaintext, '$.d.name') AS TEXT) END"
_HEADS: Final = " FROM binding JOIN head USING (group_id) LEFT JOIN base USING (group_id, resource)"


class LetGo(msgspec.Struct, frozen=True):
    """A deleted document that is no longer in the trash, under the name it had last."""

    id: str
    kind: str
    name: str


def workspace_of(reader: Reader, document_id: str) -> str | None:
    """Return the workspace in which a document was that is here no more, by its head; None where there is none."""
    if not is_id(document_id):
        return None
    rows = reader.rows(f"SELECT workspace_id, {_KIND}{_HEADS} WHERE head.resource = ?", (document_id[4:],))
    # What has no base may be of any kind: the server says what it was.
    return next((row[0] for row in rows if row[1] in (None, kind_of(document_id))), None)


def let_go(reader: Reader, workspace_id: str) -> list[LetGo]:
    """Return the deleted documents of a workspace of which only the head is left, the last to be deleted first."""
    rows = reader.rows(
        f"SELECT head.resource, {_KIND}, {_NAME}{_HEADS} WHERE workspace_id = ? AND head.deleted = 1"
        " AND NOT EXISTS (SELECT 1 FROM document WHERE substr(document.id, 5) = head.resource)"
        " ORDER BY head.seq DESC",
        (workspace_id,),
    )
    known = [row for row in rows if row[1] in PREFIXES]
    return [LetGo(f"{PREFIXES[kind]}_{resource}", kind, name or "") for resource, kind, name in known]
