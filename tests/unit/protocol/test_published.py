"""PROTOCOL.md and the program say the same: codes, limits, labels, fields, and every value of the worked examples."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest

from insomnia_desktop.model.authentication import KNOWN_AUTHENTICATIONS
from insomnia_desktop.model.body import KNOWN_BODIES, Part
from insomnia_desktop.model.cookie_jar import Cookie, CookieJar
from insomnia_desktop.model.environment import Environment, Variable
from insomnia_desktop.model.request import Request, RequestSettings
from insomnia_desktop.model.request_group import RequestGroup
from insomnia_desktop.model.row import Row
from insomnia_desktop.model.workspace import Workspace
from insomnia_desktop.protocol import accounts, devices, events, resource_groups, resources, service, sign_in, sync
from insomnia_desktop.protocol.problems import CODES
from tests.support.sources import CHECKOUT, PROGRAM_SOURCES
from tests.support.vectors import FOLDER

PAGE = (CHECKOUT / "PROTOCOL.md").read_text(encoding="utf-8")
LABEL = re.compile(r'b"(app/1/[a-z0-9/-]+)')
TAG = re.compile(r'tup\(\s*"([a-z]+/1)"')
MESSAGES = [
    kind
    for module in (accounts, devices, events, resource_groups, resources, service, sign_in, sync)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__ == module.__name__
]


def _section(start: str, end: str) -> str:
    return PAGE[PAGE.index(start) : PAGE.index(end)]


def test_the_codes_are_the_published_ones() -> None:
    rows = re.findall(r"^\| (\d{3}) \| `([a-z_]+)` \|", _section("### 6.1 ", "## 7."), re.MULTILINE)
    assert {code: int(status) for status, code in rows} == CODES


def test_the_limits_are_the_published_ones() -> None:
    rows = re.findall(r"^\| `([a-z]+)` \| ([\d,]+) \|", _section("### 8.1 ", "### 8.2 "), re.MULTILINE)
    assert {name: int(number.replace(",", "")) for name, number in rows} == msgspec.to_builtins(service.Limits())


def _in_crypto(pattern: re.Pattern[str]) -> set[str]:
    texts = [source.text for source in PROGRAM_SOURCES if source.name.startswith("insomnia_desktop/crypto/")]
    return {found for text in texts for found in pattern.findall(text)}


def test_every_label_and_tag_is_published_and_used() -> None:
    listed = _section("Every label, in one list", "### 4.1 ")
    # "app/1/pk/" is followed by the kind; the singleton ids are made in base.ids.
    labels = (_in_crypto(LABEL) - {"app/1/pk/"}) | {"app/1/pk/rsa", "app/1/pk/ed25519"}
    assert set(re.findall(r"`(app/1/[a-z0-9/-]+)`", listed)) == labels
    assert set(re.findall(r"`([a-z]+/1)`", listed)) == _in_crypto(TAG) | {"singleton/1"}


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_every_field_is_published(kind: Any) -> None:
    missing = [field for field in kind.__struct_fields__ if not re.search(rf"\b{field}\b", PAGE)]
    assert not missing


def test_every_value_of_the_worked_examples_is_in_the_vectors() -> None:
    vectors = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json"))
    examples = _section("## 11.", "### 11.1 ")
    # A value may go on in the next line.
    joined = re.sub(r"([0-9a-f]{20,})\n +(?=[0-9a-f]{20,})", r"\1", examples)
    values = re.findall(r"(?<![\w-])[0-9a-f]{24,}(?![\w-])", joined)
    assert len(values) > 50
    assert [value for value in values if value not in vectors] == []


def _shapes() -> dict[str, list[dict[str, str]]]:
    """Return the shapes of chapter 9.8 by their name: the keys of each alternative with what is written behind them."""
    block = _section("### 9.8 ", "## 10.").split("```")[1]
    joined = re.sub(r"\n +\|? ?", " ", block)
    found = {}
    for name, text in re.findall(r"^(\w+) += (.*)$", joined, re.MULTILINE):
        members = [re.findall(r"(\w+)\??(?:: ([^,}]*))?(?:, |$)", each) for each in re.findall(r"\{(.*?)\}", text)]
        found[name] = [dict(pairs) for pairs in members]
    return found


def _of_model(kind: type[msgspec.Struct]) -> dict[str, object]:
    """Return the fields of a document or a part of one with their defaults; one without is NODEFAULT."""
    fields = {each.name: each.default for each in msgspec.structs.fields(kind) if each.name not in PLACE}
    tag = kind.__struct_config__.tag
    return {"type": tag, **fields} if isinstance(tag, str) else fields


PLACE = ("parent_id", "sort_key")
DOCUMENTS = {
    "workspace": [Workspace],
    "folder": [RequestGroup],
    "request": [Request],
    "environment": [Environment],
    "cookie_jar": [CookieJar],
    "LINE": [Row],
    "VARIABLE": [Variable],
    "COOKIE": [Cookie],
    "PART": [Part],
    "BODY": list(KNOWN_BODIES),
    "AUTHENTICATION": list(KNOWN_AUTHENTICATIONS),
    "SETTINGS": [RequestSettings],
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_documents_are_the_published_ones(name: str) -> None:
    shapes, kinds = _shapes()[name], DOCUMENTS[name]
    assert len(shapes) == len(kinds)
    for told, kind in zip(shapes, kinds, strict=True):
        fields = _of_model(kind)
        if name.islower():
            del fields["id"]
        assert set(told) - {"sync_cookies"} == set(fields)
        for key, default in fields.items():
            written = told[key].partition(" |")[0]
            if re.fullmatch(r'"[^"]*"|true|false|0', written):
                assert json.loads(written) == default


def test_the_group_is_the_published_one() -> None:
    from insomnia_desktop.crypto.srp_group import N

    digits = _section("N = ", "`I` = canonical").removeprefix("N = ").replace("```", "")
    assert int("".join(digits.split()), 16) == N
