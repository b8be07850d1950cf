"""Who is signed in, as footer, menus and account page show it; devices and the server on this computer."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Signal

from insomnia_desktop.base.errors import AppError, KnownError
from insomnia_desktop.services.account_views import AccountState, AccountStatus
from insomnia_desktop.services.error_text import sentence
from insomnia_desktop.ui.viewmodels.account_deed import RunningDeed
from insomnia_desktop.ui.viewmodels.account_words import signed_out_words
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.unkept_key import UnkeptKey

if TYPE_CHECKING:
    from insomnia_desktop.services.account_views import DeviceView, HostingStatus

SIGN_IN = "sign_in"
UNLOCK = "unlock"


class Footer(msgspec.Struct, frozen=True):
    """What the sync footer shows: a dot's token, a word, what it means, and the deed that fits ("" for none).

    `short_words` stand where the word has no room ("" where there are none shorter).
    """

    token: str
    words: str
    tip: str
    deed: str = ""
    deed_words: str = ""
    may_create: bool = False
    short_words: str = ""


class AccountViewModel(QObject):
    """The account of this data folder.

    Signals:
        status_changed(): somebody signed in or out, here or elsewhere.
        devices_changed(): the list of devices, or why there is none, is another.
        hosting_changed(): the server on this computer started, stopped or changed its address.
    """

    status_changed = Signal()
    devices_changed = Signal()
    hosting_changed = Signal()

    def __init__(self, session: UiSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._accounts = session.services.accounts
        self._hosting = session.services.hosting
        self._status = self._accounts.status()
        self._devices: tuple[DeviceView, ...] | None = None
        self._devices_problem = ""
        self._hosting_problem = ""
        self._others_next: bool | None = None
        self._revoke_next: list[str] = []
        self.unkept_key = UnkeptKey(session, self)
        self._device_deed = RunningDeed(session, self)
        self.hosting_deed = RunningDeed(session, self)
        bridge = session.bridge
        self._unsubscribe = self._accounts.subscribe(lambda status: bridge.post(partial(self._on_status, status)))

    @property
    def status(self) -> AccountStatus:
        """The account's status as it was told last."""
        return self._status

    @property
    def footer(self) -> Footer:
        """What the footer of the sidebar shows."""
        return footer_of(self._status)

    @property
    def server(self) -> str:
        """The server's address as people know it: without the certificate that it may name behind `#`."""
        return self._status.server.partition("#")[0]

    @property
    def is_open(self) -> bool:
        """Whether somebody is signed in and the keys are there."""
        return self._status.state == AccountState.SIGNED_IN

    @property
    def devices(self) -> tuple[DeviceView, ...] | None:
        """The devices of the account; None before the server told them."""
        return self._devices

    @property
    def devices_problem(self) -> str:
        """Why the devices are not known, or the last deed on them failed, in one sentence."""
        return self._devices_problem

    @property
    def hosting(self) -> HostingStatus:
        """The server on this computer."""
        return self._hosting.status()

    @property
    def hosting_problem(self) -> str:
        """Why the server on this computer does not run as it should, in one sentence."""
        problem = self._hosting.status().problem
        return self._hosting_problem or (sentence(problem).text if problem is not None else "")

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()

    def load_devices(self) -> None:
        """Ask the server for the devices; `devices_changed` tells them."""
        self._devices_problem = ""
        self._device_deed.start(lambda _: self._accounts.devices(), self._on_devices, self._on_devices_failed)

    def revoke(self, device_id: str) -> None:
        """Sign another device out."""
        self._devices_problem = ""
        if self._device_deed.is_running:
            self._revoke_next.append(device_id)
            return
        self._device_deed.start(lambda _: self._accounts.revoke(device_id), self._on_devices, self._on_devices_failed)

    def let_others_in(self, wanted: bool) -> None:
        """Let other devices on the network reach the server on this computer, or no longer."""
        self._hosting_problem = ""
        if self.hosting_deed.is_running:
            self._others_next = wanted
            return
        self.hosting_deed.start(
            lambda _: self._hosting.start(other_devices=wanted),
            lambda _: self._on_hosting_done(),
            self._on_hosting_failed,
        )

    def save_address(self, path: Path) -> str:
        """Write the address that other devices use into a file; return why that failed, or ""."""
        try:
            self._hosting.share_file(path)
        except KnownError as error:
            return sentence(error).text
        return ""

    def stop_hosting(self) -> None:
        """Stop the server on this computer, or its start."""
        self._others_next = None
        self._hosting_problem = ""
        self.hosting_deed.cancel()
        self._session.bridge.watch(self._hosting.stop(), lambda _: self.hosting_changed.emit(), owner=self)

    def _on_status(self, status: AccountStatus) -> None:
        if shiboken6.isValid(self):
            if status.account_id != self._status.account_id:
                self._devices = None  # they are another account's
            self._status = status
            self.status_changed.emit()

    def _on_devices(self, devices: tuple[DeviceView, ...]) -> None:
        self._devices = devices
        self.devices_changed.emit()
        self._revoke_waiting()

    def _on_devices_failed(self, error: AppError) -> None:
        self._devices_problem = sentence(error).text
        self.devices_changed.emit()
        self._revoke_waiting()

    def _revoke_waiting(self) -> None:
        if self._revoke_next:
            self.revoke(self._revoke_next.pop(0))

    def _on_hosting_done(self) -> None:
        wanted, self._others_next = self._others_next, None
        self.hosting_changed.emit()
        if wanted is not None:
            self.let_others_in(wanted)

    def _on_hosting_failed(self, error: AppError) -> None:
        self._others_next = None
        self._hosting_problem = sentence(error).text
        self.hosting_changed.emit()


def footer_of(status: AccountStatus) -> Footer:
    """Return what the footer of the sidebar shows for a status."""
    sign_in, unlock = _tr("Sign in"), _tr("Unlock")
    if status.state == AccountState.SIGNED_IN:
        tip = _tr("Signed in as %s. This workspace is kept on this computer.") % status.email
        return Footer("faint", _tr("Local only"), tip)
    if status.state == AccountState.LOCKED:
        tip = _tr("Your keys are locked until you give the password.")
        return Footer("dot_warning", _tr("Locked"), tip, UNLOCK, unlock)
    if status.state == AccountState.WORK_OFFLINE:
        tip = _tr("Your keys stay locked until you give the password.")
        return Footer("faint", _tr("Offline"), tip, UNLOCK, unlock)
    if status.state == AccountState.SIGNED_OUT_ELSEWHERE:
        words, short = _tr("Signed out elsewhere"), _tr("Signed out")
        return Footer("dot_danger", words, signed_out_words(), SIGN_IN, sign_in, short_words=short)
    tip = _tr("Everything is kept on this computer. Nothing leaves it unless you send it.")
    return Footer("faint", _tr("On this device"), tip, SIGN_IN, sign_in, may_create=True)


def _tr(text: str) -> str:
    return QCoreApplication.translate("AccountViewModel", text)
