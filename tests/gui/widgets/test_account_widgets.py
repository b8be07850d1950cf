"""Widgets of the account dialogs: insomnia_desktop.ui.widgets.strength_meter, choice_card, copy_line, icon_line and
recovery_key_view.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QButtonGroup, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.choice_card import ChoiceCard
from insomnia_desktop.ui.widgets.copy_line import CopyLine
from insomnia_desktop.ui.widgets.icon_line import IconLine
from insomnia_desktop.ui.widgets.recovery_key_view import RecoveryKeyView
from insomnia_desktop.ui.widgets.strength_meter import StrengthMeter

KEY = "7K4M-Q2XD-9TRA-0HVN-C5WZ-3JE8-PB6Y-G1FS-4KDM"


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> None:
    """Draw in the dark theme."""
    switch().choose("dark")


def colours(image: QImage, y: int) -> list[str]:
    """Return the colours of one line of pixels."""
    return [image.pixelColor(x, y).name() for x in range(image.width())]


@pytest.mark.parametrize(
    ("score", "word", "token", "filled"),
    [
        (0, "Very weak", "dot_danger", 1),
        (1, "Weak", "dot_danger", 1),
        (2, "Fair", "dot_warning", 2),
        (3, "Strong", "dot_success", 3),
        (4, "Very strong", "dot_success", 4),
    ],
)
def test_a_score_is_bars_and_a_word(qtbot: QtBot, score: int, word: str, token: str, filled: int) -> None:
    meter = StrengthMeter()
    qtbot.addWidget(meter)
    meter.resize(248, 20)
    meter.set_score(score)
    assert meter.word() == word
    assert meter.accessibleName() == f"Strength of the password: {word}"
    line = colours(meter.grab().toImage(), 10)
    bars = line[: line.index(theme().hex("border"))] if filled < 4 else line[:150]
    assert bars.count(theme().hex(token)) >= filled * 20
    assert (theme().hex("border") in line) is (filled < 4)


def test_no_score_shows_nothing_but_keeps_its_room(qtbot: QtBot) -> None:
    meter = StrengthMeter()
    qtbot.addWidget(meter)
    height = meter.sizeHint().height()
    meter.set_score(3)
    meter.set_score(None)
    assert meter.sizeHint().height() == height
    assert meter.accessibleName() == ""
    assert meter.score() is None


@pytest.fixture
def cards(qtbot: QtBot) -> Iterator[tuple[ChoiceCard, ChoiceCard]]:
    """Two cards in a window, of which the first is chosen."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(280, 180)
    column, group = QVBoxLayout(window), QButtonGroup(window)
    made = (ChoiceCard("device", "Here", "One line"), ChoiceCard("server", "There", "A sentence " * 6))
    for card in made:
        group.addButton(card)
        column.addWidget(card)
    made[0].setChecked(True)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    yield made
    window.close()


def test_cards_are_chosen_by_arrow_keys_and_tab_visits_the_chosen_one(
    qtbot: QtBot, cards: tuple[ChoiceCard, ChoiceCard]
) -> None:
    here, there = cards
    assert here.accessibleDescription() == "One line"
    here.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(here, Qt.Key.Key_Down)
    assert there.isChecked()
    assert there.hasFocus()
    assert there.focusPolicy() == Qt.FocusPolicy.StrongFocus
    assert here.focusPolicy() == Qt.FocusPolicy.ClickFocus


def test_the_chosen_card_is_outline_and_tint(qtbot: QtBot, cards: tuple[ChoiceCard, ChoiceCard]) -> None:
    here, there = cards
    here.clearFocus()
    chosen, other = here.grab().toImage(), there.grab().toImage()
    assert chosen.pixelColor(100, 0).name() == theme().hex("accent")
    assert chosen.pixelColor(5, 30).name() == theme().hex("sel_w")
    assert other.pixelColor(100, 0).name() == theme().hex("border")
    assert other.pixelColor(5, 30).name() == theme().hex("raised")
    here.setEnabled(False)
    assert here.grab().toImage().pixelColor(100, 0).name() == theme().hex("border")


