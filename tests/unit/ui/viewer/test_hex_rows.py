"""Rows of bytes as text, and columns back to bytes.

Covers:
insomnia_desktop.ui.widgets.viewer.hex_rows
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.ui.widgets.viewer import hex_rows


@given(content=st.binary(max_size=16))
def test_the_digits_of_each_byte_stand_in_its_column(content: bytes) -> None:
    text = hex_rows.hex_text(content)

    for place, byte in enumerate(content):
        column = hex_rows.column_of(place)
        assert text[column : column + 2] == f"{byte:02x}"
        assert hex_rows.byte_at(column + 0.5, "hex") == place
        assert hex_rows.byte_at(column + 1.5, "hex") == place
        assert hex_rows.byte_at(place + 0.5, "text") == place
    assert len(text) <= hex_rows.hex_columns()
    assert len(hex_rows.ascii_text(content)) == len(content)


@pytest.mark.parametrize("column", [-5.0, 100.0])
def test_a_point_beside_the_row_is_its_first_or_last_byte(column: float) -> None:
    expected = 0 if column < 0 else 15
    assert hex_rows.byte_at(column, "hex") == expected
    assert hex_rows.byte_at(column, "text") == expected


@given(content=st.binary(max_size=100))
def test_copied_digits_are_the_bytes(content: bytes) -> None:
    copied = hex_rows.copied_hex(content)
    assert bytes.fromhex(copied) == content
    assert all(len(line) <= 47 for line in copied.split("\n"))


@pytest.mark.parametrize(("columns", "per_row"), [(66, 16), (65, 12), (50, 12), (49, 8), (34, 8), (33, 4), (0, 4)])
def test_a_row_has_as_many_bytes_as_fit(columns: int, per_row: int) -> None:
    assert hex_rows.per_row_in(columns) == per_row
    assert len(hex_rows.hex_text(bytes(per_row))) <= hex_rows.hex_columns(per_row)
    assert hex_rows.byte_at(100, "hex", per_row) == hex_rows.byte_at(100, "text", per_row) == per_row - 1


def test_unprintable_bytes_are_dots() -> None:
    assert hex_rows.ascii_text(b"a\x00~\x7f\xff ") == "a·~·· "


@pytest.mark.parametrize(
    ("size", "digits", "rows"), [(0, 8, 1), (16, 8, 1), (17, 8, 2), (2**32, 8, 2**28), (2**32 + 1, 9, 2**28 + 1)]
)
def test_offsets_have_eight_digits_or_as_many_as_needed(size: int, digits: int, rows: int) -> None:
    assert hex_rows.offset_digits(size) == digits
    assert hex_rows.row_count(size) == rows
