"""The Timeline tab."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from insomnia_desktop.model import Response
from insomnia_desktop.ui.panes.response.timeline_text import TimelineText, full_lines
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px


class TimelinePage(QWidget):
    """All that is known of how a request went out and what came back."""

    def __init__(self) -> None:
        super().__init__()
        self.text = TimelineText()
        self.text.setObjectName("responseTimeline")
        self.setFocusProxy(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(8), 0, 0)
        column.addWidget(self.text)

    def show_response(self, response: Response) -> None:
        """Show the timeline of a response."""
        self.text.show_lines(full_lines(response))

    def as_text(self) -> str:
        """Return all lines for the clipboard."""
        return self.text.plain_text()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        QPainter(self).fillRect(event.rect(), theme().color("window"))
