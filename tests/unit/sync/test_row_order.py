"""The order of rows after a merge: mine if I reordered, else theirs, new rows behind their old neighbours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.sync.row_order import is_reordered, merge_order

orders = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("abc", "abc", "cab", "cab"),
        ("abc", "bac", "abc", "bac"),
        ("abc", "abxc", "abc", "abxc"),
        ("abc", "abc", "xabc", "xabc"),
        ("abc", "abxc", "cab", "cabx"),
        ("abc", "bacx", "abyc", "bycx"),
        ("abc", "abc", "abxyc", "abxyc"),
        ("", "ab", "cd", "abcd"),
        ("abc", "axbc", "aybc", "axybc"),
    ],
)
def test_examples(base: str, mine: str, theirs: str, merged: str) -> None:
    survivors = set(merged)
    result = merge_order(list(base), list(mine), list(theirs), survivors)
    assert "".join(result.ids) == merged
    assert not result.conflicting


def test_two_orders_of_the_same_rows_are_a_conflict_and_mine_stays() -> None:
    result = merge_order(list("abc"), list("bac"), list("acb"), set("abc"))
    assert "".join(result.ids) == "bac"
    assert result.conflicting
    assert not merge_order(list("abc"), list("cba"), list("cba"), set("abc")).conflicting


def test_without_a_base_mine_stands_and_another_order_is_a_conflict() -> None:
    assert merge_order(None, list("ab"), list("cba"), set("abc")).ids == ("c", "a", "b")
    assert merge_order(None, list("ab"), list("cba"), set("abc")).conflicting
    assert not merge_order(None, list("ab"), list("acb"), set("abc")).conflicting


def test_a_row_stands_behind_its_nearest_neighbour_that_is_left() -> None:
    result = merge_order(list("abc"), list("abcx"), list("cba"), set("abx"))
    assert "".join(result.ids) == "bxa"
    assert is_reordered("ab", "ba")
    assert not is_reordered("abc", "axc")


@given(orders, orders, orders, st.sets(st.sampled_from("abcdef")))
def test_every_survivor_stands_once(base: list[str], mine: list[str], theirs: list[str], left: set[str]) -> None:
    survivors = left & {*mine, *theirs}
    result = merge_order(base, mine, theirs, survivors)
    assert sorted(result.ids) == sorted(survivors)
    leading = mine if is_reordered(base, mine) else theirs
    kept = [row_id for row_id in result.ids if row_id in leading]
    assert kept == [row_id for row_id in leading if row_id in survivors]
