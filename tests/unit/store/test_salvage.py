"""Damaged stores: named when opened, and saved as far as can be read; about store.salvage and store.broken_file."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import singleton_id
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import Store, backup, database
from insomnia_desktop.store.commands.documents import DeleteDocuments
from insomnia_desktop.store.commands.responses import AddResponse
from insomnia_desktop.store.commands.search import IndexTexts
from insomnia_desktop.store.commands.settings import SetLocal, SetSetting
from insomnia_desktop.store.queries.documents import document, search, trash, tree_rows, workspaces
from insomnia_desktop.store.queries.responses import history
from insomnia_desktop.store.queries.settings import local, settings
from insomnia_desktop.store.salvage import RECOVERED_NAME, SalvageReport, salvage
from tests.support.clock import FixedClock
from tests.support.desk import Desk, refused
from tests.support.responses import response_of

REQUESTS = 400
PAGE = database.PAGE_SIZE


def _open(folder: DataFolder) -> Store:
    return Store.open(folder, clock=FixedClock(), care_after_s=3600)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a store of 400 requests in folders, with a response, a setting, and something in the trash."""
    folder = DataFolder(tmp_path_factory.mktemp("sound"))
    store = _open(folder)
    desk = Desk(store)
    workspace_id = desk.workspace("Shop")
    for number in range(REQUESTS):
        if number % 40 == 0:
            folder_id = desk.folder(workspace_id, f"folder {number // 40}")
        request_id = desk.request(folder_id, f"request {number}", url=f"http://x/{number}", description="y" * 600)
    desk.run(AddResponse(response_of(desk.get(request_id)), keep=5))
    desk.run(DeleteDocuments([desk.request(workspace_id, "deleted")]))
    desk.run(SetSetting("s", 1))
    desk.run(SetLocal("l", [1]))
    desk.run(IndexTexts(10_000))
    store.close()
    return folder.store_file.read_bytes()


@pytest.fixture
def filled(data_folder: DataFolder, sound: bytes) -> DataFolder:
    """A folder with that store, closed."""
    data_folder.store_file.write_bytes(sound)
    return data_folder


def _head_gone(path: Path, _: random.Random) -> None:
    _overwrite(path, 0, bytes(100))


def _first_page_gone(path: Path, _: random.Random) -> None:
    _overwrite(path, 0, b"\xa5" * PAGE)


def _truncated(path: Path, _: random.Random) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size * 2 // 3 + 77)


