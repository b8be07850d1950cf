"""What pages and heads mean for the cursor: going on, full pulls, and a server that went back in time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from insomnia_desktop.sync.cursor import (
    Advance,
    Cursor,
    GroupState,
    Ignore,
    Invalid,
    Restart,
    after_page,
    is_at_head,
    repair_pull,
    resync_pull,
    server_change,
)

EPOCH, OTHER = b"e" * 16, b"o" * 16
STORED = Cursor(seq=10, server_epoch=EPOCH, last_head=20, full=None, generation=3)
LAST = GroupState(EPOCH, head_seq=25, digest=b"d", next_seq=25)
FIRST = replace(LAST, next_seq=12, more=True)


def test_a_page_moves_the_cursor() -> None:
    outcome = after_page(STORED, FIRST, [11, 12], after=10, full=False)
    assert outcome == Advance(replace(STORED, seq=12, last_head=25), None)
    outcome = after_page(STORED, LAST, [11, 25], after=10, full=False)
    assert outcome == Advance(replace(STORED, seq=25, last_head=25), None)
    assert after_page(STORED, LAST, [], after=10, full=False) == outcome


def test_a_page_is_applied_only_where_the_cursor_still_stands() -> None:
    assert after_page(STORED, LAST, [], after=9, full=False) == Ignore()


def test_the_first_pull_is_full_and_takes_the_epoch() -> None:
    new = Cursor()
    assert (new.full, new.mode) == ("first", "full")
    page = replace(FIRST, next_seq=2)
    outcome = after_page(new, page, [1, 2], after=0, full=True)
    assert outcome == Advance(replace(new, seq=2, server_epoch=EPOCH, last_head=25), None)
    end = after_page(outcome.cursor, LAST, [25], after=2, full=True)
    assert end == Advance(Cursor(25, EPOCH, 25, None, 1), "first")


def test_during_a_full_pull_the_page_of_a_push_is_ignored() -> None:
    full = replace(STORED, full="repair")
    assert after_page(full, LAST, [], after=10, full=False) == Ignore()
    assert after_page(STORED, LAST, [], after=10, full=True) == Ignore()
    assert (full.mode, STORED.mode, replace(STORED, full="resync").mode) == ("repair", "normal", "full")


def test_after_410_everything_is_pulled_anew_under_a_new_generation() -> None:
    restart = after_page(STORED, LAST, [], after=10, full=False, resync=True)
    assert restart == resync_pull(STORED)
    assert restart == Restart(replace(STORED, seq=0, full="resync", generation=4), "resync")
    assert not restart.went_back


def test_410_to_a_full_pull_is_no_answer() -> None:
    full = replace(STORED, full="repair")
    assert after_page(full, LAST, [], after=10, full=True, resync=True) == Invalid()


@pytest.mark.parametrize("full", [None, "first", "resync", "repair"])
def test_another_epoch_begins_a_repair(full: Any) -> None:
    cursor = replace(STORED, full=full)
    page = replace(LAST, server_epoch=OTHER, head_seq=5)
    restart = after_page(cursor, page, [], after=10, full=full is not None, resync=True)
    assert restart == Restart(Cursor(0, OTHER, 5, "repair", 4), "new_epoch")
    assert restart.went_back
    # The page of the repair is then one like any other.
    assert isinstance(after_page(restart.cursor, replace(page, next_seq=5), [], after=0, full=True), Advance)


def test_a_head_that_went_back_begins_a_repair() -> None:
    restart = server_change(STORED, replace(LAST, head_seq=19))
    assert restart == Restart(replace(STORED, seq=0, last_head=19, full="repair", generation=4), "head_went_back")
    assert restart.went_back
    assert server_change(STORED, replace(LAST, head_seq=20)) is None
    assert server_change(replace(STORED, server_epoch=None), replace(LAST, head_seq=0)) is None


def test_a_repair_for_the_digest_says_nothing_of_time() -> None:
    restart = repair_pull(STORED, "digest")
    assert (restart.cursor.full, restart.went_back) == ("repair", False)


@pytest.mark.parametrize(
    ("page", "seqs"),
    [
        (replace(FIRST, next_seq=10), []),
        (replace(FIRST, next_seq=12), [11]),
        (replace(FIRST, next_seq=12), [12, 11, 12]),
        (replace(FIRST, next_seq=12), [10, 12]),
        (replace(FIRST, next_seq=26), [26]),
        (replace(LAST, next_seq=24), [24]),
        (LAST, [26]),
        (LAST, [12, 12]),
    ],
)
def test_a_page_that_does_not_lead_on_is_no_answer(page: GroupState, seqs: list[int]) -> None:
    assert after_page(STORED, page, seqs, after=10, full=False) == Invalid()


def test_at_head_is_where_everything_told_was_pulled() -> None:
    assert is_at_head(replace(STORED, seq=25), LAST)
    assert not is_at_head(STORED, LAST)
    assert not is_at_head(replace(STORED, seq=25, full="repair"), LAST)
    assert not is_at_head(replace(STORED, seq=25, server_epoch=OTHER), LAST)
