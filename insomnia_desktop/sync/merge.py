"""Three versions of a document merged field by field, row by row and line by line (protocol v1, 3.6 rule 5).

What only one side changed is taken. What both changed differently: mine stays, and a Conflict keeps theirs. A row that
one side removed and the other changed stays, changed. Nothing here raises, whatever JSON it is given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from msgspec.structs import replace

from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.model.patch import ABSENT, ORDER, Path, is_table, key_step, row_step
from insomnia_desktop.protocol.limits import PLAINTEXT_DEPTH
from insomnia_desktop.sync.json_values import same
from insomnia_desktop.sync.line_merge import merge_text
from insomnia_desktop.sync.row_order import merge_order
from insomnia_desktop.sync.values import PLACE, REST, Conflict, Plaintext, Taken

LONG_TEXTS: Final = {
    "workspace": frozenset({("description",)}),
    "folder": frozenset({("description",)}),
    "request": frozenset({("description",), ("body", "text"), ("body", "query"), ("body", "variables")}),
}
"""The paths of texts that are merged line by line, for each kind; every other text is one value."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The result of a merge, what both sides had changed, and what was taken without a question.

    Without a base nothing is known of who changed what: `taken` is empty then.
    """

    plaintext: Plaintext
    conflicts: tuple[Conflict, ...]
    taken: tuple[Taken, ...] = ()


def merge(base: Plaintext | None, mine: Plaintext, theirs: Plaintext) -> Merged:
    """Return the merge of two versions of a document of the same kind; without a base everything counts as changed."""
    merging = _Merging(LONG_TEXTS.get(mine.kind, frozenset()))
    place = merging.atom((PLACE,), list(base.place) if base else ABSENT, list(mine.place), list(theirs.place))
    fields = merging.members((), base.fields if base else {}, mine.fields, theirs.fields)
    # A path of the fields never begins with `#`: a key that does gets a backslash.
    rest = merging.members((REST,), base.rest if base else {}, mine.rest, theirs.rest)
    # Older schemas were brought up to date when they were read: the newest mark is the true one.
    schema = max(mine.schema, theirs.schema)
    parent, order = place
    plaintext = replace(mine, schema=schema, parent=parent, order=order, fields=fields, rest=rest)
    return Merged(plaintext, tuple(merging.conflicts), tuple(merging.taken) if base else ())


def lost_edits(base: Plaintext | None, mine: Plaintext, theirs: Plaintext) -> tuple[Conflict, ...]:
    """Return what I had changed and theirs does not have, for the case that theirs stands as it is (3.6 rule 6)."""
    losing = _Losing()
    losing.value((PLACE,), list(base.place) if base else ABSENT, list(mine.place), list(theirs.place))
    losing.members((), base.fields if base else {}, mine.fields, theirs.fields)
    losing.members((REST,), base.rest if base else {}, mine.rest, theirs.rest)
    return tuple(losing.conflicts)


class _Merging:
    """One merge under way, with what was found so far."""

    def __init__(self, long_texts: frozenset[Path]) -> None:
        self.conflicts: list[Conflict] = []
        self.taken: list[Taken] = []
        self._long_texts = long_texts

    def members(self, path: Path, base: JsonObject, mine: JsonObject, theirs: JsonObject) -> JsonObject:
        """Merge key by key; absence is a value."""
        merged: dict[str, Any] = {}
        for key in _keys(mine, theirs):
            values = (source.get(key, ABSENT) for source in (base, mine, theirs))
            value = self.value((*path, key_step(key)), *values)
            if value is not ABSENT:
                merged[key] = value
        return merged

    def value(self, path: Path, base: Any, mine: Any, theirs: Any) -> Any:
        """Merge what stands at one path, as deep as its form allows."""
        if same(mine, theirs) or same(base, theirs) or same(base, mine):
            return self.atom(path, base, mine, theirs)
        if len(path) < PLAINTEXT_DEPTH:
            if _are_one_object(base, mine, theirs):
                return self.members(path, {} if base is ABSENT else base, mine, theirs)
            if _are_tables(base, mine, theirs):
                return self._table(path, None if base is ABSENT else base, mine, theirs)
        if path in self._long_texts and all(isinstance(text, str) for text in (base, mine, theirs)):
            return self._text(path, base, mine, theirs)
        return self.atom(path, base, mine, theirs)

    def atom(self, path: Path, base: Any, mine: Any, theirs: Any) -> Any:
        """Merge one value that has no parts."""
        if same(mine, theirs):
            return mine
        if same(base, mine):
            self.taken.append(Taken(path, "theirs"))
            return theirs
        if same(base, theirs):
            self.taken.append(Taken(path, "mine"))
        else:
            self.conflicts.append(Conflict(path, base, mine, theirs))
        return mine

    def _text(self, path: Path, base: str, mine: str, theirs: str) -> str:
        merged = merge_text(base, mine, theirs)
        if merged.conflicting:
            self.conflicts.append(Conflict(path, base, mine, theirs))
        else:
            self.taken.append(Taken(path, "both"))
        return merged.text

    def _table(self, path: Path, base: list[Any] | None, mine: list[Any], theirs: list[Any]) -> list[Any]:
        old, my_rows, their_rows = _rows(base or []), _rows(mine), _rows(theirs)
        merged: dict[str, Any] = {}
        for row_id in _keys(my_rows, their_rows):
            row = self._row(
                (*path, row_step(row_id)), *(rows.get(row_id, ABSENT) for rows in (old, my_rows, their_rows))
            )
            if row is not ABSENT:
                merged[row_id] = row
        order = merge_order(None if base is None else list(old), list(my_rows), list(their_rows), merged.keys())
        if order.conflicting:
            self.conflicts.append(Conflict((*path, ORDER), list(old), list(my_rows), list(their_rows)))
        return [merged[row_id] for row_id in order.ids]

    def _row(self, path: Path, base: Any, mine: Any, theirs: Any) -> Any:
        if mine is ABSENT or theirs is ABSENT:
            kept = theirs if mine is ABSENT else mine
            if base is not ABSENT and not same(base, kept):
                self.taken.append(Taken(path, "both"))
                return kept
            return self.atom(path, base, mine, theirs)
        return self.value(path, base, mine, theirs)


class _Losing:
    """A walk over what I had changed, where theirs stands whatever it is."""

    def __init__(self) -> None:
        self.conflicts: list[Conflict] = []

    def members(self, path: Path, base: JsonObject, mine: JsonObject, theirs: JsonObject) -> None:
        """Walk key by key."""
        for key in _keys(base, mine):
            values = (source.get(key, ABSENT) for source in (base, mine, theirs))
            self.value((*path, key_step(key)), *values)

    def value(self, path: Path, base: Any, mine: Any, theirs: Any) -> None:
        """List what I had changed at one path, as deep as its form allows."""
        if same(base, mine) or same(mine, theirs):
            return
        if len(path) < PLAINTEXT_DEPTH and _are_one_object(base, mine, theirs):
            self.members(path, {} if base is ABSENT else base, mine, theirs)
        elif len(path) < PLAINTEXT_DEPTH and _are_tables(base, mine, theirs):
            tables = [_rows([] if rows is ABSENT else rows) for rows in (base, mine, theirs)]
            # An order that I had changed goes with the document that I deleted: it holds no value of its own.
            for row_id in _keys(*tables[:2]):
                self.value((*path, row_step(row_id)), *(rows.get(row_id, ABSENT) for rows in tables))
        else:
            self.conflicts.append(Conflict(path, base, mine, theirs))


def _are_one_object(base: Any, mine: Any, theirs: Any) -> bool:
    """Say whether three values are versions of one object: what has another `type` is another thing."""
    if not isinstance(mine, dict) or not isinstance(theirs, dict):
        return False
    if base is not ABSENT and not (isinstance(base, dict) and _is_of_one_type(base, mine)):
        return False
    return _is_of_one_type(mine, theirs)


def _is_of_one_type(one: JsonObject, other: JsonObject) -> bool:
    return same(one.get("type", ABSENT), other.get("type", ABSENT))


def _are_tables(base: Any, mine: Any, theirs: Any) -> bool:
    return is_table(mine) and is_table(theirs) and (base is ABSENT or is_table(base))


def _rows(table: list[Any]) -> dict[str, Any]:
    return {row["id"]: row for row in table}


def _keys(first: Iterable[str], second: Iterable[str]) -> list[str]:
    """Return the keys of both, the first ones first, each once."""
    return list(dict.fromkeys([*first, *second]))
