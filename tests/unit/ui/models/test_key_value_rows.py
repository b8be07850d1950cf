"""Tests of insomnia_desktop.ui.models.key_value_rows and insomnia_desktop.ui.models.variable_state."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.ui.models.key_value_rows import (
    KeyValueRow,
    compact_json,
    json_problem,
    json_type,
    json_value,
    new_row,
    same_meaning,
    with_json_value,
)
from insomnia_desktop.ui.models.variable_state import VariableState, all_known

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(_JSON)
def test_every_json_value_survives_the_table(value: object) -> None:
    shown = with_json_value(KeyValueRow("a"), value)  # type: ignore[arg-type]
    assert json_value(shown) == value
    assert type(json_value(shown)) is type(value)


@pytest.mark.parametrize("text", ["true", "12", "null", '{"a":1}', '"quoted"'])
def test_a_text_stays_a_string_whatever_it_looks_like(text: str) -> None:
    assert json_value(KeyValueRow("a", value=text)) == text


def test_a_json_row_is_what_it_spells() -> None:
    assert json_value(KeyValueRow("a", value=' {"a": [1, 2.5, null, true]} ', kind="json")) == {
        "a": [1, 2.5, None, True]
    }


def test_half_written_json_is_kept_as_its_text() -> None:
    assert json_value(KeyValueRow("a", value='{"a": ', kind="json")) == '{"a": '


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("", "Value missing", 1),
        ("[1,]", "Value missing", 4),
        ('{"a" 1}', "Colon missing", 6),
        ("[1 2]", "Comma missing", 4),
        ("{a: 1}", "Quoted name missing", 2),
        ("1 2", "Text after the value", 3),
        ('"open', "Closing quote missing", 1),
        ("[NaN]", "NaN is not JSON", 2),
        ("-Infinity", "-Infinity is not JSON", 1),
    ],
)
def test_a_problem_says_what_and_where(text: str, message: str, column: int) -> None:
    problem = json_problem(text)
    assert problem is not None
    # Python 3.13 and later name a trailing comma and where it stands.
    assert (problem.message, problem.column) in {(message, column), ("Comma before the end", column - 1)}


def test_monstrous_json_is_a_problem_and_no_crash() -> None:
    assert json_problem("[" * 100_000) is not None
    assert json_problem("1" * 5000) is not None


def test_types_are_told_apart() -> None:
    texts = {
        "{}": "object",
        "[]": "list",
        '"a"': "string",
        "1.5": "number",
        "false": "boolean",
        "null": "null",
        "{": "",
    }
    assert {text: json_type(text) for text in texts} == texts


def test_spelling_does_not_change_the_meaning_but_types_do() -> None:
    row = KeyValueRow("a", value='{ "a" : 1 }', kind="json")
    assert same_meaning(row, KeyValueRow("a", value='{"a":1}', kind="json"))
    assert not same_meaning(row, KeyValueRow("a", value='{"a":1.0}', kind="json"))
    assert not same_meaning(row, KeyValueRow("a", value='{"a":true}', kind="json"))
    assert same_meaning(KeyValueRow("a", value='"x"', kind="json"), KeyValueRow("a", value="x"))
    assert same_meaning(KeyValueRow("a", value='{"x', kind="json"), KeyValueRow("a", value='{"x'))
    assert not same_meaning(row, KeyValueRow("a", name="b", value='{"a":1}', kind="json"))
    assert not same_meaning(KeyValueRow("a", value="x"), KeyValueRow("a", value="y"))


def test_compact_json_keeps_characters() -> None:
    assert compact_json({"é": [1, math.pi]}) == '{"é":[1,3.141592653589793]}'


def test_new_rows_have_ids_of_their_own() -> None:
    assert new_row("a").id != new_row("a").id
    assert new_row().is_empty
    assert not new_row(description="x").is_empty


def test_fields_are_read_and_written_by_name() -> None:
    row = new_row("n", "v", "d")
    assert [row.field("name"), row.field("value"), row.field("description")] == ["n", "v", "d"]
    assert row.with_field("name", "N").with_field("value", "V").with_field("description", "D").field("value") == "V"


def test_without_a_scope_every_variable_passes_for_known() -> None:
    assert all_known("x") == VariableState(known=True)
