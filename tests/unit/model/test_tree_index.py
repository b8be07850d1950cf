"""model.tree_index, tree_filter and tree_row: order, filter, moving, and what a damaged tree shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.model.tree_index import RECOVERED_ID, ROOT, TreeIndex, TreeRow
from insomnia_desktop.sync.tree_rules import Node, recovered


def row(row_id: str, parent: str | None = None, key: str = "V", kind: str = "folder", name: str = "") -> TreeRow:
    return TreeRow(id=row_id, kind=kind, parent_id=parent, sort_key=key, name=name or row_id, method="GET")


def shown(index: TreeIndex, handle: int = ROOT) -> list[object]:
    out: list[object] = []
    for child in index.children(handle):
        out.append(index.row(child).id)
        inner = shown(index, child)
        if inner:
            out.append(inner)
    return out


@pytest.fixture
def index() -> TreeIndex:
    return TreeIndex(
        [
            row("orders", None, "B"),
            row("list", "orders", "A", "request", "List orders"),
            row("create", "orders", "B", "request", "Create order"),
            row("customers", None, "C"),
            row("addresses", "customers", "A"),
            row("move", "addresses", "A", "request", "Move house"),
            row("health", None, "D", "request", "Health"),
        ]
    )


def test_rows_stand_in_their_order(index: TreeIndex) -> None:
    assert shown(index) == ["orders", ["list", "create"], "customers", ["addresses", ["move"]], "health"]
    assert len(index) == 7
    for handle in (index.handle("create"), index.handle("customers")):
        assert handle is not None
        assert index.children(index.parent(handle))[index.position(handle)] == handle


def test_the_filter_keeps_the_folders_above(index: TreeIndex) -> None:
    assert index.filter.apply("house move")
    assert index.filter.active
    assert shown(index) == ["customers", ["addresses", ["move"]]]
    assert index.position(index.handle("move") or 0) == 0
    assert index.filter.apply("")
    assert not index.filter.apply("  ")
    assert len(shown(index)) == 5


def test_a_folder_that_matches_shows_all_it_holds(index: TreeIndex) -> None:
    index.filter.apply("CUSTOMERS")
    assert shown(index) == ["customers", ["addresses", ["move"]]]
    index.filter.apply("order")
    assert shown(index) == ["orders", ["list", "create"]]


def test_putting_moves_and_removing_prunes(index: TreeIndex) -> None:
    handle = index.handle("customers")
    assert index.put(row("customers", "orders", "AA")) == handle
    assert shown(index) == ["orders", ["list", "customers", ["addresses", ["move"]], "create"], "health"]
    index.remove("customers")
    assert index.handle("move") is None
    assert shown(index) == ["orders", ["list", "create"], "health"]
    index.remove("never there")
    assert len(index) == 4


def test_the_place_of_a_row_is_known_before_it_is_put(index: TreeIndex) -> None:
    moved = row("list", "orders", "C", "request")
    assert index.place_of(moved) == (index.handle("orders"), 1)
    assert index.place_of(row("new", None, "BB")) == (ROOT, 1)


def test_what_may_be_moved_where(index: TreeIndex) -> None:
    assert index.may_move("list", "customers")
    assert index.may_move("addresses", None)
    assert not index.may_move("customers", "addresses")
    assert not index.may_move("customers", "customers")
    assert not index.may_move("list", "health")
    assert not index.may_move("gone", None)


def test_paths_and_counts(index: TreeIndex) -> None:
    handle = index.handle("move")
    assert handle is not None
    assert index.path(handle) == ("customers", "addresses")
    assert index.count_requests(ROOT) == 4
    assert [index.row(a).id for a in index.ancestors(handle)] == ["addresses", "customers"]
    with pytest.raises(KeyError):
        index.row(ROOT)


def test_an_unknown_parent_stands_under_the_root_and_a_cycle_opens_at_the_smallest_id() -> None:
    index = TreeIndex([row("lost", "nowhere"), row("b", "c"), row("c", "a"), row("a", "b"), row("self", "self")])
    assert sorted(index.row(child).id for child in index.children(ROOT)) == ["a", "lost", "self"]
    assert len(index) == 5
    assert shown(index, index.handle("a") or 0) == ["c", ["b"]]


def test_a_late_parent_takes_its_children(index: TreeIndex) -> None:
    index.put(row("child", "late", "A", "request"))
    assert index.parent(index.handle("child") or 0) == ROOT
    index.put(row("late", None, "A"))
    assert shown(index)[:2] == ["late", ["child"]]


def test_what_has_no_parent_here_stands_under_recovered_at_the_end_until_it_has_one() -> None:
    rows = [row("z", "w", "Z"), row("x", "nowhere", "B", "request"), row("f", "nowhere", "A"), row("in", "f")]
    index = TreeIndex([*rows, row("none", None, "A")], root_id="w", recovered="Wieder da")
    assert shown(index) == ["none", "z", RECOVERED_ID, ["f", ["in"], "x"]]
    assert len(index) == 5
    handle = index.handle(RECOVERED_ID) or 0
    assert index.is_recovered(handle)
    assert index.row(handle).name == "Wieder da"
    assert not index.is_recovered(ROOT)
    assert not index.may_move(RECOVERED_ID, None)
    assert not index.may_move("z", RECOVERED_ID)
    index.put(row("x", "w", "zz", "request"))
    index.put(row("nowhere", "w", "A"))
    assert shown(index) == ["none", "nowhere", ["f", ["in"]], "z", "x"]
    assert index.handle(RECOVERED_ID) is None
    index.put(row("late", "gone", "A", "request"))
    assert shown(index)[-2:] == [RECOVERED_ID, ["late"]]
    index.remove("late")
    assert shown(index) == ["none", "nowhere", ["f", ["in"]], "z", "x"]


def test_a_request_holds_nothing_so_what_names_it_as_its_parent_is_recovered() -> None:
    rows = [row("child", "leaf", "A", "request"), row("leaf", "w", "B", "request")]
    index = TreeIndex(rows, root_id="w")
    assert shown(index) == ["leaf", RECOVERED_ID, ["child"]]
    assert shown(TreeIndex(rows)) == ["child", "leaf"]
    index.put(row("leaf", "w", "B", "request", name="again"))
    assert shown(index) == ["leaf", RECOVERED_ID, ["child"]]


@given(st.lists(st.tuples(st.integers(0, 9), st.one_of(st.none(), st.integers(0, 9)), st.booleans()), max_size=30))
def test_any_sequence_of_puts_and_removals_is_what_a_fresh_load_shows(
    moves: list[tuple[int, int | None, bool]],
) -> None:
    index = TreeIndex(root_id="w")
    latest: dict[str, TreeRow] = {}
    for number, parent, is_removal in moves:
        name = f"r{number}"
        above = "w" if parent is None else f"r{parent}"
        if is_removal and not any(each.parent_id == name for each in latest.values()):
            index.remove(name)
            latest.pop(name, None)
        elif not is_removal and (parent is None or _acyclic(latest, name, above)):
            latest[name] = row(name, above, f"K{number}")
            index.put(latest[name])
    assert shown(index) == shown(TreeIndex(latest.values(), root_id="w"))
    nodes = {"w": Node(None), **{name: Node(each.parent_id) for name, each in latest.items()}}
    held = index.children(index.handle(RECOVERED_ID) or ROOT) if index.handle(RECOVERED_ID) else []
    assert {index.row(each).id for each in held} == recovered(nodes)


@given(st.lists(st.tuples(st.integers(0, 9), st.one_of(st.none(), st.integers(0, 9))), max_size=30))
def test_any_sequence_of_puts_is_what_a_fresh_load_shows(moves: list[tuple[int, int | None]]) -> None:
    index = TreeIndex()
    latest: dict[str, TreeRow] = {}
    for number, parent in moves:
        name = f"r{number}"
        if parent is not None and not _acyclic(latest, name, f"r{parent}"):
            continue
        latest[name] = row(name, None if parent is None else f"r{parent}", f"K{number}")
        index.put(latest[name])
    assert shown(index) == shown(TreeIndex(latest.values()))


def _acyclic(rows: dict[str, TreeRow], moved: str, parent: str | None) -> bool:
    while parent is not None:
        if parent == moved:
            return False
        parent = rows[parent].parent_id if parent in rows else None
    return True


def test_folders_may_lie_deeper_than_the_stack_of_python() -> None:
    rows = [row(f"f{at}", f"f{at - 1}" if at else None) for at in range(3000)]
    tree = TreeIndex([*rows, row("leaf", "f2999", kind="request", name="deep")])
    assert tree.count_requests(tree.handle("f0") or 0) == 1
    assert tree.filter.apply("deep")
    assert len(list(tree.descendants(0))) == 3001
    assert len(tree.ancestors(tree.handle("leaf") or 0)) == 3000
