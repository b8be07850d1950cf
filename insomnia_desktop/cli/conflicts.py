"""`conflicts`: what two devices changed in the same place, and which of both stands."""

from __future__ import annotations

import argparse
from typing import Any

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.cli.context import Context
from insomnia_desktop.services.sync_views import ConflictRow, ShownValue


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Run one action on conflicts."""
    rows = context.services.syncing.conflicts()
    if arguments.action == "list":
        context.output.table([_row(row) for row in rows], ("id", "name", "field", "mine", "theirs"))
        return 0
    found = next((row for row in rows if row.id == arguments.id), None)
    if found is None:
        raise KnownError("sync.conflict_not_found", id=arguments.id)
    if arguments.action == "show":
        lines = [f"{found.name}: {found.field}"]
        lines += [f"{side}: {value.text if value.present else '(nothing)'}" for side, value in _sides(found)]
        context.output.result({**_row(found), "base": _json(found.base)}, text="\n".join(lines))
    else:
        context.wait(context.services.syncing.resolve(found.id, arguments.keep))
        context.output.result({"id": found.id, "kept": arguments.keep})
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
    }


def _sides(row: ConflictRow) -> tuple[tuple[str, ShownValue], ...]:
    return ("before", row.base), ("mine", row.mine), ("theirs", row.theirs)


def _json(value: ShownValue) -> Any:
    return value.value if value.present else None
