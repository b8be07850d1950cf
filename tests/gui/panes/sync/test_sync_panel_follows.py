"""What changes while the sync panel is open takes neither focus nor scroll: panes.sync.overview_tab, devices_tab."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QWidget

from insomnia_desktop.services.account_views import AccountState
from insomnia_desktop.services.sync_views import AttentionItem, Progress, SyncState
from insomnia_desktop.ui.panes.account.account_rows import DeviceRow
from insomnia_desktop.ui.panes.sync.sync_panel import DEVICES, OVERVIEW, PanelParts, SyncPanel
from insomnia_desktop.ui.panes.sync.sync_rows import WorkspaceRow
from insomnia_desktop.ui.viewmodels.account_words import signed_out_words
from insomnia_desktop.ui.viewmodels.conflicts_view_model import ConflictsViewModel
from tests.support import sample_sync as sample
from tests.support.fake_accounts import DEVICES as KNOWN_DEVICES
from tests.support.fake_accounts import SIGNED_IN
from tests.support.sync_stage import SyncStage, spoken, words

replace = msgspec.structs.replace
Open = Callable[[str], SyncPanel]


@pytest.fixture
def open_panel(stage: SyncStage) -> Open:
    """Opens the panel at a page, in a small window."""

    def open_at(tab: str) -> SyncPanel:
        conflicts = ConflictsViewModel(stage.session)
        panel = SyncPanel(PanelParts(stage.session, stage.workspace, stage.account, stage.sync, conflicts), tab=tab)
        conflicts.setParent(panel)
        stage.qtbot.addWidget(panel)
        panel.resize(640, 480)
        panel.show()
        stage.qtbot.waitUntil(panel.isActiveWindow)
        return panel

    return open_at


def buttons(panel: QWidget, name: str) -> list[QAbstractButton]:
    return [each for each in panel.findChildren(QAbstractButton, name) if each.isVisible()]


def page_of(panel: SyncPanel, tab: str) -> QScrollArea:
    page = panel.page(tab)
    assert isinstance(page, QScrollArea)
    return page


def test_focus_and_scroll_outlive_fifty_changes(stage: SyncStage, open_panel: Open) -> None:
    stage.syncing.known_conflicts = sample.conflicts(stage.request(), stage.workspace.workspace_id)
    stage.syncing.current = replace(sample.UP_TO_DATE, attention=sample.attention("w"))
    panel = open_panel(OVERVIEW)
    bar = page_of(panel, OVERVIEW).verticalScrollBar()
    for focused in (*buttons(panel, "chooseButton"), *buttons(panel, "attentionButton")):
        focused.setFocus(Qt.FocusReason.TabFocusReason)
        bar.setValue(bar.maximum() // 2)
        assert bar.value() > 0
        for number in range(50):
            # As a backup that runs tells it: other figures, other states, another report, other devices and workspaces.
            report = replace(sample.REPORT, items=sample.REPORT.items + number, at=sample.REPORT.at + number * 1000)
            state = (SyncState.SAVING, SyncState.NEEDS_ATTENTION, SyncState.UP_TO_DATE)[number % 3]
            stage.syncing.current = replace(
                stage.syncing.current, state=state, last_backup=report, backing_up=Progress(number, 50)
            )
            stage.sync.refresh()
            stage.sync.workspaces.changed.emit()
            stage.account.devices_changed.emit()
        QApplication.sendPostedEvents()
        assert QApplication.focusWidget() is focused
        assert bar.value() == bar.maximum() // 2
    assert f"{sample.REPORT.items + 49} items, 4 workspaces" in words(panel)


def test_a_switch_keeps_the_focus_while_its_workspace_is_sent(stage: SyncStage, open_panel: Open) -> None:
    panel = open_panel(OVERVIEW)
    row = panel.findChildren(WorkspaceRow)[1]
    (chosen,) = [each for each in row.switch.findChildren(QAbstractButton) if each.isChecked()]
    chosen.setFocus(Qt.FocusReason.TabFocusReason)
    first, second, *others = stage.syncing.known_workspaces
    for pending in range(50):
        stage.syncing.known_workspaces = (first, replace(second, pending=pending), *others)
        stage.sync.workspaces.changed.emit()
    assert QApplication.focusWidget() is chosen
    assert row.accessibleName() == "Warehouse, 96 items, 49 waiting"


def test_a_row_that_goes_hands_the_focus_to_the_one_that_takes_its_place(stage: SyncStage, open_panel: Open) -> None:
    stage.syncing.current = replace(sample.UP_TO_DATE, attention=sample.attention("w"))
    panel = open_panel(OVERVIEW)
    dismiss = buttons(panel, "attentionButton")[2]
    dismiss.setFocus(Qt.FocusReason.TabFocusReason)
    stage.qtbot.keyClick(dismiss, Qt.Key.Key_Space)
    stage.qtbot.waitUntil(lambda: len(buttons(panel, "attentionButton")) == 3)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Dismiss An edit was kept"


def test_tab_walks_to_what_came_later_where_it_stands(stage: SyncStage, open_panel: Open) -> None:
    panel = open_panel(OVERVIEW)
    items = sample.attention("w")
    stage.syncing.current = replace(sample.UP_TO_DATE, attention=items[2:])
    stage.sync.refresh()
    came = AttentionItem("quarantined", resource_id="later", name="Came later", detail="malformed")
    stage.syncing.current = replace(sample.UP_TO_DATE, attention=(came, *items[2:]))
    stage.sync.refresh()
    by_name = {each.accessibleName(): each for each in buttons(panel, "attentionButton")}
    by_name["Show the bytes Came later"].setFocus(Qt.FocusReason.TabFocusReason)
    walked = []
    for _ in range(3):
        stage.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        walked.append(focused.accessibleName() or focused.objectName())
    assert walked[:2] == ["Dismiss The server went back in time", "Dismiss An edit was kept"]
    assert focused.objectName() == "manageDevicesLink"


def test_devices_are_told_as_they_come(stage: SyncStage, open_panel: Open) -> None:
    page = page_of(open_panel(DEVICES), DEVICES)
    with stage.qtbot.waitSignal(stage.account.devices_changed):
        stage.account.load_devices()
    told = spoken(page, DeviceRow)
    assert told[0] == "Studio, Linux, version 1.4.0, Now"
    assert told[1].startswith("Work laptop, Windows, version 1.4.0, ")
    assert "Asking the server…" not in words(page)
    revoke = buttons(page, "revokeDeviceButton")
    assert [each.accessibleName() for each in revoke] == ["Revoke Work laptop", "Revoke Travel"]
    revoke[1].setFocus(Qt.FocusReason.TabFocusReason)
    with stage.qtbot.waitSignal(stage.account.devices_changed):
        stage.account.load_devices()
    assert QApplication.focusWidget() is revoke[1]


def test_tab_walks_through_the_devices_where_they_stand(stage: SyncStage, open_panel: Open) -> None:
    page = page_of(open_panel(DEVICES), DEVICES)
    stage.accounts.known_devices = (KNOWN_DEVICES[0], KNOWN_DEVICES[2])
    for known in (stage.accounts.known_devices, KNOWN_DEVICES):
        stage.accounts.known_devices = known
        with stage.qtbot.waitSignal(stage.account.devices_changed):
            stage.account.load_devices()
    first, second = buttons(page, "revokeDeviceButton")
    by_name = {each.accessibleName(): each for each in (first, second)}
    by_name["Revoke Work laptop"].setFocus(Qt.FocusReason.TabFocusReason)
    stage.qtbot.keyClick(by_name["Revoke Work laptop"], Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is by_name["Revoke Travel"]
    stage.qtbot.keyClick(by_name["Revoke Travel"], Qt.Key.Key_Tab)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "openAccountButton"


def test_who_comes_back_to_the_window_sees_the_devices_of_now(stage: SyncStage, open_panel: Open) -> None:
    page = page_of(open_panel(DEVICES), DEVICES)
    with stage.qtbot.waitSignal(stage.account.devices_changed):
        stage.account.load_devices()
    stage.accounts.known_devices = KNOWN_DEVICES[:2]
    with stage.qtbot.waitSignal(stage.account.devices_changed):
        QApplication.sendEvent(page, QEvent(QEvent.Type.WindowActivate))
    assert len(spoken(page, DeviceRow)) == 2
    stage.accounts.become(replace(SIGNED_IN, state=AccountState.LOCKED))
    stage.qtbot.waitUntil(lambda: not stage.account.is_open)
    asked = len(stage.accounts.asked)
    QApplication.sendEvent(page, QEvent(QEvent.Type.WindowActivate))
    assert len(stage.accounts.asked) == asked


def test_a_session_that_ends_meanwhile_says_why_it_may_have(stage: SyncStage, open_panel: Open) -> None:
    panel = open_panel(OVERVIEW)
    stage.accounts.become(replace(SIGNED_IN, state=AccountState.SIGNED_OUT_ELSEWHERE))
    stage.syncing.become(replace(sample.UP_TO_DATE, state=SyncState.SIGNED_OUT_ELSEWHERE))
    stage.qtbot.waitUntil(lambda: "Signed out elsewhere" in words(panel))
    assert signed_out_words() in words(panel)
