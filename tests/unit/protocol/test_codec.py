"""Messages to JSON and back: what is ignored, what is refused, and by which name."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.protocol.accounts import Kdf
from insomnia_desktop.protocol.binary import Binary, Bytes16
from insomnia_desktop.protocol.codec import InvalidBody, MalformedBody, decode_body, encode_body
from insomnia_desktop.protocol.devices import DeviceRow, Devices
from insomnia_desktop.protocol.limits import NUMBER_MAX
from insomnia_desktop.protocol.sign_in import LoginS

KDF = Kdf.of(600_000, bytes(range(16)))


class Holder(msgspec.Struct, frozen=True):
    """A message with a message in it."""

    kdf: Kdf
    id: Bytes16 | None = None


class NoField:
    """What has no form on the wire."""


class NotAMessage(msgspec.Struct, frozen=True):
    """A struct with such a field."""

    x: NoField


def test_a_message_comes_back() -> None:
    body = encode_body(Holder(KDF, Bytes16(bytes(16))))
    assert json.loads(body) == {
        "kdf": {"v": 1, "alg": "pbkdf2-sha256", "iters": 600000, "salt": "AAECAwQFBgcICQoLDA0ODw"},
        "id": "AAAAAAAAAAAAAAAAAAAAAA",
    }
    assert decode_body(body, Holder) == Holder(KDF, Bytes16(bytes(16)))


def test_unknown_fields_are_ignored_and_of_a_field_given_twice_the_last_counts() -> None:
    assert decode_body(b'{"email":"a@b","later":{"x":[1]},"email":"c@d"}', LoginS) == LoginS("c@d")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("{}", "kdf"),
        ('{"kdf":{}}', "kdf.v"),
        ('{"kdf":[]}', "kdf"),
        ('{"kdf":null}', "kdf"),
        ('{"kdf":{"v":1,"alg":"x","iters":"6","salt":""}}', "kdf.iters"),
        ('{"kdf":{"v":1,"alg":"x","iters":1.0,"salt":""}}', "kdf.iters"),
        ('{"kdf":{"v":1,"alg":"x","iters":-1,"salt":""}}', "kdf.iters"),
        ('{"kdf":{"v":1,"alg":"x","iters":9007199254740992,"salt":""}}', "kdf.iters"),
        ('{"kdf":{"v":true,"alg":"x","iters":1,"salt":""}}', "kdf.v"),
        ('{"kdf":{"v":1,"alg":"x","iters":1,"salt":7}}', "kdf.salt"),
        ('{"kdf":{"v":1,"alg":"x","iters":1,"salt":"A"}}', "kdf.salt"),
        ('{"kdf":{"v":1,"alg":"x","iters":1,"salt":"AA=="}}', "kdf.salt"),
        ('{"kdf":{"v":1,"alg":"x","iters":1,"salt":""},"id":"AAAA"}', "id"),
        ('{"kdf":{"v":1,"alg":"x","iters":1,"salt":""},"id":["AAAA"]}', "id"),
    ],
)
def test_another_shape_names_its_field(body: str, field: str) -> None:
    with pytest.raises(InvalidBody) as caught:
        decode_body(body.encode(), Holder)
    assert caught.value.field == field


def test_a_field_in_a_list_is_named_with_its_place() -> None:
    row = DeviceRow(Bytes16(bytes(16)), "n", "linux", "c", 1, 2, True)
    body = encode_body(Devices([row, row])).replace(b'"current":true}]', b'"current":1}]')
    with pytest.raises(InvalidBody) as caught:
        decode_body(body, Devices)
    assert caught.value.field == "devices[1].current"


def test_the_greatest_number_is_read() -> None:
    kdf = Kdf(1, "x", NUMBER_MAX, Binary())
    assert decode_body(encode_body(kdf), Kdf) == kdf


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nope",
        b"[]",
        b"null",
        b'"email"',
        b"{",
        b'{"email":"a@b"} x',
        b'{"email":"a@b"}{}',
        b'\xef\xbb\xbf{"email":"a@b"}',
        b'{"email":"\xff"}',
        b'{"email":"\\ud800"}',
        b'{"email":NaN}',
        b'{"email":"a@b","x":1e999}',
        b'{"email":"a@b","x":' + b"9" * 5000 + b"}",
        b'{"email":"a@b","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_what_is_no_object_of_json_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedBody):
        decode_body(body, LoginS)


def test_sixteen_levels_and_no_more() -> None:
    def nested(levels: int) -> bytes:
        return b'{"email":"a@b","x":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"

    assert decode_body(nested(16), LoginS) == LoginS("a@b")
    with pytest.raises(MalformedBody, match="too deep"):
        decode_body(nested(17), LoginS)
    assert decode_body(nested(64), LoginS, depth=64) == LoginS("a@b")
    with pytest.raises(MalformedBody):
        decode_body(b'{"email":"a@b","x":' + b'{"a":' * 16 + b"1" + b"}" * 17, LoginS)


def test_a_value_without_a_form_is_a_mistake_of_ours() -> None:
    with pytest.raises(NotImplementedError):
        encode_body({"x": object()})
    with pytest.raises(NotImplementedError):
        decode_body(b'{"x":"y"}', NotAMessage)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["kdf", "v", "salt", "id"]), inner),
    )
)
def test_any_json_without_a_message_in_it_is_malformed_or_invalid(value: object) -> None:
    with pytest.raises((InvalidBody, MalformedBody)):
        decode_body(json.dumps(value).encode(), Holder)


@given(st.binary(max_size=60))
def test_any_bytes_are_malformed_or_invalid(data: bytes) -> None:
    with pytest.raises((InvalidBody, MalformedBody)):
        decode_body(data, Holder)
