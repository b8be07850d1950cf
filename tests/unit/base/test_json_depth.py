"""Depth of JSON texts, with and without brackets in their strings."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.base.json_depth import is_deeper_than, is_shallow

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('[]{}"\\a')),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.sampled_from("[]{}a")), inner, max_size=3),
)


def depth_of(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


@given(VALUES, st.integers(0, 6))
def test_depth_is_that_of_the_value(value: Any, depth: int) -> None:
    assert is_deeper_than(json.dumps(value).encode(), value, depth) == (depth_of(value) > depth)


def nested(depth: int) -> tuple[bytes, Any]:
    value: Any = 0
    for number in range(depth):
        value = [value] if number % 2 else {"k": value}
    return json.dumps(value).encode() if depth < 500 else b"[" * depth + b"]" * depth, value


@pytest.mark.parametrize("depth", [1, 16, 64])
def test_as_deep_as_allowed_and_one_more(depth: int) -> None:
    assert not is_deeper_than(*nested(depth), depth)
    assert is_deeper_than(*nested(depth + 1), depth)


def test_depth_costs_no_stack() -> None:
    assert is_deeper_than(*nested(50_000), 64)


def test_brackets_in_strings_are_not_counted() -> None:
    value = {"text": "[" * 100, "]]]": "{" * 100}
    assert not is_deeper_than(json.dumps(value).encode(), value, 1)
    assert is_deeper_than(json.dumps([value]).encode(), [value], 1)


def hidden(levels: int, inner: str, before: str = "]", behind: str = "[") -> bytes:
    """Return so many arrays in each other, each closed and opened again by what stands in strings."""
    return (f"[{json.dumps(before)}," * levels + inner + f",{json.dumps(behind)}]" * levels).encode()


@pytest.mark.parametrize(("before", "behind"), [("]", "["), ("}", "{"), ('\\"]', '["\\'), ('"\\\\]"', "[\\")])
def test_brackets_in_strings_hide_no_depth(before: str, behind: str) -> None:
    for levels, deeper in ((64, False), (65, True), (900, True)):
        text = hidden(levels, "1", before, behind)
        assert is_deeper_than(text, json.loads(text), 64) == deeper
        assert is_shallow(text, 64) != deeper


@given(VALUES, st.integers(0, 6))
def test_the_text_alone_says_how_deep_it_is(value: Any, depth: int) -> None:
    assert is_shallow(json.dumps(value).encode(), depth) == (depth_of(value) <= depth)
