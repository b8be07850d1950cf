"""crypto.tuples and expand: the encoding of what is hashed, and RFC 5869."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.crypto.expand import expand, hkdf
from insomnia_desktop.crypto.tuples import H, lp, tup, u8, u32, u64
from tests.support.vectors import EDGES, h

# RFC 5869, appendix A.1 to A.3, in this order: IKM, salt, info, PRK, OKM. The first 32 bytes of each OKM are ours.
RFC_5869 = [
    (
        b"\x0b" * 22,
        bytes(range(13)),
        bytes(range(0xF0, 0xFA)),
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        bytes(range(80)),
        bytes(range(0x60, 0xB0)),
        bytes(range(0xB0, 0x100)),
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
        "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    ),
    (
        b"\x0b" * 22,
        b"",
        b"",
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
]


@pytest.mark.parametrize(("ikm", "salt", "info", "prk", "okm"), RFC_5869, ids=["A.1", "A.2", "A.3"])
def test_hkdf_is_that_of_rfc_5869(ikm: bytes, salt: bytes, info: bytes, prk: str, okm: str) -> None:
    assert hkdf(ikm, salt, info) == h(okm)[:32]
    assert expand(h(prk), info) == h(okm)[:32]


def test_a_key_may_lie_in_a_bytearray() -> None:
    assert expand(bytearray(b"k" * 32), b"i") == expand(b"k" * 32, b"i")
    assert hkdf(bytearray(b"k" * 32), b"", b"i") == hkdf(b"k" * 32, bytes(32), b"i")


def test_hash_is_sha_256() -> None:
    # FIPS 180-4, example of one block.
    assert H(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize("case", EDGES["tuple"], ids=lambda case: case["tuple"][:24])
def test_published_tuples(case: dict[str, object]) -> None:
    fields = case["fields"]
    assert isinstance(fields, list)
    made = tup(str(case["tag_text"]), *(h(field) for field in fields))
    assert made.hex() == case["tuple"]
    assert hashlib.sha256(made).hexdigest() == case["sha256"]


@given(st.lists(st.binary(max_size=8)), st.lists(st.binary(max_size=8)))
def test_different_fields_make_different_tuples(left: list[bytes], right: list[bytes]) -> None:
    assert (tup("t/1", *left) == tup("t/1", *right)) == (left == right)


def test_numbers_are_big_endian_and_bounded() -> None:
    assert (u8(255), u32(1), u64(2**64 - 1)) == (b"\xff", b"\0\0\0\x01", b"\xff" * 8)
    assert lp(b"ab") == b"\0\0\0\x02ab"
    for function, number in ((u8, 256), (u32, 2**32), (u64, 2**64), (u8, -1)):
        with pytest.raises(OverflowError):
            function(number)


def test_a_tag_is_ascii() -> None:
    with pytest.raises(UnicodeEncodeError):
        tup("é/1")
