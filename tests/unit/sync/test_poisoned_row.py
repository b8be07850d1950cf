"""A row that cannot be opened, and the good one after it; about sync.pulled_row and `Resource.opened_head`.

Such a row is bytes of somebody without a key: a damaged disk, a bad network, a server that lies. Nothing in it can be
believed, neither its version nor that it is a tombstone, and the hash that is computed of it is of something that
nobody wrote. Were the good row after it judged by that hash, it would be a fork: merged without a base, the old values
of a document that nobody edited would stand against the new ones as conflicts, and would be sent as an edit.

So the head before it is kept with the quarantine, and what comes is judged by that. Why this opens nothing to a server
that lies: whatever it gets by sending such a row and then another one, it would get by sending the other one alone.
What it must not get is more, and each of these is a test below:

- to take a document back: a version that is not newer than the one *before* the row is a fork, whatever the row said;
- to have a fork forgotten: a row that was a fork when it came leaves a doubt, and no gap is taken on trust after it;
- to spare itself the question that is asked after a push of our own: the head before is still known as our own;
- to have a deletion: that the row said it was one is nothing that was deleted here.
"""

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
    RowDecision,
    Unchanged,
    asked_head,
    decide,
    without_purged,
)
from insomnia_desktop.sync.values import Base, Head, Local, Plaintext, Quarantine, Resource, Row
from tests.unit.sync.documents import base, clean, dirty, hash_of, head, plaintexts, request, row

ONE, MINE, THEIRS = request(url="/"), request(url="/", method="PUT"), request(url="/theirs")
BOTH = request(url="/theirs", method="PUT")
AGREED = Resource(head(5), base(ONE), clean(ONE))
EDITED = replace(AGREED, local=dirty(MINE))


def poison(version: int = 6, *, deleted: bool = False) -> Row:
    """Return a row whose bytes nobody wrote: its version is a claim, its hash nobody's."""
    return row(version, branch="poison", deleted=deleted)


def applied(resource: Resource, decision: RowDecision) -> Resource:
    """Return what is stored after a decision."""
    if isinstance(decision, Quarantined):
        return replace(resource, head=decision.head, quarantine=decision.quarantine)
    if isinstance(decision, FastForward):
        rev = decision.read_rev
        return Resource(decision.head, decision.base, Local(decision.base.plaintext, decision.base.deleted, rev, rev))
    if isinstance(decision, Merge):
        rev = decision.read_rev + 1
        synced = rev if decision.clean else rev - 1
        return Resource(decision.head, decision.base, Local(decision.plaintext, decision.deleted, rev, synced))
    return resource


def poisoned(resource: Resource = AGREED, *rows: Row, mode: Any = "normal") -> Resource:
    """Return what is stored once such rows came."""
    for each in rows or (poison(),):
        resource = applied(resource, decide(resource, each, "undecryptable", mode=mode))
    assert resource.quarantine is not None
    return resource


def is_taken(decision: RowDecision, plaintext: Plaintext) -> bool:
    """Say whether a decision takes what came as it is, as an ordinary newer version of a clean document."""
    return isinstance(decision, FastForward) and decision.base.plaintext is plaintext and not decision.notices


# What is wanted.


@pytest.mark.parametrize(
    "good", [row(6), row(7, branch="x"), row(9)], ids=["the version itself", "its successor", "a later one"]
)
def test_a_good_row_after_it_is_an_ordinary_newer_version(good: Row) -> None:
    for before in (poison(), poison(7), poison(6, deleted=True)):
        held = poisoned(AGREED, before)
        if good.version < before.version:
            continue
        assert is_taken(decide(held, good, THEIRS), THEIRS)
        # And with an edit of one's own, an ordinary merge with what was last agreed on.
        merged = decide(poisoned(EDITED, before), good, THEIRS)
        assert isinstance(merged, Merge)
        assert merged.plaintext.is_same(BOTH)
        assert (merged.conflicts, merged.notices) == ((), ())


