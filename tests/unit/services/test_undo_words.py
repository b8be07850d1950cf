"""The words of a step of undo, as the toast says them."""

from __future__ import annotations

import pytest

from insomnia_desktop.model import Request, patch_between
from insomnia_desktop.services.application import Services
from insomnia_desktop.services.undo_words import undo_words
from insomnia_desktop.store.undo_rows import UndoLabel


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (UndoLabel(action="edit", kind="request", name="List", parts=("url",)), "edit address of “List”"),
        (
            UndoLabel(action="edit", name="List", parts=("headers", "method", "url")),
            "edit headers and method of “List”",
        ),
        (UndoLabel(action="edit", name="List", parts=("of_later",)), "edit of_later of “List”"),
        (UndoLabel(action="edit", name="List"), "edit fields of “List”"),
        (UndoLabel(action="edit", kind="folder", name="Orders", parts=("name",)), "rename “Orders”"),
        (UndoLabel(action="create", kind="request", name="List"), "new request “List”"),
        (UndoLabel(action="duplicate", kind="folder", name="Orders"), "duplicate folder “Orders”"),
        (UndoLabel(action="delete", kind="request", name="List", count=3), "delete 3 requests"),
        (UndoLabel(action="move", name="List", count=2), "move 2 items"),
        (UndoLabel(action="restore", name="List"), "restore item “List”"),
        (UndoLabel(action="settle", kind="request", name="List"), "settle the conflict of “List”"),
    ],
)
def test_words(label: UndoLabel, words: str) -> None:
    assert undo_words(label) == words


def test_the_services_say_what_comes_next(services: Services, workspace_id: str) -> None:
    assert services.editing.undo_words(workspace_id) == ""
    request_id, made = services.documents.create_request(workspace_id, None, name="List")
    made.result()
    before = services.documents.view(request_id)
    assert isinstance(before, Request)
    after = Request(id=before.id, parent_id=before.parent_id, sort_key=before.sort_key, name="List", url="http://a")
    services.editing.patch(request_id, patch_between(before, after)).result()
    assert services.editing.undo_words(workspace_id) == "edit address of “List”"
    services.editing.undo(workspace_id).result()
    assert services.editing.redo_words(workspace_id) == "edit address of “List”"
    assert services.editing.undo_words(workspace_id) == "new request “List”"
