"""base64url in its canonical form, and bytes that do not show themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.protocol.binary import (
    Binary,
    Bytes16,
    Bytes32,
    Bytes61,
    Bytes64,
    Bytes93,
    Bytes256,
    decode,
    encode,
)
from tests.support.vectors import V1


@given(st.binary(max_size=600))
def test_bytes_come_back(data: bytes) -> None:
    assert decode(encode(data)) == data
    assert decode(encode(data), len(data)) == data


@pytest.mark.parametrize("text", V1["ids"]["refused_b64"])
def test_other_spellings_of_the_published_id_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        decode(text, 16)


def test_the_published_spelling_is_read() -> None:
    assert decode(V1["ids"]["accepted_b64"], 16).hex() == V1["group"]["workspace_id"]


@pytest.mark.parametrize("text", ["A", "AAAAA", "AA==", "AA=", "A+", "A/", "AB", "A A", "AA\n", " AA", "ÄA", "A\0"])
def test_what_is_not_canonical_is_refused_without_its_text(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        decode(text)
    assert text not in str(caught.value)


@given(st.text(max_size=40))
def test_there_is_one_spelling_for_each_bytes(text: str) -> None:
    try:
        data = decode(text)
    except ValueError:
        return
    assert encode(data) == text


def test_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes expected, not 2"):
        decode("AAA", 16)


@pytest.mark.parametrize("kind", [Bytes16, Bytes32, Bytes61, Bytes64, Bytes93, Bytes256])
def test_a_fixed_length_holds(kind: type[Binary]) -> None:
    assert kind.SIZE is not None
    assert kind(bytes(kind.SIZE)) == bytes(kind.SIZE)
    for wrong in (0, kind.SIZE - 1, kind.SIZE + 1):
        with pytest.raises(ValueError):
            kind(bytes(wrong))


def test_any_length_is_binary() -> None:
    assert Binary() == b""
    assert Binary(b"abc") == b"abc"


def test_the_bytes_are_in_no_text_made_of_them() -> None:
    token = Bytes32(b"secret-secret-secret-secret-1234")
    for shown in (repr(token), str(token), f"{token}", f"{[token]}"):
        assert "secret" not in shown
        assert "32 bytes" in shown
