"""The request pane by mouse and keyboard; it proves these parts too:
insomnia_desktop.ui.panes.request.request_pane, insomnia_desktop.ui.panes.request.request_pages,
insomnia_desktop.ui.panes.request.url_bar, insomnia_desktop.ui.panes.request.url_preview,
insomnia_desktop.ui.panes.request.request_tabs, insomnia_desktop.ui.panes.request.rows_tab,
insomnia_desktop.ui.panes.request.body_tab, insomnia_desktop.ui.panes.request.body_pages,
insomnia_desktop.ui.panes.request.graphql_body, insomnia_desktop.ui.panes.request.docs_tab,
insomnia_desktop.ui.panes.request.authentication_tab, insomnia_desktop.ui.panes.request.settings_page,
insomnia_desktop.ui.panes.request.completions, insomnia_desktop.ui.panes.request.row_conversion and
insomnia_desktop.ui.widgets.framed_template_edit.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.model import (
    BasicAuthentication,
    BearerAuthentication,
    Edit,
    FileBody,
    FormBody,
    GraphQLBody,
    MultipartBody,
    NoBody,
    Request,
    RequestSettings,
    TextBody,
    UnknownAuthentication,
)
from insomnia_desktop.ui.models.key_value_rows import KeyValueRow
from insomnia_desktop.ui.panes.request.request_pane import RequestPane
from insomnia_desktop.ui.panes.request.row_conversion import shown_parts, stored_parts
from insomnia_desktop.ui.panes.request.settings_page import count_settings
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel


@pytest.fixture
def workspace(session: UiSession) -> WorkspaceViewModel:
    view_model = WorkspaceViewModel(session)
    request_id, made = session.services.documents.create_request(view_model.workspace_id, None, name="R")
    made.result()
    view_model.open_request(request_id)
    return view_model


@pytest.fixture
def pane(session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot) -> Iterator[RequestPane]:
    made = RequestPane(session, workspace)
    qtbot.addWidget(made)
    made.resize(512, 700)
    made.show()
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


def edit(session: UiSession, workspace: WorkspaceViewModel, field: str, value: object) -> None:
    """Write as another process would."""
    session.services.editing.patch(workspace.request_id or "", (Edit((field,), value),)).result()


def test_the_parts_have_their_names(pane: RequestPane) -> None:
    for key in ("params", "body", "auth", "headers", "docs"):
        show_tab(pane, key)
    pane.tabs.body_type_chosen.emit("text", "application/json")
    for name in (
        "methodPicker", "urlEdit", "sendButton", "urlPreview", "requestTabs", "paramsTable", "headersTable",
        "bodyEditor",
        "bodyTypePicker", "authPicker", "docsEditor",
    ):  # fmt: skip
        assert pane.findChild(QWidget, name) is not None, name
    for name in ("urlEdit", "bodyEditor", "authPicker", "docsEditor"):
        part = pane.findChild(QWidget, name)
        assert part is not None
        assert part.accessibleName(), name


def test_typing_an_address_and_sending(pane: RequestPane, qtbot: QtBot) -> None:
    pane.focus_address()
    qtbot.keyClicks(pane.url_bar.address.url_edit, "http://127.0.0.1:1/x")
    assert draft(pane).url == "http://127.0.0.1:1/x"
    qtbot.waitUntil(lambda: "127.0.0.1:1/x" in pane.preview._address.text())
    with qtbot.waitSignal(pane.send_requested):
        qtbot.keyClick(pane.url_bar.address.url_edit, Qt.Key.Key_Return)
    with qtbot.waitSignal(pane.send_requested):
        qtbot.mouseClick(pane.url_bar.send_button, Qt.MouseButton.LeftButton)
    pane.set_sending(True)
    with qtbot.waitSignal(pane.cancel_requested):
        qtbot.mouseClick(pane.url_bar.cancel_button, Qt.MouseButton.LeftButton)
    pane.set_sending(False)
    assert pane.url_bar.send_button.isVisible()


def test_a_problem_stands_under_the_address_until_it_is_changed(pane: RequestPane, qtbot: QtBot) -> None:
    pane.show_address_problem("The address has no host.")
    assert pane.url_bar.problem.isVisible()
    pane.focus_address()
    qtbot.keyClicks(pane.url_bar.address.url_edit, "h")
    assert not pane.url_bar.problem.isVisible()


def test_a_pasted_curl_line_fills_the_request(pane: RequestPane, qtbot: QtBot) -> None:
    notices: list[str] = []
    pane.notice_requested.connect(lambda text, deed, call: notices.append(text))
    pane.focus_address()
    QGuiApplication.clipboard().setText("curl -X PUT 'https://a.example/x' -H 'Content-Type: application/json' -d '{}'")
    pane.url_bar.address.url_edit.paste()
    assert (draft(pane).method, draft(pane).url) == ("PUT", "https://a.example/x")
    assert pane.url_bar.address.url() == "https://a.example/x"
    assert notices == ["Taken over from the curl line."]


def test_parameters_count_and_path_parameters_appear(pane: RequestPane, qtbot: QtBot) -> None:
    pane.url_bar.address.url_edit.setFocus()
    qtbot.keyClicks(pane.url_bar.address.url_edit, "http://a.example/:id/x")
    assert pane.pages.parameters.path_table.isVisible()
    assert [row.name for row in pane.pages.parameters.path_table.rows()] == ["id"]
    pane.pages.parameters.table.rows_edited.emit((KeyValueRow("a", True, "limit", "10"),))
    assert [(row.name, row.value) for row in draft(pane).parameters] == [("limit", "10")]
    assert next(tab for tab in pane.tabs.bar.tabs() if tab.key == "params").badge == 2


def test_bulk_edit_of_headers(pane: RequestPane, qtbot: QtBot) -> None:
    show_tab(pane, "headers")
    pane.tabs._bulk.click()
    assert pane.pages.headers.table.is_bulk()
    pane.tabs._bulk.click()
    assert not pane.pages.headers.table.is_bulk()


@pytest.mark.parametrize(
    ("body_type", "kind"),
    [("text", TextBody), ("form", FormBody), ("multipart", MultipartBody), ("file", FileBody), ("graphql", GraphQLBody),
     ("none", NoBody)],
)  # fmt: skip
def test_every_body_has_its_editor(pane: RequestPane, body_type: str, kind: type) -> None:
    show_tab(pane, "body")
    pane.tabs.body_type_chosen.emit("form", "")
    pane.tabs.body_type_chosen.emit(body_type, "application/json" if body_type == "text" else "")
    assert isinstance(draft(pane).body, kind)


def test_typing_a_body_and_beautifying_it(pane: RequestPane, session: UiSession, qtbot: QtBot) -> None:
    show_tab(pane, "body")
    pane.tabs.body_type_chosen.emit("text", "application/json")
    pane.pages.body.editor.setFocus()
    QGuiApplication.clipboard().setText('{"b":1.10,"a":[1,2]}')
    pane.pages.body.editor.paste()
    assert draft(pane).body == TextBody(media_type="application/json", text='{"b":1.10,"a":[1,2]}')
    pane.beautify()
    body = draft(pane).body
    assert isinstance(body, TextBody)
    assert '"b": 1.10' in body.text
    pane.pages.body.editor.replace_text('{"broken"')
    failures: list[str] = []
    session.bridge.failed.connect(lambda error: failures.append(error.code))
    pane.beautify()
    assert failures == ["format.invalid"]
    assert pane.pages.body.editor.text() == '{"broken"'


def test_authentication_kinds(
    pane: RequestPane, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    show_tab(pane, "auth")
    tab = pane.pages.authentication
    tab.picker.setCurrentIndex(tab.picker.findData("basic"))
    tab.picker.activated.emit(tab.picker.currentIndex())
    username = tab.findChild(QWidget, "usernameEdit")
    password = tab.findChild(QWidget, "passwordEdit")
    assert username is not None
    assert password is not None
    qtbot.keyClicks(username.focusProxy(), "me")
    qtbot.keyClicks(password.focusProxy(), "secret")
    assert draft(pane).authentication == BasicAuthentication(username="me", password="secret")
    line = password.focusProxy()
    assert isinstance(line, QLineEdit)
    assert line.echoMode() == QLineEdit.EchoMode.Password
    tab.picker.setCurrentIndex(tab.picker.findData("bearer"))
    tab.picker.activated.emit(tab.picker.currentIndex())
    tab._enabled.setChecked(False)
    assert draft(pane).authentication == BearerAuthentication(enabled=False)
    pane.view_model.end_typing()
    edit(session, workspace, "authentication", {"type": "hawk", "id": "x"})
    qtbot.waitUntil(lambda: isinstance(draft(pane).authentication, UnknownAuthentication))
    assert tab.picker.currentText() == "hawk"
    assert "hawk" in tab._note.text()


def test_docs_are_written_and_read(pane: RequestPane, qtbot: QtBot) -> None:
    show_tab(pane, "docs")
    qtbot.keyClicks(pane.pages.docs.editor, "# Title")
    assert draft(pane).description == "# Title"
    pane.tabs._read.click()
    assert pane.pages.docs.is_reading()
    assert "Title" in pane.pages.docs._view.toPlainText()
    assert pane.pages.docs._view.loadResource(2, None) is None


def test_settings_of_the_request(pane: RequestPane, qtbot: QtBot) -> None:
    button = pane.findChild(QWidget, "requestSettingsButton")
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pane.pages.currentWidget() is pane.pages.settings
    timeout = pane.pages.settings.findChild(QLineEdit, "total_timeout_msEdit")
    assert timeout is not None
    qtbot.keyClicks(timeout, "1500")
    combo = pane.pages.settings._combos["verify_tls"]
    combo.setCurrentIndex(combo.findData(False))
    combo.activated.emit(combo.currentIndex())
    assert draft(pane).settings == RequestSettings(total_timeout_ms=1500, verify_tls=False)
    assert count_settings(draft(pane).settings) == 2
    timeout.clear()
    qtbot.keyClick(timeout, Qt.Key.Key_Backspace)
    timeout.textEdited.emit("")
    assert draft(pane).settings == RequestSettings(verify_tls=False)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pane.pages.currentWidget() is pane.pages.parameters


def test_a_change_from_elsewhere_keeps_the_caret(
    pane: RequestPane, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    edit(session, workspace, "body", {"type": "text", "media_type": "text/plain", "text": "one\ntwo\nthree"})
    qtbot.waitUntil(lambda: pane.pages.body.editor.text() == "one\ntwo\nthree")
    cursor = pane.pages.body.editor.textCursor()
    cursor.setPosition(5)
    pane.pages.body.editor.setTextCursor(cursor)
    edit(session, workspace, "body", {"type": "text", "media_type": "text/plain", "text": "one\ntwo\nthree\nfour"})
    qtbot.waitUntil(lambda: pane.pages.body.editor.text().endswith("four"))
    assert pane.pages.body.editor.textCursor().position() == 5


def test_parts_round_trip() -> None:
    rows = (
        KeyValueRow("a", True, "f", "pictures/x.png", "d", "file", "image/png", "y.png"),
        KeyValueRow("b", False, "t", "text", "", "text"),
    )
    assert shown_parts(stored_parts(rows)) == rows