def _pages_gone(path: Path, chance: random.Random) -> None:
    pages = path.stat().st_size // PAGE
    for page in chance.sample(range(1, pages), pages // 15):
        _overwrite(path, page * PAGE, chance.randbytes(PAGE))


def _bits_flipped(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(200):
        content[chance.randrange(PAGE, len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def _overwrite(path: Path, position: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(position)
        file.write(content)


@pytest.mark.parametrize("damage", [_head_gone, _first_page_gone, _truncated])
def test_a_damaged_store_is_named_and_left_alone(
    filled: DataFolder, damage: Callable[[Path, random.Random], None]
) -> None:
    connection = database.connect_reader(filled.store_file)
    name = backup.make(connection, filled, "daily", clock=FixedClock())
    connection.close()
    damage(filled.store_file, random.Random(1))
    before = filled.store_file.read_bytes()
    with pytest.raises(KnownError) as caught:
        _open(filled)
    assert caught.value.code == "store.corrupt"
    assert caught.value.params["backups"] == [name]
    assert filled.store_file.read_bytes() == before


@pytest.mark.parametrize("damage", [_head_gone, _first_page_gone])
def test_a_lost_beginning_costs_nothing(filled: DataFolder, damage: Callable[[Path, random.Random], None]) -> None:
    damage(filled.store_file, random.Random(1))
    report = salvage(filled, clock=FixedClock())
    assert report == SalvageReport(
        documents={"workspace": 1, "environment": 1, "cookie_jar": 1, "folder": 10, "request": REQUESTS + 1},
        responses=1,
        settings=2,
        incomplete=0,
        moved=0,
        broken_file=report.broken_file,
    )
    store = _open(filled)
    reader = store.reader()
    (workspace,) = workspaces(reader)
    rows = tree_rows(reader, workspace.id)
    assert len(rows) == REQUESTS + 10
    assert [row.name for row in trash(reader, workspace.id)] == ["deleted"]
    last = next(row for row in rows if row.name == f"request {REQUESTS - 1}")
    assert len(history(reader, last.id, 5)) == 1
    assert settings(reader) == {"s": 1}
    assert local(reader, "l") == [1]
    assert (filled.root / report.broken_file).exists()
    desk = Desk(store)
    desk.run(IndexTexts(10_000))
    assert [hit.name for hit in search(reader, "request 399")] == ["request 399"]
    store.close()


@pytest.mark.parametrize("damage", [_truncated, _pages_gone, _bits_flipped])
@pytest.mark.parametrize("seed", range(4))
def test_what_can_be_read_is_saved_and_the_store_works_again(
    filled: DataFolder, damage: Callable[[Path, random.Random], None], seed: int
) -> None:
    damage(filled.store_file, random.Random(seed))
    report = salvage(filled, clock=FixedClock())
    assert report.documents["request"] > REQUESTS // 4
    store = _open(filled)
    reader = store.reader()
    complete = []
    for workspace in workspaces(reader):
        home = document(reader, workspace.id)
        assert home is not None
        assert document(reader, singleton_id(home.fields["seed"], "base_environment")) is not None
        rows = tree_rows(reader, workspace.id)
        ids = {row.id for row in rows} | {workspace.id}
        assert all(row.parent_id in ids for row in rows)
        complete += [row.id for row in rows if row.kind == "request" and _is_whole(store, row.id)]
    assert len(complete) > REQUESTS // 4
    connection = database.connect_reader(filled.store_file)
    assert database.is_sound(connection)
    connection.close()
    Desk(store).workspace("After")
    store.close()
    assert (filled.root / report.broken_file).exists()
    assert sorted(path.name for path in filled.root.iterdir() if path.name.startswith(("salvage", "store."))) == sorted(
        [report.broken_file, "store.sqlite"]
    )


def test_a_document_without_its_fields_keeps_what_the_tree_knew(filled: DataFolder) -> None:
    connection = database.connect_writer(filled.store_file)
    connection.execute("DELETE FROM content WHERE number IN (SELECT number FROM document WHERE name = 'request 7')")
    connection.execute("DELETE FROM document WHERE name = 'folder 3'")
    connection.execute("DELETE FROM document WHERE name = 'request 8'")
    connection.close()
    report = salvage(filled, clock=FixedClock())
    assert report.incomplete == 1
    store = _open(filled)
    reader = store.reader()
    (workspace,) = workspaces(reader)
    rows = {row.name: row for row in tree_rows(reader, workspace.id)}
    stub = document(reader, rows["request 7"].id)
    assert stub is not None
    assert stub.fields == {"name": "request 7", "method": "GET", "url": "http://x/7"}
    # The folder and the request whose place was lost are there by their content alone.
    recovered = rows[RECOVERED_NAME].id
    assert {row.name for row in rows.values() if row.parent_id == recovered} == {"folder 3", "request 8"}
    assert rows["request 130"].parent_id == rows["folder 3"].id
    store.close()


def test_where_the_workspace_is_lost_its_documents_get_another(filled: DataFolder) -> None:
    connection = database.connect_writer(filled.store_file)
    for table in ("content", "document"):
        connection.execute(f"DELETE FROM {table} WHERE id LIKE 'wrk_%'")
    connection.close()
    salvage(filled, clock=FixedClock())
    store = _open(filled)
    (workspace,) = workspaces(store.reader())
    assert workspace.name == RECOVERED_NAME
    assert len(tree_rows(store.reader(), workspace.id)) >= REQUESTS
    store.close()


def test_what_holds_nothing_is_said_to_hold_nothing(data_folder: DataFolder) -> None:
    data_folder.store_file.write_bytes(b"")
    with refused("store.nothing_to_salvage"):
        salvage(data_folder, clock=FixedClock())
    assert [path.name for path in data_folder.root.iterdir() if path.is_file()] == ["store.sqlite"]


def _is_whole(store: Store, request_id: str) -> bool:
    found = document(store.reader(), request_id)
    return found is not None and found.fields.get("description") == "y" * 600
