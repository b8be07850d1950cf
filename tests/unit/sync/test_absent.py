"""What becomes of what the server has no row for: missing at the server is never a deletion, but after a plain 410."""

from __future__ import annotations

from typing import Any

import pytest

from insomnia_desktop.sync.absent import ForgetHead, absent_after, group_absent, purged
from insomnia_desktop.sync.values import Head, Quarantine, Resource
from tests.unit.sync.documents import base, clean, dirty, hash_of, head, request


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
    assert absent_after(pull, Resource(head(2), base(request()), local)) == ForgetHead(document)


def test_what_cannot_be_read_is_never_deleted() -> None:
    for local in (clean(request()), None):
        held = Resource(head(2), base(request()), local, Quarantine("undecryptable"))
        assert absent_after("resync", held) == ForgetHead("keep")


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
