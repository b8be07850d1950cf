"""Responses, bodies and settings.

About store.commands.responses, store.queries.responses, store.response_rows, store.bodies, store.commands.settings and
store.queries.settings.
"""

from __future__ import annotations

import os
from pathlib import Path

from insomnia_desktop.base.ids import new_id, singleton_id
from insomnia_desktop.model import Edit, ErrorRecord, Hop, TimelineEntry, TlsRecord
from insomnia_desktop.store.bodies import BodyFiles
from insomnia_desktop.store.commands.documents import DeleteDocuments, PurgeTrash
from insomnia_desktop.store.commands.responses import AddResponse, DeleteResponses, EnforceBodyCap
from insomnia_desktop.store.commands.settings import ResetSetting, SetLocal, SetSetting
from insomnia_desktop.store.queries.responses import body_names, history, response
from insomnia_desktop.store.queries.settings import local, settings
from insomnia_desktop.store.queries.undo import undo_state
from tests.support.desk import Desk, refused
from tests.support.responses import response_of


def test_a_response_comes_back_whole(desk: Desk, workspace_id: str) -> None:
    request = desk.get(desk.request(workspace_id))
    given = response_of(
        request,
        headers=(("Set-Cookie", "a=1"), ("set-cookie", "b=2")),
        error=ErrorRecord(code="send.reset", params={"host": "x"}),
        hops=(Hop(method="GET", url="http://a", status=302, location="/b"),),
        timeline=(TimelineEntry(at=1, kind="dns", text="x"),),
        tls=TlsRecord(version="TLSv1.3"),
    )
    changes = desk.run(AddResponse(given, keep=20)).changes
    assert [(change.action, change.kind, change.id) for change in changes] == [("created", "response", given.id)]
    reader = desk.store.reader()
    assert response(reader, given.id) == given
    (line,) = history(reader, request.id, 10)
    assert (line.id, line.status, line.total_ms, line.error_code) == (given.id, 200, 12.5, "send.reset")
    assert response(reader, new_id("response")) is None


def test_the_history_keeps_the_newest_and_removes_the_bodies_of_others(desk: Desk, workspace_id: str) -> None:
    request = desk.get(desk.request(workspace_id))
    other = desk.get(desk.request(workspace_id))
    added = []
    for started in (30, 10, 20, 40):
        path = desk.store.bodies.create(new_id("response"))
        added.append((response_of(request, started=started, body_file=path.name), path))
    desk.run(AddResponse(response_of(other, started=1), keep=1))
    for given, _ in added[:3]:
        desk.run(AddResponse(given, keep=3))
    changes = desk.run(AddResponse(added[3][0], keep=3)).changes
    assert ("deleted", added[1][0].id) in [(change.action, change.id) for change in changes]
    reader = desk.store.reader()
    assert [line.started for line in history(reader, request.id, 10)] == [40, 30, 20]
    assert [line.started for line in history(reader, request.id, 1)] == [40]
    assert [path.exists() for _, path in added] == [True, False, True, True]
    assert body_names(reader) == {given.body_file for given, path in added if path.exists()}
    assert len(history(reader, other.id, 10)) == 1


def test_cookies_come_in_the_same_commit_and_are_no_step_of_undo(desk: Desk, workspace_id: str) -> None:
    request = desk.get(desk.request(workspace_id))
    jar_id = singleton_id(desk.fields(workspace_id)["seed"], "cookie_jar")
    before = undo_state(desk.store.reader(), workspace_id)
    patch = (Edit(("cookies", "@c1"), {"name": "sid", "value": "1"}),)
    changes = desk.run(AddResponse(response_of(request), keep=5, cookie_jar_patch=(jar_id, patch))).changes
    assert [(change.action, change.kind) for change in changes] == [("created", "response"), ("updated", "cookie_jar")]
    assert desk.fields(jar_id)["cookies"] == [{"name": "sid", "value": "1", "id": "c1"}]
    assert undo_state(desk.store.reader(), workspace_id) == before


def test_a_response_of_a_request_in_the_trash_is_kept_and_of_a_purged_one_refused(
    desk: Desk, workspace_id: str
) -> None:
    request = desk.get(desk.request(workspace_id))
    desk.run(DeleteDocuments([request.id]))
    desk.run(AddResponse(response_of(request), keep=5))
    assert len(history(desk.store.reader(), request.id, 5)) == 1
    desk.run(PurgeTrash(0))
    with refused("document.not_found"):
        desk.run(AddResponse(response_of(request), keep=5))
    assert history(desk.store.reader(), request.id, 5) == []


