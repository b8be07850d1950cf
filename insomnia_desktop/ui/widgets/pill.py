"""The status of a response as a tinted pill."""

from __future__ import annotations

from math import ceil
from typing import Literal

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, tabular, ui_font

PillKind = Literal["success", "warning", "danger", "info", "accent", "notice"]
HEIGHT = 24
PADDING = 10


class StatusPill(QLabel):
    """A word or number whose colour says its class; the words say it too."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, kind: PillKind = "info") -> None:
        super().__init__(text, parent)
        self._kind = kind
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_status(self, text: str, kind: PillKind) -> None:
        """Show another status."""
        self._kind = kind
        self.setText(text)
        self.updateGeometry()
        self.update()

    def kind(self) -> PillKind:
        """Return the class of the status."""
        return self._kind

    def sizeHint(self) -> QSize:
        """Return the size of the pill."""
        return QSize(ceil(painting.text_width(self._text_font(), self.text())) + 2 * px(PADDING), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """A long reason may be elided, the number not."""
        return QSize(min(self.sizeHint().width(), px(64)), px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw tint and text."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        painting.fill_rounded(painter, rect, theme().color(f"{self._kind}_tint"))
        painting.draw_text(
            painter,
            self.text(),
            x=px(PADDING),
            top=0,
            height=rect.height(),
            font=self._text_font(),
            token="accent_text" if self._kind == "accent" else self._kind,
            width=rect.width() - 2 * px(PADDING) + 1,
        )

    def _text_font(self) -> QFont:
        return tabular(ui_font(13, 600))
