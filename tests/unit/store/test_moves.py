"""Moves into another workspace: copies there, the originals in the trash, in one commit; about store.commands.moves."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import msgspec
import pytest

from insomnia_desktop.base.ids import new_id
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.documents import DeleteDocuments, DuplicateDocument, PurgeTrash, RestoreDocuments
from insomnia_desktop.store.commands.moves import MoveToWorkspace
from insomnia_desktop.store.commands.responses import AddResponse
from insomnia_desktop.store.commands.settings import SetLocal
from insomnia_desktop.store.commands.undo import Redo, Undo
from insomnia_desktop.store.queries import documents as queries
from insomnia_desktop.store.queries.responses import history, response
from insomnia_desktop.store.queries.undo import undo_state
from tests.support.clock import FixedClock
from tests.support.desk import Desk, refused
from tests.support.quarantine import Hold
from tests.support.responses import response_of


class Shop:
    """Two workspaces; the first has a folder in a folder with a request, and a request of its own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.here, self.there = self.desk.workspace("Here"), self.desk.workspace("There")
        self.outer = self.desk.folder(self.here, "Outer")
        self.inner = self.desk.folder(self.outer, "Inner")
        self.deep = self.desk.request(self.inner, "Deep", url="https://example.com", x_future={"a": 1})
        self.single = self.desk.request(self.here, "Single")
        self.first, self.last = self.desk.request(self.there, "First"), self.desk.request(self.there, "Last")

    def move(self, *ids: str, parent: str | None = None, **place: str) -> list[str]:
        """Move documents and return their new ids."""
        moved = [(each, new_id({"fld": "folder", "req": "request"}[each[:3]])) for each in ids]
        self.desk.run(MoveToWorkspace(moved, parent or self.there, **place))
        return [copy_id for _, copy_id in moved]


@pytest.fixture
def shop(desk: Desk) -> Shop:
    return Shop(desk)


def test_what_moves_is_there_with_everything_in_it_and_in_the_trash_here(shop: Shop) -> None:
    outer, single = shop.move(shop.outer, shop.single, before_id=shop.last)
    desk = shop.desk
    assert desk.names(shop.there) == ["First", "Outer", "Single", "Last"]
    (inner,) = queries.children(desk.store.reader(), outer)
    (deep,) = queries.children(desk.store.reader(), inner.id)
    copy = desk.get(deep.id)
    assert copy.workspace_id == desk.get(outer).workspace_id == desk.get(single).workspace_id == shop.there
    assert copy.fields == {"name": "Deep", "method": "GET", "url": "https://example.com", "x_future": {"a": 1}}
    assert desk.names(shop.here) == []
    trash = queries.trash(desk.store.reader(), shop.here)
    assert {(row.id, row.count) for row in trash} == {(shop.outer, 3), (shop.single, 1)}
    assert {deep.id, inner.id, outer} & {shop.deep, shop.inner, shop.outer} == set()


def test_it_goes_into_a_folder_and_what_lies_in_another_one_goes_with_that(shop: Shop) -> None:
    folder = shop.desk.folder(shop.there, "Archive")
    shop.move(shop.deep, shop.outer, parent=folder)
    (outer,) = queries.children(shop.desk.store.reader(), folder)
    assert outer.name == "Outer"
    assert shop.desk.names(queries.children(shop.desk.store.reader(), outer.id)[0].id) == ["Deep"]


class KeepRest(msgspec.Struct, frozen=True):
    """Puts keys of a newer program beside the fields of a document."""

    id: str
    rest: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        connection.execute("UPDATE content SET rest = ? WHERE id = ?", (self.rest, self.id))
        return []


def test_unknown_top_level_keys_go_along_in_moves_and_duplicates(shop: Shop) -> None:
    desk = shop.desk
    desk.run(KeepRest(shop.single, '{"z":1}'))
    (single,) = shop.move(shop.single)
    copy_id = new_id("request")
    desk.run(DuplicateDocument(single, copy_id))
    for each in (single, copy_id):
        assert desk.store.reader().row("SELECT rest FROM content WHERE id = ?", (each,)) == ('{"z":1}',)


def test_responses_go_along_and_come_back(shop: Shop) -> None:
    desk = shop.desk
    kept = response_of(desk.get(shop.deep))
    desk.run(AddResponse(kept, keep=5))
    (outer,) = shop.move(shop.outer)
    reader = desk.store.reader()
    inner = queries.children(reader, outer)[0].id
    deep = queries.children(reader, inner)[0].id
    assert [each.id for each in history(reader, deep, 5)] == [kept.id]
    assert history(reader, shop.deep, 5) == []
    moved = response(reader, kept.id)
    assert moved is not None
    assert (moved.request_id, moved.workspace_id) == (deep, shop.there)
    desk.run(Undo(shop.here))
    assert [each.id for each in history(reader, shop.deep, 5)] == [kept.id]
    assert response(reader, kept.id) == kept


