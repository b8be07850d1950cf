"""The field and the small buttons of the bars that find and replace."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.buttons import QuietButton

HEIGHT = 28
_ICON_SIZE = 16


class FindField(QFrame):
    """A line edit in a frame with an icon at the left; the frame shows focus and what is wrong."""

    def __init__(self, icon_name: str, label: str, parent: QWidget) -> None:
        """`label` is the placeholder and the accessible name."""
        super().__init__(parent)
        self._icon_name = icon_name
        self._wrong = False
        self.edit = QLineEdit(self)
        self.edit.setFrame(False)
        # Under an application sheet the style fills a plain edit with the window's colour, whatever its palette says.
        self.edit.setStyleSheet("QLineEdit { background: transparent; }")
        self.edit.setPlaceholderText(label)
        self.edit.setAccessibleName(label)
        self.edit.setAttribute(Qt.WidgetAttribute.WA_MacShowFocusRect, False)
        self.setFocusProxy(self.edit)
        layout = QHBoxLayout(self)
        layout.addWidget(self.edit)
        self._dress()
        self.edit.installEventFilter(self)
        switch().changed.connect(self._dress)

    def set_wrong(self, wrong: bool) -> None:
        """Mark the field, or take the mark back."""
        if wrong != self._wrong:
            self._wrong = wrong
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size of a field in a bar of 40 px."""
        return QSize(px(200), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return the size below which nothing of the text would be seen."""
        return QSize(px(80), px(HEIGHT))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focus of the edit."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw frame and icon."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self._wrong:
            painting.ring(painter, rect, token="danger", fill="raised")
        elif self.edit.hasFocus():
            painting.ring(painter, rect, fill="raised")
        else:
            painting.frame_rounded(painter, rect, fill="raised", edge="border")
        size = px(_ICON_SIZE)
        paint_icon(painter, self._icon_name, "dim", x=px(8), y=round((self.height() - size) / 2), size=size)

    @Slot()
    def _dress(self) -> None:
        colors = theme()
        self.setFixedHeight(px(HEIGHT))
        layout = self.layout()
        if layout is not None:
            # A QLineEdit keeps two pixels of its own before the text.
            layout.setContentsMargins(px(30) - 2, 2, px(6), 2)
        self.edit.setFont(ui_font(13))
        palette = QPalette(self.edit.palette())
        palette.setColor(QPalette.ColorRole.Text, colors.color("text"))
        palette.setColor(QPalette.ColorRole.PlaceholderText, colors.color("faint"))
        palette.setColor(QPalette.ColorRole.Highlight, colors.color("textsel"))
        palette.setColor(QPalette.ColorRole.HighlightedText, colors.color("text"))
        self.edit.setPalette(palette)
        self.update()


class FindToggle(QuietButton):
    """A small button with a few letters that is on or off; on is a tint with its own text colour."""

    def __init__(self, letters: str, tip: str, parent: QWidget) -> None:
        super().__init__(letters, parent, dim=True)
        self.setCheckable(True)
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.set_measures(padding=4, least_width=HEIGHT)

    def _paint_ground(self, painter: QPainter, rect: QRectF) -> None:
        if self.isChecked() and not self.isDown():
            painting.fill_rounded(painter, rect, theme().color("accent_tint"))
            self._ring.paint(painter, rect)
        else:
            super()._paint_ground(painter, rect)

    def _text_token(self) -> str:
        return "accent_text" if self.isChecked() else super()._text_token()
