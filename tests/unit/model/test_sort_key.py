"""Order keys: always one more between two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.base.errors import Bug
from insomnia_desktop.model import sort_key

keys = st.text(alphabet=sort_key.DIGITS, min_size=1, max_size=8).filter(lambda key: not key.endswith("0"))


@given(keys, keys)
def test_between_two_keys_there_is_another(one: str, other: str) -> None:
    low, high = sorted((one, other))
    if low == high:
        return
    middle = sort_key.between(low, high)
    assert low < middle < high
    assert sort_key.is_sort_key(middle)
    assert not middle.endswith("0")


@given(keys)
def test_beside_a_key_there_is_another(key: str) -> None:
    assert sort_key.between(None, key) < key < sort_key.between(key, None)


@given(st.lists(st.integers(0, 1000), max_size=120))
def test_any_order_of_insertions_works(places: list[int]) -> None:
    order: list[str] = []
    for place in places:
        at = place % (len(order) + 1)
        key = sort_key.between(order[at - 1] if at else None, order[at] if at < len(order) else None)
        order.insert(at, key)
    assert order == sorted(set(order))


def test_appending_ten_thousand_keeps_keys_short() -> None:
    key = sort_key.between(None, None)
    for _ in range(10_000):
        following = sort_key.between(key, None)
        assert key < following
        key = following
    assert len(key) == 4


def test_prepending_ten_thousand_keeps_keys_short() -> None:
    key = sort_key.between(None, None)
    for _ in range(10_000):
        before = sort_key.between(None, key)
        assert before < key
        key = before
    assert len(key) == 4


@pytest.mark.parametrize("count", [0, 1, 2, 30, 31, 61, 62, 500, 5000])
def test_spread_keys_rise(count: int) -> None:
    spread = sort_key.spread(count)
    assert len(spread) == count
    assert spread == sorted(set(spread))
    assert not any(key.endswith("0") for key in spread)


@pytest.mark.parametrize(
    ("low", "high"), [("b", "a"), ("a", "a"), ("a", "a0"), ("~ÿ", None), (None, " !"), ("", "a"), ("a" * 201, None)]
)
def test_where_there_is_no_room_it_says_so(low: str | None, high: str | None) -> None:
    with pytest.raises(Bug, match=r"sort_key\.no_room"):
        sort_key.between(low, high)


def test_halving_for_ever_ends_in_no_room() -> None:
    def halve(times: int) -> str:
        high = "b"
        for _ in range(times):
            high = sort_key.between("a", high)
        return high

    assert halve(500) > "a"
    with pytest.raises(Bug, match=r"sort_key\.no_room"):
        halve(3000)


@pytest.mark.parametrize("text", ["", "a b", "ä", "a" * 201])
def test_what_is_no_key(text: str) -> None:
    assert not sort_key.is_sort_key(text)
