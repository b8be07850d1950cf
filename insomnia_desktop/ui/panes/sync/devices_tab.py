"""The devices of the account in the sync panel, and the ways to the account and out of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from insomnia_desktop.ui.panes.account.account_rows import DeedRow, DeviceRow, FactRow
from insomnia_desktop.ui.panes.sync.column_page import SECTION_GAP, ColumnPage
from insomnia_desktop.ui.panes.sync.sync_rows import clear, column_of
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.account_view_model import AccountViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.widgets.buttons import DefaultButton
from insomnia_desktop.ui.widgets.icon_line import IconLine
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.page_heading import PageHeading


class DevicesTab(ColumnPage):
    """Every device but this one can be signed out from here.

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
        self._heading = PageHeading(self.tr("Devices"))
        self.left.addWidget(self._heading)
        rows = QWidget()
        self._rows = column_of(rows)
        self.left.addWidget(rows)
        self._problem = IconLine("warning", token="danger", rank="danger")
        self._problem.setObjectName("devicesError")
        self._problem.set_gap(8)
        self._retry = DefaultButton(self.tr("Try again"), icon="retry")
        self._retry.setObjectName("retryDevicesButton")
        self._retry.clicked.connect(account.load_devices)
        self.left.addWidget(self._problem)
        self.left.addSpacing(px(8))
        self.left.addWidget(self._retry, 0, Qt.AlignmentFlag.AlignLeft)
        self._build_right()
        account.devices_changed.connect(self._show)
        account.status_changed.connect(self._show_facts)
        self._show()
        self._show_facts()

    def _build_right(self) -> None:
        self.right.addWidget(PageHeading(self.tr("Account")))
        facts = QWidget()
        self._facts = column_of(facts)
        self.right.addWidget(facts)
        self.right.addSpacing(px(SECTION_GAP))
        self.right.addWidget(PageHeading(self.tr("Leave, or change how you get in")))
        account = DeedRow(
            self.tr("Password, recovery key, server"),
            self.tr("And how other devices reach a server on this computer."),
            self.tr("Account…"),
            "openAccountButton",
        )
        account.button.clicked.connect(self.account_wanted)
        leave = DeedRow(
            self.tr("Sign out"),
            self.tr("The keys go from this computer; you choose what happens to the data."),
            self.tr("Sign out…"),
            "signOutRowButton",
            last=True,
        )
        leave.button.clicked.connect(self.sign_out_wanted)
        self.right.addWidget(account)
        self.right.addWidget(leave)

    @Slot()
    def _show_facts(self) -> None:
        clear(self._facts)
        status = self._account.status
        self._facts.addWidget(FactRow(self.tr("E-mail"), status.email))
        self._facts.addWidget(FactRow(self.tr("Name"), status.name or self.tr("none given")))
        here = self.tr("On this computer, %s") % status.server if status.hosted_here else status.server
        self._facts.addWidget(FactRow(self.tr("Server"), here, mono=not status.hosted_here, last=True))

    @Slot()
    def _show(self) -> None:
        clear(self._rows)
        devices, problem = self._account.devices, self._account.devices_problem
        self._heading.set_count(len(devices or ()))
        if devices is None and not problem:
            waiting = Label(self.tr("Asking the server…"), rank="dim")
            waiting.setFixedHeight(px(40))
            self._rows.addWidget(waiting)
        for at, device in enumerate(devices or ()):
            row = DeviceRow(device, self._session.clock.now_ms(), last=at == len(devices or ()) - 1)
            if row.button is not None:
                row.button.clicked.connect(lambda _checked=False, each=device: self.revoke_wanted.emit(each))
            self._rows.addWidget(row)
        self._problem.set_text(problem)
        self._problem.setVisible(bool(problem))
        self._retry.setVisible(bool(problem))
