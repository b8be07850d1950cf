"""What a reader accepts as a plaintext, and what goes into quarantine for which reason."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.sync.plaintext import _is_known_id, as_json, read_plaintext, sketch_plaintext, write_plaintext
from insomnia_desktop.sync.values import Plaintext
from tests.support.vectors import EDGES
from tests.unit.sync.documents import plaintexts, request, wire_id

GOOD: dict[str, Any] = {"s": 1, "t": "request", "p": wire_id(1), "o": "a0b", "d": {"name": "One"}, "later": [1]}
DEEP = '{"s":1,"t":"request","p":"%s","o":"V","d":{"x":%s%s}}'


def read(**changes: Any) -> Plaintext | str:
    return read_plaintext(json.dumps({**GOOD, **changes}).encode())


def test_the_example_of_the_protocol_is_read_and_written_byte_for_byte() -> None:
    text = b'{"s":1,"t":"workspace","p":null,"o":"a0","d":{"name":"Shop API","seed":"kJGSk5SVlpeYmZqbnJ2enw"}}'
    plaintext = read_plaintext(text)
    assert isinstance(plaintext, Plaintext)
    assert (plaintext.kind, plaintext.parent, plaintext.fields["name"]) == ("workspace", None, "Shop API")
    assert write_plaintext(plaintext) == text


@given(plaintexts())
def test_what_is_written_is_read(plaintext: Plaintext) -> None:
    again = read_plaintext(write_plaintext(plaintext))
    assert isinstance(again, Plaintext)
    assert again.is_same(plaintext)


def test_unknown_keys_are_kept() -> None:
    plaintext = read()
    assert isinstance(plaintext, Plaintext)
    assert plaintext.rest == {"later": [1]}
    assert as_json(plaintext) == GOOD


@pytest.mark.parametrize("case", EDGES["plaintext"], ids=lambda case: ascii(case["plaintext_text"])[1:70])
def test_the_published_plaintexts_are_read_or_refused(case: dict[str, str | None]) -> None:
    text, reason = case["plaintext_text"], case["refused_text"]
    assert text is not None
    found = read_plaintext(text.encode())
    assert (found if isinstance(found, str) else None) == reason


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b'{"s":1',
        b"\xff\xfe",
        b'"\\ud800"',
        DEEP.replace("%s", wire_id(1), 1).encode() % (b"[" * 63, b"]" * 63),
        b"[" * 100_000,
    ],
)
def test_what_is_no_shallow_object_is_malformed(data: bytes) -> None:
    assert read_plaintext(data) == "malformed"


def test_64_levels_are_allowed() -> None:
    text = DEEP.replace("%s", wire_id(1), 1).encode() % (b"[" * 62, b"]" * 62)
    assert isinstance(read_plaintext(text), Plaintext)


@pytest.mark.parametrize(
    "changes",
    [
        {"s": 0},
        {"s": True},
        {"s": 1.0},
        {"s": None},
        {"t": 1},
        {"p": None},
        {"p": "short"},
        {"p": "A" * 23},
        {"p": wire_id(1)[:-1] + "B"},
        {"p": 7},
        {"t": "workspace"},
        {"o": ""},
        {"o": "ä"},
        {"o": "a" * 201},
        {"o": 1},
        {"o": "a\n"},
        {"d": []},
        {"d": None},
    ],
)
def test_another_shape_is_malformed(changes: dict[str, Any]) -> None:
    assert read(**changes) == "malformed"


def test_a_key_that_is_missing_is_malformed() -> None:
    for key in "stpod":
        assert read_plaintext(json.dumps({name: GOOD[name] for name in GOOD if name != key}).encode()) == "malformed"
    workspace = {"s": 1, "t": "workspace", "o": "V", "d": {}}
    assert read_plaintext(json.dumps(workspace).encode()) == "malformed"


@pytest.mark.parametrize("changes", [{"s": 2}, {"t": "graph"}, {"s": 2, "p": 1, "o": 1, "d": 1}])
def test_what_a_newer_program_wrote_is_newer(changes: dict[str, Any]) -> None:
    assert read(**changes) == "newer_schema"


def test_an_order_is_at_most_200_characters() -> None:
    plaintext = read(o="0" * 199 + "z")
    assert isinstance(plaintext, Plaintext)
    assert len(plaintext.order) == 200


@given(st.binary(max_size=40) | st.recursive(st.none(), st.lists).map(lambda value: json.dumps(value).encode()))
def test_no_bytes_raise(data: bytes) -> None:
    assert isinstance(read_plaintext(data), Plaintext | str)


def is_sketched_as_read(data: bytes) -> bool:
    """Say whether there is a sketch; where there is one, it says what reading the whole says."""
    sketch = sketch_plaintext(data)
    if sketch is None:
        return False
    plaintext = read_plaintext(data)
    assert isinstance(plaintext, Plaintext)
    assert (sketch.schema, sketch.kind, sketch.parent) == (plaintext.schema, plaintext.kind, plaintext.parent)
    assert (sketch.order, sketch.text, plaintext.rest) == (plaintext.order, data.decode("utf-8"), {})
    assert msgspec.json.decode(sketch.fields) == plaintext.fields
    return True


@given(plaintexts())
def test_a_sketch_says_what_the_plaintext_says(plaintext: Plaintext) -> None:
    is_sketched_as_read(write_plaintext(plaintext))


@given(st.binary(max_size=30), st.integers(0, 90))
def test_no_bytes_make_a_sketch_of_what_is_not_read(data: bytes, at: int) -> None:
    good = json.dumps({name: GOOD[name] for name in "stpod"}).encode()
    is_sketched_as_read(good[:at] + data + good[at:])
    is_sketched_as_read(good[:at] + data + good[at + len(data) :])


FRAME = '{"s":1,"t":"request","p":"%s","o":"V","d":%s}'


@pytest.mark.parametrize(
    "fields",
    [
        "{}",
        '{"name":"One","n":12,"list":[1,2.5,-3e10,1e99,true,null],"deep":{"a":[{}]}}',
        '{"name":"ä 😀","n":"%s"}' % ("5" * 199),
        '{"id":"n90cw7e3","x":"1e2"}',
        '{"name":"A","name":"B"}',
        '{ "name" : "spaced" }',
    ],
)
def test_the_usual_fields_have_a_sketch(fields: str) -> None:
    assert is_sketched_as_read((FRAME % (wire_id(1), fields)).encode())


@pytest.mark.parametrize(
    "fields",
    [
        '{"n":1e999}',
        '{"n":-1E+309}',
        '{"n":%se99}' % ("9" * 250),
        '{"n":"\\ud800"}',
        '{"n":"\\ud800abcdefgh"}',
        '{"n":"\\u00e4"}',
        "[]",
        "1",
        '{"n":' + "[" * 300 + "]" * 300 + "}",
        '{"n":tru}',
        '{"n":1,}',
    ],
    ids=lambda fields: str(fields)[:12],
)
def test_what_is_only_looked_at_must_be_usual(fields: str) -> None:
    assert sketch_plaintext((FRAME % (wire_id(1), fields)).encode()) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"s": 2},
        {"s": True},
        {"t": "environment"},
        {"t": "graph"},
        {"p": None},
        {"p": "short"},
        {"o": "a-"},
        {"later": 1},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_any_other_frame_is_read_whole(changes: dict[str, Any]) -> None:
    frame = {name: GOOD[name] for name in "stpod"}
    assert sketch_plaintext(json.dumps(frame).encode()) is not None
    assert sketch_plaintext(json.dumps({**frame, **changes}).encode()) is None
    assert sketch_plaintext(FRAME.encode()) is None
    assert sketch_plaintext((FRAME % (wire_id(1), '{"n":"X"}')).encode().replace(b"X", b"\xff")) is None


def test_depth_is_not_hidden_behind_brackets_in_strings() -> None:
    """A hostile device of the same account writes it: deeper than what merging and showing can take."""
    text = DEEP.replace("%s", wire_id(1), 1).encode() % (b'["]",' * 200, b',"["]' * 200)
    text = text.replace(b'",,"', b'",1,"')
    assert json.loads(text)["d"]["x"][0] == "]"
    assert sketch_plaintext(text) is None
    assert read_plaintext(text) == "malformed"


@pytest.mark.parametrize("length", [0, 21, 23, 1000])
def test_what_cannot_be_an_id_is_not_kept(length: int) -> None:
    kept = _is_known_id.cache_info().currsize
    frame = {**as_json(request()), "p": "A" * length}
    assert sketch_plaintext(msgspec.json.encode(frame)) is None
    assert _is_known_id.cache_info().currsize == kept
