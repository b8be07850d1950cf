"""insomnia_desktop.cli.workspaces, folders, requests, environments, context, message, naming, output, parser, run."""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

import pytest

from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.errors import Bug, KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.cli import run as run_module
from insomnia_desktop.cli.environments import value_of
from insomnia_desktop.cli.parser import parse
from insomnia_desktop.cli.run import run
from insomnia_desktop.services.error_text import one_line
from insomnia_desktop.store import Store
from insomnia_desktop.store.changes import Origin
from tests.support.lost_parents import NOWHERE, LoseParent
from tests.unit.cli.conftest import Program


def test_options_of_all_commands_stand_before_or_behind_the_name() -> None:
    for words in (
        ("--data-dir", "D", "--json", "--workspace", "W", "requests", "list"),
        ("requests", "--data-dir", "D", "--json", "--workspace", "W", "list"),
        ("requests", "list", "--data-dir", "D", "--json", "--workspace", "W"),
        ("--data-dir", "D", "requests", "--json", "list", "--workspace", "W"),
    ):
        parsed = parse(words)
        assert (parsed.data_dir, parsed.json, parsed.workspace) == ("D", True, "W"), words
        assert (parsed.room, parsed.action) == ("requests", "list")
    nothing = parse(("requests", "list"))
    assert (nothing.data_dir, nothing.json, nothing.workspace) == (None, False, None)
    assert parse(("--data-dir", "D")).room is None


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",), ("requests",), ("requests", "create", "A"), ("requests", "move", "A"), ("send",),
        ("send", "A", "--url", "http://a"), ("send", "A", "--method", "PUT"),
        ("send", "--url", "http://a", "--body", "x", "--body-file", "y"),
    ],
)  # fmt: skip
def test_wrong_use_ends_with_two_and_opens_no_store(
    program: Program, data_folder: DataFolder, words: tuple[str]
) -> None:
    plain = program(*words)
    assert (plain.status, plain.output) == (2, b"")
    assert "usage:" in plain.errors
    told = program(*words, "--json")
    assert told.status == 2
    assert told.json["error"]["code"] == "cli.usage"
    assert not data_folder.store_file.exists()


def test_workspaces(program: Program) -> None:
    (first,) = program.json("workspaces", "list")
    assert (first["name"], first["last_used"]) == ("My workspace", True)
    second = program.json("workspaces", "create", "Second")
    assert (second["kind"], second["name"]) == ("workspace", "Second")
    assert program("workspaces", "rename", "second", "Two").text == second["id"]
    assert program("workspaces", "list").text.splitlines() == [
        f"{first['id']}  My workspace",
        f"{second['id']}  Two",
    ]
    assert program.json("workspaces", "delete", second["id"]) == {"id": second["id"], "deleted": True}
    assert len(program.json("workspaces", "list")) == 1
    assert program.fails("workspaces", "delete", "Two")["code"] == "cli.unknown_name"


def test_another_workspace_is_named_with_an_option(program: Program) -> None:
    program("workspaces", "create", "Second")
    program("requests", "create", "A", "--url", "http://a.example", "--workspace", "Second")
    assert program.json("requests", "list") == []
    assert [row["name"] for row in program.json("--workspace", "Second", "requests", "list")] == ["A"]


def test_folders(program: Program) -> None:
    outer = program.json("folders", "create", "Orders")
    inner = program.json("folders", "create", "Old", "--in", "Orders")
    assert inner["folder_id"] == outer["id"]
    listed = program.json("folders", "list")
    assert [(row["name"], row["folder_id"]) for row in listed] == [("Orders", None), ("Old", outer["id"])]
    assert program("folders", "list").text.splitlines()[1] == f"{inner['id']}  Old"
    assert program("folders", "delete", "Orders").text == ""
    assert program.json("folders", "list") == []


