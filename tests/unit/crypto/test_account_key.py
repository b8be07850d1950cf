"""Wraps of the account key, their commitment, and a ciphertext made to open under two passwords."""

from __future__ import annotations

import hmac

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.crypto.account_key import (
    new_account_key,
    unwrap_account_key,
    unwrap_for_recovery,
    wrap_account_key,
    wrap_for_recovery,
)
from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.passwords import MasterKeys
from insomnia_desktop.crypto.seal import open_sealed
from insomnia_desktop.crypto.tuples import tup, u64
from tests.support.vectors import ACCOUNT_ID, ACCOUNT_KEY, ITERATIONS, KDF_SALT, KDF_SRP, V1, flipped, h

KEYS = MasterKeys(h(KDF_SRP["srp_auth"]), h(KDF_SRP["account_kek"]), h(V1["account"]["kek_commit"]))
WRAP = h(V1["account_key_wrap"]["wrap"])
AAD = h(V1["account_key_wrap"]["aad"])
RECOVERY_KEK, RECOVERY_WRAP = h(V1["recovery"]["recovery_kek"]), h(V1["recovery"]["wrap"])


def test_the_published_wrap() -> None:
    assert tup("akw/1", ACCOUNT_ID, KDF_SALT, u64(ITERATIONS)) == AAD
    nonce = h(V1["account_key_wrap"]["nonce"])
    assert wrap_account_key(KEYS, ACCOUNT_ID, KDF_SALT, ITERATIONS, ACCOUNT_KEY, nonce) == WRAP
    assert WRAP[1:33].hex() == V1["account_key_wrap"]["commit"]
    assert unwrap_account_key(KEYS, ACCOUNT_ID, KDF_SALT, ITERATIONS, WRAP) == ACCOUNT_KEY


def test_the_published_recovery_wrap() -> None:
    nonce = h(V1["recovery"]["nonce"])
    assert wrap_for_recovery(RECOVERY_KEK, ACCOUNT_ID, ACCOUNT_KEY, nonce) == RECOVERY_WRAP
    assert unwrap_for_recovery(RECOVERY_KEK, ACCOUNT_ID, RECOVERY_WRAP) == ACCOUNT_KEY


def test_no_changed_bit_and_no_other_length_opens() -> None:
    for bit in range(len(WRAP) * 8):
        with pytest.raises(Undecryptable):
            unwrap_account_key(KEYS, ACCOUNT_ID, KDF_SALT, ITERATIONS, flipped(WRAP, bit))
    for bit in range(len(RECOVERY_WRAP) * 8):
        with pytest.raises(Undecryptable):
            unwrap_for_recovery(RECOVERY_KEK, ACCOUNT_ID, flipped(RECOVERY_WRAP, bit))
    for wrap, recovery_wrap in ((WRAP[:-1], RECOVERY_WRAP[:-1]), (WRAP + b"\0", RECOVERY_WRAP + b"\0"), (b"", b"")):
        with pytest.raises(Undecryptable):
            unwrap_account_key(KEYS, ACCOUNT_ID, KDF_SALT, ITERATIONS, wrap)
        with pytest.raises(Undecryptable):
            unwrap_for_recovery(RECOVERY_KEK, ACCOUNT_ID, recovery_wrap)


def test_another_context_opens_nothing() -> None:
    other_id = bytes(16)
    for account_id, salt, iterations in (
        (other_id, KDF_SALT, ITERATIONS),
        (ACCOUNT_ID, bytes(16), ITERATIONS),
        (ACCOUNT_ID, KDF_SALT, ITERATIONS + 1),
    ):
        with pytest.raises(Undecryptable):
            unwrap_account_key(KEYS, account_id, salt, iterations, WRAP)
    with pytest.raises(Undecryptable):
        unwrap_for_recovery(RECOVERY_KEK, other_id, RECOVERY_WRAP)
    with pytest.raises(Undecryptable):
        unwrap_for_recovery(KEYS.kek, ACCOUNT_ID, RECOVERY_WRAP)
    for keys in (
        MasterKeys(KEYS.srp_auth, bytes(32), KEYS.kek_commit),
        MasterKeys(KEYS.srp_auth, KEYS.kek, bytes(32)),
    ):
        with pytest.raises(Undecryptable):
            unwrap_account_key(keys, ACCOUNT_ID, KDF_SALT, ITERATIONS, WRAP)


