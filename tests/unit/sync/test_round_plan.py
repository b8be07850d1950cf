"""What a round does next, case by case; tests/unit/sync/test_model.py lets whole rounds run."""

from __future__ import annotations

from dataclasses import replace

from insomnia_desktop.sync.cursor import Advance, Cursor, GroupState, Ignore, Invalid, repair_pull, resync_pull
from insomnia_desktop.sync.push_results import Accepted, Awaited, Blocked, Forgotten
from insomnia_desktop.sync.round_plan import (
    MOST_IN_VAIN,
    MOST_RESTARTS,
    Done,
    Failed,
    LiveSent,
    Pull,
    Repair,
    RestoreParents,
    Round,
    Seal,
    Send,
    Stored,
    learned,
    next_step,
    pulled,
    pushed,
    refused_whole,
    restarted,
    sealed,
)
from tests.unit.sync.documents import head

EPOCH = b"e" * 16
CURSOR = Cursor(seq=9, server_epoch=EPOCH, last_head=9, full=None)
AT_HEAD = GroupState(EPOCH, head_seq=9, digest=b"same", next_seq=9)
QUIET = Stored(CURSOR, b"same")
TOLD = learned(Round(), AT_HEAD)
TAKEN = Accepted("a", head(1), 1)


def test_an_outbox_is_sent_before_anything_else() -> None:
    full = Stored(replace(CURSOR, full="repair"), b"", outbox=2, live=3)
    assert next_step(full, Round()) == Send(alone=False)
    assert next_step(full, refused_whole(Round())) == Send(alone=True)
    assert next_step(full, sealed(refused_whole(Round()))) == Send(alone=False)


def test_during_a_full_pull_nothing_is_sealed() -> None:
    stored = Stored(replace(CURSOR, seq=4, full="first"), b"", live=3)
    assert next_step(stored, Round()) == Pull(4, full=True)


def test_what_is_dirty_is_sent_and_the_answer_saves_the_pull() -> None:
    assert next_step(replace(QUIET, live=1), Round()) == Seal(tombstones=True)
    assert next_step(replace(QUIET, tombstones=1), Round()) == Seal(tombstones=True)
    assert next_step(QUIET, pulled(Round(), AT_HEAD, Advance(CURSOR, None), [])) == Done(verified=True)


def test_pages_are_pulled_until_there_are_no_more_before_the_next_push() -> None:
    state = pulled(Round(), replace(AT_HEAD, more=True), Advance(CURSOR, None), [])
    assert next_step(replace(QUIET, live=1), state) == Pull(9, full=False)


def test_heads_that_tell_nothing_new_save_every_request() -> None:
    assert next_step(QUIET, TOLD) == Done(verified=True)
    assert next_step(QUIET, Round()) == Pull(9, full=False)
    assert next_step(QUIET, learned(Round(), replace(AT_HEAD, head_seq=12))) == Pull(9, full=False)


def test_at_head_deleted_parents_come_back_first() -> None:
    assert next_step(replace(QUIET, to_restore=1, digest=b"other"), TOLD) == RestoreParents()


def test_another_digest_is_repaired_once_and_then_needs_attention() -> None:
    stored = replace(QUIET, digest=b"other")
    assert next_step(stored, TOLD) == Repair("digest")
    again = restarted(TOLD, repair_pull(CURSOR, "digest"))
    assert next_step(stored, again) == Done(verified=False, attention="digest")


def test_a_row_that_stood_in_the_way_is_looked_for_before_anything_is_sent_again() -> None:
    dirty = replace(QUIET, live=1)
    waiting = pushed(TOLD, (Awaited("a"),))
    assert next_step(dirty, pushed(Round(), (Awaited("a"),))) == Pull(9, full=False)
    assert next_step(dirty, waiting) == Repair("row_missing")
    assert next_step(dirty, pulled(waiting, AT_HEAD, Advance(CURSOR, None), ["b"])) == Repair("row_missing")
    assert next_step(dirty, pulled(waiting, AT_HEAD, Advance(CURSOR, None), ["a"])) == Seal(tombstones=True)
    repaired = restarted(waiting, repair_pull(CURSOR, "row_missing"))
    assert next_step(dirty, repaired) == Done(verified=False, attention="row_missing")


def test_tombstones_wait_for_the_living_rows_of_other_groups() -> None:
    stored = replace(QUIET, tombstones=2)
    assert next_step(stored, TOLD, tombstones=False) == LiveSent()
    assert next_step(replace(stored, live=1), TOLD, tombstones=False) == Seal(tombstones=False)


def test_what_is_held_back_is_not_verified() -> None:
    assert next_step(replace(QUIET, held=1), TOLD) == Done(verified=False, held=1)


def test_a_page_that_is_not_applied_teaches_nothing() -> None:
    assert pulled(TOLD, replace(AT_HEAD, head_seq=77), Ignore(), ["a"]) == TOLD


def test_an_answer_that_is_none_ends_the_round() -> None:
    assert next_step(QUIET, pulled(TOLD, AT_HEAD, Invalid(), [])) == Failed()
    assert next_step(QUIET, pushed(TOLD, None)) == Failed()


def test_a_restart_by_a_page_counts_as_the_repair_unless_it_is_a_resync() -> None:
    gone_back = pulled(TOLD, AT_HEAD, repair_pull(CURSOR, "new_epoch"), [])
    assert (gone_back.repaired, gone_back.went_back) == (True, True)
    after_410 = pulled(TOLD, AT_HEAD, resync_pull(CURSOR), [])
    assert (after_410.repaired, after_410.went_back) == (False, False)
    assert restarted(gone_back, repair_pull(CURSOR, "digest")).went_back


def test_answers_replayed_without_end_end_the_round() -> None:
    state = TOLD
    for _ in range(MOST_RESTARTS):
        state = restarted(state, resync_pull(CURSOR))
        assert next_step(QUIET, state) != Failed()
    assert next_step(QUIET, restarted(state, resync_pull(CURSOR))) == Failed()
    state = TOLD
    for _ in range(MOST_IN_VAIN):
        state = pulled(pushed(state, (Awaited("a"), Forgotten("b", None))), AT_HEAD, Advance(CURSOR, None), ["a"])
        assert next_step(QUIET, state) != Failed()
    assert next_step(QUIET, pushed(state, (Awaited("a"),))) == Failed()
    for progress in (TAKEN, Blocked("a", "quota", 1)):
        assert pushed(state, (Awaited("a"), progress)).vain == 0
