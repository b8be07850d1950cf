"""The dialog that shows a recovery key once more, which was made here and that nobody has said to have kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from insomnia_desktop.ui.dialogs.form_dialog import FormDialog
from insomnia_desktop.ui.dialogs.recovery_key_page import RecoveryKeyPage
from insomnia_desktop.ui.viewmodels.account_deed import RunningDeed
from insomnia_desktop.ui.viewmodels.sign_in_form import KeyToKeep

if TYPE_CHECKING:
    from insomnia_desktop.ui.viewmodels.account_view_model import AccountViewModel
    from insomnia_desktop.ui.viewmodels.session import UiSession

_WIDTH = 560


class UnkeptKeyDialog(FormDialog):
    """Opened at the first chance after the program ended before the key was kept.

    It goes by itself when the key is not to be kept any more.

    Signals:
        replaced(): a newer key was made on another device, so this one opens nothing.
    """

    replaced = Signal()

    def __init__(self, session: UiSession, account: AccountViewModel, key: str, parent: QWidget | None = None) -> None:
        super().__init__(RunningDeed(session), parent)
        self.setObjectName("unkeptKeyDialog")
        self._session = session
        self._account = account
        status = account.status
        page = RecoveryKeyPage(KeyToKeep(key, status.email, status.server), session.clock)
        page.done.connect(account.unkept_key.note_kept)
        page.done.connect(self.accept)
        self.put(page, self.tr("Keep your recovery key"), width=_WIDTH)
        account.status_changed.connect(self._on_status)

    def waits_for_box(self, page: RecoveryKeyPage) -> bool:
        """Wait while there is something to be kept."""
        return self._account.status.unkept_recovery and super().waits_for_box(page)

    @Slot()
    def _on_status(self) -> None:
        if not self.isVisible() or self._account.status.unkept_recovery:
            return
        self.accept()
        if any(item.code == "recovery_key_replaced" for item in self._session.services.syncing.status().attention):
            self.replaced.emit()