def test_responses_are_deleted_one_by_one_and_all_of_a_request(desk: Desk, workspace_id: str) -> None:
    request = desk.get(desk.request(workspace_id))
    given = [response_of(request, started=started) for started in range(4)]
    for each in given:
        desk.run(AddResponse(each, keep=10))
    changes = desk.run(DeleteResponses([given[1].id, new_id("response")])).changes
    assert [(change.action, change.id) for change in changes] == [("deleted", given[1].id)]
    assert len(desk.run(DeleteResponses(request_id=request.id)).changes) == 3
    assert history(desk.store.reader(), request.id, 10) == []


def test_the_cap_takes_the_oldest_bodies_but_never_the_newest_response_of_a_request(
    desk: Desk, workspace_id: str
) -> None:
    first, second = (desk.get(desk.request(workspace_id)) for _ in range(2))
    for request, started in ((first, 1), (second, 2), (second, 3), (first, 4), (second, 5)):
        path = desk.store.bodies.create(new_id("response"))
        path.write_bytes(bytes(100))
        desk.run(AddResponse(response_of(request, started=started, body_file=path.name), keep=9))
    assert desk.store.bodies.total_size() == 500
    assert desk.run(EnforceBodyCap(500)).changes == ()
    assert len(desk.run(EnforceBodyCap(399)).changes) == 2
    reader = desk.store.reader()
    assert [line.started for line in history(reader, first.id, 9)] == [4]
    assert [line.started for line in history(reader, second.id, 9)] == [5, 3]
    desk.run(EnforceBodyCap(1))
    assert [line.started for line in history(reader, first.id, 9)] == [4]
    assert [line.started for line in history(reader, second.id, 9)] == [5]
    assert desk.store.bodies.total_size() == 200


def test_bodies_no_response_names_are_collected_once_they_are_old(tmp_path: Path) -> None:
    bodies = BodyFiles(tmp_path)
    named, old, young = (bodies.create(new_id("response")) for _ in range(3))
    (tmp_path / "notes.txt").write_text("not ours")
    os.utime(named, (1, 1))
    os.utime(old, (1, 1))
    os.utime(tmp_path / "notes.txt", (1, 1))
    assert bodies.collect_garbage({named.name}) == 1
    assert (named.exists(), old.exists(), young.exists()) == (True, False, True)
    assert (tmp_path / "notes.txt").exists()
    assert BodyFiles(tmp_path / "not there").collect_garbage(set()) == 0


def test_a_body_is_private_and_its_name_leads_nowhere_else(tmp_path: Path) -> None:
    bodies = BodyFiles(tmp_path)
    path = bodies.create(new_id("response"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert bodies.path(path.name) == path
    for name in ("../store.sqlite", "store.sqlite", "", path.name + "/../x"):
        with refused("bodies.bad_name"):
            bodies.path(name)
    bodies.remove("../store.sqlite", path.name, path.name)
    assert not path.exists()
    assert bodies.size(path.name) == 0
    with refused("store.folder_read_only"):
        BodyFiles(tmp_path / "not there").create(new_id("response"))


def test_settings_are_set_reset_and_announced(desk: Desk) -> None:
    changes = desk.run(SetSetting("sending.max_redirects", 7)).changes
    assert [(change.action, change.kind, change.id) for change in changes] == [
        ("updated", "setting", "sending.max_redirects")
    ]
    desk.run(SetSetting("tls.authorities", [{"path": "x"}]))
    desk.run(SetSetting("sending.max_redirects", 8))
    assert settings(desk.store.reader()) == {"sending.max_redirects": 8, "tls.authorities": [{"path": "x"}]}
    assert len(desk.run(ResetSetting("sending.max_redirects")).changes) == 1
    assert desk.run(ResetSetting("sending.max_redirects")).changes == ()
    assert settings(desk.store.reader()) == {"tls.authorities": [{"path": "x"}]}


def test_what_is_local_is_kept_and_nobody_is_told(desk: Desk) -> None:
    heard: list[object] = []
    desk.store.subscribe(heard.append)
    desk.run(SetLocal("window", {"size": [800, 600], "open": None}))
    assert local(desk.store.reader(), "window") == {"size": [800, 600], "open": None}
    desk.run(SetLocal("window", None))
    assert local(desk.store.reader(), "window") is None
    assert heard == []
