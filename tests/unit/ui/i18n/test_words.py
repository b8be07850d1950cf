"""Sizes, durations and times in words: insomnia_desktop.ui.i18n.words."""

from __future__ import annotations

import pytest

from insomnia_desktop.ui.i18n.words import (
    ago_words,
    clock_words,
    date_words,
    day_key,
    day_words,
    duration_words,
    elapsed_words,
    full_words,
    in_sentence,
    moment_words,
    short_day_words,
    short_when_words,
    size_words,
    when_words,
)

# Sunday, 2026-03-01 12:00:00 UTC; the tests' time zone is UTC.
_NOW = 1_772_366_400_000
_MINUTE = 60_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 KB"),
        (4200, "4.2 KB"),
        (999_949, "999.9 KB"),
        (999_950, "1.0 MB"),
        (1_200_000_000, "1.2 GB"),
        (5_000_000_000_000_000, "5000.0 TB"),
    ],
)
def test_sizes_count_by_thousands_and_never_say_a_thousand_of_a_unit(size: int, words: str) -> None:
    assert size_words(size) == words


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (0, "under 1 ms"),
        (0.6, "1 ms"),
        (128.4, "128 ms"),
        (999.4, "999 ms"),
        (999.6, "1.00 s"),
        (1020, "1.02 s"),
        (9994, "9.99 s"),
        (9996, "10.0 s"),
        (38_400, "38.4 s"),
        (59_960, "1 min 0 s"),
        (125_000, "2 min 5 s"),
        (3_720_000, "1 h 2 min"),
    ],
)
def test_durations_keep_to_few_figures(duration: float, words: str) -> None:
    assert duration_words(duration) == words


def test_what_still_runs_is_counted_in_tenths_of_a_second() -> None:
    assert [elapsed_words(each) for each in (150, 2_449, 75_000)] == ["0.1 s", "2.4 s", "1 min 15 s"]


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (0, "Just now"),
        (59_999, "Just now"),
        (_MINUTE, "1 minute ago"),
        (4 * _MINUTE + 1, "4 minutes ago"),
        (10 * _MINUTE, "11:50"),
        (12 * _HOUR, "00:00"),
        (12 * _HOUR + 1, "Sat 23:59"),
        (6 * _DAY, "Mon 12:00"),
        (7 * _DAY, "22 Feb 2026"),
        (400 * _DAY, "25 Jan 2025"),
    ],
)
def test_a_time_is_told_by_how_long_ago_it_was(ago: int, words: str) -> None:
    assert when_words(_NOW - ago, _NOW) == words


def test_a_time_ahead_of_the_clock_is_written_out() -> None:
    assert when_words(_NOW + 30_000, _NOW) == "Just now"
    assert when_words(_NOW + 5 * _MINUTE, _NOW) == "12:05"
    assert when_words(_NOW + 3 * _DAY, _NOW) == "4 Mar 2026"


def test_moments_have_milliseconds_and_full_times_a_date() -> None:
    assert moment_words(_NOW + 7) == "12:00:00.007"
    assert date_words(_NOW) == "1 Mar 2026"
    assert full_words(_NOW) == "1 Mar 2026 12:00:00"


def test_days_and_times_of_sync() -> None:
    now, day = 1_795_442_551_000, 86_400_000  # 2026-11-23 14:02:31 UTC
    assert day_words(now - 1_000, now) == "Today"
    assert day_words(now - day, now) == "Yesterday"
    assert day_words(now - 11 * day, now) == "12 November"
    assert day_words(now - 400 * day, now) == "19 October 2025"
    assert day_key(now) == day_key(now - 1_000) != day_key(now - day)
    assert clock_words(now) == clock_words(now, seconds=True)[:5]
    assert short_when_words(now - 1_000, now) == clock_words(now - 1_000)
    assert short_when_words(now - 2 * day, now).startswith("Sat ")
    assert short_when_words(now - 11 * day, now) == "12 Nov"
    assert short_day_words(now, now) == ""
    assert short_day_words(now - day, now) == "22 Nov"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (0, "Just now"),
        (2 * _MINUTE, "2 minutes ago"),
        (59 * _MINUTE, "59 minutes ago"),
        (_HOUR, "1 hour ago"),
        (11 * _HOUR, "11 hours ago"),
        (13 * _HOUR, "Yesterday"),
        (9 * _DAY, "9 days ago"),
        (30 * _DAY, "30 days ago"),
        (31 * _DAY, "29 Jan 2026"),
        (-2 * _DAY, "3 Mar 2026"),
    ],
)
def test_how_long_ago_a_device_was_seen(ago: int, words: str) -> None:
    assert ago_words(_NOW - ago, _NOW) == words


def test_an_hour_before_midnight_is_not_yesterday_yet() -> None:
    midnight = _NOW - 12 * _HOUR
    assert ago_words(midnight - _HOUR, midnight + _HOUR) == "2 hours ago"


@pytest.mark.parametrize("at", [2**53 - 1, -(2**53 - 1)])
def test_a_time_beyond_any_calendar_is_shown_as_the_last_there_is(at: int) -> None:
    assert date_words(at) in ("1 Jan 9999", "2 Jan 1", "2 Jan 0001")
    assert full_words(at).startswith(date_words(at))
    assert day_key(at)
    for words in (ago_words, when_words, day_words, short_when_words, short_day_words):
        assert words(at, _NOW)
        assert isinstance(words(_NOW, at), str)
    for words_of_one in (clock_words, moment_words):
        assert words_of_one(at)


def test_words_within_a_sentence_begin_in_lower_case() -> None:
    assert in_sentence("Moved to “Shop API”") == "moved to “Shop API”"
    assert in_sentence("") == ""
