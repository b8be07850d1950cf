"""The client in Node and the program share workspaces: each pulls, opens, edits and pushes what the other made."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from insomnia_desktop.base.ids import from_wire, to_wire
from insomnia_desktop.store.commands.documents import DeleteDocuments
from insomnia_desktop.store.queries import documents
from tests.support.node_program import NodeClient
from tests.support.sync_programs import EMAIL, PASSWORD, Program, programs, quick_derivation

pytestmark = pytest.mark.slow

LONG = 'Zeile mit Ünïcode 🦊 ‮ und "Zeichen" \\ \n' * 1700
# Fields that no version of either client knows. A number of JavaScript alone would not keep them.
UNKNOWN: dict[str, Any] = {
    "whole": 1.0,
    "large": 12345678901234567890,
    "small": -1.5e-7,
    "__proto__": {"of": "nobody"},
    "7": [None, True, {"ключ": "値"}],
}
HEADERS = [{"id": "h1", "enabled": True, "name": "X-Ünï", "value": "🦊", "description": "", "x_new": 2.0}]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Program]]:
    """Starts programs without a window."""
    with quick_derivation(), programs(tmp_path) as start:
        yield start


class Node:
    """The client in Node, signed in, with a file for what it knows."""

    def __init__(self, client: NodeClient, server: str, state: Path) -> None:
        signed_in = client.do("sign-in", server=server, email=EMAIL, password=PASSWORD)
        session = {name: signed_in[name] for name in ("token", "account_id", "account_key")}
        self.token: str = session["token"]
        self._client = client
        self._known = {"server": server, "session": session, "state": str(state)}

    def do(self, command: str, **question: Any) -> dict[str, Any]:
        """Run a command that must succeed."""
        return self._client.do(command, **self._known, **question)

    def pull(self, limit: int = 500) -> dict[str, Any]:
        """Pull the one group there is."""
        (group,) = self.do("pull", limit=limit)["groups"]
        assert group["unreadable"] == []
        return dict(group)

    def push(self, group: dict[str, Any], *changes: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Push changes, made of what was pulled last."""
        return self.do("push", group=group["id"], changes=list(changes), **more)


