"""What each version changed, in portions: ui.viewmodels.version_changes."""

from __future__ import annotations

from insomnia_desktop.services.sync_views import VersionChange, VersionRow
from insomnia_desktop.ui.viewmodels.version_changes import PORTION, VersionChanges
from tests.support.fake_accounts import SERVER
from tests.support.sync_stage import SyncStage


def rows(newest: int, *, gone: int = 0) -> list[VersionRow]:
    return [
        VersionRow(version, 1_000 * version, "Studio", False, 100, version > gone, version == newest)
        for version in range(newest, 0, -1)
    ]


def test_the_newest_come_first_and_the_rest_behind_them(stage: SyncStage) -> None:
    changes = VersionChanges(stage.session, "req_1")
    changes.follow(rows(PORTION + 3, gone=1))
    first = stage.syncing.last
    assert first.given == ("req_1", tuple(range(PORTION + 3, 3, -1)))
    with stage.qtbot.waitSignal(changes.changed):
        first.succeed((VersionChange(PORTION + 3, ("Name", "Address")),))
    assert changes.words_of(PORTION + 3) == "Name, Address"
    assert changes.words_of(PORTION + 2) == ""
    assert stage.syncing.last.given == ("req_1", (3, 2))
    with stage.qtbot.waitSignal(changes.changed):
        stage.syncing.last.succeed(())
    before = len(stage.syncing.asked)
    changes.follow(rows(PORTION + 3, gone=1))
    assert len(stage.syncing.asked) == before


def test_where_the_server_cannot_be_asked_it_is_asked_again_with_the_next_list(stage: SyncStage) -> None:
    changes = VersionChanges(stage.session, "req_1")
    changes.follow(rows(PORTION + 3))
    stage.syncing.last.fail("account.server_unreachable", address=SERVER)
    stage.drain()
    assert len(stage.syncing.asked) == 1
    changes.follow(rows(2))
    assert stage.syncing.last.given == ("req_1", (2, 1))
