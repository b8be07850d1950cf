"""What is typed while the field that it is meant for is still being made."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

# A commit takes a millisecond; whoever waits longer than this sees why in a message.
_HELD_AT_MOST_MS = 2000
_CHORD = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)  # fmt: skip


class HeldKeys(QObject):
    """Holds typed keys back from the old field, and gives them to the new one; keys with Ctrl, Alt or Meta pass."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._held: list[QKeyEvent] = []
        self._holding = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_HELD_AT_MOST_MS)
        self._patience.timeout.connect(self.drop)

    @Slot()
    def hold(self) -> None:
        """Begin to hold keys."""
        self._patience.start()
        if not self._holding:
            self._holding = True
            _application().installEventFilter(self)

    @Slot()
    def release(self) -> None:
        """Give what was typed to the widget that has the focus now."""
        held = self._end()
        field = QApplication.focusWidget()
        if field is not None:
            for event in held:
                QCoreApplication.sendEvent(field, event)

    @Slot()
    def drop(self) -> None:
        """Forget what was typed: the field does not come."""
        self._end()

    def _end(self) -> list[QKeyEvent]:
        self._patience.stop()
        held, self._held = self._held, []
        if self._holding:
            self._holding = False
            _application().removeEventFilter(self)
        return held

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take keys to oneself, whatever they are for."""
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease) or not isinstance(event, QKeyEvent):
            return False
        if event.modifiers() & _CHORD:
            return False
        copy = QKeyEvent(
            event.type(), event.key(), event.modifiers(), event.text(), event.isAutoRepeat(), event.count()
        )  # fmt: skip
        self._held.append(copy)
        return True


def _application() -> QCoreApplication:
    application = QCoreApplication.instance()
    assert application is not None
    return application