def test_also_in_the_repair_that_its_hash_leads_to() -> None:
    """The digest differs where the head is a row that nobody wrote, so it mostly is a repair that brings the good."""
    held = poisoned()
    assert is_taken(decide(held, row(6), THEIRS, mode="repair"), THEIRS)
    assert asked_head(held, row(8), "repair") == head(5)
    assert is_taken(decide(held, row(8), THEIRS, mode="repair", listed=Listed(5, hash_of(5, ""))), THEIRS)


def test_one_after_many_of_them_too() -> None:
    held = poisoned(AGREED, poison(6), poison(6, deleted=True), row(7, branch="worse"), row(9, branch="worst"))
    assert held.quarantine == Quarantine("undecryptable", before=head(5))
    assert is_taken(decide(held, row(9), THEIRS), THEIRS)


def test_nothing_was_there_before_it() -> None:
    """A new resource whose first row is poisoned is still a new one: nobody hears of a server that went back."""
    held = poisoned(Resource(), poison(6))
    assert is_taken(decide(held, row(6), THEIRS), THEIRS)
    # Of the damaged row nothing is believed, so this is no deletion that was made here.
    held = poisoned(Resource(), poison(6, deleted=True))
    decision = decide(held, row(6), THEIRS)
    assert isinstance(decision, FastForward)
    assert not decision.base.deleted


def test_a_version_that_was_made_on_it_follows_it() -> None:
    """Of a newer program with a key that is not known here. Only who read it names its hash, and that holds its own."""
    held = poisoned(AGREED, row(6, branch="later"))
    assert is_taken(decide(held, row(7, after="later"), THEIRS), THEIRS)
    assert asked_head(poisoned(AGREED, row(8, branch="later")), row(9, after="later"), "repair") is None


def test_it_can_be_read_after_all() -> None:
    held = poisoned(EDITED, row(6))
    assert decide(held, row(6), "undecryptable") == Unchanged()
    merged = decide(held, row(6), THEIRS)
    assert isinstance(merged, Merge)
    assert merged.conflicts == ()


# What a server must not get by it.


@pytest.mark.parametrize("version", [1, 4, 5])
@pytest.mark.parametrize("by", [poison(), poison(1), poison(9), poison(1, deleted=True)], ids=str)
def test_no_document_goes_back_behind_what_was_known(version: int, by: Row) -> None:
    """Old rows open, and a server has them all. Each is a fork of the head before, which no poisoned row takes away."""
    held = poisoned(AGREED, by)
    decision = decide(held, row(version, branch="" if version < 5 else "x"), THEIRS, mode="normal")
    assert isinstance(decision, Merge)
    assert decision.plaintext.fields["url"] == "/"
    assert [conflict.theirs for conflict in decision.conflicts] == ["/theirs"]
    # It was told, now or when the poisoned row came.
    told = held.quarantine is not None and held.quarantine.forked
    assert decision.notices == (() if told and by.version <= version else ("server_went_back",))


def test_the_version_that_was_known_comes_again() -> None:
    """It is no fork, and changes nothing; but who showed a later version, even one of nobody, did go back."""
    decision = decide(poisoned(), row(5), ONE)
    assert isinstance(decision, FastForward)
    assert decision.base.plaintext is ONE
    assert decision.notices == ("server_went_back",)


def test_another_branch_of_the_next_version_stays_a_fork() -> None:
    held = poisoned()
    decision = decide(held, row(6, after="other"), THEIRS)
    assert isinstance(decision, Merge)
    assert len(decision.conflicts) == 1
    assert decision.notices == ("server_went_back",)


def test_what_is_our_own_is_asked_about_as_before() -> None:
    """Silently restored and written on, a server could else hide by one bad row that it has lost what we pushed."""
    own = replace(AGREED, head=head(5, own=True))
    held = poisoned(own)
    assert asked_head(held, row(9), "normal") == head(5, own=True)
    assert is_taken(decide(held, row(9), THEIRS, listed=Listed(5, hash_of(5, ""))), THEIRS)
    for listed in (None, Listed(5, hash_of(5, "other")), Listed(4, hash_of(4, ""))):
        decision = decide(held, row(9), THEIRS, listed=listed)
        assert isinstance(decision, Merge)
        assert decision.plaintext.fields["url"] == "/"
        assert decision.notices == ("server_went_back",)
    assert asked_head(held, row(6), "normal") is None
    assert asked_head(held, poison(), "normal") is None


