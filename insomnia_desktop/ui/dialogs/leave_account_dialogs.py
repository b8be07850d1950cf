"""Dialogs of the account page that part with something: revoking a device, signing out, deleting the account."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QVBoxLayout, QWidget

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.services.error_text import sentence
from insomnia_desktop.ui.dialogs.account_password_dialogs import PasswordPage
from insomnia_desktop.ui.dialogs.form_dialog import FormDialog
from insomnia_desktop.ui.dialogs.form_page import BUTTON_WIDTH, FormPage
from insomnia_desktop.ui.dialogs.plain_dialog import PlainDialog
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels import account_words as names
from insomnia_desktop.ui.viewmodels.account_deed import RunningDeed
from insomnia_desktop.ui.viewmodels.sign_in_form import FormProblem, password_problem
from insomnia_desktop.ui.widgets.buttons import DangerButton, DefaultButton
from insomnia_desktop.ui.widgets.choice_card import ONE_LINE, ChoiceCard
from insomnia_desktop.ui.widgets.icon_line import IconLine
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel

if TYPE_CHECKING:
    from insomnia_desktop.services.account_views import DeviceView
    from insomnia_desktop.ui.viewmodels.session import UiSession

_WIDTH = 480
_COPY_NAME = "insomnia-documents.sqlite"


class RevokeDialog(PlainDialog):
    """Asks whether a device is to be signed out.

    Signals:
        revoked(device_id): it is.
    """

    revoked = Signal(str)

    def __init__(self, device: DeviceView, parent: QWidget | None = None) -> None:
        super().__init__(parent.tr("Revoke “%s”?") if parent is not None else "%s", parent, name=device.name)
        self.setObjectName("revokeDialog")
        text = self.tr(
            "It is signed out at once, and what it has stays on it. Change your password too if it was lost."
        )
        self.column.addWidget(WrappedLabel(text))
        cancel = DefaultButton(self.tr("Cancel"))
        cancel.setObjectName("cancelButton")
        cancel.set_measures(height=32, padding=16, least_width=BUTTON_WIDTH)
        cancel.clicked.connect(self.reject)
        revoke = DangerButton(self.tr("Revoke"))
        revoke.setObjectName("revokeButton")
        revoke.set_measures(least_width=BUTTON_WIDTH)
        revoke.clicked.connect(lambda: self.revoked.emit(device.id))
        revoke.clicked.connect(self.accept)
        self.add_button(cancel)
        self.add_button(revoke)
        cancel.setFocus(Qt.FocusReason.OtherFocusReason)


class CopyOffer(QWidget):
    """Offers a copy of all documents before something is removed for good."""

    def __init__(self, session: UiSession) -> None:
        super().__init__()
        self._session = session
        self.button = DefaultButton(self.tr("Save a copy of all documents…"), icon="save")
        self.button.setObjectName("saveCopyButton")
        self.button.set_measures(height=32)
        self.said = IconLine("check", token="success")
        self.said.setObjectName("saveCopySaid")
        self.said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.said)
        self.button.clicked.connect(self._open)

    @Slot(str)
    def save(self, path: str) -> None:
        """Copy the documents into a file."""
        future = self._session.services.storage.save_copy(Path(path))
        self._session.bridge.watch(future, self._on_saved, self._on_failed, owner=self)

    @Slot()
    def _open(self) -> None:
        dialog = QFileDialog(self, self.tr("Save a copy of all documents"))
        dialog.setObjectName("saveCopyDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDirectory(QDir.home())
        dialog.selectFile(_COPY_NAME)
        dialog.fileSelected.connect(self.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_saved(self, path: Path) -> None:
        self.said.show_line("check", self.tr("Saved as %s.") % path.name, token="success", rank="dim")
        self.said.show()

    def _on_failed(self, error: AppError) -> None:
        self.said.show_line("warning", sentence(error).text, token="danger", rank="danger")
        self.said.show()


class SignOutDialog(FormDialog):
    """Signs out; what is synced stays on this computer, or goes from it, but for what the server does not have.

    Signals:
        signed_out(): it is done.
    """

    signed_out = Signal()

    def __init__(self, session: UiSession, parent: QWidget | None = None) -> None:
        super().__init__(RunningDeed(session), parent)
        self.setObjectName("signOutDialog")
        self._accounts = session.services.accounts
        heading = self.tr("Sign out")
        page = FormPage(session.clock)
        page.column.addWidget(Label(heading, size=18, weight=600))
        page.column.addSpacing(px(8))
        text = self.tr("Your keys go from this computer. What the server has stays there, encrypted.")
        page.column.addWidget(WrappedLabel(text))
        page.column.addSpacing(px(16))
        self.keep = ChoiceCard(
            "device",
            self.tr("Keep everything here"),
            self.tr("Sign in again, and sync goes on where it was"),
            least_height=ONE_LINE,
        )
        self.keep.setObjectName("keepCard")
        self.remove = ChoiceCard(
            "trash",
            self.tr("Remove the synced workspaces from here"),
            self.tr(
                "Except those with changes that the server does not have yet, or with conflicts;"
                " the account is forgotten too"
            ),
            least_height=ONE_LINE,
        )
        self.remove.setObjectName("removeCard")
        group = QButtonGroup(self)
        for card in (self.keep, self.remove):
            group.addButton(card)
            page.column.addWidget(card)
            page.column.addSpacing(px(8))
            page.rest_while_running(card)
        pending = session.services.syncing.status().pending
        if pending:
            many = self.tr("%s items are not backed up yet. They stay here either way.") % f"{pending:,}"
            one = self.tr("One item is not backed up yet. It stays here either way.")
            self.waiting = IconLine("warning", one if pending == 1 else many, token="warning")
            self.waiting.setObjectName("unsavedEdits")
            page.column.addSpacing(px(8))
            page.column.addWidget(self.waiting)
        page.deed_button.setText(heading)
        page.deed_button.setObjectName("signOutButton")
        page.finish_layout("")
        self.keep.setChecked(True)
        page.begins_at = self.keep
        page.submitted.connect(self._submit)
        self.put(page, heading, width=_WIDTH)

    @Slot()
    def _submit(self) -> None:
        remove = self.remove.isChecked()
        self.show_problem(FormProblem())
        self.deed.start(
            lambda _: self._accounts.sign_out(remove_data=remove),
            lambda _: self._on_done(),
            lambda error: self.show_problem(password_problem(error)),
        )

    def _on_done(self) -> None:
        self.signed_out.emit()
        self.accept()


class DeleteAccountDialog(FormDialog):
    """Offers a copy, asks for the password, and deletes the account on the server.

    Signals:
        deleted(): it is done.
    """

    deleted = Signal()

    def __init__(self, session: UiSession, parent: QWidget | None = None) -> None:
        super().__init__(RunningDeed(session), parent)
        self.setObjectName("deleteAccountDialog")
        self._accounts = session.services.accounts
        heading = self.tr("Delete account")
        text = self.tr(
            "The account, and everything that the server holds of it, is deleted for good. Every device is signed"
            " out and keeps its documents."
        )
        page = PasswordPage(session.clock, heading, text, self.tr("Password"), danger=True)
        self.offer = CopyOffer(session)
        page.column.addSpacing(px(16))
        page.column.addWidget(self.offer)
        page.rest_while_running(self.offer)
        page.add_field(names.PASSWORD, page.password_block, gap=22)
        page.deed_button.setText(heading)
        page.deed_button.setObjectName("deleteAccountButton")
        page.finish_layout(self.tr("Your password is never sent."))
        page.submitted.connect(self._submit)
        page.edited.connect(lambda: self.show_problem(FormProblem()))
        self._form = page
        self.put(page, heading, width=_WIDTH)

    @Slot()
    def _submit(self) -> None:
        password = self._form.password.text()
        self.show_problem(FormProblem())
        self.deed.start(
            lambda _: self._accounts.delete(password=password),
            lambda _: self._on_done(),
            lambda error: self.show_problem(password_problem(error)),
        )

    def _on_done(self) -> None:
        self.deleted.emit()
        self.accept()