def test_what_stands_in_a_folder_that_is_not_here_is_recovered(program: Program) -> None:
    folder = program.json("folders", "create", "Orders")
    inner = program.json("folders", "create", "Old", "--in", "Orders")
    lost = program.json("requests", "create", "Lost", "--url", "http://a.example", "--in", "Orders")
    program("requests", "create", "Inner", "--url", "http://b.example", "--in", "Old")
    assert (lost["folder_id"], lost["recovered"]) == (folder["id"], False)
    store = Store.open(program._folder, clock=SystemClock(), care_after_s=3600)
    for each in (lost["id"], inner["id"]):
        store.submit(LoseParent(each), origin=Origin("command_line")).result()
    store.close()
    places = {row["name"]: (row["folder_id"], row["recovered"]) for row in program.json("requests", "list")}
    assert places == {"Inner": (inner["id"], False), "Lost": (None, True)}
    assert program("requests", "list").text.splitlines()[-1].split() == [
        lost["id"], "GET", "Lost", "http://a.example", "recovered",
    ]  # fmt: skip
    assert [(row["name"], row["folder_id"], row["recovered"]) for row in program.json("folders", "list")] == [
        ("Orders", None, False), ("Old", None, True),
    ]  # fmt: skip
    assert program("folders", "list").text.splitlines() == [
        f"{folder['id']}  Orders", f"{inner['id']}  Old     recovered",
    ]  # fmt: skip
    shown = program.json("requests", "show", "Lost")
    assert (shown["folder_id"], shown["parent_id"], shown["recovered"]) == (None, NOWHERE, True)
    moved = program.json("requests", "move", "Lost", "--in", "/")
    assert (moved["folder_id"], moved["recovered"]) == (None, False)
    assert "recovered" not in program("requests", "list").text


def test_a_request_moves_into_another_workspace_as_another_document(program: Program) -> None:
    second = program.json("workspaces", "create", "Second")
    folder = program.json("folders", "create", "There", "--workspace", "Second")
    made = program.json("requests", "create", "A", "--url", "http://a.example")
    moved = program.json("requests", "move", "A", "--in", folder["id"])
    assert (moved["workspace_id"], moved["folder_id"]) == (second["id"], folder["id"])
    assert moved["fields"] == made["fields"]
    assert moved["id"] != made["id"]
    assert program.json("requests", "list") == []
    top = program.json("requests", "move", moved["id"], "--in", "/")
    assert (top["id"], top["folder_id"]) == (moved["id"], None)
    back = program.json("requests", "move", moved["id"], "--in", "/", "--workspace", "My workspace")
    assert back["workspace_id"] == made["workspace_id"]
    again = program("requests", "set", back["id"], "--in", second["id"]).text
    assert program.json("requests", "show", again)["workspace_id"] == second["id"]
    wrong = program.fails("requests", "create", "B", "--url", "http://a.example", "--in", folder["id"])
    assert wrong["code"] == "document.other_workspace"


def test_requests_from_their_making_to_their_return(program: Program) -> None:
    program("folders", "create", "Orders")
    made = program.json(
        "requests", "create", "Create order", "--url", "{{ base }}/orders", "--in", "Orders",
        "--header", "X-A: 1", "--header", "X-B:2", "--body", '{"a": 1}',
    )  # fmt: skip
    assert (made["method"], made["fields"]["body"]["media_type"]) == ("POST", "application/json")
    (row,) = program.json("requests", "list")
    assert set(row) >= {"id", "name", "method", "url", "workspace_id", "folder_id"}
    assert program.json("requests", "show", "create ORDER") == made
    changed = program.json(
        "requests", "set", "Create order", "--name", "Order", "--method", "PATCH", "--type", "text/plain",
        "--header", "x-b: 3", "--header", "X-C: 4", "--in", "/",
    )  # fmt: skip
    assert [(row["name"], row["value"]) for row in changed["fields"]["headers"]] == [
        ("X-A", "1"),
        ("x-b", "3"),
        ("X-C", "4"),
    ]
    assert changed["fields"]["headers"][1]["id"] == made["fields"]["headers"][1]["id"]
    assert (changed["name"], changed["method"], changed["folder_id"]) == ("Order", "PATCH", None)
    assert changed["fields"]["body"] == {"type": "text", "media_type": "text/plain", "text": '{"a": 1}'}
    assert program.json("requests", "move", "Order", "--in", "Orders")["folder_id"] == row["folder_id"]
    assert program.json("requests", "delete", "Order") == {"id": made["id"], "deleted": True}
    assert program.json("requests", "restore", "Order")["id"] == made["id"]
    assert program("requests", "list").text == f"{made['id']}  PATCH  Order  {{{{ base }}}}/orders"


