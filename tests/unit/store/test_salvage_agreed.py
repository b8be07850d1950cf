"""What sync agreed on says where a lost document stood, and which seed a workspace has; about store.salvage_agreed.

Also store.salvage where a workspace is bound, and `DocumentWriter.ensure_seed` of store.synced_documents.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from insomnia_desktop.base.ids import new_id, new_seed, singleton_id, to_wire
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import Store, database
from insomnia_desktop.store.commands.bindings import Bind, SwitchSync
from insomnia_desktop.store.commands.documents import CreateDocument
from insomnia_desktop.store.commands.sync import SetCursor
from insomnia_desktop.store.queries import documents, sync
from insomnia_desktop.store.salvage import RECOVERED_NAME, salvage
from insomnia_desktop.store.salvage_agreed import Agreed
from tests.support.clock import FixedClock
from tests.support.desk import Desk

ACCOUNT, EPOCH = "A" * 22, bytes(range(16))
GROUPS = ("G" * 22, "H" * 22)


class Synced:
    """Two workspaces, `first` and `second`, of which a server has everything as it is; closed, mended and opened."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder
        self.store = Store.open(folder, clock=FixedClock(), care_after_s=3600)
        desk = self.desk = Desk(self.store)
        self.first, self.second = desk.workspace("First"), desk.workspace("Second")
        self.inner = desk.folder(self.second, "Inner")
        self.request = desk.request(self.inner, "List", url="https://example.com")
        self.seeds = {each: str(desk.fields(each)["seed"]) for each in (self.first, self.second)}
        for workspace, group in zip((self.first, self.second), GROUPS, strict=True):
            desk.run(Bind(workspace, ACCOUNT, group, "[]", EPOCH))

    def agree(self, document_id: str, group: str, *, deleted: bool = False, **other: Any) -> None:
        """Write the base that a round would have left."""
        document = self.desk.get(document_id)
        parent = None if document.parent_id is None else to_wire(document.parent_id)
        text = {"s": 1, "t": document.kind, "p": parent, "o": document.sort_key, "d": document.fields, **other}
        connection = database.connect_writer(self.folder.store_file)
        connection.execute(
            "INSERT INTO base (group_id, resource, plaintext, deleted) VALUES (?, ?, ?, ?)",
            (group, document_id[4:], json.dumps(text), int(deleted)),
        )
        connection.close()

    def lose(self, *document_ids: str, tables: tuple[str, ...] = ("document", "content")) -> None:
        """Remove rows of a closed store."""
        connection = database.connect_writer(self.folder.store_file)
        for table in tables:
            connection.executemany(f"DELETE FROM {table} WHERE id = ?", [(each,) for each in document_ids])
        connection.close()

    def mend(self) -> Desk:
        """Salvage and open it."""
        self.store.close()
        salvage(self.folder, clock=FixedClock())
        self.store = Store.open(self.folder, clock=FixedClock(), care_after_s=3600)
        self.desk = Desk(self.store)
        return self.desk

    def living(self, workspace_id: str) -> list[str]:
        """Return the ids of what lives in a workspace."""
        rows = self.store.reader().rows(
            "SELECT id FROM document WHERE workspace_id = ? AND deleted_at IS NULL ORDER BY id", (workspace_id,)
        )
        return [row[0] for row in rows]


@pytest.fixture
def synced(data_folder: DataFolder) -> Any:
    made = Synced(data_folder)
    yield made
    made.store.close()


# A workspace that lost both its rows.


def test_its_seed_and_name_are_those_that_were_agreed_on(synced: Synced) -> None:
    synced.agree(synced.second, GROUPS[1])
    order = synced.desk.get(synced.second).sort_key
    seed = synced.seeds[synced.second]
    environment, jar = singleton_id(seed, "base_environment"), singleton_id(seed, "cookie_jar")
    synced.store.close()
    synced.lose(synced.second, environment, jar)
    desk = synced.mend()
    assert desk.fields(synced.second) == {"name": "Second", "seed": seed}
    assert desk.get(synced.second).sort_key == order
    # The environment comes with the next round, as the server has it; the jar is of this device.
    assert synced.living(synced.second) == sorted([synced.second, synced.inner, synced.request, jar])


