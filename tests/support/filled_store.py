"""Stores with many documents, for measurements and for tests that need a big one."""

from __future__ import annotations

import random
from collections.abc import Iterator

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.ids import new_id, new_row_id, new_seed
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.model import Document, Request, RequestGroup, Row, TextBody, Workspace, fields_of
from insomnia_desktop.model.sort_key import spread
from insomnia_desktop.store import Store, database, full_text
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store.bodies import BodyFiles
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.singletons import singletons

_A_FOLDER = 20
_WORDS = (
    "account", "address", "basket", "customer", "delivery", "invoice", "ledger", "message", "order", "payment",
    "refund", "user", "voucher",
)  # fmt: skip


def workspace_document(name: str = "Workspace") -> Document:
    """Return a new workspace, as `CreateWorkspace` takes it."""
    workspace_id = new_id("workspace")
    fields = fields_of(Workspace(id=workspace_id, sort_key="V", name=name, seed=new_seed()))
    return Document(
        id=workspace_id, kind="workspace", workspace_id=workspace_id, parent_id=None, sort_key="V", fields=fields
    )


def request_document(workspace_id: str, parent_id: str, *, sort_key: str = "", number: int = 0) -> Document:
    """Return a request of usual size: parameters, headers and a body of about a kilobyte; the same for a number."""
    chance = random.Random(number)
    noun = chance.choice(_WORDS)
    request = Request(
        id=new_id("request"),
        parent_id=parent_id,
        sort_key=sort_key,
        name=f"Get {noun} {number}",
        method=chance.choice(("GET", "POST", "PUT", "DELETE")),
        url="{{ base_url }}/v1/" + f"{noun}s/{number}",
        parameters=(Row(id=new_row_id(), name="page", value="1"), Row(id=new_row_id(), name="limit", value="50")),
        headers=(
            Row(id=new_row_id(), name="Accept", value="application/json"),
            Row(id=new_row_id(), name="X-Trace", value=f"trace-{number:08}"),
        ),
        body=TextBody(text=f'{{"{noun}": "' + " ".join(chance.choices(_WORDS, k=60)) + '"}'),
    )
    return Document(
        id=request.id,
        kind="request",
        workspace_id=workspace_id,
        parent_id=parent_id,
        sort_key=sort_key,
        fields=fields_of(request),
    )


def folder_document(workspace_id: str, parent_id: str, *, sort_key: str = "", name: str = "Folder") -> Document:
    """Return a folder."""
    folder_id = new_id("folder")
    return Document(
        id=folder_id,
        kind="folder",
        workspace_id=workspace_id,
        parent_id=parent_id,
        sort_key=sort_key,
        fields=fields_of(RequestGroup(id=folder_id, parent_id=parent_id, sort_key=sort_key, name=name)),
    )


def fill(folder: DataFolder, requests: int, *, clock: Clock) -> str:
    """Make a store with one workspace of so many requests, twenty to a folder, and return the workspace's id.

    The rows are written as commands write them, but in one transaction.
    """
    Store.open(folder, clock=clock).close()
    workspace = workspace_document()
    connection = database.connect_writer(folder.store_file)
    database.prepare_writer(connection)
    context = CommandContext(
        connection, now=clock.now_ms(), origin=Origin("import"), session="", bodies=BodyFiles(folder.responses)
    )
    connection.execute("BEGIN")
    for document in (workspace, *singletons(workspace.id, str(workspace.fields["seed"])), *_tree(workspace, requests)):
        rows.insert(connection, context, document)
    while full_text.index_some(connection, 1000):
        pass
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return workspace.id


def _tree(workspace: Document, requests: int) -> Iterator[Document]:
    number = 0
    folder_keys = spread(-(-requests // _A_FOLDER))
    request_keys = spread(_A_FOLDER)
    for position, folder_key in enumerate(folder_keys):
        folder = folder_document(workspace.id, workspace.id, sort_key=folder_key, name=f"Folder {position}")
        yield folder
        for request_key in request_keys[: requests - number]:
            yield request_document(workspace.id, folder.id, sort_key=request_key, number=number)
            number += 1
