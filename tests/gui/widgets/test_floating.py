"""What lies over the window.

Covers:
insomnia_desktop.ui.widgets.floating_panel
insomnia_desktop.ui.widgets.toast
insomnia_desktop.ui.widgets.scrim
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.buttons import LinkButton
from insomnia_desktop.ui.widgets.floating_panel import FloatingPanel
from insomnia_desktop.ui.widgets.labels import WrappedLabel
from insomnia_desktop.ui.widgets.scrim import Scrim
from insomnia_desktop.ui.widgets.toast import Toast


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[QWidget]:
    """A shown light window of 800 x 600."""
    switch().choose("light")
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    yield made
    switch().choose("dark")


def test_a_panel_casts_a_soft_shadow_deeper_below_than_above(window: QWidget) -> None:
    panel = FloatingPanel(window)
    panel.setGeometry(QRect(200, 200, 400, 200))
    panel.show()
    image = window.grab().toImage()
    above, below = image.pixelColor(400, 195), image.pixelColor(400, 405)
    assert below.lightness() < above.lightness() < 255
    fade = [image.pixelColor(400, y).lightness() for y in range(402, 446, 6)]
    assert fade == sorted(fade)
    assert image.pixelColor(400, 460).name() == theme().hex("window")
    assert image.pixelColor(400, 300).name() == theme().hex("window")
    assert image.pixelColor(400, 200).name() == theme().hex("border")


def test_the_shadow_comes_goes_and_moves_with_the_panel(window: QWidget) -> None:
    panel = FloatingPanel(window)
    panel.setGeometry(QRect(200, 200, 200, 100))
    panel.show()
    panel.move(500, 400)
    assert window.grab().toImage().pixelColor(300, 305).name() == theme().hex("window")
    assert window.grab().toImage().pixelColor(600, 505).name() != theme().hex("window")
    panel.hide()
    assert window.grab().toImage().pixelColor(600, 505).name() == theme().hex("window")


def test_the_shadow_takes_no_mouse(qtbot: QtBot, window: QWidget) -> None:
    button = QPushButton(window)
    button.setGeometry(195, 302, 60, 20)
    button.show()
    panel = FloatingPanel(window)
    panel.setGeometry(QRect(200, 200, 200, 100))
    panel.show()
    assert window.childAt(210, 310) is button


@pytest.fixture
def toast(window: QWidget) -> Toast:
    """A toast of the window."""
    return Toast(window, close_tip="Close")


def test_a_notice_says_its_words_and_stands_at_the_foot(window: QWidget, toast: Toast) -> None:
    toast.show_message("Deleted “Cancel order”", "Undo", shortcut_text="Ctrl+Z")
    assert toast.isVisible()
    assert (toast.objectName(), toast.accessibleName()) == ("toast", "Deleted “Cancel order”")
    assert (toast.height(), toast.geometry().bottom()) == (40, 600 - 56 - 1)
    assert abs(toast.geometry().center().x() - 400) <= 1
    window.resize(900, 700)
    QApplication.processEvents()
    assert (toast.geometry().bottom(), abs(toast.geometry().center().x() - 450) <= 1) == (700 - 56 - 1, True)


def test_a_notice_wider_than_the_window_is_cut_nowhere(window: QWidget, toast: Toast) -> None:
    words = (
        f"The server https://{'sync-of-the-north.' * 4}example cannot be reached. Look at the network and try again."
    )
    toast.show_message(words, "Show")
    assert (toast.x(), toast.geometry().right()) == (16, 800 - 16 - 1)
    assert toast.geometry().bottom() == 600 - 56 - 1
    shown = toast.findChild(WrappedLabel)
    assert shown.isVisible()
    assert shown.plain_text() == toast.text() == words
    assert shown.height() >= shown.heightForWidth(shown.width()) > 20
    assert toast.height() >= shown.height() + 20
    toast.show_message("Copied")
    assert (toast.height(), shown.isVisible()) == (40, False)
    assert toast.width() < 200


def test_the_action_is_done_once_and_the_notice_goes(qtbot: QtBot, toast: Toast) -> None:
    done: list[str] = []
    toast.show_message("Deleted", "Undo", lambda: done.append("undo"))
    link = toast.findChild(LinkButton)
    with qtbot.waitSignal(toast.closed):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert done == ["undo"]
    assert not toast.isVisible()


def test_a_new_notice_takes_the_place_of_the_old(toast: Toast) -> None:
    done: list[str] = []
    toast.show_message("Deleted “One”", "Undo", lambda: done.append("one"))
    toast.show_message("Restored version of 11:26", "Show", lambda: done.append("two"))
    assert toast.text() == "Restored version of 11:26"
    toast.findChild(LinkButton).click()
    assert done == ["two"]


def test_what_asks_for_something_is_not_pushed_away_by_what_only_says_something(toast: Toast) -> None:
    done: list[str] = []
    toast.show_message("Changed on two devices", "Choose…", lambda: done.append("choose"), asks=True)
    for said in ("Backed up", "Copied", "Backed up", "Saved", "Sent"):
        toast.show_message(said)
    assert toast.text() == "Changed on two devices"
    toast.findChild(LinkButton).click()
    assert done == ["choose"]
    shown = []
    while toast.isVisible():
        shown.append(toast.text())
        toast.dismiss()
    assert shown == ["Backed up", "Saved", "Sent"]


def test_a_deed_of_the_person_takes_the_place_even_of_what_asks(toast: Toast) -> None:
    toast.show_message("Changed on two devices", "Choose…", lambda: None, asks=True)
    toast.show_message("Deleted “One”", "Undo", lambda: None)
    assert toast.text() == "Deleted “One”"
    toast.show_message("Copied")
    assert toast.text() == "Copied"


def test_a_notice_without_a_deed_has_no_link(toast: Toast) -> None:
    toast.show_message("Copied")
    assert not toast.findChild(LinkButton).isVisible()


def test_a_notice_goes_by_itself_but_waits_under_the_pointer(qtbot: QtBot, toast: Toast) -> None:
    timer = toast.findChild(QTimer)
    toast.show_message("Copied")
    assert timer.isActive()
    center = QPointF(toast.rect().center())
    QApplication.sendEvent(toast, QEnterEvent(center, center, center))
    assert not timer.isActive()
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert timer.isActive()
    with qtbot.waitSignal(toast.closed):
        timer.start(0)
    assert not toast.isVisible()


def test_the_window_is_dimmed_while_a_dialog_is_open(qtbot: QtBot, window: QWidget) -> None:
    scrim = Scrim(window)
    dialog = QDialog(window)
    scrim.open_dialog(dialog)
    assert scrim.isVisible()
    assert scrim.size() == window.size()
    assert dialog.windowModality() == Qt.WindowModality.WindowModal
    assert window.grab().toImage().pixelColor(10, 10).lightness() < 220
    dialog.reject()
    assert not scrim.isVisible()


def test_it_stays_dimmed_until_the_last_is_gone_and_follows_the_size(window: QWidget) -> None:
    scrim = Scrim(window)
    scrim.cover()
    scrim.cover()
    window.resize(500, 400)
    QApplication.processEvents()
    assert scrim.size() == window.size()
    scrim.uncover()
    assert scrim.isVisible()
    scrim.uncover()
    scrim.uncover()
    assert not scrim.isVisible()


def test_the_dimming_takes_no_mouse(window: QWidget) -> None:
    button = QPushButton(window)
    button.show()
    Scrim(window).cover()
    assert window.childAt(5, 5) is button
