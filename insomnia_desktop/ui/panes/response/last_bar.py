"""The last bar of the response: a fact about what is shown, and what can be done with it."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.buttons import QuietButton
from insomnia_desktop.ui.widgets.labels import Label

_ICON = 16


class _InfoIcon(QWidget):
    def sizeHint(self) -> QSize:
        return QSize(px(_ICON), px(_ICON))

    def paintEvent(self, event: QPaintEvent) -> None:
        y = round((QRectF(self.rect()).height() - px(_ICON)) / 2)
        paint_icon(QPainter(self), "info", "dim", x=0, y=y, size=px(_ICON))


class LastBar(Bar):
    """An optional icon, words in the second and in the first rank, and quiet buttons.

    Signals:
        requested(deed): `show_last`, `show_newest`, `format`, `go_to_line`, `copy_body` or `save`.
    """

    requested = Signal(str)

    def __init__(self) -> None:
        super().__init__(40, hairline="top")
        self._icon = _InfoIcon()
        self._icon.setFixedSize(px(_ICON), px(_ICON))
        self.note = Label("", rank="dim", size=12, elide=Qt.TextElideMode.ElideRight)
        self.note.setObjectName("responseNote")
        self.strong = Label("", size=12, weight=500, elide=Qt.TextElideMode.ElideRight)
        self.add(self._icon)
        self.add(self.note)
        self.add(self.strong)
        self.add_stretch()
        self.set_spacing(6)
        self._buttons = {
            "show_last": QuietButton(self.tr("Show it")),
            "show_newest": QuietButton(self.tr("Show the newest")),
            "format": QuietButton(self.tr("Format")),
            "go_to_line": QuietButton(self.tr("Go to line…")),
            "copy_body": QuietButton(self.tr("Copy body")),
            "save": QuietButton(self.tr("Save…")),
        }
        for deed, button in self._buttons.items():
            button.setObjectName(f"response_{deed}")
            button.clicked.connect(lambda _checked=False, deed=deed: self.requested.emit(deed))
            self.add(button)
        self.show_facts()

    def show_facts(
        self, note: str = "", strong: str = "", *, deeds: Collection[str] = (), is_notice: bool = False
    ) -> None:
        """Show words and the buttons of these deeds; a notice has the icon before it."""
        self._icon.setVisible(is_notice)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.strong.setText(strong)
        self.strong.setVisible(bool(strong))
        for deed, button in self._buttons.items():
            button.setVisible(deed in deeds)

    def controls(self) -> tuple[QWidget, ...]:
        """Return what the keyboard reaches, in order."""
        return tuple(self._buttons.values())

    def button(self, deed: str) -> QuietButton:
        """Return the button of a deed."""
        return self._buttons[deed]
