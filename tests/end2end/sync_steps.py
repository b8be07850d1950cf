"""Two windows of one account and the server between them, and what a person does and sees there of sync."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from insomnia_desktop.base.paths import DataFolder
from tests.end2end.account_steps import EMAIL, PASSWORD, expect_signed_in, fill, keep_key, key_file, sign_in
from tests.end2end.process import Program
from tests.support.http_peer import peer_in_thread
from tests.support.server_relay import ServerRelay
from tests.support.sync_process import ServerProcess


class ServerBetween:
    """A real server process, which may end and come again; each device reaches it by a port that stays."""

    def __init__(self, folder: Path, relays: tuple[ServerRelay, ...]) -> None:
        self.folder = folder
        self.relays = relays
        self._process: ServerProcess | None = None
        self._address = ""

    def start(self) -> None:
        """Start it; nobody reaches it before `let_in`."""
        self._process = ServerProcess("--data-dir", str(self.folder), "--port", "0")
        self._address = self._process.address()

    def let_in(self, *devices: int) -> None:
        """Let devices reach it, those of these numbers."""
        for each in devices:
            self.relays[each].server = self._address

    def kill(self) -> None:
        """End it as the operating system may (kill -9), if it runs."""
        for relay in self.relays:
            relay.server = ""
        if self._process is not None:
            self._process.kill()


class TwoDevices:
    """The windows `a` and `b`, signed in to one account."""

    def __init__(self, a: Program, b: Program, server: ServerBetween) -> None:
        self.a, self.b, self.server = a, b, server

    def close(self) -> None:
        """Close both windows, and expect that neither had anything to complain of."""
        for program in (self.a, self.b):
            program.close()


@contextmanager
def two_devices(root: Path) -> Iterator[TwoDevices]:
    """Create an account in one window and sign in to it in another one."""
    with ExitStack() as stack:
        relays = (ServerRelay(), ServerRelay())
        for relay in relays:
            stack.enter_context(peer_in_thread(peer=relay))
        server = ServerBetween(root / "server", relays)
        stack.callback(server.kill)
        folders = [DataFolder(root / name) for name in ("a", "b")]
        # Both start at the same time.
        windows = [Program(folder, **key_file(folder)) for folder in folders]
        a, b = (stack.enter_context(window) for window in windows)
        server.start()
        server.let_in(0, 1)
        _create_account(a, relays[0].address)
        sign_in(b, server=relays[1].address)
        expect_signed_in(b)
        yield TwoDevices(a, b, server)


def _create_account(program: Program, address: str) -> None:
    program.click("createAccountCard")
    program.wait("windows", has="signInDialog")
    program.click("onAServerCard")
    fill(
        program,
        serverEdit=address,
        nameEdit="Ada",
        emailEdit=EMAIL,
        passwordEdit=PASSWORD,
        passwordAgainEdit=PASSWORD,
    )
    program.keys("Return")
    keep_key(program)
    expect_signed_in(program)


def new_request(program: Program, name: str, address: str) -> None:
    """Make a request, type its address and give it a name."""
    program.keys("Ctrl+N")
    program.wait("focus", equals="urlEdit")
    program.type(address)
    rename(program, name)


def rename(program: Program, name: str) -> None:
    """Give the open request another name."""
    program.keys("F2")
    program.wait("focus", equals="nameEditor")
    program.keys("Ctrl+A")
    program.type(f"{name}\n")


def type_address(program: Program, address: str) -> None:
    """Type over the address of the open request, and wait until it is stored."""
    program.keys("Ctrl+L")
    program.wait("focus", equals="urlEdit")
    program.keys("Ctrl+A")
    program.type(address)
    program.wait("saved_url", equals=address)


def open_request(program: Program, name: str) -> None:
    """Open a request by a click in the tree."""
    program.do("click_row", name="requestTree", text=name)
    program.wait("selected", name="requestTree", equals=[name])


def back_up(program: Program) -> str:
    """Back up now and return what is said of it."""
    program.click("backupNowButton")
    return str(program.wait("text", name="toast", has="acked up"))
