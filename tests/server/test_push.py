"""Pushes: the rules in their order, and what is stored.

Covers server.domain.pushing, database.groups, database.resources and routes.sync.
"""

from __future__ import annotations

import pytest

from tests.support.sync_desk import Signed, SyncDesk, code_of, field_of
from tests.support.sync_groups import Workspace
from tests.support.sync_people import person


@pytest.fixture
def signed(desk: SyncDesk) -> Signed:
    """A device of somebody with an account."""
    return desk.sign_in(desk.sign_up(person()))


@pytest.fixture
def group(desk: SyncDesk, signed: Signed) -> Workspace:
    """A group of hers."""
    return Workspace(desk, signed)


def test_a_first_version_is_stored_and_pulled(group: Workspace) -> None:
    change = group.change()
    answer = group.push(change)
    assert [(result.result, result.seq) for result in answer.results] == [("ok", 1)]
    assert answer.rows == []
    (row,) = group.page().rows
    assert (row.id, row.version, row.seq, row.prev, row.deleted, row.blob) == (
        change.id,
        1,
        1,
        change.prev,
        False,
        change.blob,
    )
