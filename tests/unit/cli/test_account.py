"""`account` on the command line, against the real server: cli.account."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from insomnia_desktop.app import container
from insomnia_desktop.app.arguments import KEY_FILE_VARIABLE, read
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.cli.parser import parse
from insomnia_desktop.store.changes import Origin
from tests.support.account_desk import EMAIL, NEW_PASSWORD, PASSWORD
from tests.support.sync_server import sync_server
from tests.unit.cli.conftest import Ended, Program


class KeyFileProgram(Program):
    """The program with --key-file, as `app.main` builds it."""

    def __call__(self, *words: str) -> Ended:
        """Run a command on the data folder and key file that it names, else those of the test."""
        self._captured.readouterr()
        from insomnia_desktop.cli.run import run

        try:
            parsed = parse(words)
            folder = DataFolder(Path(parsed.data_dir)) if parsed.data_dir else self._folder
            key_file = Path(parsed.key_file) if parsed.key_file else None
            build = partial(container.build, folder, SystemClock(), Origin("command_line"), key_file=key_file)
            status = run(parsed, build, report=lambda error, where: self.crashes.append(error))
        except SystemExit as ended:
            status = int(ended.code or 0)
        output, errors = self._captured.readouterr()
        return Ended(status, output, errors.decode("utf-8"))


@dataclass(frozen=True)
class Files:
    """What a script hands over in files."""

    folder: Path
    password: str
    new_password: str

    def path(self, name: str) -> str:
        """Return the name of a file of the test's own."""
        return str(self.folder / name)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A password file with a line break at its end, and one without."""
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    (tmp_path / "new").write_text(NEW_PASSWORD)
    return Files(tmp_path, str(tmp_path / "password"), str(tmp_path / "new"))


@pytest.fixture
def account(data_folder: DataFolder, capsysbinary: pytest.CaptureFixture[bytes]) -> KeyFileProgram:
    """The program on a fresh data folder."""
    return KeyFileProgram(data_folder, capsysbinary)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a real server."""
    with sync_server(tmp_path / "database" / "server.sqlite", SystemClock()) as server:
        yield server.address


def _place(address: str, email: str = EMAIL) -> tuple[str, ...]:
    return ("--server", address, "--email", email)


def test_a_whole_life(account: KeyFileProgram, address: str, files: Files, data_folder: DataFolder) -> None:
    key, kit = ("--key-file", files.path("key")), files.path("kit")
    assert account.json("account", "status", *key) == {
        "signed_in": False, "state": "signed_out", "email": "", "server": "", "device_id": "",
    }  # fmt: skip
    created = account.json(
        "account", "create", *_place(address, " Life@example.com"), "--name", "Ada", "--password-file", files.password,
        "--recovery-key-file", kit, *key,
    )  # fmt: skip
    assert set(created) == {"account_id", "email", "server"}
    assert (created["email"], created["server"]) == ("life@example.com", address)
    first = Path(kit).read_text()
    assert len(first.strip().split("-")) == 9
    assert stat.S_IMODE(os.stat(kit).st_mode) == 0o600
    status = account.json("account", "status", *key)
    assert (status["signed_in"], status["email"], len(status["device_id"])) == (True, "life@example.com", 22)
    assert account("account", "status", *key).text == f"Signed in as life@example.com at {address}."
    (device,) = account.json("account", "devices", *key)
    assert (device["id"], device["current"]) == (status["device_id"], True)
    changed = account(
        "account", "change-password", "--password-file", files.password, "--new-password-file", files.new_password, *key
    )
    assert changed.status == 0
    # A second device signs in, and is signed out from the first.
    other = ("--data-dir", files.path("other"), "--key-file", files.path("other-key"))
    assert account(
        "account", "sign-in", *_place(address, "life@example.com"), "--password-file", files.new_password, *other
    ).text == "Signed in as life@example.com."  # fmt: skip
    rows = account.json("account", "devices", *key)
    assert [row["current"] for row in rows] == [True, False]
    lines = account("account", "devices", *key).text.splitlines()
    assert lines[0].endswith("  this computer")
    assert "  last seen 20" in lines[1]
    assert account.fails("account", "devices", "revoke", "nonsense", *key)["code"] == "cli.unknown_name"
    assert len(account.json("account", "devices", "revoke", rows[1]["id"], *key)) == 1
    gone = account("account", "devices", *other)
    assert (gone.status, gone.errors.startswith("The server ended the session of this device")) == (1, True)
    said = account("account", "status", *other).text
    assert said.startswith(f"Signed out elsewhere: life@example.com at {address}. The server ended the session")
    assert said.endswith("Sign in again; everything here is kept.")
    assert account("sync", "status", *other).text.splitlines()[:2] == [
        "Signed out elsewhere.", said.partition(f"{address}. ")[2],
    ]  # fmt: skip
    sign_in = ("account", "sign-in", *_place(address, "life@example.com"), "--password-file", files.password)
    # The key is used up, and the next one takes its place in the file.
    recover = ("account", "recover", *_place(address, "life@example.com"), "--recovery-key-file", kit)
    assert account.json(*recover, "--new-password-file", files.password, *key) == {
        "email": "life@example.com", "server": address,
    }  # fmt: skip
    assert Path(kit).read_text() != first
    assert not Path(f"{kit}.new").exists()
    assert account("account", "status", *key).text == "Not signed in."
    assert account(*sign_in, *key).status == 0
    assert account.json("account", "sign-out", *key) == {"signed_in": False}
    assert account(*sign_in, *key).status == 0
    assert account.json("account", "delete", "--password-file", files.password, *key) == {"deleted": True}
    assert account.json("account", "status", *key)["email"] == ""
    assert not data_folder.keys_file.exists()
    assert not account.crashes


