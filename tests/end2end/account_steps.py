"""What a person does with an account in the window of the real program, step by step, by mouse and keyboard."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from insomnia_desktop import __version__
from insomnia_desktop.base.paths import DataFolder
from tests.end2end.process import Program
from tests.support.ports import port_for_server

EMAIL = "ada@example.com"
PASSWORD = "four wet stones sing"
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def fill(program: Program, **fields: str) -> None:
    """Click each field and type over what it holds."""
    for name, text in fields.items():
        program.click(name)
        program.wait("focus", equals=name)
        program.keys("Ctrl+A")
        program.type(text)


def create_here(program: Program, *, email: str = EMAIL, password: str = PASSWORD) -> str:
    """Create an account on this computer from the first page, keep the recovery key, and return it."""
    program.click("createAccountCard")
    program.wait("windows", has="signInDialog")
    # The caret is in the name; the place is chosen already.
    program.wait("focus", equals="nameEdit")
    program.type("Ada")
    program.keys("Tab")
    program.wait("focus", equals="emailEdit")
    program.type(email)
    fill(program, passwordEdit=password, passwordAgainEdit=password)
    program.keys("Return")
    return keep_key(program)


def keep_key(program: Program) -> str:
    """Copy the recovery key that is shown, say that it is kept, and return it."""
    # Where there is none, this tells what the dialog says instead.
    program.wait("texts", name="signInDialog", has="I have kept it")
    program.click("copyRecoveryKeyButton")
    key = str(program.look("clipboard"))
    program.do("put_on_clipboard", text="")
    assert not program.look("is_enabled", name="doneButton")
    program.click("recoveryKeptBox")
    program.click("doneButton")
    return key


def sign_in(program: Program, *, server: str, email: str = EMAIL, password: str = PASSWORD) -> None:
    """Sign in by the footer's button."""
    program.click("footerDeedButton")
    program.wait("windows", has="signInDialog")
    fill(program, serverEdit=server, emailEdit=email, passwordEdit=password)
    program.keys("Return")


def expect_signed_in(program: Program) -> None:
    """Wait until the account is open, what is here is at the server, and no dialog is there any more."""
    program.wait("text", name="syncStatus", equals="Up to date")
    program.wait("windows", equals=["mainWindow"])


def open_sync(program: Program, *, page: int) -> None:
    """Open the sync panel and walk to a page of it; 0 is the overview."""
    program.click("syncStatus")
    program.wait("is_shown", name="syncTabs", equals=True)
    # By keyboard, which is in the tabs: one of them may just be getting wider by the count that came for it.
    program.keys(" ".join(["Right"] * page))


def open_devices(program: Program, *, until: str = "this computer") -> list[str]:
    """Open the devices in the sync panel and return the panel's words once the server told them, or something else."""
    open_sync(program, page=1)
    return list(program.wait("texts", name="syncPanel", has=until))


def close_devices(program: Program) -> None:
    """Go back from the sync panel."""
    program.keys("Escape")
    program.wait("is_shown", name="syncPanel", equals=False)


def open_account(program: Program) -> None:
    """Open the account page, by the devices in the sync panel."""
    open_devices(program)
    program.click("openAccountButton")
    program.wait("is_shown", name="accountPage", equals=True)


def devices(words: list[str]) -> int:
    """Return how many devices the sync panel shows: each says with which program it asks."""
    return sum(f"version {__version__}" in word for word in words)


def address_of(program: Program) -> str:
    """Return the server's address as the open sync panel shows it."""
    found = _ADDRESS.search("\n".join(program.look("texts", name="syncPanel")))
    assert found is not None
    return found.group()


def port_of(folder: DataFolder) -> int:
    """Return the port of the server of a data folder."""
    return int(json.loads((folder.server / "hosting.json").read_bytes())["port"])


def choose_port(folder: DataFolder) -> int:
    """Let a data folder's server have had a free port before: the usual one may be anybody's, now or at a restart."""
    port = port_for_server()
    folder.server.mkdir(exist_ok=True)
    (folder.server / "hosting.json").write_text(json.dumps({"port": port}))
    return port


def wait_for_end_of_server(folder: DataFolder) -> None:
    """Wait until no process serves a data folder: a server holds this lock to its end."""
    with (folder.server / "server.sqlite.lock").open("r+b") as lock:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)


def key_file(folder: DataFolder) -> dict[str, str]:
    """Return the environment by which the key to a data folder's keys lies in a file beside it."""
    return {"INSOMNIA_DESKTOP_KEY_FILE": str(Path(f"{folder.root}.key"))}
