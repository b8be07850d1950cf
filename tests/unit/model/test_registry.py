"""Typed views of documents: insomnia_desktop.model.registry and the structs of model.document, model.workspace,
model.request_group, model.request, model.row, model.body, model.authentication, model.environment,
model.cookie_jar and model.response.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from insomnia_desktop import model
from insomnia_desktop.base.errors import Bug, KnownError
from insomnia_desktop.base.ids import new_id
from insomnia_desktop.model import registry


def document(kind: str, fields: dict[str, Any]) -> model.Document:
    return model.Document(
        id=new_id(kind), kind=kind, workspace_id="wrk_1", parent_id="wrk_1", sort_key="V", fields=fields
    )


def test_the_request_of_the_published_vectors_reads() -> None:
    stored = document(
        "request",
        {"name": "Create order", "method": "PUT", "url": "https://shop.example/orders", "description": "Größe: 42"},
    )
    request = model.view_as(stored, model.Request)
    assert (request.name, request.method, request.url) == ("Create order", "PUT", "https://shop.example/orders")
    assert request.description == "Größe: 42"
    assert request.body == model.NoBody()
    assert stored.name == "Create order"


@pytest.mark.parametrize(
    "body",
    [
        model.NoBody(),
        model.TextBody(text="{}"),
        model.FormBody(rows=(model.Row(id="a", name="n", value="v"),)),
        model.MultipartBody(parts=(model.Part(id="a", kind="file", path="/x"),)),
        model.FileBody(path="/x", media_type="image/png"),
        model.GraphQLBody(query="{ a }", variables="{}"),
    ],
)
def test_every_body_round_trips(body: Any) -> None:
    request = model.Request(id=new_id("request"), parent_id="wrk_1", sort_key="V", body=body)
    again = model.view(document("request", model.fields_of(request)))
    assert isinstance(again, model.Request)
    assert again.body == body


@pytest.mark.parametrize(
    "authentication",
    [
        model.NoAuthentication(),
        model.BasicAuthentication(username="u", password="p"),
        model.BearerAuthentication(token="t", enabled=False),
    ],
)
def test_every_authentication_round_trips(authentication: Any) -> None:
    request = model.Request(id=new_id("request"), parent_id="wrk_1", sort_key="V", authentication=authentication)
    again = model.view(document("request", model.fields_of(request)))
    assert isinstance(again, model.Request)
    assert again.authentication == authentication


def test_what_is_not_known_is_kept() -> None:
    stored = document(
        "request",
        {"body": {"type": "proto", "x": 1}, "authentication": {"type": "hawk", "key": "k"}, "scripts": [1, 2]},
    )
    request = model.view_as(stored, model.Request)
    assert request.body == model.UnknownBody(type="proto", raw={"type": "proto", "x": 1})
    assert request.authentication == model.UnknownAuthentication(type="hawk", raw={"type": "hawk", "key": "k"})
    renamed = msgspec.structs.replace(request, name="new")
    patch = model.patch_between(request, renamed)
    from insomnia_desktop.model import patch as patches

    result, _ = patches.apply(stored.fields, patch)
    assert result == {**stored.fields, "name": "new"}


def test_a_body_that_is_no_object_is_kept() -> None:
    assert registry.decode_body(7) == model.UnknownBody(type="None", raw={"value": 7})
    assert registry.decode_authentication("x") == model.UnknownAuthentication(type="None", raw={"value": "x"})


def test_environment_values_are_any_json() -> None:
    rows = [
        {"id": str(n), "enabled": True, "name": f"v{n}", "value": value}
        for n, value in enumerate([None, True, 1, 1.5, "x", [1], {"a": {"b": 1}}])
    ]
    environment = model.view_as(document("environment", {"name": "E", "variables": rows}), model.Environment)
    assert [variable.value for variable in environment.variables] == [row["value"] for row in rows]


def test_the_other_kinds_read() -> None:
    assert model.view_as(document("workspace", {"name": "W", "seed": "s"}), model.Workspace).seed == "s"
    assert model.view_as(document("folder", {"name": "F"}), model.RequestGroup).name == "F"
    jar = model.view_as(document("cookie_jar", {"cookies": [{"id": "a", "name": "sid"}]}), model.CookieJar)
    assert jar.cookies == (model.Cookie(id="a", name="sid"),)
    assert registry.kind_of_view(jar) == "cookie_jar"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("request", {"url": 7}),
        ("request", {"headers": [{"name": "no id"}]}),
        ("request", {"body": {"type": "text", "text": 1}}),
        ("cookie_jar", {"cookies": {}}),
    ],
)
def test_a_misshapen_field_is_named(kind: str, fields: dict[str, Any]) -> None:
    with pytest.raises(KnownError) as caught:
        model.view(document(kind, fields))
    assert caught.value.code == "document.invalid"
    assert caught.value.params["field"] == next(iter(fields))


def test_an_unknown_kind_is_named() -> None:
    stored = msgspec.structs.replace(document("request", {}), kind="plugin")
    with pytest.raises(KnownError) as refused:
        model.view(stored)
    assert refused.value.code == "document.unknown_kind"


def test_views_of_two_documents_have_no_patch() -> None:
    one = model.RequestGroup(id="fld_1", parent_id=None, sort_key="V")
    other = model.RequestGroup(id="fld_2", parent_id=None, sort_key="V")
    with pytest.raises(Bug):
        model.patch_between(one, other)
    with pytest.raises(Bug):
        model.view_as(document("folder", {}), model.Request)


def test_settings_of_a_request_say_only_what_differs() -> None:
    request = model.Request(
        id=new_id("request"), parent_id=None, sort_key="V", settings=model.RequestSettings(verify_tls=False)
    )
    assert model.fields_of(request)["settings"] == {"verify_tls": False}


def test_a_response_round_trips_as_json() -> None:
    response = model.Response(
        id=new_id("response"),
        request_id=new_id("request"),
        workspace_id=new_id("workspace"),
        started=1,
        state="failed",
        headers=(("A", "b"), ("a", "c")),
        error=model.ErrorRecord(code="send.refused", params={"host": "h"}),
        timings=model.Timings(dns=1.5),
        timeline=(model.TimelineEntry(at=1, kind="dns", text="x"),),
    )
    assert msgspec.json.decode(msgspec.json.encode(response), type=model.Response) == response


def test_a_changed_row_is_patched_alone() -> None:
    rows = tuple(model.Row(id=row_id, name=row_id) for row_id in "abc")
    request = model.Request(id=new_id("request"), parent_id=None, sort_key="V", headers=rows)
    changed = (rows[0], msgspec.structs.replace(rows[1], value="new"), rows[2])
    patch = model.patch_between(request, msgspec.structs.replace(request, headers=changed))
    assert patch == (model.Edit(("headers", "@b", "value"), "new"),)


def test_what_utf8_and_64_bits_cannot_hold_is_compared_and_kept_all_the_same() -> None:
    before = model.Environment(id="env_1", parent_id="wrk_1", sort_key="V", name="E")
    variables = tuple(
        model.Variable(id=f"row{at}", name="n", value=value)
        for at, value in enumerate(("\udcff", {"a": "\ud800"}, 10**30, [2**64]))
    )
    after = msgspec.structs.replace(before, variables=variables)
    assert registry.patch_between(before, after)
    kept = registry.fields_of(after)["variables"]
    assert isinstance(kept, list)
    assert [row["value"] for row in kept if isinstance(row, dict)] == ["\udcff", {"a": "\ud800"}, 10**30, [2**64]]


def test_a_value_of_more_than_200_levels_is_refused_by_name() -> None:
    before = model.Environment(id="env_1", parent_id="wrk_1", sort_key="V", name="E")

    def with_levels(levels: int) -> model.Environment:
        deep: Any = 1
        for level in range(levels):
            deep = [deep] if level % 2 else {"a": deep}
        return msgspec.structs.replace(before, variables=(model.Variable(id="row1", name="n", value=deep),))

    # A list of rows, a row, and the value in it.
    assert registry.patch_between(before, with_levels(198))
    with pytest.raises(KnownError, match=r"document\.too_deep"):
        registry.patch_between(before, with_levels(199))
