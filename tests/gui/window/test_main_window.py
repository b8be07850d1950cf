"""The window as a whole; it proves these parts too:
insomnia_desktop.ui.window.main_window, insomnia_desktop.ui.window.commands, insomnia_desktop.ui.window.dialog_openers,
insomnia_desktop.ui.window.window_parts, insomnia_desktop.ui.window.bench, insomnia_desktop.ui.window.actions,
insomnia_desktop.ui.window.menus, insomnia_desktop.ui.window.begin_page, insomnia_desktop.ui.window.pane_layout and
insomnia_desktop.ui.window.window_state.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.model import Request
from insomnia_desktop.ui.theme import fonts
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.widgets.keycap import KeycapRow
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.window.actions import SPECS
from insomnia_desktop.ui.window.main_window import MainWindow


def opened(session: UiSession, qtbot: QtBot, *, size: tuple[int, int] = (1280, 800)) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.resize(*size)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def window(session: UiSession, qtbot: QtBot) -> Iterator[MainWindow]:
    session.services.workspaces.ensure_one()
    made = opened(session, qtbot)
    yield made
    made.close()


def add_request(session: UiSession, name: str, **fields: object) -> str:
    workspace_id = session.services.workspaces.last_used()
    request_id, written = session.services.documents.create_request(
        workspace_id,
        None,
        fields={"name": name, **fields},  # type: ignore[dict-item]
    )
    written.result()
    return request_id


def trigger(window: MainWindow, name: str) -> None:
    window.actions_by_name[name].trigger()


def dialog_of(window: MainWindow, qtbot: QtBot, name: str) -> QDialog:
    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in window.findChildren(QDialog, name)))
    return next(dialog for dialog in window.findChildren(QDialog, name) if dialog.isVisible())


def test_an_empty_store_begins_with_ways_to_begin(window: MainWindow, qtbot: QtBot) -> None:
    assert window.begin_page.isVisible()
    assert not window.bench.is_made
    assert window.windowTitle().startswith("My workspace")
    card = window.begin_page.findChild(QAbstractButton, "newRequestCard")
    assert card is not None
    card.click()
    qtbot.waitUntil(lambda: window.workspace.request_id is not None)
    qtbot.waitUntil(lambda: window.bench.is_made and window.bench.request_pane.isVisible())
    assert not window.begin_page.isVisible()


def test_a_curl_line_on_the_clipboard_becomes_a_request(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("nothing of the kind")
    window.begin_page.paste_requested.emit()
    assert "no curl line" in window.toast.text()
    QGuiApplication.clipboard().setText("curl -X DELETE https://a.example/x")
    window.begin_page.paste_requested.emit()
    qtbot.waitUntil(lambda: window.workspace.request_id is not None)
    typed = session.services.documents.view(window.workspace.request_id or "")
    assert isinstance(typed, Request)
    assert (typed.method, typed.url) == ("DELETE", "https://a.example/x")


def test_the_first_picture_is_drawn_without_the_panes(session: UiSession, qtbot: QtBot) -> None:
    request_id = add_request(session, "R")
    session.services.preferences.set_local(
        f"open_request:{session.services.workspaces.last_used()}", request_id
    ).result()
    made = MainWindow(session)
    qtbot.addWidget(made)
    assert not made.bench.is_made
    with qtbot.waitSignal(made.panes.first_painted):
        made.show()
    qtbot.waitUntil(lambda: made.bench.is_made)
    assert made.workspace.request_id == request_id
    made.close()


def test_the_keys_of_the_first_page_are_whole_in_a_narrow_window(window: MainWindow, qtbot: QtBot) -> None:
    page = window.begin_page
    page.offer_account(False)
    window.resize(690, 700)
    qtbot.waitUntil(lambda: page.width() < 520)
    page.grab()
    rows = page.findChildren(KeycapRow)
    assert len(rows) == 8
    for row in rows:
        table = row.parentWidget()
        assert row.width() >= row.sizeHint().width()
        assert table.rect().contains(row.geometry())
        beside = [
            each
            for each in table.findChildren(Label)
            if each.y() <= row.geometry().center().y() <= each.geometry().bottom()
        ]
        assert len(beside) == 1
        assert beside[0].geometry().right() < row.x()
        # What is elided has its whole as a tip.
        assert beside[0].width() >= beside[0].sizeHint().width() or beside[0].toolTip() == beside[0].text()


def test_every_action_has_words_and_no_two_share_a_key(window: MainWindow) -> None:
    keys = [QKeySequence(key).toString() for spec in SPECS for key in spec.keys]
    assert len(keys) == len(set(keys))
    for spec in SPECS:
        assert window.actions_by_name[spec.name].text()
    rows = dict(window.actions_by_name.rows())
    assert rows["Send"]
    menus = [cast(QMenu | None, action.menu()) for action in window.menu_bar.actions()]
    assert all(menu is not None and menu.actions() for menu in menus)


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("environments", "environmentsDialog"),
        ("cookies", "cookiesDialog"),
        ("preferences", "preferencesDialog"),
        ("workspace_settings", "workspaceDialog"),
        ("trash", "trashDialog"),
        ("help", "shortcutsDialog"),
        ("about", "aboutDialog"),
    ],
)
def test_actions_open_their_dialogs_over_the_dimmed_window(
    window: MainWindow, qtbot: QtBot, action: str, name: str
) -> None:
    trigger(window, action)
    dialog = dialog_of(window, qtbot, name)
    assert window.scrim.isVisible()
    dialog.reject()
    qtbot.waitUntil(lambda: not window.scrim.isVisible())


def test_the_quick_switch_opens_what_was_chosen(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    add_request(session, "First")
    second = add_request(session, "Second")
    qtbot.waitUntil(lambda: window.sidebar.view_model.model.tree.handle(second) is not None)
    trigger(window, "quick_switch")
    panel = window.findChild(QWidget, "quickSwitch")
    assert panel is not None
    field = panel.findChild(QWidget, "quickSwitchEdit")
    assert field is not None
    qtbot.keyClicks(field, "second")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.workspace.request_id == second)
    assert window.sidebar.tree.selected_ids() == [second]


def test_the_recent_request_comes_back(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    first, second = add_request(session, "First"), add_request(session, "Second")
    window.workspace.open_request(first)
    window.workspace.open_request(second)
    trigger(window, "recent")
    assert window.workspace.request_id == first


def test_undo_and_redo_say_what_they_did(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    request_id = add_request(session, "R")
    window.workspace.open_request(request_id)
    session.services.documents.rename(request_id, "Renamed").result()
    trigger(window, "undo")
    qtbot.waitUntil(lambda: window.toast.text() == "Undone: rename “R”")
    trigger(window, "redo")
    qtbot.waitUntil(lambda: window.toast.text().startswith("Done again: rename"))
    document = session.services.documents.get(request_id)
    assert document is not None
    assert document.name == "Renamed"


def test_errors_that_nobody_shows_become_a_sentence(window: MainWindow, session: UiSession) -> None:
    session.bridge.failed.emit(KnownError("store.disk_full", reason="SQLITE_FULL"))
    assert "There is no room to save." in window.toast.text()


def test_actions_without_a_request_do_nothing(window: MainWindow) -> None:
    for name in (
        "send",
        "cancel",
        "beautify",
        "address",
        "method",
        "response",
        "response_history",
        "history",
        "find",
        "undo",
        "redo",
    ):
        trigger(window, name)
    assert not window.bench.is_made


def test_the_response_goes_under_the_request_where_there_is_little_room(
    window: MainWindow, session: UiSession, qtbot: QtBot
) -> None:
    window.workspace.open_request(add_request(session, "R"))
    qtbot.waitUntil(lambda: window.bench.is_made)
    assert not window.panes.is_below()
    window.resize(900, 600)
    qtbot.waitUntil(window.panes.is_below)
    trigger(window, "layout")
    assert not window.panes.is_below()
    assert session.services.preferences.get("appearance.layout") == "right"
    trigger(window, "layout")
    assert window.panes.is_below()


def test_the_sidebar_hides_and_comes_back_with_its_filter(window: MainWindow) -> None:
    trigger(window, "sidebar")
    assert not window.sidebar.isVisible()
    trigger(window, "filter")
    assert window.sidebar.isVisible()
    assert QApplication.focusWidget() is window.sidebar.filter_field or window.sidebar.filter_field.hasFocus()


def test_zoom_is_kept_and_bounded(window: MainWindow, session: UiSession) -> None:
    trigger(window, "zoom_in")
    assert fonts.zoom() == 110
    for _ in range(20):
        trigger(window, "zoom_out")
    assert session.services.preferences.get("appearance.zoom") == 50
    trigger(window, "zoom_reset")
    assert fonts.zoom() == 100


def test_a_setting_of_another_process_is_applied(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    session.services.preferences.set("appearance.theme", "dark").result()
    qtbot.waitUntil(lambda: switch().theme().is_dark)
    session.services.preferences.set("appearance.menu_bar", "always").result()
    qtbot.waitUntil(window.menu_bar.isVisible)


def test_the_menu_bar_comes_with_alt_and_f10(window: MainWindow) -> None:
    assert not window.menu_bar.isVisible()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(window, QKeyEvent(kind, Qt.Key.Key_Alt, Qt.KeyboardModifier.NoModifier))
    assert window.menu_bar.isVisible()
    QApplication.sendEvent(window, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F10, Qt.KeyboardModifier.NoModifier))
    assert not window.menu_bar.isVisible()


def test_one_escape_leaves_the_menu_bar_and_goes_back_to_where_the_focus_was(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(window.isActiveWindow)
    window.sidebar.tree.setFocus()
    qtbot.waitUntil(window.sidebar.tree.hasFocus)
    QApplication.sendEvent(window, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F10, Qt.KeyboardModifier.NoModifier))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    qtbot.keyClick(menu, Qt.Key.Key_Right)
    second = QApplication.activePopupWidget()
    assert second is not menu
    assert window.menu_bar.isVisible()
    assert second is not None
    qtbot.keyClick(second, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.menu_bar.isVisible())
    # Offscreen, a window whose popup is closed is not made active again: it says which of its parts would have it.
    assert window.focusWidget() is window.sidebar.tree


def test_place_and_division_are_remembered(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    window.workspace.open_request(add_request(session, "R"))
    qtbot.waitUntil(lambda: window.bench.is_made)
    window.setGeometry(40, 30, 1100, 700)
    window.panes._columns.setSizes([300, 800])
    window.panes._columns.splitterMoved.emit(300, 1)
    window.close()
    again = opened(session, qtbot, size=(1100, 700))
    assert (again.width(), again.height()) == (1100, 700)
    assert abs(again.sidebar.width() - 300) <= 2
    again.close()


def test_a_remembered_place_that_makes_no_sense_is_left_out(session: UiSession, qtbot: QtBot) -> None:
    session.services.workspaces.ensure_one()
    session.services.preferences.set_local(
        "window", {"place": [99999, 99999, 10, 10], "panes": {"right": "x"}}
    ).result()
    made = MainWindow(session)
    qtbot.addWidget(made)
    assert (made.width(), made.height()) == (1280, 800)
    made.close()


def test_closing_writes_the_draft(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    request_id = add_request(session, "R")
    window.workspace.open_request(request_id)
    qtbot.waitUntil(lambda: window.bench.is_made)
    window.bench.request_pane.view_model.set_url("http://kept.example")
    with qtbot.waitSignal(window.closed):
        window.close()
    session.services.editing.patch(request_id, ()).result()
    typed = session.services.documents.view(request_id)
    assert isinstance(typed, Request)
    assert typed.url == "http://kept.example"


def test_a_second_start_raises_the_window(window: MainWindow) -> None:
    window.showMinimized()
    window.raise_to_front()
    assert not window.isMinimized()
