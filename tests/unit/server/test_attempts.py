"""The arithmetic of server.domain.attempts; what it does to a sign-in is in tests/server/test_attempts.py."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.server.database.failures import FailureRow
from insomnia_desktop.server.domain.attempts import counted
from tests.support.clock import START_MS

MINUTE = 60_000
HOUR = 60 * MINUTE


def tried(row: FailureRow, *moments: int) -> tuple[FailureRow, list[int]]:
    """Try at each moment; returns the row and the waits in minutes, 0 for a try that was evaluated."""
    waits = []
    for moment in moments:
        row, wait = counted(row, moment)
        waits.append(wait // MINUTE)
    return row, waits


def test_ten_tries_are_evaluated_and_the_eleventh_waits_15_minutes() -> None:
    row, waits = tried(FailureRow(), *[START_MS] * 12)
    assert waits == [0] * 10 + [15, 15]
    assert len(row.times) == 10


def test_then_there_is_one_try_between_waits_of_15_30_and_60_minutes() -> None:
    now = START_MS
    row, _ = tried(FailureRow(), *[now] * 10)
    spans = []
    for _ in range(4):
        row, wait = counted(row, now + 1)
        assert wait > 0
        spans.append(row.waits_until - now)
        now = row.waits_until
        row, wait = counted(row, now)
        assert wait == 0
    assert [span // MINUTE for span in spans] == [15, 30, 60, 60]


def test_tries_far_apart_never_wait() -> None:
    _, waits = tried(FailureRow(), *(START_MS + step * 2 * MINUTE for step in range(100)))
    assert set(waits) == {0}


def test_the_window_slides() -> None:
    moments = [START_MS, *[START_MS + 14 * MINUTE] * 8, *[START_MS + 15 * MINUTE] * 4]
    _, waits = tried(FailureRow(), *moments)
    # At 15 minutes the first one is forgotten: two more make ten.
    assert waits[-4:] == [0, 0, 15, 15]


def test_a_refused_try_is_not_counted_and_prolongs_nothing() -> None:
    row, _ = tried(FailureRow(), *[START_MS] * 10)
    later, waits = tried(row, *[START_MS + MINUTE] * 50)
    assert later == row
    assert set(waits) == {14}


def test_two_quiet_hours_forget_everything() -> None:
    row, _ = tried(FailureRow(), *[START_MS] * 10)
    assert counted(row, START_MS + 2 * HOUR - 1)[0].waits == 2
    row, wait = counted(row, START_MS + 2 * HOUR)
    assert (row, wait) == (FailureRow((START_MS + 2 * HOUR,), 0, 0, START_MS + 2 * HOUR), 0)


def test_a_clock_that_was_ten_years_ahead_makes_nobody_wait_for_ten_years() -> None:
    ahead = START_MS + 10 * 365 * 24 * HOUR
    row, _ = tried(FailureRow(), *[ahead] * 10)
    assert counted(row, START_MS)[1] == 0
    # Put back by less than two hours it costs an hour at most.
    assert 0 < counted(row, ahead - HOUR)[1] <= HOUR


@given(st.lists(st.integers(0, 40 * MINUTE), min_size=1, max_size=200))
def test_never_more_than_ten_are_evaluated_within_15_minutes(steps: list[int]) -> None:
    row, now, evaluated = FailureRow(), START_MS, []
    for step in steps:
        now += step
        row, wait = counted(row, now)
        if wait == 0:
            evaluated.append(now)
        assert len([moment for moment in evaluated if now - moment < 15 * MINUTE]) <= 10
        assert len(row.times) <= 10
        assert row.waits <= 3
