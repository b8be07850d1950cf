"""Which version of a document holds what stands in its conflicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from insomnia_desktop.model.patch import ABSENT, Path
from insomnia_desktop.services.sync_words import value_at

if TYPE_CHECKING:
    from insomnia_desktop.store.sync_rows import StoredConflict
    from insomnia_desktop.sync.values import Plaintext

_PLACE, _REST = "#place", "#rest"
_PATH = msgspec.json.Decoder(tuple[str, ...])
Side = Literal["base", "theirs"]


class Sides(msgspec.Struct, frozen=True):
    """One conflict: where it is, and what both had before and what the other device made of it."""

    path: Path
    base: Any
    theirs: Any


def newest_sides(conflicts: Sequence[StoredConflict], document_id: str) -> tuple[Sides, ...]:
    """Return the conflicts of a document that were found last: those of one merge, and so of one version."""
    rows = [row for row in conflicts if row.document_id == document_id]
    newest = max((row.at for row in rows), default=0)
    return tuple(Sides(_PATH.decode(row.path), _side(row.base), _side(row.theirs)) for row in rows if row.at == newest)


def holds(plaintext: Plaintext, sides: Sequence[Sides], side: Side) -> bool:
    """Say whether a version has all the values of one side where they are in conflict."""
    from insomnia_desktop.sync.json_values import same

    return all(same(_value(plaintext, each.path), each.base if side == "base" else each.theirs) for each in sides)


def _value(plaintext: Plaintext, path: Path) -> Any:
    if path[0] == _PLACE:
        return list(plaintext.place)
    return value_at(plaintext.rest, path[1:]) if path[0] == _REST else value_at(plaintext.fields, path)


def _side(text: str | None) -> Any:
    return ABSENT if text is None else msgspec.json.decode(text)
