"""Which version of a document holds what stands in its conflicts."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from insomnia_desktop.model.patch import Path
from insomnia_desktop.services.sync_words import value_at
from insomnia_desktop.store.codec import NO_JSON
from insomnia_desktop.store.conflict_rows import PLACE, REST, decode_path, decode_side

if TYPE_CHECKING:
    from insomnia_desktop.store.sync_rows import StoredConflict
    from insomnia_desktop.sync.values import Plaintext

Side = Literal["base", "theirs"]


class Sides(msgspec.Struct, frozen=True):
    """One conflict: where it is, and what both had before and what the other device made of it."""

    path: Path
    base: Any
    theirs: Any


def newest_sides(conflicts: Sequence[StoredConflict], document_id: str) -> tuple[Sides, ...]:
    """Return the conflicts of a document that were found last: those of one merge, and so of one version.

    What cannot be read says nothing of a version, and is left out.
    """
    found: list[tuple[int, Sides]] = []
    for row in conflicts:
        if row.document_id == document_id:
            with contextlib.suppress(*NO_JSON):
                sides = Sides(decode_path(row.path), decode_side(row.base), decode_side(row.theirs))
                found.append((row.at, sides))
    newest = max((at for at, _ in found), default=0)
    return tuple(sides for at, sides in found if at == newest)


def holds(plaintext: Plaintext, sides: Sequence[Sides], side: Side) -> bool:
    """Say whether a version has all the values of one side where they are in conflict."""
    from insomnia_desktop.sync.json_values import same

    return all(same(_value(plaintext, each.path), each.base if side == "base" else each.theirs) for each in sides)


def _value(plaintext: Plaintext, path: Path) -> Any:
    if path[0] == PLACE:
        return list(plaintext.place)
    return value_at(plaintext.rest, path[1:]) if path[0] == REST else value_at(plaintext.fields, path)
