"""The column mapping of a row and its charset against counting one by one.

Covers:
insomnia_desktop.ui.widgets.viewer.row_text
insomnia_desktop.ui.widgets.viewer.text_encoding
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insomnia_desktop.ui.widgets.viewer.row_text import RowText, symbol_of
from insomnia_desktop.ui.widgets.viewer.text_encoding import TextEncoding, encoding_of

_UTF8 = TextEncoding("utf-8", "utf8")
_TEXT = st.text(
    st.one_of(st.characters(codec="utf-8", exclude_characters="\r\n"), st.sampled_from("a \t\x00\u202e\u200b漢😀")),
    max_size=40,
)


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(text=_TEXT, charset=st.sampled_from(("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")))
def test_units_and_layout_positions_map_both_ways_character_by_character(text: str, charset: str) -> None:
    encoding = encoding_of(charset, b"")
    made = RowText(text.encode(charset), encoding)

    assert made.characters == text
    drawn = ""
    unit = 0
    for number, character in enumerate(text):
        assert made.layout_of(unit) == _utf16_length(drawn) == made.layout_of_character(number)
        assert made.unit_of(_utf16_length(drawn)) == unit
        piece = character if _is_seen(character) else symbol_of(character)
        assert made.drawn[len(drawn) :].startswith(piece)
        drawn += piece
        unit += len(character.encode(charset)) // encoding.unit
    assert made.drawn == drawn
    assert made.length == unit
    assert made.layout_of(unit) == _utf16_length(drawn)
    assert made.unit_of(_utf16_length(drawn)) == unit


def _is_seen(character: str) -> bool:
    return not RowText(character.encode(), _UTF8).symbols


@given(content=st.binary(max_size=60))
def test_any_bytes_decode_and_keep_their_places(content: bytes) -> None:
    content = content.replace(b"\n", b"").replace(b"\r", b"")
    made = RowText(content, _UTF8)

    assert made.length == len(content)
    for unit in range(len(content) + 1):
        position = made.layout_of(unit)
        assert made.unit_of(position) <= unit
        assert made.layout_of(made.unit_of(position)) == position
    assert made.unit_of(made.layout_of(len(content))) == len(content)
    assert all(not "\ud800" <= character <= "\udfff" for character in made.drawn)


@settings(deadline=None)
@given(content=st.binary(max_size=40), codec=st.sampled_from(("gb18030", "shift_jis", "big5", "euc_kr", "cp1252")))
def test_tables_of_other_charsets_cover_the_text_and_rise(content: bytes, codec: str) -> None:
    encoding = encoding_of(codec, b"")
    text = encoding.decode(content)
    starts = encoding.starts(content, text)

    if starts is None:
        assert len(text) == len(content)
    else:
        assert len(starts) == len(text) + 1
        assert list(starts) == sorted(starts)
        assert starts[-1] <= len(content)


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("\x00", "\u2400"),
        ("\x1b", "\u241b"),
        ("\x7f", "\u2421"),
        ("\u202e", "[U+202E]"),
        ("\u2066", "[U+2066]"),
        ("\u200b", "[U+200B]"),
        ("\u2028", "[U+2028]"),
        ("\x85", "[U+0085]"),
        ("\U000e0041", "[U+E0041]"),
    ],
)
def test_what_cannot_be_seen_is_drawn_as_a_symbol(hidden: str, shown: str) -> None:
    made = RowText(f"a{hidden}b".encode(), _UTF8)

    assert made.drawn == f"a{shown}b"
    assert made.symbols == [(1, len(shown))]


def test_invalid_bytes_are_replacement_characters_one_by_one() -> None:
    assert RowText(b"a\xff\xc3b\xed\xa0\x80", _UTF8).drawn == "a\ufffd\ufffdb\ufffd\ufffd\ufffd"


def test_a_lone_surrogate_in_utf_16_is_a_replacement_character() -> None:
    assert RowText(b"a\x00\x00\xd8b\x00", encoding_of("utf-16-le", b"")).drawn == "a\ufffdb"


def test_joiners_tabs_and_marks_stay_as_they_are() -> None:
    text = "\u0645\u200c\u06cc e\u0301\t\U0001f469\u200d\U0001f4bb"
    assert RowText(text.encode(), _UTF8).drawn == text


@pytest.mark.parametrize(
    ("text", "at", "word"),
    [
        ('"ord_4711",', 3, "ord_4711"),
        ('"ord_4711",', 0, '"'),
        ("größe x", 2, "größe"),
        ("a  b", 1, " "),
        ("", 0, ""),
    ],
)
def test_a_double_click_takes_the_word_or_one_character(text: str, at: int, word: str) -> None:
    content = text.encode()
    start, end = RowText(content, _UTF8).word_at(at)
    assert content[start:end].decode() == word


def test_words_are_stepped_over_in_both_directions() -> None:
    made = RowText(b"ab, cd ef", _UTF8)

    assert [made.word_edge(unit, forward=True) for unit in (0, 1, 4, 7)] == [4, 4, 7, 9]
    assert [made.word_edge(unit, forward=False) for unit in (9, 7, 4, 0)] == [7, 4, 0, 0]


@pytest.mark.parametrize(
    ("charset", "codec", "kind"),
    [
        ("UTF-8", "utf-8", "utf8"),
        ('"utf-8"', "utf-8", "utf8"),
        ("us-ascii", "utf-8", "utf8"),
        ("ISO-8859-1", "iso8859-1", "single"),
        ("windows-1252", "cp1252", "single"),
        ("Shift_JIS", "shift_jis", "multi"),
        ("utf-16", "utf-16-le", "wide"),
        ("iso-2022-jp", "iso2022_jp", "whole"),
        ("cp037", "cp037", "whole"),
        ("base64", "utf-8", "utf8"),
        ("no-such-charset", "utf-8", "utf8"),
        ("", "utf-8", "utf8"),
    ],
)
def test_a_charset_name_finds_its_encoding_and_nonsense_is_utf_8(charset: str, codec: str, kind: str) -> None:
    found = encoding_of(charset, b"plain")
    assert (found.codec, found.kind) == (codec, kind)
