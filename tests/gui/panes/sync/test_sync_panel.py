"""The sync panel: panes.sync.sync_panel, overview_tab, sync_rows, column_page, devices_tab, conflicts_tab, log_tab,
empty_note. How the pages follow what changes: test_sync_panel_follows."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from insomnia_desktop.services.sync_views import AttentionItem, Progress, SpaceUsed, SyncState, SyncStatus
from insomnia_desktop.ui.i18n.words import clock_words
from insomnia_desktop.ui.panes.account.account_rows import DeviceRow
from insomnia_desktop.ui.panes.sync.conflicts_tab import ConflictsTab
from insomnia_desktop.ui.panes.sync.log_tab import LogTab
from insomnia_desktop.ui.panes.sync.sync_panel import CONFLICTS, DEVICES, HISTORY, LOG, OVERVIEW, PanelParts, SyncPanel
from insomnia_desktop.ui.panes.sync.sync_rows import CheckRow, SeenRow, SyncRow, WorkspaceRow
from insomnia_desktop.ui.viewmodels.conflicts_view_model import ConflictsViewModel
from insomnia_desktop.ui.widgets.labels import WrappedLabel
from tests.support import sample_sync as sample
from tests.support.fake_accounts import DEVICES as KNOWN_DEVICES
from tests.support.fake_accounts import EMAIL, FOR_OTHERS, SERVER, SIGNED_IN
from tests.support.spoken import nameless_controls
from tests.support.sync_stage import SyncStage, button, is_shown, spoken, words

LEFT = Qt.MouseButton.LeftButton
replace = msgspec.structs.replace
Open = Callable[..., SyncPanel]


@pytest.fixture
def open_panel(stage: SyncStage) -> Open:
    """Opens the panel at a page, in a window of a width."""

    def open_at(tab: str = OVERVIEW, *, width: int = 1024) -> SyncPanel:
        conflicts = ConflictsViewModel(stage.session)
        parts = PanelParts(stage.session, stage.workspace, stage.account, stage.sync, conflicts)
        panel = SyncPanel(parts, tab=tab)
        conflicts.setParent(panel)
        stage.qtbot.addWidget(panel)
        panel.resize(width, 760)
        panel.show()
        stage.qtbot.waitUntil(panel.isActiveWindow)
        return panel

    return open_at


def test_only_checks_that_were_made_are_shown(stage: SyncStage, open_panel: Open) -> None:
    panel = open_panel()
    assert spoken(panel, CheckRow) == [
        "Sent and stored by the server 14:02:11",
        "All that came could be opened with your keys",
        "Digest of the server equals ours 7f3a 91c0 5be2",
        "Nothing missing here revision 4,218",
        "Nothing older than before",
    ]
    assert "Today, 14:02" in words(panel)
    assert "312 items, 4 workspaces" in words(panel)
    stage.syncing.become(replace(sample.UP_TO_DATE, last_backup=sample.WRONG_REPORT))
    stage.qtbot.waitUntil(lambda: len(spoken(panel, CheckRow)) == 3)
    assert "Some could not be opened with your keys 1" in spoken(panel, CheckRow)
    assert nameless_controls(panel) == set()


def test_before_the_first_backup_nothing_is_claimed(stage: SyncStage, open_panel: Open) -> None:
    stage.syncing.current = SyncStatus(SyncState.SAVING, pending=3)
    panel = open_panel()
    assert spoken(panel, CheckRow) == []
    assert "No backup yet" in words(panel)


def test_what_needs_a_choice_stands_first(stage: SyncStage, open_panel: Open) -> None:
    order_id = stage.request()
    stage.syncing.known_conflicts = sample.conflicts(order_id, stage.workspace.workspace_id)
    stage.syncing.current = replace(sample.UP_TO_DATE, state=SyncState.NEEDS_ATTENTION, attention=sample.attention("w"))
    panel = open_panel()
    rows = [row for row in panel.findChildren(SyncRow) if row.isVisible()]
    assert rows[0].accessibleName() == "Create order, Changed on two devices: Name, Address, Body and 1 more"
    assert len(rows) == 5
    checks = [row for row in panel.findChildren(CheckRow) if row.isVisible()]
    assert (
        max(row.mapTo(panel, row.rect().topLeft()).y() for row in rows)
        < checks[0].mapTo(panel, checks[0].rect().topLeft()).y()
    )
    with stage.qtbot.waitSignal(panel.conflict_wanted) as told:
        stage.qtbot.mouseClick(button(panel, "chooseButton"), LEFT)
    assert told.args == [order_id]


def test_a_notice_is_dismissed(stage: SyncStage, open_panel: Open) -> None:
    stage.syncing.current = replace(sample.UP_TO_DATE, attention=sample.attention("w"))
    panel = open_panel()
    buttons = [each for each in panel.findChildren(QAbstractButton, "attentionButton") if each.isVisible()]
    assert [each.accessibleName() for each in buttons] == [
        "Show the bytes Refund payment", "Open Upload receipt",
        "Dismiss The server went back in time", "Dismiss An edit was kept",
    ]  # fmt: skip
    with stage.qtbot.waitSignal(panel.document_wanted) as told:
        buttons[1].click()
    assert told.args == ["y"]
    buttons[0].click()
    assert panel.tab == "server"
    panel.show_tab("overview")
    buttons[2].click()
    stage.qtbot.waitUntil(lambda: len(spoken(panel, SyncRow)) == 3)
    assert "dismiss 3" in stage.syncing.calls


def test_what_could_not_be_verified_is_backed_up_again(stage: SyncStage, open_panel: Open) -> None:
    stage.syncing.current = replace(sample.UP_TO_DATE, attention=(AttentionItem("digest", name="Shop API"),))
    panel = open_panel()
    button(panel, "attentionButton").click()
    assert stage.syncing.last.name == "backup_now"


def test_workspaces_that_wait_for_a_choice_have_a_way_to_it(stage: SyncStage, open_panel: Open) -> None:
    stage.syncing.current = replace(sample.UP_TO_DATE, attention=(AttentionItem("choose_workspaces"),))
    panel = open_panel()
    with stage.qtbot.waitSignal(panel.workspaces_wanted):
        button(panel, "attentionButton").click()


def test_many_conflicts_lead_to_their_page(stage: SyncStage, open_panel: Open) -> None:
    row = sample.conflicts("a", "w")[0]
    stage.syncing.known_conflicts = tuple(
        replace(row, id=number, resource_id=f"req_{number}", name=f"R{number}") for number in range(5)
    )
    panel = open_panel()
    assert len(spoken(panel, SyncRow)) == 3
    (link,) = [each for each in panel.findChildren(QAbstractButton) if each.text() == "Show all"]
    link.click()
    assert panel.tab == CONFLICTS
    page = panel.page(CONFLICTS)
    assert isinstance(page, ConflictsTab)
    assert len(page.list.entries()) == 5


def test_what_the_server_sees_names_what_is_known(stage: SyncStage, open_panel: Open) -> None:
    panel = open_panel()
    stage.account.load_devices()
    stage.qtbot.waitUntil(lambda: "Device names: Studio, Work laptop, Travel" in spoken(panel, SeenRow))
    seen = spoken(panel, SeenRow)
    assert "Your name: Ada Lindqvist" in seen
    assert "System and version: Of every device" in seen
    assert "Use of devices: Sign-in, last use, each change" in seen
    assert "Network address: With every connection" in seen
    assert f"Your e-mail: {EMAIL}" in seen
    assert "Number, size, time: 312 items, each change" in seen
    assert "Your password: Never sent" in seen
    assert len(spoken(panel, DeviceRow)) == 3
    assert not is_shown(panel, "revokeDeviceButton")


def test_the_size_is_what_the_server_says_and_only_asked_for_by_who_looks(stage: SyncStage, open_panel: Open) -> None:
    panel = open_panel(HISTORY)
    stage.syncing.become(sample.UP_TO_DATE)
    stage.drain()
    assert stage.syncing.asked_of("space") == []
    panel.show_tab(OVERVIEW)
    (asked,) = stage.syncing.asked_of("space")
    asked.succeed(SpaceUsed(1_812_000, 2**30))
    words = "Number, size, time: 312 items, 1.8 MB in all, each change"
    stage.qtbot.waitUntil(lambda: words in spoken(panel, SeenRow))
    (row,) = [each for each in panel.findChildren(SeenRow) if each.accessibleName() == words]
    assert "every version that it still has" in row.toolTip()
    # The status comes often, a backup seldom.
    stage.syncing.become(msgspec.structs.replace(sample.UP_TO_DATE, pending=1))
    stage.drain()
    assert len(stage.syncing.asked_of("space")) == 1
    later = msgspec.structs.replace(sample.REPORT, at=sample.REPORT.at + 1)
    stage.syncing.become(msgspec.structs.replace(sample.UP_TO_DATE, last_backup=later))
    stage.qtbot.waitUntil(lambda: len(stage.syncing.asked_of("space")) == 2)


def test_a_workspace_is_switched_between_sync_and_this_device(stage: SyncStage, open_panel: Open) -> None:
    panel = open_panel()
    rows = [row for row in panel.findChildren(WorkspaceRow) if row.isVisible()]
    assert [row.accessibleName() for row in rows] == [
        "Shop API, 42 items",
        "Warehouse, 96 items, 3 waiting",
        "Scratch, Only on this device",
        "Of a client, Belongs to another account; it is not sent anywhere",
    ]
    assert [row.switch.current() for row in rows] == ["on", "on", "off", ""]
    assert not rows[3].switch.isVisible()
    chosen = rows[2].switch.findChildren(QAbstractButton)[0]
    chosen.setFocus(Qt.FocusReason.TabFocusReason)
    with stage.qtbot.waitSignal(panel.mode_wanted) as told:
        stage.qtbot.mouseClick(chosen, LEFT)
    assert told.args is not None
    assert (told.args[0].workspace_id, told.args[1]) == ("wrk_c", "on")
    assert [row.switch.current() for row in rows] == ["on", "on", "on", ""]
    # Whoever thinks better of it sees again what is in force.
    stage.sync.workspaces.changed.emit()
    assert [row.switch.current() for row in rows] == ["on", "on", "off", ""]


def test_backup_now_and_cancel(stage: SyncStage, open_panel: Open) -> None:
    panel = open_panel()
    stage.qtbot.mouseClick(button(panel, "panelBackupButton"), LEFT)
    assert stage.syncing.last.name == "backup_now"
    stage.syncing.become(replace(sample.UP_TO_DATE, backing_up=Progress(12, 40)))
    stage.qtbot.waitUntil(lambda: "Saving 12 of 40" in words(panel))
    assert not is_shown(panel, "panelBackupButton")
    stage.qtbot.mouseClick(button(panel, "panelCancelButton"), LEFT)
    assert stage.syncing.last.cancelled
    stage.syncing.become(sample.UP_TO_DATE)
    stage.qtbot.waitUntil(lambda: is_shown(panel, "panelBackupButton"))
    stage.qtbot.waitUntil(lambda: "Up to date" in words(panel))


def test_trouble_says_what_and_when_it_is_tried_again(stage: SyncStage, open_panel: Open) -> None:
    problem = {"problem": "account.server_unreachable", "problem_params": {"address": SERVER}}
    now = stage.session.clock.now_ms()
    stage.syncing.current = replace(sample.UP_TO_DATE, state=SyncState.OFFLINE, next_try_at=now + 24_100, **problem)
    panel = open_panel()
    assert is_shown(panel, "syncProblem")
    assert f"The next try is at {clock_words(now + 24_100, seconds=True)}." in words(panel)
    stage.syncing.become(replace(stage.syncing.current, next_try_at=now + 130_000))
    later = f"The next try is at {clock_words(now + 130_000, seconds=True)}."
    stage.qtbot.waitUntil(lambda: later in words(panel))
    stage.syncing.become(sample.UP_TO_DATE)
    stage.qtbot.waitUntil(lambda: not is_shown(panel, "syncProblem"))


def test_the_address_is_shown_without_the_fingerprint_behind_it(stage: SyncStage, open_panel: Open) -> None:
    """A middle left out of forty characters of a fingerprint says nothing, and hides the host of a narrow window."""
    stage.accounts.become(replace(SIGNED_IN, server=FOR_OTHERS))
    stage.qtbot.waitUntil(lambda: stage.account.status.server == FOR_OTHERS)
    panel = open_panel()
    assert FOR_OTHERS.partition("#")[0] in words(panel)
    assert not any("#" in each for each in words(panel))


def test_devices_are_revoked_and_the_account_is_left_from_their_page(stage: SyncStage, open_panel: Open) -> None:
    panel = open_panel()
    stage.qtbot.mouseClick(button(panel, "manageDevicesLink"), LEFT)
    assert panel.tab == DEVICES
    page = panel.page(DEVICES)
    assert page is not None
    stage.account.load_devices()
    stage.qtbot.waitUntil(lambda: len(spoken(page, DeviceRow)) == 3)
    assert EMAIL in words(page)
    revoke = [each for each in page.findChildren(QAbstractButton, "revokeDeviceButton") if each.isVisible()]
    with stage.qtbot.waitSignal(panel.revoke_wanted) as told:
        revoke[0].click()
    assert told.args == [KNOWN_DEVICES[1]]
    for name, signal in (("openAccountButton", "account_wanted"), ("signOutRowButton", "sign_out_wanted")):
        with stage.qtbot.waitSignal(getattr(panel, signal)):
            button(page, name).click()


def test_devices_that_cannot_be_told_are_asked_for_again(stage: SyncStage, open_panel: Open) -> None:
    panel = open_panel(DEVICES)
    page = panel.page(DEVICES)
    assert page is not None
    assert "Asking the server…" in words(page)
    stage.accounts.known_devices = ()
    stage.account.load_devices()
    with stage.qtbot.waitSignal(stage.account.devices_changed):
        stage.accounts.last.fail("account.server_unreachable", address=SERVER)
    assert is_shown(page, "devicesError")
    stage.accounts.known_devices = KNOWN_DEVICES
    button(page, "retryDevicesButton").click()
    stage.qtbot.waitUntil(lambda: len(spoken(page, DeviceRow)) == 3)


def test_why_the_devices_cannot_be_told_is_shown_in_full(stage: SyncStage, open_panel: Open) -> None:
    stage.accounts.known_devices = ()
    panel = open_panel(width=690)
    stage.account.load_devices()
    with stage.qtbot.waitSignal(stage.account.devices_changed):
        stage.accounts.last.fail("account.server_unreachable", address=f"{SERVER}/{'long/' * 20}")
    note = panel.findChild(WrappedLabel, "overviewDevicesNote")
    assert note is not None
    assert "cannot be reached" in note.plain_text()
    stage.qtbot.waitUntil(lambda: note.height() >= note.heightForWidth(note.width()) > 50)


def test_devices_are_asked_for_again_when_the_server_is_back(stage: SyncStage, open_panel: Open) -> None:
    panel = open_panel(DEVICES)
    page = panel.page(DEVICES)
    assert page is not None
    stage.accounts.known_devices = ()
    stage.account.load_devices()
    with stage.qtbot.waitSignal(stage.account.devices_changed):
        stage.accounts.last.fail("account.server_unreachable", address=SERVER)
    stage.syncing.become(replace(sample.UP_TO_DATE, state=SyncState.OFFLINE))
    stage.qtbot.waitUntil(lambda: stage.sync.status.state == SyncState.OFFLINE)
    assert is_shown(page, "devicesError")
    stage.accounts.known_devices = KNOWN_DEVICES
    stage.syncing.become(sample.UP_TO_DATE)
    stage.qtbot.waitUntil(lambda: len(spoken(page, DeviceRow)) == 3)
    assert not is_shown(page, "devicesError")


def test_the_list_of_conflicts_is_walked_with_keys(stage: SyncStage, open_panel: Open) -> None:
    stage.syncing.known_conflicts = sample.conflicts("req_1", "w")
    panel = open_panel(CONFLICTS)
    page = panel.page(CONFLICTS)
    assert isinstance(page, ConflictsTab)
    assert page.list.objectName() == "conflictList"
    page.list.setFocus(Qt.FocusReason.TabFocusReason)
    with stage.qtbot.waitSignal(panel.conflict_wanted) as told:
        stage.qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert told.args == ["req_1"]
    stage.syncing.known_conflicts = ()
    stage.syncing.become(replace(sample.UP_TO_DATE, pending=1))
    stage.qtbot.waitUntil(lambda: not page.list.isVisible())
    assert "No conflicts" in words(page)


def test_the_log_follows(stage: SyncStage, open_panel: Open) -> None:
    panel = open_panel(LOG)
    page = panel.page(LOG)
    assert isinstance(page, LogTab)
    assert "No connection yet" in words(page)
    stage.syncing.log = sample.connection_log()
    stage.syncing.become(replace(sample.UP_TO_DATE, pending=1))
    stage.qtbot.waitUntil(page.table.isVisible)
    rows = page.table.rows_model.rows()
    assert rows[0].texts == ("14:02:11", "GET", "/v1/groups/3Jx0/digest", "200", "0 B", "96 B", "14 ms")
    assert [row.texts[3] for row in rows if row.token] == ["503", "No answer"]
    assert nameless_controls(page) == set()


def test_escape_and_the_cross_go_back_and_tabs_have_counts(stage: SyncStage, open_panel: Open) -> None:
    stage.syncing.known_conflicts = sample.conflicts("req_1", "w")
    panel = open_panel()
    stage.account.load_devices()
    stage.drain()
    assert {tab.key: tab.badge for tab in panel.tabs.tabs()}["conflicts"] == 1
    stage.qtbot.waitUntil(lambda: {tab.key: tab.badge for tab in panel.tabs.tabs()}["devices"] == 3)
    panel.focus_first()
    with stage.qtbot.waitSignal(panel.closed):
        stage.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    with stage.qtbot.waitSignal(panel.closed):
        button(panel, "closePageButton").click()
    with stage.qtbot.assertNotEmitted(panel.closed):
        stage.qtbot.keyClick(panel, Qt.Key.Key_A)


def test_in_a_small_window_the_columns_stand_under_each_other(stage: SyncStage, open_panel: Open) -> None:
    panel = open_panel(width=667)
    figure = panel.findChild(QLabel, "lastBackup")
    seen = panel.findChildren(SeenRow)[0]
    assert figure is not None
    assert seen.mapTo(panel, seen.rect().topLeft()).x() == figure.mapTo(panel, figure.rect().topLeft()).x()
    panel.resize(1024, 760)
    QApplication.sendPostedEvents()
    assert seen.mapTo(panel, seen.rect().topLeft()).x() > 500
