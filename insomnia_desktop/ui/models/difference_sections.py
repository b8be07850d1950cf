"""What changed in the parts of a document, compared line by line: all that costs time, done away from the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from insomnia_desktop.ui.models.line_matches import Effort
from insomnia_desktop.ui.models.text_difference import DifferenceLine, difference_lines

Left = Literal["", "lines", "words"]
"""What was left out of a comparison: that of the lines with each other, or of their words."""


@dataclass(frozen=True, slots=True)
class DifferencePart:
    """One value before and after, None where there was none; `label` says what it is where the heading does not."""

    before: str | None
    after: str | None
    label: str = ""


@dataclass(frozen=True, slots=True)
class DifferenceSection:
    """What changed in one part of a document; `language` is one of `ui.syntax.LANGUAGES`."""

    heading: str
    parts: tuple[DifferencePart, ...]
    language: str = "text"


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """The lines of one value that are to be seen; never changed once they are made."""

    label: str
    lines: list[DifferenceLine]


@dataclass(frozen=True, slots=True)
class ComparedSection:
    """A section compared: in how many places it changed, its longest line and highest number, and what was too much."""

    heading: str
    language: str
    parts: tuple[ComparedPart, ...]
    count: int
    longest: str
    last_number: int
    left_out: Left


def compared(
    sections: Sequence[DifferenceSection], is_wanted: Callable[[], bool] | None = None
) -> tuple[ComparedSection, ...]:
    """Compare all parts; takes up to about a second, whatever their size, and is then told coarser.

    Threads: any. Raises Unwanted soon after `is_wanted` says no.
    """
    effort = Effort(is_wanted)
    return tuple(_compared(section, effort) for section in sections)


def _compared(section: DifferenceSection, effort: Effort) -> ComparedSection:
    effort.coarse = effort.unmarked = False
    parts, count, longest, last_number = [], 0, "", 0
    for part in section.parts:
        lines = _without_ends(difference_lines(part.before, part.after, effort=effort))
        count += _changes(lines)
        longest = max(longest, max((line.text for line in lines), key=len, default=""), key=len)
        # Numbers rise: the last line that has one on a side has the highest.
        last_number = max(last_number, _last([line.old for line in lines]), _last([line.new for line in lines]))
        parts.append(ComparedPart(part.label, lines))
    left_out: Left = "lines" if effort.coarse else "words" if effort.unmarked else ""
    return ComparedSection(section.heading, section.language, tuple(parts), count, longest, last_number, left_out)


def _without_ends(lines: list[DifferenceLine]) -> list[DifferenceLine]:
    """Leave out what is the same before the first change and behind the last: only between two it says something."""
    first = 1 if lines and lines[0].kind == "skipped" else 0
    last = len(lines) - 1 if len(lines) > first and lines[-1].kind == "skipped" else len(lines)
    return lines[first:last]


def _changes(lines: list[DifferenceLine]) -> int:
    """Return how many places changed."""
    count, before = 0, False
    for line in lines:
        changed = line.kind in ("removed", "added")
        count += changed and not before
        before = changed
    return count


def _last(numbers: list[int]) -> int:
    return next((number for number in reversed(numbers) if number), 0)
