"""What a pulled row changes: each case of rules 4 and 6, and laws for any of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from insomnia_desktop.sync.pulled_row import (
    FastForward,
    Listed,
    Merge,
    Quarantined,
    Unchanged,
    asks_revisions,
    decide,
    is_fork,
)
from insomnia_desktop.sync.values import Plaintext, Quarantine, Resource
from tests.unit.sync.documents import base, clean, dirty, hash_of, head, plaintexts, request, row

ONE, MINE, THEIRS = request(url="/"), request(url="/", method="PUT"), request(url="/theirs")
BOTH = request(url="/theirs", method="PUT")


def merge_of(resource: Resource, pulled: Any, opened: Plaintext, **more: Any) -> Merge:
    decision = decide(resource, pulled, opened, **more)
    assert isinstance(decision, Merge)
    return decision


def agreed(local: Any, *, deleted: bool = False, version: int = 1) -> Resource:
    """Return a resource whose base is ONE."""
    return Resource(head(version, deleted=deleted), base(ONE, deleted=deleted), local)


# 4.1 and 4.2


def test_the_same_version_and_hash_changes_nothing() -> None:
    assert decide(agreed(dirty(MINE)), row(1), ONE) == Unchanged()


@pytest.mark.parametrize("reason", ["undecryptable", "malformed", "newer_schema"])
def test_what_cannot_be_used_goes_into_quarantine_and_the_document_stays(reason: Any) -> None:
    for local in (None, clean(ONE), dirty(MINE)):
        decision = decide(agreed(local), row(2), reason)
        assert decision == Quarantined(row(2).as_head(), Quarantine(reason, before=head(1)), ())
    assert decide(Resource(), row(2), reason) == Quarantined(row(2).as_head(), Quarantine(reason), ())


def test_another_type_goes_into_quarantine() -> None:
    folder = replace(ONE, kind="folder")
    for resource in (agreed(clean(ONE)), Resource(local=dirty(ONE)), Resource(base=base(ONE))):
        decision = decide(resource, row(2), folder)
        assert isinstance(decision, Quarantined)
        assert decision.quarantine.reason == "type_changed"


def test_a_row_in_quarantine_is_tried_again_and_merged_with_the_old_base() -> None:
    held = Resource(head(2), base(ONE), clean(ONE), Quarantine("undecryptable"))
    assert decide(held, row(2), "undecryptable") == Unchanged()
    assert isinstance(decide(held, row(2), THEIRS), FastForward)
    merged = merge_of(replace(held, local=dirty(MINE)), row(2), THEIRS)
    assert merged.plaintext.is_same(BOTH)
    assert merged.conflicts == ()


def test_a_newer_row_ends_a_quarantine_or_prolongs_it() -> None:
    held = Resource(head(2), base(ONE), clean(ONE), Quarantine("newer_schema"))
    assert isinstance(decide(held, row(3), THEIRS), FastForward)
    assert decide(held, row(3), "undecryptable") == Quarantined(row(3).as_head(), Quarantine("undecryptable"), ())


def test_a_fork_in_quarantine_is_remembered_so_that_no_edit_is_taken_for_old() -> None:
    known = Resource(head(5), base(MINE), clean(MINE))
    decision = decide(known, row(3, branch="old"), "undecryptable")
    assert isinstance(decision, Quarantined)
    assert decision.notices == ("server_went_back",)
    held = replace(known, head=decision.head, quarantine=decision.quarantine)
    # Still a fork after a later row that cannot be read either.
    after = decide(held, row(4, after="old"), "undecryptable")
    assert isinstance(after, Quarantined)
    assert after.quarantine == Quarantine("undecryptable", forked=True, before=head(5))
    assert after.notices == ()
    merged = merge_of(held, row(3, branch="old"), ONE)
    assert merged.plaintext.fields["method"] == "PUT"
    assert not merged.clean


# 4.3


@pytest.mark.parametrize(
    ("known", "pulled", "forked"),
    [
        (None, row(3), False),
        (head(2), row(2), False),
        (head(2), row(2, branch="other"), True),
        (head(3), row(2), True),
        (head(2), row(3), False),
        (head(2), row(3, after="other"), True),
        (head(2), row(7), False),
    ],
)
def test_a_fork_is_what_does_not_descend_from_the_head(known: Any, pulled: Any, forked: bool) -> None:
    assert is_fork(known, pulled, "normal") is forked
    assert is_fork(known, pulled, "full") is forked


def test_a_gap_is_asked_about_in_repair_and_after_a_push_of_our_own() -> None:
    assert not asks_revisions(head(2), row(4), "normal")
    assert not asks_revisions(head(2), row(4), "full")
    assert asks_revisions(head(2), row(4), "repair")
    assert asks_revisions(head(2, own=True), row(4), "normal")
    assert not asks_revisions(head(2, own=True), row(3), "repair")
    assert not asks_revisions(None, row(4), "repair")


def test_a_gap_is_a_fork_unless_the_server_lists_the_head() -> None:
    shown = Listed(2, hash_of(2, ""))
    for mode, known in (("repair", head(2)), ("normal", head(2, own=True))):
        assert not is_fork(known, row(4), mode, shown)  # type: ignore[arg-type]
        for other in (None, Listed(2, hash_of(2, "other")), Listed(1, hash_of(1, ""))):
            assert is_fork(known, row(4), mode, other)  # type: ignore[arg-type]


def test_a_clean_document_is_not_rolled_back_by_a_fork() -> None:
    known = Resource(head(5), base(MINE), clean(MINE))
    merged = merge_of(known, row(3), ONE, mode="repair")
    assert merged.plaintext.is_same(MINE)
    assert not merged.clean
    assert merged.head == row(3).as_head()
    assert merged.base.plaintext is ONE
    assert merged.notices == ("server_went_back",)


def test_a_fork_is_merged_without_a_base_and_both_values_are_kept() -> None:
    known = Resource(head(5, own=True), base(MINE), clean(MINE))
    merged = merge_of(known, row(9), THEIRS, listed=None)
    assert merged.plaintext.fields == {"name": "One", "url": "/", "method": "PUT"}
    assert [(conflict.path, conflict.theirs) for conflict in merged.conflicts] == [(("url",), "/theirs")]


def test_in_a_fork_of_a_younger_row_a_deletion_stays_and_otherwise_life_wins() -> None:
    for local in (clean(MINE, deleted=True), dirty(MINE, deleted=True)):
        known = Resource(head(5, deleted=True), base(MINE, deleted=True), local)
        merged = merge_of(known, row(4, branch="x"), ONE)
        assert (merged.deleted, merged.clean) == (True, False)
        merged = merge_of(known, row(5, branch="x"), ONE)
        assert (merged.deleted, merged.clean) == (False, True)
        assert [conflict.path for conflict in merged.conflicts] == [("method",)]


def test_a_deletion_that_the_trash_has_let_go_of_stays_in_such_a_fork_too() -> None:
    gone = Resource(head(5, deleted=True))
    merged = merge_of(gone, row(4), ONE)
    assert (merged.deleted, merged.clean, merged.read_rev) == (True, False, 0)
    assert merged.plaintext.is_same(ONE)
    decision = decide(gone, row(6), ONE)
    assert isinstance(decision, FastForward)
    assert decision.read_rev == 0


# 4.4


def test_a_new_resource_and_a_clean_document_take_the_row() -> None:
    for resource in (Resource(), agreed(clean(ONE)), agreed(clean(ONE, deleted=True)), Resource(head(1))):
        for deleted in (False, True):
            decision = decide(resource, row(2, deleted=deleted), THEIRS)
            assert isinstance(decision, FastForward)
            assert decision.base == base(THEIRS, deleted=deleted)
            assert decision.head == row(2, deleted=deleted).as_head()
            assert decision.read_rev == (resource.local.local_rev if resource.local else 0)


def test_a_fork_without_a_document_is_told() -> None:
    decision = decide(Resource(head(5), quarantine=Quarantine("malformed")), row(4), ONE)
    assert isinstance(decision, FastForward)
    assert decision.notices == ("server_went_back",)


def test_a_document_that_nobody_agreed_on_is_merged_even_if_it_counts_as_clean() -> None:
    merged = merge_of(Resource(local=clean(MINE)), row(1), THEIRS)
    assert merged.plaintext.fields == {"name": "One", "url": "/", "method": "PUT"}
    assert len(merged.conflicts) == 1
    assert merge_of(Resource(local=clean(MINE)), row(1), request(url="/", method="PUT")).clean
    # In the trash of this device alone, while another device made it anew.
    merged = merge_of(Resource(local=clean(MINE, deleted=True)), row(1), THEIRS)
    assert (merged.deleted, merged.clean) == (False, True)
    assert [conflict.path for conflict in merged.conflicts] == [("url",), ("method",)]


# 4.5


def test_a_dirty_document_is_merged_and_stays_dirty() -> None:
    merged = merge_of(agreed(dirty(MINE)), row(2), THEIRS)
    assert merged.plaintext.is_same(BOTH)
    assert (merged.clean, merged.deleted, merged.read_rev) == (False, False, 4)
    assert merged.base == base(THEIRS)
    assert merged.head == row(2).as_head()
    assert merged.notices == ()


def test_a_result_that_equals_the_row_is_clean() -> None:
    assert merge_of(agreed(dirty(MINE)), row(2), BOTH).clean
    assert merge_of(agreed(dirty(THEIRS)), row(2), THEIRS).clean


# Rule 6


def test_my_edit_wins_over_their_deletion_with_what_they_had_edited_before() -> None:
    merged = merge_of(agreed(dirty(MINE)), row(2, deleted=True), THEIRS)
    assert (merged.deleted, merged.clean) == (False, False)
    assert merged.plaintext.is_same(BOTH)
    assert merged.notices == ("edit_won",)


def test_their_edit_wins_over_my_deletion_and_what_i_had_edited_becomes_conflicts() -> None:
    merged = merge_of(agreed(dirty(MINE, deleted=True)), row(2), THEIRS)
    assert (merged.deleted, merged.clean) == (False, True)
    assert merged.plaintext.is_same(THEIRS)
    assert [(conflict.path, conflict.mine) for conflict in merged.conflicts] == [(("method",), "PUT")]
    assert merged.notices == ("edit_won",)


def test_delete_against_delete_is_done() -> None:
    merged = merge_of(agreed(dirty(ONE, deleted=True)), row(2, deleted=True), ONE)
    assert (merged.deleted, merged.clean, merged.notices, merged.conflicts) == (True, True, (), ())


def test_an_edit_before_both_deleted_is_not_lost() -> None:
    merged = merge_of(agreed(dirty(MINE, deleted=True)), row(2, deleted=True), THEIRS)
    assert (merged.deleted, merged.clean) == (True, False)
    assert merged.plaintext.is_same(BOTH)


def test_a_row_that_equals_the_base_is_no_edit() -> None:
    mine_deleted = merge_of(agreed(dirty(MINE, deleted=True)), row(2), ONE)
    assert (mine_deleted.deleted, mine_deleted.clean, mine_deleted.notices) == (True, False, ())
    assert mine_deleted.plaintext.is_same(MINE)
    theirs_deleted = merge_of(agreed(dirty(ONE)), row(2, deleted=True), THEIRS)
    assert (theirs_deleted.deleted, theirs_deleted.clean) == (True, True)
    assert theirs_deleted.plaintext.is_same(THEIRS)


def test_bringing_back_is_an_edit_of_either_side() -> None:
    mine = merge_of(agreed(dirty(ONE), deleted=True), row(2, deleted=True), THEIRS)
    assert (mine.deleted, mine.clean, mine.notices) == (False, False, ())
    assert mine.plaintext.is_same(THEIRS)
    theirs = merge_of(agreed(dirty(MINE, deleted=True), deleted=True), row(2), ONE)
    assert (theirs.deleted, theirs.clean) == (False, True)
    assert [conflict.path for conflict in theirs.conflicts] == [("method",)]


def test_without_a_base_life_wins() -> None:
    assert not merge_of(Resource(local=dirty(ONE)), row(1, deleted=True), ONE).deleted
    assert not merge_of(Resource(local=dirty(ONE, deleted=True)), row(1), ONE).deleted


# Laws

HEADS = st.none() | st.builds(head, st.integers(1, 3), branch=st.sampled_from("xy"), deleted=st.booleans())
LOCALS = st.none() | st.builds(dirty, plaintexts(), deleted=st.booleans())
BASES = st.none() | st.builds(base, plaintexts(), deleted=st.booleans())
ROWS = st.builds(
    row, st.integers(1, 4), branch=st.sampled_from("xy"), after=st.sampled_from("xy"), deleted=st.booleans()
)
REASONS: Any = st.sampled_from(["undecryptable", "malformed"])
QUARANTINES = st.none() | st.builds(Quarantine, REASONS, st.booleans(), HEADS)


@given(
    st.builds(Resource, HEADS, BASES, LOCALS, QUARANTINES), ROWS, plaintexts(), st.sampled_from(["normal", "repair"])
)
def test_the_head_follows_the_row_and_no_edit_is_forgotten(
    resource: Resource, pulled: Any, opened: Plaintext, mode: Any
) -> None:
    decision = decide(resource, pulled, opened, mode=mode)
    if isinstance(decision, Unchanged):
        assert pulled.is_head(resource.head)
        return
    assert decision.head == pulled.as_head()
    if isinstance(decision, FastForward):
        assert resource.local is None
    if isinstance(decision, Merge):
        assert decision.base == base(opened, deleted=pulled.deleted)
        assert decision.clean == (decision.deleted == pulled.deleted and decision.plaintext.is_same(opened))


@given(plaintexts(), plaintexts(), st.booleans(), st.booleans())
def test_a_merged_result_that_was_pushed_is_taken_as_it_is(
    mine: Plaintext, theirs: Plaintext, mine_deleted: bool, theirs_deleted: bool
) -> None:
    resource = Resource(head(1), base(ONE), dirty(mine, deleted=mine_deleted))
    merged = merge_of(resource, row(2, deleted=theirs_deleted), theirs)
    other = Resource(head(2), base(theirs, deleted=theirs_deleted), clean(theirs, deleted=theirs_deleted))
    taken = decide(other, row(3, deleted=merged.deleted), merged.plaintext)
    assert isinstance(taken, FastForward)
    assert taken.base == base(merged.plaintext, deleted=merged.deleted)
