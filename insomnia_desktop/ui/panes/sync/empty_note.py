"""What a page says where there is nothing to show, or not yet: one line in its middle, and a deed under it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from insomnia_desktop.ui.panes.sync.sync_rows import Ground
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.buttons import DefaultButton
from insomnia_desktop.ui.widgets.labels import Label, Rank, WrappedLabel

WIDTH, LEAST = 420, 120


class EmptyNote(Ground):
    """A title and a sentence; the button is there where something can be done."""

    def __init__(self, title: str = "", text: str = "", parent: QWidget | None = None, *, button: str = "") -> None:
        super().__init__(parent)
        self.setObjectName("emptyNote")
        self._title = Label(title, size=14, weight=600)
        self._text = WrappedLabel(text)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.button = DefaultButton(button, self)
        self.button.setVisible(bool(button))
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(16), px(16), px(16))
        column.setSpacing(px(8))
        column.addStretch(2)
        for part in (self._title, self._text):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(px(8))
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.show_note(title, text)

    def minimumSizeHint(self) -> QSize:
        """Return the least room, whatever the sentence was wrapped to: the page that it stands on may get narrower."""
        return QSize(px(LEAST) + 2 * px(16), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the sentence to the room that there is."""
        super().resizeEvent(event)
        self._fit()

    def show_note(self, title: str, text: str, *, rank: Rank = "dim", button: bool | None = None) -> None:
        """Show other words; `button` shows or hides the deed."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._text.set_rank(rank)
        self._text.set_plain_text(text)
        self._text.setVisible(bool(text))
        self._fit()
        self.setAccessibleName(f"{title} {text}".strip())
        if button is not None:
            self.button.setVisible(button)

    def _fit(self) -> None:
        # A layout asks a label in its middle for no height of its width: it is told.
        width = max(px(LEAST), min(px(WIDTH), self.width() - 2 * px(16)))
        self._text.setFixedSize(width, max(0, self._text.heightForWidth(width)))
