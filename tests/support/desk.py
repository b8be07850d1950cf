"""A store under a test's hands: documents in one line, and what is there now as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.base.ids import new_id
from insomnia_desktop.model import Document, Edit
from insomnia_desktop.store import ChangeSet, Origin, Store
from insomnia_desktop.store.command import Command
from insomnia_desktop.store.commands.documents import CreateDocument, CreateWorkspace, PatchDocument
from insomnia_desktop.store.queries import documents as queries
from tests.support.filled_store import workspace_document

WINDOW = Origin("window")


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Expect a known error, or a bug, with this code."""
    with pytest.raises(AppError) as caught:
        yield
    assert caught.value.code == code


class Desk:
    """Writes to a store and waits for each commit."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def run(self, command: Command, *, origin: Origin = WINDOW) -> ChangeSet:
        """Run a command and return what it changed; raises what it raises."""
        return self.store.submit(command, origin=origin).result(timeout=20)

    def workspace(self, name: str = "Workspace") -> str:
        """Make a workspace and return its id."""
        document = workspace_document(name)
        self.run(CreateWorkspace(document))
        return document.id

    def folder(self, parent_id: str, name: str = "Folder") -> str:
        """Make a folder behind its siblings and return its id."""
        return self._create("folder", parent_id, {"name": name})

    def request(self, parent_id: str, name: str = "Request", **fields: Any) -> str:
        """Make a request behind its siblings and return its id."""
        return self._create("request", parent_id, {"name": name, "method": "GET", "url": "", **fields})

    def set(self, document_id: str, *, coalesce: str = "", typed_before: bool = False, **fields: Any) -> ChangeSet:
        """Set top-level fields of a document; `typed_before` what is typed came before it went into quarantine."""
        patch = tuple(Edit((name,), value) for name, value in fields.items())
        return self.run(PatchDocument(document_id, patch, coalesce=coalesce, typed_before=typed_before))

    def get(self, document_id: str) -> Document:
        """Return a live document."""
        found = queries.document(self.store.reader(), document_id)
        assert found is not None, f"{document_id} is not there"
        return found

    def fields(self, document_id: str) -> dict[str, Any]:
        """Return the fields of a live document."""
        return self.get(document_id).fields

    def names(self, parent_id: str) -> list[str]:
        """Return the names of the folders and requests right under a parent, in order."""
        return [row.name for row in queries.children(self.store.reader(), parent_id)]

    def state(self) -> Mapping[str, tuple[Any, ...]]:
        """Return all that a person can see of all documents: place, order key and fields of the live ones, by id."""
        rows = self.store.reader().rows(
            "SELECT document.id, kind, parent_id, sort_key, name, method, url, fields FROM document"
            " JOIN content USING (number) WHERE deleted_at IS NULL"
        )
        return {row[0]: tuple(row[1:]) for row in rows}

    def _create(self, kind: str, parent_id: str, fields: dict[str, Any]) -> str:
        parent = self.get(parent_id)
        document = Document(
            id=new_id(kind),
            kind=kind,
            workspace_id=parent.workspace_id,
            parent_id=parent_id,
            sort_key="",
            fields=fields,
        )
        self.run(CreateDocument(document))
        return document.id
