"""`folders`: list, create, delete."""

from __future__ import annotations

import argparse

from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.cli.context import Context
from insomnia_desktop.model import TreeIndex


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Run one action on folders."""
    documents = context.services.documents
    if arguments.action == "list":
        workspace_id = context.workspace_id()
        tree = TreeIndex(documents.tree(workspace_id))
        rows = [tree.row(handle) for handle in tree.descendants(0)]
        folders: list[JsonObject] = [
            {
                "id": row.id,
                "name": row.name,
                "workspace_id": workspace_id,
                "folder_id": row.parent_id if row.parent_id != workspace_id else None,
            }
            for row in rows
            if row.kind == "folder"
        ]
        context.output.table(folders, ("id", "name"))
    elif arguments.action == "create":
        folder_id, created = documents.create_folder(
            context.workspace_id(), context.parent_id(arguments.into), name=arguments.name
        )
        context.wait(created)
        context.write_document(folder_id)
    else:
        folder_id = context.folder_id(arguments.target)
        context.wait(documents.delete([folder_id]))
        context.output.result({"id": folder_id, "deleted": True})
    return 0
