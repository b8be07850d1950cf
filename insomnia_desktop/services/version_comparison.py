"""A version of a document beside the current one, or beside the version before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insomnia_desktop.base.ids import to_wire
from insomnia_desktop.services.history_views import Missing, VersionRow, VersionView
from insomnia_desktop.services.sync_words import differences

if TYPE_CHECKING:
    from insomnia_desktop.model import Document
    from insomnia_desktop.sync.history import OpenedVersion

_FIRST = 1


def against_current(row: VersionRow, opened: OpenedVersion, present: Document | None) -> VersionView:
    """Compare a version with the document as it is here; None for one that is deleted."""
    text = opened.plaintext
    if present is None:
        return VersionView(row, text.kind, _name(opened), text.fields, missing="deleted")
    parent = to_wire(present.parent_id) if present.parent_id is not None else None
    return VersionView(
        row,
        text.kind,
        _name(opened),
        text.fields,
        differences(text.fields, present.fields),
        moved=text.place != (parent, present.sort_key),
    )


def against_previous(
    row: VersionRow, opened: OpenedVersion, previous: VersionRow | None, before: OpenedVersion | None
) -> VersionView:
    """Compare a version with the one before it, which is `before` opened; None where it is not kept or unreadable."""
    text = opened.plaintext
    if before is None:
        missing: Missing = "unreadable" if previous is not None else "first" if row.version == _FIRST else "gone"
        return VersionView(
            row, text.kind, _name(opened), text.fields, against="previous", previous=previous, missing=missing
        )
    return VersionView(
        row,
        text.kind,
        _name(opened),
        text.fields,
        differences(before.plaintext.fields, text.fields),
        against="previous",
        previous=previous,
        moved=text.place != before.plaintext.place,
    )


def _name(opened: OpenedVersion) -> str:
    return str(opened.plaintext.fields.get("name", ""))
