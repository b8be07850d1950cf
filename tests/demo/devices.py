"""The two devices of the demo: signed in to one account, each with a window of its own half of the screen."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication

from insomnia_desktop.app import container
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.services.account_views import AccountDeed, ServerPlace
from insomnia_desktop.services.application import Services
from insomnia_desktop.store.changes import Origin
from tests.demo import tea_workspace

T = TypeVar("T")
CHECKOUT = Path(__file__).resolve().parents[2]
EMAIL, PERSON, PASSWORD = "tea@demo.example", "Demo", "a demo that nobody needs to keep"
_PATIENCE_S = 120.0
_ENDS_WITHIN = 10.0
# What a window manager puts round a window: the title above, a line at the sides, a handle below.
_TITLE_BAR, _BORDER, _FOOT = 32, 2, 8


class Device:
    """One data folder: prepared without a window first, then shown by the program itself as a process of its own."""

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self.folder = DataFolder(root / name)
        self.folder.prepare()
        self._key_file = self.folder.root / "vault.key"
        self._window: subprocess.Popen[bytes] | None = None

    def create_account(self, server: str, base_url: str) -> None:
        """Fill the workspace, make the account with it, and back it up."""
        with self._services() as services:
            workspace_id = tea_workspace.fill(services, base_url)
            tea_workspace.open_on(services, workspace_id)
            place = ServerPlace("there", server)
            _wait(services.accounts.create(place=place, email=EMAIL, name=PERSON, password=PASSWORD))
            # Nobody will want the way back into an account that is gone with the demo.
            _wait(services.accounts.recovery_keys.note_kept())
            _wait(services.syncing.sync_once())

    def sign_in(self, server: str) -> None:
        """Sign in to the account, and fetch what it holds."""
        with self._services() as services:
            _wait(services.accounts.sign_in(server=server, email=EMAIL, password=PASSWORD))
            _wait(services.syncing.sync_once())
            workspace = next(row for row in services.workspaces.all() if row.name == tea_workspace.NAME)
            tea_workspace.open_on(services, workspace.id)

    def place(self, rect: QRect) -> None:
        """Say where the window stands: the program finds it as if the person had left it there."""
        with self._services() as services:
            place = [rect.x(), rect.y(), rect.width(), rect.height()]
            services.preferences.set_local("window", {"place": [*place], "maximized": False}).result()

    def show(self) -> None:
        """Start the program."""
        words = ["--data-dir", str(self.folder.root), "--key-file", str(self._key_file)]
        # A session of its own: Ctrl+C in the terminal is for the demo, which then ends both windows.
        self._window = subprocess.Popen(
            [sys.executable, "-m", "insomnia_desktop", *words], cwd=CHECKOUT, start_new_session=True
        )

    def wait(self) -> int:
        """Wait until the window is closed, and return its exit status."""
        assert self._window is not None
        return self._window.wait()

    def end(self) -> None:
        """End the program if it still runs."""
        if self._window is None or self._window.poll() is not None:
            return
        self._window.terminate()
        try:
            self._window.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._window.kill()
            self._window.wait()

    @contextmanager
    def _services(self) -> Iterator[Services]:
        with _computer_named(self.name):
            services = container.build(self.folder, SystemClock(), Origin("window", 1), key_file=self._key_file)
            try:
                services.accounts.warm_up().result(_PATIENCE_S)
                yield services
            finally:
                services.close()


def halves() -> tuple[QRect, QRect]:
    """Return the left and the right half of the screen, without what stands round a window."""
    application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    assert isinstance(application, QGuiApplication)
    screen = application.primaryScreen().availableGeometry()
    width = screen.width() // 2
    left = QRect(screen.x(), screen.y(), width, screen.height())
    return _inside(left), _inside(left.translated(width, 0))


@contextmanager
def _computer_named(name: str) -> Iterator[None]:
    # A device is called what its computer is called; here two of them are on one.
    own = platform.node
    platform.node = lambda: name
    try:
        yield
    finally:
        platform.node = own


def _inside(half: QRect) -> QRect:
    return half.adjusted(_BORDER, _TITLE_BAR, -_BORDER, -_FOOT)


def _wait(deed: AccountDeed[T]) -> T:
    return deed.future.result(_PATIENCE_S)
