"""The bar that says why what is shown under it cannot be changed."""

from __future__ import annotations

from PySide6.QtCore import Qt

from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.icon_line import Icon
from insomnia_desktop.ui.widgets.labels import Label


class HeldBar(Bar):
    """A warning and a sentence; hidden where there is none."""

    def __init__(self) -> None:
        super().__init__(40)
        self.setObjectName("heldBar")
        self._words = Label("", size=12, elide=Qt.TextElideMode.ElideRight)
        self._words.setObjectName("heldWords")
        self.add(Icon("warning", token="warning"))
        self.add(self._words, stretch=1)
        self.hide()

    def show_words(self, words: str) -> None:
        """Show a sentence, or hide the bar where it is empty."""
        self._words.setText(words)
        self._words.setToolTip(words)
        self.setVisible(bool(words))
