"""The account page: who is signed in, password and recovery key, the server on this computer, and its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget

from insomnia_desktop.services.account_views import AccountState
from insomnia_desktop.ui.panes.account.account_rows import DeedRow, FactRow
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.account_view_model import AccountViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.widgets.bars import Bar, Surface
from insomnia_desktop.ui.widgets.buttons import DefaultButton, IconButton
from insomnia_desktop.ui.widgets.copy_line import CopyLine
from insomnia_desktop.ui.widgets.fields import CheckBox
from insomnia_desktop.ui.widgets.icon_line import IconLine
from insomnia_desktop.ui.widgets.labels import Label, SectionHeading, WrappedLabel
from insomnia_desktop.ui.widgets.progress_line import ProgressLine
from insomnia_desktop.ui.widgets.status_dot import StatusDot

LEAST_FOR_TWO = 760
COLUMN_GAP, SECTION_GAP = 40, 24
_ADDRESS_FILE = "insomnia-server-address.txt"


class AccountPage(Surface):
    """A page over request and response; Escape and the cross go back.

    Signals:
        closed(): it is to go.
        devices_wanted(): the devices, from where this one is signed out too, are wanted in the sync panel.
        password_wanted(), recovery_key_wanted(), delete_wanted(): a dialog is wanted.
        notice_requested(text, action_text, call): a fact to be shown.
    """

    closed = Signal()
    devices_wanted = Signal()
    password_wanted = Signal()
    recovery_key_wanted = Signal()
    delete_wanted = Signal()
    notice_requested = Signal(str, str, object)

    def __init__(self, session: UiSession, account: AccountViewModel, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self.setObjectName("accountPage")
        self.setAccessibleName(self.tr("Account"))
        self._session = session
        self._account = account
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._bar = self._head()
        outer.addWidget(self._bar)
        outer.addWidget(self._scrolled(), 1)
        self._progress = ProgressLine(self._bar)
        account.hosting_changed.connect(self._show_hosting)
        account.hosting_deed.running_changed.connect(self._on_hosting_runs)
        account.status_changed.connect(self._show_status)
        self._show_status()

    def focus_first(self) -> None:
        """Put the focus into the page."""
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the right column under the left one where there is no room beside it."""
        super().resizeEvent(event)
        two = self.width() >= px(LEAST_FOR_TWO)
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.LeftToRight if two else directions.TopToBottom)
        self._columns.setSpacing(px(COLUMN_GAP if two else SECTION_GAP))

    def _head(self) -> Bar:
        bar = Bar(48)
        self._dot = StatusDot("faint")
        self._state = Label("", rank="dim")
        self._server = Label("", rank="dim", size=12, mono=True, elide=Qt.TextElideMode.ElideMiddle)
        self.close_button = IconButton("close", self.tr("Close (Esc)"), name=self.tr("Close"))
        self.close_button.setObjectName("closePageButton")
        self.close_button.clicked.connect(self.closed)
        bar.add(Label(self.tr("Account"), size=14, weight=600))
        bar.add_space(8)
        bar.add(self._dot)
        bar.add(self._state)
        bar.add(Label("·", rank="dim"))
        bar.add(self._server, stretch=1)
        bar.add(self.close_button)
        return bar

    def _scrolled(self) -> QScrollArea:
        inner = Surface("window")
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.addWidget(self._left(), 1, Qt.AlignmentFlag.AlignTop)
        self._columns.addWidget(self._right(), 1, Qt.AlignmentFlag.AlignTop)
        outer = QVBoxLayout(inner)
        outer.setContentsMargins(px(16), px(16), px(16), px(16))
        outer.addLayout(self._columns)
        outer.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        return area

    def _left(self) -> QWidget:
        side, column = _side()
        column.addWidget(SectionHeading(self.tr("Signed in as")))
        self._facts = QVBoxLayout()
        self._facts.setSpacing(0)
        column.addLayout(self._facts)
        self._hosting_part = self._hosting()
        column.addWidget(self._hosting_part)
        return side

    def _right(self) -> QWidget:
        side, column = _side()
        column.addWidget(SectionHeading(self.tr("Password and recovery key")))
        password = self._deed(
            self.tr("Password"),
            self.tr("Never sent to the server, not even encrypted."),
            self.tr("Change…"),
            "changePasswordRowButton",
            self.password_wanted.emit,
        )
        self._recovery = self._deed(
            self.tr("Recovery key"), "", "", "recoveryKeyRowButton", self.recovery_key_wanted.emit, last=True
        )
        for row in (password, self._recovery):
            column.addWidget(row)
        column.addSpacing(px(SECTION_GAP))
        column.addWidget(SectionHeading(self.tr("Leave")))
        column.addWidget(
            self._deed(
                self.tr("Devices and signing out"),
                self.tr("Each device, and this one too, is signed out in the sync panel."),
                self.tr("Devices…"),
                "openDevicesButton",
                self.devices_wanted.emit,
            )
        )
        column.addWidget(
            self._deed(
                self.tr("Delete account"),
                self.tr("The server forgets everything; your documents stay."),
                self.tr("Delete…"),
                "deleteAccountRowButton",
                self.delete_wanted.emit,
                last=True,
            )
        )
        return side

    def _deed(
        self, title: str, text: str, button: str, name: str, deed: Callable[[], None], *, last: bool = False
    ) -> DeedRow:
        row = DeedRow(title, text, button, name, last=last)
        row.button.clicked.connect(lambda: deed())
        return row

    def _hosting(self) -> QWidget:
        part, column = _side()
        column.addSpacing(px(SECTION_GAP))
        column.addWidget(SectionHeading(self.tr("The server on this computer")))
        column.addSpacing(px(10))
        self.others_box = CheckBox(self.tr("Let other devices on my network connect"))
        self.others_box.setObjectName("otherDevicesBox")
        self.others_box.clicked.connect(self._account.let_others_in)
        column.addWidget(self.others_box)
        self._hosting_note = WrappedLabel("", size=12)
        self._hosting_note.setObjectName("hostingNote")
        column.addSpacing(px(6))
        column.addWidget(self._hosting_note)
        self.address_line = CopyLine("globe", self.tr("They use"), self.tr("Copy the address"))
        self.address_line.setObjectName("otherDevicesAddress")
        self.address_line.copied.connect(
            lambda: self.notice_requested.emit(self.tr("The address is copied."), "", None)
        )
        self._save_address = DefaultButton(self.tr("Save the address as file…"), icon="file")
        self._save_address.setObjectName("saveAddressButton")
        self._save_address.clicked.connect(self._open_save)
        self._address_part, addresses = _side()
        addresses.setSpacing(px(8))
        addresses.setContentsMargins(0, px(8), 0, 0)
        addresses.addWidget(self.address_line)
        addresses.addWidget(self._save_address, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._address_part)
        self._hosting_problem = IconLine("warning", token="danger", rank="danger")
        self._hosting_problem.setObjectName("hostingError")
        self._hosting_problem.set_gap(8)
        column.addWidget(self._hosting_problem)
        return part

    @Slot()
    def _show_status(self) -> None:
        status, footer = self._account.status, self._account.footer
        # How the workspace is synced is the sync panel's; here it is the account that is asked for.
        is_in = status.state == AccountState.SIGNED_IN
        self._dot.set_token("dot_success" if is_in else footer.token)
        self._state.setText(self.tr("Signed in") if is_in else footer.words)
        self._server.setText(self._account.server)
        _clear(self._facts)
        self._facts.addWidget(FactRow(self.tr("E-mail"), status.email))
        self._facts.addWidget(FactRow(self.tr("Name"), status.name or self.tr("none given")))
        server = FactRow(self.tr("Server"), self._server_words(), mono=not status.hosted_here, last=True)
        self._facts.addWidget(server)
        if status.recovery:
            words = self.tr("It opens your data if you forget the password.")
            self._recovery.set_text(words, self.tr("Make another…"))
        else:
            words = self.tr("Without one, a forgotten password cannot be helped.")
            self._recovery.set_text(words, self.tr("Make one…"))
        self._hosting_part.setVisible(status.hosted_here)
        self._show_hosting()

    def _server_words(self) -> str:
        server = self._account.server
        return self.tr("On this computer, %s") % server if self._account.status.hosted_here else server

    @Slot()
    def _show_hosting(self) -> None:
        if not self._account.status.hosted_here:
            return
        hosting, problem = self._account.hosting, self._account.hosting_problem
        self.others_box.setChecked(hosting.other_devices)
        self._hosting_note.set_plain_text(
            self.tr(
                "The address ends in the fingerprint of this server: nobody can stand in for it. A device that signed"
                " in with the address before signs in again with this one."
            )
            if hosting.other_devices
            else self.tr(
                "It starts and ends with this program, and answers this computer alone. With the box ticked it has"
                " another address: a device that uses the one of now signs in again."
            )
        )
        self.address_line.set_value(hosting.address_for_others)
        self._address_part.setVisible(hosting.other_devices and bool(hosting.address_for_others))
        self._hosting_problem.set_text(problem)
        self._hosting_problem.setVisible(bool(problem))

    @Slot(bool)
    def _on_hosting_runs(self, running: bool) -> None:
        # The box stays on: one that rests hands the focus to what comes next, and a Space would press that.
        if running:
            self._progress.start()
        else:
            self._progress.stop()

    @Slot()
    def _open_save(self) -> None:
        dialog = QFileDialog(self, self.tr("Save the address"))
        dialog.setObjectName("saveAddressDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDirectory(QDir.home())
        dialog.selectFile(_ADDRESS_FILE)
        dialog.fileSelected.connect(self.save_address)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def save_address(self, path: str) -> None:
        """Write the address that other devices use into a file."""
        problem = self._account.save_address(Path(path))
        self.notice_requested.emit(problem or self.tr("Saved as %s.") % Path(path).name, "", None)


def _side() -> tuple[QWidget, QVBoxLayout]:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return part, column


def _clear(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
