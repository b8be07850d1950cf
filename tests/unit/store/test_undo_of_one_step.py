"""Undo of one named step, and of a move away from a parent that is not here; about store.commands.undo and
store.operations.
"""

from __future__ import annotations

from insomnia_desktop.store.commands.documents import MoveDocuments
from insomnia_desktop.store.commands.undo import Redo, Undo
from tests.support.desk import Desk
from tests.support.lost_parents import NOWHERE, LoseParent


def test_one_step_alone_is_taken_back_only_while_it_is_the_newest(desk: Desk, workspace_id: str) -> None:
    request_id = desk.request(workspace_id, "before")
    first = desk.set(request_id, name="first")
    second = desk.set(request_id, name="second")
    assert desk.run(Undo(workspace_id, only=first.number)).changes == ()
    assert desk.fields(request_id)["name"] == "second"
    assert desk.run(Undo(workspace_id, only=second.number)).changes
    assert desk.fields(request_id)["name"] == "first"
    assert desk.run(Undo(workspace_id, only=second.number)).changes == ()


def test_a_move_away_from_a_parent_that_is_not_here_can_be_taken_back_and_done_again(
    desk: Desk, workspace_id: str
) -> None:
    request_id = desk.request(workspace_id, "lost")
    desk.run(LoseParent(request_id))
    desk.run(MoveDocuments((request_id,), workspace_id))
    assert desk.get(request_id).parent_id == workspace_id
    desk.run(Undo(workspace_id))
    assert desk.get(request_id).parent_id == NOWHERE
    desk.run(Redo(workspace_id))
    assert desk.get(request_id).parent_id == workspace_id
