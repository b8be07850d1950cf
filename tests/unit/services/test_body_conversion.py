"""What stays of a body when its type changes."""

from __future__ import annotations

import pytest

from insomnia_desktop.model import (
    Body,
    FileBody,
    FormBody,
    GraphQLBody,
    MultipartBody,
    NoBody,
    Part,
    Row,
    TextBody,
    UnknownBody,
)
from insomnia_desktop.services.body_conversion import converted_body

FORM = FormBody(
    rows=(
        Row(id="a", name="first name", value="Ünal & Söhne", description="who"),
        Row(id="b", enabled=False, name="off", value="1"),
        Row(id="c", name="token", value="{{ user.token }}"),
    )
)


def test_a_form_becomes_the_text_that_it_would_send_with_its_variables_as_they_are() -> None:
    text = converted_body(FORM, "text", "text/plain")
    assert text == TextBody(media_type="text/plain", text="first+name=%C3%9Cnal+%26+S%C3%B6hne&token={{ user.token }}")


def test_that_text_becomes_the_same_rows_again() -> None:
    back = converted_body(converted_body(FORM, "text"), "form")
    assert isinstance(back, FormBody)
    assert [(row.name, row.value) for row in back.rows] == [
        ("first name", "Ünal & Söhne"),
        ("token", "{{ user.token }}"),
    ]
    assert len({row.id for row in back.rows}) == 2


def test_a_sign_that_looks_encoded_comes_back_as_it_was() -> None:
    form = FormBody(rows=(Row(id="a", name="share", value="50%25 off"),))
    text = converted_body(form, "text")
    assert isinstance(text, TextBody)
    assert text.text == "share=50%2525+off"
    back = converted_body(text, "form")
    assert isinstance(back, FormBody)
    assert back.rows[0].value == "50%25 off"


def test_rows_and_text_parts_turn_into_each_other_with_their_ids() -> None:
    parts = converted_body(FORM, "multipart")
    assert isinstance(parts, MultipartBody)
    assert [(part.id, part.enabled, part.name, part.description) for part in parts.parts] == [
        ("a", True, "first name", "who"),
        ("b", False, "off", ""),
        ("c", True, "token", ""),
    ]
    with_file = MultipartBody(parts=(*parts.parts, Part(id="f", name="picture", kind="file", path="x.png")))
    assert converted_body(with_file, "form") == FORM
    assert converted_body(with_file, "multipart") is with_file


def test_text_stays_text_of_another_type() -> None:
    text = TextBody(media_type="application/json", text="<a/>")
    assert converted_body(text, "text", "application/xml") == TextBody(media_type="application/xml", text="<a/>")
    assert converted_body(text, "text").media_type == "text/plain"  # type: ignore[union-attr]
    query = converted_body(TextBody(text="{ me }"), "graphql")
    assert query == GraphQLBody(query="{ me }")
    assert converted_body(query, "text", "text/plain") == TextBody(media_type="text/plain", text="{ me }")
    assert converted_body(GraphQLBody(query="q", variables="{}"), "graphql") == GraphQLBody(query="q", variables="{}")


@pytest.mark.parametrize("text", ["", '{"a": 1}', "a=1\nb=2"])
def test_text_that_is_no_form_makes_no_rows(text: str) -> None:
    assert converted_body(TextBody(text=text), "form") == FormBody()


@pytest.mark.parametrize(
    "body", [NoBody(), FORM, TextBody(text="x"), FileBody(path="p"), UnknownBody(type="later", raw={"type": "later"})]
)
def test_a_file_keeps_only_a_file_and_nothing_keeps_nothing(body: Body) -> None:
    assert converted_body(body, "file") == (body if isinstance(body, FileBody) else FileBody())
    assert converted_body(body, "none") == NoBody()
