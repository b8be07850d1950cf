"""A switch between a few views of the same thing."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.widgets.focus_ring import FocusRing

HEIGHT = 28
INSET = 2


class _Segment(QRadioButton):
    """One half of the switch; to screen readers and arrow keys it is a radio button."""

    def __init__(self, text: str, parent: QWidget, height: int) -> None:
        super().__init__(text, parent)
        self._height = height
        self._ring = FocusRing(self)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._take_tab(False)
        self.toggled.connect(self._take_tab)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the words in their bolder weight, so that choosing moves nothing."""
        return QSize(
            round(painting.text_width(ui_font(13, 500), self.text())) + 2 * px(14), px(self._height - 2 * INSET)
        )

    def minimumSizeHint(self) -> QSize:
        """Words are never cut."""
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        """The whole segment can be clicked."""
        return True

    def _take_tab(self, chosen: bool) -> None:
        # Tab goes to the chosen one and arrow keys from there; Qt itself sees to that only after the first visit.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self._ring.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the plate of the chosen one, and the words."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        chosen = self.isChecked()
        if chosen:
            painting.frame_rounded(
                painter, rect, fill="segment_on", edge="border", radius=painting.RADIUS - INSET + 0.5
            )
        self._ring.paint(painter, rect, radius=painting.RADIUS - INSET + 0.5)
        token = "text" if chosen or (self.underMouse() and self.isEnabled()) else "dim"
        painting.draw_centered(painter, self.text(), rect=rect, font=self._text_font(), token=token)

    def _text_font(self) -> QFont:
        return ui_font(13, 500 if self.isChecked() else 400)


class SegmentedControl(QWidget):
    """A few words of which one is chosen; 28 high, 32 in a dialog.

    Signals:
        current_changed: the key that the person chose.
    """

    current_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, height: int = HEIGHT) -> None:
        super().__init__(parent)
        self._height = height
        self._segments: dict[str, _Segment] = {}
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(INSET, INSET, INSET, INSET)
        self._row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._group.buttonClicked.connect(self._on_clicked)

    def set_segments(self, segments: list[tuple[str, str]]) -> None:
        """Show segments, each a key and a word; the first is chosen."""
        for old in self._segments.values():
            self._group.removeButton(old)
            self._row.removeWidget(old)
            old.deleteLater()
        self._segments = {}
        for key, text in segments:
            segment = _Segment(text, self, self._height)
            self._segments[key] = segment
            self._group.addButton(segment)
            self._row.addWidget(segment, 1)
        if segments:
            self.set_current(segments[0][0])

    def set_current(self, key: str) -> None:
        """Choose a segment without a signal."""
        self._segments[key].setChecked(True)

    def current(self) -> str:
        """Return the key of the chosen segment, or ""."""
        return next((key for key, segment in self._segments.items() if segment.isChecked()), "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the track."""
        painting.fill_rounded(QPainter(self), QRectF(self.rect()), theme().color("segment_track"))

    def _on_clicked(self) -> None:
        self.current_changed.emit(self.current())
