"""Workspaces that come from the account: ui.viewmodels.sync_view_model and synced_workspaces."""

from __future__ import annotations

import msgspec

from insomnia_desktop.store.changes import Change, ChangeSet, Origin
from tests.support import sample_sync as sample
from tests.support.sample_workspace import MADE_MS
from tests.support.sync_stage import SyncStage

replace = msgspec.structs.replace


def test_workspaces_that_come_are_counted_together_until_their_round_ends(stage: SyncStage) -> None:
    told: list[tuple[str, ...]] = []
    stage.sync.arrived.connect(told.append)
    ids = [came(stage, name) for name in ("Shop", "Payments")]
    stage.sync.refresh()
    assert told[-1] == tuple(ids)
    assert stage.sync.workspaces.arrival_words(ids) == "2 workspaces came from your account: “Shop”, “Payments”."
    stage.sync.refresh()
    count = len(told)
    # The round ends: what comes later is of another one.
    stage.syncing.current = replace(sample.UP_TO_DATE, last_backup=replace(sample.REPORT, at=MADE_MS + 1))
    stage.sync.refresh()
    assert len(told) == count
    later = came(stage, "Later")
    stage.sync.refresh()
    assert told[count:] == [(later,)]
    assert stage.sync.workspaces.arrival_words([later]) == "1 workspace came from your account: “Later”."
    many = [*ids, later, came(stage, "Fourth")]
    words = "4 workspaces came from your account: “Shop”, “Payments”, “Later” and 1 more."
    assert stage.sync.workspaces.arrival_words(many) == words


def came(stage: SyncStage, name: str) -> str:
    """Have a workspace come as if by sync, and return its id."""
    workspace_id, made = stage.session.services.workspaces.create(name)
    made.result()
    stage.drain()
    change = Change("created", "workspace", workspace_id, workspace_id)
    stage.session.feed.changed.emit(ChangeSet(1, Origin("sync"), (change,)))
    return workspace_id
