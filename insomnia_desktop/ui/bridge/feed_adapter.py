"""Brings what was written to the store to the GUI thread."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.services.application import Services
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.bridge.bridge import Bridge

_POLL_MS = 500


class FeedAdapter(QObject):
    """Emits every ChangeSet on the GUI thread, in the order of the commits; those of other processes within 500 ms.

    Signals:
        changed(ChangeSet): something was written.
    """

    changed = Signal(object)

    def __init__(self, services: Services, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._told = ""
        self._unsubscribe = services.subscribe(lambda change_set: bridge.post(partial(self._emit, change_set)))
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._timer.start()

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()
        self._timer.stop()

    def _emit(self, change_set: ChangeSet) -> None:
        self.changed.emit(change_set)

    def _poll(self) -> None:
        try:
            change_set = self._services.external_changes()
        except KnownError as error:
            # The disk or its lock may be back at the next look: it is said once, not twice a second.
            if error.code != self._told:
                self._told = error.code
                self._bridge.failed.emit(error)
            return
        self._told = ""
        if change_set is not None:
            self.changed.emit(change_set)
