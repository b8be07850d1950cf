"""The bars that say why what is shown under them cannot be changed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.icon_line import Icon
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel


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


class HeldNote(QWidget):
    """The same in a column that may be too narrow for the sentence: it has as many lines as it needs."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("heldNote")
        self._words = WrappedLabel("", size=12, rank="text")
        self._words.setObjectName("heldNoteWords")
        # Its own least height is that of one word in each line, for which no column would have room.
        self._words.setMinimumSize(px(120), px(18))
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(10), px(16), px(11))
        row.setSpacing(px(8))
        row.addWidget(Icon("warning", token="warning"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.hide()

    def words(self) -> str:
        """Return the sentence, empty where there is none."""
        return self._words.plain_text()

    def show_words(self, words: str) -> None:
        """Show a sentence, or hide the note where it is empty."""
        self._words.set_plain_text(words)
        self.setVisible(bool(words))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairline under it."""
        painting.hairline(QPainter(self), 0, self.height() - 1, length=self.width())
