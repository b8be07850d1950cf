"""The envelope: one version of one resource, sealed (protocol v1, 3.2)."""

from __future__ import annotations

import struct
from collections.abc import Mapping

import msgspec

from insomnia_desktop.crypto.errors import EnvelopeTooLarge, Undecryptable
from insomnia_desktop.crypto.group_keys import resource_key
from insomnia_desktop.crypto.padding import pad_frame, unpack
from insomnia_desktop.crypto.seal import open_sealed, seal
from insomnia_desktop.crypto.tuples import H, tup, u8, u32, u64
from insomnia_desktop.protocol.limits import BLOB_BYTES, ENVELOPE_MIN, HASH_BYTES, ID_BYTES

FIRST_BYTE = b"\x01"
HEADER_BYTES = 5
NO_PREV = bytes(HASH_BYTES)
# TUP("res/1", ...) of fields that are as long as they should be, which those of every honest row are.
_AAD = struct.Struct(">6sI16sI16sIQI32sIIIBI16s")
_AAD_LENGTHS = (ID_BYTES, ID_BYTES, HASH_BYTES, ID_BYTES)


class Revision(msgspec.Struct, frozen=True):
    """What is known of a version beside its envelope: the reader's own ids, and what the row says.

    `prev` is the hash of the version before, 32 zero bytes for version 1; `author` an account id.
    """

    group_id: bytes
    resource_id: bytes
    version: int
    prev: bytes
    deleted: bool
    author: bytes

    def aad(self, epoch: int) -> bytes:
        """Return the associated data; every field is bound to the ciphertext."""
        lengths = (len(self.group_id), len(self.resource_id), len(self.prev), len(self.author))
        if lengths == _AAD_LENGTHS and 0 <= self.version < 1 << 64 and 0 <= epoch < 1 << 32:
            return _AAD.pack(
                b"res/1\x00",
                *(ID_BYTES, self.group_id),
                *(ID_BYTES, self.resource_id),
                *(8, self.version),
                *(HASH_BYTES, self.prev),
                *(4, epoch),
                *(1, self.deleted),
                *(ID_BYTES, self.author),
            )
        return tup(
            "res/1",
            self.group_id,
            self.resource_id,
            u64(self.version),
            self.prev,
            u32(epoch),
            u8(self.deleted),
            self.author,
        )


def epoch_of(envelope: bytes) -> int:
    """Return the epoch that an envelope names; raises Undecryptable for another first byte or a forbidden length."""
    if envelope[:1] != FIRST_BYTE or not ENVELOPE_MIN <= len(envelope) <= BLOB_BYTES:
        raise Undecryptable
    return int.from_bytes(envelope[1:HEADER_BYTES], "big")


def seal_frame(
    group_key: bytes, epoch: int, revision: Revision, frame: bytes, nonce: bytes | None = None
) -> tuple[bytes, bytes]:
    """Return `0x01 || u32 epoch || SEAL(resource_key, aad, padded)` and its `rev_hash`.

    The frame is what `padding.frames` made of the plaintext, JSON in UTF-8. What both are made of is made once. Raises
    EnvelopeTooLarge over 1 MiB.
    """
    key, aad = resource_key(group_key, revision.resource_id), revision.aad(epoch)
    envelope = FIRST_BYTE + u32(epoch) + seal(key, aad, pad_frame(frame), nonce)
    if len(envelope) > BLOB_BYTES:
        raise EnvelopeTooLarge(len(envelope))
    return envelope, H(aad + envelope)


def open_envelope(group_keys: Mapping[int, bytes], revision: Revision, envelope: bytes) -> bytes:
    """Return the plaintext, with the key of the epoch that the envelope names; raises Undecryptable."""
    epoch = epoch_of(envelope)
    return _open(group_keys.get(epoch), revision.resource_id, revision.aad(epoch), envelope)


def open_and_hash(group_keys: Mapping[int, bytes], revision: Revision, envelope: bytes) -> tuple[bytes | None, bytes]:
    """Return the plaintext, None where `open_envelope` would raise, and `rev_hash`; raises Undecryptable as that does.

    What both are made of is made once.
    """
    epoch = epoch_of(envelope)
    aad = revision.aad(epoch)
    hashed = H(aad + envelope)
    try:
        return _open(group_keys.get(epoch), revision.resource_id, aad, envelope), hashed
    except Undecryptable:
        return None, hashed


def rev_hash(revision: Revision, envelope: bytes) -> bytes:
    """Return `H(aad || envelope)`, 32 bytes: computed, never read from the wire. Raises Undecryptable as `epoch_of`."""
    return H(revision.aad(epoch_of(envelope)) + envelope)


def _open(group_key: bytes | None, resource_id: bytes, aad: bytes, envelope: bytes) -> bytes:
    if group_key is None:
        raise Undecryptable
    return unpack(open_sealed(resource_key(group_key, resource_id), aad, envelope[HEADER_BYTES:]))
