"""What is stored and is no JSON, no object, no text: it is named, and all else goes on.

About store.codec, and what store.full_text, store.reader, store.care, store.undo_rows, store.conflict_rows and
store.queries make of it.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import new_id, singleton_id
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.model import Edit
from insomnia_desktop.store import Store, backup, database, writer
from insomnia_desktop.store.care import Care
from insomnia_desktop.store.commands.documents import DeleteDocuments, DuplicateDocument, PatchDocument
from insomnia_desktop.store.commands.responses import AddResponse
from insomnia_desktop.store.commands.search import IndexTexts
from insomnia_desktop.store.commands.settings import SetLocal, SetSetting
from insomnia_desktop.store.commands.undo import Undo
from insomnia_desktop.store.queries import documents as queries
from insomnia_desktop.store.queries.responses import history, response
from insomnia_desktop.store.queries.settings import local, settings
from insomnia_desktop.store.queries.undo import undo_state
from insomnia_desktop.store.sync_rows import ConflictWrite
from tests.support.clock import FixedClock
from tests.support.desk import Desk, refused
from tests.support.logfail import LogGuard
from tests.support.responses import response_of
from tests.support.synced_workspace import Synced

NO_FIELDS = [b"no JSON", b"", b"[1]", b"null", b'"text"', b'{"name":"cut', b'{"name":"\xff"}', b'{"a":' * 100_000]


def _write(folder: DataFolder, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(folder.store_file, isolation_level=None)) as connection:
        assert connection.execute(statement, values).rowcount == 1


def _damage(folder: DataFolder, document_id: str, fields: bytes = b"no JSON") -> None:
    _write(folder, "UPDATE content SET fields = CAST(? AS TEXT) WHERE id = ?", fields, document_id)


@pytest.mark.parametrize("fields", NO_FIELDS)
def test_fields_that_are_no_object_are_named_and_stay_as_they_are(
    desk: Desk, workspace_id: str, data_folder: DataFolder, fields: bytes
) -> None:
    broken, whole = desk.request(workspace_id, "Broken"), desk.request(workspace_id, "Whole")
    _damage(data_folder, broken, fields)
    with pytest.raises(KnownError) as caught:
        desk.get(broken)
    assert caught.value.code == "document.invalid"
    assert caught.value.params == {"id": broken, "reason": "unreadable"}
    with refused("document.invalid"):
        desk.set(broken, name="Other")
    with refused("document.invalid"):
        desk.run(DuplicateDocument(broken, new_id=new_id("request")))
    # The indexer comes to it, and goes on.
    desk.run(IndexTexts())
    assert desk.store.reader().rows("SELECT count(*) FROM unindexed") == [(0,)]
    assert [hit.name for hit in queries.search(desk.store.reader(), "roke")] == ["Broken"]
    desk.set(whole, description="a word of its own")
    desk.run(IndexTexts())
    assert [hit.name for hit in queries.search(desk.store.reader(), "its own")] == ["Whole"]
    assert desk.names(workspace_id) == ["Broken", "Whole"]
    stored = desk.store.reader().rows("SELECT CAST(fields AS BLOB) FROM content WHERE id = ?", (broken,))
    assert stored == [(fields,)]
    desk.run(DeleteDocuments([broken]))
    assert desk.names(workspace_id) == ["Whole"]


def test_a_document_whose_content_is_lost_is_named_too(desk: Desk, workspace_id: str, data_folder: DataFolder) -> None:
    broken = desk.request(workspace_id, "Broken")
    _write(data_folder, "DELETE FROM content WHERE id = ?", broken)
    with refused("document.invalid"):
        desk.get(broken)
    with refused("document.invalid"):
        desk.set(broken, name="Other")
    assert queries.document(desk.store.reader(), new_id("request")) is None


def test_the_writer_lives_on_after_it_met_one_in_its_pause(
    data_folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It makes no pause before the damage is done.
    monkeypatch.setattr(writer, "_IDLE_SECONDS", 3600.0)
    store = Store.open(data_folder, clock=FixedClock(), care_after_s=3600)
    desk = Desk(store)
    workspace_id = desk.workspace()
    desk.request(workspace_id, "Broken")
    request_id = desk.request(workspace_id, "Whole", description="findable")
    _write(data_folder, "UPDATE content SET fields = '[]' WHERE number = (SELECT min(number) FROM unindexed)")
    # From here on the writer has nothing else to do.
    monkeypatch.setattr(writer, "_IDLE_SECONDS", 0.01)
    desk.request(workspace_id, "Last")
    reader = store.reader()
    looked = threading.Event()
    for _ in range(1500):
        if not reader.rows("SELECT 1 FROM unindexed"):
            break
        looked.wait(0.02)
    assert [hit.id for hit in queries.search(reader, "findable")] == [request_id]
    assert desk.request(workspace_id, "After")
    store.close()


def test_a_damaged_name_is_shown_as_far_as_it_can_be_read(
    desk: Desk, workspace_id: str, data_folder: DataFolder
) -> None:
    broken = desk.request(workspace_id, "Broken")
    _write(data_folder, "UPDATE document SET name = CAST(? AS TEXT) WHERE id = ?", b"Bro\xffen", broken)
    assert desk.names(workspace_id) == ["Bro\ufffden"]
    row = queries.live_row(desk.store.reader(), broken)
    assert row is not None
    assert row.name == "Bro\ufffden"
    assert desk.fields(broken)["name"] == "Broken"
    desk.set(broken, url="http://x")
    desk.run(DeleteDocuments([broken]))
    assert [row.name for row in queries.trash(desk.store.reader(), workspace_id)] == ["Broken"]


def test_what_another_process_wrote_is_told_also_where_its_kind_or_text_is_damaged(
    desk: Desk, workspace_id: str, data_folder: DataFolder
) -> None:
    first, second = desk.request(workspace_id), desk.request(workspace_id)
    desk.store.external_changes()
    for document_id, kind in ((first, b"strange"), (second, b"req\xffst")):
        _write(data_folder, "UPDATE counter SET change = change + 1")
        _write(
            data_folder,
            "UPDATE document SET kind = CAST(? AS TEXT), change = (SELECT change FROM counter) WHERE id = ?",
            kind,
            document_id,
        )
        if kind.isascii():
            changes = desk.store.external_changes()
            assert changes is not None
            assert [(change.kind, change.id) for change in changes.changes] == [("strange", first)]
        else:
            with refused("store.corrupt"):
                desk.store.external_changes()
    assert desk.request(workspace_id)


def test_undo_passes_over_what_cannot_be_read(desk: Desk, workspace_id: str, data_folder: DataFolder) -> None:
    broken, whole = desk.request(workspace_id, "Broken"), desk.request(workspace_id, "Whole")
    desk.set(whole, name="Renamed")
    desk.set(broken, name="Also renamed")
    _damage(data_folder, broken)
    assert desk.run(Undo(workspace_id)).changes
    assert desk.fields(whole)["name"] == "Whole"
    desk.set(whole, name="Once more")
    for column in ("operations", "label"):
        _write(data_folder, f"UPDATE undo SET {column} = '{{' WHERE number = (SELECT max(number) FROM undo)")
    state = undo_state(desk.store.reader(), workspace_id)
    assert state.undo_label is not None
    assert state.undo_label.action == "edit"
    desk.set(whole, coalesce="typing", name="T")
    _write(data_folder, "UPDATE undo SET operations = '{' WHERE number = (SELECT max(number) FROM undo)")
    desk.set(whole, coalesce="typing", name="Ty")
    assert desk.run(Undo(workspace_id)).changes
    assert desk.fields(whole)["name"] == "T"


def test_a_response_outlives_a_jar_that_cannot_be_read_and_a_damaged_one_is_named(
    desk: Desk, workspace_id: str, data_folder: DataFolder
) -> None:
    request = desk.get(desk.request(workspace_id))
    jar_id = singleton_id(desk.fields(workspace_id)["seed"], "cookie_jar")
    _damage(data_folder, jar_id)
    given = response_of(request)
    patch = (Edit(("cookies", "@c1"), {"name": "sid", "value": "1"}),)
    desk.run(AddResponse(given, keep=5, cookie_jar_patch=(jar_id, patch)))
    reader = desk.store.reader()
    assert response(reader, given.id) == given
    with refused("document.invalid"):
        desk.run(PatchDocument(jar_id, patch))
    _write(data_folder, "UPDATE response SET record = 'no JSON' WHERE id = ?", given.id)
    with refused("document.invalid"):
        response(reader, given.id)
    assert [line.id for line in history(reader, request.id, 5)] == [given.id]


def test_a_document_of_another_kind_than_its_id_says_is_damaged(
    desk: Desk, workspace_id: str, data_folder: DataFolder
) -> None:
    broken = desk.request(workspace_id, "Broken")
    _write(data_folder, "UPDATE document SET kind = 'folder' WHERE id = ?", broken)
    with refused("document.invalid"):
        desk.get(broken)
    # A kind that a newer program made is another matter.
    _write(data_folder, "UPDATE document SET kind = 'mock_server' WHERE id = ?", broken)
    assert desk.get(broken).kind == "mock_server"
    with refused("document.unknown_kind"):
        desk.run(DuplicateDocument(workspace_id, new_id=new_id("workspace")))


def test_content_whose_document_is_lost_is_not_written_over(
    desk: Desk, workspace_id: str, data_folder: DataFolder
) -> None:
    lost = desk.request(workspace_id, "Lost")
    _write(data_folder, "DELETE FROM document WHERE id = ?", lost)
    with refused("store.corrupt"):
        desk.request(workspace_id, "New")
    assert desk.store.reader().rows("SELECT id FROM content WHERE id = ?", (lost,)) == [(lost,)]
    assert database.unreadable_documents(desk.store.reader().connection) == 1


def test_a_damaged_index_of_the_search_finds_what_it_can(
    desk: Desk, workspace_id: str, data_folder: DataFolder
) -> None:
    request_id = desk.request(workspace_id, "Name", description="findable words")
    desk.run(IndexTexts())
    _write(data_folder, "UPDATE full_text_content SET c1 = NULL, c2 = x'00', c4 = 5")
    assert [hit.id for hit in queries.search(desk.store.reader(), "findable")] == [request_id]


def test_settings_and_state_that_are_no_json_count_as_absent(desk: Desk, data_folder: DataFolder) -> None:
    for key in ("a", "b", "c"):
        desk.run(SetSetting(key, 1))
        desk.run(SetLocal(key, 1))
    for table in ("setting", "local"):
        _write(data_folder, f"UPDATE {table} SET value = 'no JSON' WHERE key = 'a'")
        _write(data_folder, f"UPDATE {table} SET value = CAST(? AS TEXT) WHERE key = 'b'", b'"\xff')
    reader = desk.store.reader()
    assert settings(reader) == {"c": 1}
    assert [local(reader, key) for key in ("a", "b", "c")] == [None, None, 1]
    desk.run(SetSetting("a", 2))
    desk.run(SetLocal("a", None))
    assert settings(reader) == {"a": 2, "c": 1}


def test_the_daily_look_finds_them_and_no_copy_pushes_out_a_good_one(
    desk: Desk, workspace_id: str, data_folder: DataFolder, log_guard: LogGuard
) -> None:
    request_id = desk.request(workspace_id)
    _damage(data_folder, request_id, b"[]")
    with log_guard.expect("store.corrupt"):
        care = Care(data_folder, clock=FixedClock(), unclean=False, after_s=0)
        care.wait()
    assert care.problem is not None
    assert (care.problem.code, care.problem.params["reason"]) == ("store.corrupt", "documents")
    assert backup.names(data_folder) == []


@pytest.mark.parametrize(
    ("column", "broken"),
    [
        *((column, broken) for column in ("path", "mine", "theirs") for broken in (b"no JSON", b"", b'"\xff"')),
        # No place is this.
        ("path", b"[]"),
        ("path", b'"url"'),
    ],
)
def test_a_conflict_that_cannot_be_read_stays_and_stops_no_pull(
    desk: Desk, data_folder: DataFolder, column: str, broken: bytes
) -> None:
    synced, request = Synced(desk), new_id("request")
    conflicts = tuple(ConflictWrite(f'["{key}"]', None, '"Mine"', '"There"') for key in ("url", "name"))
    synced.arrive(synced.row(request, synced.workspace, conflicts=conflicts))
    _write(data_folder, f"UPDATE conflict SET {column} = CAST(? AS TEXT) WHERE path = ?", broken, '["url"]')
    synced.arrive(synced.row(request, synced.workspace, version=2, read_rev=0, name="Later"))
    assert desk.get(request).fields["name"] == "Later"
    with closing(sqlite3.connect(data_folder.store_file)) as connection:
        found = connection.execute(f"SELECT CAST({column} AS BLOB) FROM conflict ORDER BY number").fetchall()
        assert found[0] == (broken,)
        # The other one goes on with what arrives.
        assert connection.execute("SELECT theirs FROM conflict WHERE path = ?", ('["name"]',)).fetchall() == [
            ('"Later"',)
        ]
