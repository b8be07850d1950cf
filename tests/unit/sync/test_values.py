"""The values of sync: when two plaintexts are the same, what a row and a head say of each other."""

from __future__ import annotations

from msgspec.structs import replace

from tests.unit.sync.documents import clean, dirty, head, request, row, wire_id


def test_plaintexts_are_the_same_by_their_json() -> None:
    one = request(n=1)
    assert one.is_same(request(n=1))
    assert not one.is_same(request(n=True))
    assert not one.is_same(request(n=1, order="k"))
    assert not one.is_same(request(n=1, parent=wire_id(2)))
    assert not one.is_same(replace(one, schema=2))
    assert not one.is_same(replace(one, rest={"x": 1}))


def test_a_document_is_dirty_while_its_counters_differ() -> None:
    assert dirty(request()).dirty
    assert not clean(request()).dirty


def test_a_row_is_its_head_by_version_and_hash() -> None:
    assert row(2).is_head(head(2))
    assert not row(2).is_head(head(2, branch="other"))
    assert not row(2).is_head(head(3))
    assert not row(2).is_head(None)
    assert row(2, deleted=True).as_head() == head(2, deleted=True)
