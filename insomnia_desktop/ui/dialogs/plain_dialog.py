"""What our dialogs share: a heading, a body, and a row of buttons at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.theme.painting import text_width
from insomnia_desktop.ui.widgets.buttons import DangerButton, PaintedButton, PrimaryButton
from insomnia_desktop.ui.widgets.labels import Label, plain_tip

PADDING = 24
EDGE = 32
LEAST_WIDTH = 320


class PlainDialog(QDialog):
    """A dialog with a heading, a column for its content, and buttons; Escape closes it.

    It is opened with `Scrim.open_dialog`, never with a nested event loop. Where the heading is a question about
    something, `name` takes the place of its `%s`: it may take two lines, and the name gives way to the other words.
    """

    def __init__(
        self, heading: str, parent: QWidget | None = None, *, name: str | None = None, width: int = 480
    ) -> None:
        super().__init__(parent)
        whole = heading if name is None else heading % name
        self.setWindowTitle(whole)
        self.setAccessibleName(whole)
        room = parent.window().width() - px(EDGE) if parent is not None else px(width)
        self.setFixedWidth(min(px(width), max(px(LEAST_WIDTH), room)))
        self.column = QVBoxLayout()
        self.column.setSpacing(px(16))
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(px(8))
        self._buttons.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(px(PADDING), px(PADDING), px(PADDING), px(PADDING))
        outer.setSpacing(px(16))
        if name is None:
            self.heading = Label(whole, size=18, weight=600, elide=Qt.TextElideMode.ElideRight)
        else:
            self.heading = Label(size=18, weight=600, breaks=True)
            self._fit_name(heading, name)
        outer.addWidget(self.heading)
        outer.addLayout(self.column, 1)
        outer.addSpacing(px(8))
        outer.addLayout(self._buttons)

    def add_button(self, button: QPushButton, *, left: bool = False) -> None:
        """Put a button into the last row, at its right end or at its left."""
        if left:
            self._buttons.insertWidget(0, button)
        else:
            self._buttons.addWidget(button)

    def add_field(self, label: str, field: QWidget) -> None:
        """Add a field with its label over it."""
        pair = QVBoxLayout()
        pair.setSpacing(px(6))
        words = Label(label, rank="dim", size=12, weight=500)
        words.setBuddy(field)
        pair.addWidget(words)
        pair.addWidget(field)
        self.column.addLayout(pair)

    def showEvent(self, event: QShowEvent) -> None:
        """Let Enter mean the primary button, wherever the focus is, except on another button."""
        buttons = self.findChildren(PaintedButton)
        for button in buttons:
            button.setAutoDefault(False)
        primary = next((each for each in buttons if isinstance(each, PrimaryButton) and not each.isHidden()), None)
        if primary is not None and not isinstance(primary, DangerButton):
            primary.setDefault(True)
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth() and not self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            # Qt asked for the height at a narrower width than the dialog has, where the text takes more lines.
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))
            self.setAttribute(Qt.WidgetAttribute.WA_Resized, False)
        super().showEvent(event)

    def _fit_name(self, pattern: str, name: str) -> None:
        font, room = self.heading.font(), self.width() - 2 * px(PADDING)
        plain = " ".join(name.split())
        width = 2 * room - text_width(font, pattern % "")
        shown = QFontMetricsF(font).elidedText(plain, Qt.TextElideMode.ElideRight, width)
        lines = in_two_lines(pattern % shown, font, room)
        kept = len(shown)
        while lines is None and kept > 1:
            # Where the lines break between words they hold less than twice their width.
            kept -= 1
            shown = f"{plain[:kept].rstrip()}…"
            lines = in_two_lines(pattern % shown, font, room)
        self.heading.setText(lines or pattern % shown)
        self.heading.setAccessibleName(pattern % name)
        self.heading.setToolTip(plain_tip(name) if shown != plain else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        QPainter(self).fillRect(event.rect(), theme().color("window"))


def in_two_lines(text: str, font: QFont, room: float) -> str | None:
    """Return a text as it fits into a width: in one line, or in two about as long; None where it takes more."""
    if text_width(font, text) <= room:
        return text
    words = text.split(" ")
    halves = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    widest, lines = min(
        ((max(text_width(font, each) for each in both), "\n".join(both)) for both in halves), default=(room + 1, "")
    )
    return lines if widest <= room else None
