"""The tree model: rows, grey rows, granular changes, drag and drop by ids."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from insomnia_desktop.model import TreeRow
from insomnia_desktop.ui.models.request_tree_model import (
    COUNT_ROLE,
    KIND_ROLE,
    METHOD_ROLE,
    MIME_TYPE,
    PLACEHOLDER_ROLE,
    UNSAVED_ROLE,
    VIEW_ONLY_ROLE,
    RequestTreeModel,
)


def row(row_id: str, parent: str | None, key: str, kind: str = "request", name: str = "") -> TreeRow:
    return TreeRow(id=row_id, kind=kind, parent_id=parent, sort_key=key, name=name or row_id, method="GET")


ROWS = [
    row("orders", None, "B", "folder"),
    row("list", "orders", "B"),
    row("create", "orders", "C"),
    row("empty", None, "C", "folder"),
    row("health", None, "D"),
]


def checked_model(rows: list[TreeRow]) -> RequestTreeModel:
    model = RequestTreeModel("Add a request")
    model.tester = QAbstractItemModelTester(  # type: ignore[attr-defined]
        model, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    model.load(rows)
    return model


@pytest.fixture
def model(qapp: object) -> RequestTreeModel:
    return checked_model(ROWS)


def names(model: RequestTreeModel, parent: QModelIndex | None = None) -> list[object]:
    parent = parent or QModelIndex()
    out: list[object] = []
    for at in range(model.rowCount(parent)):
        index = model.index(at, 0, parent)
        out.append("+" if index.data(PLACEHOLDER_ROLE) else index.data())
        if model.rowCount(index):
            out.append(names(model, index))
    return out


def test_rows_and_grey_rows(model: RequestTreeModel) -> None:
    assert names(model) == ["orders", ["list", "create"], "empty", ["+"], "health"]
    index = model.index_of("orders")
    assert index.data(KIND_ROLE) == "folder"
    assert index.data(COUNT_ROLE) == 2
    assert model.index_of("list").data(METHOD_ROLE) == "GET"
    assert model.index_of("list").data(Qt.ItemDataRole.AccessibleTextRole) == "GET list"
    grey = model.index(0, 0, model.index_of("empty"))
    assert grey.data() == "Add a request"
    assert model.id_at(grey) is None
    assert model.folder_at(grey) == "empty"
    assert model.folder_at(model.index_of("create")) == "orders"
    assert model.folder_at(model.index_of("health")) is None


def test_an_empty_tree_shows_one_grey_row(qapp: object) -> None:
    model = checked_model([])
    assert names(model) == ["+"]
    model.put([row("first", None, "B")])
    assert names(model) == ["first"]
    model.remove(["first"])
    assert names(model) == ["+"]


def test_inserting_moving_updating_removing(model: RequestTreeModel) -> None:
    model.put([row("new", "empty", "B")])
    assert names(model) == ["orders", ["list", "create"], "empty", ["new"], "health"]
    model.put([row("list", "orders", "D")])
    assert names(model) == ["orders", ["create", "list"], "empty", ["new"], "health"]
    model.put([row("create", "empty", "A")])
    assert names(model) == ["orders", ["list"], "empty", ["create", "new"], "health"]
    model.put([row("list", "empty", "AA")])
    assert names(model) == ["orders", ["+"], "empty", ["create", "list", "new"], "health"]
    model.put([row("health", None, "D", name="Well")])
    assert model.index_of("health").data() == "Well"
    model.remove(["empty", "unknown"])
    assert names(model) == ["orders", ["+"], "Well"]
    assert not model.index_of("new").isValid()


def test_a_filter_hides_and_shows(model: RequestTreeModel) -> None:
    model.set_filter("create")
    assert names(model) == ["orders", ["create"]]
    model.put([row("create2", "orders", "E")])
    assert names(model) == ["orders", ["create", "create2"]]
    model.remove(["create"])
    assert names(model) == ["orders", ["create2"]]
    model.set_filter("")
    assert names(model) == ["orders", ["list", "create2"], "empty", ["+"], "health"]


def test_many_rows_at_once_are_one_reset(model: RequestTreeModel) -> None:
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    model.put([row(f"r{n}", "orders", f"E{n:04}1") for n in range(600)])
    assert resets == [True]
    assert model.rowCount(model.index_of("orders")) == 602


def test_a_row_that_was_waited_for_takes_its_children(model: RequestTreeModel) -> None:
    model.put([row("child", "later", "A")])
    assert "child" in names(model)
    model.put([row("later", None, "Z", "folder")])
    assert names(model)[-2:] == ["later", ["child"]]


def test_a_typed_name_is_a_wish(model: RequestTreeModel) -> None:
    wishes: list[tuple[str, str]] = []
    model.rename_requested.connect(lambda row_id, name: wishes.append((row_id, name)))
    index = model.index_of("list")
    assert model.setData(index, "  Lists ")
    assert model.setData(index, "list")
    assert not model.setData(index, "   ")
    assert wishes == [("list", "Lists")]
    assert index.data() == "list"


def test_dropping_is_a_wish(model: RequestTreeModel) -> None:
    wishes: list[tuple[list[str], str, str]] = []
    model.move_requested.connect(lambda ids, parent, before: wishes.append((ids, parent, before)))
    data = model.mimeData([model.index_of("list")])
    assert data.hasFormat(MIME_TYPE)
    move = Qt.DropAction.MoveAction
    root = QModelIndex()
    assert not model.dropMimeData(data, move, -1, -1, model.index_of("empty"))
    assert not model.dropMimeData(data, move, 2, 0, root)
    assert not model.dropMimeData(data, move, 0, 0, model.index_of("orders"))
    assert wishes == [(["list"], "empty", ""), (["list"], "", "health"), (["list"], "orders", "create")]


def test_a_folder_is_not_dropped_into_itself(model: RequestTreeModel) -> None:
    data = model.mimeData([model.index_of("orders")])
    assert not model.canDropMimeData(data, Qt.DropAction.MoveAction, -1, -1, model.index_of("orders"))
    assert model.canDropMimeData(data, Qt.DropAction.MoveAction, -1, -1, model.index_of("empty"))
    model.set_filter("list")
    assert not model.canDropMimeData(data, Qt.DropAction.MoveAction, 0, 0, QModelIndex())


def test_foreign_data_is_refused(model: RequestTreeModel) -> None:
    data = model.mimeData([])
    data.setData(MIME_TYPE, b"{not json")
    assert not model.canDropMimeData(data, Qt.DropAction.MoveAction, 0, 0, QModelIndex())


@given(st.lists(st.tuples(st.integers(0, 7), st.one_of(st.none(), st.integers(0, 7)), st.integers(0, 3)), max_size=25))
def test_any_changes_keep_the_model_sound(changes: list[tuple[int, int | None, int]]) -> None:
    model = checked_model([])
    latest: dict[str, TreeRow] = {}
    for number, parent, key in changes:
        name = f"r{number}"
        parent_id = None if parent is None else f"r{parent}"
        if parent_id == name:
            doomed = [name, *(latest_id for latest_id in latest if _stands_under(latest, latest_id, name))]
            model.remove([name])
            for gone in doomed:
                latest.pop(gone, None)
            continue
        if parent_id is not None and (parent_id not in latest or _stands_under(latest, parent_id, name)):
            continue
        latest[name] = row(name, parent_id, f"K{key}", "folder")
        model.put([latest[name]])
    assert names(model) == names(checked_model(list(latest.values())))


def _stands_under(rows: dict[str, TreeRow], row_id: str | None, above: str) -> bool:
    while row_id is not None and row_id in rows:
        if rows[row_id].parent_id == above:
            return True
        row_id = rows[row_id].parent_id
    return False


def test_rows_are_carried_from_top_to_bottom_however_they_were_selected(model: RequestTreeModel) -> None:
    indexes = [model.index_of(each) for each in ("health", "create", "orders", "list")]
    carried = model.mimeData([*indexes, indexes[0]])
    assert json.loads(bytes(carried.data(MIME_TYPE).data())) == ["orders", "list", "create", "health"]


def test_folders_that_another_process_put_into_each_other_are_shown_once(qapp: object) -> None:
    model = checked_model([row("a", None, "B", "folder"), row("b", "a", "B", "folder"), row("leaf", "b", "B")])
    model.put([row("a", "b", "B", "folder")])
    assert names(model) == ["a", ["b", ["leaf"]]]
    model.put([row("b", None, "C", "folder")])
    assert names(model) == ["b", ["a", ["+"], "leaf"]]


def test_many_rows_under_a_filter_go_at_once(qapp: object) -> None:
    model = checked_model([row(f"r{number:05}", None, f"k{number:05}") for number in range(3000)])
    model.set_filter("r0")
    resets: list[None] = []
    model.modelReset.connect(lambda: resets.append(None))
    model.remove([f"r{number:05}" for number in range(100, 2900)])
    assert len(resets) == 1
    assert model.rowCount() == 200


def test_a_filter_over_10_000_rows_follows_what_is_written(qapp: object) -> None:
    folders = [row(f"f{number:03}", None, f"k{number:05}", "folder") for number in range(100)]
    requests = [row(f"r{number:05}", f"f{number % 100:03}", f"k{number:05}") for number in range(10_000)]
    model = checked_model(folders + requests)
    model.set_filter("r00042")
    assert names(model) == ["f042", ["r00042"]]
    model.put([row("r00042", "f007", "k", name="renamed"), row("r09999", "f099", "k", name="is r00042 now")])
    assert names(model) == ["f099", ["is r00042 now"]]
    model.set_filter("")
    assert model.rowCount() == 100
    assert model.rowCount(model.index_of("f007")) == 101


def test_rows_that_are_not_backed_up_are_marked_and_only_these_are_told(model: RequestTreeModel) -> None:
    told: list[object] = []
    model.dataChanged.connect(lambda first, _last, roles: told.append((first.data(), list(roles))))
    model.set_unsaved(frozenset({"create", "orders", "not here"}))
    assert sorted(told) == [("create", [UNSAVED_ROLE]), ("orders", [UNSAVED_ROLE])]
    told.clear()
    model.set_unsaved(frozenset({"create"}))
    assert told == [("orders", [UNSAVED_ROLE])]
    assert model.index_of("create").data(UNSAVED_ROLE) is True
    assert model.index_of("orders").data(UNSAVED_ROLE) is False
    assert model.index_of("create").data(Qt.ItemDataRole.AccessibleTextRole) == "GET create, not backed up"
    # A row that comes later is marked too.
    model.set_unsaved(frozenset({"fresh"}))
    model.put([row("fresh", None, "E")])
    assert model.index_of("fresh").data(UNSAVED_ROLE) is True


def test_recovered_opens_and_closes_and_is_nothing_else(qapp: object) -> None:
    model = checked_model([])
    model.load([row("a", "w", "A"), row("lost", "gone", "A"), row("found", "gone", "B")], "w")
    assert names(model) == ["a", "Recovered", ["lost", "found"]]
    recovered = model.recovered_index()
    assert model.id_at(recovered) is None
    assert model.folder_at(recovered) is None
    assert model.folder_at(model.index_of("lost")) is None
    assert recovered.data(VIEW_ONLY_ROLE)
    assert not model.index_of("a").data(VIEW_ONLY_ROLE)
    assert "not on this device" in recovered.data(Qt.ItemDataRole.ToolTipRole)
    assert recovered.flags() == Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
    assert not model.setData(recovered, "Mine")
    carried = model.mimeData([recovered, model.index_of("lost")])
    move = Qt.DropAction.MoveAction
    for at in (-1, 0, 1):
        assert not model.canDropMimeData(carried, move, at, 0, recovered)
    wishes: list[tuple[list[str], str, str]] = []
    model.move_requested.connect(lambda *wish: wishes.append(wish))
    model.dropMimeData(carried, move, 1, 0, QModelIndex())
    assert wishes == [(["lost"], "", "")]


def test_recovered_comes_and_goes_with_what_it_holds(qapp: object) -> None:
    model = checked_model([])
    model.load([row("a", "w", "A")], "w")
    assert not model.recovered_index().isValid()
    model.put([row("lost", "gone", "A")])
    assert names(model) == ["a", "Recovered", ["lost"]]
    model.put([row("lost", "gone", "A", name="renamed"), row("b", "w", "B")])
    assert names(model) == ["a", "b", "Recovered", ["renamed"]]
    model.put([row("gone", "w", "C", "folder", name="Gone")])
    assert names(model) == ["a", "b", "Gone", ["renamed"]]
    model.remove(["gone"])
    model.put([row("lost", "gone", "A")])
    model.remove(["lost"])
    assert names(model) == ["a", "b"]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(-2, 6), st.integers(0, 3)), max_size=20))
def test_any_changes_with_unknown_parents_keep_the_model_sound(changes: list[tuple[int, int, int]]) -> None:
    model = checked_model([])
    model.load([], "w")
    latest: dict[str, TreeRow] = {}
    for number, parent, key in changes:
        name, above = f"r{number}", "w" if parent == -1 else f"r{parent}"
        if above == name:
            if not any(each.parent_id == name for each in latest.values()):
                model.remove([name])
                latest.pop(name, None)
        elif not _stands_under(latest, above, name):
            latest[name] = row(name, above, f"K{key}", "folder")
            model.put([latest[name]])
    fresh = checked_model([])
    fresh.load(list(latest.values()), "w")
    assert names(model) == names(fresh)