def test_the_recovery_key_is_shown_where_no_file_is_named(account: KeyFileProgram, address: str, files: Files) -> None:
    place = _place(address, "shown@example.com")
    made = account.json("account", "create", *place, "--password-file", files.password, "--key-file", files.path("k"))
    assert len(made["recovery_key"].split("-")) == 9
    again = ("account", "create", *place, "--password-file", files.password, "--key-file", files.path("k"))
    # Nobody is signed out by it.
    assert account.fails(*again)["code"] == "account.signed_in_already"
    other = ("account", "sign-in", *_place(address, "somebody@example.com"), "--password-file", files.password)
    refused = account.fails(*other, "--key-file", files.path("k"))
    assert refused["code"] == "account.signed_in_already"
    assert refused["message"] == "shown@example.com is signed in on this computer."
    assert refused["hint"] == "Sign out first; everything here is kept."
    assert account.json("account", "status", "--key-file", files.path("k"))["email"] == "shown@example.com"
    account("account", "sign-out", "--key-file", files.path("k"))
    assert account.fails(*again)["code"] == "account.email_taken"
    sign_in = ("account", "sign-in", *place, "--password-file", files.password, "--key-file", files.path("k"))
    # It was shown, so it is not shown again.
    assert "recovery_key" not in account.json(*sign_in)
    wrong = account.fails("account", "delete", "--password-file", files.new_password, "--key-file", files.path("k"))
    assert wrong["message"] == "The password is wrong."


