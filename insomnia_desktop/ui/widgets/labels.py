"""Text in the three ranks, wrapped text with a line height, and headings of sections."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, tabular, ui_font

Rank = Literal["text", "dim", "faint", "accent_text", "success", "warning", "danger", "info", "notice"]
LINE_HEIGHTS = {12: 18, 13: 20}


class Label(QLabel):
    """A line of plain text in a rank, size (px at 100 %) and weight; `mono` in the font of code, `figures` tabular.

    With `breaks` a line break in the text is one; else there is one line, whatever a name has in it.

    With `elide` it gives way when there is no room, at the end or in the middle, and its tip shows the whole.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        rank: Rank = "text",
        size: int = 13,
        weight: int = 400,
        mono: bool = False,
        figures: bool = False,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideNone,
        breaks: bool = False,
    ) -> None:
        super().__init__(parent)
        self._rank: Rank = rank
        self._size = size
        self._weight = weight
        self._mono = mono
        self._figures = figures
        self._elide = elide
        self._breaks = breaks
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        if elide != Qt.TextElideMode.ElideNone:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._dress()

    def set_rank(self, rank: Rank) -> None:
        """Change the rank or, where the text says a status, its colour."""
        self._rank = rank
        self._dress()

    def set_weight(self, weight: int) -> None:
        """Change the weight."""
        self._weight = weight
        self._dress()

    def sizeHint(self) -> QSize:
        """Return the size of the text, so high that nothing of it is cut when its capitals stand in the middle."""
        return self._with_descent(super().sizeHint())

    def minimumSizeHint(self) -> QSize:
        """Return the text's own size, or next to nothing where it may be elided."""
        hint = self._with_descent(super().minimumSizeHint())
        if self._elide == Qt.TextElideMode.ElideNone:
            return hint
        return QSize(min(hint.width(), px(24)), hint.height())

    def changeEvent(self, event: QEvent) -> None:
        """Take the new colours and sizes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text centred by its capitals, so that it stands on one line with the buttons beside it."""
        room = QRectF(self.contentsRect())
        shown = self.text()
        if self._elide != Qt.TextElideMode.ElideNone:
            shown = QFontMetricsF(self.font()).elidedText(shown, self._elide, room.width() + 0.5)
            self.setToolTip(plain_tip(self.text()) if shown != self.text() else "")
        alignment = self.alignment()
        share = 1.0 if alignment & Qt.AlignmentFlag.AlignRight else 0.0
        share = 0.5 if alignment & Qt.AlignmentFlag.AlignHCenter else share
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        lines = shown.split("\n") if self._breaks else [shown]
        height = room.height() / len(lines)
        for number, line in enumerate(lines):
            spare = room.width() - painting.text_width(self.font(), line)
            y = painting.baseline(self.font(), top=room.y() + number * height, height=height)
            painter.drawText(QPointF(room.x() + max(0.0, spare * share), y), line)

    def _with_descent(self, hint: QSize) -> QSize:
        font, margins = self.font(), self.contentsMargins()
        descent = round(QFontMetricsF(font).descent())
        lines = self.text().count("\n") + 1 if self._breaks else 1
        height = hint.height() - margins.top() - margins.bottom()

        def lowest() -> float:
            line = height / lines
            return painting.baseline(font, top=margins.top() + height - line, height=line) + descent

        # What is drawn moves down by half of what the label grows.
        while lowest() > margins.top() + height + margins.bottom():
            height += 1
        return QSize(hint.width(), height + margins.top() + margins.bottom())

    def _dress(self) -> None:
        font = mono_font(self._size, self._weight) if self._mono else ui_font(self._size, self._weight)
        self.setFont(tabular(font) if self._figures else font)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme().color(self._rank))
        self.setPalette(palette)


def plain_tip(text: str) -> str:
    """Return a tool tip that shows a text as it is: Qt would take `<img src=...>` in a name for a picture to load."""
    from PySide6.QtGui import Qt as TextFormats  # another `Qt` than that of QtCore

    return TextFormats.convertFromPlainText(text) if TextFormats.mightBeRichText(text) else text


class WrappedLabel(QLabel):
    """Several lines of plain text with the line height of the pictures (13 px text: 20, 12 px: 18)."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        rank: Rank = "dim",
        size: int = 13,
        line_height: int | None = None,
    ) -> None:
        super().__init__(parent)
        self._plain = text
        self._rank: Rank = rank
        self._size = size
        self._line_height = line_height or LINE_HEIGHTS.get(size, round(size * 1.5))
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._dress()

    def set_plain_text(self, text: str) -> None:
        """Show another text; it is never read as markup."""
        self._plain = text
        self._dress()

    def plain_text(self) -> str:
        """Return the text."""
        return self._plain

    def set_rank(self, rank: Rank) -> None:
        """Change the rank."""
        self._rank = rank
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Take the new colours and sizes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        self.setFont(ui_font(self._size))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme().color(self._rank))
        self.setPalette(palette)
        style = f"line-height:{px(self._line_height)}px; -qt-line-height-type:fixed; margin:0"
        from html import escape  # imported here: its tables are not for the first picture

        body = escape(self._plain).replace("\n", "<br>")
        self.setText(f'<p style="{style}">{body}</p>' if self._plain else "")
        self.setAccessibleName(self._plain)


class SectionHeading(QLabel):
    """A heading of 32 px with a hairline under it, and a note in the second rank beside it."""

    def __init__(self, text: str, parent: QWidget | None = None, *, note: str = "") -> None:
        super().__init__(text, parent)
        self._note = note
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_note(self, note: str) -> None:
        """Change the note."""
        self._note = note
        self.update()

    def sizeHint(self) -> QSize:
        """Return the width of heading and note at the fixed height."""
        width = painting.text_width(self._heading_font(), self.text())
        if self._note:
            width += px(8) + painting.text_width(ui_font(12), self._note)
        return QSize(round(width) + 1, px(32))

    def minimumSizeHint(self) -> QSize:
        """The note may be elided."""
        return QSize(min(self.sizeHint().width(), px(80)), px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw heading, note and hairline."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        height = rect.height() - 1
        right = painting.draw_text(
            painter, self.text(), x=0, top=0, height=height, font=self._heading_font(), token="text", width=rect.width()
        )
        if self._note:
            x = right + px(8)
            painting.draw_text(
                painter, self._note, x=x, top=0, height=height, font=ui_font(12), token="dim", width=rect.width() - x
            )
        painting.hairline(painter, 0, height, length=rect.width())

    def _heading_font(self) -> QFont:
        return ui_font(13, 600)
