"""Conflicts as people see them: what stands here now beside theirs, places by the names of their folders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url, to_wire
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.model.patch import Path
from insomnia_desktop.services.conflict_views import TakenField
from insomnia_desktop.services.sync_views import ConflictRow, ShownValue
from insomnia_desktop.services.sync_words import field_words, shown, value_at
from insomnia_desktop.store import taken_changes
from insomnia_desktop.store.codec import NO_JSON
from insomnia_desktop.store.conflict_rows import (
    PLACE,
    REST,
    WhyNotBoth,
    copies_of,
    decode_path,
    decode_side,
    why_not_both,
)
from insomnia_desktop.store.conflict_rows import overlap as overlap
from insomnia_desktop.store.queries import documents
from insomnia_desktop.store.queries import sync as queries
from insomnia_desktop.store.sync_rows import StoredConflict

if TYPE_CHECKING:
    from insomnia_desktop.model import Document, TreeRow
    from insomnia_desktop.store import Reader

UNREADABLE = "Cannot be read any more"


def open_conflicts(reader: Reader) -> list[StoredConflict]:
    """Return the conflicts of what lives, newest first.

    Those of a document in the trash wait there with it, until it comes back or their time is over.
    """
    alive: dict[str, bool] = {}
    found = []
    for row in queries.conflicts(reader):
        if row.document_id not in alive:
            alive[row.document_id] = documents.live_row(reader, row.document_id) is not None
        if alive[row.document_id]:
            found.append(row)
    return found


def conflict_rows(reader: Reader) -> tuple[ConflictRow, ...]:
    """Return the conflicts of what lives, newest first, in words; what a repeated merge found again is told once."""
    known: dict[str, Document | None] = {}
    found: dict[tuple[str, ...], ConflictRow] = {}
    for row in open_conflicts(reader):
        if row.document_id not in known:
            known[row.document_id] = _document(reader, row.document_id)
        words = _in_words(reader, row, known[row.document_id])
        # Two that cannot be read are not known to be the same.
        one = (str(row.id),) if words.unreadable else (repr(words.path), repr(words.mine), repr(words.theirs))
        found.setdefault((row.document_id, *one), words)
    return tuple(found.values())


def taken_fields(reader: Reader, document_id: str) -> tuple[TakenField, ...]:
    """Return what the merges that found the open conflicts of a document took without a question, in words."""
    moments = {row.at for row in queries.conflicts(reader) if row.document_id == document_id}
    fields = _fields(_document(reader, document_id))
    found = [
        TakenField(field_words(change.path, fields), change.side)
        for merge in taken_changes.of_document(reader, document_id)
        if merge.at in moments
        for change in merge.changes
    ]
    return tuple(dict.fromkeys(found))


def both_refused(kind: str, rows: Sequence[ConflictRow]) -> WhyNotBoth | None:
    """Return why the conflicts of a document cannot end by keeping both, None where they can."""
    return why_not_both(kind, [row.path for row in rows if not row.unreadable])


def copies_made(rows: Sequence[ConflictRow]) -> int:
    """Return how many copies are made where both are kept: mostly one, which takes all of theirs."""
    return len(copies_of([row.path for row in rows if not row.unreadable]))


def _document(reader: Reader, document_id: str) -> Document | None:
    try:
        return documents.document(reader, document_id)
    except KnownError:
        # One that is damaged hides neither its conflicts nor those of others.
        return None


def _in_words(reader: Reader, row: StoredConflict, document: Document | None) -> ConflictRow:
    try:
        path, mine, theirs = decode_path(row.path), decode_side(row.mine), decode_side(row.theirs)
    except NO_JSON:
        return _unreadable(row, document)
    kept, found = _kept(document, path, mine, theirs)
    words = _Places(reader, row, mine=kept, theirs=theirs).shown if path[0] == PLACE else shown
    sides = _words_of(row.base, words), words(kept), words(theirs)
    made = _row(row, path, field_words(path, _fields(document)), sides)
    return made if found is None else msgspec.structs.replace(made, found=words(found[0]))


def _unreadable(row: StoredConflict, document: Document | None) -> ConflictRow:
    """Return what can still be read of a conflict."""
    try:
        path = decode_path(row.path)
    except NO_JSON:
        path = ()
    field = field_words(path, _fields(document)) if path else UNREADABLE
    sides = _words_of(row.base, shown), _words_of(row.mine, shown), _words_of(row.theirs, shown)
    return msgspec.structs.replace(_row(row, path, field, sides), unreadable=True)


def _row(row: StoredConflict, path: Path, field: str, sides: tuple[ShownValue, ShownValue, ShownValue]) -> ConflictRow:
    base, mine, theirs = sides
    return ConflictRow(
        id=row.id,
        resource_id=row.document_id,
        name=row.name,
        kind=row.kind,
        workspace_id=row.workspace_id,
        path=path,
        field=field,
        base=base,
        mine=mine,
        theirs=theirs,
        at=row.at,
    )


def _fields(document: Document | None) -> JsonObject:
    return document.fields if document is not None else {}


def _words_of(text: str | None, words: Callable[[Any], ShownValue]) -> ShownValue:
    try:
        return words(decode_side(text))
    except NO_JSON:
        # What is stored stays to be looked at: it may be all that is left of a text.
        return ShownValue(UNREADABLE, value=(text or "").encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _kept(document: Document | None, path: Path, mine: Any, theirs: Any) -> tuple[Any, tuple[Any] | None]:
    """Return what stands where mine is kept, and mine as it was found where that is another value.

    Kept is what stands there now, merged or edited since, unless that is theirs.
    """
    from insomnia_desktop.sync.json_values import same

    if document is None or path[0] == REST:
        return mine, None
    if path[0] == PLACE:
        parent = None if document.parent_id is None else to_wire(document.parent_id)
        now: Any = [parent, document.sort_key]
    else:
        now = value_at(document.fields, path)
    if same(now, theirs) or same(now, mine):
        return mine, None
    return now, (mine,)


class _Places:
    """The words for the places of one conflict."""

    def __init__(self, reader: Reader, row: StoredConflict, *, mine: Any, theirs: Any) -> None:
        self._reader = reader
        self._row = row
        # In one folder both are only told apart by what they stand before.
        self._is_of_order = _parent(mine) == _parent(theirs)

    def shown(self, place: Any) -> ShownValue:
        """Return a place in words."""
        value = shown(place)
        if not isinstance(place, list) or len(place) != 2:
            return value
        words, siblings = self._parent_words(place[0])
        if self._is_of_order:
            others = [each for each in siblings if each.id != self._row.document_id]
            order = (str(place[1]), self._row.document_id[4:])
            following = next((each for each in others if (each.sort_key, each.id[4:]) > order), None)
            words += ", at the end" if following is None else f", before “{following.name}”"
        return msgspec.structs.replace(value, text=words)

    def _parent_words(self, parent: Any) -> tuple[str, list[TreeRow]]:
        reader, workspace_id = self._reader, self._row.workspace_id
        if self._row.kind == "workspace":
            return "Among the workspaces", documents.workspaces(reader)
        if self._row.kind == "environment":
            return "Among the environments", documents.environments(reader, workspace_id)
        try:
            raw = from_base64url(str(parent)).hex()
        except KnownError:
            raw = ""
        if raw == workspace_id[4:]:
            return "On the top level", documents.children(reader, workspace_id)
        folder = documents.live_row(reader, f"fld_{raw}")
        if folder is None:
            return "In a folder that is not here any more", []
        return f"In “{folder.name}”", documents.children(reader, folder.id)


def _parent(place: Any) -> Any:
    return place[0] if isinstance(place, list) and place else None
