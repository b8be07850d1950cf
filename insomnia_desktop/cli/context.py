"""What every command is given, and the objects it may be about."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.cli.naming import pick
from insomnia_desktop.cli.output import Output
from insomnia_desktop.model import Document, TreeIndex, TreeRow
from insomnia_desktop.model.tree_index import ROOT
from insomnia_desktop.services.application import Services

TOP = "/"
"""The name of the workspace itself where a folder is asked for."""


@dataclass(frozen=True, slots=True)
class Context:
    """The services, where to write, and the workspace that was named (None: the last used one)."""

    services: Services
    output: Output
    workspace: str | None

    def workspace_id(self) -> str:
        """Return the id of the workspace that is meant; raises KnownError `cli.unknown_name`, `cli.ambiguous_name`."""
        if self.workspace is None:
            return self.services.workspaces.last_used()
        return pick(self.services.workspaces.all(), self.workspace, "workspace").id

    def rows(self, kind: str) -> list[TreeRow]:
        """Return the requests or the folders of the workspace in the order of the tree."""
        return [row for row in self.services.documents.tree(self.workspace_id()) if row.kind == kind]

    def request_id(self, text: str) -> str:
        """Return the id of a request; an id may be one of another workspace."""
        return self._tree_id(text, "request")

    def folder_id(self, text: str) -> str:
        """Return the id of a folder."""
        return self._tree_id(text, "folder")

    def parent_id(self, text: str | None) -> str | None:
        """Return the id of the folder, or of the workspace by its id, to put something into.

        None stands for the workspace that is meant itself.
        """
        if text in (None, TOP):
            return None
        row = self.services.documents.row(str(text))
        return row.id if row is not None and row.kind == "workspace" else self.folder_id(str(text))

    def environment_id(self, text: str) -> str:
        """Return the id of an environment of the workspace."""
        return pick(self.services.environments.rows(self.workspace_id()), text, "environment").id

    def document(self, document_id: str) -> Document:
        """Return a live document; raises KnownError `document.not_found`."""
        document = self.services.documents.get(document_id)
        if document is None:
            raise KnownError("document.not_found", id=document_id)
        return document

    def wait(self, future: Future[Any]) -> None:
        """Wait until a write is committed; raises what it raised."""
        future.result()

    def write_document(self, document_id: str) -> None:
        """Write a document as the result of a command: whole with --json, else its id."""
        self.output.result(self.document_json(self.document(document_id)), text=document_id)

    def document_json(self, document: Document) -> JsonObject:
        """Return the whole document, and what the lists show of it."""
        parent_id = document.parent_id
        is_lost = parent_id not in (None, document.workspace_id) and self.services.documents.row(str(parent_id)) is None
        return {
            **_row_json(document, recovered=is_lost),
            "parent_id": parent_id,
            "sort_key": document.sort_key,
            "schema": document.schema,
            "created": document.created,
            "modified": document.modified,
            "fields": document.fields,
        }

    def _tree_id(self, text: str, kind: str) -> str:
        row = self.services.documents.row(text)
        if row is not None and row.kind == kind:
            return row.id
        return pick(self.rows(kind), text, kind).id


def row_place(tree: TreeIndex, handle: int, workspace_id: str) -> JsonObject:
    """Return where a row of a tree stands, as the window shows it.

    What stands in a folder that is not on this device is in none of those that are: it is `recovered` (protocol v1,
    3.6 rule 7).
    """
    parent = tree.parent(handle)
    recovered = tree.is_recovered(parent)
    folder_id = tree.row(parent).id if parent != ROOT and not recovered else None
    return {"workspace_id": workspace_id, "folder_id": folder_id, "recovered": recovered}


def _row_json(document: Document, *, recovered: bool) -> JsonObject:
    shown: JsonObject = {"id": document.id, "kind": document.kind, "name": document.name}
    if document.kind == "request":
        shown |= {"method": document.fields.get("method", "GET"), "url": document.fields.get("url", "")}
    in_folder = not recovered and document.parent_id not in (None, document.workspace_id)
    shown |= {"workspace_id": document.workspace_id, "folder_id": document.parent_id if in_folder else None}
    return {**shown, "recovered": recovered}
