"""JSON values compared as JSON, at any depth."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from insomnia_desktop.sync.json_values import same
from tests.unit.sync.documents import values


@given(values, values)
def test_same_is_what_their_texts_say(one: Any, other: Any) -> None:
    assert same(one, other) == (json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True))
    assert same(one, json.loads(json.dumps(one)))


@pytest.mark.parametrize(("one", "other"), [(True, 1), (1, 1.0), (0, False), ("", None), ([1], [True]), ({}, [])])
def test_values_that_python_mixes_up_differ(one: Any, other: Any) -> None:
    assert not same(one, other)
    assert not same({"k": [one]}, {"k": [other]})


def test_lists_and_objects_of_other_lengths_differ() -> None:
    assert not same([1], [1, 1])
    assert not same({"a": 1}, {"a": 1, "b": 1})
    assert same({"a": 1, "b": 2}, {"b": 2, "a": 1})


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


def test_depth_costs_no_stack() -> None:
    assert same(nested(50_000), nested(50_000))
