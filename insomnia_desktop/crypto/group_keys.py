"""Ids and keys of groups, and the keys of their resources (protocol v1, 3.1 and 3.2)."""

from __future__ import annotations

import hmac
import os

from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.expand import Key, expand
from insomnia_desktop.crypto.seal import open_sealed, seal
from insomnia_desktop.crypto.tuples import tup, u32
from insomnia_desktop.protocol.limits import ID_BYTES, SEALED_KEY_BYTES

FIRST_BYTE = b"\x01"


def group_id_key(account_key: Key) -> bytes:
    """Return the key from which an account's group ids come, 32 bytes."""
    return expand(account_key, b"app/1/group-id")


def group_id(gid_key: bytes, workspace_id: bytes) -> bytes:
    """Return the id of a workspace's group: derived, so that two devices that meet it at once make the same group."""
    return hmac.digest(gid_key, workspace_id, "sha256")[:ID_BYTES]


def new_group_key() -> bytes:
    """Return a fresh key for a group and an epoch, 32 random bytes."""
    return os.urandom(32)


def wrap_group_key(
    account_key: Key, account_id: bytes, group: bytes, epoch: int, group_key: bytes, nonce: bytes | None = None
) -> bytes:
    """Return `0x01 || SEAL(X(account_key, "app/1/group-wrap"), aad, group_key)`, 61 bytes."""
    return FIRST_BYTE + seal(_wrap_key(account_key), _aad(account_id, group, epoch), group_key, nonce)


def unwrap_group_key(account_key: Key, account_id: bytes, group: bytes, epoch: int, wrap: bytes) -> bytes:
    """Return the group key; raises Undecryptable."""
    if len(wrap) != SEALED_KEY_BYTES or wrap[:1] != FIRST_BYTE:
        raise Undecryptable
    return open_sealed(_wrap_key(account_key), _aad(account_id, group, epoch), wrap[1:])


def resource_key(group_key: bytes, resource_id: bytes) -> bytes:
    """Return the key of one resource in one epoch, 32 bytes: no two resources share a key."""
    return expand(group_key, b"app/1/res\x00" + resource_id)


def _wrap_key(account_key: Key) -> bytes:
    return expand(account_key, b"app/1/group-wrap")


def _aad(account_id: bytes, group: bytes, epoch: int) -> bytes:
    return tup("gk/1", account_id, group, u32(epoch))
