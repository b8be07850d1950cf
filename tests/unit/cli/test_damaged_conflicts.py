"""A conflict that cannot be read, on the command line: cli.conflicts."""

from __future__ import annotations

import sqlite3

from insomnia_desktop.base.paths import DataFolder
from tests.unit.cli.conftest import Program


def insert(folder: DataFolder, request: str, theirs: str) -> None:
    """Put a conflict into the store, as a merge writes it or as a bad disk leaves it."""
    connection = sqlite3.connect(folder.root / "store.sqlite")
    with connection:
        connection.execute(
            "INSERT INTO conflict (document_id, workspace_id, path, base, mine, theirs, at, change)"
            " SELECT id, workspace_id, '[\"url\"]', NULL, '\"/mine\"', ?, 1, 1 FROM document WHERE id = ?",
            (theirs, request),
        )
    connection.close()


def test_it_is_listed_beside_the_others_and_ends_when_it_is_said(program: Program, data_folder: DataFolder) -> None:
    request = program.json("requests", "create", "List", "--url", "/mine")["id"]
    insert(data_folder, request, '{"lost')
    insert(data_folder, request, '"/theirs"')
    damaged, sound = program.json("conflicts", "list")
    assert (damaged["unreadable"], damaged["field"], damaged["theirs"]) == (True, "Address", '{"lost')
    assert (sound["unreadable"], sound["theirs"]) == (False, "/theirs")
    number = str(damaged["id"])
    sentence = (
        f"Conflict {number} of List cannot be read: what is kept of it on this device is damaged."
        f" `history list {request}` has what the other device made of it;"
        f" `conflicts resolve {number} --keep mine` ends it and leaves the document as it is.\n"
    )
    listed = program("conflicts", "list")
    assert len(listed.text.splitlines()) == 2
    assert "Cannot be read any more" in listed.text
    assert listed.errors == sentence
    shown = program("conflicts", "show", number)
    assert (shown.status, shown.errors) == (0, sentence)
    for keep in ("theirs", "both"):
        assert program.fails("conflicts", "resolve", number, "--keep", keep)["code"] == "sync.conflict_unreadable"
    said = program("conflicts", "resolve", str(sound["id"]), "--keep", "both").text
    assert said == "A copy of List was made, with the values of the other side. The conflict is over."
    assert [row["id"] for row in program.json("conflicts", "list")] == [damaged["id"]]
    program.json("conflicts", "resolve", number, "--keep", "mine")
    assert program.json("conflicts", "list") == []
    assert program.json("requests", "show", request)["url"] == "/mine"