def test_after_a_fork_that_could_not_be_read_no_gap_is_believed() -> None:
    """A restored server whose rows cannot be read for a while: once it is as far as before, it looks like a gap."""
    held = poisoned(AGREED, row(3, branch="restored"), mode="repair")
    assert held.quarantine == Quarantine("undecryptable", forked=True, before=head(5))
    assert asked_head(held, row(7), "normal") == head(5)
    decision = decide(held, row(7), THEIRS, listed=Listed(5, hash_of(5, "restored")))
    assert isinstance(decision, Merge)
    assert len(decision.conflicts) == 1
    # What was made on it is of that branch.
    decision = decide(held, row(4, after="restored"), THEIRS)
    assert isinstance(decision, Merge)
    # Where the bad row was nobody's, the branch of before goes on.
    assert is_taken(decide(held, row(6), THEIRS), THEIRS)
    assert is_taken(decide(held, row(7), THEIRS, listed=Listed(5, hash_of(5, ""))), THEIRS)


def test_a_deletion_of_ours_stays_in_a_fork_by_what_was_known_when_it_was_made() -> None:
    gone = Resource(head(5, deleted=True), base(ONE, deleted=True), clean(ONE, deleted=True))
    decision = decide(poisoned(gone, poison(2)), row(4, branch="x"), THEIRS)
    assert isinstance(decision, Merge)
    assert decision.deleted
    # As it does where the trash has let go of it; and what is not deleted here is not by a bad row either.
    decision = decide(poisoned(Resource(head(5, deleted=True)), poison(2)), row(4, branch="x"), THEIRS)
    assert isinstance(decision, Merge)
    assert decision.deleted
    decision = decide(poisoned(Resource(head(5)), poison(9, deleted=True)), row(4, branch="x"), THEIRS)
    assert isinstance(decision, FastForward)
    assert not decision.base.deleted


@pytest.mark.parametrize("reason", ["malformed", "newer_schema", "type_changed"])
def test_what_could_be_opened_is_a_version_like_any_other(reason: Any) -> None:
    """Somebody with the keys made it, so what does not descend from it is a fork, as after any other head."""
    made = row(6, branch="made")
    decision = decide(AGREED, made, replace(ONE, kind="folder") if reason == "type_changed" else reason)
    assert isinstance(decision, Quarantined)
    held = applied(AGREED, decision)
    assert held.opened_head == made.as_head()
    assert is_taken(decide(held, row(7, after="made"), THEIRS), THEIRS)
    for fork in (row(6), row(7)):
        decision = decide(held, fork, THEIRS)
        assert isinstance(decision, Merge)
        assert decision.notices == ("server_went_back",)


def test_what_schema_3_put_aside_is_judged_as_it_was_then() -> None:
    """Nothing was kept of the head before: what does not follow the row itself counts as a fork, and loses nothing."""
    held = Resource(head(6, branch="poison"), base(ONE), clean(ONE), Quarantine("undecryptable"))
    assert held.opened_head == held.head
    decision = decide(held, row(7), THEIRS)
    assert isinstance(decision, Merge)
    assert decision.notices == ("server_went_back",)
    assert is_taken(decide(held, row(7, after="poison"), THEIRS), THEIRS)


def test_a_resource_that_the_server_has_no_more_is_judged_by_nothing() -> None:
    held = replace(poisoned(), head=None, base=None)
    assert held.opened_head is None
    again = decide(held, row(1), "undecryptable")
    assert isinstance(again, Quarantined)
    assert again.quarantine.before is None
    merged = decide(held, row(1), THEIRS)
    assert isinstance(merged, Merge)
    assert merged.notices == ()


