"""Grounds, rows, dividers and progress.

Covers:
insomnia_desktop.ui.widgets.bars
insomnia_desktop.ui.widgets.splitter
insomnia_desktop.ui.widgets.progress_line
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt, QVariantAnimation
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.bars import Bar, Surface
from insomnia_desktop.ui.widgets.buttons import DefaultButton
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.progress_line import ProgressLine
from insomnia_desktop.ui.widgets.splitter import HairlineSplitter


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> None:
    """Draw in the dark theme."""
    switch().choose("dark")


@pytest.mark.parametrize(("hairline", "row"), [("bottom", 47), ("top", 0)])
def test_a_bar_has_its_height_paddings_and_hairline(qtbot: QtBot, hairline: str, row: int) -> None:
    bar = Bar(48, hairline=hairline)  # type: ignore[arg-type]
    qtbot.addWidget(bar)
    label, button = Label("Name"), DefaultButton("Send")
    bar.add(label)
    bar.add_stretch()
    bar.add(button)
    bar.resize(400, bar.sizeHint().height())
    bar.show()
    assert bar.height() == 48
    assert label.geometry().left() == 16
    assert button.geometry().right() == 400 - 8 - 1
    assert abs(button.geometry().center().y() - 23) <= 1
    image = bar.grab().toImage()
    assert image.pixelColor(200, row).name() == theme().hex("hairline")
    assert image.pixelColor(200, 24).name() == theme().hex("window")


def test_a_bar_grows_with_the_zoom(qtbot: QtBot) -> None:
    bar = Bar(40)
    qtbot.addWidget(bar)
    bar.show()
    switch().set_zoom(150)
    grown = bar.sizeHint().height()
    switch().set_zoom(100)
    assert (grown, bar.sizeHint().height()) == (60, 40)


def test_a_surface_has_the_ground_of_its_token_and_follows_the_theme(qtbot: QtBot) -> None:
    surface = Surface("sidebar")
    qtbot.addWidget(surface)
    surface.resize(40, 40)
    assert surface.grab().toImage().pixelColor(20, 20).name() == theme().hex("sidebar")
    switch().choose("light")
    assert surface.grab().toImage().pixelColor(20, 20).name() == theme().hex("sidebar")


@pytest.fixture
def splitter(qtbot: QtBot) -> HairlineSplitter:
    """Two panes side by side."""
    made = HairlineSplitter(Qt.Orientation.Horizontal)
    qtbot.addWidget(made)
    for _ in range(2):
        pane = QWidget()
        pane.setMinimumWidth(50)
        made.addWidget(pane)
    made.resize(401, 200)
    made.setSizes([200, 200])
    made.show()
    return made


def test_a_divider_shows_one_pixel_and_takes_none_from_the_panes(splitter: HairlineSplitter) -> None:
    assert splitter.sizes() == [200, 200]
    image = splitter.grab().toImage()
    row = [image.pixelColor(x, 100).name() for x in range(196, 206)]
    assert row.count(theme().hex("hairline")) == 1
    assert row[4] == theme().hex("hairline")


def test_a_divider_can_be_grabbed_beside_its_line(qtbot: QtBot, splitter: HairlineSplitter) -> None:
    handle = splitter.handle(1)
    assert handle.width() == 9
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(1, 100))
    qtbot.mouseMove(handle, QPoint(61, 100))
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(61, 100))
    assert splitter.sizes()[0] > 200


def test_a_double_click_asks_for_the_first_sizes(qtbot: QtBot, splitter: HairlineSplitter) -> None:
    with qtbot.waitSignal(splitter.reset_requested) as told:
        qtbot.mouseDClick(splitter.handle(1), Qt.MouseButton.LeftButton)
    assert told.args == [1]


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    """A shown widget to lie on."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(200, 40)
    made.show()
    return made


def test_progress_lies_on_the_edge_as_far_as_it_got(host: QWidget) -> None:
    line = ProgressLine(host)
    line.start(0.5)
    image = host.grab().toImage()
    row = [image.pixelColor(x, 39).name() for x in (10, 90, 110, 190)]
    assert row == [theme().hex("accent")] * 2 + [theme().hex("hairline")] * 2
    assert line.fraction() == 0.5
    line.set_fraction(7)
    assert line.fraction() == 1.0
    line.stop()
    assert not line.isVisible()


def test_progress_follows_the_width(host: QWidget) -> None:
    line = ProgressLine(host, edge="top")
    line.start(1.0)
    host.resize(300, 60)
    QApplication.processEvents()
    assert (line.width(), line.y(), line.height()) == (300, 0, 2)


def test_it_moves_only_while_it_is_seen_and_the_end_unknown(host: QWidget) -> None:
    line = ProgressLine(host)
    travel = line.findChild(QVariantAnimation)
    running, stopped = QVariantAnimation.State.Running, QVariantAnimation.State.Stopped
    assert travel.state() == stopped
    line.start()
    assert travel.state() == running
    line.set_fraction(0.2)
    assert travel.state() == stopped
    line.set_fraction(None)
    assert travel.state() == running
    line.stop()
    assert travel.state() == stopped


def test_the_gap_between_controls_outlives_another_theme(qtbot: QtBot) -> None:
    bar = Bar(40)
    qtbot.addWidget(bar)
    first, second = DefaultButton("One"), DefaultButton("Two")
    bar.add(first)
    bar.add(second)
    bar.set_spacing(2)
    bar.resize(bar.sizeHint())
    bar.show()
    gap = second.x() - first.geometry().right()
    switch().choose("light")
    bar.resize(bar.sizeHint())
    qtbot.waitUntil(lambda: second.x() > 0)
    assert second.x() - first.geometry().right() == gap