def test_a_key_that_was_never_shown_is_shown_with_the_next_sign_in(
    account: KeyFileProgram, address: str, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    from insomnia_desktop.services.recovery_keys import RecoveryKeys

    place = _place(address, "unkept@example.com")
    keep = ("--password-file", files.password, "--key-file", files.path("u"))

    def killed(_: RecoveryKeys) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        # Ended right before it was noted that the key is out.
        patch.setattr(RecoveryKeys, "note_kept", killed)
        assert account("account", "create", *place, *keep).status == 130
    shown = account("account", "sign-in", *place, *keep).text.splitlines()
    assert shown[:2] == [
        "Signed in as unkept@example.com.",
        "The recovery key, which was not shown before; keep it safe:",
    ]
    assert len(shown[2].split("-")) == 9
    assert account("account", "sign-in", *place, *keep).text == "Signed in as unkept@example.com."


def test_a_kit_keeps_its_other_lines(
    account: KeyFileProgram, address: str, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, key = _place(address, "kit@example.com"), ("--key-file", files.path("k"))
    made = account.json("account", "create", *place, "--password-file", files.password, *key)
    kit = Path(files.path("kit"))
    kit.write_text(f"Recovery key of kit@example.com\n\n{made['recovery_key']}\n")
    recover = ("account", "recover", *place, "--new-password-file", files.new_password, *key)
    assert account(*recover, "--recovery-key-file", str(kit)).status == 0
    *words, last = kit.read_text().splitlines()
    assert words == ["Recovery key of kit@example.com", ""]
    assert last != made["recovery_key"]
    # On standard input, the next one is on standard output.
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{last}\n".encode())))
    answer = account.json(*recover, "--recovery-key-file", "-")
    assert len(answer["recovery_key"].split("-")) == 9


def test_a_key_that_cannot_be_kept_is_not_used_up(account: KeyFileProgram, address: str, files: Files) -> None:
    place, key = _place(address, "keep@example.com"), ("--key-file", files.path("k"))
    made = account.json("account", "create", *place, "--password-file", files.password, *key)
    kit = Path(files.path("kit"))
    kit.write_text(made["recovery_key"])
    Path(f"{kit}.new").mkdir()
    recover = ("account", "recover", *place, "--recovery-key-file", str(kit), "--new-password-file", files.new_password)
    assert account.fails(*recover, *key)["code"] == "cli.file_unwritable"
    assert account("account", "sign-in", *place, "--password-file", files.password, *key).status == 0
    Path(f"{kit}.new").rmdir()
    assert account(*recover, *key).status == 0
    # A lost answer leaves both files: the old key is refused then, and the new one is not written over.
    Path(f"{kit}.new").write_text("the next one")
    kit.write_text(made["recovery_key"])
    assert account.fails(*recover, *key)["code"] == "account.bad_recovery_key"
    assert Path(f"{kit}.new").read_text() == "the next one"


def test_an_account_is_not_made_where_its_recovery_key_cannot_be_kept(
    account: KeyFileProgram, address: str, files: Files
) -> None:
    create = ("account", "create", *_place(address, "nowhere@example.com"), "--password-file", files.password)
    wrong = account.fails(*create, "--recovery-key-file", files.path("missing/kit"), "--key-file", files.path("k"))
    assert wrong["code"] == "cli.file_unwritable"
    assert account(*create, "--key-file", files.path("k")).status == 0


def test_a_recovery_key_is_never_written_over(account: KeyFileProgram, address: str, files: Files) -> None:
    """The file may hold the only key of another account; a file that came to nothing is not left behind."""
    kit, key = Path(files.path("kit")), ("--key-file", files.path("k"))
    create = ("account", "create", *_place(address, "over@example.com"), "--password-file", files.password, *key)
    assert account(*create, "--recovery-key-file", str(kit)).status == 0
    first = kit.read_text()
    other = ("--data-dir", files.path("other"), "--recovery-key-file")
    assert account.fails(*create, *other, str(kit))["code"] == "cli.file_in_use"
    assert kit.read_text() == first
    assert account.fails(*create, *other, files.path("second"))["code"] == "account.email_taken"
    assert not Path(files.path("second")).exists()


def test_where_no_keys_are_kept_the_password_is_needed(account: KeyFileProgram, address: str, files: Files) -> None:
    """This computer has no keyring, so without --key-file nothing is kept."""
    place = _place(address, "memory@example.com")
    assert account("account", "create", *place, "--password-file", files.password).status == 0
    assert account.json("account", "status")["state"] == "locked"
    assert account.json("account", "status")["signed_in"]
    assert account.fails("account", "devices")["code"] == "account.keyring_unavailable"
    # Who gives the password can do what needs it.
    change = ("account", "change-password", "--password-file", files.password, "--new-password-file")
    assert account(*change, files.new_password).status == 0


def test_a_person_is_asked(
    account: KeyFileProgram, address: str, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    typed = [PASSWORD, PASSWORD]
    prompts: list[str] = []

    def ask(prompt: str, stream: Any = None) -> str:
        prompts.append(prompt)
        assert stream is sys.stderr
        return typed.pop(0)

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", ask)
    place = _place(address, "asked@example.com")
    assert account("account", "create", *place).status == 0
    assert prompts == ["Password: ", "Once more: "]
    typed[:] = [PASSWORD]
    assert account("account", "devices").status == 0
    typed[:] = [PASSWORD, NEW_PASSWORD, "something else"]
    ended = account("account", "change-password")
    assert (ended.status, ended.errors.startswith("The two passwords are not the same.")) == (1, True)
    typed[:] = [PASSWORD, NEW_PASSWORD, "something else"]
    assert account("account", "change-password", "--json").json["error"]["code"] == "cli.passwords_differ"


def test_without_a_person_a_file_is_needed(account: KeyFileProgram, address: str, files: Files) -> None:
    sign_in = ("account", "sign-in", *_place(address))
    assert account.fails(*sign_in)["code"] == "cli.no_password"
    assert "with --password-file;" in account(*sign_in).errors
    change = ("account", "change-password", "--password-file", files.password)
    assert "with --new-password-file;" in account(*change).errors
    assert account.fails(*sign_in, "--password-file", files.path("missing"))["code"] == "cli.file_unreadable"
    for content in (b"\xff\xfe", b"x" * 70_000):
        Path(files.path("odd")).write_bytes(content)
        assert account.fails(*sign_in, "--password-file", files.path("odd"))["code"] == "cli.file_unreadable"
    assert account.fails(*sign_in, "--password-file", files.password)["code"] == "account.wrong_credentials"
    assert account.fails("account", "delete", "--password-file", files.password)["code"] == "account.not_signed_in"


def test_an_invitation_comes_from_a_file(account: KeyFileProgram, tmp_path: Path, files: Files) -> None:
    import asyncio

    from insomnia_desktop.server import operations

    database = tmp_path / "server" / "server.sqlite"
    with sync_server(database, SystemClock(), registration="invite") as server:
        invite = asyncio.run(operations.invite(database, SystemClock())).invite
        Path(files.path("invite")).write_text(f"{invite}\n")
        create = ("account", "create", *_place(server.address), "--password-file", files.password)
        assert account.fails(*create)["code"] == "account.invite_invalid"
        assert account(*create, "--invite-file", files.path("invite"), "--key-file", files.path("k")).status == 0


@pytest.mark.parametrize(
    "words",
    [
        ("account",),
        ("account", "create", "--email", EMAIL),
        ("account", "sign-in", "--server", "https://x"),
        ("account", "devices", "remove", "x"),
        ("account", "devices", "revoke"),
        ("account", "recover", "--server", "https://x", "--email", EMAIL),
        ("account", "status", "--key-file", ""),
        ("account", "sign-in", "--password", "x"),
    ],
)
def test_wrong_use(account: KeyFileProgram, words: tuple[str, ...]) -> None:
    assert account(*words).status == 2


def test_the_key_file_is_named_by_option_or_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_FILE_VARIABLE, raising=False)
    assert read([]).key_file is None
    assert read(["--key-file", "key", "account", "status"]).key_file == Path("key").absolute()
    monkeypatch.setenv(KEY_FILE_VARIABLE, "other")
    assert read([]).key_file == Path("other").absolute()
    assert read(["account", "status", "--key-file", "key"]).key_file == Path("key").absolute()


@pytest.mark.parametrize("before", [(), ("--",)])
def test_the_id_of_a_device_may_begin_as_options_do(before: tuple[str, ...]) -> None:
    device_id = "-FINZAgw5Pohe5I6rvSKDQ"
    parsed = parse(("account", "devices", "--json", "revoke", *before, device_id))
    assert (parsed.deed, parsed.id, parsed.json) == ("revoke", device_id, True)
