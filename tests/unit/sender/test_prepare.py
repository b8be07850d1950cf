"""What goes out for a request.

Tests insomnia_desktop.sender.prepare, insomnia_desktop.sender.header_fields, insomnia_desktop.sender.form_bodies,
insomnia_desktop.sender.body_source.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.model.authentication import BasicAuthentication, UnknownAuthentication
from insomnia_desktop.model.body import FileBody, FormBody, GraphQLBody, MultipartBody, Part, TextBody
from insomnia_desktop.model.row import Row
from insomnia_desktop.sender.body_source import EMPTY, BytesSource, FileSource, SequenceSource
from insomnia_desktop.sender.form_bodies import form_text, graphql_text
from insomnia_desktop.sender.header_fields import check_header, decoded, encoded, value_of, without
from insomnia_desktop.sender.prepare import PreparedRequest, automatic_headers, prepare, preview_url
from insomnia_desktop.templating import Renderer, Scope
from tests.support.sending import request, rows


def prepared(what: Any, **values: Any) -> PreparedRequest:
    """Prepare a request with these variables."""
    return prepare(what, Renderer(Scope(values)))


def test_disabled_and_empty_rows_are_left_out() -> None:
    off = Row(id="x", enabled=False, name="off", value="{{ unknown }}")
    empty = Row(id="y")
    what = request("http://x/", parameters=(off, empty), body=FormBody(rows=(off, empty)))
    result = prepared(what)
    assert result.url == "http://x/"
    assert result.body == EMPTY


def test_automatic_headers_are_those_that_are_added() -> None:
    cases = [
        request("http://x/"),
        request("http://x/", "POST", body=TextBody(text="{}"), headers=(("user-AGENT", "me"), ("Accept", "a"))),
        request("http://x/", "POST", body=MultipartBody(), authentication=BasicAuthentication()),
        request("http://x/", "PUT", body=FileBody(path="a.png")),
    ]
    for what in cases:
        offered = automatic_headers(what)
        result = prepared(what)
        added = [field for field in result.headers if field[0].lower() not in result.written]
        names = [name for name, _ in offered if name not in ("Host", "Content-Length")]
        assert names == [name for name, _ in added]
        for name, value in offered:
            assert (value_of(added, name) or "").startswith(value)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (request("http://x/", body=GraphQLBody(query="{a}", variables="[1]")), "send.bad_variables"),
        (request("http://x/", body=GraphQLBody(query="{a}", variables="{")), "send.bad_variables"),
        (request("http://x/", authentication=UnknownAuthentication(type="x", raw={})), "send.unknown_authentication"),
        (request("http://x y/"), "send.bad_address"),
        (request("http://x/", "G T"), "send.bad_method"),
        (request("http://x/", headers=(("A:", "b"),)), "send.bad_header"),
        (request("http://x/", authentication=BasicAuthentication(username="{{ u }}")), "template.unknown_names"),
        (
            request("http://x/", body=MultipartBody(parts=(Part(id="1", name="a", media_type="a\r\nB: c"),))),
            "send.bad_header",
        ),
    ],
)
def test_what_cannot_be_sent_is_named(what: Any, code: str) -> None:
    with pytest.raises(KnownError) as caught:
        prepared(what)
    assert caught.value.code == code


def test_all_unknown_names_are_told_at_once_wherever_they_stand() -> None:
    what = request(
        "http://{{ a }}/:id",
        "POST",
        path_parameters=rows(("id", "{{ b }}")),
        parameters=rows(("limit", "{{ c }}")),
        headers=(("X-Id", "{{ d }}"),),
        body=GraphQLBody(query="{{ e }}", variables="{{ f }}"),
        authentication=BasicAuthentication(username="{{ g }}"),
    )
    with pytest.raises(KnownError) as caught:
        prepared(what)
    names = caught.value.params["names"]
    assert isinstance(names, list)
    assert {(found["name"], found["where"]) for found in names} == {
        ("a", "address"),
        ("b", "path parameter id"),
        ("c", "parameter limit"),
        ("d", "header X-Id"),
        ("e", "GraphQL query"),
        ("f", "GraphQL variables"),
        ("g", "authentication user name"),
    }


def test_the_preview_shows_the_address_as_it_will_be_asked_for() -> None:
    what = request("{{ base }}/:id", path_parameters=rows(("id", "7")), parameters=rows(("q", "a b")))
    assert preview_url(what, Renderer(Scope({"base": "localhost"}))) == "http://localhost/7?q=a%20b"
    assert preview_url(what, Renderer(Scope())) == "{{ base }}/7?q=a%20b"


def test_sources_of_bodies() -> None:
    file = prepared(request("http://x/", "POST", body=FileBody(path="{{ p }}/a.txt")), p="/d")
    assert file.body == FileSource("/d/a.txt", "body")
    assert value_of(file.headers, "content-type") == "text/plain"
    parts = (Part(id="1", name="t", value="v"), Part(id="2", name="f", kind="file", path="/d/x.bin"))
    multipart = prepared(request("http://x/", "POST", body=MultipartBody(parts=parts))).body
    assert isinstance(multipart, SequenceSource)
    assert [type(piece) for piece in multipart.pieces] == [BytesSource, FileSource, BytesSource]


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=5))
def test_a_form_reads_back_as_it_was_written(pairs: list[tuple[str, str]]) -> None:
    clean = [(_clean(name), _clean(value)) for name, value in pairs]
    if all(name or value for name, value in clean):
        assert parse_qsl(form_text(clean), keep_blank_values=True) == clean


def _clean(text: str) -> str:
    return text.encode("utf-8", "ignore").decode("utf-8")


def test_graphql_keeps_the_numbers_of_variables_and_leaves_out_what_is_empty() -> None:
    assert graphql_text(query="{a}", variables="", operation=" ") == '{"query":"{a}"}'
    assert graphql_text(query='"\n', variables='{"n": 1.10}', operation="A") == (
        '{"query":"\\"\\n","variables":{"n": 1.10},"operationName":"A"}'
    )


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_header_is_sendable_or_refused(name: str, value: str) -> None:
    code = "send.bad_header"
    sent = (name, "")
    try:
        sent = check_header(name, value)
    except KnownError as error:
        code = error.code
    assert code == "send.bad_header"
    assert sent[0] == name
    assert not set("\r\n\0") & set(sent[1])


def test_fields_are_found_and_dropped_whatever_their_case() -> None:
    fields = (("A", "1"), ("b", "2"), ("a", "3"))
    assert value_of(fields, "a") == "1"
    assert without(fields, ["A"]) == (("b", "2"),)
    assert decoded([(b"X", "ü".encode()), (b"Y", b"\xfc")]) == (("X", "ü"), ("Y", "ü"))
    assert encoded((("X", "ü"),)) == [(b"X", "ü".encode())]
