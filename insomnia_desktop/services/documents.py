"""Requests and folders: read, make, move, duplicate, delete, restore."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Literal

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import kind_of, new_id, singleton_id
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.model import (
    Document,
    Request,
    RequestGroup,
    TreeRow,
    View,
    Workspace,
    fields_of,
    patch_between,
    view,
    view_as,
)
from insomnia_desktop.model.sort_key import between
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.store.commands.documents import (
    CreateDocument,
    DeleteDocuments,
    DuplicateDocument,
    MoveDocuments,
    PatchDocument,
    RestoreDocuments,
)
from insomnia_desktop.store.commands.moves import MoveToWorkspace
from insomnia_desktop.store.queries import documents as queries
from insomnia_desktop.store.queries import quarantine
from insomnia_desktop.store.queries.documents import TrashRow
from insomnia_desktop.store.reader import Reader

FIRST_REQUEST_NAME = "New request"
FIRST_FOLDER_NAME = "New folder"


def existing(reader: Reader, document_id: str) -> Document:
    """Return a live document; raises KnownError `document.not_found`, `document.invalid`."""
    document = queries.document(reader, document_id)
    if document is None:
        raise KnownError("document.not_found", id=document_id)
    return document


def existing_row(reader: Reader, document_id: str) -> TreeRow:
    """Return the narrow row of a live document, readable or not; raises KnownError `document.not_found`."""
    row = queries.live_row(reader, document_id)
    if row is None:
        raise KnownError("document.not_found", id=document_id)
    return row


def singleton_of(reader: Reader, workspace_id: str, kind: Literal["base_environment", "cookie_jar"]) -> str:
    """Return the id of a workspace's base environment or cookie jar.

    Raises KnownError `document.not_found`, and `document.invalid` where the workspace or its seed cannot be read.
    """
    workspace = view_as(existing(reader, workspace_id), Workspace)
    try:
        return singleton_id(workspace.seed, kind)
    except KnownError as error:
        raise KnownError("document.invalid", id=workspace_id, field="seed", reason="it is not 16 bytes") from error


class Documents:
    """What a person can do with the requests and folders of the tree.

    Threads: any; reads are quick, writes return the future of their commit. New ids are made here, so that a caller
    can wait for the change that brings them.
    """

    def __init__(self, access: StoreAccess) -> None:
        self._access = access

    def get(self, document_id: str) -> Document | None:
        """Return a live document of any kind, or None where it is unknown or in the trash.

        Raises KnownError `document.invalid`.
        """
        return queries.document(self._access.reader(), document_id)

    def row(self, document_id: str) -> TreeRow | None:
        """Return what lists show of a live document of any kind, readable or not; None as `get`."""
        return queries.live_row(self._access.reader(), document_id)

    def view(self, document_id: str) -> View:
        """Return the typed view of a live document; raises KnownError `document.not_found`, `document.invalid`."""
        return view(existing(self._access.reader(), document_id))

    def tree(self, workspace_id: str) -> list[TreeRow]:
        """Return the live requests and folders of a workspace, narrow, in no promised order."""
        return queries.tree_rows(self._access.reader(), workspace_id)

    def quarantined(self, of: str) -> dict[str, str]:
        """Return why requests and folders of a workspace, or one document, are in quarantine, by id.

        They are shown as they were last read, and stay so. The reasons are those of `AttentionItem`: `undecryptable`,
        `malformed`, `newer_schema`, `type_changed`.
        """
        if kind_of(of) == "workspace":
            return quarantine.tree_rows(self._access.reader(), of)
        reason = quarantine.reason(self._access.reader(), of)
        return {of: reason} if reason else {}

    def create_request(
        self,
        workspace_id: str,
        parent_id: str | None,
        *,
        name: str = FIRST_REQUEST_NAME,
        after_id: str | None = None,
        fields: JsonObject | None = None,
    ) -> tuple[str, Future[ChangeSet]]:
        """Make a request in a folder (None: in the workspace itself), behind `after_id` or at the end.

        `fields` are further fields as the model writes them (`fields_of`); a name in them wins over `name`.
        """
        request_id = new_id("request")
        blank = Request(id=request_id, parent_id=None, sort_key="", name=name)
        return request_id, self._create(
            request_id, workspace_id, parent_id, after_id=after_id, fields={**fields_of(blank), **(fields or {})}
        )

    def create_folder(
        self, workspace_id: str, parent_id: str | None, *, name: str = FIRST_FOLDER_NAME, after_id: str | None = None
    ) -> tuple[str, Future[ChangeSet]]:
        """Make a folder in a folder (None: in the workspace itself), behind `after_id` or at the end."""
        folder_id = new_id("folder")
        blank = RequestGroup(id=folder_id, parent_id=None, sort_key="", name=name)
        return folder_id, self._create(folder_id, workspace_id, parent_id, after_id=after_id, fields=fields_of(blank))

    def rename(self, document_id: str, name: str) -> Future[ChangeSet]:
        """Give a document another name; raises KnownError `document.not_found`, `document.invalid`.

        The future raises `document.quarantined` for what has to stay as it is; so do those of `move` and `delete`.
        """
        before = self.view(document_id)
        after = msgspec.structs.replace(before, name=name)
        return self._access.submit(PatchDocument(document_id, patch_between(before, after)))

    def move(
        self,
        ids: Sequence[str],
        parent_id: str,
        before_id: str | None = None,
        after_id: str | None = None,
    ) -> Future[ChangeSet]:
        """Put documents, in the order given, into a folder or workspace.

        They come to stand in front of `before_id` or behind `after_id`, at the end where both are None.
        """
        return self._access.submit(MoveDocuments(tuple(ids), parent_id, before_id=before_id, after_id=after_id))

    def move_to_workspace(
        self, ids: Sequence[str], parent_id: str, before_id: str | None = None, after_id: str | None = None
    ) -> tuple[tuple[str, ...], Future[ChangeSet]]:
        """Move documents of one workspace into another workspace, or a folder of it; return their ids there, in order.

        They are other documents there, and the ones here are in the trash; undo in the workspace left takes it back.
        The future raises KnownError `document.quarantined` for what has to stay, and as `move`.
        """
        moved = tuple((each, new_id(kind_of(each))) for each in dict.fromkeys(ids))
        command = MoveToWorkspace(moved, parent_id, before_id=before_id, after_id=after_id)
        return tuple(copy_id for _, copy_id in moved), self._access.submit(command)

    def duplicate(self, document_id: str) -> tuple[str, Future[ChangeSet]]:
        """Copy a document with everything in it, right behind it; return the id of the copy."""
        existing_row(self._access.reader(), document_id)
        copy_id = new_id(kind_of(document_id))
        return copy_id, self._access.submit(DuplicateDocument(document_id, new_id=copy_id))

    def delete(self, ids: Sequence[str]) -> Future[ChangeSet]:
        """Move documents, with everything in them, to the trash."""
        return self._access.submit(DeleteDocuments(tuple(ids)))

    def restore(self, ids: Sequence[str]) -> Future[ChangeSet]:
        """Take documents, with what was deleted with them, back out of the trash."""
        return self._access.submit(RestoreDocuments(tuple(ids)))

    def trash(self, workspace_id: str) -> list[TrashRow]:
        """Return what was deleted from a workspace, newest first; what lay in a deleted folder is not listed apart."""
        return queries.trash(self._access.reader(), workspace_id)

    def moved_away(self, of: str) -> dict[str, str]:
        """Return which documents in the trash were moved into another workspace on this device, with its name.

        `of` is the workspace that they left, or one document; the name is empty where that workspace is here no more.
        """
        reader = self._access.reader()
        moved = queries.moved_away(reader, of)
        names = {row.id: row.name for row in queries.workspaces(reader)} if moved else {}
        return {document_id: names.get(workspace_id, "") for document_id, workspace_id in moved.items()}

    def _create(
        self, document_id: str, workspace_id: str, parent_id: str | None, *, after_id: str | None, fields: JsonObject
    ) -> Future[ChangeSet]:
        parent = parent_id or workspace_id
        now = self._access.clock.now_ms()
        document = Document(
            id=document_id,
            kind="folder" if document_id.startswith("fld_") else "request",
            workspace_id=workspace_id,
            parent_id=parent,
            sort_key=self._key_behind(parent, after_id),
            fields=fields,
            created=now,
            modified=now,
        )
        return self._access.submit(CreateDocument(document))

    def _key_behind(self, parent_id: str, after_id: str | None) -> str:
        """Return an order key behind a sibling; an empty one lets the writer put the document at the end."""
        if after_id is None:
            return ""
        siblings = queries.children(self._access.reader(), parent_id)
        before = next((row.sort_key for row in siblings if row.id == after_id), None)
        if before is None:
            return ""
        return between(before, next((row.sort_key for row in siblings if row.sort_key > before), None))
