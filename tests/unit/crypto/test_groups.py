"""crypto.group_keys and digest: derived ids, wraps of group keys, and the sum over a group."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.crypto import digest
from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.group_keys import (
    group_id,
    group_id_key,
    new_group_key,
    resource_key,
    unwrap_group_key,
    wrap_group_key,
)
from tests.support.vectors import ACCOUNT_ID, ACCOUNT_KEY, EDGES, V1, flipped, h

CASE = V1["group"]
GROUP, GROUP_KEY, WRAP = h(CASE["group_id"]), h(CASE["group_key"]), h(CASE["wrap"])
PARTS = st.lists(st.binary(min_size=32, max_size=32), max_size=8)


def test_the_published_group() -> None:
    assert group_id_key(bytearray(ACCOUNT_KEY)).hex() == CASE["group_id_key"]
    assert group_id(h(CASE["group_id_key"]), h(CASE["workspace_id"])) == GROUP
    assert wrap_group_key(ACCOUNT_KEY, ACCOUNT_ID, GROUP, 1, GROUP_KEY, h(CASE["nonce"])) == WRAP
    assert unwrap_group_key(bytearray(ACCOUNT_KEY), ACCOUNT_ID, GROUP, 1, WRAP) == GROUP_KEY


@pytest.mark.parametrize("row", V1["revisions"], ids=lambda row: f"{row['resource_id'][:4]}-{row['version']}")
def test_published_resource_keys(row: dict[str, str]) -> None:
    assert resource_key(GROUP_KEY, h(row["resource_id"])).hex() == row["resource_key"]


def test_nothing_else_opens_a_group_key() -> None:
    for bit in range(len(WRAP) * 8):
        with pytest.raises(Undecryptable):
            unwrap_group_key(ACCOUNT_KEY, ACCOUNT_ID, GROUP, 1, flipped(WRAP, bit))
    for wrap in (b"", WRAP[:-1], WRAP + b"\0"):
        with pytest.raises(Undecryptable):
            unwrap_group_key(ACCOUNT_KEY, ACCOUNT_ID, GROUP, 1, wrap)
    for account_key, account_id, group, epoch in (
        (bytes(32), ACCOUNT_ID, GROUP, 1),
        (ACCOUNT_KEY, bytes(16), GROUP, 1),
        (ACCOUNT_KEY, ACCOUNT_ID, bytes(16), 1),
        (ACCOUNT_KEY, ACCOUNT_ID, GROUP, 2),
    ):
        with pytest.raises(Undecryptable):
            unwrap_group_key(account_key, account_id, group, epoch, WRAP)


def test_group_keys_are_drawn_anew() -> None:
    assert len({new_group_key() for _ in range(100)}) == 100
    assert len(new_group_key()) == 32


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_ids_and_keys_differ_where_their_inputs_differ(left: bytes, right: bytes) -> None:
    key = group_id_key(ACCOUNT_KEY)
    assert (group_id(key, left) == group_id(key, right)) == (left == right)
    assert (resource_key(GROUP_KEY, left) == resource_key(GROUP_KEY, right)) == (left == right)
    assert len(group_id(key, left)) == 16


def test_the_published_digests_step_by_step() -> None:
    steps = {step["after"]: h(step["digest"]) for step in V1["digest"]}
    parts = [digest.term(h(row["resource_id"]), row["version"], h(row["rev_hash"])) for row in V1["revisions"]]
    assert [part.hex() for part in parts] == [row["dig"] for row in V1["revisions"]]
    assert steps["empty group"] == digest.EMPTY
    value = digest.add(digest.EMPTY, parts[0])
    assert value == steps["workspace v1"]
    value = digest.add(value, parts[1])
    assert value == steps["workspace v1 + request v1"] == digest.total(parts[:2])
    value = digest.add(digest.remove(value, parts[1]), parts[2])
    assert value == steps["workspace v1 + request v2"]
    assert digest.remove(value, parts[2]) == steps["workspace v1, request deleted at v3"]


@pytest.mark.parametrize("case", EDGES["digest"], ids=lambda case: len(case["terms"]))
def test_the_sum_wraps_around(case: dict[str, str]) -> None:
    assert digest.total(h(part) for part in case["terms"]).hex() == case["digest"]


@given(PARTS, st.randoms())
def test_the_order_does_not_count_and_what_is_added_can_be_removed(parts: list[bytes], random: object) -> None:
    value = digest.EMPTY
    for part in parts:
        value = digest.add(value, part)
    assert value == digest.total(reversed(parts))
    for part in sorted(parts):
        value = digest.remove(value, part)
    assert value == digest.EMPTY
