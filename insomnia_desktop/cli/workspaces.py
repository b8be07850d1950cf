"""`workspaces`: list, create, rename, delete."""

from __future__ import annotations

import argparse

from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.cli.context import Context
from insomnia_desktop.cli.naming import pick


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Run one action on workspaces."""
    workspaces = context.services.workspaces
    if arguments.action == "list":
        last_used = workspaces.last_used()
        rows: list[JsonObject] = [
            {"id": row.id, "name": row.name, "last_used": row.id == last_used} for row in workspaces.all()
        ]
        context.output.table(rows, ("id", "name"))
    elif arguments.action == "create":
        workspace_id, created = workspaces.create(arguments.name)
        context.wait(created)
        context.write_document(workspace_id)
    else:
        target = pick(workspaces.all(), arguments.target, "workspace")
        if arguments.action == "rename":
            context.wait(workspaces.rename(target.id, arguments.name))
            context.write_document(target.id)
        else:
            context.wait(workspaces.delete(target.id))
            context.output.result({"id": target.id, "deleted": True})
    return 0