def test_only_a_tombstone_that_could_be_opened_is_one_that_the_server_has_let_go_of() -> None:
    """What was made anew after a purge is no fork; but whoever has no key cannot make a living document purged."""
    gone = Resource(head(5, deleted=True), base(ONE, deleted=True), clean(ONE, deleted=True))
    assert without_purged(poisoned(gone, poison(7)), row(1), floor=99) == Resource(local=gone.local)
    assert without_purged(gone, row(1), floor=14) is gone
    held = poisoned(AGREED, poison(7, deleted=True))
    assert without_purged(held, row(4), floor=99) is held
    # The bad row itself, once more.
    held = poisoned(gone, poison(4))
    assert without_purged(held, poison(4), floor=99) is held


# The law behind all of them.

POISON = st.builds(
    lambda version, deleted, prev: replace(poison(version, deleted=deleted), prev=prev),
    st.integers(0, 9),
    st.booleans(),
    st.sampled_from([hash_of(5, ""), hash_of(8, "x"), bytes(32)]),
)
GOOD = st.builds(
    row, st.integers(1, 9), branch=st.sampled_from(["", "x"]), after=st.sampled_from(["", "x"]), deleted=st.booleans()
)
HEADS = st.none() | st.builds(head, st.integers(1, 6), deleted=st.booleans(), own=st.booleans())
LOCALS = st.builds(clean, plaintexts(), deleted=st.booleans()) | st.builds(dirty, plaintexts(), deleted=st.booleans())
LISTED = st.none() | st.builds(lambda version, x: Listed(version, hash_of(version, x)), st.integers(1, 6), st.just(""))


@given(HEADS, st.none() | LOCALS, st.lists(POISON, min_size=1, max_size=3), GOOD, plaintexts(), LISTED, st.booleans())
def test_a_server_gets_nothing_by_it_that_it_would_not_get_without_it(
    known: Head | None,
    local: Local | None,
    rows: list[Row],
    good: Row,
    theirs: Plaintext,
    listed: Listed | None,
    in_repair: bool,
) -> None:
    """The document and the base become what they would be had the bad rows never come, or what a fork makes of them.

    A fork only where the server is doubted since one of the bad rows was a fork itself: it may tell more, never less.
    """
    mode: Any = "repair" if in_repair else "normal"
    agreed = None if known is None else Base(local.plaintext if local is not None else ONE, known.deleted)
    plain = Resource(known, agreed, local)
    held = plain
    for each in rows:
        held = applied(held, decide(held, each, "undecryptable"))
    assert held.opened_head == known
    asked_without, asked = asked_head(plain, good, mode), asked_head(held, good, mode)
    assert asked_without is None or asked == asked_without
    without = decide(plain, good, theirs, mode=mode, listed=listed if asked_without is not None else None)
    decision = decide(held, good, theirs, mode=mode, listed=listed if asked is not None else None)
    if isinstance(without, Unchanged):
        # The version that was known comes again: nothing is taken from it, and no edit is lost.
        assert isinstance(decision, FastForward | Merge)
        assert decision.base.plaintext is theirs
        return
    assert isinstance(without, FastForward | Merge)
    if asked is not None and asked_without is None and listed != Listed(asked.version, asked.rev_hash):
        assert not isinstance(decision, FastForward) or local is None
        return
    assert set(without.notices) - set(decision.notices) <= {"server_went_back"}
    assert "server_went_back" in decision.notices or set(without.notices) == set(decision.notices) or _told(held)
    assert _without_notices(decision) == _without_notices(without)


def _told(held: Resource) -> bool:
    return held.quarantine is not None and held.quarantine.forked


def _without_notices(decision: RowDecision) -> Any:
    assert isinstance(decision, FastForward | Merge)
    told: Any = [(each.path, each.mine, each.theirs) for each in getattr(decision, "conflicts", ())]
    plaintext = decision.plaintext if isinstance(decision, Merge) else decision.base.plaintext
    deleted = decision.deleted if isinstance(decision, Merge) else decision.base.deleted
    as_json = (plaintext.kind, plaintext.place, repr(plaintext.fields), repr(plaintext.rest), deleted)
    return type(decision), decision.head, as_json, decision.read_rev, repr(told), decision.base.deleted
