"""The devices of the account in the sync panel, and the ways to the account and out of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot

from insomnia_desktop.services.account_views import DeviceView
from insomnia_desktop.ui.panes.account.account_rows import DeedRow, DeviceRow
from insomnia_desktop.ui.panes.sync.column_page import ColumnPage
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.account_view_model import AccountViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.widgets.buttons import DefaultButton
from insomnia_desktop.ui.widgets.icon_line import IconLine
from insomnia_desktop.ui.widgets.keyed_rows import KeyedRows
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.page_heading import PageHeading
from insomnia_desktop.ui.widgets.tab_order import order_as_laid_out


class DevicesTab(ColumnPage):
    """Every device but this one can be signed out from here, and this one too: nowhere else.

    Signals:
        revoke_wanted(DeviceView), account_wanted(), sign_out_wanted(): a dialog or page is wanted.
    """

    revoke_wanted = Signal(object)
    account_wanted = Signal()
    sign_out_wanted = Signal()

    def __init__(self, session: UiSession, account: AccountViewModel) -> None:
        super().__init__()
        self._session = session
        self._account = account
        self._build_left()
        self._build_right()
        account.devices_changed.connect(self._show)
        account.status_changed.connect(self._show_account)
        self._show()
        self._show_account()

    def event(self, event: QEvent) -> bool:
        """Ask for the devices again when the person comes back: another one may have signed in meanwhile."""
        if event.type() == QEvent.Type.WindowActivate and self._account.is_open and self._account.devices is not None:
            self._account.load_devices()
        return super().event(event)

    def _build_left(self) -> None:
        self._heading = PageHeading(self.tr("Devices"))
        self._waiting = Label(self.tr("Asking the server…"), rank="dim")
        self._waiting.setFixedHeight(px(40))
        self._rows: KeyedRows[tuple[DeviceView, int], DeviceRow] = KeyedRows(
            self._row, lambda row, seen, last: row.show_device(*seen, last=last)
        )
        self._problem = IconLine("warning", token="danger", rank="danger")
        self._problem.setObjectName("devicesError")
        self._problem.set_gap(8)
        self._retry = DefaultButton(self.tr("Try again"), icon="retry")
        self._retry.setObjectName("retryDevicesButton")
        self._retry.clicked.connect(self._account.load_devices)
        for part in (self._heading, self._waiting, self._rows.part, self._problem):
            self.left.addWidget(part)
        self.left.addSpacing(px(8))
        self.left.addWidget(self._retry, 0, Qt.AlignmentFlag.AlignLeft)

    def _build_right(self) -> None:
        self.right.addWidget(PageHeading(self.tr("Account")))
        self._account_row = DeedRow(
            "", self.tr("Password, recovery key and server."), self.tr("Account…"), "openAccountButton"
        )
        self._account_row.button.clicked.connect(self.account_wanted)
        leave = DeedRow(
            self.tr("Sign out"),
            self.tr("The keys go from this computer; you choose what happens to the data."),
            self.tr("Sign out…"),
            "signOutRowButton",
            last=True,
        )
        leave.button.clicked.connect(self.sign_out_wanted)
        self.right.addWidget(self._account_row)
        self.right.addWidget(leave)

    @Slot()
    def _show_account(self) -> None:
        self._account_row.set_title(self._account.status.email)

    def _row(self, seen: tuple[DeviceView, int]) -> DeviceRow:
        row = DeviceRow(seen[0])
        if row.button is not None:
            row.button.clicked.connect(lambda: self.revoke_wanted.emit(row.device))
        return row

    @Slot()
    def _show(self) -> None:
        devices, problem, now = self._account.devices, self._account.devices_problem, self._session.clock.now_ms()
        self._heading.set_count(len(devices or ()))
        self._waiting.setVisible(devices is None and not problem)
        if self._rows.show_rows([(each.id, (each, now)) for each in devices or ()]):
            order_as_laid_out(self.widget())
        self._problem.set_text(problem)
        self._problem.setVisible(bool(problem))
        self._retry.setVisible(bool(problem))
