"""The quick switch by keyboard and mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.delegates.entry_delegate import ENTRY_ROLE
from insomnia_desktop.ui.dialogs.quick_switch import QuickSwitch
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.scrim import Scrim
from tests.gui.dialogs.stage import Stage


@pytest.fixture
def ids(session: UiSession, workspace: WorkspaceViewModel) -> dict[str, str]:
    found = {}
    for name in ("List orders", "Create order", "Search customers"):
        found[name], made = session.services.documents.create_request(workspace.workspace_id, None, name=name)
        made.result()
    other, made = session.services.workspaces.create("Order archive")
    made.result()
    return found | {"Order archive": other}


@pytest.fixture
def behind(stage: Stage) -> QLineEdit:
    field = QLineEdit(stage.host)
    field.setGeometry(0, 560, 200, 30)
    field.show()
    field.setFocus()
    return field


@pytest.fixture
def open_panel(
    session: UiSession, workspace: WorkspaceViewModel, ids: dict[str, str], stage: Stage, behind: QLineEdit
) -> Callable[[], QuickSwitch]:
    def make() -> QuickSwitch:
        stage.host.activateWindow()
        panel = QuickSwitch(session, workspace, stage.host)
        panel.open_panel()
        return panel

    return make


@pytest.fixture
def panel(open_panel: Callable[[], QuickSwitch]) -> QuickSwitch:
    return open_panel()


def names(panel: QuickSwitch) -> list[str]:
    model = panel.list.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def current(panel: QuickSwitch) -> str:
    return str(panel.list.currentIndex().data())


def scrim_shown(stage: Stage) -> bool:
    return any(scrim.isVisible() for scrim in stage.host.findChildren(Scrim))


def test_it_lies_over_the_dimmed_window(panel: QuickSwitch, stage: Stage) -> None:
    assert panel.query.hasFocus()
    assert scrim_shown(stage)
    assert panel.geometry().top() == 96
    assert stage.host.rect().contains(panel.geometry())
    assert panel.query.accessibleName()
    assert panel.list.accessibleName()


def test_typing_lists_what_fits_under_headings(panel: QuickSwitch, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.query, "order")
    assert names(panel) == ["Requests", "Create order", "List orders", "Workspaces", "Order archive"] or names(
        panel
    ) == ["Requests", "List orders", "Create order", "Workspaces", "Order archive"]
    assert current(panel) == names(panel)[1]


def test_keys_walk_past_the_headings_and_around(panel: QuickSwitch, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.query, "order")
    first = current(panel)
    for key, expected in (
        (Qt.Key.Key_Up, "Order archive"),
        (Qt.Key.Key_Down, first),
        (Qt.Key.Key_PageDown, "Order archive"),
        (Qt.Key.Key_PageUp, first),
        (Qt.Key.Key_Backtab, "Order archive"),
        (Qt.Key.Key_Tab, first),
    ):
        qtbot.keyClick(panel.query, key)
        assert current(panel) == expected
    assert first in panel.query.accessibleDescription()


def test_enter_opens_and_control_enter_sends(
    open_panel: Callable[[], QuickSwitch], ids: dict[str, str], stage: Stage, qtbot: QtBot
) -> None:
    for modifier, send in ((Qt.KeyboardModifier.NoModifier, False), (Qt.KeyboardModifier.ControlModifier, True)):
        panel = open_panel()
        qtbot.keyClicks(panel.query, "customers")
        with qtbot.waitSignal(panel.request_chosen) as blocker:
            qtbot.keyClick(panel.query, Qt.Key.Key_Return, modifier)
        assert blocker.args == [ids["Search customers"], send]
        assert not scrim_shown(stage)


def test_a_workspace_is_chosen_by_click(panel: QuickSwitch, ids: dict[str, str], qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.query, "archive")
    rect = panel.list.visualRect(panel.list.model().index(1, 0))
    with qtbot.waitSignal(panel.workspace_chosen) as blocker:
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert blocker.args == [ids["Order archive"]]


def test_escape_closes_and_gives_the_focus_back(
    panel: QuickSwitch, stage: Stage, behind: QLineEdit, qtbot: QtBot
) -> None:
    qtbot.keyClick(panel.query, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert not scrim_shown(stage)
    assert behind.hasFocus()


def test_a_click_beside_it_closes_it_and_does_no_more(panel: QuickSwitch, stage: Stage, qtbot: QtBot) -> None:
    scrim = next(each for each in stage.host.findChildren(Scrim) if each.isVisible())
    assert stage.host.childAt(QPoint(5, 5)) is scrim
    qtbot.mouseClick(scrim, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not panel.isVisible()


def test_nothing_that_fits_is_said(panel: QuickSwitch, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.query, "zzz")
    assert names(panel) == ["Nothing fits."]
    qtbot.keyClick(panel.query, Qt.Key.Key_Down)
    qtbot.keyClick(panel.query, Qt.Key.Key_Return)
    assert panel.isVisible()


def test_what_is_written_meanwhile_is_listed(
    panel: QuickSwitch, session: UiSession, ids: dict[str, str], qtbot: QtBot
) -> None:
    qtbot.keyClicks(panel.query, "order")
    qtbot.keyClick(panel.query, Qt.Key.Key_Down)
    kept = current(panel)
    gone = next(name for name in ("List orders", "Create order") if name != kept)
    session.services.documents.delete([ids[gone]]).result()
    qtbot.waitUntil(lambda: gone not in names(panel))
    assert current(panel) == kept


def test_it_follows_the_window(panel: QuickSwitch, stage: Stage, qtbot: QtBot) -> None:
    stage.host.resize(600, 400)
    qtbot.waitUntil(lambda: stage.host.rect().contains(panel.geometry()))
    for zoom in (100, 150):
        switch().choose("dark")
        switch().set_zoom(zoom)
        assert not panel.grab().isNull()


def test_very_long_names_stay_in_the_panel(
    session: UiSession, workspace: WorkspaceViewModel, open_panel: Callable[[], QuickSwitch], qtbot: QtBot
) -> None:
    session.services.documents.create_request(workspace.workspace_id, None, name="long " * 400)[1].result()
    panel = open_panel()
    qtbot.keyClicks(panel.query, "long")
    assert panel.list.currentIndex().data(ENTRY_ROLE).name.startswith("long long")
    assert panel.list.horizontalScrollBar().maximum() == 0
