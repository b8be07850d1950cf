"""When rounds begin: debounce, polling, back-off and what the server asks for."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.sync.pacing import Pacing, back_off, is_stream_silent, push_due

QUIET = Pacing().succeeded(100.0, 0.5)


def due(pacing: Pacing, *, focused: bool = False, streaming: bool = True) -> float:
    return pacing.next_round(focused=focused, streaming=streaming)


def test_the_first_round_begins_at_once() -> None:
    assert due(Pacing()) == -math.inf


def test_edits_are_sent_after_a_pause_of_typing_and_after_10_s_at_most() -> None:
    assert due(QUIET.edited(200.0)) == 201.5
    assert due(QUIET.edited(200.0).edited(201.0)) == 202.5
    typing = QUIET
    for tenths in range(2000, 2200):
        typing = typing.edited(tenths / 10)
    assert due(typing) == 210.0
    assert push_due(0.0, 9.0) == 10.0


def test_a_round_takes_up_every_edit_so_far() -> None:
    begun = QUIET.edited(200.0).hint().round_begins()
    assert due(begun.succeeded(201.5, 0.5)) == math.inf
    assert due(begun.edited(201.6)) == pytest.approx(203.1)


def test_without_a_stream_heads_are_asked_every_minute_and_each_15_s_in_focus() -> None:
    assert due(QUIET) == math.inf
    assert due(QUIET, streaming=False) == 160.0
    assert due(QUIET, streaming=False, focused=True) == 115.0
    assert due(Pacing().succeeded(100.0, 0.0), streaming=False) == pytest.approx(148.0)
    assert due(Pacing().succeeded(100.0, 1.0), streaming=False) == pytest.approx(172.0)


def test_a_hint_and_a_wish_begin_a_round_nearly_at_once() -> None:
    assert due(Pacing().hint()) == -math.inf
    # Hints without end do not become rounds without a pause.
    assert due(QUIET.hint()) == 100.2
    assert due(QUIET.failed(100.0, 0.5).woken()) == 100.2
    assert QUIET.failed(100.0, 0.5).woken().failures == 0


def test_who_comes_back_to_the_window_sees_what_is_newer_than_15_s() -> None:
    assert due(QUIET.came_to_front(114.0)) == math.inf
    assert due(QUIET.came_to_front(115.0)) < 115.0
    assert due(Pacing().came_to_front(0.0)) == -math.inf
    # A long wait after failures ends, a short one goes on, and what the server asked for is waited.
    failed = QUIET
    for _ in range(6):
        failed = failed.failed(200.0, 0.5)
    assert due(failed) == 264.0
    assert due(failed.came_to_front(210.0)) == 210.0
    assert due(failed.came_to_front(250.0)) == 264.0
    assert due(QUIET.failed(200.0, 0.5, retry_after=100.0).came_to_front(210.0)) == 300.0


def test_a_round_is_for_edits_alone_where_nobody_wants_to_know_anything_else() -> None:
    edited = QUIET.edited(101.0)
    assert edited.is_for_edits(102.5, focused=False, streaming=True)
    assert not QUIET.is_for_edits(102.5, focused=False, streaming=True)
    assert not edited.hint().is_for_edits(102.5, focused=False, streaming=True)
    assert not edited.failed(101.0, 0.5).is_for_edits(110.0, focused=False, streaming=True)
    assert not Pacing().edited(101.0).is_for_edits(102.5, focused=False, streaming=True)
    # Without a stream the time to ask comes, however much is typed; such a round does not put it off.
    assert edited.is_for_edits(114.9, focused=True, streaming=False)
    assert not edited.is_for_edits(115.0, focused=True, streaming=False)
    sent = edited.round_begins().sent()
    assert due(sent) == math.inf
    assert sent.next_round(focused=True, streaming=False) == 115.0


def test_failures_double_the_wait_up_to_10_minutes() -> None:
    waits = [back_off(failures, 0.5) for failures in range(12)]
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]
    failed = QUIET.failed(100.0, 0.5).failed(110.0, 0.5)
    assert due(failed) == 114.0
    assert due(failed.edited(111.0)) == 114.0
    assert due(failed.round_begins().succeeded(114.0, 0.5)) == math.inf


def test_a_round_that_a_person_asked_for_does_not_lengthen_the_wait() -> None:
    failed = QUIET
    for _ in range(9):
        failed = failed.round_begins().failed(100.0, 0.5)
    assert due(failed) == 612.0
    pressed = failed.round_begins(asked=True).failed(110.0, 0.5)
    assert due(pressed) == 112.0
    for _ in range(5):
        pressed = pressed.round_begins(asked=True).failed(110.0, 0.5)
    assert due(pressed) == 112.0
    # From there the background waits longer and longer again.
    assert due(pressed.round_begins().failed(112.0, 0.5)) == 116.0
    # No way around what the server asks for.
    busy = QUIET.failed(100.0, 0.5, retry_after=300.0)
    assert due(busy.round_begins(asked=True).failed(110.0, 0.5)) == 400.0


def test_what_the_server_asks_for_is_waited_but_no_mad_time() -> None:
    assert due(QUIET.failed(100.0, 0.5, retry_after=30.0)) == 130.0
    assert due(QUIET.failed(100.0, 0.5, retry_after=0.0)) == 102.0
    assert due(QUIET.failed(100.0, 0.5, retry_after=1e12)) == 3700.0


def test_what_the_server_asked_for_is_over_once_it_answers() -> None:
    busy = QUIET.failed(100.0, 0.5, retry_after=3600.0).round_begins(asked=True)
    for answered in (busy.succeeded(110.0, 0.5), busy.sent()):
        failed = answered.round_begins().failed(120.0, 0.5)
        assert due(failed) == 122.0
        assert due(failed.came_to_front(121.0)) == 122.0


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_a_wait_is_never_longer_than_10_minutes_nor_nothing(failures: int, random: float) -> None:
    assert 1.6 <= back_off(failures, random) <= 600


def test_a_stream_without_a_byte_for_a_minute_is_opened_anew() -> None:
    assert not is_stream_silent(100.0, 159.9)
    assert is_stream_silent(100.0, 160.0)


def test_what_was_cancelled_is_due_again_after_a_pause_and_asks_for_everything() -> None:
    broken_off = QUIET.edited(200.0).round_begins().broken_off(205.0)
    assert due(broken_off) == 206.5
    assert due(broken_off.edited(205.1)) == 206.5
    assert not broken_off.edited(205.1).is_for_edits(207.0, focused=False, streaming=True)
    assert due(broken_off.woken()) < 205.0
    assert due(broken_off.round_begins().succeeded(206.6, 0.5)) == math.inf
    # No way around what the server asks for.
    assert due(QUIET.failed(200.0, 0.5, retry_after=30.0).round_begins().broken_off(205.0)) == 230.0
