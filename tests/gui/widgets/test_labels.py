"""Text in ranks: insomnia_desktop.ui.widgets.labels."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.painting import baseline
from insomnia_desktop.ui.widgets.labels import Label, SectionHeading, WrappedLabel


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> None:
    """Draw in the dark theme."""
    switch().choose("dark")


def test_a_label_has_the_colour_of_its_rank_and_follows_the_theme(qtbot: QtBot) -> None:
    label = Label("4.2 KB", rank="dim", size=12)
    qtbot.addWidget(label)
    label.show()
    assert label.palette().windowText().color() == theme().color("dim")
    switch().choose("light")
    assert label.palette().windowText().color() == theme().color("dim")
    label.set_rank("danger")
    assert label.palette().windowText().color() == theme().color("danger")
    assert label.font().pixelSize() == 12


def test_markup_in_a_label_is_text(qtbot: QtBot) -> None:
    label = Label("<b>Cancel</b>")
    wrapped = WrappedLabel("<b>Cancel</b> & more")
    qtbot.addWidget(label)
    qtbot.addWidget(wrapped)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert "&lt;b&gt;Cancel&lt;/b&gt; &amp; more" in wrapped.text()
    assert wrapped.plain_text() == wrapped.accessibleName() == "<b>Cancel</b> & more"


def test_a_label_that_may_be_elided_shows_the_whole_in_its_tip(qtbot: QtBot) -> None:
    address = "https://staging.shop.example/v1/orders?notify=mail"
    label = Label(address, mono=True, elide=Qt.TextElideMode.ElideMiddle)
    qtbot.addWidget(label)
    label.resize(120, 20)
    label.grab()
    assert label.toolTip() == address
    assert label.minimumSizeHint().width() < 40
    label.resize(900, 20)
    label.grab()
    assert label.toolTip() == ""


@pytest.mark.parametrize("size", range(10, 21))
@pytest.mark.parametrize("top", [0, 2, 5])
def test_no_letter_loses_its_bottom_whatever_the_margin_over_it(qtbot: QtBot, size: int, top: int) -> None:
    label = Label("The next try is at 06:12:12.", size=size)
    qtbot.addWidget(label)
    label.setContentsMargins(28, top, 0, 0)
    height = label.sizeHint().height()
    drawn = baseline(label.font(), top=top, height=height - top) + round(QFontMetricsF(label.font()).descent())
    assert drawn <= height
    assert label.minimumSizeHint().height() == height


def test_a_tip_is_never_markup(qtbot: QtBot) -> None:
    label = Label('<img src="file://server/share/x.png"> my & laptop', elide=Qt.TextElideMode.ElideRight)
    qtbot.addWidget(label)
    label.resize(40, 20)
    label.grab()
    assert "<img" not in label.toolTip()
    assert "&lt;img" in label.toolTip()


@pytest.mark.parametrize(
    ("alignment", "left"), [(Qt.AlignmentFlag.AlignLeft, True), (Qt.AlignmentFlag.AlignRight, False)]
)
def test_a_label_stands_where_it_is_aligned(qtbot: QtBot, alignment: Qt.AlignmentFlag, left: bool) -> None:
    label = Label("HH")
    qtbot.addWidget(label)
    label.setAlignment(alignment | Qt.AlignmentFlag.AlignVCenter)
    label.resize(200, 28)
    image = label.grab().toImage()
    ink = [x for x in range(200) if any(image.pixelColor(x, y).lightness() > 128 for y in range(28))]
    assert (ink[-1] < 60) if left else (ink[0] > 140)


@pytest.mark.parametrize(("size", "line"), [(13, 20), (12, 18)])
def test_wrapped_lines_are_as_high_as_in_the_design(qtbot: QtBot, size: int, line: int) -> None:
    label = WrappedLabel("one\ntwo\nthree", size=size)
    qtbot.addWidget(label)
    assert label.sizeHint().height() == 3 * line


def test_wrapped_text_and_rank_can_change(qtbot: QtBot) -> None:
    label = WrappedLabel("one")
    qtbot.addWidget(label)
    label.set_plain_text("other")
    label.set_rank("danger")
    assert label.plain_text() == "other"
    assert label.palette().windowText().color() == theme().color("danger")


def test_a_section_heading_is_32_high_with_a_hairline_under_it(qtbot: QtBot) -> None:
    heading = SectionHeading("What to try", note="in this order")
    qtbot.addWidget(heading)
    heading.resize(300, heading.sizeHint().height())
    image = heading.grab().toImage()
    assert heading.height() == 32
    assert image.pixelColor(299, 31).name() == theme().hex("hairline")
    before = heading.sizeHint().width()
    heading.set_note("")
    assert heading.sizeHint().width() < before


@pytest.mark.parametrize("size", [11, 12, 13, 14, 16, 18, 20])
def test_nothing_hangs_out_of_a_label(qtbot: QtBot, size: int) -> None:
    """Capitals stand in the middle of its height, so what is under the line needs room of its own."""
    label = Label("Password again", size=size)
    qtbot.addWidget(label)
    for height in (label.sizeHint().height(), label.minimumSizeHint().height()):
        line = baseline(label.font(), top=0, height=height)
        assert line + round(QFontMetricsF(label.font()).descent()) <= height
