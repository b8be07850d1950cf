"""Counting requests: server.limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.server import limits
from insomnia_desktop.server.limits import SlidingWindow, TokenBucket, address_name


def test_a_window_lets_so_many_through_within_any_minute() -> None:
    window = SlidingWindow(3)
    assert [window.wait("a", at) for at in (0.0, 10.0, 20.0, 30.0)] == [0, 0, 0, 30.0]
    assert window.wait("b", 30.0) == 0
    assert window.wait("a", 60.0) == 0
    assert window.wait("a", 60.0) == 10.0


@given(st.lists(st.floats(0, 20), max_size=100), st.integers(1, 5))
def test_no_minute_has_more_than_the_count(steps: list[float], count: int) -> None:
    window, now, taken = SlidingWindow(count), 0.0, []
    for step in steps:
        now += step
        if not window.wait("a", now):
            taken.append(now)
        assert len([at for at in taken if at > now - 60.0]) <= count


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    bucket = TokenBucket(60, 5)
    assert [bucket.wait("a", 0.0) for _ in range(6)] == [0] * 5 + [1.0]
    assert bucket.wait("a", 0.5) == pytest.approx(0.5)
    assert bucket.wait("a", 1.0) == 0
    assert bucket.wait("a", 1.0) == 1.0
    assert [bucket.wait("a", 1000.0) for _ in range(6)] == [0] * 5 + [1.0]


def test_who_is_quiet_is_forgotten() -> None:
    window, bucket = SlidingWindow(1), TokenBucket(60, 1)
    for counter in (window, bucket):
        counter.wait("a", 0.0)
        counter.sweep(0.5)
        assert counter.wait("a", 0.5) > 0
        counter.sweep(61.0)
        assert len(counter) == 0


def test_many_made_up_names_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_MANY_NAMES", 10)
    for counter in (SlidingWindow(1), TokenBucket(60, 1)):
        for number in range(1000):
            counter.wait(number, number * 100.0)
        assert len(counter) <= 12


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::"),
        ("192.0.2.7:50123", "192.0.2.7"),
        ("[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::"),
        ("[2001:db8:1:2::1]", "2001:db8:1:2::"),
        ("[]:1", "[]:1"),
        ("unix", "unix"),
        ("unix:80", "unix:80"),
        ("", ""),
    ],
)
def test_an_address_is_counted_with_its_neighbours(address: str, name: str) -> None:
    assert address_name(address) == name
