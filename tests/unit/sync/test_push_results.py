"""What the answer to a push changes: each result, and answers that answer something else."""

from __future__ import annotations

import pytest

from insomnia_desktop.sync.push_results import (
    Accepted,
    Awaited,
    Blocked,
    Forgotten,
    Result,
    answers,
    refused_alone,
)
from insomnia_desktop.sync.values import Head, OutboxRow
from tests.unit.sync.documents import hash_of

SENT = OutboxRow("a", 3, hash_of(2), False, hash_of(3), local_rev=7)
TOMBSTONE = OutboxRow("b", 4, hash_of(3), True, hash_of(4), local_rev=8)


def test_what_was_taken_moves_head_and_base_to_what_was_sent() -> None:
    assert answers([SENT], [Result("a", "ok", seq=12)]) == (
        Accepted("a", Head(3, hash_of(3), 12, deleted=False, own=True), 7),
    )


def test_superseded_is_taken_too_and_the_newer_row_comes_in_the_page() -> None:
    assert answers([TOMBSTONE], [Result("b", "superseded")]) == (
        Accepted("b", Head(4, hash_of(4), 0, deleted=True, own=True), 8),
    )


def test_a_conflict_changes_nothing_and_is_awaited() -> None:
    assert answers([SENT], [Result("a", "conflict")]) == (Awaited("a"),)


def test_what_the_server_has_nothing_of_is_made_anew_or_if_deleted_done() -> None:
    results = [Result("a", "gone"), Result("b", "gone")]
    assert answers([SENT, TOMBSTONE], results) == (Forgotten("a", None), Forgotten("b", 8))


def test_what_is_rejected_is_blocked_until_it_changes() -> None:
    found = answers([SENT], [Result("a", "rejected", code="too_large")])
    assert found == (Blocked("a", "too_large", 7),)
    assert Blocked("a", "too_large", 7).holds(7)
    assert not Blocked("a", "too_large", 7).holds(8)
    assert answers([SENT], [Result("a", "rejected")]) == (Blocked("a", "invalid", 7),)


def test_a_full_server_is_tried_again_at_the_next_start() -> None:
    assert Blocked("a", "quota", 1).ends_at_start
    assert Blocked("a", "full", 1).ends_at_start
    assert not Blocked("a", "stale_epoch", 1).ends_at_start


@pytest.mark.parametrize("ids", [[], ["a"], ["b", "a"], ["a", "b", "b"], ["a", "c"]])
def test_results_of_other_changes_are_no_answer(ids: list[str]) -> None:
    assert answers([SENT, TOMBSTONE], [Result(name, "ok", seq=1) for name in ids]) is None


def test_one_that_is_refused_alone_is_blocked() -> None:
    assert refused_alone(SENT, 413) == Blocked("a", "too_large", 7)
    assert refused_alone(SENT, 422) == Blocked("a", "invalid", 7)
