"""`history`: the versions of a request, folder or environment, one of them, and back to it."""

from __future__ import annotations

import argparse

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import is_id
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.cli.account import open_keys, wait_for
from insomnia_desktop.cli.context import Context
from insomnia_desktop.services.sync_views import VersionRow


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Run one action on a history."""
    target = _target(context, arguments.target)
    open_keys(context)
    syncing = context.services.syncing
    if arguments.action == "list":
        rows = [_row(row) for row in wait_for(syncing.history(target))]
        context.output.table(rows, ("version", "at", "device", "deleted", "size"))
    elif arguments.action == "show":
        view = wait_for(syncing.version(target, arguments.version))
        shown = {**_row(view.row), "id": target, "kind": view.kind, "name": view.name, "fields": view.fields}
        shown["differences"] = [
            {
                "field": each.field,
                "path": list(each.path),
                "before": each.before.value if each.before.present else None,
                "after": each.after.value if each.after.present else None,
            }
            for each in view.differences
        ]
        lines = [f"Version {view.row.version} of {view.name}"]
        lines += [f"{each.field}: {each.before.text!r} is now {each.after.text!r}" for each in view.differences]
        context.output.result(shown, text="\n".join(lines))
    else:
        wait_for(syncing.restore(target, arguments.version))
        context.write_document(target)
    return 0


def _target(context: Context, text: str) -> str:
    """Return the id of what is named; an id may be that of something in the trash."""
    if is_id(text):
        return text
    workspace_id = context.workspace_id()
    documents = {row.id: row.name for row in context.services.documents.tree(workspace_id)}
    documents |= {each.id: each.name for each in context.services.environments.all(workspace_id)}
    named = [document_id for document_id, name in documents.items() if name == text]
    if not named:
        named = [each.document_id for each in context.services.syncing.deleted(workspace_id) if each.name == text]
    if not named:
        raise KnownError("cli.unknown_name", kind="document", name=text, candidates=sorted(set(documents.values())))
    if len(named) > 1:
        raise KnownError("cli.ambiguous_name", kind="document", name=text, candidates=named)
    return named[0]


def _row(row: VersionRow) -> JsonObject:
    return {
        "version": row.version,
        "at": row.at,
        "device": row.device,
        "deleted": row.deleted,
        "size": row.size,
        "kept": row.kept,
    }
