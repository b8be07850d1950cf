"""How much the server keeps of an account: ui.viewmodels.server_space."""

from __future__ import annotations

import msgspec

from insomnia_desktop.services.sync_views import SpaceUsed
from insomnia_desktop.ui.viewmodels.server_space import ServerSpace, space_tip, space_words
from tests.support import sample_sync as sample
from tests.support.sync_stage import SyncStage

TOLD = SpaceUsed(1_812_000, 2**30)


def test_it_is_asked_for_by_who_looks_and_again_after_a_backup(stage: SyncStage) -> None:
    space = ServerSpace(stage.session)
    assert stage.syncing.asked_of("space") == []
    space.look(sample.REPORT)
    with stage.qtbot.waitSignal(space.changed):
        stage.syncing.last.succeed(TOLD)
    assert space.told == TOLD
    space.look(sample.REPORT)
    assert len(stage.syncing.asked_of("space")) == 1
    space.look(msgspec.structs.replace(sample.REPORT, at=sample.REPORT.at + 1))
    assert len(stage.syncing.asked_of("space")) == 2


def test_a_server_that_is_away_is_not_asked_over_and_over(stage: SyncStage) -> None:
    space = ServerSpace(stage.session)
    space.look(None)
    stage.syncing.last.fail("account.server_unreachable", address="https://example.com")
    stage.drain()
    space.look(None)
    assert len(stage.syncing.asked_of("space")) == 1
    space.look(None, anew=True)
    assert len(stage.syncing.asked_of("space")) == 2
    assert space.told is None


def test_the_words_say_what_the_figure_counts() -> None:
    assert space_words(None) == space_tip(None) == ""
    assert space_words(TOLD) == "1.8 MB in all"
    assert space_tip(TOLD) == (
        "The server keeps 1.8 MB of yours: all workspaces, with every version that it still has. It gives you 1.1 GB."
    )
    assert space_tip(SpaceUsed(12, 0)).endswith("that it still has.")
