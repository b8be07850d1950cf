"""Deleted parents of something living come back; what hangs nowhere is shown, and nothing is written for that."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.sync.tree_rules import Node, cycle_heads, parents_to_restore, recovered
from tests.unit.sync.documents import wire_id

W, A, B, C, D = (wire_id(number) for number in range(5))
UNKNOWN = wire_id(99)


def test_deleted_parents_of_a_living_child_come_back_up_to_the_workspace() -> None:
    nodes = {C: Node(B), B: Node(A, deleted=True), A: Node(W, deleted=True), W: Node(None, deleted=True), D: Node(B)}
    assert parents_to_restore(nodes) == (W, A, B)


def test_what_has_nothing_living_under_it_stays_deleted() -> None:
    nodes = {W: Node(None), A: Node(W, deleted=True), B: Node(A, deleted=True), C: Node(W)}
    assert parents_to_restore(nodes) == ()


def test_a_deleted_folder_above_a_living_one_comes_back() -> None:
    nodes = {W: Node(None), A: Node(W, deleted=True), B: Node(A), C: Node(B)}
    assert parents_to_restore(nodes) == (A,)


def test_what_is_in_quarantine_is_not_touched() -> None:
    nodes = {W: Node(None), A: Node(W, deleted=True), B: Node(A, deleted=True), C: Node(B), D: Node(A)}
    assert parents_to_restore(nodes, read_only={B}) == (A,)
    del nodes[D]
    assert parents_to_restore(nodes, read_only={B}) == ()
    assert recovered(nodes) == {C}


def test_an_unknown_parent_shows_the_child_under_recovered() -> None:
    nodes = {W: Node(None), A: Node(UNKNOWN), B: Node(A), C: Node(UNKNOWN, deleted=True)}
    assert recovered(nodes) == {A}
    assert parents_to_restore(nodes) == ()


def test_in_a_cycle_the_member_with_the_smallest_id_is_shown_under_the_workspace() -> None:
    nodes = {W: Node(None), D: Node(B), B: Node(C), C: Node(D), A: Node(C)}
    assert cycle_heads(nodes) == {B}
    assert cycle_heads({A: Node(A), B: Node(C), C: Node(B), W: Node(None)}) == {A, B}
    assert cycle_heads({W: Node(None), A: Node(W), B: Node(UNKNOWN)}) == frozenset()


def test_the_smallest_id_is_the_smallest_by_its_bytes() -> None:
    # `-` stands for 62 and comes before every letter in ASCII.
    large, small = wire_id(62 << 2), wire_id(1 << 2)
    assert large < small
    assert cycle_heads({large: Node(small), small: Node(large)}) == {small}


def test_a_deleted_cycle_comes_back_once() -> None:
    assert sorted(parents_to_restore({A: Node(B, deleted=True), B: Node(A, deleted=True), C: Node(A)})) == [A, B]


NODES = st.dictionaries(
    st.sampled_from([W, A, B, C, D]),
    st.builds(Node, st.sampled_from([None, W, A, B, C, D, UNKNOWN]), st.booleans()),
)


@given(NODES)
def test_after_bringing_back_nothing_living_hangs_under_a_deleted_parent(nodes: dict[str, Node]) -> None:
    restored = parents_to_restore(nodes)
    after = {name: Node(node.parent, node.deleted and name not in restored) for name, node in nodes.items()}
    assert all(nodes[name].deleted for name in restored)
    for node in after.values():
        if not node.deleted and node.parent in after:
            assert not after[node.parent].deleted
    assert parents_to_restore(after) == ()
    # Every walk up ends: at the workspace, under Recovered, or at the head of a cycle.
    ends = recovered(after) | cycle_heads(after)
    for name in (name for name, node in after.items() if not node.deleted):
        at: str | None = name
        for _ in range(len(after) + 1):
            if at is None or at in ends:
                break
            at = after[at].parent
        assert at is None or at in ends
