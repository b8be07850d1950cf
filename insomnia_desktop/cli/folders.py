"""`folders`: list, create, delete."""

from __future__ import annotations

import argparse

from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.cli.context import Context, row_place
from insomnia_desktop.model import TreeIndex
from insomnia_desktop.model.tree_index import RECOVERED_ID, ROOT


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Run one action on folders."""
    documents = context.services.documents
    if arguments.action == "list":
        workspace_id = context.workspace_id()
        tree = TreeIndex(documents.tree(workspace_id), root_id=workspace_id)
        folders: list[JsonObject] = [
            {
                "id": row.id,
                "name": row.name,
                **row_place(tree, handle, workspace_id),
            }
            for handle in tree.descendants(ROOT)
            if (row := tree.row(handle)).kind == "folder" and row.id != RECOVERED_ID
        ]
        context.output.table(folders, ("id", "name", "recovered"))
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
