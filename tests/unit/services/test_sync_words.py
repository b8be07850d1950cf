"""services.sync_words: fields and values as people read them."""

from __future__ import annotations

from typing import Any

import pytest

from insomnia_desktop.model.patch import ABSENT
from insomnia_desktop.services.sync_words import differences, field_words, shown, value_at

FIELDS: dict[str, Any] = {
    "name": "List",
    "headers": [{"id": "h1", "name": "X-Trace-Id", "value": "1", "enabled": True}],
    "body": {"type": "form", "rows": [{"id": "r1", "name": "sku", "value": "tea"}]},
    "authentication": {"type": "basic", "username": "ann", "password": "p"},
    "@odd": {"#key": 1},
}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("url",), "Address"),
        (("headers", "@h1"), "Header X-Trace-Id"),
        (("headers", "@h1", "value"), "Header X-Trace-Id"),
        (("headers", "@h1", "enabled"), "Header X-Trace-Id: enabled"),
        (("headers", "@gone"), "Header"),
        (("headers", "#order"), "Headers: order"),
        (("body", "text"), "Body"),
        (("body", "rows", "@r1", "value"), "Body: field sku"),
        (("authentication", "password"), "Authentication: password"),
        (("settings", "total_timeout_ms"), "Settings: total timeout ms"),
        (("#place",), "Place"),
        (("\\@odd", "\\#key"), "@odd: #key"),
        ((), "Document"),
    ],
)
def test_every_path_has_words(path: tuple[str, ...], words: str) -> None:
    assert field_words(path, FIELDS) == words


def test_values_are_text_as_they_are_and_json_else() -> None:
    assert shown("a\nb").text == "a\nb"
    assert shown({"a": [1, None]}).text == '{"a":[1,null]}'
    assert (shown(ABSENT).text, shown(ABSENT).present) == ("", False)


def test_what_stands_at_a_path_is_found_or_absent() -> None:
    assert value_at(FIELDS, ("headers", "@h1", "value")) == "1"
    assert value_at(FIELDS, ("headers", "#order")) == ["h1"]
    assert value_at(FIELDS, ("\\@odd", "\\#key")) == 1
    for path in (("headers", "@no"), ("name", "@h1"), ("name", "x"), ("name", "#order"), ("nothing",)):
        assert value_at(FIELDS, path) is ABSENT


def test_two_versions_differ_field_by_field_and_row_by_row() -> None:
    after = {**FIELDS, "name": "All", "headers": []}
    found = {each.field: (each.before.text, each.after.present) for each in differences(FIELDS, after)}
    assert found["Name"] == ("List", True)
    assert found["Header X-Trace-Id"][1] is False
