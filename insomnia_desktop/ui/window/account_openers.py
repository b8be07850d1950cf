"""Opens the dialogs and the page of the account, and keeps footer, menu and first page in step with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from insomnia_desktop.services.account_views import AccountState
from insomnia_desktop.ui.viewmodels.account_view_model import AccountViewModel
from insomnia_desktop.ui.window.begin_page import BeginPage
from insomnia_desktop.ui.window.window_parts import WindowParts

if TYPE_CHECKING:
    from insomnia_desktop.services.account_views import DeviceView


class AccountOpeners(QObject):
    """One method for each dialog, and the account page.

    Where the keys are locked (no keyring), the password is asked once, as soon as the window was drawn.

    Signals:
        devices_wanted(): the devices are wanted, which the sync panel has.
    """

    devices_wanted = Signal()

    def __init__(self, parts: WindowParts, begin: BeginPage) -> None:
        super().__init__(parts.host)
        self._parts = parts
        self._begin = begin
        self._drawn = False
        self._asked = False
        self.view_model = AccountViewModel(parts.session, self)
        footer = parts.sidebar.footer
        footer.sign_in_requested.connect(self.sign_in)
        footer.create_account_requested.connect(self.create_account)
        footer.unlock_requested.connect(self.unlock)
        parts.sidebar.account_requested.connect(self.open_page)
        begin.create_account_requested.connect(self.create_account)
        begin.sign_in_requested.connect(self.sign_in)
        for name, deed in (
            ("sign_in", self.sign_in),
            ("create_account", self.create_account),
            ("unlock", self.unlock),
            ("sign_out", self.sign_out),
            ("account", self.open_page),
        ):
            parts.actions.on(name, deed)
        parts.panes.first_painted.connect(self._on_first_painted)
        parts.workspace.request_changed.connect(self.close_page)
        self.view_model.status_changed.connect(self._on_status)
        self.view_model.unkept_key.found.connect(self._show_unkept_key)
        self._on_status()

    def close(self) -> None:
        """Stop listening: the window closes."""
        self.view_model.close()

    @Slot()
    def sign_in(self) -> None:
        """Open the dialog at Sign in."""
        self._open_sign_in("sign_in")

    @Slot()
    def create_account(self) -> None:
        """Open the dialog at Create account."""
        self._open_sign_in("create")

    @Slot()
    def unlock(self) -> None:
        """Ask for the password that opens the keys."""
        self._open_sign_in("unlock")

    @Slot()
    def open_page(self) -> None:
        """Show the account page over request and response."""
        from insomnia_desktop.ui.panes.account.account_page import AccountPage

        if not self.view_model.is_open:
            return
        page = AccountPage(self._parts.session, self.view_model)
        page.closed.connect(self._go_back)
        page.devices_wanted.connect(self.devices_wanted)
        page.password_wanted.connect(self._change_password)
        page.recovery_key_wanted.connect(self._make_recovery_key)
        page.delete_wanted.connect(self._delete)
        page.notice_requested.connect(self._parts.show_notice)
        self._parts.panes.show_page(page)
        # The word opens the sync panel, from here too.
        self._parts.sidebar.footer.set_page_shown(False)
        page.focus_first()

    @Slot()
    def close_page(self) -> None:
        """Take the page away."""
        self._parts.panes.close_page()
        self._parts.sidebar.footer.set_page_shown(False)

    @Slot()
    def _go_back(self) -> None:
        self.close_page()
        self._parts.sidebar.footer.status.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_first_painted(self) -> None:
        self._drawn = True
        self._ask_password()
        self.view_model.unkept_key.look()

    @Slot()
    def _on_status(self) -> None:
        state = self.view_model.status.state
        self._begin.offer_account(state == AccountState.SIGNED_OUT)
        actions = self._parts.actions
        actions["create_account"].setVisible(state == AccountState.SIGNED_OUT)
        actions["sign_in"].setVisible(state in (AccountState.SIGNED_OUT, AccountState.SIGNED_OUT_ELSEWHERE))
        actions["unlock"].setVisible(state in (AccountState.LOCKED, AccountState.WORK_OFFLINE))
        # Who is signed in signs out in the sync panel; who lost the password has no panel.
        actions["sign_out"].setVisible(state in (AccountState.LOCKED, AccountState.WORK_OFFLINE))
        actions["account"].setVisible(state == AccountState.SIGNED_IN)
        if state != AccountState.SIGNED_IN:
            self.close_page()
        self._ask_password()

    def _ask_password(self) -> None:
        if self._drawn and not self._asked and self.view_model.status.state == AccountState.LOCKED:
            self._asked = True
            self.unlock()

    def _open_sign_in(self, page: str) -> None:
        from insomnia_desktop.ui.dialogs.sign_in_dialog import SignInDialog

        dialog = SignInDialog(self._parts.session, self.view_model, self._parts.host, page=page)
        dialog.signed_in.connect(self._say_signed_in)
        self._parts.open_dialog(dialog)

    @Slot()
    def _say_signed_in(self) -> None:
        email = self._parts.session.services.accounts.status().email
        self._parts.show_notice(self.tr("Signed in as %s.") % email)
        self.view_model.unkept_key.look()

    @Slot(str)
    def _show_unkept_key(self, key: str) -> None:
        from insomnia_desktop.ui.dialogs.unkept_key_dialog import UnkeptKeyDialog

        dialog = UnkeptKeyDialog(self._parts.session, self.view_model, key, self._parts.host)
        words = self.tr("Another recovery key was made on another device. The one that was shown opens nothing.")
        dialog.replaced.connect(lambda: self._parts.show_notice(words))
        self._parts.open_dialog(dialog)

    @Slot(object)
    def revoke(self, device: DeviceView) -> None:
        """Ask whether a device is to be signed out."""
        from insomnia_desktop.ui.dialogs.leave_account_dialogs import RevokeDialog

        dialog = RevokeDialog(device, self._parts.host)
        dialog.revoked.connect(self.view_model.revoke)
        self._parts.open_dialog(dialog)

    @Slot()
    def _change_password(self) -> None:
        from insomnia_desktop.ui.dialogs.account_password_dialogs import ChangePasswordDialog

        dialog = ChangePasswordDialog(self._parts.session, self._parts.host)
        dialog.changed.connect(lambda: self._parts.show_notice(self.tr("The password is changed.")))
        dialog.changed.connect(self.view_model.load_devices)
        self._parts.open_dialog(dialog)

    @Slot()
    def _make_recovery_key(self) -> None:
        from insomnia_desktop.ui.dialogs.account_password_dialogs import RecoveryKeyDialog

        self._parts.open_dialog(RecoveryKeyDialog(self._parts.session, self._parts.host))

    @Slot()
    def sign_out(self) -> None:
        """Ask what stays here, and sign out."""
        from insomnia_desktop.ui.dialogs.leave_account_dialogs import SignOutDialog

        dialog = SignOutDialog(self._parts.session, self._parts.host)
        dialog.signed_out.connect(lambda: self._parts.show_notice(self.tr("You are signed out.")))
        self._parts.open_dialog(dialog)

    @Slot()
    def _delete(self) -> None:
        from insomnia_desktop.ui.dialogs.leave_account_dialogs import DeleteAccountDialog

        dialog = DeleteAccountDialog(self._parts.session, self._parts.host)
        dialog.deleted.connect(lambda: self._parts.show_notice(self.tr("The account is deleted.")))
        self._parts.open_dialog(dialog)