def test_a_card_with_a_long_sentence_is_higher(qtbot: QtBot, cards: tuple[ChoiceCard, ChoiceCard]) -> None:
    here, there = cards
    assert here.height() == 72
    assert there.heightForWidth(252) > 72
    assert there.hitButton(there.rect().bottomRight())


def test_a_pointer_over_a_card_that_is_not_chosen_shows(cards: tuple[ChoiceCard, ChoiceCard]) -> None:
    _, there = cards
    there.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    point = QPointF(5, 5)
    QApplication.sendEvent(there, QEnterEvent(point, point, point))
    assert there.grab().toImage().pixelColor(5, 30).name() == theme().hex("hover")
    there.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    QApplication.sendEvent(there, QEvent(QEvent.Type.Leave))


def test_a_value_is_copied_whole_however_little_room_there_is(qtbot: QtBot) -> None:
    line = CopyLine("globe", "Other devices use", "Copy the address")
    qtbot.addWidget(line)
    line.resize(260, 36)
    line.show()
    line.set_value("https://192.168.1.24:8443#" + "q" * 43)
    assert line.accessibleName().startswith("Other devices use https://192.168.1.24:8443#")
    with qtbot.waitSignal(line.copied):
        qtbot.mouseClick(line.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == line.value()
    assert line.copy_button.accessibleName() == "Copy the address"


def test_a_line_says_another_thing_with_another_icon(qtbot: QtBot) -> None:
    line = IconLine("shield", "All is well.", token="success")
    qtbot.addWidget(line)
    line.resize(200, 20)
    before = line.grab().toImage()
    line.show_line("warning", "All is lost.", token="danger", rank="danger")
    assert line.text() == line.accessibleName() == "All is lost."
    assert line.grab().toImage() != before
    line.set_gap(10)
    assert line.sizeHint().height() >= 28


def test_the_key_stands_in_three_columns_and_is_spelled(qtbot: QtBot) -> None:
    view = RecoveryKeyView()
    qtbot.addWidget(view)
    view.set_key(KEY)
    view.resize(view.sizeHint())
    assert (view.width(), view.height()) == (512, 152)
    assert view.accessibleName() == "Recovery key"
    assert view.accessibleDescription().startswith("7 K 4 M, Q 2 X D, ")
    image = view.grab().toImage()
    for column in range(3):
        middle = 22 + 78 + column * 156
        inked = [x for x in range(middle - 30, middle + 30) if image.pixelColor(x, 40).lightness() > 120]
        assert inked
    assert view.key() == KEY


def test_ctrl_c_copies_the_key(qtbot: QtBot) -> None:
    view = RecoveryKeyView()
    qtbot.addWidget(view)
    view.set_key(KEY)
    view.show()
    qtbot.waitUntil(view.isActiveWindow)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keySequence(view, "Ctrl+C")
    assert QGuiApplication.clipboard().text() == KEY
    qtbot.keyClick(view, Qt.Key.Key_A)
    assert view.hasFocus()


def test_one_that_is_too_short_is_as_bad_as_can_be(qtbot: QtBot) -> None:
    meter = StrengthMeter()
    qtbot.addWidget(meter)
    meter.set_score(4, wanted=10)
    assert (meter.word(), meter.score()) == ("Too short: at least 10 characters", 0)
    assert meter.accessibleName() == "Strength of the password: Too short: at least 10 characters"
    for width, has_bar in ((248, True), (200, False)):
        meter.resize(width, 20)
        line = colours(meter.grab().toImage(), 10)
        assert (line[3] == theme().hex("dot_danger"), theme().hex("border") in line) == (has_bar, False)
    meter.set_score(4)
    assert meter.word() == "Very strong"
