"""Computes every contrast that the design promises, from the theme files."""

from __future__ import annotations

import pytest

from insomnia_desktop.ui.theme.tokens import THEME_NAMES, Theme, load_theme

STATUSES = ("success", "warning", "danger", "info", "notice")
METHODS = ("method.get", "method.post", "method.put", "method.patch", "method.delete", "method.other")
SYNTAX = tuple(f"syntax.{name}" for name in ("key", "string", "number", "boolean", "null", "punctuation", "comment"))
GROUNDS = ("window", "sidebar", "raised", "hover", "sel", "sel_w")

READABLE: list[tuple[str, str]] = [
    *((token, ground) for token in ("text", "accent_text", *STATUSES, *METHODS) for ground in GROUNDS),
    *(("dim", ground) for ground in ("window", "sidebar", "raised", "hover", "floating", "segment_track")),
    *(("faint", ground) for ground in ("window", "sidebar", "raised")),
    *((token, f"{token}_tint") for token in STATUSES),
    ("accent_text", "accent_tint"),
    *((token, ground) for token in SYNTAX for ground in ("window", "line", "add_tint", "del_tint")),
    *(("on_accent", fill) for fill in ("accent_fill", "accent_fill_hover", "danger_fill", "danger_fill_hover")),
    *(("text", ground) for ground in ("pressed", "textsel", "match", "add_word", "del_word", "floating", "segment_on")),
    ("match_now_text", "match_now"),
    ("accent_text", "chip"),
    ("danger", "chip_bad"),
    ("accent_text", "floating"),
    ("text", "sidebar_field"),
    ("faint", "sidebar_field"),
]
# What repeats something seen anyway, or stands beside a word: 3:1 is enough.
VISIBLE: list[tuple[str, str]] = [
    ("gutter", "window"),
    ("chip_brace", "chip"),
    ("chip_bad_brace", "chip_bad"),
    *(("accent", ground) for ground in ("window", "sidebar", "raised")),
]
PROMISED = {
    ("dark", "text", "window"): 13.2,
    ("light", "text", "window"): 16.8,
    ("dark", "dim", "window"): 6.9,
    ("light", "dim", "window"): 6.3,
    ("dark", "faint", "window"): 5.3,
    ("light", "faint", "window"): 5.4,
    ("dark", "on_accent", "accent_fill"): 5.4,
    ("light", "on_accent", "accent_fill"): 6.0,
}


def luminance(colors: Theme, token: str) -> float:
    """Return the relative luminance of WCAG 2."""
    color = colors.color(token)

    def linear(share: float) -> float:
        return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(colors: Theme, token: str, ground: str) -> float:
    """Return the contrast ratio of WCAG 2."""
    one, other = luminance(colors, token), luminance(colors, ground)
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def too_low(colors: Theme, pairs: list[tuple[str, str]], least: float) -> list[str]:
    """Return the pairs that do not reach a ratio, with what they reach."""
    measured = [(token, ground, contrast(colors, token, ground)) for token, ground in pairs]
    return [f"{token} on {ground}: {ratio:.2f}" for token, ground, ratio in measured if ratio < least]


@pytest.mark.parametrize("name", THEME_NAMES)
def test_every_text_colour_reaches_4_5_on_every_ground_it_is_used_on(name: str) -> None:
    assert too_low(load_theme(name), READABLE, 4.5) == []


@pytest.mark.parametrize("name", THEME_NAMES)
def test_what_stands_beside_words_reaches_3(name: str) -> None:
    assert too_low(load_theme(name), VISIBLE, 3.0) == []


@pytest.mark.parametrize(("name", "token", "ground"), PROMISED)
def test_the_ratios_written_in_the_design_are_those_of_the_files(name: str, token: str, ground: str) -> None:
    assert contrast(load_theme(name), token, ground) == pytest.approx(PROMISED[name, token, ground], abs=0.06)
