"""A recovery key that was made here and that nobody has said to have kept."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from insomnia_desktop.services.account_views import AccountState
from insomnia_desktop.ui.viewmodels.session import UiSession


class UnkeptKey(QObject):
    """Finds it, and notes that it is kept.

    Signals:
        found(key): it is to be shown once more.
    """

    found = Signal(str)

    def __init__(self, session: UiSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._accounts = session.services.accounts
        self._is_kept = False

    def look(self) -> None:
        """Tell by `found` of a key that is to be shown once more; nothing while the keys are locked."""
        status = self._accounts.status()
        if status.state == AccountState.SIGNED_IN and status.unkept_recovery and not self._is_kept:
            self._session.bridge.watch(self._accounts.recovery_keys.unkept().future, self._on_key, owner=self)

    @Slot()
    def note_kept(self) -> None:
        """Note that the person has kept the key that was shown."""
        self._is_kept = True
        self._session.bridge.watch(self._accounts.recovery_keys.note_kept().future, owner=self)

    def _on_key(self, key: str) -> None:
        if key:
            self.found.emit(key)
