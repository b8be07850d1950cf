"""The response pane with real sends: insomnia_desktop.ui.panes.response.response_pane and its parts
insomnia_desktop.ui.panes.response.status_bar, insomnia_desktop.ui.panes.response.response_tabs,
insomnia_desktop.ui.panes.response.response_pages, insomnia_desktop.ui.panes.response.empty_page,
insomnia_desktop.ui.panes.response.last_bar, insomnia_desktop.ui.panes.response.failed_page and
insomnia_desktop.ui.panes.response.failure_view.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.model import Edit
from insomnia_desktop.ui.viewmodels.session import UiSession
from tests.gui.panes.response.response_stage import JSON, ResponseStage, response_stage
from tests.support.clock import FixedClock
from tests.support.http_peer import HttpPeer, raw_peer, reply, silent_peer
from tests.support.peers_tls import TestAuthority, server_context
from tests.support.ports import closed_port

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


def test_a_request_without_a_response_shows_the_keys_worth_knowing(stage: ResponseStage) -> None:
    stage.qtbot.waitUntil(lambda: stage.pane.pages.currentWidget() is stage.pane.pages.empty)
    assert stage.pane.status.nothing.isVisible()
    assert not stage.pane.tabs.isVisible()
    assert not stage.pane.last_bar.isVisible()


def test_a_response_is_looked_for_only_once_the_pane_was_painted(session: UiSession, qtbot: QtBot) -> None:
    with response_stage(session, qtbot) as first:
        kept = first.send()
        other = type(first.pane)(session, first.workspace)
        qtbot.addWidget(other)
        other.resize(500, 400)
        qtbot.wait(1)
        assert other.view_model.response is None
        assert not other.status.nothing.isVisibleTo(other)
        other.show()
        qtbot.waitUntil(lambda: other.view_model.response == kept)
        other.body.release()


def test_a_response_shows_status_time_size_and_its_pretty_body(stage: ResponseStage) -> None:
    stage.send("/json")
    status = stage.pane.status
    assert (status.pill.text(), status.pill.kind()) == ("201 Created", "success")
    assert status.pill.accessibleName() == "Status: 201 Created"
    assert status.size_label.text() == f"{len(JSON)} B"
    assert "On the wire: 26 B" in status.size_label.toolTip()
    assert status.history.text() == "Just now"
    assert [tab.text for tab in stage.pane.tabs.bar.tabs()] == ["Preview", "Headers", "Cookies", "Timeline"]
    assert [tab.badge for tab in stage.pane.tabs.bar.tabs()] == [None, 3, 1, None]
    stage.qtbot.waitUntil(stage.pane.body.is_pretty)
    assert stage.shown_text().rstrip() == _PRETTY
    assert stage.pane.last_bar.note.text() == "HTTP/1.1, application/json"


def test_the_parts_have_the_names_and_words_that_scripts_and_screen_readers_look_for(stage: ResponseStage) -> None:
    stage.send()
    for key in ("headers", "cookies", "timeline", "preview"):
        stage.pane.tabs.bar.current_changed.emit(key)
    for name in (
        "responseStatus", "responseTime", "responseSize", "responseHistoryButton", "responseTabs", "responseView",
        "responseHeaders", "responseCookies", "responseTimeline",
    ):  # fmt: skip
        assert named(stage, name).accessibleName(), name


def test_headers_and_cookies_are_read_and_copied(stage: ResponseStage) -> None:
    stage.send()
    stage.pane.tabs.bar.current_changed.emit("headers")
    table = named(stage, "responseHeaders")
    assert isinstance(table, QTableView)
    assert table.model().index(0, 0).data() == "Set-Cookie"
    said: list[str] = []
    stage.pane.notice_requested.connect(lambda text, action, call: said.append(text))
    stage.qtbot.mouseClick(stage.pane.tabs.copy, Qt.MouseButton.LeftButton)
    assert "Content-Type: application/json" in QGuiApplication.clipboard().text().splitlines()
    assert said == ["Copied."]
    stage.pane._on_page_chosen("cookies")
    assert [table.model().index(0, column).data() for column in (0, 1)] == ["Set-Cookie", "sid=abc; Path=/; HttpOnly"]
    cookies = named(stage, "responseCookies")
    assert isinstance(cookies, QTableView)
    assert [cookies.model().index(0, column).data() for column in range(6)] == [
        "sid", "abc", "127.0.0.1", "/", "With the session", "HttpOnly",
    ]  # fmt: skip


def test_the_tab_that_one_looks_at_stays_over_sends_and_failures(stage: ResponseStage) -> None:
    stage.send()
    stage.pane._on_page_chosen("headers")
    stage.send("/text")
    assert stage.pane.tabs.current() == "headers"
    stage.send(url=f"http://127.0.0.1:{closed_port()}/")
    assert stage.pane.tabs.current() == "error"
    stage.send()
    assert stage.pane.tabs.current() == "headers"


def test_a_run_shows_time_and_cancel_and_the_last_response_stays(
    session: UiSession, qtbot: QtBot, clock: FixedClock
) -> None:
    with response_stage(session, qtbot) as stage:
        stage.send()
        stage.qtbot.waitUntil(stage.pane.body.is_pretty)
        told: list[bool] = []
        stage.pane.sending_changed.connect(told.append)
        with response_stage(session, qtbot, peer=silent_peer()) as silent:
            stage.set_url(silent.peer.url("/"))
            stage.pane.send(stage.workspace.request_id or "")
            qtbot.waitUntil(lambda: stage.pane.status.is_running(), timeout=20_000)
            clock.advance(2400)
            qtbot.waitUntil(lambda: stage.pane.status.time_label.text() == "2.4 s")
            qtbot.waitUntil(lambda: stage.pane.status.progress.text() == "sent, nothing received yet", timeout=20_000)
            assert (stage.pane.status.pill.text(), stage.pane.status.pill.kind()) == ("Waiting", "accent")
            assert stage.pane.status.line.isVisible()
            assert not stage.pane.status.history.isVisible()
            assert stage.shown_text().rstrip() == _PRETTY
            assert stage.pane.last_bar.note.text() == "Last response"
            assert stage.pane.last_bar.strong.text().startswith("201 Created, ")
            qtbot.mouseClick(stage.pane.status.cancel, Qt.MouseButton.LeftButton)
            qtbot.waitUntil(lambda: not stage.pane.is_sending(), timeout=20_000)
        assert told == [True, False]
        assert stage.pane.status.pill.text() == "Cancelled"
        assert [tab.text for tab in stage.pane.tabs.bar.tabs()] == ["Cancelled", "Timeline"]
        assert named(stage, "responseErrorText").accessibleName().startswith("You cancelled")


def test_what_arrived_before_a_cancel_is_kept_and_shown(session: UiSession, qtbot: QtBot) -> None:
    begun = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nbegun"
    with response_stage(session, qtbot, peer=silent_peer(begun)) as stage:
        stage.start("/")
        qtbot.waitUntil(lambda: (stage.pane.view_model.run or object) and stage.pane.status.pill.text() == "Receiving")
        stage.pane.cancel()
        qtbot.waitUntil(lambda: not stage.pane.is_sending(), timeout=20_000)
        assert stage.pane.status.pill.text() == "Cancelled"
        assert stage.shown_text() == "begun"
        assert stage.pane.last_bar.note.text() == "Cancelled when 5 B had arrived."


def test_a_failure_says_what_happened_what_to_try_and_where_the_last_response_is(stage: ResponseStage) -> None:
    good = stage.send()
    port = closed_port()
    base = stage.session.services.environments.base_id(stage.workspace.workspace_id)
    rows = [{"id": "a", "enabled": True, "name": "base_url", "value": f"http://127.0.0.1:{port}"}]
    stage.session.services.editing.patch(base, (Edit(("variables",), rows),)).result(10)
    stage.qtbot.waitUntil(lambda: stage.workspace.variable_state("base_url").known)
    stage.send(url="{{ base_url }}/orders")
    page = stage.pane.pages.failed
    assert (stage.pane.status.pill.text(), stage.pane.status.pill.kind()) == ("Not connected", "danger")
    assert page.isVisible()
    assert page.accessibleName().startswith("Nobody answers at 127.0.0.1.")
    assert [tab.text for tab in stage.pane.tabs.bar.tabs()] == ["Error", "Timeline"]
    with stage.qtbot.waitSignal(stage.pane.send_requested):
        page.rows[0].button.click()
    with stage.qtbot.waitSignal(stage.pane.environments_requested):
        page.rows[1].button.click()
    assert page.rows[1].button.accessibleName() == "Open environments: Is base_url right?"
    with stage.qtbot.waitSignal(stage.pane.preferences_requested) as wished:
        page.rows[2].button.click()
    assert wished.args == ["Proxy"]
    assert stage.pane.last_bar.strong.text() == "201 Created, just now"
    press(stage, "show_last")
    assert stage.pane.view_model.response == good
    press(stage, "show_newest")
    assert page.isVisible()


def test_details_fold_and_are_copied_with_the_heading(stage: ResponseStage) -> None:
    stage.send(url=f"http://127.0.0.1:{closed_port()}/")
    page = stage.pane.pages.failed
    details = page.details
    assert details is not None
    assert details.box.isVisible()
    details.fold.click()
    assert not details.box.isVisible()
    assert details.fold.accessibleName() == "Details, folded"
    details.fold.click()
    assert details.box.isVisible()
    details.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Nobody answers at 127.0.0.1")
    assert "Connection refused (ECONNREFUSED)" in copied


def test_a_failure_with_half_an_answer_keeps_its_parts_beside_the_error(session: UiSession, qtbot: QtBot) -> None:
    short = reply(200, b"half", [("Content-Type", "text/plain"), ("Content-Length", "100"), ("Connection", "close")])
    with response_stage(session, qtbot, peer=raw_peer(short)) as stage:
        stage.send("/")
        assert stage.pane.status.pill.text() == "Broken off"
        keys = [tab.key for tab in stage.pane.tabs.bar.tabs()]
        assert keys == ["error", "preview", "headers", "cookies", "timeline"]
        stage.pane._on_page_chosen("preview")
        assert stage.shown_text() == "half"


def test_the_history_menu_goes_back_and_deletes(stage: ResponseStage) -> None:
    stage.send("/text")
    stage.send("/json")
    stage.qtbot.mouseClick(stage.pane.status.history, Qt.MouseButton.LeftButton)
    menu = stage.pane.history_menu
    assert menu.isVisible()
    first, second = menu.actions()[:2]
    assert first.isChecked()
    second.trigger()
    menu.close()
    assert stage.shown_text() == "plain words"
    assert stage.pane.last_bar.note.text().startswith("An older response, ")
    stage.pane.history_menu.delete_requested.emit()
    assert stage.pane.status.pill.text() == "201 Created"
    stage.qtbot.waitUntil(lambda: len(stage.pane.view_model.history) == 1)
    stage.pane.history_menu.clear_requested.emit()
    assert stage.pane.pages.empty.isVisible()


def test_ages_follow_the_clock(stage: ResponseStage, clock: FixedClock) -> None:
    stage.send()
    clock.advance(4 * 60_000)
    stage.pane._age.timeout.emit()
    assert stage.pane.status.history.text() == "4 minutes ago"
    assert stage.pane.status.history.accessibleName().endswith("4 minutes ago")


def test_a_narrow_pane_gives_up_words_before_deeds(stage: ResponseStage) -> None:
    stage.send()
    stage.pane.resize(320, 500)
    assert stage.pane.status.history.text() == ""
    assert stage.pane.status.history.isVisible()
    assert stage.pane.status.pill.isVisible()
    stage.pane.resize(512, 500)
    assert stage.pane.status.history.text() == "Just now"


def test_the_response_takes_the_focus_by_key(stage: ResponseStage) -> None:
    stage.send()
    stage.pane.focus_response()
    assert stage.pane.body.viewer.hasFocus()
    stage.pane._on_page_chosen("timeline")
    stage.pane.focus_response()
    assert named(stage, "responseTimeline").hasFocus()


def test_a_locked_certificate_asks_for_its_password_and_is_sent_again_with_it(
    session: UiSession, qtbot: QtBot, tmp_path: Path
) -> None:
    authority = TestAuthority(tmp_path)
    client = authority.issue("me.example")
    context = server_context(authority.issue("127.0.0.1"), clients_of=authority)
    locked = str(client.pfx("open me"))
    preferences = session.services.preferences
    preferences.set("tls.authorities", [{"host": "", "file": str(authority.certificate_pem)}]).result(10)
    preferences.set("tls.client_certificates", [{"host": "127.0.0.1", "certificate": locked}]).result(10)
    # A kept TLS connection would keep the peer waiting for our goodbye.
    peer = HttpPeer(lambda _: reply(200, b"ok", [("Connection", "close")]), context=context)
    with response_stage(session, qtbot, peer=peer) as stage:
        stage.send("/")
        assert stage.pane.status.pill.text() == "Not sent"
        row = stage.pane.pages.failed.rows[0]
        assert row.button.text() == "Enter password…"
        with qtbot.waitSignal(stage.pane.certificate_password_requested) as asked:
            row.button.click()
        assert asked.args == [locked]
        stage.pane.view_model.use_certificate_password(locked, "open me")
        qtbot.waitUntil(lambda: not stage.pane.is_sending(), timeout=20_000)
        assert stage.pane.status.pill.text() == "200 OK"
        assert stage.pane.view_model.response is not None
        assert stage.pane.view_model.response.tls is not None


def test_tab_walks_from_the_tabs_into_the_body_and_then_into_the_last_bar(stage: ResponseStage) -> None:
    stage.send("/json")
    stage.qtbot.waitUntil(stage.pane.body.is_pretty)
    stage.pane.window().activateWindow()
    stage.qtbot.waitUntil(stage.pane.isActiveWindow)
    stage.pane.tabs.wrap.setFocus()
    walked = []
    for _ in range(3):
        focused = QApplication.focusWidget()
        assert focused is not None
        stage.qtbot.keyClick(focused, Qt.Key.Key_Tab)
        walked.append(QApplication.focusWidget())
    assert walked == [
        stage.pane.body.viewer,
        stage.pane.last_bar.button("copy_body"),
        stage.pane.last_bar.button("save"),
    ]


def test_the_menu_of_responses_ends_where_its_button_ends(stage: ResponseStage) -> None:
    stage.send("/json")
    stage.pane.open_history_menu()
    menu, button = stage.pane.history_menu, stage.pane.status.history
    stage.qtbot.waitUntil(menu.isVisible)
    try:
        assert menu.geometry().right() == button.mapToGlobal(button.rect().topRight()).x()
    finally:
        menu.close()
