"""Makes the small store of the present schema that is kept in tests/databases, for later programs to open.

`python -m tests.support.make_database`; run once when a schema is released, and never again for that schema.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import msgspec

from insomnia_desktop.base.ids import new_id, singleton_id
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.model import (
    BasicAuthentication,
    Document,
    Environment,
    MultipartBody,
    Part,
    Request,
    Row,
    TextBody,
    Variable,
    fields_of,
)
from insomnia_desktop.store import Store
from insomnia_desktop.store.account_rows import AccountRow
from insomnia_desktop.store.commands.account import KeepDeviceId, SaveAccount
from insomnia_desktop.store.commands.bindings import Bind
from insomnia_desktop.store.commands.documents import CreateDocument, DeleteDocuments
from insomnia_desktop.store.commands.responses import AddResponse
from insomnia_desktop.store.commands.search import IndexTexts
from insomnia_desktop.store.commands.settings import SetLocal, SetSetting
from insomnia_desktop.store.commands.sync import ApplyRows
from insomnia_desktop.store.migrations import MIGRATIONS
from insomnia_desktop.store.queries import sync
from insomnia_desktop.store.sync_rows import BaseRow, HeadRow, HeldRow, RowWrite
from tests.support.clock import FixedClock
from tests.support.desk import Desk
from tests.support.responses import response_of

FOLDER = Path(__file__).resolve().parent.parent / "databases"
ACCOUNT, GROUP = "oKGio6SlpqeoqaqrrK2urw", "3Tk4zugADB-iOSCFj2Uung"


def make(target: Path) -> None:
    """Write a store with one of each thing that a store can hold."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = DataFolder(Path(temporary))
        store = Store.open(folder, clock=FixedClock(), care_after_s=3600)
        _fill(Desk(store))
        store.close()
        shutil.copyfile(folder.store_file, target)


def _fill(desk: Desk) -> None:
    workspace_id = desk.workspace("Shop")
    orders = desk.folder(workspace_id, "Orders")
    listed = Request(
        id="",
        parent_id=None,
        sort_key="",
        name="List orders",
        url="{{ base_url }}/orders?page=1",
        parameters=(Row(id="p00000000001", name="limit", value="50"),),
        headers=(Row(id="h00000000001", name="Accept", value="application/json"),),
        authentication=BasicAuthentication(username="ada", password="{{ password }}"),
    )
    list_id = desk.request(orders, **fields_of(listed))
    made = Request(
        id="", parent_id=None, sort_key="", name="Create an order", method="POST", body=TextBody(text='{"item": 1}')
    )
    desk.request(orders, **fields_of(made), from_the_future={"kept": True})
    ping = MultipartBody(parts=(Part(id="m00000000001", name="file", kind="file", path="a.txt"),))
    ping_id = desk.request(
        workspace_id, **fields_of(Request(id="", parent_id=None, sort_key="", name="Ping", method="ping", body=ping))
    )
    desk.run(DeleteDocuments([desk.request(workspace_id, "Deleted")]))
    base = singleton_id(desk.fields(workspace_id)["seed"], "base_environment")
    desk.set(base, variables=[{"id": "v00000000001", "enabled": True, "name": "base_url", "value": "http://localhost"}])
    staging = Environment(
        id=new_id("environment"),
        parent_id=workspace_id,
        sort_key="W",
        name="Staging",
        color="#00aa55",
        variables=(Variable(id="v00000000002", name="limits", value={"a": [1, 2.5, None]}),),
    )
    desk.run(
        CreateDocument(
            Document(
                id=staging.id,
                kind="environment",
                workspace_id=workspace_id,
                parent_id=workspace_id,
                sort_key="W",
                fields=fields_of(staging),
            )
        )
    )
    desk.set(list_id, description="All orders", coalesce="k")
    desk.run(AddResponse(response_of(desk.get(list_id)), keep=20))
    desk.run(SetSetting("sending.max_redirects", 5))
    desk.run(SetLocal("last_workspace", workspace_id))
    _sign_in(desk)
    _sync(desk, workspace_id, agreed=list_id, held=ping_id)
    desk.run(IndexTexts())


def _sign_in(desk: Desk) -> None:
    desk.run(KeepDeviceId("MDEyMzQ1Njc4OTo7PD0-Pw"))
    row = AccountRow(
        server="https://sync.example:8443",
        hosted=False,
        email="ada@example.com",
        name="Ada",
        account_id=ACCOUNT,
        state="signed_out",
        keeping="keyring",
        rev=2,
        profile='{"recovery":true}',
    )
    desk.run(SaveAccount(row, 1_000_000))


def _sync(desk: Desk, workspace_id: str, *, agreed: str, held: str) -> None:
    """Bind the workspace; of two requests the server has a version that is known here, of one a second, unreadable."""
    desk.run(Bind(workspace_id, ACCOUNT, GROUP, "[]", bytes(16)))
    known = [
        RowWrite(
            resource=document_id[4:],
            head=HeadRow(1, bytes([seq]) * 32, seq, deleted=False, own=True),
            base=BaseRow('{"s":1,"t":"request","p":null,"o":"V","d":{"name":"As agreed"}}', deleted=False),
        )
        for seq, document_id in enumerate((agreed, held), start=1)
    ]
    unreadable = RowWrite(
        resource=held[4:],
        head=HeadRow(2, bytes([3]) * 32, 3, deleted=False, own=False),
        quarantine=HeldRow(held[4:], "undecryptable", False, 2, 3, bytes([2]) * 32, False, bytes(16), b"no envelope"),
    )
    for rows in (tuple(known), (unreadable,)):
        cursor = sync.cursor(desk.store.reader(), GROUP)
        assert cursor is not None
        desk.run(ApplyRows(GROUP, ACCOUNT, cursor, msgspec.structs.replace(cursor, seq=3, last_head=3), rows))


if __name__ == "__main__":
    wanted = FOLDER / f"client-v{len(MIGRATIONS)}.sqlite"
    if wanted.exists():
        sys.exit(f"{wanted.name} is there; a released schema is made once.")
    FOLDER.mkdir(exist_ok=True)
    make(wanted)
