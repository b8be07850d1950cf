"""What of three versions of a text is to be seen side by side: the lines around those that differ."""

from __future__ import annotations

from dataclasses import dataclass

from insomnia_desktop.ui.models.text_difference import Span, difference_lines

MOST_LINES = 200
# What is not shown is not compared: of a hundred thousand lines that would take minutes.
_MOST_COMPARED = 2 * MOST_LINES


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One line of a value, and the words of it that differ from the base."""

    text: str
    words: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ConflictLines:
    """The lines of all three that differ; None where a side has no value.

    `first` and `last` are the lines of the base that these are, from 1; 0 where the whole is shown.
    """

    base: tuple[ValueLine, ...] | None
    mine: tuple[ValueLine, ...] | None
    theirs: tuple[ValueLine, ...] | None
    first: int = 0
    last: int = 0


def conflict_lines(base: str | None, mine: str | None, theirs: str | None) -> ConflictLines:
    """Return what is to be seen of three texts: of several lines those from the first to the last that differ."""
    split = [None if text is None else text.split("\n") for text in (base, mine, theirs)]
    present = [lines for lines in split if lines is not None]
    shortest = min((len(lines) for lines in present), default=0)
    head = tail = 0
    if len(present) > 1 and max(map(len, present)) > 1:
        while head < shortest and len({lines[head] for lines in present}) == 1:
            head += 1
        while tail < shortest - head and len({lines[-1 - tail] for lines in present}) == 1:
            tail += 1
        if any(len(lines) == head + tail for lines in present):
            # One side only has more lines: those beside them show where.
            head, tail = max(0, head - 1), max(0, tail - 1)
    cut = _moved_left([None if lines is None else lines[head : len(lines) - tail] for lines in split])
    shown = [None if lines is None else _marked(cut[0], lines, is_base=at == 0) for at, lines in enumerate(cut)]
    is_part = bool(head or tail) and split[0] is not None
    last = len(split[0]) - tail if is_part and split[0] is not None else 0
    return ConflictLines(shown[0], shown[1], shown[2], head + 1 if is_part else 0, last)


def _moved_left(sides: list[list[str] | None]) -> list[list[str] | None]:
    """Take away what all lines of a part begin with in spaces: the part stands alone."""
    lines = [line for side in sides for line in side or () if line.strip()]
    if len(lines) < 2:
        return sides
    indent = min(len(line) - len(line.lstrip(" ")) for line in lines)
    return [None if side is None else [line[indent:] for line in side] for side in sides]


def _marked(base: list[str] | None, lines: list[str], *, is_base: bool) -> tuple[ValueLine, ...]:
    kept = lines[:MOST_LINES]
    if is_base or base is None:
        marked = [ValueLine(line) for line in kept]
    else:
        old, new = base[:_MOST_COMPARED], lines[:_MOST_COMPARED]
        compared = difference_lines("\n".join(old), "\n".join(new), context=len(new) + len(old))
        # A line that came whole, among others that stayed, is marked whole.
        alone = not any(line.kind == "removed" for line in compared)
        marked = [
            ValueLine(
                line.text,
                line.words or (((0, len(line.text)),) if alone and line.kind == "added" and line.text else ()),
            )
            for line in compared
            if line.kind in ("same", "added")
        ][:MOST_LINES]
    if len(lines) > MOST_LINES:
        marked.append(ValueLine(f"… {len(lines) - MOST_LINES:,}"))
    return tuple(marked)
