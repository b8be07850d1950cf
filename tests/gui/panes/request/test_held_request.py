"""A request in quarantine is shown, sent and copied, and not changed; about panes.request.request_pane, its tabs and
pages, viewmodels.request_view_model and viewmodels.held_request.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QPlainTextEdit
from pytestqt.qtbot import QtBot

from insomnia_desktop.model import Edit, Request, RequestSettings, Row
from insomnia_desktop.ui.models.key_value_rows import KeyValueRow
from insomnia_desktop.ui.panes.request.request_pane import RequestPane
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sidebar_view_model import SidebarViewModel
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.key_value_table import KeyValueTable
from tests.support.quarantine import Hold

NEWER = "Read only, as it was before. A newer version of the program wrote it. Update to see and edit it."
ROWS = [{"id": "row000000001", "enabled": True, "name": "page", "value": "1", "description": ""}]
BODIES: tuple[dict[str, object], ...] = (
    {"type": "text", "media_type": "application/json", "text": '{"a":1}'},
    {"type": "form", "rows": ROWS},
    {"type": "multipart", "parts": []},
    {"type": "graphql", "query": "{ a }", "variables": "{}"},
    {"type": "file", "path": "/x"},
    {"type": "none"},
)


class Held:
    """A pane with an open request that tests put into quarantine."""

    def __init__(self, session: UiSession, qtbot: QtBot) -> None:
        self.session, self.qtbot = session, qtbot
        self.workspace = WorkspaceViewModel(session)
        self.id, made = session.services.documents.create_request(self.workspace.workspace_id, None, name="R")
        made.result()
        self.write(
            url="https://a.example/:id",
            parameters=ROWS,
            path_parameters=[{"id": "row000000002", "name": "id", "value": "7"}],
            headers=ROWS,
            authentication={"type": "basic", "enabled": True, "username": "u", "password": "p"},
            description="# Docs",
        )
        self.workspace.open_request(self.id)
        self.pane = RequestPane(session, self.workspace)
        self.model = self.pane.view_model
        self.failed: list[str] = []
        session.bridge.failed.connect(lambda error: self.failed.append(error.code))
        qtbot.addWidget(self.pane)
        self.pane.resize(512, 700)
        self.pane.show()
        qtbot.waitExposed(self.pane)

    def write(self, **fields: object) -> None:
        """Write as another process would."""
        edits = tuple(Edit((name,), value) for name, value in fields.items())
        self.session.services.editing.patch(self.id, edits, typed_before=True).result()

    def put(self, reason: str) -> None:
        """Let sync put it into quarantine, or end that by an empty reason; the window is not told yet."""
        self.session.services.documents._access.submit(Hold(self.id, self.workspace.workspace_id, reason)).result()

    def hold(self, reason: str = "newer_schema") -> None:
        self.put(reason)
        self.qtbot.waitUntil(lambda: self.model.held.is_held() == bool(reason))

    def words(self) -> str:
        """Return what the bar says, empty where it is hidden."""
        return self.pane.held.words() if self.pane.held.isVisible() else ""

    def stored(self) -> Request:
        found = self.session.services.documents.view(self.id)
        assert isinstance(found, Request)
        return found


@pytest.fixture
def held(session: UiSession, qtbot: QtBot) -> Iterator[Held]:
    made = Held(session, qtbot)
    yield made
    made.pane.flush()


def open_all(pane: RequestPane) -> None:
    for key in ("auth", "headers", "docs", "settings", "params", "body"):
        pane._show_page(key)


def changeable(pane: RequestPane) -> set[str]:
    """Return the names of all fields of the pane that can be changed."""
    names = {each.objectName() for each in pane.findChildren(QLineEdit) if not each.isReadOnly()}
    names |= {each.objectName() for each in pane.findChildren(QPlainTextEdit) if not each.isReadOnly()}
    names |= {each.objectName() for each in pane.findChildren(QComboBox) if each.isEnabled()}
    names |= {each.objectName() for each in pane.findChildren(KeyValueTable) if not each.model.read_only}
    # To search is no change.
    return names - {"findEdit", "replaceEdit"}


@pytest.mark.parametrize("body", BODIES, ids=lambda body: str(body["type"]))
def test_no_field_of_it_can_be_changed(held: Held, body: dict[str, object], qtbot: QtBot) -> None:
    held.write(body=body)
    qtbot.waitUntil(lambda: held.model.request is not None and held.model.request.body == held.stored().body)
    open_all(held.pane)
    assert {"urlEdit", "headersTable", "docsEditor", "authPicker", "proxyEdit"} <= changeable(held.pane)
    held.hold()
    assert held.words() == NEWER
    assert changeable(held.pane) == set()
    held.hold("")
    assert held.words() == ""
    assert {"urlEdit", "headersTable", "docsEditor", "authPicker", "proxyEdit"} <= changeable(held.pane)


def test_pages_that_are_made_later_cannot_be_changed_either(held: Held) -> None:
    held.write(body=BODIES[0])
    held.hold()
    open_all(held.pane)
    assert changeable(held.pane) == set()


def test_no_deed_changes_it(held: Held, qtbot: QtBot) -> None:
    held.write(body=BODIES[0])
    qtbot.waitUntil(lambda: held.model.request is not None and held.model.request.body == held.stored().body)
    held.pane._show_page("body")
    assert held.pane.tabs._beautify.isVisible()
    held.hold()
    before = held.stored()
    assert not held.pane.tabs._beautify.isVisible()
    held.pane.beautify()
    held.pane.tabs.open_body_menu()
    held.pane.open_method_menu()
    assert not any(menu.isVisible() for menu in held.pane.findChildren(QMenu))
    held.pane._on_body_type("none", "")
    held.pane._show_page("headers")
    assert not held.pane.tabs._bulk.isVisible()
    model = held.model
    model.set_method("PUT")
    model.set_url("https://b.example")
    model.set_headers((Row(id="row000000003", name="x", value="y"),))
    model.set_description("")
    model.set_settings(RequestSettings(proxy="none"))
    assert not model.take_pasted("curl https://c.example")
    address = held.pane.url_bar.address.url_edit
    address.setFocus()
    address.selectAll()
    qtbot.keyClick(address, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "https://a.example/:id"
    qtbot.keyClick(address, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(address, "x")
    model.flush()
    assert (held.stored(), model.request) == (before, before)
    assert held.failed == []
    with qtbot.waitSignal(held.pane.send_requested):
        qtbot.mouseClick(held.pane.url_bar.send_button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("reason", ["undecryptable", "malformed", "type_changed"])
def test_every_reason_has_its_sentence(held: Held, reason: str) -> None:
    held.hold(reason)
    assert held.words().startswith("Read only, as it was before. ")
    assert reason not in held.words()


def test_rows_that_are_shown_as_text_are_a_table_again(held: Held) -> None:
    held.pane._show_page("headers")
    table = held.pane.pages.headers.table
    table.set_bulk(True)
    held.hold()
    assert not table.is_bulk()
    assert table.rows() == (KeyValueRow("row000000001", name="page", value="1"),)


def test_what_was_typed_when_it_begins_is_kept(held: Held, qtbot: QtBot) -> None:
    held.model.set_url("https://typed.example")
    held.hold()
    qtbot.waitUntil(lambda: held.stored().url == "https://typed.example")
    assert held.failed == []
    assert held.model.request == held.stored()


def test_what_is_written_before_the_window_knows_is_kept(held: Held, qtbot: QtBot) -> None:
    held.put("newer_schema")
    assert not held.model.held.is_held()
    held.model.set_url("https://typed.example")
    held.model.flush()
    qtbot.waitUntil(lambda: held.stored().url == "https://typed.example")
    qtbot.waitUntil(lambda: held.words() == NEWER)
    assert held.failed == []
    held.model.set_url("https://later.example")
    held.model.flush()
    assert held.stored().url == "https://typed.example"


def test_another_request_can_be_changed(held: Held, qtbot: QtBot) -> None:
    held.hold()
    other, made = held.session.services.documents.create_request(held.workspace.workspace_id, None, name="S")
    made.result()
    held.workspace.open_request(other)
    assert held.words() == ""
    assert "urlEdit" in changeable(held.pane)
    held.workspace.open_request(held.id)
    assert held.words() == NEWER
    assert changeable(held.pane) == set()


def test_the_tree_says_why_it_is_neither_renamed_nor_deleted_nor_moved(held: Held, qtbot: QtBot) -> None:
    rows = SidebarViewModel(held.session, held.workspace)
    folder, made = held.session.services.documents.create_folder(held.workspace.workspace_id, None)
    made.result()
    held.hold()
    deeds = (
        lambda: rows.rename(held.id, "Other"),
        lambda: rows.delete([held.id]),
        lambda: rows.model.move_requested.emit([held.id], folder, ""),
    )
    for count, deed in enumerate(deeds, 1):
        deed()
        qtbot.waitUntil(lambda count=count: held.failed == ["document.quarantined"] * count)
    assert (held.stored().name, held.stored().parent_id) == ("R", held.workspace.workspace_id)