def test_a_name_that_is_not_clear_lists_what_there_is(program: Program) -> None:
    ids = [program.json("requests", "create", "Same", "--url", "http://a.example")["id"] for _ in range(2)]
    ambiguous = program.fails("requests", "show", "Same")
    assert ambiguous["code"] == "cli.ambiguous_name"
    assert all(request_id in ambiguous["message"] for request_id in ids)
    unknown = program.fails("requests", "show", "Sme")
    assert unknown["hint"] == "There is: Same."
    assert program.json("requests", "show", ids[0])["id"] == ids[0]


def test_bodies_come_from_text_files_other_files_and_standard_input(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, binary = tmp_path / "a.xml", tmp_path / "b.png"
    text.write_text("<a/>")
    binary.write_bytes(b"\x89PNG\xff")
    create = ("requests", "create", "A", "--url", "http://a.example")
    body = program.json(*create, "--body-file", str(text))["fields"]["body"]
    assert body in [{"type": "text", "media_type": kind, "text": "<a/>"} for kind in ("application/xml", "text/xml")]
    body = program.json(*create, "--body-file", str(binary))["fields"]["body"]
    assert body == {"type": "file", "path": str(binary), "media_type": "image/png"}
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"words")))
    body = program.json(*create, "--body-file", "-")["fields"]["body"]
    assert body == {"type": "text", "media_type": "text/plain", "text": "words"}
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff")))
    assert program(*create, "--body-file", "-", "--json").json["error"]["code"] == "cli.body_not_text"
    assert program.fails(*create, "--body-file", str(tmp_path / "missing"))["code"] == "cli.file_unreadable"
    assert program.fails(*create, "--header", "no colon")["code"] == "cli.bad_header"


def test_environments(program: Program) -> None:
    (base,) = program.json("environments", "list")
    assert (base["base"], base["active"]) == (True, False)
    staging = program.json("environments", "create", "Staging")
    program.json("environments", "set", "Staging", "url", "https://staging.example")
    changed = program.json("environments", "set", "Staging", "url", '{"a": 1}')
    (variable,) = changed["fields"]["variables"]
    assert variable["value"] == {"a": 1}
    assert program.json("environments", "activate", "Staging") == {"id": staging["id"], "active": True}
    assert program("environments", "list").text.splitlines()[1] == f"{staging['id']}  Staging           *"
    assert program("environments", "show", "staging").text == '{\n  "url": {\n    "a": 1\n  }\n}'
    assert program.json("environments", "show", "Staging")["id"] == staging["id"]
    assert program.json("environments", "activate", base["id"])["active"] is False
    assert program.json("environments", "delete", "Staging")["deleted"] is True
    assert program.fails("environments", "delete", base["id"])["code"] == "environment.base_stays"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("words", "words"), ("", ""), ("12", 12), ("1.5", 1.5), ("1.10", "1.10"), ("1e3", "1e3"), ("007", "007"),
        ("true", True), ("null", None), ('"quoted"', '"quoted"'), ("[1]", [1]), ('{"a": 1}', {"a": 1}),
        ("12345678901234567890123", 12345678901234567890123), ("NaN", "NaN"), ("{a}", "{a}"),
    ],
)  # fmt: skip
def test_a_value_is_json_only_where_no_spelling_is_lost(text: str, value: object) -> None:
    got = value_of(text)
    assert (got, type(got)) == (value, type(value))


