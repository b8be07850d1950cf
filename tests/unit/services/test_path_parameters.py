"""The rows of `:name` segments follow the address, and name exactly what the sender replaces."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from insomnia_desktop.model import Row
from insomnia_desktop.sender.address import fill_path
from insomnia_desktop.services.path_parameters import path_parameter_names, path_parameter_rows


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("http://host:8080/users/:id/orders/:order_id", ["id", "order_id"]),
        ("host:8080/:a/:b/:a", ["a", "b"]),
        ("{{ base }}/:id?next=/:page#/:part", ["id"]),
        ("https://{{ hosts['/:x'] }}/:id", ["id"]),
        ("http://a/:file.json", []),
        ("http://a/x:id", []),
        ("http://a/:1st", []),
        ("", []),
    ],
)
def test_whole_segments_of_the_path_count(url: str, names: list[str]) -> None:
    assert path_parameter_names(url) == names


_PIECES = st.sampled_from(["/", ":", "a", "id", "-", ".", "?", "#", "=", "http://", "h:80", "ü", "_", "1"])


@given(st.lists(_PIECES, max_size=12).map("".join))
@example("h:80/:a.b/:ü")
def test_they_are_what_the_sender_replaces(url: str) -> None:
    for name in {*path_parameter_names(url), "a", "id", "aü", "_", "a-1"}:
        assert (fill_path(url, {name: "VALUE"}) != url) == (name in path_parameter_names(url)), name


def rows(*pairs: tuple[str, str]) -> tuple[Row, ...]:
    return tuple(Row(id=f"{name}-id", name=name, value=value) for name, value in pairs)


def test_values_stay_with_their_names_in_the_order_of_the_address() -> None:
    before = rows(("user", "1"), ("order", "2"))
    after = path_parameter_rows("/:order/:user/:item", before)
    assert [(row.name, row.value) for row in after] == [("order", "2"), ("user", "1"), ("item", "")]
    assert [row.id for row in after][:2] == ["order-id", "user-id"]
    assert path_parameter_rows("/:user/:order", before) is before


def test_a_renamed_segment_keeps_its_row() -> None:
    before = rows(("user", "1"), ("order", "2"))
    after = path_parameter_rows("/:user/:invoice", before)
    assert [(row.id, row.name, row.value) for row in after] == [("user-id", "user", "1"), ("order-id", "invoice", "2")]


def test_a_value_outlives_its_segment_and_an_empty_row_does_not() -> None:
    before = rows(("user", "1"), ("order", ""))
    assert [row.name for row in path_parameter_rows("/", before)] == ["user"]
    assert path_parameter_rows("/", rows(("order", ""))) == ()
