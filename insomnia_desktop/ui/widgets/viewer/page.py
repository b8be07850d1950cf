"""What of a body is on the screen: the top row, what follows below it, and how scrolling moves it."""

from __future__ import annotations

from typing import NamedTuple

from insomnia_desktop.ui.widgets.viewer.body import Body, ShownRow
from insomnia_desktop.ui.widgets.viewer.metrics import Metrics
from insomnia_desktop.ui.widgets.viewer.row_layout import RowLayout, RowLayouts
from insomnia_desktop.ui.widgets.viewer.row_text import RowText

# The steps of a scroll bar are 32-bit numbers, and a row of one step could not be scrolled within.
_MOST_STEPS = 1_000_000_000


class Top(NamedTuple):
    """The row at the top, the visual line of it (of a wrapped one) and how many pixels of that are above."""

    shown: ShownRow
    line: int
    above: int


class Placed(NamedTuple):
    """A row on the screen and where its first visual line begins."""

    shown: ShownRow
    layout: RowLayout
    y: int


class Page:
    """The window on a body; sizes in logical pixels."""

    def __init__(self, body: Body, layouts: RowLayouts, metrics: Metrics) -> None:
        """Stand at the top of the body."""
        self.body = body
        self._layouts = layouts
        self._metrics = metrics
        self.top = Top(body.first(), 0, 0)
        self.width = 1
        self.height = 1
        self.left = 0
        self.wrap = False
        self.widest = 0.0
        self._bottom: Top | None = None

    def resize(self, width: int, height: int) -> None:
        """Take the size of the area of code, without the gutter."""
        self.width, self.height = max(width, 1), max(height, 1)
        self.refit()

    def refit(self) -> None:
        """Stay within the body after something changed: size, wrapping, folds, zoom."""
        self._bottom = None
        shown = self.body.at(self.top.shown.row.start)
        line = min(self.top.line, self._lines_of(shown) - 1) if shown.row == self.top.shown.row else 0
        self.top = self._within(Top(shown, line, self.top.above))

    def layout(self, shown: ShownRow) -> RowLayout:
        """Return the layout of a row."""
        wrap_width = self.width if self.wrap else 0
        made = self._layouts.layout(shown.row, wrap_width=wrap_width, left=self.left, right=self.left + self.width)
        self.widest = max(self.widest, made.width)
        return made

    def _lines_of(self, shown: ShownRow) -> int:
        """Return the visual lines of a row."""
        return self.layout(shown).lines if self.wrap else 1

    def full_lines(self) -> int:
        """Return how many whole visual lines there is room for."""
        return max((self.height - 2 * self._metrics.top) // self._metrics.line, 1)

    def placed(self) -> list[Placed]:
        """Return the rows that are on the screen, from the top."""
        found: list[Placed] = []
        shown: ShownRow | None = self.top.shown
        y = self._metrics.top - self.top.above - self.top.line * self._metrics.line
        while shown is not None and y < self.height:
            layout = self.layout(shown)
            found.append(Placed(shown, layout, y))
            y += layout.lines * self._metrics.line
            shown = self.body.after(shown)
        return found

    def hit(self, x: float, y: float) -> int:
        """Return the position nearest to a point, from the begin of code and the top of the area."""
        placed = self.placed()
        one = next((one for one in reversed(placed) if one.y <= y), placed[0])
        line = min(max(int(y - one.y) // self._metrics.line, 0), one.layout.lines - 1)
        if one is placed[-1] and y >= one.y + one.layout.lines * self._metrics.line:
            return one.shown.row.text_end
        return one.shown.row.start + one.layout.text.unit_of(one.layout.position_at(line, x + self.left))

    def scroll_pixels(self, pixels: int) -> None:
        """Move down (up when negative) by pixels."""
        lines, above = divmod(self.top.above + pixels, self._metrics.line)
        shown, line, short = self.walk(self.top.shown, self.top.line, lines)
        self.top = self._within(Top(shown, line, 0 if short else above))

    def scroll_lines(self, lines: int) -> None:
        """Move down (up when negative) by visual lines, to a whole line."""
        shown, line = self._moved(self.top.shown, self.top.line, lines)
        self.top = self._within(Top(shown, line, 0))

    def scroll_to(self, shown: ShownRow, line: int) -> None:
        """Put a visual line at the top, as far as the end of the body allows."""
        self.top = self._within(Top(shown, line, 0))

    def _reveal(self, shown: ShownRow, line: int) -> None:
        """Move so that a visual line shows: as little as needed when it is near, else to a third of the height."""
        lines = self.full_lines()
        top = self.top
        if (shown.row.start, line) <= (top.shown.row.start, top.line):
            distance = self._distance((shown, line), (top.shown, top.line), most=lines)
            self.scroll_lines(-distance) if distance < lines else self._put_at_third(shown, line)
            return
        distance = self._distance((top.shown, top.line), (shown, line), most=2 * lines)
        if distance >= 2 * lines:
            self._put_at_third(shown, line)
        elif distance >= lines:
            self.scroll_lines(distance - lines + 1)

    def reveal_position(self, position: int, until: int | None = None) -> tuple[ShownRow, RowText]:
        """Move so that a position shows, with what reaches to `until` where there is room; return its row."""
        shown = self.body.at(position)
        layout = self.layout(shown)
        line, x = layout.point_of(layout.text.layout_of(position - shown.row.start))
        self._reveal(shown, line)
        if not self.wrap:
            end = position if until is None else min(until, shown.row.text_end)
            _, right = layout.point_of(layout.text.layout_of(end - shown.row.start))
            margin = int(2 * self._metrics.advance)
            if x < self.left or right + margin > self.left + self.width:
                self.left = int(max(min(x - margin, right + margin - self.width * 2 / 3), 0))
                self.widest = max(self.widest, right)
        return shown, layout.text

    def bottom(self) -> Top:
        """Return the top of the page that ends with the body."""
        if self._bottom is None:
            last = self.body.last()
            shown, line = self._moved(last, self._lines_of(last) - 1, 1 - self.full_lines())
            self._bottom = Top(shown, line, 0)
        return self._bottom

    def steps(self) -> float:
        """Return how many steps of the scroll bar a row has; less than one in a body of very many rows."""
        return min(1000.0, _MOST_STEPS / max(self.body.row_count(), 1.0))

    def place_of(self, top: Top) -> float:
        """Return the place of a top in rows."""
        part = (top.line * self._metrics.line + top.above) / (self._lines_of(top.shown) * self._metrics.line)
        return self.body.place(top.shown) + part

    def scroll_to_place(self, place: float) -> None:
        """Go to a place in rows, to a whole visual line."""
        shown = self.body.at_place(place)
        line = int((place - int(place)) * self._lines_of(shown)) if self.wrap else 0
        self.scroll_to(shown, line)

    def _put_at_third(self, shown: ShownRow, line: int) -> None:
        above, above_line = self._moved(shown, line, -(self.full_lines() // 3))
        self.scroll_to(above, above_line)

    def _within(self, top: Top) -> Top:
        bottom = self.bottom()
        if (top.shown.row.start, top.line, top.above) > (bottom.shown.row.start, bottom.line, bottom.above):
            return bottom
        return top

    def _moved(self, shown: ShownRow, line: int, lines: int) -> tuple[ShownRow, int]:
        """Go by visual lines, at most to the first or the last one."""
        shown, line, _ = self.walk(shown, line, lines)
        return shown, line

    def walk(self, shown: ShownRow, line: int, lines: int) -> tuple[ShownRow, int, bool]:
        """Go by visual lines; True when the body ended before."""
        line += lines
        while line < 0:
            before = self.body.before(shown)
            if before is None:
                return shown, 0, True
            shown = before
            line += self._lines_of(shown)
        while line >= (count := self._lines_of(shown)):
            after = self.body.after(shown)
            if after is None:
                return shown, count - 1, True
            shown = after
            line -= count
        return shown, line, False

    def _distance(self, above: tuple[ShownRow, int], below: tuple[ShownRow, int], *, most: int) -> int:
        """Return the visual lines from one to the other, or `most` when there are more."""
        shown, line = above
        distance = -line
        while shown.row.start < below[0].row.start:
            distance += self._lines_of(shown)
            after = self.body.after(shown)
            if distance >= most or after is None:
                return most
            shown = after
        return min(distance + below[1], most)
