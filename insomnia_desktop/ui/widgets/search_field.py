"""A field to filter or find with: icon, placeholder, and a signal that waits until the typing rests."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.fields import Ground, LineField

WAIT_MS = 120


class SearchField(LineField):
    """A line field with a magnifier. Escape empties it; a second Escape is left to whoever contains the field.

    Signals:
        text_changed: the text, once the typing rested (`wait_ms`); at once when the field was emptied or Enter pressed.
    """

    text_changed = Signal(str)

    def __init__(
        self,
        placeholder: str = "",
        parent: QWidget | None = None,
        *,
        ground: Ground = "window",
        wait_ms: int = WAIT_MS,
        icon: str = "search",
    ) -> None:
        super().__init__("", parent, placeholder=placeholder, height=28, ground=ground)
        self._icon_name = icon
        self._told = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(wait_ms)
        self.set_paddings(30, 10)
        self._pause.timeout.connect(self._tell)
        self.textChanged.connect(self._on_text_changed)
        self.returnPressed.connect(self._tell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape empty the field first."""
        if event.matches(QKeySequence.StandardKey.Cancel) and self.text():
            self.clear()
            event.accept()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field and the icon in it."""
        super().paintEvent(event)
        size = px(16)
        paint_icon(QPainter(self), self._icon_name, "dim", x=px(8), y=round((self.height() - size) / 2), size=size)

    def _on_text_changed(self, text: str) -> None:
        if text:
            self._pause.start()
        else:
            self._tell()

    def _tell(self) -> None:
        self._pause.stop()
        if self.text() != self._told:
            self._told = self.text()
            self.text_changed.emit(self._told)
