"""The way from a new request to its address, and the tree that follows: insomnia_desktop.ui.window.main_window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.widgets.keycap import KeycapRow
from insomnia_desktop.ui.window.main_window import MainWindow


@pytest.fixture
def window(session: UiSession, qtbot: QtBot) -> Iterator[MainWindow]:
    """A window on an empty workspace."""
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()


def test_the_keyboard_begins_in_the_tree(window: MainWindow) -> None:
    assert window.sidebar.tree.hasFocus()


def test_a_new_request_waits_for_its_address(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_name["new_request"].trigger()
    qtbot.waitUntil(lambda: window.bench.is_made)
    edit = window.bench.request_pane.url_bar.address.url_edit
    qtbot.waitUntil(edit.hasFocus)
    qtbot.keyClicks(edit, "http://a.example")
    request = window.bench.request_pane.view_model.request
    assert request is not None
    assert request.url == "http://a.example"


def test_a_copy_leaves_the_keyboard_where_it_is(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    window.sidebar.new_request()
    qtbot.waitUntil(lambda: window.workspace.request_id is not None)
    window.sidebar.tree.setFocus()
    window.actions_by_name["duplicate"].trigger()
    qtbot.waitUntil(lambda: len(session.services.documents.tree(window.workspace.workspace_id)) == 2)
    qtbot.waitUntil(lambda: len(window.sidebar.view_model.model.tree) == 2)
    assert window.sidebar.tree.hasFocus()


def test_a_request_opened_before_its_row_came_is_selected(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    request_id, written = session.services.documents.create_request(window.workspace.workspace_id, None)
    written.result()
    window.workspace.open_request(request_id)
    qtbot.waitUntil(lambda: window.sidebar.tree.selected_ids() == [request_id])


def test_changing_pages_leaves_every_other_part_alive(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    # PySide ends wrappers of other widgets where the focus chain is walked; see order_behind_page.
    request_id, written = session.services.documents.create_request(window.workspace.workspace_id, None)
    written.result()
    window.workspace.open_request(request_id)
    qtbot.waitUntil(lambda: window.bench.is_made)
    for key in ("params", "body", "auth", "headers", "docs", "settings", "params"):
        window.bench.request_pane._show_page(key)
    response = window.bench.response_pane
    assert all(shiboken6.isValid(action) for action in response.tabs._modes.values())
    response.tabs.set_modes("pretty", "Pretty")


def test_the_shortcuts_of_the_first_page_stand_in_two_equal_columns(window: MainWindow) -> None:
    caps = window.begin_page.findChildren(KeycapRow)
    rights = sorted({cap.mapTo(window.begin_page, QPoint(cap.width(), 0)).x() for cap in caps})
    card = window.begin_page.findChild(QWidget, "createAccountCard")
    assert card is not None
    assert len(rights) == 2
    page_right = card.mapTo(window.begin_page, QPoint(card.width(), 0)).x()
    page_left = min(label.mapTo(window.begin_page, QPoint()).x() for label in window.begin_page.findChildren(QWidget))
    assert rights[1] == page_right
    assert abs((rights[0] - page_left) - (rights[1] - page_left - 40) / 2) <= 1


def test_under_each_other_the_request_has_the_larger_part(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    request_id, written = session.services.documents.create_request(window.workspace.workspace_id, None)
    written.result()
    window.workspace.open_request(request_id)
    qtbot.waitUntil(lambda: window.bench.is_made)
    window.resize(900, 600)
    qtbot.waitUntil(window.panes.is_below)
    assert abs(window.bench.request_pane.height() - 336) <= 2
    window.panes._panes.reset_requested.emit(1)
    assert abs(window.bench.request_pane.height() - 336) <= 2
    assert window.panes._panes.orientation() == Qt.Orientation.Vertical
