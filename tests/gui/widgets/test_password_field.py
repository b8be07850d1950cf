"""A field for a secret: insomnia_desktop.ui.widgets.password_field."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.password_field import DOT, STEP, PasswordField

SECRET = "correct horse"


@pytest.fixture
def field(qtbot: QtBot, qapp: QApplication) -> PasswordField:
    """A shown field with a secret in it."""
    switch().choose("dark")
    made = PasswordField("Password")
    qtbot.addWidget(made)
    made.resize(300, 32)
    made.show()
    made.setText(SECRET)
    made.clearFocus()
    return made


def dots(image: QImage) -> list[int]:
    """Return where dots begin on the middle line of a field, left of its button."""
    ink = [image.pixelColor(x, 16).name() == theme().hex("text") for x in range(250)]
    return [x for x in range(1, 250) if ink[x] and not ink[x - 1]]


def test_hidden_it_shows_a_dot_of_5_every_9(field: PasswordField) -> None:
    starts = dots(field.grab().toImage())
    assert len(starts) == len(SECRET)
    assert {later - sooner for sooner, later in itertools.pairwise(starts)} == {STEP}
    assert starts[0] in (12, 13)
    assert DOT == 5
    assert SECRET not in field.displayText()


def test_the_caret_stands_behind_as_many_dots_as_it_should(field: PasswordField) -> None:
    field.setCursorPosition(0)
    first = field.cursorRect().center().x()
    field.setCursorPosition(4)
    assert field.cursorRect().center().x() - first == 4 * STEP


def test_the_button_shows_and_hides_the_text(field: PasswordField, qtbot: QtBot) -> None:
    button = field.show_button
    assert button is not None
    assert button.accessibleName() == "Show the password"
    with qtbot.waitSignal(field.shown_changed) as told:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told.args == [True]
    assert field.displayText() == SECRET
    assert dots(field.grab().toImage()) == [] or field.font().letterSpacing() == 0
    assert button.accessibleName() == "Hide the password"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not field.is_shown()
    assert field.text() == SECRET


def test_the_button_stays_in_the_field_when_it_grows(field: PasswordField) -> None:
    button = field.show_button
    assert button is not None
    field.resize(400, 32)
    assert button.geometry().right() == 400 - 3
    switch().set_zoom(150)
    field.resize(400, 48)
    assert field.rect().contains(button.geometry())


def test_without_a_button_it_is_only_a_field(qtbot: QtBot) -> None:
    made = PasswordField("Again", with_button=False)
    qtbot.addWidget(made)
    assert made.show_button is None
    made.set_shown(True)
    assert made.is_shown()


def test_what_is_typed_while_the_button_has_the_focus_does_not_land_in_the_secret(
    field: PasswordField, qtbot: QtBot
) -> None:
    """A key that a child does not take goes on to its parent, which here is the field."""
    button = field.show_button
    assert button is not None
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    qtbot.keyClicks(button, "again")
    assert field.text() == SECRET
    qtbot.keyClick(button, Qt.Key.Key_Backspace)
    assert field.text() == SECRET
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "!")
    assert field.text() == SECRET + "!"
