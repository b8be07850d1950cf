"""The bar that finds text: field, letter case, regular expression, count, previous, next, close."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import px, tabular, ui_font
from insomnia_desktop.ui.widgets.buttons import IconButton
from insomnia_desktop.ui.widgets.find_controls import FindField, FindToggle

BAR_HEIGHT = 40
LINE_HEIGHT = 2
FIELD_WIDTH = 200


class FindBar(QWidget):
    """A bar of 40 px and the line of progress below it; it finds nothing itself, its owner does.

    Enter goes to the next hit, Shift+Enter to the one before, Esc closes. The owner shows and hides the bar.

    Signals:
        search_changed(str, bool, bool): text, whether letter case counts, whether it is a regular expression.
        next_requested, previous_requested: go to another hit.
        closed: the person is done; the owner hides the bar and takes the focus back.
    """

    search_changed = Signal(str, bool, bool)
    next_requested = Signal()
    previous_requested = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self.setAccessibleName(self.tr("Find"))
        self._searched: int | None = None
        self._field = FindField("search", self.tr("Find"), self)
        self._field.edit.setObjectName("findEdit")
        self._case = FindToggle("Aa", self.tr("Match letter case"), self)
        self._regex = FindToggle(".*", self.tr("Regular expression"), self)
        previous_tip, next_tip = self.tr("Previous hit (Shift+Enter)"), self.tr("Next hit (Enter)")
        self._previous = IconButton("chevron_up", previous_tip, self, name=self.tr("Previous hit"))
        self._next = IconButton("chevron_down", next_tip, self, name=self.tr("Next hit"))
        self._close = IconButton("close", self.tr("Close (Esc)"), self, name=self.tr("Close"))
        self._count = _CountLabel(self)
        layout = QHBoxLayout(self)
        layout.setSpacing(0)
        layout.addWidget(self._field)
        layout.addSpacing(px(8))
        layout.addWidget(self._case)
        layout.addSpacing(px(4))
        layout.addWidget(self._regex)
        layout.addSpacing(px(12))
        layout.addWidget(self._count, 1)
        for button in (self._previous, self._next, self._close):
            layout.addWidget(button)
        self._resize()
        self._field.edit.installEventFilter(self)
        self._field.edit.textChanged.connect(self._emit_search)
        self._case.toggled.connect(self._emit_search)
        self._regex.toggled.connect(self._emit_search)
        self._previous.clicked.connect(self.previous_requested)
        self._next.clicked.connect(self.next_requested)
        self._close.clicked.connect(self.closed)
        switch().changed.connect(self._resize)

    def text(self) -> str:
        """Return what is looked for."""
        return self._field.edit.text()

    def open_with(self, text: str) -> None:
        """Show the bar with the focus in its field; an empty `text` keeps what was looked for last time."""
        self.show()
        if text and text != self.text():
            self._field.edit.setText(text)
        elif self.text():
            self._emit_search()
        self._field.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.edit.selectAll()

    def set_count(self, current: int, total: int, searched_percent: int | None = None) -> None:
        """Show which hit of how many is current (from 1; 0 = none yet), and how much of the text was searched.

        `searched_percent` is None once everything was searched.
        """
        self._searched = searched_percent
        self._field.set_wrong(False)
        note = "" if searched_percent is None else self.tr("%n % searched", "", searched_percent)
        if total:
            figures = self.tr("{current} of {total}") if current else self.tr("{total} hits")
            self._count.show_count(figures.format(current=f"{current:,}", total=f"{total:,}"), note)
        elif self.text():
            self._count.show_count(self.tr("No hits") if searched_percent is None else "", note)
        else:
            self._count.show_count("", "")
        self.update()

    def set_error(self, text: str) -> None:
        """Mark the field as wrong and say why, as for a regular expression that cannot be read; "" takes it back."""
        self._searched = None
        self._field.set_wrong(bool(text))
        self._count.show_count("", text, token="danger" if text else "dim")
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Enter in the field."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier == Qt.KeyboardModifier.NoModifier
        ):
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.previous_requested.emit()
            else:
                self.next_requested.emit()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc wherever the focus is in the bar."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and the line of progress."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("window"))
        top = self.height() - LINE_HEIGHT
        if self._searched is None:
            painter.fillRect(0, top, self.width(), 1, theme().color("hairline"))
            return
        painter.fillRect(0, top, self.width(), LINE_HEIGHT, theme().color("hairline"))
        done = self.width() * max(0, min(100, self._searched)) // 100
        painter.fillRect(0, top, done, LINE_HEIGHT, theme().color("accent"))

    @Slot()
    def _emit_search(self) -> None:
        self.search_changed.emit(self.text(), self._case.isChecked(), self._regex.isChecked())

    @Slot()
    def _resize(self) -> None:
        self.setFixedHeight(px(BAR_HEIGHT) + LINE_HEIGHT)
        self._field.setMaximumWidth(px(FIELD_WIDTH))
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(px(8), 0, px(8), LINE_HEIGHT)
        self.update()


class _CountLabel(QWidget):
    """ "612 of 1,204" and, in the second rank, a note; painted, elided where there is no room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._figures = ""
        self._note = ""
        self._token = "dim"
        switch().changed.connect(self.update)

    def show_count(self, figures: str, note: str, *, token: str = "dim") -> None:
        """Show figures and a note in the colour of a token."""
        self._figures, self._note, self._token = figures, note, token
        words = " ".join(part for part in (figures, note) if part)
        self.setAccessibleName(words)
        self.setToolTip(note if token != "dim" else "")
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return room for the figures, so that the bar can become narrow."""
        return QSize(px(40), px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw figures and note."""
        painter = QPainter(self)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        rect = QRectF(self.rect())
        if self._figures:
            painter.setFont(tabular(ui_font(13, 500)))
            painter.setPen(theme().color("text"))
            metrics = QFontMetrics(painter.font())
            painter.drawText(rect, middle, metrics.elidedText(self._figures, Qt.TextElideMode.ElideRight, self.width()))
            rect.setLeft(rect.left() + metrics.horizontalAdvance(self._figures) + px(9))
        if self._note and rect.width() > px(24):
            painter.setFont(tabular(ui_font(12)))
            painter.setPen(theme().color(self._token))
            metrics = QFontMetrics(painter.font())
            note = metrics.elidedText(self._note, Qt.TextElideMode.ElideRight, int(rect.width()))
            painter.drawText(rect, middle, note)
