"""`conflicts`: what two devices changed in the same place, and which of both stands."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, Final

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.cli.context import Context
from insomnia_desktop.cli.sync_words import say
from insomnia_desktop.services.conflict_facts import copies_made
from insomnia_desktop.services.error_text import visible
from insomnia_desktop.services.sync_views import ConflictRow, ShownValue

_NOTHING: Final = "(nothing)"
_LONGEST: Final = 60
"""How many characters of a value the list shows: `show` shows it whole."""


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Run one action on conflicts."""
    rows = context.services.syncing.conflicts()
    if arguments.action == "list":
        listed = _row if context.output.as_json else _short_row
        context.output.table([listed(row) for row in rows], ("id", "name", "field", "mine", "theirs"))
        if not rows:
            say(context.output, "There is no conflict.")
        for row in rows:
            if row.unreadable:
                say(context.output, _unreadable_words(row))
        return 0
    found = next((row for row in rows if row.id == arguments.id), None)
    if found is None:
        raise KnownError("sync.conflict_not_found", id=arguments.id)
    if arguments.action == "show":
        lines = [f"{visible(found.name)}: {visible(found.field)}"]
        lines += [f"{side}: {_lines(value)}" for side, value in _sides(found)]
        context.output.result({**_row(found), "base": _json(found.base)}, text="\n".join(lines))
        if found.unreadable:
            say(context.output, _unreadable_words(found))
    else:
        context.wait(context.services.syncing.settle([(found.id, arguments.keep)]))
        of_document = [row for row in rows if row.resource_id == found.resource_id and not row.unreadable]
        text = _both_words(of_document) if arguments.keep == "both" else None
        context.output.result({"id": found.id, "kept": arguments.keep}, text=text)
    return 0


def _row(row: ConflictRow) -> JsonObject:
    return {
        "id": row.id,
        "resource_id": row.resource_id,
        "name": row.name,
        "field": row.field,
        "path": list(row.path),
        "mine": _json(row.mine),
        "theirs": _json(row.theirs),
        "at": row.at,
        "workspace_id": row.workspace_id,
        "unreadable": row.unreadable,
    }


def _short_row(row: ConflictRow) -> JsonObject:
    mine, theirs = (value.text if value.present else _NOTHING for value in (row.mine, row.theirs))
    return {"id": row.id, "name": row.name, "field": row.field, "mine": _short(mine), "theirs": _short(theirs)}


def _unreadable_words(row: ConflictRow) -> str:
    """Say of a conflict that cannot be read what can be done with it."""
    return (
        f"Conflict {row.id} of {visible(row.name) or row.resource_id} cannot be read: what is kept of it on this device"
        f" is damaged. `history list {row.resource_id}` has what the other device made of it;"
        f" `conflicts resolve {row.id} --keep mine` ends it and leaves the document as it is."
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _sides(row: ConflictRow) -> tuple[tuple[str, ShownValue], ...]:
    as_found = () if row.found is None else (("mine, when it was found", row.found),)
    return ("before", row.base), ("mine", row.mine), *as_found, ("theirs", row.theirs)


def _lines(value: ShownValue) -> str:
    """Return a text with its own lines; what would steer a terminal is written out."""
    return "\n".join(map(visible, value.text.split("\n"))) if value.present else _NOTHING


def _both_words(rows: Sequence[ConflictRow]) -> str:
    copies, conflicts = copies_made(rows), len(rows)
    made = f"A copy of {visible(rows[0].name)} was made" if copies == 1 else f"{copies} copies were made"
    over = "The conflict is over" if conflicts == 1 else f"All {conflicts} conflicts of it are over"
    return f"{made}, with the values of the other side. {over}."


def _json(value: ShownValue) -> Any:
    return value.value if value.present else None
