"""Dims the main window while a dialog or the palette is open."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget

from insomnia_desktop.ui.theme.active import theme


class Scrim(QWidget):
    """Lies over the whole window and takes no mouse; it stays until the last one who asked for it is gone."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._wanted = 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        window.installEventFilter(self)

    def cover(self) -> None:
        """Dim the window; each call needs an `uncover`."""
        self._wanted += 1
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()

    def uncover(self) -> None:
        """Take back one `cover`."""
        self._wanted = max(0, self._wanted - 1)
        if not self._wanted:
            self.hide()

    def open_dialog(self, dialog: QDialog) -> None:
        """Open a dialog over the dimmed window, in its middle; the dimming goes with the dialog."""
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.finished.connect(self.uncover)
        self.cover()
        dialog.open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim."""
        QPainter(self).fillRect(self.rect(), theme().color("scrim"))
