"""Opens the dialogs of the window; each is imported when it is wanted first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.window.window_parts import WindowParts


class DialogOpeners(QObject):
    """One method for each dialog.

    Signals:
        request_chosen(id, send): the quick switch found a request, which is to be opened, and sent if asked.
    """

    request_chosen = Signal(str, bool)

    def __init__(self, parts: WindowParts) -> None:
        super().__init__(parts.host)
        self._parts = parts

    def quick_switch(self) -> None:
        """Open the list of all requests."""
        from insomnia_desktop.ui.dialogs.quick_switch import QuickSwitch

        panel = QuickSwitch(self._parts.session, self._parts.workspace, self._parts.host)
        panel.request_chosen.connect(self.request_chosen)
        panel.workspace_chosen.connect(self._parts.workspace.use_workspace)
        panel.open_panel()

    @Slot()
    def environments(self) -> None:
        """Open the environment editor."""
        from insomnia_desktop.ui.dialogs.environments_dialog import EnvironmentsDialog

        if self._parts.bench.is_made:
            self._parts.bench.request_pane.flush()
        self._open(EnvironmentsDialog)

    @Slot()
    def cookies(self) -> None:
        """Open the cookie editor."""
        from insomnia_desktop.ui.dialogs.cookies_dialog import CookiesDialog

        self._open(CookiesDialog)

    @Slot()
    @Slot(str)
    def preferences(self, page: str = "") -> None:
        """Open the preferences, at a page if one is named."""
        from insomnia_desktop.ui.dialogs.preferences_dialog import PreferencesDialog

        self._parts.open_dialog(PreferencesDialog(self._parts.session, self._parts.host, page=page))

    @Slot()
    def workspace_settings(self) -> None:
        """Open the settings of the workspace."""
        from insomnia_desktop.ui.dialogs.workspace_dialog import WorkspaceDialog

        self._open(WorkspaceDialog)

    @Slot()
    def trash(self) -> None:
        """Open the trash."""
        from insomnia_desktop.ui.dialogs.trash_dialog import TrashDialog

        self._open(TrashDialog)

    def shortcuts(self) -> None:
        """Open the list of shortcuts."""
        from insomnia_desktop.ui.dialogs.shortcuts_dialog import ShortcutsDialog

        self._parts.open_dialog(ShortcutsDialog(list(self._parts.actions.rows()), self._parts.host))

    def about(self) -> None:
        """Open what this program is."""
        from insomnia_desktop.ui.dialogs.about_dialog import AboutDialog

        self._parts.open_dialog(AboutDialog(self._parts.host))

    @Slot(str)
    def certificate_password(self, path: str) -> None:
        """Ask for the password of a PFX file, which is kept in memory only, and send again."""
        from insomnia_desktop.ui.dialogs.password_dialog import PasswordDialog

        words = self.tr("The client certificate %s is locked. Its password is kept until the program ends.") % path
        dialog = PasswordDialog(words, self._parts.host)
        use = self._parts.bench.response_pane.view_model.use_certificate_password
        dialog.entered.connect(lambda password: use(path, password))
        self._parts.open_dialog(dialog)

    def _open(self, make: Callable[[UiSession, WorkspaceViewModel, QWidget], QDialog]) -> None:
        """Open a dialog about the workspace, or say what of that cannot be read."""
        try:
            dialog = make(self._parts.session, self._parts.workspace, self._parts.host)
        except KnownError as error:
            self._parts.session.bridge.failed.emit(error)
            return
        self._parts.open_dialog(dialog)
