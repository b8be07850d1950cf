"""Typing in one text is one step of undo; everything else is a step of its own."""

from __future__ import annotations

import msgspec

from insomnia_desktop.model import (
    BasicAuthentication,
    BearerAuthentication,
    GraphQLBody,
    Part,
    RequestSettings,
    Row,
    TextBody,
)
from insomnia_desktop.ui.viewmodels.undo_steps import rows_step, value_step

ROWS = (Row(id="a", name="A", value="1"), Row(id="b", name="B", value="2"))


def with_second(**values: object) -> tuple[Row, ...]:
    return (ROWS[0], msgspec.structs.replace(ROWS[1], **values))


def test_each_cell_is_its_own_step() -> None:
    assert rows_step("headers", ROWS, with_second(value="22")) == "headers:b:value"
    assert rows_step("headers", ROWS, with_second(name="BB")) == "headers:b:name"


def test_a_row_that_begins_by_typing_belongs_to_it() -> None:
    begun = (*ROWS, Row(id="c", name="x"))
    step = rows_step("headers", ROWS, begun)
    assert step == "headers:c:name"
    assert rows_step("headers", begun, (*ROWS, Row(id="c", name="x-"))) == step


def test_boxes_new_orders_and_removals_are_steps_of_their_own() -> None:
    assert rows_step("headers", ROWS, with_second(enabled=False)) == ""
    assert rows_step("headers", ROWS, ROWS[::-1]) == ""
    assert rows_step("headers", ROWS, ROWS[:1]) == ""
    assert rows_step("headers", ROWS, with_second(name="x", value="y")) == ""
    assert rows_step("headers", ROWS, (*ROWS, Row(id="c", name="x"), Row(id="d", name="y"))) == ""
    part = Part(id="p", name="n")
    assert rows_step("body", (part,), (msgspec.structs.replace(part, kind="file"),)) == ""


def test_values_with_fields() -> None:
    assert value_step("body", TextBody(text="a"), TextBody(text="ab")) == "body:text"
    assert value_step("body", GraphQLBody(), GraphQLBody(variables="{}")) == "body:variables"
    assert value_step("body", TextBody(), GraphQLBody()) == ""
    assert value_step("body", TextBody(), TextBody()) == ""
    assert value_step("authentication", BasicAuthentication(), BasicAuthentication(username="u")) != value_step(
        "authentication", BasicAuthentication(), BasicAuthentication(password="p")
    )
    assert value_step("authentication", BearerAuthentication(), BearerAuthentication(enabled=False)) == ""
    assert value_step("settings", RequestSettings(), RequestSettings(max_redirects=3)) == "settings:max_redirects"
    assert value_step("settings", RequestSettings(), RequestSettings(verify_tls=False)) == ""
    assert value_step("settings", RequestSettings(), RequestSettings(http_version="2")) == ""
