"""Our icons: insomnia_desktop.ui.theme.icons."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QApplication

from insomnia_desktop.base.errors import Bug
from insomnia_desktop.base.paths import resource_path
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.icons import icon, icon_pixmap

FILES = sorted(Path(resource_path("icons")).glob("*.svg"))


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> None:
    """Draw in the dark theme."""
    switch().choose("dark")


def solid_colors(image: QImage) -> set[str]:
    """Return the colours of the pixels that are fully drawn."""
    pixels = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return {image.pixelColor(x, y).name() for x, y in pixels if image.pixelColor(x, y).alpha() == 255}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_icon_is_drawn_on_the_grid_in_one_colour(path: Path) -> None:
    text = path.read_text("utf-8")
    assert 'viewBox="0 0 16 16"' in text
    assert 'fill="none" stroke="currentColor" stroke-width="1.5"' in text
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|url\(|<image|<text", text)
    image = icon_pixmap(path.stem, "danger", 16, 2.0).toImage()
    assert solid_colors(image) == {theme().hex("danger")}


def test_there_is_an_icon_for_every_meaning_the_design_names() -> None:
    named = (
        "search plus chevron_down chevron_right chevron_up close trash copy clock wrap filter help info send import "
        "cloud folder braces eye eye_off lock check check_small undo globe plug warning more edit duplicate drag file "
        "save arrow_up arrow_down settings keyboard device cookie format external"
    )
    assert set(named.split()) <= {path.stem for path in FILES}


def test_an_icon_is_rendered_at_the_ratio_of_the_screen_and_kept() -> None:
    pixmap = icon_pixmap("send", "dim", 16, 2.0)
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (32, 2.0)
    assert icon_pixmap("send", "dim", 16, 2.0) is pixmap


def test_an_icon_takes_the_colour_of_the_theme_that_is_chosen() -> None:
    switch().choose("light")
    assert solid_colors(icon_pixmap("plus", "text", 16, 2.0).toImage()) == {theme().hex("text")}


def test_a_large_icon_is_drawn_finer_than_a_small_one_grown() -> None:
    def ink(size: int) -> float:
        image = icon_pixmap("minus", "text", size, 4.0).toImage()
        column = image.width() // 2
        return sum(image.pixelColor(column, y).alphaF() for y in range(image.height())) / 4

    assert ink(16) == pytest.approx(1.5, abs=0.1)
    assert ink(24) == pytest.approx(1.25 * 24 / 16, abs=0.1)


def test_a_disabled_icon_is_faint() -> None:
    pixmap = icon("plus", "accent_text").pixmap(16, QIcon.Mode.Disabled)
    assert theme().hex("faint") in solid_colors(pixmap.toImage())


def test_an_icon_that_does_not_exist_is_a_bug() -> None:
    with pytest.raises(Bug):
        icon_pixmap("paper_plane")
