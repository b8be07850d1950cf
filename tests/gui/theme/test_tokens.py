"""Theme files and what reads them: insomnia_desktop.ui.theme.tokens."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from insomnia_desktop.base.errors import Bug
from insomnia_desktop.ui.theme.tokens import THEME_NAMES, load_theme


def test_both_themes_have_the_same_names_in_the_same_order() -> None:
    assert list(load_theme("dark").colors) == list(load_theme("light").colors)


@pytest.mark.parametrize("name", THEME_NAMES)
def test_every_value_is_a_colour(name: str) -> None:
    theme = load_theme(name)
    wrong = [token for token, value in theme.colors.items() if len(value) not in (7, 9) or not QColor(value).isValid()]
    assert wrong == []
    assert theme.name == name
    assert theme.is_dark is (name == "dark")


def test_a_colour_is_made_once() -> None:
    theme = load_theme("dark")
    assert theme.color("accent") is theme.color("accent")
    assert theme.color("accent").name() == theme.hex("accent")


def test_an_unknown_token_or_theme_is_a_bug() -> None:
    with pytest.raises(Bug) as token:
        load_theme("dark").color("surface")
    assert token.value.code == "theme.unknown_token"
    with pytest.raises(Bug) as name:
        load_theme("sepia")
    assert name.value.code == "theme.unknown_name"


def test_methods_have_colours_and_unknown_ones_share_one() -> None:
    theme = load_theme("light")
    assert theme.method("POST") == theme.color("method.post")
    assert theme.method("PURGE") == theme.method("OPTIONS") == theme.color("method.other")