@given(st.binary(min_size=32, max_size=32))
def test_what_was_wrapped_comes_back(key: bytes) -> None:
    wrap = wrap_account_key(KEYS, ACCOUNT_ID, KDF_SALT, ITERATIONS, bytearray(key))
    assert len(wrap) == 93
    assert unwrap_account_key(KEYS, ACCOUNT_ID, KDF_SALT, ITERATIONS, wrap) == key
    recovery_wrap = wrap_for_recovery(RECOVERY_KEK, ACCOUNT_ID, bytearray(key))
    assert len(recovery_wrap) == 61
    assert unwrap_for_recovery(RECOVERY_KEK, ACCOUNT_ID, recovery_wrap) == key


def test_keys_are_drawn_anew() -> None:
    assert len({new_account_key() for _ in range(100)}) == 100
    assert len(new_account_key()) == 32


def test_a_ciphertext_that_opens_under_two_passwords_is_refused_for_the_second() -> None:
    """The partitioning oracle: GCM alone opens it under both keys, the commitment fits one of them at most."""
    first = MasterKeys(bytes(32), b"\x01" * 32, b"\x02" * 32)
    second = MasterKeys(bytes(32), b"\x03" * 32, b"\x04" * 32)
    nonce = bytes(range(12))
    sealed = _opens_under_both(first.kek, second.kek, AAD, nonce)
    assert len(open_sealed(first.kek, AAD, sealed)) == len(open_sealed(second.kek, AAD, sealed)) == 32
    wrap = b"\x01" + hmac.digest(first.kek_commit, AAD + nonce, "sha256") + sealed
    assert len(unwrap_account_key(first, ACCOUNT_ID, KDF_SALT, ITERATIONS, wrap)) == 32
    with pytest.raises(Undecryptable):
        unwrap_account_key(second, ACCOUNT_ID, KDF_SALT, ITERATIONS, wrap)


def _opens_under_both(left: bytes, right: bytes, aad: bytes, nonce: bytes) -> bytes:
    """Return `nonce || two blocks || tag` valid under both keys: GHASH is linear, so one block is solved for."""
    blocks = [aad[start : start + 16].ljust(16, b"\0") for start in range(0, len(aad), 16)]
    blocks += [b"\x5a" * 16, bytes(16), (8 * len(aad)).to_bytes(8, "big") + (8 * 32).to_bytes(8, "big")]
    hashes = [_number(_block(key, bytes(16))) for key in (left, right)]
    masks = [_number(_block(key, nonce + b"\0\0\0\x01")) for key in (left, right)]
    tags = [_ghash(subkey, blocks) ^ mask for subkey, mask in zip(hashes, masks, strict=True)]
    squares = [_times(subkey, subkey) for subkey in hashes]
    solved = _times(tags[0] ^ tags[1], _inverse(squares[0] ^ squares[1]))
    blocks[-2] = solved.to_bytes(16, "big")
    tag = _ghash(hashes[0], blocks) ^ masks[0]
    return nonce + blocks[-3] + blocks[-2] + tag.to_bytes(16, "big")


def _block(key: bytes, block: bytes) -> bytes:
    return Cipher(AES(key), ECB()).encryptor().update(block)


def _number(block: bytes) -> int:
    return int.from_bytes(block, "big")


def _ghash(subkey: int, blocks: list[bytes]) -> int:
    total = 0
    for block in blocks:
        total = _times(total ^ _number(block), subkey)
    return total


def _times(left: int, right: int) -> int:
    """Multiply in the field of GCM (NIST SP 800-38D, 6.3)."""
    product = 0
    for place in range(127, -1, -1):
        if right >> place & 1:
            product ^= left
        left = left >> 1 ^ (0xE1 << 120 if left & 1 else 0)
    return product


def _inverse(value: int) -> int:
    """Return value^(2^128 - 2)."""
    result, power = 1 << 127, value
    for _ in range(127):
        power = _times(power, power)
        result = _times(result, power)
    return result