def test_an_environment_is_kept_on_this_device_or_shared(program: Program) -> None:
    made = program.json("environments", "create", "Mine", "--private")
    assert made["fields"]["private"] is True
    program("environments", "create", "Ours")
    program("environments", "activate", "Ours")
    listed = {row["name"]: row["private"] for row in program.json("environments", "list")}
    assert listed == {"Base environment": False, "Mine": True, "Ours": False}
    assert "Mine" in program("environments", "list").text
    assert program("environments", "list").text.splitlines()[1].endswith("private")
    private = program.json("environments", "private", "Ours", "on")
    rows = {row["name"]: row for row in program.json("environments", "list")}
    assert (rows["Ours"]["id"], rows["Ours"]["private"], rows["Ours"]["active"]) == (private["id"], True, True)
    assert program("environments", "private", "Ours", "on").text == private["id"]
    assert program("environments", "private", "Ours", "off").text == private["id"]
    assert not program.json("environments", "show", "Ours")["fields"].get("private")
    assert program.fails("environments", "private", "Base environment", "on")["code"] == "environment.base_is_synced"
    assert program("environments", "private", "Mine", "maybe").status == 2


def test_what_nobody_knows_by_name_goes_to_the_crash_report(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> int:
        raise Bug("test.bug")

    monkeypatch.setitem(run_module._ROOMS, "folders", fail)
    ended = program("folders", "list")
    assert ended.status == 1
    assert [str(error) for error in program.crashes] == ["test.bug"]


def test_ctrl_c_ends_with_its_own_status() -> None:
    def build() -> object:
        raise KeyboardInterrupt

    ended = run(parse(("folders", "list")), build, report=lambda error, where: None)  # type: ignore[arg-type]
    assert ended == 130


def test_a_start_that_fails_is_one_sentence(program: Program, data_folder: DataFolder) -> None:
    data_folder.store_file.write_bytes(b"This is no database, but a letter to a friend." * 100)
    assert program.fails("workspaces", "list")["code"] == "store.not_a_store"


def test_an_argument_that_is_no_text_is_wrong_use(program: Program) -> None:
    for words in (
        ("requests", "create", "\udcff", "--url", "u"),
        ("requests", "create", "A", "--url", "u", "--header", "X: \udcff"),
        ("environments", "set", "Base environment", "a", "\udcff"),
        ("requests", "show", "\udcff"),
        ("--data-dir", "", "requests", "list"),
    ):
        assert program(*words).status == 2, words
        assert program(*words, "--json").json["error"]["code"] == "cli.usage"


def test_text_in_another_locale_is_read_as_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    # So it arrives where Python takes the locale for ASCII.
    typed = "é".encode().decode("ascii", "surrogateescape")
    assert parse(("requests", "create", typed, "--url", "u", "--header", f"X: {typed}")).name == "é"


def test_a_value_of_thousands_of_levels_is_told(program: Program) -> None:
    for levels in (900, 5000):
        value = "[" * levels + "]" * levels
        assert program.fails("environments", "set", "Base environment", "a", value)["code"] == "document.too_deep"


def test_a_list_stays_a_list_whatever_the_names_are(program: Program) -> None:
    program("folders", "create", "a\nb\x1b[31m")
    listed = program("folders", "list").text
    assert "\n" not in listed
    assert listed.endswith("a\\nb\\x1b[31m")
    assert program.json("folders", "list")[0]["name"] == "a\nb\x1b[31m"


def test_a_full_disk_behind_standard_output_is_told(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    program("folders", "create", "A")
    for words in (("folders", "list"), ("folders", "list", "--json"), ("folders", "delete", "None", "--json")):
        with contextlib.suppress(OSError), open("/dev/full", "w", encoding="utf-8") as full:
            monkeypatch.setattr(sys, "stdout", full)
            ended = program(*words)
            assert ended.status == 1
            told = one_line(KnownError("cli.no_standard_output", reason="No space left on device"))
            assert ended.errors == f"{told}\n"
    assert not program.crashes
