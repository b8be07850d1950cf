"""Conflicts that cannot be read stay until a person lets them go: store.commands.conflicts, store.conflict_rows."""

from __future__ import annotations

from typing import Literal

import pytest

from tests.support.conflicts import SpoilConflict, add_conflict, open_conflicts, resolve
from tests.support.desk import Desk, refused


@pytest.fixture
def workspace(desk: Desk) -> str:
    return desk.workspace("Shop")


def damaged(desk: Desk, request: str, column: Literal["path", "mine", "theirs"] = "theirs") -> int:
    """A conflict of which a column cannot be read."""
    number = add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs")
    desk.run(SpoilConflict(number, column, b"{"))
    return number


@pytest.mark.parametrize("column", ["path", "mine", "theirs"])
def test_it_has_no_sides_and_ends_with_the_document_as_it_is(
    desk: Desk, workspace: str, column: Literal["path", "mine", "theirs"]
) -> None:
    request = desk.request(workspace, url="/now")
    number = damaged(desk, request, column)
    for keep in ("theirs", "both"):
        with refused("sync.conflict_unreadable"):
            resolve(desk, number, keep)
    assert open_conflicts(desk) == [number]
    resolve(desk, number, "mine")
    assert open_conflicts(desk) == []
    assert desk.fields(request)["url"] == "/now"
    assert desk.names(workspace) == ["Request"]


@pytest.mark.parametrize("keep", ["mine", "theirs", "both"])
def test_the_others_of_its_document_are_settled_and_it_stays(
    desk: Desk, workspace: str, keep: Literal["mine", "theirs", "both"]
) -> None:
    request = desk.request(workspace, url="/mine")
    number = damaged(desk, request)
    resolve(desk, add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs"), keep)
    assert open_conflicts(desk) == [number]
    assert desk.fields(request)["url"] == ("/theirs" if keep == "theirs" else "/mine")
