"""The three-way merge: an example for each sentence of the rule, and laws for any three documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from msgspec.structs import replace

from insomnia_desktop.model.patch import ABSENT, ORDER, Path, is_table, key_step, row_step
from insomnia_desktop.sync.json_values import same
from insomnia_desktop.sync.merge import Merged, lost_edits, merge
from insomnia_desktop.sync.values import PLACE, REST, Conflict, Plaintext
from tests.unit.sync.documents import plaintexts, request, wire_id

PAIR = plaintexts()


def merged_fields(base: dict[str, Any] | None, mine: dict[str, Any], theirs: dict[str, Any]) -> tuple[Any, list[Any]]:
    """Return the merged fields and the conflicts as `(path, mine, theirs)`."""
    result = merge(request(**base) if base is not None else None, request(**mine), request(**theirs))
    fields = {key: value for key, value in result.plaintext.fields.items() if key != "name" or "name" in mine}
    return fields, [(conflict.path, conflict.mine, conflict.theirs) for conflict in result.conflicts]


# Objects: key by key, absence is a value.


def test_changes_of_different_fields_both_stand() -> None:
    base = {"method": "GET", "url": "/a"}
    fields, conflicts = merged_fields(base, {**base, "method": "PUT"}, {**base, "url": "/b"})
    assert fields == {"method": "PUT", "url": "/b"}
    assert conflicts == []


def test_what_both_changed_stays_mine_and_theirs_is_a_conflict() -> None:
    result = merge(request(url="/a"), request(url="/mine"), request(url="/theirs"))
    assert result.plaintext.fields["url"] == "/mine"
    (conflict,) = result.conflicts
    assert (conflict.path, conflict.base, conflict.mine, conflict.theirs) == (("url",), "/a", "/mine", "/theirs")


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    assert merged_fields({"url": "/a"}, {"url": "/b"}, {"url": "/b"}) == ({"url": "/b"}, [])


def test_absence_is_a_value() -> None:
    assert merged_fields({"a": 1, "b": 2}, {"b": 2}, {"a": 1, "b": 3}) == ({"b": 3}, [])
    assert merged_fields({"a": 1}, {}, {"a": 2}) == ({}, [(("a",), ABSENT, 2)])
    assert merged_fields({"a": 1}, {"a": 2}, {}) == ({"a": 2}, [(("a",), 2, ABSENT)])
    assert merged_fields({}, {"a": 1}, {"a": 2}) == ({"a": 1}, [(("a",), 1, 2)])
    assert merged_fields({"a": 1}, {}, {}) == ({}, [])


def test_objects_are_merged_in_depth() -> None:
    base = {"settings": {"proxy": "", "more": {"x": 1, "y": 1}}}
    mine = {"settings": {"proxy": "p", "more": {"x": 2, "y": 1}}}
    theirs = {"settings": {"proxy": "", "more": {"x": 1, "y": 3}}}
    assert merged_fields(base, mine, theirs) == ({"settings": {"proxy": "p", "more": {"x": 2, "y": 3}}}, [])


def test_values_that_only_python_takes_for_equal_are_changes() -> None:
    assert merged_fields({"a": 1}, {"a": 1}, {"a": True}) == ({"a": True}, [])


def test_without_a_base_everything_counts_as_changed() -> None:
    fields, conflicts = merged_fields(None, {"url": "/a", "m": 1, "x": {"p": 1}}, {"url": "/b", "t": 2, "x": {"q": 2}})
    assert fields == {"url": "/a", "m": 1, "t": 2, "x": {"p": 1, "q": 2}}
    assert conflicts == [(("url",), "/a", "/b")]


# What has another `type` is another thing.


def test_an_object_whose_type_changed_is_taken_whole() -> None:
    text = {"type": "text", "text": "a", "media_type": "text/plain"}
    form = {"type": "form", "rows": []}
    assert merged_fields({"body": text}, {"body": text}, {"body": form}) == ({"body": form}, [])
    edited = {**text, "text": "b"}
    assert merged_fields({"body": text}, {"body": edited}, {"body": form}) == (
        {"body": edited},
        [(("body",), edited, form)],
    )
    assert merged_fields({"body": text}, {"body": form}, {"body": edited})[1] == [(("body",), form, edited)]
    # Both went to the same other type: there is no common ground to merge on.
    other = {"type": "form", "rows": [], "x": 1}
    assert merged_fields({"body": text}, {"body": form}, {"body": other})[1] == [(("body",), form, other)]
    assert merged_fields({}, {"body": text}, {"body": form})[1] == [(("body",), text, form)]


# Tables: row by row by id.


def table(*rows: str) -> list[dict[str, str]]:
    """Return the rows written as `id:value`."""
    return [{"id": row.partition(":")[0], "value": row.partition(":")[2]} for row in rows]


def test_rows_are_merged_by_their_ids() -> None:
    fields, conflicts = merged_fields(
        {"headers": table("a:1", "b:1", "c:1")},
        {"headers": table("a:2", "b:1", "c:1", "m:1")},
        {"headers": table("a:1", "b:2", "t:1")},
    )
    assert fields["headers"] == table("a:2", "b:2", "m:1", "t:1")
    assert conflicts == []


def test_fields_of_one_row_are_merged_and_conflict_by_themselves() -> None:
    base = [{"id": "a", "name": "N", "value": "V", "enabled": True}]
    mine = [{"id": "a", "name": "N2", "value": "mine", "enabled": True}]
    theirs = [{"id": "a", "name": "N", "value": "theirs", "enabled": False}]
    fields, conflicts = merged_fields({"headers": base}, {"headers": mine}, {"headers": theirs})
    assert fields["headers"] == [{"id": "a", "name": "N2", "value": "mine", "enabled": False}]
    assert conflicts == [(("headers", "@a", "value"), "mine", "theirs")]


def test_a_row_removed_on_one_side_and_changed_on_the_other_stays() -> None:
    base, removed, changed = table("a:1", "b:1"), table("b:1"), table("a:2", "b:1")
    for mine, theirs in ((removed, changed), (changed, removed)):
        assert merged_fields({"h": base}, {"h": mine}, {"h": theirs}) == ({"h": changed}, [])


def test_a_row_removed_on_one_side_and_left_alone_on_the_other_goes() -> None:
    base, removed = table("a:1", "b:1"), table("b:1")
    for mine, theirs in ((removed, base), (base, removed), (removed, removed)):
        assert merged_fields({"h": base}, {"h": mine}, {"h": theirs})[0] == {"h": removed}
    fields, _ = merged_fields({"h": base}, {"h": [*removed, *table("m:1")]}, {"h": [*base, *table("t:1")]})
    assert fields == {"h": table("b:1", "m:1", "t:1")}


def test_row_order_is_mine_if_i_reordered_else_theirs() -> None:
    base, turned = table("a:", "b:", "c:"), table("c:", "a:", "b:")
    assert merged_fields({"h": base}, {"h": turned}, {"h": [*base, *table("t:")]})[0]["h"] == table(
        "c:", "t:", "a:", "b:"
    )
    assert merged_fields({"h": base}, {"h": [*base, *table("m:")]}, {"h": turned})[0]["h"] == table(
        "c:", "m:", "a:", "b:"
    )


def test_two_new_orders_are_a_conflict() -> None:
    base, mine, theirs = table("a:", "b:", "c:"), table("c:", "a:", "b:"), table("a:", "c:", "b:")
    fields, conflicts = merged_fields({"h": base}, {"h": mine}, {"h": theirs})
    assert fields["h"] == mine
    assert conflicts == [(("h", ORDER), ["c", "a", "b"], ["a", "c", "b"])]


def test_a_list_without_ids_or_with_the_same_id_twice_is_one_value() -> None:
    twice = [{"id": "a"}, {"id": "a"}]
    assert merged_fields({"l": [1]}, {"l": [1, 2]}, {"l": [0, 1]}) == ({"l": [1, 2]}, [(("l",), [1, 2], [0, 1])])
    assert merged_fields({"l": []}, {"l": twice}, {"l": table("b:1")})[1] == [(("l",), twice, table("b:1"))]
    assert merged_fields({"l": 1}, {"l": table("b:1")}, {"l": table("b:2")})[1] == [
        (("l",), table("b:1"), table("b:2"))
    ]


def test_tables_made_on_both_sides_are_merged() -> None:
    fields, conflicts = merged_fields({}, {"h": table("a:1", "b:1")}, {"h": table("b:2", "c:1")})
    assert fields["h"] == table("a:1", "b:1", "c:1")
    assert conflicts == [(("h", "@b", "value"), "1", "2")]


# Long texts by lines; everything else is one value.


@pytest.mark.parametrize(
    "path", [("description",), ("body", "text"), ("body", "query"), ("body", "variables")], ids=".".join
)
def test_long_texts_are_merged_by_lines(path: tuple[str, ...]) -> None:
    def document(text: str) -> dict[str, Any]:
        return {"description": text} if path == ("description",) else {"body": {"type": "x", path[1]: text}}

    fields, conflicts = merged_fields(document("a\nb\nc"), document("A\nb\nc"), document("a\nb\nC"))
    assert fields == document("A\nb\nC")
    assert conflicts == []
    fields, conflicts = merged_fields(document("a\nb\nc"), document("X\nb\nc"), document("Y\nb\nC"))
    assert fields == document("X\nb\nC")
    assert conflicts == [(path, "X\nb\nc", "Y\nb\nC")]
    assert merged_fields(document("a"), {}, document("b"))[1] != []


def test_only_the_texts_of_the_table_are_merged_by_lines() -> None:
    assert merged_fields({"url": "a\nb\nc"}, {"url": "A\nb\nc"}, {"url": "a\nb\nC"})[1] != []
    jar = [Plaintext(1, "cookie_jar", wire_id(1), "V", {"description": text}) for text in ("a\nb", "A\nb", "a\nB")]
    assert len(merge(*jar).conflicts) == 1
    folder = [Plaintext(1, "folder", wire_id(1), "V", {"description": text}) for text in ("a\n\nb", "A\n\nb", "a\n\nB")]
    assert merge(*folder).plaintext.fields == {"description": "A\n\nB"}


# Parent and order are one value; other keys of the plaintext.


def test_parent_and_order_are_one_value() -> None:
    here, there = wire_id(1), wire_id(2)
    moved = merge(request(), request(order="k"), request(parent=there))
    assert moved.plaintext.place == (here, "k")
    (conflict,) = moved.conflicts
    assert (conflict.path, conflict.base, conflict.mine, conflict.theirs) == (
        (PLACE,),
        [here, "V"],
        [here, "k"],
        [there, "V"],
    )
    assert merge(request(), request(name="New"), request(parent=there)).plaintext.place == (there, "V")
    assert merge(None, request(), request(order="k")).plaintext.place == (here, "V")


def test_unknown_keys_beside_the_fields_are_merged_too() -> None:
    base, mine, theirs = (replace(request(), rest=rest) for rest in ({"x": 1}, {"x": 2, "m": 1}, {"x": 3, "t": 1}))
    result = merge(base, mine, theirs)
    assert result.plaintext.rest == {"x": 2, "m": 1, "t": 1}
    assert [conflict.path for conflict in result.conflicts] == [(REST, "x")]


def test_the_newer_schema_stays() -> None:
    assert merge(request(), request(), replace(request(), schema=2)).plaintext.schema == 2


def test_a_key_that_looks_like_a_step_is_escaped() -> None:
    assert [path for path, _, _ in merged_fields({"#place": 1}, {"#place": 2}, {"#place": 3})[1]] == [("\\#place",)]


# Laws.


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield what can be lost, with its place: scalars, lines of texts, lists without ids."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key_step(key)))
    elif is_table(value):
        for row in value:
            yield from leaves(row, (*path, row_step(row["id"])))
    elif isinstance(value, str):
        for line in value.split("\n"):
            yield path, line
    elif value is not ABSENT:
        yield path, json.dumps(value)


def said(plaintext: Plaintext) -> set[tuple[Path, str]]:
    place = leaves(list(plaintext.place), (PLACE,))
    return {*leaves(plaintext.fields), *leaves(plaintext.rest, (REST,)), *place}


def kept(result: Merged) -> set[tuple[Path, str]]:
    found = said(result.plaintext)
    for conflict in result.conflicts:
        found |= {*leaves(conflict.mine, conflict.path), *leaves(conflict.theirs, conflict.path)}
    return found


@given(PAIR, PAIR)
def test_one_sided_changes_are_taken(base: Plaintext, changed: Plaintext) -> None:
    for mine, theirs in ((changed, base), (base, changed), (changed, changed)):
        result = merge(base, mine, theirs)
        assert result.plaintext.is_same(changed)
        assert result.conflicts == ()


@given(PAIR, PAIR, PAIR)
def test_nothing_that_was_changed_is_lost(base: Plaintext, mine: Plaintext, theirs: Plaintext) -> None:
    result = merge(base, mine, theirs)
    assert said(mine) - said(base) <= kept(result)
    assert said(theirs) - said(base) <= kept(result)
    # Of a value changed on both sides mine stands.
    for conflict in result.conflicts:
        assert {*leaves(conflict.mine, conflict.path)} <= said(result.plaintext) or conflict.path[-1] == ORDER


@given(PAIR, PAIR)
def test_without_a_base_nothing_at_all_is_lost(mine: Plaintext, theirs: Plaintext) -> None:
    assert said(mine) | said(theirs) <= kept(merge(None, mine, theirs))
    assert merge(None, mine, mine).conflicts == ()


@given(PAIR, PAIR, PAIR)
def test_merging_again_changes_nothing(base: Plaintext, mine: Plaintext, theirs: Plaintext) -> None:
    result = merge(base, mine, theirs).plaintext
    again = merge(theirs, result, theirs)
    assert again.plaintext.is_same(result)
    assert again.conflicts == ()


@given(PAIR, PAIR, PAIR)
def test_two_devices_have_the_same_after_fast_forward(base: Plaintext, mine: Plaintext, theirs: Plaintext) -> None:
    # The first one pushed; the second merges and pushes; the first, being clean, takes that.
    merged = merge(base, theirs, mine).plaintext
    assert merge(mine, mine, merged).plaintext.is_same(merged)


@given(PAIR, PAIR, PAIR)
def test_both_sides_see_the_same_places_in_conflict(base: Plaintext, mine: Plaintext, theirs: Plaintext) -> None:
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert {conflict.path for conflict in one.conflicts} == {conflict.path for conflict in other.conflicts}
    for conflict in one.conflicts:
        assert not same(conflict.mine, conflict.theirs)
        assert not same(conflict.base, conflict.mine)
        assert not same(conflict.base, conflict.theirs)


@given(PAIR, PAIR, PAIR)
def test_what_was_given_is_left_as_it_was(base: Plaintext, mine: Plaintext, theirs: Plaintext) -> None:
    before = json.dumps([base.fields, mine.fields, theirs.fields, base.rest, mine.rest, theirs.rest])
    merge(base, mine, theirs)
    lost_edits(base, mine, theirs)
    assert json.dumps([base.fields, mine.fields, theirs.fields, base.rest, mine.rest, theirs.rest]) == before


def nested(depth: int, leaf: Any) -> dict[str, Any]:
    value: Any = leaf
    for _ in range(depth):
        value = {"x": value}
    return {"x": value}


def test_what_lies_deeper_than_64_is_one_value() -> None:
    depths = {}
    for depth in (60, 70, 2_000):
        documents = [request(**nested(depth, {"a": a, "b": b})) for a, b in ((1, 1), (2, 1), (1, 2))]
        result = merge(*documents)
        depths[depth] = len(result.conflicts)
        assert len(lost_edits(*documents)) == 1
        if depth == 60:
            assert result.plaintext.is_same(request(**nested(depth, {"a": 2, "b": 2})))
    assert depths == {60: 0, 70: 1, 2_000: 1}


# What I had edited before deleting.


def lost(base: dict[str, Any] | None, mine: dict[str, Any], theirs: dict[str, Any]) -> list[Any]:
    found = lost_edits(request(**base) if base is not None else None, request(**mine), request(**theirs))
    return [(conflict.path, conflict.mine, conflict.theirs) for conflict in found]


def test_lost_edits_are_what_only_i_have() -> None:
    assert lost({"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 2, "c": 1}, {"a": 1, "b": 2, "c": 3}) == [(("a",), 2, 1)]
    assert lost({"a": 1}, {}, {"a": 2}) == [(("a",), ABSENT, 2)]
    assert lost({}, {"a": {"x": 1, "y": 1}}, {"a": {"x": 1, "z": 1}}) == [(("a", "y"), 1, ABSENT)]
    assert lost(None, {"a": 1}, {"a": 2}) == [(("a",), 1, 2)]


def test_lost_edits_of_tables_are_found_by_row() -> None:
    base, mine, theirs = table("a:1", "b:1"), table("a:2", "c:1"), table("a:3", "b:1")
    assert lost({"h": base}, {"h": mine}, {"h": theirs}) == [
        (("h", "@a", "value"), "2", "3"),
        (("h", "@b"), ABSENT, table("b:1")[0]),
        (("h", "@c"), table("c:1")[0], ABSENT),
    ]
    assert lost({}, {"h": table("a:1")}, {"h": table("b:1")}) == [(("h", "@a"), table("a:1")[0], ABSENT)]


def test_a_lost_place_is_found() -> None:
    (conflict,) = lost_edits(request(), request(order="k"), request())
    assert conflict.path == (PLACE,)
    assert isinstance(conflict, Conflict)


@given(PAIR, PAIR, PAIR)
def test_everything_of_mine_is_theirs_or_listed(base: Plaintext, mine: Plaintext, theirs: Plaintext) -> None:
    assert said(mine) - said(base) <= kept(Merged(theirs, lost_edits(base, mine, theirs)))
    assert said(mine) <= kept(Merged(theirs, lost_edits(None, mine, theirs)))
    assert lost_edits(base, base, theirs) == ()
    assert lost_edits(base, theirs, theirs) == ()
