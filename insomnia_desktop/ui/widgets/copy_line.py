"""A value to be copied: an address in a quiet box, with the button that copies it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.buttons import IconButton
from insomnia_desktop.ui.widgets.icon_line import Icon
from insomnia_desktop.ui.widgets.labels import Label

HEIGHT = 36


class CopyLine(QWidget):
    """Icon, words, and a value that is elided at its end but copied whole.

    Signals:
        copied(): the value is on the clipboard.
    """

    copied = Signal()

    def __init__(self, icon: str, words: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._value = ""
        self._label = Label("", mono=True, size=12, elide=Qt.TextElideMode.ElideRight)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.copy_button = IconButton("copy", tip)
        self.copy_button.clicked.connect(self._copy)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), 0, px(6), 0)
        row.setSpacing(px(8))
        row.addWidget(Icon(icon))
        row.addWidget(Label(words, rank="dim", size=12))
        row.addWidget(self._label, 1)
        row.addWidget(self.copy_button)
        self.setFixedHeight(px(HEIGHT))

    def set_value(self, value: str) -> None:
        """Show another value."""
        self._value = value
        self._label.setText(value)
        self.setAccessibleName(f"{self._words} {value}")

    def value(self) -> str:
        """Return the whole value."""
        return self._value

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box."""
        painting.fill_rounded(QPainter(self), QRectF(self.rect()), theme().color("raised"))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._value)
        self.copied.emit()
