"""States of the request pane beyond the everyday ones; also insomnia_desktop.ui.panes.request.problem_page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.model import Request, RequestSettings
from insomnia_desktop.ui.panes.request.request_pane import RequestPane
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from tests.support.spoken import nameless_controls


@pytest.fixture
def workspace(session: UiSession) -> WorkspaceViewModel:
    return WorkspaceViewModel(session)


def add(session: UiSession, workspace: WorkspaceViewModel, **fields: object) -> str:
    request_id, made = session.services.documents.create_request(workspace.workspace_id, None, fields=dict(fields))  # type: ignore[arg-type]
    made.result(20)
    return request_id


@pytest.fixture
def pane(session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot) -> Iterator[RequestPane]:
    workspace.open_request(add(session, workspace, name="R"))
    made = RequestPane(session, workspace)
    qtbot.addWidget(made)
    made.resize(512, 700)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    yield made
    made.flush()


def draft(pane: RequestPane) -> Request:
    request = pane.view_model.request
    assert request is not None
    return request


def show_tab(pane: RequestPane, key: str) -> None:
    pane.tabs.set_current(key)
    pane.tabs.page_chosen.emit(key)


def test_a_request_that_cannot_be_read_shows_a_sentence_and_nothing_of_the_one_before(
    pane: RequestPane, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    first = workspace.request_id
    pane.focus_address()
    qtbot.keyClicks(pane.url_bar.address.url_edit, "http://first.example")
    workspace.open_request(add(session, workspace, name="Broken", url="http://second.example", headers="no list"))
    assert not pane.has_request()
    page = pane.findChild(QWidget, "requestProblem")
    assert page is not None
    assert page.isVisible()
    assert "headers" in page.accessibleName()
    assert pane.problem_page.title.text() == "This cannot be shown"
    for part in (pane.url_bar, pane.tabs, pane.pages, pane.preview):
        assert not part.isVisible()
    workspace.open_request(first)
    assert not page.isVisible()
    assert pane.url_bar.address.url() == "http://first.example"
    assert pane.url_bar.isVisible()


def test_the_tools_fit_the_body_after_its_type_changed(pane: RequestPane) -> None:
    show_tab(pane, "params")
    pane.tabs.body_type_chosen.emit("text", "application/json")
    assert pane.tabs.current() == "body"
    assert pane.tabs._beautify.isVisible()
    assert not pane.tabs._bulk.isVisible()
    pane.tabs.body_type_chosen.emit("form", "")
    assert not pane.tabs._beautify.isVisible()
    assert pane.tabs._bulk.isVisible()
    pane.tabs.body_type_chosen.emit("none", "")
    assert not pane.tabs._bulk.isVisible()


def test_editors_follow_the_settings_while_they_are_open(pane: RequestPane, session: UiSession, qtbot: QtBot) -> None:
    show_tab(pane, "body")
    pane.tabs.body_type_chosen.emit("text", "application/json")
    editor = pane.pages.body.editor
    assert editor.lineWrapMode() == QPlainTextEdit.LineWrapMode.WidgetWidth
    session.services.preferences.set("editor.wrap", False)
    session.services.preferences.set("editor.indent", 8)
    qtbot.waitUntil(lambda: editor.lineWrapMode() == QPlainTextEdit.LineWrapMode.NoWrap)
    editor.setFocus()
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: editor.text() == " " * 8)
    pane.tabs.body_type_chosen.emit("graphql", "")
    assert pane.pages.body.graphql.query.lineWrapMode() == QPlainTextEdit.LineWrapMode.NoWrap
    show_tab(pane, "docs")
    assert pane.pages.docs.editor.lineWrapMode() == QPlainTextEdit.LineWrapMode.WidgetWidth


def test_ctrl_z_in_the_address_never_brings_back_another_request(
    pane: RequestPane, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    edit = pane.url_bar.address.url_edit
    edit.setFocus()
    qtbot.keyClicks(edit, "http://a")
    second = add(session, workspace, name="Second", url="http://a")
    workspace.open_request(second)
    assert not edit.isUndoAvailable()


def test_beautifying_is_a_step_of_its_own(
    pane: RequestPane, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    show_tab(pane, "body")
    pane.tabs.body_type_chosen.emit("text", "application/json")
    pane.pages.body.editor.setFocus()
    pane.pages.body.editor.insertPlainText('{"a":1}')
    pane.beautify()
    assert draft(pane).body.text == '{\n  "a": 1\n}'  # type: ignore[union-attr]
    session.services.editing.undo(workspace.workspace_id).result(20)
    qtbot.waitUntil(lambda: pane.pages.body.editor.text() == '{"a":1}')


def test_a_number_out_of_its_limits_is_marked_and_not_taken_over(pane: RequestPane, qtbot: QtBot) -> None:
    pane.preview.settings_requested.emit()
    line = pane.pages.settings.findChild(QLineEdit, "max_redirectsEdit")
    assert line is not None
    line.setFocus()
    qtbot.keyClicks(line, "0")
    assert pane.pages.settings._lines["max_redirects"].is_wrong()
    assert draft(pane).settings == RequestSettings()
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    qtbot.keyClicks(line, "7")
    assert not pane.pages.settings._lines["max_redirects"].is_wrong()
    assert draft(pane).settings == RequestSettings(max_redirects=7)


def test_tab_walks_from_the_address_through_tabs_and_page_to_the_last_bar(pane: RequestPane, qtbot: QtBot) -> None:
    show_tab(pane, "headers")
    pane.url_bar.address.method_picker.setFocus(Qt.FocusReason.TabFocusReason)
    walked: list[str] = []
    for _ in range(12):
        at = QApplication.focusWidget()
        assert isinstance(at, QWidget)
        walked.append(_part_of(pane, at))
        qtbot.keyClick(at, Qt.Key.Key_Tab)
    order = list(dict.fromkeys(walked))
    assert order == ["method", "address", "send", "tabs", "tool", "page", "last bar"]


def _part_of(pane: RequestPane, widget: QWidget) -> str:
    parts: list[tuple[str, QWidget]] = [
        ("method", pane.url_bar.address.method_picker),
        ("address", pane.url_bar.address),
        ("send", pane.url_bar.send_button),
        ("tabs", pane.tabs.bar),
        ("tool", pane.tabs),
        ("page", pane.pages),
        ("last bar", pane.preview),
    ]
    return next(name for name, part in parts if part is widget or part.isAncestorOf(widget))


def test_every_control_has_an_accessible_name(pane: RequestPane, qtbot: QtBot) -> None:
    pane.url_bar.address.url_edit.setFocus()
    qtbot.keyClicks(pane.url_bar.address.url_edit, "http://a.example/:id")
    bodies = [
        ("text", "application/json"),
        ("form", ""),
        ("multipart", ""),
        ("file", ""),
        ("graphql", ""),
        ("none", ""),
    ]
    kinds = ["basic", "bearer"]
    nameless: set[str] = set()

    def look(where: str) -> None:
        nameless.update(f"{where}: {name}" for name in nameless_controls(pane))

    for key in ("params", "headers", "docs"):
        show_tab(pane, key)
        look(key)
    for body_type, media_type in bodies:
        pane.tabs.body_type_chosen.emit(body_type, media_type)
        look(body_type)
    show_tab(pane, "auth")
    for kind in kinds:
        picker = pane.pages.authentication.picker
        picker.setCurrentIndex(picker.findData(kind))
        picker.activated.emit(picker.currentIndex())
        look(kind)
    pane.preview.settings_requested.emit()
    look("settings")
    assert nameless == set()


def test_each_request_opens_on_the_page_that_was_chosen_for_it(
    pane: RequestPane, session: UiSession, workspace: WorkspaceViewModel
) -> None:
    first = workspace.request_id
    pane.tabs.bar.current_changed.emit("headers")
    assert pane.tabs.current() == "headers"
    other = add(session, workspace, name="Other")
    workspace.open_request(other)
    pane.tabs.bar.current_changed.emit("docs")
    workspace.open_request(first)
    assert pane.tabs.current() == "headers"
    workspace.open_request(other)
    assert pane.tabs.current() == "docs"
