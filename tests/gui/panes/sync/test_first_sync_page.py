"""The page of the first sign-in: panes.sync.first_sync_page."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from insomnia_desktop.services.sync_views import AttentionItem, SyncState, SyncStatus, WorkspaceSync
from insomnia_desktop.ui.panes.sync.first_sync_page import FirstSyncPage
from tests.support import sample_sync as sample
from tests.support.fake_accounts import EMAIL
from tests.support.spoken import nameless_controls
from tests.support.sync_stage import SyncStage, button, words

WAITS = SyncStatus(SyncState.NEEDS_ATTENTION, attention=(AttentionItem("choose_workspaces"),))


@pytest.fixture
def page(stage: SyncStage) -> FirstSyncPage:
    stage.syncing.proposals = sample.proposals()
    stage.syncing.current = WAITS
    stage.syncing.known_workspaces = ()
    made = FirstSyncPage(stage.sync, EMAIL)
    stage.qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    stage.qtbot.waitUntil(made.isActiveWindow)
    made.focus_first()
    return made


def test_all_are_ticked_and_nothing_is_replaced(page: FirstSyncPage) -> None:
    assert page.chosen() == ["wrk_a", "wrk_b", "wrk_c"]
    assert [box.accessibleName() for box in page.boxes.values()] == [
        "Shop API, 42 items", "Warehouse, 96 items", "Scratch, 1 item",
    ]  # fmt: skip
    assert "Nothing is replaced" in words(page)
    assert EMAIL in words(page)
    assert page.add_button.text() == "Add 3 workspaces"
    assert nameless_controls(page) == set()


def test_what_is_ticked_is_added(stage: SyncStage, page: FirstSyncPage) -> None:
    stage.qtbot.keyClick(page.boxes["wrk_b"], Qt.Key.Key_Space)
    assert page.add_button.text() == "Add 2 workspaces"
    page.add_button.click()
    assert (stage.syncing.last.name, stage.syncing.last.given) == ("choose_first", ("wrk_a", "wrk_c"))
    assert not page.add_button.isEnabled()
    stage.syncing.current = sample.UP_TO_DATE
    with stage.qtbot.waitSignal(page.closed):
        stage.syncing.last.succeed()


def test_none_may_be_added_too(stage: SyncStage, page: FirstSyncPage) -> None:
    for box in page.boxes.values():
        box.setChecked(False)
    assert page.add_button.text() == "Keep all on this device"
    stage.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert stage.syncing.last.given == ()


def test_whoever_leaves_has_chosen_nothing(stage: SyncStage, page: FirstSyncPage) -> None:
    for leave in (
        lambda: stage.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape),
        button(page, "notNowButton").click,
        button(page, "closePageButton").click,
    ):
        with stage.qtbot.waitSignal(page.closed):
            leave()
    assert stage.syncing.asked == []


def test_what_fails_can_be_tried_again(stage: SyncStage, page: FirstSyncPage) -> None:
    page.add_button.click()
    with stage.qtbot.waitSignal(stage.sync.told):
        stage.syncing.last.fail("account.not_signed_in")
    assert page.add_button.isEnabled()
    assert page.isVisible()


def test_chosen_elsewhere_the_page_goes(stage: SyncStage, page: FirstSyncPage) -> None:
    with stage.qtbot.waitSignal(page.closed):
        stage.syncing.become(msgspec.structs.replace(sample.UP_TO_DATE, pending=1))


def test_it_says_what_the_account_holds_as_it_comes_and_marks_equal_names(
    stage: SyncStage, page: FirstSyncPage
) -> None:
    assert "The account already holds" not in words(page)
    stage.syncing.known_workspaces = (
        WorkspaceSync("wrk_x", "Warehouse", "synced", group_id="g", items=12),
        WorkspaceSync("wrk_y", "Payments", "synced", group_id="h", items=1),
        WorkspaceSync("wrk_a", "Shop API", "this_device"),
    )
    stage.syncing.become(msgspec.structs.replace(WAITS, pending=1))
    stage.qtbot.waitUntil(lambda: "The account already holds" in words(page))
    assert "The account already holds: “Warehouse” (12 items), “Payments” (1 item)." in words(page)
    assert [box.accessibleName() for box in page.boxes.values()] == [
        "Shop API, 42 items",
        "Warehouse, 96 items, not the one of this name in the account",
        "Scratch, 1 item",
    ]
    assert "96 items, not the one of this name in the account" in words(page)
