"""crypto.seal and errors: AES-256-GCM against its published cases, and everything that must not open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.seal import fresh_nonces, open_sealed, seal
from tests.support.vectors import EDGES, flipped, h

# The Galois/Counter Mode of Operation, appendix B (the NIST submission), test cases 13 to 16: key, IV, P, A, C, T.
_LONG = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
    "ba637b391aafd255"
)
_LONG_SEALED = (
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
    "bcc9f662898015ad"
)
_KEY = "feffe9928665731c6d6a8f9467308308" * 2
_AAD = "feedfacedeadbeeffeedfacedeadbeefabaddad2"
NIST = [
    ("00" * 32, "00" * 12, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
    ("00" * 32, "00" * 12, "00" * 16, "", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"),
    (_KEY, "cafebabefacedbaddecaf888", _LONG, "", _LONG_SEALED, "b094dac5d93471bdec1a502270e3cc6c"),
    (_KEY, "cafebabefacedbaddecaf888", _LONG[:-8], _AAD, _LONG_SEALED[:-8], "76fc6ece0f4e1768cddf8853bb2d551b"),
]
KEY, AAD, PLAINTEXT = bytes(range(32)), b"t/1\x00", b"what nobody else reads"


@pytest.mark.parametrize(("key", "iv", "plaintext", "aad", "ciphertext", "tag"), NIST, ids=["13", "14", "15", "16"])
def test_the_published_cases_of_gcm(key: str, iv: str, plaintext: str, aad: str, ciphertext: str, tag: str) -> None:
    sealed = seal(h(key), h(aad), h(plaintext), h(iv))
    assert sealed == h(iv + ciphertext + tag)
    assert open_sealed(h(key), h(aad), sealed) == h(plaintext)


@pytest.mark.parametrize("case", EDGES["seal"], ids=lambda case: f"{len(case['plaintext'])}-{case['aad'][:8]}")
def test_what_another_library_sealed(case: dict[str, str]) -> None:
    key, aad, plaintext, nonce = (h(case[name]) for name in ("key", "aad", "plaintext", "nonce"))
    assert seal(key, aad, plaintext, nonce) == h(case["sealed"])
    assert open_sealed(key, aad, h(case["sealed"])) == plaintext


@pytest.mark.parametrize("case", EDGES["seal"], ids=lambda case: f"{len(case['plaintext'])}-{case['aad'][:8]}")
def test_no_changed_bit_opens(case: dict[str, str]) -> None:
    key, aad, sealed = (h(case[name]) for name in ("key", "aad", "sealed"))
    for bit in range(len(sealed) * 8):
        with pytest.raises(Undecryptable):
            open_sealed(key, aad, flipped(sealed, bit))
    for bit in range(len(aad) * 8):
        with pytest.raises(Undecryptable):
            open_sealed(key, flipped(aad, bit), sealed)
    for bit in range(len(key) * 8):
        with pytest.raises(Undecryptable):
            open_sealed(flipped(key, bit), aad, sealed)


@given(st.binary(max_size=64), st.binary(max_size=32))
def test_no_other_length_opens(plaintext: bytes, aad: bytes) -> None:
    sealed = seal(KEY, aad, plaintext)
    assert len(sealed) == 12 + len(plaintext) + 16
    for end in range(len(sealed)):
        with pytest.raises(Undecryptable):
            open_sealed(KEY, aad, sealed[:end])
    for longer in (sealed + b"\0", b"\0" + sealed):
        with pytest.raises(Undecryptable):
            open_sealed(KEY, aad, longer)
    for other in (aad + b"\0", aad[:-1] if aad else b"x"):
        with pytest.raises(Undecryptable):
            open_sealed(KEY, other, sealed)


def test_the_tag_has_sixteen_bytes_and_no_fewer() -> None:
    nonce, tag = bytes(12), seal(KEY, AAD, PLAINTEXT, bytes(12))[-16:]
    ciphertext = seal(KEY, AAD, PLAINTEXT, nonce)[12:-16]
    for length in range(16):
        with pytest.raises(Undecryptable):
            open_sealed(KEY, AAD, nonce + ciphertext + tag[:length])


def test_nonces_are_drawn_anew() -> None:
    nonces = {seal(KEY, AAD, PLAINTEXT)[:12] for _ in range(2000)}
    assert len(nonces) == 2000


def test_a_key_may_lie_in_a_bytearray() -> None:
    assert open_sealed(KEY, AAD, seal(bytearray(KEY), AAD, PLAINTEXT)) == PLAINTEXT


def test_the_error_says_nothing_but_its_name() -> None:
    with pytest.raises(Undecryptable) as short:
        open_sealed(KEY, AAD, b"")
    with pytest.raises(Undecryptable) as changed:
        open_sealed(KEY, AAD, bytes(40))
    assert str(short.value) == str(changed.value) == "undecryptable"
    assert changed.value.__suppress_context__


def test_nonces_that_are_drawn_together_are_different_ones() -> None:
    nonces = list(fresh_nonces(500))
    assert [len(nonce) for nonce in nonces] == [12] * 500
    assert len({*nonces, *fresh_nonces(500)}) == 1000
    assert list(fresh_nonces(0)) == []
