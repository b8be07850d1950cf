"""The switch of themes and what it dresses.

Covers:
insomnia_desktop.ui.theme.active
insomnia_desktop.ui.theme.current
insomnia_desktop.ui.theme.palette
insomnia_desktop.ui.theme.stylesheet
insomnia_desktop.ui.theme.fonts
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.errors import Bug
from insomnia_desktop.base.paths import resource_path
from insomnia_desktop.ui.theme import fonts, stylesheet
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, tabular, ui_font
from insomnia_desktop.ui.theme.palette import palette_of
from insomnia_desktop.ui.theme.stylesheet import stylesheet_of
from insomnia_desktop.ui.theme.tokens import load_theme


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> Iterator[None]:
    """Start in the dark theme at 100 %, and leave it so."""
    switch().choose("dark")
    yield
    switch().set_zoom(100)
    switch().set_mono_family("")
    switch().choose("dark")


def test_choosing_dresses_the_application_and_tells_everybody(qtbot: QtBot, qapp: QApplication) -> None:
    with qtbot.waitSignal(switch().changed):
        switch().choose("light")
    light = load_theme("light")
    assert theme() is light
    assert switch().choice() == "light"
    assert qapp.palette().color(QPalette.ColorRole.Window) == light.color("window")
    assert light.hex("scroll") in qapp.styleSheet()


def test_a_system_that_names_no_scheme_gets_the_light_theme() -> None:
    switch().choose("system")
    assert theme().name == "light"


def test_the_palette_shows_placeholders_and_disabled_words_in_faint() -> None:
    dark_theme = load_theme("dark")
    palette = palette_of(dark_theme)
    assert palette.color(QPalette.ColorRole.PlaceholderText) == dark_theme.color("faint")
    assert palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText) == dark_theme.color("faint")
    assert palette.color(QPalette.ColorGroup.Inactive, QPalette.ColorRole.Highlight) == dark_theme.color("textsel")


def test_zoom_scales_fonts_measures_and_sheet_and_tells_once(qtbot: QtBot, qapp: QApplication) -> None:
    told: list[int] = []
    switch().changed.connect(lambda: told.append(fonts.zoom()))
    switch().set_zoom(150)
    switch().set_zoom(150)
    assert told == [150]
    assert px(28) == 42
    assert ui_font(12).pixelSize() == 18
    assert qapp.font().pixelSize() == 20
    assert "min-height: 42px" in qapp.styleSheet()


def test_zoom_stays_within_what_can_be_read() -> None:
    switch().set_zoom(10_000)
    assert fonts.zoom() == fonts.MOST_ZOOM
    switch().set_zoom(1)
    assert fonts.zoom() == fonts.LEAST_ZOOM


def test_the_ui_font_is_the_systems_in_our_size_and_weight(qapp: QApplication) -> None:
    font = ui_font(14, 600)
    assert font.family() == qapp.font().family()
    assert (font.pixelSize(), font.weight()) == (14, QFont.Weight.DemiBold)


def test_a_mono_family_that_is_not_there_falls_back_to_one_that_is() -> None:
    switch().set_mono_family("No Such Font 7")
    assert QFontInfo(mono_font()).family() != "No Such Font 7"
    assert mono_font().featureValue(QFont.Tag("calt")) == 0


def test_tabular_figures_leave_the_given_font_alone() -> None:
    font = ui_font()
    assert tabular(font).featureValue(QFont.Tag("tnum")) == 1
    assert not font.isFeatureSet(QFont.Tag("tnum"))


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_sheet_leaves_nothing_to_fill_in(name: str) -> None:
    sheet = stylesheet_of(load_theme(name))
    assert "{{" not in sheet
    assert "}}" not in sheet.replace("} }", "")
    assert "font" not in sheet.replace("a font here would beat every setFont", "")


def test_every_template_is_joined() -> None:
    there = sorted(path.name for path in Path(resource_path("styles")).glob("*.qss"))
    assert there == list(stylesheet._SHEETS)


def test_an_unknown_token_in_a_sheet_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stylesheet, "_templates", lambda: "QMenu { color: {{surface}}; }")
    with pytest.raises(Bug):
        stylesheet_of(load_theme("dark"))