def flat(nodes: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the nodes of a tree by their id, in order, parents first."""
    found: dict[str, dict[str, Any]] = {}
    for node in nodes:
        found |= {node["id"]: node, **flat(node["children"])}
    return found


def fields(node: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a document as Node kept it."""
    found: dict[str, Any] = json.loads(node["document"])["d"]
    return found


def exact(value: Any) -> str:
    """Return JSON as text, in which 1 and 1.0 differ and the order of keys does not."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def sync(program: Program) -> None:
    """Run a round, which must end with both sides the same."""
    assert program.wait(program.syncing.sync_once()).verified


def request(name: str, **more: Any) -> dict[str, Any]:
    """Return the fields of a request as PROTOCOL.md 9.8 lists them."""
    return {"name": name, "method": "GET", "url": "", "headers": [], "body": {"type": "none"}, **more}


class Shared:
    """A workspace that the program made, and the client in Node that has pulled it."""

    def __init__(self, program: Program, client: NodeClient, server: str, folder: Path) -> None:
        self.program, desk = program, program.desk
        self.workspace = desk.workspace("Ωshop")
        self.folder = desk.folder(self.workspace, "Заказы")
        body = {"type": "text", "media_type": "text/plain", "text": LONG}
        self.first = desk.request(self.folder, "First", url="https://example.com/1", headers=HEADERS, x_new=UNKNOWN)
        self.second = desk.request(self.folder, "Second", url="https://example.com/ä", method="POST", body=body)
        self.third = desk.request(self.folder, "Third")
        program.create_account(server)
        sync(program)
        self.node = Node(client, server, folder / "state.json")

    def sync(self) -> None:
        """Run a round of the program."""
        sync(self.program)


@pytest.fixture
def shared(node: NodeClient, server: str, start: Callable[[], Program], tmp_path: Path) -> Shared:
    return Shared(start(), node, server, tmp_path)


def test_node_shows_what_the_program_made(shared: Shared) -> None:
    group = shared.node.pull(limit=2)
    assert group["pages"] == 3
    desk, found = shared.program.desk, flat(group["tree"])
    (environment,) = [each for each in found.values() if each["type"] == "environment"]
    ids = [shared.workspace, shared.folder, shared.first, shared.second, shared.third]
    assert set(found) == {to_wire(each) for each in ids} | {environment["id"]}
    for document_id in ids:
        node, document = found[to_wire(document_id)], desk.get(document_id)
        assert exact(fields(node)) == exact(document.fields)
        assert (node["order"], node["type"], node["version"]) == (document.sort_key, document.kind, 1)
    (top,) = group["tree"]
    (folder,) = [each for each in top["children"] if each["type"] == "folder"]
    assert [fields(each)["name"] for each in folder["children"]] == ["First", "Second", "Third"]
    # Nothing is new.
    assert shared.node.do("pull")["unchanged"]


def test_the_program_shows_what_node_edited_made_and_deleted(shared: Shared) -> None:
    group, desk = shared.node.pull(limit=2), shared.program.desk
    before = desk.fields(shared.first)
    new = request("Neu ✎", url="https://example.com/neu", body={"type": "text", "text": LONG, "media_type": ""})
    parent, behind = to_wire(shared.folder), to_wire(shared.first)
    pushed = shared.node.push(
        group,
        {"delete": to_wire(shared.third)},
        {"set": to_wire(shared.first), "fields": {"name": "Première", "url": "https://example.com/é?q=🦊"}},
        {"make": "request", "parent": parent, "behind": behind, "fields": new, "rest": {"z": UNKNOWN}},
        limit=2,
    )
    assert pushed["met"] == {"ok": 3, "superseded": 0, "conflict": 0, "gone": 0}
    shared.sync()
    assert desk.names(shared.folder) == ["Première", "Neu ✎", "Second"]
    assert exact(desk.fields(shared.first)) == exact(before | {"name": "Première", "url": "https://example.com/é?q=🦊"})
    made = from_wire("request", pushed["made"][0])
    assert exact(desk.fields(made)) == exact(new)
    assert [each.document_id for each in shared.program.syncing.deleted(shared.workspace)] == [shared.third]
    assert shared.program.wait(shared.program.syncing.backup_now()).verified
    # What the program edits of it goes back with all that it does not know.
    desk.set(made, name="Neu, zweimal")
    shared.sync()
    document = json.loads(flat(shared.node.pull()["tree"])[pushed["made"][0]]["document"])
    assert exact(document["z"]) == exact(UNKNOWN)
    assert exact(document["d"]) == exact(new | {"name": "Neu, zweimal"})


def test_edits_of_both_that_met_survive_on_both(shared: Shared) -> None:
    group, desk = shared.node.pull(), shared.program.desk
    desk.set(shared.first, url="https://example.com/of-the-program")
    desk.set(shared.second, name="Edited while deleted")
    shared.sync()
    pushed = shared.node.push(
        group,
        {"set": to_wire(shared.first), "fields": {"name": "Of Node"}},
        {"delete": to_wire(shared.second)},
        limit=1,
    )
    assert pushed["met"] == {"ok": 1, "superseded": 0, "conflict": 2, "gone": 0}
    shared.sync()
    first = desk.fields(shared.first)
    assert (first["name"], first["url"]) == ("Of Node", "https://example.com/of-the-program")
    # An edit wins over a deletion.
    assert desk.names(shared.folder) == ["Of Node", "Edited while deleted", "Third"]
    assert exact(fields(flat(pushed["tree"])[to_wire(shared.first)])) == exact(first)


def test_the_program_merges_what_node_pushed_before(shared: Shared) -> None:
    group, desk = shared.node.pull(), shared.program.desk
    desk.set(shared.first, url="https://example.com/of-the-program")
    shared.node.push(group, {"set": to_wire(shared.first), "fields": {"name": "Of Node"}})
    shared.sync()
    first = desk.fields(shared.first)
    assert (first["name"], first["url"]) == ("Of Node", "https://example.com/of-the-program")
    assert exact(fields(flat(shared.node.pull()["tree"])[to_wire(shared.first)])) == exact(first)


def test_a_push_whose_answer_was_lost_is_stored_once(shared: Shared) -> None:
    group = shared.node.pull()
    edit = {"set": to_wire(shared.first), "fields": {"name": "Once"}}
    shared.node.push(group, edit, lose_answer=True)
    shared.sync()
    assert shared.node.push(group)["met"]["ok"] == 1
    shared.program.desk.set(shared.first, name="Twice")
    shared.sync()
    versions = shared.node.do("history", group=group["id"], id=to_wire(shared.first), limit=2)["versions"]
    assert [(each["version"], each["name"]) for each in versions] == [(3, "Twice"), (2, "Once"), (1, "First")]
    assert len({each["device"] for each in versions}) == 2
    listed = shared.program.wait(shared.program.syncing.history(shared.first))
    assert [each.version for each in listed] == [3, 2, 1]


def test_an_answer_lost_before_somebody_elses_edit_is_superseded(shared: Shared) -> None:
    group = shared.node.pull()
    shared.node.push(group, {"set": to_wire(shared.first), "fields": {"name": "Mine"}}, lose_answer=True)
    shared.sync()
    shared.program.desk.set(shared.first, name="Later")
    shared.sync()
    pushed = shared.node.push(group)
    assert pushed["met"]["superseded"] == 1
    assert fields(flat(pushed["tree"])[to_wire(shared.first)])["name"] == "Later"


def test_a_deletion_that_the_server_has_forgotten_is_found_by_a_full_pull(shared: Shared, tmp_path: Path) -> None:
    shared.node.pull()
    shared.program.desk.run(DeleteDocuments((shared.second,)))
    shared.sync()
    with closing(sqlite3.connect(tmp_path / "server" / "server.sqlite", isolation_level=None)) as database:
        database.execute("UPDATE groups SET floor_seq = head_seq")
        assert database.execute("DELETE FROM resources WHERE deleted").rowcount == 1
    shared.program.desk.set(shared.first, name="Later")
    shared.sync()
    group = shared.node.pull(limit=2)
    found = flat(group["tree"])
    assert (group["deleted"], len(found), group["pages"]) == ([], 5, 3)
    assert to_wire(shared.second) not in found
    assert fields(found[to_wire(shared.first)])["name"] == "Later"


def test_node_hears_of_a_push(shared: Shared, node: NodeClient, server: str) -> None:
    group = shared.node.pull()
    with node.running("listen", server=server, token=shared.node.token, until="head") as listening:
        assert listening.stdout is not None
        shared.program.desk.set(shared.first, name="Heard of")
        assert json.loads(listening.stdout.readline())["event"] == "open"
        shared.sync()
        heard = json.loads(listening.stdout.readline())
    assert heard == {"event": "head", "data": {"g": group["id"], "seq": group["head_seq"] + 1}}


def test_the_program_shows_what_node_made(
    node: NodeClient, server: str, start: Callable[[], Program], tmp_path: Path
) -> None:
    node.do("sign-up", server=server, email=EMAIL, password=PASSWORD, name="Ann")
    of_node = Node(node, server, tmp_path / "state.json")
    variables = [{"id": "v1", "enabled": True, "name": "basis", "value": {"großes": 2**70}, "description": ""}]
    made = of_node.do("make-workspace", name="Von Node 🦊", variables=variables)
    group = {"id": made["group"]}
    folder = of_node.push(
        group, {"make": "folder", "parent": made["workspace"], "behind": None, "fields": {"name": "Ordner"}}
    )["made"][0]
    contents = [
        request(
            f"Request {number}", url=f"https://example.com/{number}", x_new=UNKNOWN, body={"type": "text", "text": LONG}
        )
        for number in range(5)
    ]
    for content in contents:
        of_node.push(
            group, {"make": "request", "parent": folder, "behind": None, "fields": content, "rest": {"z": 1.0}}
        )
    program = start()
    program.sign_in(server)
    sync(program)
    (workspace,) = documents.workspaces(program.services.store.reader())
    assert (workspace.name, workspace.id) == ("Von Node 🦊", from_wire("workspace", made["workspace"]))
    # Each was put before all others.
    assert program.desk.names(from_wire("folder", folder)) == [f"Request {number}" for number in range(4, -1, -1)]
    rows = program.services.store.reader().rows("SELECT id FROM document WHERE kind = 'environment'")
    (environment,) = [row[0] for row in rows]
    assert exact(program.desk.fields(environment)["variables"]) == exact(variables)
    _edit_here_and_look_there(program, of_node, from_wire("folder", folder), contents)


def _edit_here_and_look_there(program: Program, of_node: Node, folder: str, contents: list[dict[str, Any]]) -> None:
    children = documents.children(program.services.store.reader(), folder)
    for child, content in zip(children, reversed(contents), strict=True):
        assert exact(program.desk.fields(child.id)) == exact(content)
        program.desk.set(child.id, url="https://example.com/edited")
    sync(program)
    found = flat(of_node.pull(limit=2)["tree"])
    for child, content in zip(children, reversed(contents), strict=True):
        document = json.loads(found[to_wire(child.id)]["document"])
        assert exact(document["d"]) == exact(content | {"url": "https://example.com/edited"})
        assert exact(document["z"]) == "1.0"
