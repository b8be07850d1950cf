"""Patches: what diff says, apply does, and the inverse takes back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.base.errors import Bug
from insomnia_desktop.model import patch as patches
from insomnia_desktop.model.patch import ABSENT, Edit

scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False, width=16) | st.text(max_size=4)
keys = st.sampled_from(["a", "b", "type", "id", "@x", "#order", "\\", "headers"])
tables = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("pqrst")}, optional={"name": st.text(max_size=2), "n": scalars}),
    max_size=4,
    unique_by=lambda row: row["id"],
)
values = st.recursive(
    scalars | tables, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=5
)
objects = st.dictionaries(keys, values, max_size=3)


def same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@given(objects, objects)
def test_diff_then_apply_gives_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    untouched = json.dumps(before)
    result, _ = patches.apply(before, patches.diff(before, after))
    assert same(result, after)
    assert json.dumps(before) == untouched


@given(objects, objects)
def test_the_inverse_takes_it_back(before: dict[str, Any], after: dict[str, Any]) -> None:
    result, inverse = patches.apply(before, patches.diff(before, after))
    back, _ = patches.apply(result, inverse)
    assert same(back, before)


@given(objects, objects, objects)
def test_a_patch_on_anything_can_be_taken_back(one: dict[str, Any], two: dict[str, Any], other: dict[str, Any]) -> None:
    patch = patches.diff(one, two)
    if other is not None:
        try:
            result, inverse = patches.apply(other, patch)
        except Bug:
            return  # a table step into something that is no table
        back, _ = patches.apply(result, inverse)
        assert same(back, other)


@given(objects)
def test_equal_objects_have_no_difference(value: dict[str, Any]) -> None:
    assert patches.diff(value, json.loads(json.dumps(value))) == ()


@given(objects, objects)
def test_json_round_trip(before: dict[str, Any], after: dict[str, Any]) -> None:
    patch = patches.diff(before, after)
    assert patches.from_json(json.loads(json.dumps(patches.to_json(patch)))) == patch


def test_a_row_is_edited_by_its_id_and_unknown_keys_stay() -> None:
    stored = {"headers": [{"id": "p", "name": "A", "later": 1}, {"id": "q", "name": "B"}], "future": {"x": 1}}
    patch = patches.diff({"headers": [{"id": "p", "name": "A"}]}, {"headers": [{"id": "p", "name": "Z"}]})
    assert patch == (Edit(("headers", "@p", "name"), "Z"),)
    result, _ = patches.apply(stored, patch)
    assert result == {
        "headers": [{"id": "p", "name": "Z", "later": 1}, {"id": "q", "name": "B"}],
        "future": {"x": 1},
    }


def test_a_row_that_is_gone_comes_back_with_the_edit() -> None:
    result, inverse = patches.apply({"headers": []}, (Edit(("headers", "@p", "name"), "Z"),))
    assert result == {"headers": [{"id": "p", "name": "Z"}]}
    assert patches.apply(result, inverse)[0] == {"headers": []}


def test_a_missing_table_is_made() -> None:
    result, inverse = patches.apply({}, (Edit(("headers", "@p"), {"id": "p"}),))
    assert result == {"headers": [{"id": "p"}]}
    assert patches.apply(result, inverse)[0] == {}


def test_an_object_of_another_type_is_replaced_whole() -> None:
    before = {"body": {"type": "text", "text": "x"}}
    after = {"body": {"type": "form", "rows": []}}
    assert patches.diff(before, after) == (Edit(("body",), {"type": "form", "rows": []}),)


def test_rows_keep_their_place_when_others_are_ordered() -> None:
    rows = [{"id": row_id} for row_id in "pqrs"]
    result, _ = patches.apply({"t": rows}, (Edit(("t", "#order"), ["s", "p", "r"]),))
    assert [row["id"] for row in result["t"]] == ["s", "p", "q", "r"]


def test_the_order_of_rows_that_are_there_is_not_taken_away() -> None:
    fields = {"t": [{"id": "q"}, {"id": "p"}]}
    assert patches.apply(fields, (Edit(("t", "#order"), ABSENT),)) == (fields, ())


def test_true_is_not_one() -> None:
    assert patches.diff({"a": True}, {"a": 1}) == (Edit(("a",), 1),)


def test_touched_fields_are_the_first_steps() -> None:
    assert patches.touched_fields((Edit(("headers", "@p", "name"), "Z"), Edit(("url",), ABSENT))) == {"headers", "url"}


def test_malformed_json_is_a_bug() -> None:
    for item in ({}, {"path": []}, {"path": [1]}, 3):
        with pytest.raises(Bug):
            patches.from_json([item])


def test_removing_from_what_is_missing_is_nothing() -> None:
    assert patches.apply({}, (Edit(("body", "text"), ABSENT), Edit(("t", "@p"), ABSENT))) == ({}, ())
