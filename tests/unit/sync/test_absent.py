"""What becomes of what the server has no row for: missing at the server is never a deletion, but after a plain 410."""

from __future__ import annotations

from typing import Any

import pytest

from insomnia_desktop.sync.absent import ForgetHead, absent_after, group_absent, purged
from insomnia_desktop.sync.values import Head, Quarantine, Resource
from tests.unit.sync.documents import base, clean, dirty, hash_of, head, request

PURGED = 100
"""A floor behind which every head of these tests lies."""


@pytest.mark.parametrize(
    ("pull", "local", "document"),
    [
        ("resync", clean(request()), "trash"),
        ("resync", dirty(request()), "make_anew"),
        ("resync", clean(request(), deleted=True), "mark_clean"),
        ("resync", dirty(request(), deleted=True), "mark_clean"),
        ("resync", None, "keep"),
        ("repair", clean(request()), "make_anew"),
        ("repair", dirty(request()), "make_anew"),
        ("repair", clean(request(), deleted=True), "mark_clean"),
        ("repair", None, "keep"),
        ("first", clean(request()), "make_anew"),
    ],
)
def test_what_a_full_pull_did_not_see(pull: Any, local: Any, document: Any) -> None:
    assert absent_after(pull, Resource(head(2), base(request()), local), PURGED) == ForgetHead(document)


def test_only_what_was_let_go_of_since_counts_as_deleted() -> None:
    known = Resource(head(2), base(request()), clean(request()))
    assert known.head is not None
    for floor_seq in (0, known.head.seq):
        assert absent_after("resync", known, floor_seq) == ForgetHead("make_anew")
    assert absent_after("resync", known, known.head.seq + 1) == ForgetHead("trash")


def test_what_cannot_be_read_here_alone_is_never_deleted() -> None:
    for reason in ("newer_schema", "type_changed"):
        for local in (clean(request()), None):
            held = Resource(head(2), base(request()), local, Quarantine(reason))
            assert absent_after("resync", held, PURGED) == ForgetHead("keep")


@pytest.mark.parametrize("pull", ["first", "resync", "repair"])
@pytest.mark.parametrize("reason", ["undecryptable", "malformed"])
def test_what_nobody_can_read_goes_where_the_server_has_it_no_more(pull: Any, reason: Any) -> None:
    held = Resource(head(2), base(request()), None, Quarantine(reason))
    assert absent_after(pull, held, PURGED) == ForgetHead("keep", ends_quarantine=True)
    held = Resource(head(2), base(request()), clean(request()), Quarantine(reason))
    assert absent_after(pull, held, PURGED) == ForgetHead("make_anew", ends_quarantine=True)
    held = Resource(head(2), base(request()), dirty(request(), deleted=True), Quarantine(reason))
    assert absent_after(pull, held, PURGED) == ForgetHead("mark_clean", ends_quarantine=True)


def test_heads_of_purged_tombstones_are_forgotten() -> None:
    heads = [
        (name, Head(1, hash_of(name), seq, deleted))
        for name, seq, deleted in (("a", 5, True), ("b", 6, True), ("c", 7, True), ("d", 1, False))
    ]
    assert purged(heads, 6) == ("a", "b")
    assert purged(heads, 0) == ()


def test_a_group_that_is_missing_was_lost_by_a_restored_server_or_removed_by_somebody() -> None:
    assert group_absent(b"one", b"two") == "make_again_and_repair"
    assert group_absent(b"one", b"one") == "local_only"
    assert group_absent(None, b"one") == "local_only"
