"""One plaintext at a time, packed and sealed as the program does with many."""

from __future__ import annotations

from insomnia_desktop.crypto.envelope import Revision, seal_frame
from insomnia_desktop.crypto.padding import frames, pad_frame


def pack(plaintext: bytes) -> bytes:
    """Return what is encrypted of a plaintext; raises ValueError outside 1 byte to 16 MiB."""
    return pad_frame(frames((plaintext,))[0])


def seal_and_hash(
    group_key: bytes, epoch: int, revision: Revision, plaintext: bytes, nonce: bytes | None = None
) -> tuple[bytes, bytes]:
    """Return envelope and `rev_hash`; raises as `frames` and `seal_frame` do."""
    return seal_frame(group_key, epoch, revision, frames((plaintext,))[0], nonce)
