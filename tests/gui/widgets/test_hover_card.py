"""The card over a variable: insomnia_desktop.ui.widgets.hover_card."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.models.variable_state import VariableState
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.hover_card import HoverCard


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """Return a window to lie over."""
    switch().choose("dark")
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    return made


def card_at(window: QWidget, state: VariableState, place: QPoint) -> HoverCard:
    """Return a card shown for a chip of 80 x 20 at a place of the window."""
    owner = QWidget(window)
    card = HoverCard(owner)
    card.show_state("name", state, QRect(window.mapToGlobal(place), QSize(80, 20)))
    return card


def test_the_card_shows_value_and_source(window: QWidget) -> None:
    state = VariableState(known=True, value="https://x", source="from Staging", color="dot_warning")
    card = card_at(window, state, QPoint(20, 20))
    assert card.shown_text() == "https://x\nfrom Staging"
    assert card.accessibleName() == "https://x, from Staging"
    assert card.parentWidget() is window
    assert card.geometry().topLeft() == QPoint(20, 44)
    assert card.grab().toImage().pixelColor(16, 41).name() == theme().hex("dot_warning")


def test_an_unknown_name_is_said(window: QWidget) -> None:
    card = card_at(window, VariableState(known=False), QPoint(0, 0))
    assert card.shown_text().startswith("name is not known")


def test_an_empty_value_is_said(window: QWidget) -> None:
    card = card_at(window, VariableState(known=True, value=""), QPoint(0, 0))
    assert card.shown_text() == "(empty)"


def test_the_card_stays_in_the_window(window: QWidget) -> None:
    state = VariableState(known=True, value="v" * 500, source="from Base environment", color="#112233")
    card = card_at(window, state, QPoint(550, 270))
    assert window.rect().contains(card.geometry())
    assert card.geometry().bottom() < 270
    assert card.width() == 480


def test_a_long_value_is_cut(window: QWidget) -> None:
    card = card_at(window, VariableState(known=True, value="a\n" * 100), QPoint(0, 0))
    assert card.shown_text().count("\n") == 7
    assert card.shown_text().endswith("…")


def test_the_card_takes_no_mouse(window: QWidget) -> None:
    card = card_at(window, VariableState(known=True, value="a"), QPoint(0, 0))
    assert window.childAt(card.geometry().center()) is not card
