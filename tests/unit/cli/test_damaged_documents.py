"""Commands around documents that cannot be read: one sentence for them, and all else goes on."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from insomnia_desktop.base.paths import DataFolder
from tests.support.http_echo import EchoServer
from tests.unit.cli.conftest import Program


@pytest.fixture
def broken(program: Program, data_folder: DataFolder, server: EchoServer) -> Program:
    """A workspace with a request and an environment `Broken` beside whole ones."""
    for name in ("Broken", "Whole"):
        program.json("requests", "create", name, "--url", f"{server.url}/{name}")
        program.json("environments", "create", name)
    _damage(data_folder, "name = 'Broken'")
    return program


def _damage(folder: DataFolder, which: str) -> None:
    with closing(sqlite3.connect(folder.store_file)) as connection, connection:
        connection.execute(
            f"UPDATE content SET fields = '[' WHERE number IN (SELECT number FROM document WHERE {which})"
        )


def test_a_request_that_cannot_be_read_is_told_and_can_be_deleted(broken: Program) -> None:
    for words in (("show", "Broken"), ("set", "Broken", "--method", "PUT")):
        error = broken.fails("requests", *words)
        assert error["code"] == "document.invalid"
        assert "is damaged and cannot be read" in error["message"]
    assert broken.fails("send", "Broken")["code"] == "document.invalid"
    assert [row["name"] for row in broken.json("requests", "list")] == ["Broken", "Whole"]
    assert broken("send", "Whole").json["path"] == "/Whole"
    broken.json("requests", "delete", "Broken")
    assert [row["name"] for row in broken.json("requests", "list")] == ["Whole"]


def test_an_environment_that_cannot_be_read_is_listed_as_such(broken: Program) -> None:
    for words in (("show", "Broken"), ("set", "Broken", "a", "b")):
        assert broken.fails("environments", *words)["code"] == "document.invalid"
    assert broken.fails("send", "Whole", "--env", "Broken")["code"] == "document.invalid"
    assert broken("send", "Whole", "--env", "Whole").status == 0
    listed = broken.json("environments", "list")
    assert [row["name"] for row in listed] == ["Base environment", "Broken", "Whole"]
    assert [row.get("error", {}).get("code") for row in listed] == [None, "document.invalid", None]
    lines = broken("environments", "list").text.splitlines()
    assert [line.endswith("(cannot be read)") for line in lines] == [False, True, False]
    broken.json("environments", "activate", "Broken")
    assert broken.fails("send", "Whole")["code"] == "document.invalid"
    broken.json("environments", "delete", "Broken")
    assert broken("send", "Whole").status == 0


def test_what_belongs_to_a_whole_workspace_is_told_and_other_workspaces_work(
    broken: Program, data_folder: DataFolder
) -> None:
    broken.json("workspaces", "create", "Other")
    first = "workspace_id = (SELECT id FROM document WHERE name = 'My workspace')"
    _damage(data_folder, f"{first} AND kind = 'cookie_jar'")
    assert broken.fails("send", "Whole")["code"] == "document.invalid"
    _damage(data_folder, f"{first} AND kind = 'environment'")
    assert broken.fails("environments", "list")["code"] == "document.invalid"
    _damage(data_folder, f"{first} AND kind = 'workspace'")
    assert broken.fails("environments", "list")["code"] == "document.invalid"
    assert broken.fails("workspaces", "rename", "My workspace", "New name")["code"] == "document.invalid"
    assert broken.json("requests", "show", "Whole")["name"] == "Whole"
    assert broken.json("environments", "list", "--workspace", "Other")
    assert [row["name"] for row in broken.json("workspaces", "list")] == ["My workspace", "Other"]
    broken.json("workspaces", "delete", "My workspace")
    assert not broken.crashes
