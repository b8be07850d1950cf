"""Buttons and when they show a ring.

Covers:
insomnia_desktop.ui.widgets.buttons
insomnia_desktop.ui.widgets.focus_ring
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.buttons import (
    DangerButton,
    DefaultButton,
    IconButton,
    LinkButton,
    PaintedButton,
    PrimaryButton,
    QuietButton,
)
from insomnia_desktop.ui.widgets.card import Card


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> None:
    """Draw in the dark theme."""
    switch().choose("dark")


def picture(widget: QWidget) -> QImage:
    """Return the widget as drawn while the pointer is elsewhere."""
    widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    return widget.grab().toImage()


def shown(qtbot: QtBot, button: PaintedButton) -> PaintedButton:
    """Return the button in a window of its own size."""
    qtbot.addWidget(button)
    button.resize(button.sizeHint())
    button.show()
    return button


def give_focus(button: PaintedButton, reason: Qt.FocusReason) -> None:
    """Give the focus for a reason, also where the window is not active."""
    button.setFocus(reason)
    QApplication.sendEvent(button, QFocusEvent(QFocusEvent.Type.FocusIn, reason))


@pytest.mark.parametrize(
    ("make", "height"),
    [
        (lambda: PrimaryButton("Send"), 32),
        (lambda: DangerButton("Delete"), 32),
        (lambda: DefaultButton("Cancel"), 28),
        (lambda: DefaultButton("Backup now", small=True), 28),
        (lambda: QuietButton("Cookies"), 28),
        (lambda: IconButton("wrap", "Wrap lines"), 28),
    ],
)
def test_heights_are_those_of_the_design(qtbot: QtBot, make: Callable[[], PaintedButton], height: int) -> None:
    assert shown(qtbot, make()).height() == height


def test_an_icon_button_is_square_and_named_for_screen_readers(qtbot: QtBot) -> None:
    button = shown(qtbot, IconButton("copy", "Copy (Ctrl+Shift+C)", name="Copy"))
    assert button.width() == button.height()
    assert (button.toolTip(), button.accessibleName()) == ("Copy (Ctrl+Shift+C)", "Copy")


def test_a_button_grows_with_its_words_icon_and_arrow(qtbot: QtBot) -> None:
    plain = shown(qtbot, DefaultButton("Send again")).width()
    assert shown(qtbot, DefaultButton("Send again", icon="retry")).width() == plain + 16 + 6
    assert shown(qtbot, DefaultButton("Send again", arrow=True)).width() == plain + 14 + 4


def test_a_longer_word_asks_for_a_new_size(qtbot: QtBot) -> None:
    button = shown(qtbot, DefaultButton("Send"))
    before = button.sizeHint().width()
    button.setText("Send it again and again")
    assert button.sizeHint().width() > before + 40


def test_only_the_primary_button_is_filled_with_the_accent(qtbot: QtBot) -> None:
    assert picture(shown(qtbot, PrimaryButton("Send"))).pixelColor(8, 4).name() == theme().hex("accent_fill")
    assert picture(shown(qtbot, DangerButton("Delete"))).pixelColor(8, 4).name() == theme().hex("danger_fill")
    assert picture(shown(qtbot, DefaultButton("Send"))).pixelColor(6, 4).name() == theme().hex("raised")
    assert picture(shown(qtbot, QuietButton("Send"))).pixelColor(3, 4).name() == theme().hex("window")


@pytest.mark.parametrize(
    ("reason", "has_ring"),
    [
        (Qt.FocusReason.TabFocusReason, True),
        (Qt.FocusReason.BacktabFocusReason, True),
        (Qt.FocusReason.ShortcutFocusReason, True),
        (Qt.FocusReason.MouseFocusReason, False),
        (Qt.FocusReason.OtherFocusReason, False),
    ],
)
def test_a_ring_is_drawn_only_when_the_keyboard_brought_the_focus(
    qtbot: QtBot, reason: Qt.FocusReason, has_ring: bool
) -> None:
    button = shown(qtbot, DefaultButton("Send"))
    qtbot.waitUntil(button.isActiveWindow)
    give_focus(button, reason)
    edge = picture(button).pixelColor(button.width() // 2, 1).name()
    assert (edge == theme().hex("accent")) is has_ring


def test_a_ring_comes_back_with_the_window(qtbot: QtBot) -> None:
    button = shown(qtbot, DefaultButton("Send"))
    qtbot.waitUntil(button.isActiveWindow)
    give_focus(button, Qt.FocusReason.TabFocusReason)
    give_focus(button, Qt.FocusReason.ActiveWindowFocusReason)
    assert picture(button).pixelColor(button.width() // 2, 1).name() == theme().hex("accent")


def test_the_primary_ring_leaves_a_gap_before_the_fill(qtbot: QtBot) -> None:
    button = shown(qtbot, PrimaryButton("Send"))
    qtbot.waitUntil(button.isActiveWindow)
    give_focus(button, Qt.FocusReason.TabFocusReason)
    image = picture(button)
    column = [image.pixelColor(button.width() // 2, y).name() for y in range(5)]
    ring, gap, fill = theme().hex("accent"), theme().hex("window"), theme().hex("accent_fill")
    assert column == [ring, ring, gap, fill, fill]


def test_a_pressed_and_a_disabled_button_look_so(qtbot: QtBot) -> None:
    button = shown(qtbot, DefaultButton("Send"))
    button.setDown(True)
    assert picture(button).pixelColor(6, 4).name() == theme().hex("pressed")
    button.setDown(False)
    button.setEnabled(False)
    assert picture(button).pixelColor(button.width() // 2, 0).name() == theme().hex("hairline")


def test_a_button_follows_the_theme(qtbot: QtBot) -> None:
    button = shown(qtbot, PrimaryButton("Send"))
    switch().choose("light")
    assert picture(button).pixelColor(8, 4).name() == theme().hex("accent_fill")


def test_a_click_opens_the_menu_and_the_button_stays_pressed_while_it_is_open(qtbot: QtBot) -> None:
    button = shown(qtbot, QuietButton("Staging", arrow=True))
    menu = QMenu(button)
    menu.addAction("Production")
    button.set_menu(menu)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert menu.isVisible()
    assert picture(button).pixelColor(3, 14).name() == theme().hex("pressed")
    menu.close()
    assert picture(button).pixelColor(3, 14).name() != theme().hex("pressed")


def test_enter_in_a_dialog_presses_its_default_button(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    layout = QVBoxLayout(dialog)
    button = PrimaryButton("Done")
    button.setDefault(True)
    layout.addWidget(button)
    dialog.show()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)


@pytest.mark.parametrize("make", [lambda: QuietButton("Copy"), lambda: Card("send", "New request", "Type an address")])
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_what_has_the_focus_not_the_default_button(
    qtbot: QtBot, make: Callable[[], QAbstractButton], key: Qt.Key
) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    layout = QVBoxLayout(dialog)
    default, other = PrimaryButton("Done"), make()
    default.setDefault(True)
    layout.addWidget(default)
    layout.addWidget(other)
    dialog.show()
    pressed: list[str] = []
    default.clicked.connect(lambda: pressed.append("default"))
    other.clicked.connect(lambda: pressed.append("other"))
    qtbot.keyClick(other, key)
    assert pressed == ["other"]
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True)
    QApplication.sendEvent(other, held)
    assert pressed == ["other"]


def test_a_link_is_drawn_in_the_colour_of_links(qtbot: QtBot) -> None:
    image = picture(shown(qtbot, LinkButton("Sign in")))
    colors = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert theme().hex("accent_text") in colors
