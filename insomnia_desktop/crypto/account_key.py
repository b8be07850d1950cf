"""The account key, and its wraps under the password and under the recovery key (protocol v1, 3.1 and 3.2)."""

from __future__ import annotations

import hmac
import os

from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.expand import Key
from insomnia_desktop.crypto.passwords import MasterKeys
from insomnia_desktop.crypto.seal import NONCE_BYTES, open_sealed, seal
from insomnia_desktop.crypto.tuples import tup, u64
from insomnia_desktop.protocol.limits import ACCOUNT_KEY_WRAP_BYTES, SEALED_KEY_BYTES

FIRST_BYTE = b"\x01"
COMMIT_BYTES = 32


def new_account_key() -> bytes:
    """Return a fresh account key, 32 random bytes."""
    return os.urandom(32)


def wrap_account_key(
    keys: MasterKeys,
    account_id: bytes,
    kdf_salt: bytes,
    iterations: int,
    account_key: Key,
    nonce: bytes | None = None,
) -> bytes:
    """Return `0x01 || commit || SEAL(kek, aad, account_key)`, 93 bytes.

    AES-GCM alone commits to no key: one ciphertext can open under many, and would test many passwords at once. The
    commitment is an HMAC under a second key of the same password.
    """
    aad = _aad(account_id, kdf_salt, iterations)
    sealed = seal(keys.kek, aad, bytes(account_key), nonce)
    return FIRST_BYTE + _commit(keys, aad, sealed[:NONCE_BYTES]) + sealed


def unwrap_account_key(keys: MasterKeys, account_id: bytes, kdf_salt: bytes, iterations: int, wrap: bytes) -> bytes:
    """Return the account key; raises Undecryptable. The commitment is compared in constant time, before GCM."""
    if len(wrap) != ACCOUNT_KEY_WRAP_BYTES or wrap[:1] != FIRST_BYTE:
        raise Undecryptable
    aad = _aad(account_id, kdf_salt, iterations)
    commit, sealed = wrap[1 : 1 + COMMIT_BYTES], wrap[1 + COMMIT_BYTES :]
    if not hmac.compare_digest(commit, _commit(keys, aad, sealed[:NONCE_BYTES])):
        raise Undecryptable
    return open_sealed(keys.kek, aad, sealed)


def wrap_for_recovery(recovery_kek: bytes, account_id: bytes, account_key: Key, nonce: bytes | None = None) -> bytes:
    """Return `0x01 || SEAL(recovery_kek, aad, account_key)`, 61 bytes; that key is random, so nothing to commit to."""
    return FIRST_BYTE + seal(recovery_kek, tup("rkw/1", account_id), bytes(account_key), nonce)


def unwrap_for_recovery(recovery_kek: bytes, account_id: bytes, wrap: bytes) -> bytes:
    """Return the account key; raises Undecryptable."""
    if len(wrap) != SEALED_KEY_BYTES or wrap[:1] != FIRST_BYTE:
        raise Undecryptable
    return open_sealed(recovery_kek, tup("rkw/1", account_id), wrap[1:])


def _aad(account_id: bytes, kdf_salt: bytes, iterations: int) -> bytes:
    return tup("akw/1", account_id, kdf_salt, u64(iterations))


def _commit(keys: MasterKeys, aad: bytes, nonce: bytes) -> bytes:
    return hmac.digest(keys.kek_commit, aad + nonce, "sha256")
