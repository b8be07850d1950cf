"""Undo and redo, about store.commands.undo, store.operations, store.undo_rows and store.queries.undo."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from insomnia_desktop.base.ids import new_id
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.model import Edit
from insomnia_desktop.store import Store
from insomnia_desktop.store.commands.documents import (
    DeleteDocuments,
    DuplicateDocument,
    MoveDocuments,
    PatchDocument,
    PurgeTrash,
    RestoreDocuments,
)
from insomnia_desktop.store.commands.undo import Redo, Undo
from insomnia_desktop.store.queries.documents import trash
from insomnia_desktop.store.queries.undo import UndoState, undo_state
from insomnia_desktop.store.undo_rows import MOST_STEPS, UndoLabel
from tests.support.clock import FixedClock
from tests.support.desk import WINDOW, Desk


def _state(desk: Desk, workspace_id: str) -> UndoState:
    return undo_state(desk.store.reader(), workspace_id)


def test_typing_with_one_key_is_one_step(desk: Desk, workspace_id: str) -> None:
    request_id = desk.request(workspace_id, "before")
    for text in ("a", "ab", "abc"):
        desk.set(request_id, url=text, coalesce="url-1")
    desk.set(request_id, name="abc", coalesce="url-1")
    for text in ("abcd", "abcde"):
        desk.set(request_id, url=text, coalesce="url-2")
    label = _state(desk, workspace_id).undo_label
    assert label == UndoLabel(action="edit", kind="request", name="abc", parts=("url",))
    desk.run(Undo(workspace_id))
    assert desk.fields(request_id)["url"] == "abc"
    label = _state(desk, workspace_id).undo_label
    assert label == UndoLabel(action="edit", kind="request", name="before", parts=("name", "url"))
    desk.run(Undo(workspace_id))
    assert (desk.fields(request_id)["url"], desk.fields(request_id)["name"]) == ("", "before")
    desk.run(Redo(workspace_id))
    desk.run(Redo(workspace_id))
    assert desk.fields(request_id)["url"] == "abcde"


def test_a_long_typing_keeps_one_value_not_a_thousand(desk: Desk, workspace_id: str) -> None:
    request_id = desk.request(workspace_id)
    for count in range(60):
        desk.set(
            request_id, body={"type": "text", "media_type": "text/plain", "text": "x" * 1000 + str(count)}, coalesce="b"
        )
    sizes = desk.store.reader().rows("SELECT length(operations) FROM undo ORDER BY number")
    assert len(sizes) == 2
    assert sizes[-1][0] < 500


def test_typing_that_ends_where_it_began_is_no_step(desk: Desk, workspace_id: str) -> None:
    request_id = desk.request(workspace_id, url="start")
    desk.set(request_id, url="startx", coalesce="k")
    desk.set(request_id, url="start", coalesce="k")
    label = _state(desk, workspace_id).undo_label
    assert label is not None
    assert label.action == "create"


def test_what_was_taken_back_does_not_grow_by_typing(desk: Desk, workspace_id: str) -> None:
    request_id = desk.request(workspace_id)
    desk.set(request_id, url="a", coalesce="k")
    desk.set(request_id, name="n")
    desk.run(Undo(workspace_id))
    desk.set(request_id, url="ab", coalesce="k")
    desk.run(Undo(workspace_id))
    assert desk.fields(request_id)["url"] == "a"


def test_a_field_changed_without_undo_survives_the_undo_of_another_field(desk: Desk, workspace_id: str) -> None:
    request_id = desk.request(workspace_id, "old", headers=[{"id": "h", "name": "A", "value": "1"}])
    desk.run(PatchDocument(request_id, (Edit(("name",), "new"), Edit(("headers", "@h", "value"), "2"))))
    # As the program does it by itself: without a step of undo.
    alone = (Edit(("url",), "synced"), Edit(("headers", "@h", "name"), "B"))
    desk.run(PatchDocument(request_id, alone, undoable=False))
    desk.run(Undo(workspace_id))
    fields = desk.fields(request_id)
    assert (fields["name"], fields["url"]) == ("old", "synced")
    assert fields["headers"] == [{"id": "h", "name": "B", "value": "1"}]
    desk.run(Redo(workspace_id))
    fields = desk.fields(request_id)
    assert (fields["name"], fields["url"]) == ("new", "synced")
    assert fields["headers"] == [{"id": "h", "name": "B", "value": "2"}]


def test_a_new_edit_cuts_what_could_be_done_again(desk: Desk, workspace_id: str) -> None:
    request_id = desk.request(workspace_id)
    desk.set(request_id, name="1")
    desk.set(request_id, name="2")
    desk.run(Undo(workspace_id))
    assert _state(desk, workspace_id).redo_label is not None
    changes = desk.set(request_id, url="x").changes
    assert changes[-1].kind == "undo"
    assert _state(desk, workspace_id).redo_label is None
    assert desk.run(Redo(workspace_id)).changes == ()


def test_the_room_made_for_a_document_is_taken_back_with_it(desk: Desk, workspace_id: str) -> None:
    first, second = desk.request(workspace_id, "1"), desk.request(workspace_id, "2")
    # What a merge of two devices may bring: there is nothing between two equal keys.
    desk.run(_Place(first, "V"))
    desk.run(_Place(second, "V"))
    before = desk.state()
    top = desk.names(workspace_id)[0]
    desk.run(DuplicateDocument(first if top == "1" else second, new_id("request")))
    assert desk.names(workspace_id)[:2] == [top, f"{top} copy"]
    after = desk.state()
    assert {after[each][2] for each in before} != {before[each][2] for each in before}
    desk.run(Undo(workspace_id))
    assert desk.state() == before
    desk.run(Redo(workspace_id))
    assert desk.state() == after


def test_undo_survives_a_restart(data_folder: DataFolder, clock: FixedClock) -> None:
    store = Store.open(data_folder, clock=clock, care_after_s=3600)
    desk = Desk(store)
    workspace = desk.workspace()
    folder = desk.folder(workspace, "F")
    request_id = desk.request(folder, "a")
    desk.set(request_id, name="b", coalesce="same")
    desk.run(DeleteDocuments([folder]))
    store.close()
    store = Store.open(data_folder, clock=clock, care_after_s=3600)
    desk = Desk(store)
    desk.run(Undo(workspace))
    assert desk.names(folder) == ["b"]
    # A key of the last start is another key, though it reads the same.
    desk.run(Redo(workspace))
    desk.run(Undo(workspace))
    desk.set(request_id, name="c", coalesce="same")
    desk.run(Undo(workspace))
    assert desk.names(folder) == ["b"]
    store.close()


def test_undo_is_of_one_workspace(desk: Desk, workspace_id: str) -> None:
    other = desk.workspace("Other")
    mine, theirs = desk.request(workspace_id, "mine"), desk.request(other, "theirs")
    desk.set(mine, name="mine 2")
    desk.set(theirs, name="theirs 2")
    desk.run(Undo(workspace_id))
    assert (desk.fields(mine)["name"], desk.fields(theirs)["name"]) == ("mine", "theirs 2")


def test_steps_whose_documents_are_gone_are_passed_over(desk: Desk, workspace_id: str) -> None:
    kept = desk.request(workspace_id, "kept")
    gone = desk.request(workspace_id, "gone")
    desk.set(kept, name="kept 2")
    desk.set(gone, name="gone 2")
    desk.run(DeleteDocuments([gone]))
    desk.run(PurgeTrash(0))
    desk.run(Undo(workspace_id))
    assert desk.fields(kept)["name"] == "kept"
    desk.run(Undo(workspace_id))
    assert desk.names(workspace_id) == []


def test_undo_brings_back_what_stood_in_a_folder_deleted_meanwhile(desk: Desk, workspace_id: str) -> None:
    folder = desk.folder(workspace_id, "F")
    request_id = desk.request(folder, "a")
    desk.run(DeleteDocuments([request_id]))
    desk.run(DeleteDocuments([folder]))
    desk.run(_ForgetNewestStep())
    desk.run(Undo(workspace_id))
    assert desk.names(workspace_id) == ["F"]
    assert desk.names(folder) == ["a"]


def test_the_newest_thousand_steps_are_kept(desk: Desk, workspace_id: str) -> None:
    request_id = desk.request(workspace_id)
    futures = [
        desk.store.submit(PatchDocument(request_id, (Edit(("name",), str(number)),)), origin=WINDOW)
        for number in range(MOST_STEPS + 100)
    ]
    futures[-1].result(timeout=60)
    count = desk.store.reader().rows("SELECT count(*) FROM undo")[0][0]
    assert MOST_STEPS <= count < MOST_STEPS + 40


def test_each_command_is_taken_back_and_done_again_exactly(desk: Desk, workspace_id: str) -> None:
    folder, other = desk.folder(workspace_id, "F"), desk.folder(workspace_id, "G")
    a, b = desk.request(folder, "a"), desk.request(folder, "b")
    gone = desk.request(other, "gone")
    desk.run(DeleteDocuments([gone]))
    desk.run(DeleteDocuments([other]))
    states = [desk.state()]
    for command in (
        PatchDocument(a, (Edit(("name",), "edited"),)),
        MoveDocuments([b, a], workspace_id, before_id=folder),
        MoveDocuments([folder], workspace_id, before_id=b),
        DuplicateDocument(folder, new_id("folder")),
        DeleteDocuments([a, folder]),
        RestoreDocuments([gone]),
        RestoreDocuments([a, folder]),
    ):
        desk.run(command)
        assert desk.state() != states[-1]
        states.append(desk.state())
    for before in reversed(states[:-1]):
        desk.run(Undo(workspace_id))
        assert desk.state() == before
    for after in states[1:]:
        desk.run(Redo(workspace_id))
        assert desk.state() == after


def test_labels_say_what_was_done_to_how_many(desk: Desk, workspace_id: str) -> None:
    a, b = desk.request(workspace_id, "a"), desk.request(workspace_id, "b")
    folder = desk.folder(workspace_id, "F")
    found = []
    for command in (
        MoveDocuments([a, b], folder),
        DuplicateDocument(a, new_id("request")),
        DeleteDocuments([a, b]),
        RestoreDocuments([a]),
    ):
        desk.run(command)
        found.append(_state(desk, workspace_id).undo_label)
    assert found == [
        UndoLabel(action="move", kind="request", name="a", count=2),
        UndoLabel(action="duplicate", kind="request", name="a"),
        UndoLabel(action="delete", kind="request", name="a", count=2),
        UndoLabel(action="restore", kind="request", name="a"),
    ]


class _Place(msgspec.Struct, frozen=True):
    id: str
    sort_key: str

    def run(self, connection: Any, context: Any) -> list[Any]:
        connection.execute("UPDATE document SET sort_key = ? WHERE id = ?", (self.sort_key, self.id))
        return []


class _ForgetNewestStep:
    def run(self, connection: Any, context: Any) -> list[Any]:
        connection.execute("DELETE FROM undo WHERE number = (SELECT max(number) FROM undo)")
        return []


class UndoMachine(RuleBasedStateMachine):
    """Any edits in any order: undo gives exactly the state before, redo the one after, across restarts too."""

    @initialize()
    def open(self) -> None:
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = DataFolder(Path(self.temporary.name))
        self.clock = FixedClock()
        self.desk = Desk(Store.open(self.folder, clock=self.clock, care_after_s=3600))
        self.workspace_id = self.desk.workspace()
        self.past: list[Mapping[str, Any]] = []
        self.future: list[Mapping[str, Any]] = []

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.store.close()
            self.temporary.cleanup()

    def _did(self, before: Mapping[str, Any]) -> None:
        self.clock.advance(1000)
        if self.desk.state() != before:
            self.past.append(before)
            self.future.clear()

    def _pick(self, data: st.DataObject, *kinds: str) -> str | None:
        ids = self._ids("deleted_at IS NULL", kinds)
        if "workspace" in kinds:
            ids.append(self.workspace_id)
        return data.draw(st.sampled_from(ids)) if ids else None

    def _ids(self, condition: str, kinds: tuple[str, ...]) -> list[str]:
        # In the order in which they were made: ids are random, and a run must be repeatable.
        rows = self.desk.store.reader().rows(f"SELECT id, kind FROM document WHERE {condition} ORDER BY number")
        return [document_id for document_id, kind in rows if kind in kinds and kind != "workspace"]

    @rule(data=st.data(), kind=st.sampled_from(["folder", "request"]))
    def create(self, data: st.DataObject, kind: str) -> None:
        before = self.desk.state()
        parent = self._pick(data, "folder", "workspace")
        assert parent is not None
        (self.desk.folder if kind == "folder" else self.desk.request)(parent, kind)
        self._did(before)

    @rule(data=st.data(), field=st.sampled_from(["name", "url", "x"]), value=st.text(max_size=3))
    def edit(self, data: st.DataObject, field: str, value: str) -> None:
        before = self.desk.state()
        chosen = self._pick(data, "request", "folder", "workspace")
        assert chosen is not None
        self.desk.set(chosen, **{field: value})
        self._did(before)

    @rule(data=st.data(), values=st.lists(st.text(max_size=3), min_size=2, max_size=4), key=st.uuids())
    def type(self, data: st.DataObject, values: list[str], key: Any) -> None:
        before = self.desk.state()
        chosen = self._pick(data, "request")
        if chosen is not None:
            for value in values:
                self.desk.set(chosen, url=value, coalesce=str(key))
            if self.desk.state() == before and any(value != before[chosen][5] for value in values):
                # Typed and taken back by typing: there is no step, but what could be done again is cut.
                self.future.clear()
            self._did(before)

    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        before = self.desk.state()
        chosen, parent = self._pick(data, "request"), self._pick(data, "folder", "workspace")
        beside = self._pick(data, "request", "folder")
        if chosen is not None and parent is not None:
            self.desk.run(MoveDocuments([chosen], parent, before_id=beside))
            self._did(before)

    @rule(data=st.data())
    def duplicate(self, data: st.DataObject) -> None:
        before = self.desk.state()
        chosen = self._pick(data, "request", "folder")
        if chosen is not None and len(before) < 30:
            self.desk.run(DuplicateDocument(chosen, new_id("folder" if chosen.startswith("fld") else "request")))
            self._did(before)

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        before = self.desk.state()
        chosen = self._pick(data, "request", "folder")
        if chosen is not None:
            self.desk.run(DeleteDocuments([chosen]))
            self._did(before)

    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        before = self.desk.state()
        ids = self._ids("deleted_at IS NOT NULL", ("request", "folder"))
        if ids:
            self.desk.run(RestoreDocuments([data.draw(st.sampled_from(ids))]))
            self._did(before)

    @precondition(lambda self: getattr(self, "past", None))
    @rule()
    def undo(self) -> None:
        self.future.append(self.desk.state())
        self.desk.run(Undo(self.workspace_id))
        assert self.desk.state() == self.past.pop()

    @precondition(lambda self: getattr(self, "future", None))
    @rule()
    def redo(self) -> None:
        self.past.append(self.desk.state())
        self.desk.run(Redo(self.workspace_id))
        assert self.desk.state() == self.future.pop()

    @rule()
    def reopen(self) -> None:
        before = self.desk.state()
        self.desk.store.close()
        self.desk = Desk(Store.open(self.folder, clock=self.clock, care_after_s=3600))
        assert self.desk.state() == before

    @rule()
    def the_trash_is_in_order(self) -> None:
        reader = self.desk.store.reader()
        listed = sum(row.count for row in trash(reader, self.workspace_id))
        assert listed == reader.rows("SELECT count(*) FROM document WHERE deleted_at IS NOT NULL")[0][0]


UndoMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestUndoMachine = UndoMachine.TestCase
