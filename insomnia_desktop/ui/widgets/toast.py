"""A short notice at the foot of the window, with the deed that takes it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.theme.painting import LARGE_RADIUS
from insomnia_desktop.ui.widgets.buttons import IconButton, LinkButton
from insomnia_desktop.ui.widgets.floating_panel import FloatingPanel
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel

HEIGHT = 40
ROUND_LINES = 10  # over and under a notice of several lines
ABOVE_FOOT = 56  # clear of the last bar of the columns
SHOWN_MS = 8_000
_MOST_WAITING = 3


class Toast(FloatingPanel):
    """Shows one notice at a time; a new one takes the place of the old. It waits while the pointer rests on it.

    One that asks for something is not pushed away by one that only says something: that is shown after it. What is
    wider than the window takes several lines.

    Signals:
        closed: the notice went, by its cross, its action or its time.
    """

    closed = Signal()

    def __init__(self, parent: QWidget, *, close_tip: str = "") -> None:
        super().__init__(parent, radius=LARGE_RADIUS, fill="floating")
        self.setObjectName("toast")
        self._host = parent
        self._action: Callable[[], None] | None = None
        self._asks = False
        self._waiting: list[str] = []
        self._text = Label("")
        self._lines = WrappedLabel("", rank="text")
        self._link = LinkButton("")
        self._shortcut = Label("", rank="dim", size=12)
        self._close = IconButton("close", close_tip)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._text)
        self._row.addWidget(self._lines, 1)
        self._row.addWidget(self._link)
        self._row.addWidget(self._shortcut)
        self._row.addSpacing(px(4))
        self._row.addWidget(self._close)
        self._measure()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        parent.installEventFilter(self)
        self._timer.timeout.connect(self.dismiss)
        self._link.clicked.connect(self._on_action)
        self._close.clicked.connect(self.dismiss)

    def show_message(
        self,
        text: str,
        action_text: str | None = None,
        action: Callable[[], None] | None = None,
        *,
        shortcut_text: str = "",
        asks: bool = False,
    ) -> None:
        """Show a notice, with a deed and its key if there is one; `asks` where the deed is wanted of the person."""
        if self.isVisible() and self._asks and action is None:
            self._waiting = [*(each for each in self._waiting if each != text), text][-_MOST_WAITING:]
            return
        self._action, self._asks = action, asks
        self._text.setText(text)
        self._lines.set_plain_text(text)
        self._link.setText(action_text or "")
        self._link.setVisible(bool(action_text))
        self._shortcut.setText(shortcut_text)
        self._shortcut.setVisible(bool(shortcut_text))
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.lift()
        self._timer.start()

    def dismiss(self) -> None:
        """Take the notice away."""
        self._timer.stop()
        self._action, self._asks = None, False
        if self.isVisible():
            self.hide()
            self.closed.emit()
            if self._waiting and not self.isVisible():
                self.show_message(self._waiting.pop(0))

    def dismiss_question(self) -> None:
        """Take the notice away where it asks for something: what it asks for is on its way otherwise."""
        if self._asks:
            self.dismiss()

    def text(self) -> str:
        """Return what the notice says."""
        return self._text.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def enterEvent(self, event: QEvent) -> None:
        """Stay while the pointer is here."""
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Begin to wait again."""
        if self.isVisible():
            self._timer.start()

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when the zoom changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._measure()
            self._place()

    def _measure(self) -> None:
        self._row.setSpacing(px(4))
        for words in (self._text, self._lines):
            words.setContentsMargins(0, 0, px(16), 0)

    def _place(self) -> None:
        room = self._host.rect()
        most = room.width() - 2 * px(16)
        self._show_in_lines(several=False)
        width, height = self.sizeHint().width(), px(HEIGHT)
        if width > most:
            self._show_in_lines(several=True)
            width, height = most, max(height, self._row.totalHeightForWidth(most))
        self.setGeometry((room.width() - width) // 2, room.height() - px(ABOVE_FOOT) - height, width, height)

    def _show_in_lines(self, *, several: bool) -> None:
        self._text.setVisible(not several)
        self._lines.setVisible(several)
        around = px(ROUND_LINES) if several else 0
        self._row.setContentsMargins(px(16), around, px(8), around)
        self._row.activate()

    def _on_action(self) -> None:
        action = self._action
        self.dismiss()
        if action is not None:
            action()