def test_nothing_is_made_up_of_one_that_the_next_round_brings(synced: Synced) -> None:
    """A seed that was made up would win the merge without a base: every device would then look for other singletons."""
    synced.store.close()
    synced.lose(synced.second)
    desk = synced.mend()
    assert desk.fields(synced.second) == {}
    seed = synced.seeds[synced.second]
    environment, jar = singleton_id(seed, "base_environment"), singleton_id(seed, "cookie_jar")
    assert synced.living(synced.second) == sorted([synced.second, synced.inner, synced.request, environment, jar])
    # People see it all the same.
    assert [row.name for row in documents.workspaces(synced.store.reader())] == ["First", RECOVERED_NAME]


def test_nor_where_only_its_text_is_lost(synced: Synced) -> None:
    seed = synced.seeds[synced.second]
    synced.store.close()
    synced.lose(singleton_id(seed, "base_environment"), singleton_id(seed, "cookie_jar"))
    synced.lose(synced.second, tables=("content",))
    desk = synced.mend()
    assert desk.fields(synced.second) == {"name": "Second"}
    assert synced.living(synced.second) == sorted([synced.second, synced.inner, synced.request])


@pytest.mark.parametrize("other", ["off", "unbound"])
def test_one_that_no_round_brings_gets_all_it_needs(synced: Synced, other: str) -> None:
    if other == "off":
        synced.desk.run(SwitchSync(synced.second, ACCOUNT, "off"))
    synced.store.close()
    synced.lose(synced.second)
    if other == "unbound":
        connection = database.connect_writer(synced.folder.store_file)
        connection.execute("DELETE FROM binding")
        connection.close()
    desk = synced.mend()
    fields = desk.fields(synced.second)
    assert fields["name"] == RECOVERED_NAME
    assert fields["seed"] != synced.seeds[synced.second]
    singletons = {singleton_id(fields["seed"], kind) for kind in ("base_environment", "cookie_jar")}
    assert singletons <= set(synced.living(synced.second))


def test_what_server_and_device_both_lost_is_made_at_the_end_of_the_pull(synced: Synced) -> None:
    synced.store.close()
    synced.lose(synced.second)
    desk = synced.mend()
    cursor = sync.cursor(synced.store.reader(), GROUPS[1])
    assert cursor is not None
    assert cursor.full == "first"
    ended = msgspec.structs.replace(cursor, full=None)
    desk.run(SetCursor(GROUPS[1], cursor, ended, ACCOUNT))
    fields = desk.fields(synced.second)
    assert fields["name"] == RECOVERED_NAME
    assert singleton_id(fields["seed"], "base_environment") in synced.living(synced.second)
    # Once: another pull changes nothing of it.
    desk.run(SetCursor(GROUPS[1], ended, cursor, ACCOUNT))
    desk.run(SetCursor(GROUPS[1], cursor, ended, ACCOUNT))
    assert desk.fields(synced.second) == fields


@pytest.mark.parametrize("damaged", [False, True])
def test_no_seed_is_made_where_the_server_has_the_workspace(synced: Synced, damaged: bool) -> None:
    """Its row may be in quarantine, or be of a program that knows no seed; and a text that is damaged may have one."""
    connection = database.connect_writer(synced.folder.store_file)
    connection.execute(
        "UPDATE content SET fields = ? WHERE id = ?", ('{"name":' if damaged else '{"name":"Seedless"}', synced.second)
    )
    if not damaged:
        connection.execute(
            "INSERT INTO head (group_id, resource, version, rev_hash, seq, deleted, own, generation)"
            " VALUES (?, ?, 1, ?, 1, 0, 0, 1)",
            (GROUPS[1], synced.second[4:], bytes(32)),
        )
    before = connection.execute("SELECT fields FROM content WHERE id = ?", (synced.second,)).fetchone()
    cursor = sync.cursor(synced.store.reader(), GROUPS[1])
    assert cursor is not None
    synced.desk.run(SetCursor(GROUPS[1], cursor, msgspec.structs.replace(cursor, full=None), ACCOUNT))
    assert connection.execute("SELECT fields FROM content WHERE id = ?", (synced.second,)).fetchone() == before
    connection.close()


# A document that lost its row.


def test_it_stands_where_it_was_agreed_to(synced: Synced) -> None:
    order = synced.desk.get(synced.request).sort_key
    folder_order = synced.desk.get(synced.inner).sort_key
    synced.agree(synced.request, GROUPS[1])
    synced.agree(synced.inner, GROUPS[1])
    synced.store.close()
    synced.lose(synced.request, synced.inner, tables=("document",))
    desk = synced.mend()
    request, folder = desk.get(synced.request), desk.get(synced.inner)
    assert (request.workspace_id, request.parent_id, request.sort_key) == (synced.second, synced.inner, order)
    assert (folder.workspace_id, folder.parent_id, folder.sort_key) == (synced.second, synced.second, folder_order)
    assert request.fields["url"] == "https://example.com"
    assert RECOVERED_NAME not in desk.names(synced.first) + desk.names(synced.second)


