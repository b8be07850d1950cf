"""What stands over the values of a conflict: the headings of the columns, and the way from the list to the document."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from insomnia_desktop.ui.delegates.request_delegate import method_tag, method_token
from insomnia_desktop.ui.panes.sync.conflict_value_row import ConflictValueRow
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.labels import plain_tip

HEADING = 33


class ConflictTitles(QWidget):
    """The headings of the four columns, over those of a row: where that gives way to a scroll bar, they do too."""

    def __init__(self, titles: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self._row: ConflictValueRow | None = None
        self.set_titles(titles)
        self.setFixedHeight(px(HEADING))

    def follow(self, row: ConflictValueRow) -> None:
        """Stand over the columns of a row."""
        self._row = row
        for cell in row.cells():
            cell.installEventFilter(self)

    def columns(self) -> tuple[int, ...]:
        """Return where each column begins, and where the last one ends."""
        row = self._row
        assert row is not None
        return (0, *(cell.x() for cell in row.cells()), row.width())

    def set_titles(self, titles: tuple[tuple[str, str], ...]) -> None:
        """Show other words."""
        self._titles = titles
        self.setAccessibleName("; ".join(f"{title} {note}".strip() for title, note in titles))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the columns."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self.update()
        return False

    def event(self, event: QEvent) -> bool:
        """Show as a tip what may be cut."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = max(0, sum(left <= event.x() for left in self.columns()[:-1]) - 1)
            note = self._titles[at][1]
            QToolTip.showText(event.globalPos(), plain_tip(note[:1].upper() + note[1:]), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw words and hairlines."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("sidebar"))
        height = self.height() - 1
        columns = self.columns()
        for at, (title, note) in enumerate(self._titles):
            left, right = columns[at], columns[at + 1]
            x = left + px(16 if at == 0 else 13)
            font, token = (ui_font(12), "dim") if at == 0 else (ui_font(12, 600), "text")
            end = painting.draw_text(painter, title, x=x, top=0, height=height, font=font, token=token) + px(8)
            room = max(0.0, right - px(8) - end if at else 0.0)
            painting.draw_text(painter, note, x=end, top=0, height=height, font=ui_font(12), token="dim", width=room)
            if at:
                painting.hairline(painter, left, 0, length=height, upright=True)
        painting.hairline(painter, 0, height, length=self.width())


class DocumentWay(QWidget):
    """The arrow from the list to the document, and the tag of its method."""

    def __init__(self, method: str) -> None:
        super().__init__()
        self._method = method
        tag = painting.text_width(mono_font(13, 700), method_tag(method)) + px(8) if method else 0
        self.setFixedSize(px(12) + round(tag), px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw both."""
        painter = QPainter(self)
        paint_icon(painter, "chevron_right", "dim", x=0, y=px(3), size=px(14))
        if self._method:
            painting.draw_text(
                painter,
                method_tag(self._method),
                x=px(19),
                top=0,
                height=self.height(),
                font=mono_font(13, 700),
                token=method_token(self._method),
            )
