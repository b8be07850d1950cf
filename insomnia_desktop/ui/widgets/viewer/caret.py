"""The caret and the selection: positions in the file, moved over what is shown."""

from __future__ import annotations

from enum import Enum

from insomnia_desktop.ui.widgets.viewer.body import ShownRow
from insomnia_desktop.ui.widgets.viewer.page import Page


class Move(Enum):
    """Where a key takes the caret."""

    LEFT = "left"
    RIGHT = "right"
    WORD_LEFT = "word_left"
    WORD_RIGHT = "word_right"
    UP = "up"
    DOWN = "down"
    PAGE_UP = "page_up"
    PAGE_DOWN = "page_down"
    LINE_START = "line_start"
    LINE_END = "line_end"
    START = "start"
    END = "end"


class Caret:
    """Caret and anchor; between them lies the selection. `shown` is False until it was used."""

    def __init__(self, position: int) -> None:
        """Stand at a position with nothing selected."""
        self.position = position
        self.anchor = position
        self.shown = False
        # Where up and down aim at, so that short lines between do not pull the caret to the left.
        self._goal: float | None = None

    @property
    def selection(self) -> tuple[int, int]:
        """Return begin and end of what is selected."""
        return min(self.position, self.anchor), max(self.position, self.anchor)

    def set(self, position: int, *, keep_anchor: bool = False) -> None:
        """Put the caret somewhere, and with `keep_anchor` select up to there."""
        self.position = position
        if not keep_anchor:
            self.anchor = position
        self.shown = True
        self._goal = None

    def select(self, anchor: int, position: int) -> None:
        """Select from an anchor to the caret."""
        self.anchor, self.position = anchor, position
        self.shown = True
        self._goal = None

    def move(self, page: Page, move: Move, *, keep_anchor: bool) -> None:
        """Move by a key."""
        start, end = self.selection
        if not keep_anchor and start < end and move in (Move.LEFT, Move.RIGHT):
            self.set(start if move is Move.LEFT else end)
            return
        if move in (Move.UP, Move.DOWN, Move.PAGE_UP, Move.PAGE_DOWN):
            lines = max(page.full_lines() - 1, 1) if move in (Move.PAGE_UP, Move.PAGE_DOWN) else 1
            goal = self._goal
            position, goal = vertical(page, self.position, -lines if "up" in move.value else lines, goal=goal)
            self.set(position, keep_anchor=keep_anchor)
            self._goal = goal
            return
        self.set(horizontal(page, self.position, move), keep_anchor=keep_anchor)


def vertical(page: Page, position: int, lines: int, *, goal: float | None) -> tuple[int, float]:
    """Return the position some visual lines further at the same x, and that x."""
    shown = page.body.at(position)
    layout = page.layout(shown)
    line, x = layout.point_of(layout.text.layout_of(position - shown.row.start))
    goal = x if goal is None else goal
    target, target_line, short = page.walk(shown, line, lines)
    if short and target == shown and target_line == line:
        # Nowhere to go: to the very begin or end, as editors do.
        return (shown.row.start if lines < 0 else shown.row.text_end), goal
    layout = page.layout(target)
    return target.row.start + layout.text.unit_of(layout.position_at(target_line, goal)), goal


def horizontal(page: Page, position: int, move: Move) -> int:
    """Return where a move within a line, over its ends, or to an end of the body leads."""
    body = page.body
    if move is Move.START:
        return body.rows.first
    if move is Move.END:
        return body.rows.size
    shown = body.at(position)
    if move in (Move.LEFT, Move.RIGHT):
        return _by_character(page, shown, position, forward=move is Move.RIGHT)
    if move in (Move.WORD_LEFT, Move.WORD_RIGHT):
        return _by_word(page, shown, position, forward=move is Move.WORD_RIGHT)
    layout = page.layout(shown)
    line, _ = layout.point_of(layout.text.layout_of(position - shown.row.start))
    first, last = layout.line_span(line)
    if move is Move.LINE_START:
        return shown.row.start + layout.text.unit_of(first)
    if line < layout.lines - 1:
        last = layout.next_position(last, forward=False)
    elif shown.row.text_end == shown.row.end < body.rows.size:
        # The end of a piece of a long line is the begin of the next piece.
        last = layout.next_position(layout.end, forward=False)
    return shown.row.start + layout.text.unit_of(last)


def _by_character(page: Page, shown: ShownRow, position: int, *, forward: bool) -> int:
    row = shown.row
    layout = page.layout(shown)
    unit = min(position, row.text_end) - row.start
    place = layout.text.layout_of(unit)
    if forward:
        if place >= layout.end:
            after = page.body.after(shown)
            return row.text_end if after is None else after.row.start
        # A symbol that stands for one character may have many positions.
        while layout.text.unit_of(place) <= unit and place < layout.end:
            place = layout.next_position(place, forward=True)
        return row.start + layout.text.unit_of(place)
    if unit <= 0:
        before = page.body.before(shown)
        if before is None:
            return row.start
        if before.row.text_end < before.row.end:
            return before.row.text_end
        above = page.layout(before)
        return before.row.start + above.text.unit_of(above.next_position(above.end, forward=False))
    return row.start + layout.text.unit_of(layout.next_position(place, forward=False))


def _by_word(page: Page, shown: ShownRow, position: int, *, forward: bool) -> int:
    row = shown.row
    text = page.layout(shown).text
    unit = min(position, row.text_end) - row.start
    if (forward and unit >= text.length) or (not forward and unit <= 0):
        return _by_character(page, shown, position, forward=forward)
    return row.start + text.word_edge(unit, forward=forward)
