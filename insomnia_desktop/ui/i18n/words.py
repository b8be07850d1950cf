"""Sizes, durations, times and parts of sentences as a person reads them, the same everywhere in the window."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QCoreApplication, QDate, QLocale

_MINUTE_MS: Final = 60_000
_COUNTED_MINUTES: Final = 10
_NAMED_DAYS: Final = 6
_MINUTES_AN_HOUR: Final = 60
_NIGHT_HOURS: Final = 6
_COUNTED_DAYS: Final = 30
# The years 1 and 9999, with room for a time zone.
_FIRST_MS: Final = -62_135_510_400_000
_LAST_MS: Final = 253_370_764_800_000
_UNITS: Final = ("KB", "MB", "GB", "TB")

translate = QCoreApplication.translate


def size_words(size: float) -> str:
    """Return a size in bytes, with one decimal from a kilobyte (1000 bytes) on."""
    if size < 1000:
        return f"{size:.0f} B"
    shown = float(size)
    for unit in _UNITS:
        shown /= 1000
        if round(shown, 1) < 1000 or unit == _UNITS[-1]:
            break
    return f"{shown:.1f} {unit}"


def duration_words(duration: float) -> str:
    """Return how long something of so many milliseconds took, with three or four figures at most."""
    if duration < 0.5:
        return translate("words", "under 1 ms")
    if round(duration) < 1000:
        return f"{duration:.0f} ms"
    seconds = duration / 1000
    if round(seconds, 2) < 10:
        return f"{seconds:.2f} s"
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, left = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {left} s"
    return f"{minutes // 60} h {minutes % 60} min"


def elapsed_words(duration: float) -> str:
    """Return milliseconds that are still running, in tenths of a second."""
    return f"{duration / 1000:.1f} s" if duration < _MINUTE_MS else duration_words(duration)


def when_words(at: int, now: int) -> str:
    """Return when something was: "Just now", "4 minutes ago", "14:11", "Mon 14:11", or a date; both are ms since 1970.

    A time that lies ahead (the clock was set back) is written out.
    """
    if -_MINUTE_MS < now - at < _MINUTE_MS:
        return translate("words", "Just now")
    minutes = (now - at) // _MINUTE_MS
    if 0 < minutes < _COUNTED_MINUTES:
        return translate("words", "1 minute ago") if minutes == 1 else translate("words", "%d minutes ago") % minutes
    then, today = _local(at), _local(now).date()
    clock = f"{then:%H:%M}"
    days = (today - then.date()).days
    if days == 0:
        return clock
    if 0 < days <= _NAMED_DAYS:
        return f"{QLocale().dayName(then.isoweekday(), QLocale.FormatType.ShortFormat)} {clock}"
    return date_words(at)


def ago_words(at: int, now: int) -> str:
    """Return how long ago something was, up to a month: "Just now", "2 hours ago", "9 days ago", then the date."""
    minutes = (now - at) // _MINUTE_MS
    if minutes < _MINUTES_AN_HOUR:
        return when_words(at, now) if minutes < _COUNTED_MINUTES else translate("words", "%d minutes ago") % minutes
    days = (_local(now).date() - _local(at).date()).days
    hours = minutes // _MINUTES_AN_HOUR
    if days == 0 or hours < _NIGHT_HOURS:
        return translate("words", "1 hour ago") if hours == 1 else translate("words", "%d hours ago") % hours
    if days > _COUNTED_DAYS:
        return date_words(at)
    return translate("words", "Yesterday") if days == 1 else translate("words", "%d days ago") % days


def date_words(at: int) -> str:
    """Return the date of a time in ms since 1970, as "23 Nov 2026"."""
    then = _local(at)
    return QLocale().toString(QDate(then.year, then.month, then.day), "d MMM yyyy")


def day_words(at: int, now: int) -> str:
    """Return the day of a time: "Today", "Yesterday", "12 November", with the year where it is another."""
    then, today = _local(at).date(), _local(now).date()
    days = (today - then).days
    if days == 0:
        return translate("words", "Today")
    if days == 1:
        return translate("words", "Yesterday")
    form = "d MMMM" if then.year == today.year else "d MMMM yyyy"
    return QLocale().toString(QDate(then.year, then.month, then.day), form)


def clock_words(at: int, *, seconds: bool = False) -> str:
    """Return the time of day, to the minute or to the second."""
    return f"{_local(at):%H:%M:%S}" if seconds else f"{_local(at):%H:%M}"


def day_key(at: int) -> str:
    """Return what is the same for all times of one local day."""
    return _local(at).date().isoformat()


def short_when_words(at: int, now: int) -> str:
    """Return a time in as few characters as possible: "13:40", "Mon 13:40", "23 Nov", "9 Oct 2025"."""
    days = (_local(now).date() - _local(at).date()).days
    if days == 0:
        return clock_words(at)
    return when_words(at, now) if 0 < days <= _NAMED_DAYS else short_day_words(at, now)


def short_day_words(at: int, now: int) -> str:
    """Return the day of a time as "23 Nov", with the year where it is another, and nothing where it is today."""
    then, today = _local(at), _local(now)
    if then.date() == today.date():
        return ""
    form = "d MMM" if then.year == today.year else "d MMM yyyy"
    return QLocale().toString(QDate(then.year, then.month, then.day), form)


def moment_words(at: int) -> str:
    """Return the time of day of a time in ms since 1970, to the millisecond."""
    then = _local(at)
    return f"{then:%H:%M:%S}.{then.microsecond // 1000:03d}"


def full_words(at: int) -> str:
    """Return date and time of day to the second."""
    return f"{date_words(at)} {_local(at):%H:%M:%S}"


def in_sentence(words: str) -> str:
    """Return words that stand alone elsewhere as they stand within a sentence: they begin in lower case."""
    return f"{words[:1].lower()}{words[1:]}"


def _local(at: int) -> datetime:
    # What another computer says of times may be beyond any calendar.
    return datetime.fromtimestamp(min(max(at, _FIRST_MS), _LAST_MS) / 1000, UTC).astimezone()
