"""What comes back though the server thinned it, or the trash let go of it.

About sync.history, services.workspace_copies, services.sync_history, store.commands.kept_heads and copies,
store.queries.kept_heads.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.services.sync_views import CopyGap
from insomnia_desktop.store.commands.documents import DeleteDocuments, PurgeTrash
from insomnia_desktop.store.commands.undo import Undo
from insomnia_desktop.store.queries import documents
from insomnia_desktop.sync import history
from tests.support.clock import FixedClock
from tests.support.desk import refused
from tests.support.sync_programs import Program, programs, quick_derivation
from tests.support.sync_server import sync_server

_KEPT = 3
_SECOND = 1000


class Kept:
    """A program with a synced workspace, on a server that keeps the newest three versions of a day."""

    def __init__(self, program: Program, clock: FixedClock) -> None:
        self.program, self.clock = program, clock
        self.desk, self.syncing = program.desk, program.syncing
        self.workspace = self.desk.workspace("Shop")
        self.request = self.desk.request(self.workspace, "Busy", url="https://example.com")
        self.sync()

    @property
    def before_now(self) -> int:
        """A moment behind all that was sent, and before what is sent next."""
        return self.clock.now_ms() - 1

    def sync(self) -> None:
        """Run a round, and let a second pass."""
        assert self.program.wait(self.syncing.sync_once()).verified
        self.clock.advance(_SECOND)

    def edit(self, document_id: str, times: int, field: str = "url") -> None:
        """Edit a document, and send each edit."""
        for number in range(times):
            self.desk.set(document_id, **{field: f"https://example.com/{number}"})
            self.sync()

    def let_go(self, *ids: str) -> None:
        """Delete documents, send that, and empty the trash."""
        self.desk.run(DeleteDocuments(ids))
        self.sync()
        self.desk.run(PurgeTrash(0))
        assert all(documents.document(self.program.services.store.reader(), each) is None for each in ids)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    monkeypatch.setattr("insomnia_desktop.server.domain.history.KEPT_NEWEST", _KEPT)
    clock = FixedClock()
    database = tmp_path / "server.sqlite"
    with quick_derivation(), sync_server(database, clock) as server, programs(tmp_path, clock) as start:
        program = start()
        program.create_account(server.address)
        yield Kept(program, clock)


def test_a_copy_as_of_a_moment_takes_the_nearest_version_that_is_kept_and_says_so(kept: Kept) -> None:
    quiet = kept.desk.request(kept.workspace, "Quiet")
    kept.sync()
    at = kept.before_now
    kept.edit(kept.request, 6)
    kept.desk.set(quiet, name="Later")
    kept.sync()
    versions = kept.program.wait(kept.syncing.history(kept.request))
    assert [row.version for row in versions if row.kept] == [7, 6, 5]
    copy = kept.program.wait(kept.syncing.workspace_as_of(kept.workspace, at))
    assert kept.program.names(copy.workspace_id) == ["Busy", "Quiet"]
    # Nothing of before is kept: the oldest one after it is the nearest.
    assert copy.moved == (CopyGap("request", "Busy", versions[2].at),)
    assert copy.left_out == ()
    assert url_of(kept, copy.workspace_id, "Busy") == "https://example.com/3"


def test_of_two_kept_versions_the_one_before_the_moment_is_taken(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    # The last version of a day is kept: of yesterday there is one, and of today the newest three.
    kept.clock.advance(86_400_000)
    kept.edit(kept.request, 1)
    at = kept.before_now
    kept.edit(kept.request, 6)
    # Pages of two, so that the moment lies on a page of its own.
    monkeypatch.setattr(history, "_VERSIONS_AT_ONCE", 2)
    copy = kept.program.wait(kept.syncing.workspace_as_of(kept.workspace, at))
    assert url_of(kept, copy.workspace_id, "Busy") == "https://example.com"
    assert [gap.name for gap in copy.moved] == ["Busy"]
    assert copy.moved[0].at < at


def test_what_did_not_live_at_the_moment_is_not_in_the_copy_though_its_versions_were_thinned(kept: Kept) -> None:
    kept.let_go(kept.request)
    at = kept.before_now
    kept.program.wait(kept.syncing.restore(kept.request, 1))
    kept.sync()
    kept.edit(kept.request, 6)
    fresh = kept.desk.request(kept.workspace, "Fresh")
    kept.sync()
    kept.edit(fresh, 6)
    copy = kept.program.wait(kept.syncing.workspace_as_of(kept.workspace, at))
    assert kept.program.names(copy.workspace_id) == []
    assert (copy.moved, copy.left_out) == ((), ())


def test_a_workspace_whose_own_version_was_thinned_is_copied_all_the_same(kept: Kept) -> None:
    base = kept.program.services.environments.rows(kept.workspace)[0].id
    at = kept.before_now
    kept.edit(kept.workspace, 6, "description")
    for number in range(6):
        kept.desk.set(base, variables=[variable(str(number))])
        kept.sync()
    copy = kept.program.wait(kept.syncing.workspace_as_of(kept.workspace, at))
    assert {gap.kind for gap in copy.moved} == {"workspace", "environment"}
    (environment,) = kept.program.services.environments.rows(copy.workspace_id)
    assert kept.desk.fields(environment.id)["variables"] == [variable("3")]


def test_what_cannot_be_opened_is_left_out_and_named(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = history.History.open_or_none

    async def closed(self: history.History, resource: str, revision: object) -> object:
        opened = await honest(self, resource, revision)  # type: ignore[arg-type]
        return None if opened is not None and opened.plaintext.kind == "request" else opened

    monkeypatch.setattr(history.History, "open_or_none", closed)
    copy = kept.program.wait(kept.syncing.workspace_as_of(kept.workspace, kept.clock.now_ms()))
    assert copy.left_out == (CopyGap("request", "Busy"),)
    assert kept.program.names(copy.workspace_id) == []


def test_a_copy_has_the_cookie_jar_and_the_base_environment_of_every_workspace(kept: Kept) -> None:
    copy = kept.program.wait(kept.syncing.workspace_as_of(kept.workspace, kept.clock.now_ms()))
    jar = kept.program.services.cookie_jars.jar(copy.workspace_id)
    (base,) = kept.program.services.environments.rows(copy.workspace_id)
    kept.sync()
    # A round makes no others.
    assert kept.program.services.cookie_jars.jar(copy.workspace_id).id == jar.id
    assert [each.id for each in kept.program.services.environments.rows(copy.workspace_id)] == [base.id]


def test_before_the_first_version_nothing_is_copied_and_it_is_said_since_when_there_is_one(kept: Kept) -> None:
    kept.edit(kept.workspace, 2, "description")
    first = kept.program.wait(kept.syncing.history(kept.workspace, 2))[-1]
    with pytest.raises(KnownError) as told:
        kept.program.wait(kept.syncing.workspace_as_of(kept.workspace, first.at - 1))
    assert (told.value.code, told.value.params) == ("sync.not_kept_then", {"since": first.at})


def test_a_copy_is_named_with_its_moment(kept: Kept) -> None:
    copy = kept.program.wait(kept.syncing.workspace_as_of(kept.workspace, kept.clock.now_ms()))
    moment = datetime.fromtimestamp(kept.clock.now_ms() / 1000).astimezone()
    name = kept.desk.fields(copy.workspace_id)["name"]
    assert name == f"Shop, as of {moment:%Y-%m-%d %H:%M}"


def test_folders_of_different_moments_do_not_end_in_each_other(kept: Kept) -> None:
    outer = kept.desk.folder(kept.workspace, "Outer")
    inner = kept.desk.folder(outer, "Inner")
    kept.sync()
    at = kept.before_now
    move = kept.program.services.documents.move
    kept.program.wait(move([inner], kept.workspace, None))
    kept.program.wait(move([outer], inner, None))
    kept.sync()
    # Of the one that was outside only the version within the other one is kept.
    kept.edit(outer, 6, "description")
    copy = kept.program.wait(kept.syncing.workspace_as_of(kept.workspace, at))
    reader = kept.program.services.store.reader()
    rows = {row.name: row for row in documents.tree_rows(reader, copy.workspace_id)}
    parents = {rows["Outer"].parent_id, rows["Inner"].parent_id}
    assert copy.workspace_id in parents


def test_what_the_trash_let_go_of_has_a_history_and_comes_back(kept: Kept) -> None:
    folder = kept.desk.folder(kept.workspace, "Orders")
    inside = kept.desk.request(folder, "Inside", url="https://example.com/inside")
    kept.sync()
    kept.edit(inside, 1)
    kept.let_go(inside)
    assert kept.syncing.deleted(kept.workspace) == ()
    (gone,) = kept.syncing.let_go(kept.workspace)
    assert (gone.document_id, gone.kind, gone.name) == (inside, "request", "Inside")
    versions = kept.program.wait(kept.syncing.history(inside))
    assert [(row.version, row.deleted) for row in versions] == [(3, True), (2, False), (1, False)]
    view = kept.program.wait(kept.syncing.version(inside, 1))
    assert view.fields["url"] == "https://example.com/inside"
    kept.program.wait(kept.syncing.restore(inside, 1))
    assert kept.desk.get(inside).parent_id == folder
    assert kept.desk.fields(inside)["url"] == "https://example.com/inside"
    assert kept.syncing.let_go(kept.workspace) == ()
    kept.sync()
    newest = kept.program.wait(kept.syncing.history(inside))[0]
    assert (newest.version, newest.deleted) == (4, False)
    assert kept.syncing.unsaved(kept.workspace) == frozenset()


def test_what_stood_in_a_folder_that_is_gone_comes_back_to_the_workspace_and_undo_takes_it_away(kept: Kept) -> None:
    folder = kept.desk.folder(kept.workspace, "Orders")
    inside = kept.desk.request(folder, "Inside")
    kept.sync()
    kept.let_go(folder)
    assert {each.name for each in kept.syncing.let_go(kept.workspace)} == {"Orders", "Inside"}
    kept.program.wait(kept.syncing.restore(inside, 1))
    assert kept.desk.get(inside).parent_id == kept.workspace
    kept.desk.run(Undo(kept.workspace))
    assert [each.document_id for each in kept.syncing.deleted(kept.workspace)] == [inside]


def test_what_is_known_nowhere_is_not_found(kept: Kept) -> None:
    with refused("document.not_found"):
        kept.program.wait(kept.syncing.history(f"req_{'0' * 32}"))
    # The name of another kind of document with the same number.
    kept.let_go(kept.request)
    with refused("document.not_found"):
        kept.program.wait(kept.syncing.restore(f"fld_{kept.request[4:]}", 1))


def url_of(kept: Kept, workspace_id: str, name: str) -> str:
    reader = kept.program.services.store.reader()
    (row,) = [each for each in documents.tree_rows(reader, workspace_id) if each.name == name]
    return str(kept.desk.fields(row.id)["url"])


def variable(value: str) -> dict[str, object]:
    return {"id": "abcdefghijkl", "enabled": True, "name": "token", "value": value, "description": ""}


def test_a_workspace_that_the_trash_let_go_of_comes_back(kept: Kept) -> None:
    kept.desk.workspace("Other")
    kept.let_go(kept.workspace)
    assert kept.program.wait(kept.syncing.history(kept.workspace))[0].deleted
    with refused("document.parent_not_found"):
        kept.program.wait(kept.syncing.restore(kept.request, 1))
    kept.program.wait(kept.syncing.restore(kept.workspace, 1))
    kept.program.wait(kept.syncing.restore(kept.request, 1))
    assert kept.program.names(kept.workspace) == ["Busy"]
    assert kept.program.services.cookie_jars.jar(kept.workspace).parent_id == kept.workspace
    kept.sync()
    assert kept.syncing.unsaved(kept.workspace) == frozenset()
