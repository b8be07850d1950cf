"""cli.sync, cli.history, cli.conflicts, their words (cli.sync_words, cli.sync_parser), on two folders and a server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import get_args

import pytest

from insomnia_desktop.app import container
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.cli.parser import parse
from insomnia_desktop.cli.run import run
from insomnia_desktop.cli.sync_words import KEYS_LOCKED, attention_words
from insomnia_desktop.services.application import Services
from insomnia_desktop.services.sync_views import AttentionCode, AttentionItem
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.store.commands.documents import PurgeTrash
from insomnia_desktop.sync.round_lock import RoundLock
from tests.support.sync_programs import EMAIL, PASSWORD, quick_derivation
from tests.support.sync_server import RunningServer, sync_server
from tests.unit.cli.conftest import Ended, Program


class KeyedProgram(Program):
    """The command line with its keys in a file."""

    def __init__(self, folder: DataFolder, captured: pytest.CaptureFixture[bytes]) -> None:
        super().__init__(folder, captured)
        self.folder = folder
        folder.prepare()

    def __call__(self, *words: str) -> Ended:
        build = partial(
            container.build,
            self.folder,
            SystemClock(),
            Origin("command_line"),
            key_file=self.folder.root / "vault.key",
        )
        self._captured.readouterr()
        try:
            status = run(parse(words), build, report=lambda error, where: self.crashes.append(error))
        except SystemExit as ended:
            status = int(ended.code or 0)
        output, errors = self._captured.readouterr()
        assert not self.crashes, self.crashes
        return Ended(status, output, errors.decode("utf-8"))


@pytest.fixture
def sync_to(tmp_path: Path) -> Iterator[RunningServer]:
    with quick_derivation(), sync_server(tmp_path / "server.sqlite") as server:
        yield server


@pytest.fixture
def pair(
    tmp_path: Path, sync_to: RunningServer, capsysbinary: pytest.CaptureFixture[bytes]
) -> tuple[KeyedProgram, KeyedProgram]:
    """Two data folders, signed in to one account."""
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    first = KeyedProgram(DataFolder(tmp_path / "first"), capsysbinary)
    second = KeyedProgram(DataFolder(tmp_path / "second"), capsysbinary)
    place = ("--server", sync_to.address, "--email", EMAIL, "--password-file", str(password))
    first.json("account", "create", *place)
    second.json("account", "sign-in", *place)
    return first, second


def test_what_one_has_the_other_gets(pair: tuple[KeyedProgram, KeyedProgram]) -> None:
    first, second = pair
    request = first.json("requests", "create", "List", "--url", "https://example.com")["id"]
    said = first.json("sync")
    assert said["verified"] is True
    assert said["pushed"] == 3
    assert {"pushed", "pulled", "conflicts", "quarantined", "verified", "groups"} <= set(said)
    assert {"id", "workspace", "head_seq", "items"} <= set(said["groups"][0])
    assert second.json("sync")["pulled"] == 3
    assert [row["name"] for row in second.json("requests", "list")] == ["List"]
    second.json("requests", "set", "List", "--url", "https://example.com/two")
    assert second("sync").text == "Sent 1, received 0; 3 items at the server, verified."
    first.json("sync")
    assert first.json("requests", "show", request)["url"] == "https://example.com/two"
    rows = first.json("history", "list", "List")
    assert [row["version"] for row in rows] == [2, 1]
    assert {"version", "at", "device", "deleted", "size"} <= set(rows[0])
    shown = first.json("history", "show", "List", "1")
    assert shown["fields"]["url"] == "https://example.com"
    assert shown["differences"][0]["field"] == "Address"
    shown = first("history", "show", request, "1").text.splitlines()
    assert shown[0].startswith("Version 1 of List, 20")
    assert shown[1] == "Address: 'https://example.com' is now 'https://example.com/two'"
    assert first("history", "show", request, "2").text.splitlines()[1] == "It is as it is now."
    assert first("history", "list", "List").text.splitlines()[0].startswith("2  20")
    assert [row["version"] for row in first.json("history", "list", "My workspace")] == [1]
    assert first.json("history", "restore", "List", "1")["url"] == "https://example.com"
    for action, number in (("show", "77"), ("restore", "77"), ("show", "0")):
        refused = first.fails("history", action, "List", number)
        said = f"There is no version {number} of it: the newest one is 2."
        assert (refused["code"], refused["message"]) == ("sync.no_such_version", said)
    ended = first("history", "restore", "List", "2")
    assert (ended.text, ended.errors) == (
        request, "Version 2 stands here again, and goes out with the next `sync`.\n",
    )  # fmt: skip
    assert first.fails("history", "list", "Nothing")["code"] == "cli.unknown_name"
    fresh = first.json("requests", "create", "Fresh", "--url", "https://example.com")["id"]
    ended = first("history", "list", fresh)
    said = "There is no version yet: the first one goes out with the next `sync`.\n"
    assert (ended.status, ended.output, ended.errors) == (0, b"", said)
    assert first.json("history", "list", fresh) == []
    refused = first.fails("history", "show", fresh, "1")
    assert (refused["code"], refused["message"]) == ("sync.no_such_version", "The server has no version of it yet.")


def test_a_conflict_is_listed_shown_and_resolved(pair: tuple[KeyedProgram, KeyedProgram]) -> None:
    first, second = pair
    first.json("requests", "create", "List", "--url", "https://example.com")
    first.json("sync")
    second.json("sync")
    first.json("requests", "set", "List", "--url", "https://example.com/theirs")
    second.json("requests", "set", "List", "--url", "https://example.com/mine")
    first.json("sync")
    assert second("sync").text.endswith("verified. 1 conflict: see `conflicts list`.")
    (row,) = second.json("conflicts", "list")
    assert {"id", "resource_id", "name", "field", "mine", "theirs", "at"} <= set(row)
    assert (row["field"], row["theirs"]) == ("Address", "https://example.com/theirs")
    number = str(row["id"])
    assert second.json("conflicts", "show", number)["base"] == "https://example.com"
    assert "theirs: https://example.com/theirs" in second("conflicts", "show", number).text
    assert second.json("sync", "status")["state"] == "needs_attention"
    assert "List was changed here and on another device in the same place" in second("sync", "status").text
    assert second.json("conflicts", "resolve", number, "--keep", "theirs")["kept"] == "theirs"
    assert second.json("requests", "show", "List")["url"] == "https://example.com/theirs"
    assert second.fails("conflicts", "resolve", number, "--keep", "mine")["code"] == "sync.conflict_not_found"


def conflicting(pair: tuple[KeyedProgram, KeyedProgram], *field: str) -> tuple[str, str]:
    """Let both programs set a field of a request; return the number of the conflict, and what names the request."""
    first, second = pair
    request = first.json("requests", "create", "List", "--url", "https://example.com")["id"]
    first.json("sync")
    second.json("sync")
    first.json("requests", "set", request, field[0], field[1])
    second.json("requests", "set", request, field[0], field[2])
    first.json("sync")
    second.json("sync")
    (row,) = second.json("conflicts", "list")
    return str(row["id"]), request


def test_both_are_kept_by_a_copy_and_a_word_about_it(pair: tuple[KeyedProgram, KeyedProgram]) -> None:
    number, _ = conflicting(pair, "--url", "https://example.com/theirs", "https://example.com/mine")
    said = pair[1]("conflicts", "resolve", number, "--keep", "both").text
    assert said == "A copy of List was made, with the values of the other side. The conflict is over."
    urls = {row["name"]: row["url"] for row in pair[1].json("requests", "list")}
    assert urls == {"List": "https://example.com/mine", "List (theirs)": "https://example.com/theirs"}


def test_a_workspace_is_not_doubled_for_its_name(pair: tuple[KeyedProgram, KeyedProgram]) -> None:
    first, second = pair
    first.json("requests", "create", "List", "--url", "https://example.com")
    first.json("sync")
    second.json("sync")
    first.json("workspaces", "rename", "My workspace", "Theirs")
    second.json("workspaces", "rename", "My workspace", "Mine")
    first.json("sync")
    second.json("sync")
    (row,) = second.json("conflicts", "list")
    refused = second.fails("conflicts", "resolve", str(row["id"]), "--keep", "both")
    assert refused["code"] == "sync.cannot_keep_both"
    assert "the conflict stays" in refused["message"]
    assert second.json("conflicts", "list") == [row]
    assert [each["name"] for each in second.json("workspaces", "list")] == ["Mine"]


def test_a_value_cannot_steer_the_terminal_nor_fill_it(pair: tuple[KeyedProgram, KeyedProgram]) -> None:
    steering = "\x1b]0;title\x07" + "x" * 1000
    number, request = conflicting(pair, "--url", steering, "https://example.com/mine")
    pair[1].json("requests", "set", request, "--url", "https://example.com/since")
    listed = pair[1]("conflicts", "list").text
    assert "\\x1b]0;title\\x07" in listed
    assert len(listed) < 200
    shown = pair[1]("conflicts", "show", number).text
    assert "\x1b" not in shown
    assert "x" * 1000 in shown
    assert "mine: https://example.com/since\nmine, when it was found: https://example.com/mine\n" in shown
    assert pair[1].json("conflicts", "show", number)["theirs"] == steering


def test_a_workspace_is_switched_off_on_and_removed(pair: tuple[KeyedProgram, KeyedProgram]) -> None:
    first, second = pair
    first.json("requests", "create", "List", "--url", "https://example.com")
    first.json("sync")
    second.json("sync")
    name = "My workspace"
    assert first.json("sync", "workspace", name, "off")["mode"] == "this_device"
    assert first.json("sync")["groups"] == []
    assert first("sync", "workspace", name, "off").text == "My workspace: only on this device"
    assert first("sync", "workspace", name, "on").text == "My workspace: synced"
    assert len(first.json("sync")["groups"]) == 1
    assert first.json("sync", "workspace", name, "remove")["mode"] == "this_device"
    assert second.json("sync")["groups"] == []
    status = second.json("sync", "status")
    assert status["attention"][0]["code"] == "removed_elsewhere"
    assert [row["name"] for row in second.json("requests", "list")] == ["List"]
    # What was told is dismissed as in the window.
    said = (
        "My workspace is not at the server any more: it was removed on another device, or the server was put back to an"
        " older state. It is only on this device now."
    )
    told = second("sync", "status").text
    assert said in told
    assert told.endswith("Dismiss what you have read with `sync notices --dismiss`.")
    (notice,) = second.json("sync", "notices")
    assert (notice["code"], notice["message"]) == ("removed_elsewhere", said)
    assert {"id", "workspace_id", "resource_id", "name", "detail", "at"} <= set(notice)
    line = second("sync", "notices").text
    assert line.startswith(f"{notice['id']}  20")
    assert line.endswith(said)
    number = str(notice["id"])
    refused = second.fails("sync", "notices", "--dismiss", number, "--dismiss", "999")
    assert (refused["code"], refused["message"]) == ("sync.notice_not_found", "There is no notice 999 any more.")
    assert len(second.json("sync", "notices")) == 1
    assert second.json("sync", "notices", "--dismiss", number, "--dismiss", number) == []
    assert second.json("sync", "status")["attention"] == []
    assert second("sync", "notices", "--dismiss", "all").text == ""


def test_signing_out_with_remove_says_what_stays_and_why(pair: tuple[KeyedProgram, KeyedProgram]) -> None:
    first, second = pair
    first.json("requests", "create", "List", "--url", "https://example.com")
    first.json("workspaces", "create", "Second")
    first.json("workspaces", "create", "Third")
    first.json("sync")
    second.json("sync")
    second.json("environments", "create", "Mine", "--private", "--workspace", "Third")
    second.json("workspaces", "rename", "Second", "Renamed")
    text = second("account", "sign-out", "--remove-data").text
    assert text == ("Signed out.\nKept, since they hold something that the server does not have: Renamed, Third.")
    assert {row["name"] for row in second.json("workspaces", "list")} == {"Renamed", "Third"}
    assert first.json("account", "sign-out") == {"signed_in": False}
    assert len(first.json("workspaces", "list")) == 3


def test_sync_needs_somebody_who_is_signed_in(program: Program) -> None:
    assert program.fails("sync")["code"] == "account.not_signed_in"
    assert program.json("sync", "status")["state"] == "on_device"
    assert program.fails("sync", "workspace", "My workspace", "on")["code"] == "account.not_signed_in"


def test_a_history_is_listed_to_its_end(
    pair: tuple[KeyedProgram, KeyedProgram], monkeypatch: pytest.MonkeyPatch
) -> None:
    from insomnia_desktop.sync import history

    first, _ = pair
    # Pages of two, so that few versions make several.
    monkeypatch.setattr(history, "_VERSIONS_AT_ONCE", 2)
    first.json("requests", "create", "List", "--url", "https://example.com/0")
    for number in range(1, 6):
        first.json("sync")
        first.json("requests", "set", "List", "--url", f"https://example.com/{number}")
    first.json("requests", "delete", "List")
    first.json("sync")
    assert [row["version"] for row in first.json("history", "list", "List")] == [6, 5, 4, 3, 2, 1]
    assert first("history", "show", "List", "5").text.splitlines()[1] == "It is in the trash now."
    assert "deleted" in first("history", "list", "List").text.splitlines()[0]


def test_what_the_trash_let_go_of_has_a_history_and_is_restored(pair: tuple[KeyedProgram, KeyedProgram]) -> None:
    first, _ = pair
    request = first.json("requests", "create", "List", "--url", "https://example.com")["id"]
    first.json("sync")
    first.json("requests", "delete", "List")
    first.json("sync")
    services = container.build(
        first.folder, SystemClock(), Origin("command_line"), key_file=first.folder.root / "vault.key"
    )
    try:
        services.store.submit(PurgeTrash(0), origin=Origin("command_line")).result()
    finally:
        services.close()
    assert [row["version"] for row in first.json("history", "list", request)] == [2, 1]
    # By its name, too.
    shown = first("history", "show", "List", "1").text.splitlines()
    assert shown[1] == "It is deleted now, and no longer in the trash."
    assert first.json("history", "restore", request, "1")["url"] == "https://example.com"
    assert first.json("sync")["verified"] is True
    assert [row["version"] for row in first.json("history", "list", "List")] == [3, 2, 1]


def test_the_history_of_what_was_moved_says_where_to(pair: tuple[KeyedProgram, KeyedProgram]) -> None:
    first, _ = pair
    request = first.json("requests", "create", "List", "--url", "https://example.com")["id"]
    other = first.json("workspaces", "create", "Payments")["id"]
    first.json("sync")
    first.json("requests", "move", request, "--in", other)
    first.json("sync")
    newest, oldest = first.json("history", "list", request)
    assert (newest["deleted"], newest["moved_to"], "moved_to" in oldest) == (True, "Payments", False)
    line = first("history", "list", request).text.splitlines()[0]
    assert line.endswith("moved to Payments")
    assert "deleted" not in line
    first.json("workspaces", "delete", "Payments")
    assert first("history", "list", request).text.splitlines()[0].endswith("moved to another workspace")


def test_without_the_keys_sync_says_what_is_stored_and_that_others_may_have_them(
    pair: tuple[KeyedProgram, KeyedProgram],
) -> None:
    first, _ = pair
    first.json("requests", "create", "First", "--url", "https://example.com")
    first.json("sync")
    open_status, lines = first.json("sync", "status"), first("sync", "status").text.splitlines()
    assert (open_status["state"], open_status["keys_locked"], lines[0]) == ("up_to_date", False, "Up to date.")
    (first.folder.root / "vault.key").unlink()
    assert first.json("sync", "status") == {**open_status, "keys_locked": True}
    assert first("sync", "status").text.splitlines() == [*lines, KEYS_LOCKED]
    # Another process may send it meanwhile; here it is known that it waits.
    first.json("requests", "create", "List", "--url", "https://example.com")
    waits = first.json("sync", "status")
    assert (waits["state"], waits["pending"]) == ("saving", 1)
    assert first("sync", "status").text.startswith("Edits are waiting.\n1 document waits to be sent.")
    assert first.fails("sync")["code"] == "account.keyring_unavailable"


def test_while_another_process_syncs_a_round_says_so(
    pair: tuple[KeyedProgram, KeyedProgram], monkeypatch: pytest.MonkeyPatch
) -> None:
    from insomnia_desktop.sync import engine

    first, _ = pair
    monkeypatch.setattr(engine, "_PATIENCE_OF_A_PERSON", 0.1)
    other = RoundLock(first.folder.sync_lock)

    async def beside() -> dict[str, str]:
        async with other.held(0.0):
            return await asyncio.to_thread(first.fails, "sync")

    assert asyncio.run(beside())["code"] == "sync.busy"
    assert first("sync").status == 0


def test_wrong_use_is_told(program: Program) -> None:
    for words in (("sync", "workspace", "W", "maybe"), ("history",), ("conflicts", "resolve", "1"), ("sync", "x")):
        assert program(*words).status == 2
    ended = program("sync", "notices", "--dismiss", "one")
    assert (ended.status, "'one' is neither the number of a notice nor all" in ended.errors) == (2, True)


def test_everything_that_wants_a_look_has_its_words() -> None:
    for code in get_args(AttentionCode):
        assert attention_words(AttentionItem(code, name="List", detail="full"), "").endswith((".", "`."))
        assert not attention_words(AttentionItem(code), "").startswith("{")


def test_watching_goes_on_until_the_session_is_over(pair: tuple[KeyedProgram, KeyedProgram]) -> None:
    first, second = pair
    first.json("requests", "create", "List", "--url", "https://example.com")
    first.json("sync")
    watcher = second.json("account", "status")["device_id"]
    ended: list[int] = []
    arrived = threading.Event()

    def watch() -> None:
        def build() -> Services:
            services = container.build(
                second.folder, SystemClock(), Origin("command_line"), key_file=second.folder.root / "vault.key"
            )
            services.subscribe(lambda changes: arrived.set() if changes.origin.kind == "sync" else None)
            return services

        ended.append(run(parse(["sync", "--watch"]), build, report=lambda error, where: second.crashes.append(error)))

    watching = threading.Thread(target=watch)
    watching.start()
    assert arrived.wait(30)
    # Both write to one standard output here: only how they end is looked at.
    assert first("account", "devices", "revoke", watcher).status == 0
    watching.join(60)
    assert ended == [1]
    assert not second.crashes