def test_undo_takes_it_back_and_redo_does_it_again(shop: Shop) -> None:
    desk = shop.desk
    before = desk.state()
    shop.move(shop.outer, shop.single)
    after = desk.state()
    label = undo_state(desk.store.reader(), shop.here).undo_label
    assert label is not None
    assert (label.action, label.count) == ("move", 2)
    desk.run(Undo(shop.here))
    assert desk.state() == before
    desk.run(Redo(shop.here))
    assert desk.state() == after


def test_what_was_edited_there_before_the_undo_is_in_the_trash_there(shop: Shop) -> None:
    (single,) = shop.move(shop.single)
    shop.desk.set(single, name="Edited there")
    shop.desk.run(Undo(shop.here))
    assert [row.name for row in queries.trash(shop.desk.store.reader(), shop.there)] == ["Edited there"]
    assert shop.desk.names(shop.here) == ["Outer", "Single"]


def test_all_of_it_is_dirty_in_both_workspaces(shop: Shop) -> None:
    (outer,) = shop.move(shop.outer)
    rows = dict(shop.desk.store.reader().rows("SELECT id, local_rev - synced_rev FROM document"))
    assert rows[outer] == 1
    assert rows[shop.outer] == 2


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (lambda shop: ([(shop.single, new_id("request"))], new_id("folder")), "document.parent_not_found"),
        (lambda shop: ([(shop.single, new_id("request"))], shop.outer), "document.other_workspace"),
        (lambda shop: ([(new_id("request"), new_id("request"))], shop.there), "document.not_found"),
        (lambda shop: ([(shop.single, shop.first)], shop.there), "document.exists"),
        (lambda shop: ([(shop.single, new_id("folder"))], shop.there), "document.other_kind"),
        (lambda shop: ([(shop.single, new_id("request"))], shop.first), "document.misplaced"),
        (
            lambda shop: (
                [(shop.single, new_id("request")), (shop.first, new_id("request"))],
                shop.desk.workspace("Third"),
            ),
            "document.other_workspace",
        ),
    ],
)
def test_what_cannot_be_moved_changes_nothing(
    shop: Shop, case: Callable[[Shop], tuple[list[tuple[str, str]], str]], code: str
) -> None:
    moved, parent = case(shop)
    before = shop.desk.state()
    with refused(code):
        shop.desk.run(MoveToWorkspace(moved, parent))
    assert shop.desk.state() == before


def test_a_deleted_target_is_none(shop: Shop) -> None:
    shop.desk.run(DeleteDocuments((shop.there,)))
    with refused("document.parent_not_found"):
        shop.move(shop.single)


def test_nothing_named_changes_nothing(shop: Shop) -> None:
    assert shop.desk.run(MoveToWorkspace((), shop.there)).changes == ()


def test_what_is_in_quarantine_stays_with_the_folders_above_it(shop: Shop) -> None:
    shop.desk.run(Hold(shop.deep, shop.here))
    before = shop.desk.state()
    for moved in ([shop.deep], [shop.outer], [shop.single, shop.inner]):
        with refused("document.quarantined"):
            shop.move(*moved)
        assert shop.desk.state() == before
    shop.desk.run(Hold(shop.deep, shop.here, reason=""))
    shop.move(shop.outer)
    assert shop.desk.names(shop.there) == ["First", "Last", "Outer"]


def test_it_is_known_where_something_was_moved_as_long_as_it_is_not_deleted_itself(
    shop: Shop, clock: FixedClock
) -> None:
    desk = shop.desk
    reader = desk.store.reader()
    shop.move(shop.outer)
    desk.run(DeleteDocuments((shop.single,)))
    everything = dict.fromkeys((shop.outer, shop.inner, shop.deep), shop.there)
    assert queries.moved_away(reader, shop.here) == everything
    assert queries.moved_away(reader, shop.deep) == {shop.deep: shop.there}
    assert queries.moved_away(reader, shop.there) == {}
    desk.run(Undo(shop.here))
    desk.run(Undo(shop.here))
    assert queries.moved_away(reader, shop.here) == {}
    desk.run(Redo(shop.here))
    assert queries.moved_away(reader, shop.here) == everything
    desk.run(RestoreDocuments((shop.outer,)))
    clock.advance(1)
    desk.run(DeleteDocuments((shop.outer,)))
    assert queries.moved_away(reader, shop.here) == {}


def test_with_the_trash_goes_what_was_known_of_a_move(shop: Shop) -> None:
    desk = shop.desk
    shop.move(shop.single)
    desk.run(PurgeTrash(0))
    assert desk.store.reader().rows("SELECT key FROM local") == []


def test_a_note_that_cannot_be_read_says_nothing(shop: Shop) -> None:
    shop.move(shop.single)
    shop.desk.run(SetLocal(f"moved:{shop.single}", "elsewhere"))
    assert queries.moved_away(shop.desk.store.reader(), shop.here) == {}