def test_where_its_folder_is_lost_too_it_stays_in_its_workspace(synced: Synced) -> None:
    synced.agree(synced.request, GROUPS[1])
    synced.store.close()
    synced.lose(synced.request, tables=("document",))
    synced.lose(synced.inner)
    desk = synced.mend()
    assert desk.get(synced.request).workspace_id == synced.second
    assert desk.names(synced.second) == [RECOVERED_NAME]
    assert desk.names(synced.first) == []


def test_an_environment_stands_in_its_workspace(synced: Synced) -> None:
    environment = synced.desk.get(singleton_id(synced.seeds[synced.second], "base_environment"))
    staging = msgspec.structs.replace(environment, id=new_id("environment"), sort_key="W")
    synced.desk.run(CreateDocument(staging))
    synced.agree(staging.id, GROUPS[1])
    synced.store.close()
    synced.lose(staging.id, tables=("document",))
    found = synced.mend().get(staging.id)
    assert (found.workspace_id, found.parent_id, found.sort_key) == (synced.second, synced.second, "W")


def test_what_was_agreed_to_be_deleted_stays_deleted(synced: Synced) -> None:
    """Else all devices would get it back: without a base, life wins over a deletion."""
    synced.agree(synced.request, GROUPS[1], deleted=True)
    synced.store.close()
    synced.lose(synced.request, tables=("document",))
    synced.mend()
    assert [row.id for row in documents.trash(synced.store.reader(), synced.second)] == [synced.request]
    assert synced.request not in synced.living(synced.first) + synced.living(synced.second)


@pytest.mark.parametrize(
    "base", [{"t": "folder"}, {"t": "hologram"}, {"p": "root"}, {"p": 7}, {"o": "a-b"}, {"d": []}, {"t": "workspace"}]
)
def test_a_base_that_makes_no_sense_says_nothing(synced: Synced, base: dict[str, Any]) -> None:
    synced.agree(synced.request, GROUPS[1], **base)
    synced.store.close()
    synced.lose(synced.request, tables=("document",))
    desk = synced.mend()
    assert desk.get(synced.request).workspace_id == synced.first
    assert desk.names(synced.first) == [RECOVERED_NAME]


def test_nor_do_two_groups_that_have_the_same(synced: Synced) -> None:
    for group in GROUPS:
        synced.agree(synced.request, group)
    synced.store.close()
    synced.lose(synced.request, tables=("document",))
    assert synced.mend().get(synced.request).workspace_id == synced.first


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE base SET plaintext = 'no json'",
        "UPDATE base SET group_id = 'other'",
        "UPDATE binding SET state = 'maybe'",
        "UPDATE binding SET workspace_id = 'wrk_' || number",
        "UPDATE base SET resource = 'x'",
    ],
)
def test_nor_does_what_is_damaged(synced: Synced, statement: str) -> None:
    synced.agree(synced.request, GROUPS[1])
    synced.store.close()
    synced.lose(synced.request, tables=("document",))
    connection = database.connect_writer(synced.folder.store_file)
    connection.execute(statement)
    connection.close()
    assert synced.mend().get(synced.request).workspace_id == synced.first


def test_what_a_base_says_of_a_workspace_is_believed_as_far_as_it_makes_sense() -> None:
    agreed, workspace = Agreed(), new_id("workspace")
    assert (agreed.name(workspace), agreed.seed(workspace), agreed.place(workspace)) == (None, None, None)
    for fields, expected in (
        ({"name": 7, "seed": "short"}, (None, None)),
        ({"name": "Shop", "seed": None}, ("Shop", None)),
    ):
        agreed = Agreed()
        text = json.dumps({"s": 1, "t": "workspace", "p": None, "o": "V", "d": fields})
        agreed.add(workspace, workspace[4:], text, deleted=False)
        assert (agreed.name(workspace), agreed.seed(workspace)) == expected
    seed = new_seed()
    for text in (b"\xff", None, 7, json.dumps({"s": 1, "t": "workspace", "p": None, "o": "V", "d": {"seed": seed}})):
        agreed.add(workspace, workspace[4:], text, deleted=False)
    assert agreed.seed(workspace) == seed
