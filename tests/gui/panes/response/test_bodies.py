"""Bodies in the response pane: insomnia_desktop.ui.panes.response.body_page,
insomnia_desktop.ui.panes.response.note_page, insomnia_desktop.ui.panes.response.last_facts and
insomnia_desktop.ui.panes.response.go_to_line_dialog.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.panes.response.go_to_line_dialog import GoToLineDialog
from insomnia_desktop.ui.panes.response.last_facts import file_name
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.widgets.hex_view import HexView
from tests.gui.panes.response.response_stage import JSON, ResponseStage, response_of, response_stage
from tests.support.http_peer import reply

_PRETTY = '{\n  "id": 4711,\n  "state": "open"\n}'


@pytest.fixture
def stage(session: UiSession, qtbot: QtBot) -> Iterator[ResponseStage]:
    with response_stage(session, qtbot) as made:
        yield made


def named(stage: ResponseStage, name: str) -> QWidget:
    found = stage.pane.findChild(QWidget, name)
    assert isinstance(found, QWidget), name
    return found


def press(stage: ResponseStage, deed: str) -> None:
    stage.qtbot.mouseClick(stage.pane.last_bar.button(deed), Qt.MouseButton.LeftButton)


def test_raw_and_hex_show_what_came_and_the_choice_ends_with_the_response(stage: ResponseStage) -> None:
    stage.send()
    stage.qtbot.waitUntil(stage.pane.body.is_pretty)
    actions = {str(action.data()): action for action in stage.pane.tabs.mode_menu.actions()}
    actions["raw"].trigger()
    assert stage.shown_text() == JSON.decode()
    assert stage.pane.last_bar.button("format").isVisible()
    actions["hex"].trigger()
    assert isinstance(stage.pane.findChild(HexView), HexView)
    assert not stage.pane.last_bar.button("format").isVisible()
    assert actions["hex"].isChecked()
    actions["raw"].trigger()
    press(stage, "format")
    assert stage.shown_text().rstrip() == _PRETTY
    actions["raw"].trigger()
    stage.send("/text")
    assert stage.pane.body.mode == "pretty"
    assert actions["pretty"].isChecked()


def test_what_cannot_be_laid_out_is_shown_as_it_came(stage: ResponseStage) -> None:
    stage.send("/broken")
    stage.qtbot.waitUntil(lambda: stage.pane.body._patience.isActive() is False)
    assert stage.shown_text() == '{"a":'
    assert not stage.pane.last_bar.button("format").isVisible()


def test_bytes_are_shown_as_such_and_no_body_says_so(stage: ResponseStage) -> None:
    stage.send("/bytes")
    assert stage.pane.body.kind.kind == "binary"
    assert isinstance(stage.pane.findChild(HexView), HexView)
    assert not stage.pane.last_bar.button("copy_body").isVisible()
    assert stage.pane.last_bar.button("save").isVisible()
    stage.send("/empty")
    assert stage.pane.body.note.isVisible()
    assert stage.pane.body.note.accessibleName() == "This response has no body."
    assert not stage.pane.last_bar.button("save").isVisible()


def test_a_body_that_is_gone_says_so(stage: ResponseStage) -> None:
    response = stage.send("/text")
    first = stage.send("/json")
    path = stage.session.services.sending.body_path(response)
    assert path is not None
    path.unlink()
    stage.pane.view_model.choose(response.id)
    assert stage.pane.body.note.accessibleName() == "The body is not kept any more. Send again to get it."
    assert first.id == stage.pane.view_model.history[0].id


def test_wrapping_is_a_setting_that_the_button_changes(stage: ResponseStage) -> None:
    stage.send()
    assert stage.pane.tabs.wrap.isChecked()
    stage.qtbot.mouseClick(stage.pane.tabs.wrap, Qt.MouseButton.LeftButton)
    assert stage.session.services.preferences.get("response.wrap") is False
    stage.session.services.preferences.set("response.wrap", True).result(10)
    stage.qtbot.waitUntil(stage.pane.tabs.wrap.isChecked)


def test_finding_counts_and_ends_with_escape(stage: ResponseStage) -> None:
    stage.send()
    stage.qtbot.waitUntil(stage.pane.body.is_pretty)
    stage.pane._on_page_chosen("headers")
    stage.pane.open_find()
    bar = stage.pane.body.find_bar
    assert bar.isVisible()
    edit = named(stage, "findEdit")
    stage.qtbot.keyClicks(edit, "o")
    stage.qtbot.waitUntil(lambda: bar._count.accessibleName() == "1 of 1")
    stage.qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert stage.pane.body.viewer.hasFocus()


def test_the_body_is_copied_as_it_is_shown(stage: ResponseStage) -> None:
    stage.send()
    stage.qtbot.waitUntil(stage.pane.body.is_pretty)
    press(stage, "copy_body")
    assert QGuiApplication.clipboard().text().rstrip() == _PRETTY
    stage.pane.body.set_mode("raw")
    press(stage, "copy_body")
    assert QGuiApplication.clipboard().text() == JSON.decode()


def test_saving_keeps_the_bytes_under_the_name_that_fits(stage: ResponseStage, tmp_path: Path) -> None:
    stage.send()
    stage.pane.body.set_mode("raw")
    press(stage, "save")
    dialog = stage.pane.findChild(QFileDialog, "responseSaveDialog")
    assert isinstance(dialog, QFileDialog)
    target = tmp_path / "kept.json"
    with stage.qtbot.waitSignal(stage.pane.notice_requested) as said:
        dialog.fileSelected.emit(str(target))
    assert said.args[0] == "Saved as kept.json."
    assert target.read_bytes() == JSON
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".part"] == []
    dialog.reject()


@pytest.mark.parametrize(
    ("headers", "url", "content_type", "name"),
    [
        ((("Content-Disposition", 'attachment; filename="a/b\\\\c.txt"'),), "http://h/x", "text/plain", "c.txt"),
        ((), "http://h/orders/7?x=1", "application/json; charset=utf-8", "7.json"),
        ((), "http://h/export.csv", "application/json", "export.csv"),
        ((), "http://h/", "application/hal+json", "response.json"),
        ((), "http://h/%2e%2e%2f%00con%3A", "", "_con_"),
        ((), "http://[", "", "response"),
    ],
)
def test_a_body_gets_a_name_that_no_system_refuses(
    headers: tuple[tuple[str, str], ...], url: str, content_type: str, name: str
) -> None:
    assert file_name(response_of(headers=headers, url=url, content_type=content_type)) == name


def test_a_large_body_says_that_it_is_read_from_disk_and_goes_to_a_line(session: UiSession, qtbot: QtBot) -> None:
    lines = b"".join(b"line %06d\n" % number for number in range(120_000))
    with response_stage(
        session, qtbot, reply_with=lambda _: reply(200, lines, [("Content-Type", "text/plain")])
    ) as stage:
        stage.send("/")
        assert stage.pane.last_bar.note.text() == "Shown from disk as it was received."
        press(stage, "go_to_line")
        dialog = stage.pane.findChild(GoToLineDialog)
        assert isinstance(dialog, GoToLineDialog)
        qtbot.keyClicks(dialog.field, "90000")
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "line 089999" in stage.pane.body.viewer.accessibleDescription())


def test_a_late_pretty_copy_waits_for_the_button_while_somebody_reads(session: UiSession, qtbot: QtBot) -> None:
    body = b"[" + b",".join([JSON] * 40_000) + b"]"
    answer = reply(200, body, [("Content-Type", "application/json")])
    with response_stage(session, qtbot, reply_with=lambda _: answer) as stage:
        page = stage.pane.body
        # The copy is made at once here: it is handed over late by hand.
        ready: list[Path] = []
        stage.pane.bodies.pretty_ready.disconnect(page._on_pretty)
        stage.pane.bodies.pretty_ready.connect(ready.append)
        stage.send("/")
        qtbot.waitUntil(lambda: not page._patience.isActive())
        assert page.shown_path == stage.pane.bodies.path
        assert stage.pane.last_bar.note.text() == "Shown from disk as it was received."
        page.viewer.setFocus()
        qtbot.waitUntil(lambda: bool(ready), timeout=20_000)
        stage.pane.bodies.pretty_ready.connect(page._on_pretty)
        page._on_pretty(ready[0])
        assert not page.is_pretty()
        press(stage, "format")
        assert page.is_pretty()
        assert stage.pane.last_bar.note.text() == "Shown from disk, formatted."
