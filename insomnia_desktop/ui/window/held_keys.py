"""What is typed while the field that it is meant for is still being made."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

# A commit takes a millisecond and a full disk says so; this is for what never answers.
_HELD_AT_MOST_MS = 10_000
_HELD = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.InputMethod)


class HeldKeys(QObject):
    """Holds what is typed back from the old field, and gives it to the new one, in the same order.

    Keys of the window's actions are among it: Ctrl+Enter behind an address sends what the address belongs to.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._held: list[QEvent] = []
        self._holding = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_HELD_AT_MOST_MS)
        self._patience.timeout.connect(self.drop)

    @Slot()
    def hold(self) -> None:
        """Begin to hold what is typed."""
        self._patience.start()
        if not self._holding:
            self._holding = True
            _application().installEventFilter(self)

    @Slot()
    def release(self) -> None:
        """Give what was typed to the widget that has the focus now."""
        held = self._end()
        while held:
            self._give(held.pop(0))
            if self._holding:
                # It was the key that makes the next one: the rest is for that.
                self._held += held
                return

    @Slot()
    def drop(self) -> None:
        """Forget what was typed: the field does not come."""
        self._end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what is typed to oneself, whatever it is for."""
        if event.type() == QEvent.Type.ShortcutOverride:
            # Accepted, it comes again as a key that is pressed instead of triggering an action.
            event.accept()
            return True
        if event.type() not in _HELD:
            return False
        self._held.append(event.clone())
        return True

    def _end(self) -> list[QEvent]:
        self._patience.stop()
        held, self._held = self._held, []
        if self._holding:
            self._holding = False
            _application().removeEventFilter(self)
        return held

    def _give(self, event: QEvent) -> None:
        """Do with an event what Qt would have done: the field has the first word, then come the actions."""
        field = QApplication.focusWidget()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not _is_wanted(field, event):
            typed = QKeySequence(event.keyCombination())
            for action in self._window.actions():
                if typed in action.shortcuts():
                    action.trigger()
                    return
        if field is not None:
            QCoreApplication.sendEvent(field, event)


def _is_wanted(field: QWidget | None, event: QKeyEvent) -> bool:
    """Say whether a field wants a key for itself that may belong to an action too."""
    if field is None:
        return False
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, event.key(), event.modifiers(), event.text())
    asked.ignore()
    QCoreApplication.sendEvent(field, asked)
    return asked.isAccepted()


def _application() -> QCoreApplication:
    application = QCoreApplication.instance()
    assert application is not None
    return application
