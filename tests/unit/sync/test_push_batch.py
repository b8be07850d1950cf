"""The order of a push: every beginning of it is a sound tree, and a push holds what the server takes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from insomnia_desktop.protocol.limits import BODY_BYTES, NUMBER_MAX
from insomnia_desktop.sync.push_batch import Dirty, PushBudget, PushPlan, how_many_fit, plan_push, push_budget
from insomnia_desktop.sync.push_results import Blocked
from insomnia_desktop.sync.values import NO_PREV
from tests.unit.sync.documents import hash_of, head, wire_id


def new(name: str, parent: str | None) -> Dirty:
    return Dirty(name, parent, deleted=False, local_rev=1)


def dead(name: str, parent: str | None) -> Dirty:
    return Dirty(name, parent, deleted=True, local_rev=2, head=head(1), agreed_parent=parent)


def order(plan: PushPlan) -> list[str]:
    return [change.id for change in plan.changes]


def test_the_living_go_first_parents_before_children_then_the_dead_children_before_parents() -> None:
    documents = [dead("x", "w"), dead("y", "x"), new("c", "b"), new("b", "a"), new("w", None), new("a", "w")]
    parents = {document.id: document.parent for document in documents}
    assert order(plan_push(documents, parents)) == ["w", "a", "b", "c", "y", "x"]


def test_ancestors_count_through_documents_that_are_clean() -> None:
    # A moves under C, which is clean and hangs on B, which moves to the root: A under C first would be a cycle.
    documents = [new("a", "c"), new("b", None)]
    assert order(plan_push(documents, {"a": "c", "c": "b", "b": None})) == ["b", "a"]


def test_the_dead_are_ordered_by_where_the_server_has_them() -> None:
    # Z was moved out of X here, then both were deleted: at the server Z still lives under X.
    documents = [dead("x", None), replace(dead("z", None), agreed_parent="x")]
    assert order(plan_push(documents, {"x": None, "z": None})) == ["z", "x"]


def test_a_document_deleted_before_it_was_ever_sent_is_only_marked_clean() -> None:
    never_sent = Dirty("n", "w", deleted=True, local_rev=2)
    plan = plan_push([never_sent], {"n": "w"})
    assert plan == PushPlan((), (never_sent,), 0)


def test_what_is_blocked_or_in_quarantine_stays_here() -> None:
    blocked = replace(new("b", "w"), blocked=Blocked("b", "too_large", 1))
    edited_since = replace(blocked, local_rev=2)
    quarantined = replace(new("q", "w"), quarantined=True)
    assert order(plan_push([blocked, quarantined], {})) == []
    assert order(plan_push([edited_since], {})) == ["b"]


def test_tombstones_wait_for_the_living_rows_of_other_groups() -> None:
    documents = [new("a", "w"), dead("x", "w"), dead("y", "w")]
    plan = plan_push(documents, {}, tombstones=False)
    assert order(plan) == ["a"]
    assert plan.waiting == 2


def test_what_a_change_claims_follows_the_head() -> None:
    assert (new("a", None).next_version, new("a", None).prev) == (1, NO_PREV)
    known = replace(new("a", None), head=head(4))
    assert (known.next_version, known.prev) == (5, hash_of(4, ""))


def test_a_cycle_ends_the_walk() -> None:
    documents = [new("a", "b"), new("b", "a"), new("c", "b"), new("s", "s")]
    assert sorted(order(plan_push(documents, {"a": "b", "b": "a", "c": "b", "s": "s"}))) == ["a", "b", "c", "s"]


NAMES = [wire_id(number) for number in range(7)]


@st.composite
def trees(draw: st.DrawFn) -> dict[str, tuple[str | None, bool]]:
    """Return a sound tree: parents and whether deleted; what lives has a living parent, nothing is its own ancestor."""
    order_made = draw(st.permutations(NAMES))
    tree: dict[str, tuple[str | None, bool]] = {}
    for name in order_made[: draw(st.integers(0, len(NAMES)))]:
        living = [other for other, (_, deleted) in tree.items() if not deleted]
        parent = draw(st.sampled_from([None, *tree]))
        tree[name] = (parent, draw(st.booleans()) or (parent is not None and parent not in living))
    return tree


def assert_sound(tree: dict[str, tuple[str | None, bool]]) -> None:
    for name, (parent, deleted) in tree.items():
        if deleted:
            continue
        assert parent is None or (parent in tree and not tree[parent][1]), f"{name} hangs under nothing that lives"
        walked = {name}
        at = parent
        while at is not None:
            assert at not in walked, f"{name} is in a cycle"
            walked.add(at)
            at = tree[at][0]


@given(trees(), trees())
def test_every_beginning_leaves_a_sound_tree(
    server: dict[str, tuple[str | None, bool]], wanted: dict[str, tuple[str | None, bool]]
) -> None:
    # What the server has and this device never removed is here too.
    here = {**{name: place for name, place in server.items() if name not in wanted}, **wanted}
    for name, (parent, deleted) in list(here.items()):
        if name not in wanted and not deleted:
            here[name] = (parent, True)
    documents = [
        Dirty(
            name,
            parent,
            deleted,
            local_rev=1,
            head=head(1) if name in server else None,
            agreed_parent=server[name][0] if name in server else None,
        )
        for name, (parent, deleted) in here.items()
        if server.get(name) != (parent, deleted)
    ]
    plan = plan_push(documents, {name: parent for name, (parent, _) in here.items()})
    reached = dict(server)
    assert_sound(reached)
    for change in plan.changes:
        reached[change.id] = (change.parent, change.deleted)
        assert_sound(reached)
    assert {name for name, (_, deleted) in reached.items() if not deleted} == {
        name for name, (_, deleted) in wanted.items() if not deleted
    }


def test_a_push_holds_500_changes() -> None:
    budget: PushBudget | None = push_budget()
    for _ in range(500):
        assert budget is not None
        budget = budget.spend(289)
    assert budget is not None
    assert budget.spend(289) is None


@pytest.mark.parametrize("sizes", [[1_048_576] * 2 + [1_047_552], [1_000] * 400 + [1_048_576] * 2 + [289] * 98])
def test_what_fits_is_a_body_that_the_server_takes(sizes: list[int]) -> None:
    budget: PushBudget | None = push_budget(body=BODY_BYTES)
    fitting: list[int] = []
    for size in [*sizes, 1_048_576, 1_048_576]:
        assert budget is not None
        left = budget.spend(size)
        if left is not None:
            fitting.append(size)
            budget = left
    changes = [
        {"id": "i" * 22, "version": NUMBER_MAX, "prev": "p" * 43, "deleted": False, "blob": "b" * -(-size * 4 // 3)}
        for size in fitting
    ]
    assert fitting[: len(sizes)] == sizes
    assert len(json.dumps({"after": NUMBER_MAX, "changes": changes}, separators=(",", ":"))) <= BODY_BYTES


def test_a_server_may_take_less_but_is_never_given_more() -> None:
    assert push_budget(changes=2, body=1_000).changes == 2
    assert push_budget(changes=2, body=1_000).spend(1_000) is None
    assert push_budget(changes=9_999, body=1 << 40) == push_budget()


@pytest.mark.parametrize(
    ("sizes", "fit"), [([], 0), ([9_000], 1), ([9_000, 1], 1), ([300] * 2, 2), ([300] * 3, 2), ([1] * 4, 3)]
)
def test_of_what_is_sealed_as_much_goes_as_fits_and_at_least_one(sizes: list[int], fit: int) -> None:
    assert how_many_fit(sizes, push_budget(changes=3, body=1_400)) == fit
