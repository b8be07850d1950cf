"""The parts of the response pane that need no send: insomnia_desktop.ui.panes.response.outcome,
insomnia_desktop.ui.panes.response.body_kind, insomnia_desktop.ui.panes.response.set_cookies,
insomnia_desktop.ui.panes.response.advice, insomnia_desktop.ui.panes.response.timeline_text,
insomnia_desktop.ui.panes.response.timeline_page, insomnia_desktop.ui.panes.response.response_table,
insomnia_desktop.ui.panes.response.image_view and insomnia_desktop.ui.panes.response.history_menu.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.model import ErrorRecord, Hop, ResponseSummary, SentRecord, TimelineEntry, TlsRecord
from insomnia_desktop.services.error_text import sentence
from insomnia_desktop.ui.panes.response import advice as rules
from insomnia_desktop.ui.panes.response.advice import Advice, UsedVariable, advice_for, icon_of
from insomnia_desktop.ui.panes.response.body_kind import BodyKind, charset_of, kind_of
from insomnia_desktop.ui.panes.response.history_menu import HistoryMenu
from insomnia_desktop.ui.panes.response.image_view import ImageView
from insomnia_desktop.ui.panes.response.outcome import history_words, outcome_of, short_words, status_words
from insomnia_desktop.ui.panes.response.response_table import ResponseTable
from insomnia_desktop.ui.panes.response.set_cookies import set_cookies
from insomnia_desktop.ui.panes.response.timeline_page import TimelinePage
from insomnia_desktop.ui.panes.response.timeline_text import TimelineText, entry_lines, full_lines
from insomnia_desktop.ui.theme.active import switch, theme
from tests.gui.panes.response.response_stage import STARTED, response_of

_MINUTE = 60_000
_VARIABLE = UsedVariable("base_url", True, "https://a.example/v1", "from Staging")


def summary(**fields: object) -> ResponseSummary:
    values = {
        "id": "a",
        "request_id": "r",
        "started": STARTED,
        "state": "ok",
        "status": 201,
        "reason": "Created",
        "total_ms": 128.0,
        "size_decoded": 4200,
    }
    return ResponseSummary(**{**values, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(101, "info"), (204, "success"), (304, "accent"), (404, "warning"), (503, "danger"), (999, "notice")],
)
def test_the_pill_has_the_colour_of_the_class_of_its_status(status: int, kind: str) -> None:
    assert outcome_of(response_of(status=status)).kind == kind


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("send.refused", "Not connected"),
        ("send.tls_certificate", "Not connected"),
        ("send.timeout", "Timed out"),
        ("send.no_response", "No answer"),
        ("send.closed_early", "Broken off"),
        ("send.disk_full", "Not kept"),
        ("send.bad_address", "Not sent"),
        ("template.unknown_names", "Not sent"),
    ],
)
def test_a_failure_is_one_short_word_in_the_colour_of_danger(code: str, words: str) -> None:
    outcome = outcome_of(response_of(state="failed", status=0, error=ErrorRecord(code=code)))
    assert (outcome.words, outcome.kind) == (words, "danger")


def test_a_cancelled_send_is_a_notice_whatever_status_had_come() -> None:
    outcome = outcome_of(response_of(state="cancelled"))
    assert (outcome.words, outcome.kind) == ("Cancelled", "notice")


def test_a_status_without_a_reason_gets_the_registered_one_and_a_long_one_is_cut() -> None:
    assert status_words(404, "") == "404 Not Found"
    assert status_words(799, "") == "799"
    assert status_words(200, "x" * 50) == "200 " + "x" * 31 + "…"


def test_a_line_of_the_history_says_status_time_size_and_when() -> None:
    now = STARTED + 128 + 4 * _MINUTE
    assert history_words(summary(), now) == "201 Created  ·  128 ms  ·  4.2 KB  ·  4 minutes ago"
    assert short_words(summary(), now) == "201 Created, 4 minutes ago"
    assert short_words(summary(), STARTED, timed=True) == "201 Created, 128 ms, just now"
    failed = summary(state="failed", status=0, size_decoded=0, total_ms=None, error_code="send.refused")
    assert history_words(failed, now) == "Not connected  ·  4 minutes ago"


@pytest.mark.parametrize(
    ("content", "content_type", "kind"),
    [
        (b"{}", "application/problem+json; charset=x", BodyKind("text", language="json", charset="x")),
        (b"a=b", "application/x-www-form-urlencoded", BodyKind("text")),
        (b"\x00\x01", "text/plain", BodyKind("text")),
        (b"{}", "", BodyKind("text", language="json")),
        (b"words", "application/octet-stream", BodyKind("text")),
        (b"\xff\xfew\0", "application/octet-stream", BodyKind("text")),
        (b"wor\0ds", "application/octet-stream", BodyKind("binary")),
        (b"\xc3\x28" + b"x" * 20, "application/octet-stream", BodyKind("binary")),
        (b"\x01\x02\x03words", "application/octet-stream", BodyKind("binary")),
        ("ö".encode()[:1], "application/octet-stream", BodyKind("text")),
        (b"x", "image/png", BodyKind("image", picture="PNG")),
        (b"\x89PNG\r\n\x1a\n...", "", BodyKind("image", picture="PNG")),
        (b"<svg/>", "image/svg+xml", BodyKind("text", language="xml")),
    ],
)
def test_a_body_is_known_by_its_type_and_else_by_its_first_bytes(
    tmp_path: Path, content: bytes, content_type: str, kind: BodyKind
) -> None:
    path = tmp_path / "body"
    path.write_bytes(content)
    assert kind_of(path, content_type, len(content)) == kind


def test_a_body_may_be_empty_or_gone(tmp_path: Path) -> None:
    assert kind_of(None, "text/plain", 0).kind == "empty"
    assert kind_of(None, "text/plain", 5).kind == "missing"
    assert kind_of(tmp_path / "gone", "", 5).kind == "missing"


def test_the_charset_may_stand_in_quotes_and_is_utf_8_without_a_word() -> None:
    assert charset_of('text/plain; format=flowed; Charset="ISO-8859-1"') == "ISO-8859-1"
    assert charset_of("text/plain; charset=") == "utf-8"


def test_cookies_are_read_as_a_jar_would_with_what_is_missing_filled_in() -> None:
    lines = (
        "sid=a=b; Path=/; HttpOnly; Secure; SameSite=lax; Max-Age=3600; Expires=Wed, 21 Oct 2020 07:28:00 GMT",
        "old=; Max-Age=0",
        "plain=1; Domain=.Example.com; Expires=Wed, 21-Oct-2037 07:28:00 GMT",
        "odd; Expires=soon; Max-Age=x",
        "far=1; Max-Age=99999999999999999999",
    )
    found = set_cookies(
        response_of(url="https://api.example.com/v1/orders?x", headers=tuple(("set-cookie", line) for line in lines))
    )
    first, old, plain, odd, far = found
    assert (first.name, first.value, first.domain, first.path) == ("sid", "a=b", "api.example.com", "/")
    assert first.expires == "1 Mar 2026 13:00:00"
    assert first.flags == "Secure, HttpOnly, SameSite=Lax"
    assert (old.path, old.expires) == ("/v1", "At once (deleted)")
    assert (plain.domain, plain.expires) == ("example.com", "21 Oct 2037 07:28:00")
    assert (odd.name, odd.value, odd.expires) == ("", "odd", "soon")
    assert far.expires.endswith("2425 12:00:00")


def advise(code: str, *, variables: tuple[UsedVariable, ...] = (_VARIABLE,), **params: object) -> list[Advice]:
    error = ErrorRecord(code=code, params=params)
    return advice_for(error, sentence(error), variables=variables, proxy="None is set.")


def test_a_refused_connection_asks_for_the_server_the_variable_and_the_proxy() -> None:
    rows = advise("send.refused", host="h", address="1.2.3.4", port=443)
    assert [(row.icon, row.deed) for row in rows] == [
        ("retry", rules.SEND),
        ("braces", rules.ENVIRONMENTS),
        ("globe", rules.PREFERENCES),
    ]
    assert (rows[0].title, rows[0].text) == (
        "Is the server running, and is the port right?",
        "Send again when it is.",
    )
    assert (rows[1].title, rows[1].text) == ("Is base_url right?", "https://a.example/v1, from Staging")
    assert (rows[2].text, rows[2].target) == ("None is set.", "Proxy")


def test_unknown_names_are_listed_with_where_they_stand() -> None:
    rows = advise(
        "template.unknown_names", names=[{"name": "tokn", "where": "header X"}, {"name": "b", "where": "body"}]
    )
    assert [(row.title, row.text, row.deed) for row in rows[:2]] == [
        ("Is tokn spelled right, and set?", "It stands in: header X", rules.ENVIRONMENTS),
        ("Is b spelled right, and set?", "It stands in: body", rules.ENVIRONMENTS),
    ]
    assert rows[2].deed == rules.SEND


def test_certificates_passwords_and_settings_lead_to_where_they_are_set() -> None:
    assert advise("send.tls_certificate", reason="expired")[-1].target == "Certificates"
    assert [row.deed for row in advise("send.client_certificate", reason="password", path="/c.pfx")] == [rules.PASSWORD]
    assert advise("send.client_certificate", reason="wrong_password", path="/c.pfx")[0].target == "/c.pfx"
    assert advise("send.proxy_failed", host="p", port=1)[0].target == "Proxy"
    assert advise("send.disk_full")[-1].target == "Storage"
    assert advise("send.bad_method", variables=())[-1].deed == rules.SEND


def test_an_unknown_variable_in_the_address_is_asked_for_by_name() -> None:
    rows = advise("send.bad_address", variables=(UsedVariable("host", False, "", ""),))
    assert rows[-1].title == "Is host spelled right, and set?"


@pytest.mark.parametrize(
    ("code", "icon"),
    [
        ("template.cycle", "braces"),
        ("send.refused", "plug"),
        ("send.unknown_host", "globe"),
        ("send.tls_failed", "lock"),
        ("send.disk_full", "warning"),
    ],
)
def test_the_drawing_says_where_it_failed(code: str, icon: str) -> None:
    assert icon_of(ErrorRecord(code=code)) == icon


_ENTRIES = (
    TimelineEntry(at=STARTED + 102, kind="dns", text="Resolve a.example  3 ms"),
    TimelineEntry(at=STARTED + 1121, kind="error", text="Connection refused (ECONNREFUSED)"),
)


def test_a_line_of_the_timeline_has_its_time_and_the_colour_of_its_kind() -> None:
    first, last = entry_lines(_ENTRIES)
    assert (first.time, first.text, first.token) == ("12:00:00.102", "Resolve a.example  3 ms", "dim")
    assert (last.time, last.token) == ("12:00:01.121", "danger")


def test_the_whole_timeline_shows_hops_connection_and_what_was_sent(qtbot: QtBot) -> None:
    response = response_of(
        timeline=_ENTRIES,
        hops=(Hop(method="GET", url="http://a/", status=302, location="https://b/"),),
        remote_address="127.0.0.1:443",
        http_version="HTTP/2",
        tls=TlsRecord(version="TLSv1.3", cipher="AES", alpn="h2", subject="b", issuer="CA", verified=False),
        sent=SentRecord(method="POST", url="https://b/", headers=(("A", "1"),), body_size=99, body_preview="one\ntwo"),
    )
    page = TimelinePage()
    qtbot.addWidget(page)
    page.show_response(response)
    lines = page.as_text().splitlines()
    assert lines[0] == "12:00:00.102  Resolve a.example  3 ms"
    for wanted in (
        "302 Found → https://b/",
        "Address: 127.0.0.1:443",
        "TLS: TLSv1.3, AES, h2",
        "Certificate: b (not checked)",
        "POST https://b/",
        "A: 1",
        "two",
        "…",
    ):
        assert wanted in lines
    assert [line.text for line in full_lines(response) if line.is_heading] == [
        "Redirects",
        "Phases",
        "Connection",
        "Sent",
    ]
    assert page.text.toPlainText().splitlines() == lines


def test_the_timeline_is_selectable_by_keyboard_and_follows_the_theme(qtbot: QtBot) -> None:
    text = TimelineText()
    qtbot.addWidget(text)
    text.show_lines(entry_lines(_ENTRIES))
    text.show()
    assert text.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByKeyboard
    switch().choose("dark")
    cursor = text.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    assert cursor.charFormat().foreground().color() == theme().color("danger")


@pytest.fixture
def table(qtbot: QtBot) -> ResponseTable:
    made = ResponseTable(("Name", "Value"), (0.4, 0.6))
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show_rows([("Content-Type", "text/plain"), ("X", "1")])
    made.show()
    return made


def test_selected_rows_are_copied_as_lines(table: ResponseTable, qtbot: QtBot) -> None:
    table.setFocus()
    table.setCurrentIndex(table.rows_model.index(0, 0))
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Content-Type: text/plain\nX: 1"
    assert table.as_text() == "Content-Type: text/plain\nX: 1"


def test_cells_tell_their_heading_to_a_screen_reader_and_cannot_be_edited(table: ResponseTable) -> None:
    index = table.rows_model.index(0, 1)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Value: text/plain"
    assert not index.flags() & Qt.ItemFlag.ItemIsEditable


def test_rows_are_painted_with_their_texts_and_the_selection(table: ResponseTable) -> None:
    table.selectRow(1)
    image = table.viewport().grab().toImage()
    selected = QColor(image.pixel(table.viewport().width() - 3, 40))
    assert selected == theme().color("sel_w")
    assert QColor(image.pixel(table.viewport().width() - 3, 10)) == theme().color("window")


def test_a_picture_is_shown_with_its_size_and_scaled_down_to_fit(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "picture"
    image = QImage(600, 300, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 200, 30))
    assert image.save(str(path), "PNG")
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(232, 200)
    view.show()
    assert view.open_file(path, "PNG")
    assert view.caption() == "600 × 300, PNG"
    grabbed = view.grab().toImage()
    middle = (200 - 32 - 28) // 2 + 16
    assert QColor(grabbed.pixel(116, middle)) == QColor(10, 200, 30)
    assert QColor(grabbed.pixel(116, middle - 54)) == theme().color("window")
    assert QColor(grabbed.pixel(10, middle)) == theme().color("window")
    view.copy()
    assert QGuiApplication.clipboard().image().size() == image.size()
    view.close_file()
    assert view.caption() == ""


def test_a_broken_picture_is_none(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "picture"
    path.write_bytes(b"\x89PNG\r\n\x1a\nand nothing")
    view = ImageView()
    qtbot.addWidget(view)
    assert not view.open_file(path, "PNG")


def actions_of(menu: HistoryMenu) -> list[QAction]:
    return [action for action in menu.actions() if not action.isSeparator()]


def test_the_history_menu_ticks_the_shown_one_and_offers_to_remove(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    menu = HistoryMenu(parent)
    menu.show_history([summary(), summary(id="b", status=404, reason="")], shown_id="b", now=STARTED)
    first, second, delete, clear = actions_of(menu)
    assert second.text().startswith("404 Not Found")
    assert [first.isChecked(), second.isChecked()] == [False, True]
    with qtbot.waitSignal(menu.chosen) as chosen:
        first.trigger()
    assert chosen.args == ["a"]
    with qtbot.waitSignal(menu.delete_requested):
        delete.trigger()
    with qtbot.waitSignal(menu.clear_requested):
        clear.trigger()
    menu.show_history([summary()], shown_id="elsewhere", now=STARTED)
    assert not actions_of(menu)[1].isEnabled()
    menu.show_history([], shown_id="", now=STARTED)
    assert [action.isEnabled() for action in actions_of(menu)] == [False]
