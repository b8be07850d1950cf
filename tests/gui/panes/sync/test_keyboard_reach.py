"""Everything on the pages of sync is reached with Tab, and has a name: panes.sync.sync_panel and the other pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QRadioButton, QWidget

from insomnia_desktop.ui.panes.sync.conflict_page import ConflictPage
from insomnia_desktop.ui.panes.sync.first_sync_page import FirstSyncPage
from insomnia_desktop.ui.panes.sync.history_page import HistoryPage
from insomnia_desktop.ui.panes.sync.sync_panel import PanelParts, SyncPanel
from insomnia_desktop.ui.viewmodels.conflicts_view_model import ConflictsViewModel
from insomnia_desktop.ui.viewmodels.history_view_model import HistoryViewModel
from tests.support import sample_sync as sample
from tests.support.spoken import spoken_name
from tests.support.sync_stage import SyncStage

Make = Callable[[SyncStage], QWidget]
TABS_MOST = 120


def panel_at(tab: str) -> Make:
    def make(stage: SyncStage) -> QWidget:
        stage.syncing.known_conflicts = sample.conflicts(stage.request(), stage.workspace.workspace_id)
        stage.syncing.trash, stage.syncing.log = sample.deleted(), sample.connection_log()
        stage.syncing.answers |= {"server_rows": sample.server_rows(), "fingerprint": "9c41f0d2"}
        stage.syncing.answers["server_revision"] = sample.server_revision()
        conflicts = ConflictsViewModel(stage.session)
        panel = SyncPanel(PanelParts(stage.session, stage.workspace, stage.account, stage.sync, conflicts), tab=tab)
        conflicts.setParent(panel)
        return panel

    return make


def conflict(stage: SyncStage) -> QWidget:
    request = stage.request()
    stage.syncing.known_conflicts = sample.conflicts(request, stage.workspace.workspace_id)
    conflicts = ConflictsViewModel(stage.session)
    page = ConflictPage(stage.session, conflicts, request)
    conflicts.setParent(page)
    conflicts.choose(1, "mine")
    return page


def history(stage: SyncStage) -> QWidget:
    stage.syncing.answers = {"history": sample.versions(), "version": lambda _id, number: sample.version_view(number)}
    model = HistoryViewModel(stage.session, "req_1")
    page = HistoryPage(stage.session, model, "Create order")
    model.setParent(page)
    model.load()
    stage.qtbot.waitUntil(lambda: model.opened is not None)
    return page


def first_sync(stage: SyncStage) -> QWidget:
    stage.syncing.proposals = sample.proposals()
    return FirstSyncPage(stage.sync, "ada@lindqvist.example")


@pytest.mark.parametrize(
    "make",
    [*map(panel_at, ("overview", "devices", "history", "conflicts", "server", "log")), conflict, history, first_sync],
    ids=["overview", "devices", "history tab", "conflicts", "server", "log", "conflict", "history", "first sync"],
)
def test_every_button_and_list_is_reached_with_tab(stage: SyncStage, make: Make) -> None:
    page = make(stage)
    stage.qtbot.addWidget(page)
    page.resize(1024, 760)
    page.show()
    stage.qtbot.waitUntil(page.isActiveWindow)
    page.setFocus()
    seen: list[QWidget] = []
    for _ in range(TABS_MOST):
        stage.qtbot.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in seen:
            break
        assert spoken_name(focused), focused
        seen.append(focused)
    wanted = [each for each in page.findChildren(QAbstractButton) if each.isVisible() and each.isEnabled()]
    # Of a switch the chosen half is reached, and the other from it with the arrow keys.
    missed = [
        each for each in wanted if each not in seen and not (isinstance(each, QRadioButton) and not each.isChecked())
    ]
    assert [each.text() or each.accessibleName() for each in missed] == []
