"""A heading of a section of a page: words, a count, a link at the right, and a hairline under all."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.badge import Badge
from insomnia_desktop.ui.widgets.buttons import LinkButton
from insomnia_desktop.ui.widgets.labels import Label

HEIGHT = 32


class _EdgeLink(LinkButton):
    """Its words end at the right edge, where the figures under it end."""

    def _paint_content(self, painter: QPainter, rect: QRectF) -> None:
        spare = rect.width() - self._content_width()
        super()._paint_content(painter, rect.translated(spare / 2, 0))


class PageHeading(QWidget):
    """32 high; without a link or a count there is none shown."""

    def __init__(self, text: str, parent: QWidget | None = None, *, link: str = "", warning: bool = False) -> None:
        super().__init__(parent)
        self.badge = Badge("", self, warning=warning)
        self.badge.hide()
        self.link = _EdgeLink(link, self)
        self.link.setVisible(bool(link))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 1)
        row.setSpacing(px(8))
        row.addWidget(Label(text, weight=600))
        row.addWidget(self.badge)
        row.addStretch(1)
        row.addWidget(self.link)
        self.setFixedHeight(px(HEIGHT))

    def set_count(self, count: int) -> None:
        """Show a count beside the words; 0 shows none."""
        self.badge.setText(f"{count:,}")
        self.badge.setVisible(bool(count))
        self.badge.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairline."""
        painting.hairline(QPainter(self), 0, self.height() - 1, length=self.width())
