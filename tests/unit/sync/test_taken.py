"""What a merge takes without a question is told beside its conflicts: sync.merge, sync.pulled_row, sync.stored."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from msgspec.structs import replace

from insomnia_desktop.model.patch import value_at
from insomnia_desktop.store.sync_rows import HeldRow
from insomnia_desktop.sync.json_values import same
from insomnia_desktop.sync.merge import merge
from insomnia_desktop.sync.pulled_row import Merge, RowDecision, decide
from insomnia_desktop.sync.stored import row_write
from insomnia_desktop.sync.values import PLACE, REST, Plaintext, Resource
from tests.unit.sync.documents import base, dirty, head, plaintexts, request, row

PAIR = plaintexts()


def taken(before: Plaintext | None, mine: Plaintext, theirs: Plaintext) -> dict[tuple[str, ...], str]:
    return {each.path: each.side for each in merge(before, mine, theirs).taken}


def test_each_place_has_the_side_that_changed_it() -> None:
    header = {"id": "a", "name": "Accept", "value": "1"}
    before = request(url="/a", method="GET", headers=[header], gone=1)
    mine = request(url="/a", method="PUT", headers=[header, {"id": "b"}])
    theirs = request(url="/b", method="GET", headers=[{**header, "value": "2"}, {"id": "c"}], gone=1)
    assert taken(before, mine, replace(theirs, order="z", rest={"later": 1})) == {
        ("#place",): "theirs",
        ("url",): "theirs",
        ("method",): "mine",
        ("gone",): "mine",
        ("headers", "@a"): "theirs",
        ("headers", "@b"): "mine",
        ("headers", "@c"): "theirs",
        ("#rest", "later"): "theirs",
    }


def test_lines_of_both_and_a_row_that_stays_though_it_was_removed_are_of_both() -> None:
    before = request(description="a\nb\nc", headers=[{"id": "a", "value": "1"}])
    mine = request(description="A\nb\nc", headers=[])
    theirs = request(description="a\nb\nC", headers=[{"id": "a", "value": "2"}])
    assert taken(before, mine, theirs) == {("description",): "both", ("headers", "@a"): "both"}


def test_without_a_base_nobody_knows_who_changed_what() -> None:
    assert taken(None, request(url="/a"), request(method="PUT")) == {}


def test_what_both_changed_alike_and_what_is_in_conflict_is_not_taken() -> None:
    assert taken(request(url="/a", x=1), request(url="/m", x=2), request(url="/t", x=2)) == {}


@given(PAIR, PAIR, PAIR)
def test_what_is_of_one_side_stands_as_that_side_has_it(before: Plaintext, mine: Plaintext, theirs: Plaintext) -> None:
    result = merge(before, mine, theirs)
    conflicts = {each.path for each in result.conflicts}
    for each in result.taken:
        assert each.path not in conflicts
        if each.path[0] in (PLACE, REST) or each.side == "both":
            continue
        changed, other = (mine, theirs) if each.side == "mine" else (theirs, mine)
        versions = (before, changed, other, result.plaintext)
        old, kept, left, now = (value_at(version.fields, each.path) for version in versions)
        assert same(old, left)
        assert same(now, kept)
        assert not same(old, kept)


def stored(made: RowDecision) -> list[Any]:
    held = HeldRow("00" * 16, "", False, 2, 2, bytes(32), False, bytes(16), b"")
    return [(each.path, each.side) for each in row_write(made, held).taken]


def decided(mine: Plaintext, theirs: Plaintext, *, deleted: bool = False) -> RowDecision:
    agreed = Resource(head(1), base(request(url="/a", method="GET")), dirty(mine, deleted=deleted))
    return decide(agreed, row(2), theirs)


def test_it_is_kept_beside_conflicts_only() -> None:
    conflicting = decided(request(url="/m", method="PUT"), request(url="/t", method="GET"))
    assert stored(conflicting) == [(("method",), "mine")]
    assert stored(decided(request(url="/a", method="PUT"), request(url="/t", method="GET"))) == []
    # Deleted here and edited there: theirs stands whole, and nothing was merged.
    lost = decided(request(url="/m", method="PUT"), request(url="/t", method="GET"), deleted=True)
    assert isinstance(lost, Merge)
    assert lost.conflicts
    assert stored(lost) == []
