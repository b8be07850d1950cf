"""Small painted signs.

Covers:
insomnia_desktop.ui.widgets.badge
insomnia_desktop.ui.widgets.pill
insomnia_desktop.ui.widgets.keycap
insomnia_desktop.ui.widgets.status_dot
insomnia_desktop.ui.widgets.card
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.badge import Badge
from insomnia_desktop.ui.widgets.card import Card
from insomnia_desktop.ui.widgets.keycap import KeycapRow, keys_of
from insomnia_desktop.ui.widgets.pill import StatusPill
from insomnia_desktop.ui.widgets.status_dot import StatusDot


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> None:
    """Draw in the dark theme."""
    switch().choose("dark")


def colors_of(qtbot: QtBot, widget: QWidget) -> set[str]:
    """Return the colours the widget is drawn with while the pointer is elsewhere."""
    qtbot.addWidget(widget)
    widget.resize(widget.sizeHint())
    widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("kind", ["success", "warning", "danger", "info", "accent", "notice"])
def test_a_pill_is_a_tint_under_words_of_its_colour(qtbot: QtBot, kind: str) -> None:
    pill = StatusPill("Text", kind=kind)  # type: ignore[arg-type]
    words = "accent_text" if kind == "accent" else kind
    assert {theme().hex(f"{kind}_tint"), theme().hex(words)} <= colors_of(qtbot, pill)
    assert pill.height() == 24


def test_a_pill_takes_another_status_and_screen_readers_hear_it(qtbot: QtBot) -> None:
    pill = StatusPill("200 OK", kind="success")
    qtbot.addWidget(pill)
    before = pill.sizeHint().width()
    pill.set_status("503 Service Unavailable", "danger")
    assert (pill.kind(), pill.text()) == ("danger", "503 Service Unavailable")
    assert pill.sizeHint().width() > before


def test_a_badge_is_round_and_at_least_as_wide_as_high(qtbot: QtBot) -> None:
    small, large = Badge("1"), Badge("1,204")
    assert theme().hex("pressed") in colors_of(qtbot, small)
    assert (small.height(), small.width() >= 16) == (16, True)
    assert colors_of(qtbot, large)
    assert large.width() > small.width()


def test_a_badge_that_asks_for_something_has_the_colours_of_warning(qtbot: QtBot) -> None:
    assert {theme().hex("warning_tint"), theme().hex("warning")} <= colors_of(qtbot, Badge("1", warning=True))


@pytest.mark.parametrize(
    ("shortcut", "mac", "keys"),
    [
        ("Ctrl+Shift+H", False, ["Ctrl", "Shift", "H"]),
        ("Ctrl++", False, ["Ctrl", "+"]),
        ("F1", False, ["F1"]),
        ("Ctrl+Return", False, ["Ctrl", "Enter"]),
        ("Down", False, ["↓"]),
        ("Ctrl+Shift+H", True, ["⌘", "⇧", "H"]),
    ],
)
def test_a_shortcut_is_split_into_its_keys(shortcut: str, mac: bool, keys: list[str]) -> None:
    assert keys_of(shortcut, mac=mac) == keys


def test_keycaps_are_20_high_and_named_by_their_shortcut(qtbot: QtBot) -> None:
    row = KeycapRow("Ctrl+N")
    assert {theme().hex("border"), theme().hex("raised")} <= colors_of(qtbot, row)
    assert (row.height(), row.accessibleName()) == (20, "Ctrl+N")
    width = row.width()
    row.set_shortcut("Ctrl+Shift+N")
    assert row.sizeHint().width() > width


def test_a_dot_takes_a_token_or_a_colour_that_a_person_chose(qtbot: QtBot) -> None:
    dot = StatusDot("dot_success")
    assert theme().hex("dot_success") in colors_of(qtbot, dot)
    chosen = theme().color("method.put")
    dot.set_color(chosen)
    assert chosen.name() in colors_of(qtbot, dot)
    dot.set_color(QColor())
    assert theme().hex("dot_success") in colors_of(qtbot, dot)


def test_a_card_is_pressed_by_mouse_and_by_keyboard(qtbot: QtBot) -> None:
    card = Card("send", "New request", "Type an address and send it")
    assert {theme().hex("raised"), theme().hex("border"), theme().hex("accent_text")} <= colors_of(qtbot, card)
    assert (card.width(), card.height()) == (216, 124)
    assert (card.text(), card.accessibleDescription()) == ("New request", "Type an address and send it")
    card.show()
    with qtbot.waitSignal(card.clicked):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(card.clicked):
        qtbot.keyClick(card, Qt.Key.Key_Space)


def test_a_card_with_a_long_sentence_grows_instead_of_cutting_it(qtbot: QtBot) -> None:
    card = Card("import", "Import", "Insomnia, Postman, Bruno, OpenAPI, HAR or a curl line, " * 3)
    qtbot.addWidget(card)
    assert card.sizeHint().height() > 124
