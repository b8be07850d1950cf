"""`requests`: list, show, create, set, move, delete, restore."""

from __future__ import annotations

import argparse

import msgspec

from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.cli.context import Context, row_place
from insomnia_desktop.cli.message import applied, kept_body
from insomnia_desktop.cli.naming import pick
from insomnia_desktop.cli.output import to_json
from insomnia_desktop.model import Request, TreeIndex, fields_of, patch_between, view_as
from insomnia_desktop.model.tree_index import ROOT


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Run one action on requests."""
    _ACTIONS[arguments.action](context, arguments)
    return 0


def _list(context: Context, arguments: argparse.Namespace) -> None:
    workspace_id = context.workspace_id()
    tree = TreeIndex(context.services.documents.tree(workspace_id), root_id=workspace_id)
    rows: list[JsonObject] = [
        {
            "id": row.id,
            "name": row.name,
            "method": row.method,
            "url": row.url,
            **row_place(tree, handle, workspace_id),
        }
        for handle in tree.descendants(ROOT)
        if (row := tree.row(handle)).kind == "request"
    ]
    context.output.table(rows, ("id", "method", "name", "url", "recovered"))


def _show(context: Context, arguments: argparse.Namespace) -> None:
    shown = context.document_json(context.document(context.request_id(arguments.target)))
    context.output.result(shown, text=to_json(shown))


def _create(context: Context, arguments: argparse.Namespace) -> None:
    blank = Request(id="", parent_id=None, sort_key="", name=arguments.name)
    fields = fields_of(applied(blank, arguments, body=kept_body(arguments)))
    request_id, created = context.services.documents.create_request(
        context.workspace_id(), context.parent_id(arguments.into), name=arguments.name, fields=fields
    )
    context.wait(created)
    context.write_document(request_id)


def _set(context: Context, arguments: argparse.Namespace) -> None:
    request_id = context.request_id(arguments.target)
    before = view_as(context.document(request_id), Request)
    after = applied(before, arguments, body=kept_body(arguments))
    if arguments.name is not None:
        after = msgspec.structs.replace(after, name=arguments.name)
    patch = patch_between(before, after)
    if patch:
        context.wait(context.services.editing.patch(request_id, patch))
    if arguments.into is not None:
        request_id = _put(context, request_id, arguments.into)
    context.write_document(request_id)


def _move(context: Context, arguments: argparse.Namespace) -> None:
    context.write_document(_put(context, context.request_id(arguments.target), arguments.into))


def _put(context: Context, request_id: str, into: str) -> str:
    """Move a request and return its id, which is another one in another workspace."""
    documents = context.services.documents
    workspace_id = context.document(request_id).workspace_id
    parent_id = context.parent_id(into)
    if parent_id is None:
        parent_id = workspace_id if context.workspace is None else context.workspace_id()
    if context.document(parent_id).workspace_id == workspace_id:
        context.wait(documents.move([request_id], parent_id))
        return request_id
    (moved_id,), moved = documents.move_to_workspace([request_id], parent_id)
    context.wait(moved)
    return moved_id


def _delete(context: Context, arguments: argparse.Namespace) -> None:
    request_id = context.request_id(arguments.target)
    context.wait(context.services.documents.delete([request_id]))
    context.output.result({"id": request_id, "deleted": True})


def _restore(context: Context, arguments: argparse.Namespace) -> None:
    rows = [row for row in context.services.documents.trash(context.workspace_id()) if row.kind == "request"]
    request_id = pick(rows, arguments.target, "request in the trash").id
    context.wait(context.services.documents.restore([request_id]))
    context.write_document(request_id)


_ACTIONS = {
    "list": _list,
    "show": _show,
    "create": _create,
    "set": _set,
    "move": _move,
    "delete": _delete,
    "restore": _restore,
}
