"""The dialog that shows a recovery key once more, which was made here and that nobody has said to have kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    """Opened at the first chance after the program ended before the key was kept."""

    def __init__(self, session: UiSession, account: AccountViewModel, key: str, parent: QWidget | None = None) -> None:
        super().__init__(RunningDeed(session), parent)
        self.setObjectName("unkeptKeyDialog")
        status = account.status
        page = RecoveryKeyPage(KeyToKeep(key, status.email, status.server), session.clock)
        page.done.connect(account.unkept_key.note_kept)
        page.done.connect(self.accept)
        self.put(page, self.tr("Keep your recovery key"), width=_WIDTH)
