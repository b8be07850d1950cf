"""Compression and padding inside an envelope (protocol v1, 3.2; RFC 8878; the Padme lengths of PURBs)."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import zstandard

from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.tuples import u32
from insomnia_desktop.protocol.limits import PLAINTEXT_MAX

BUCKET_MIN = 256
LENGTH_BYTES = 4
LEVEL = 3
# More than this holds memory twice for nothing.
_TOGETHER_BYTES = 1024 * 1024
# RFC 8878, 3.1.1: a frame, not one of the frames that decoders skip.
_MAGIC = b"\x28\xb5\x2f\xfd"


class _Contexts(threading.local):
    """The library's contexts: to make one takes longer than to compress a document, and one serves one thread."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(
            level=LEVEL, write_content_size=True, write_checksum=False, write_dict_id=False
        )
        self.decompressor = zstandard.ZstdDecompressor()


_CONTEXTS = _Contexts()


def bucket(length: int) -> int:
    """Return the length after padding: 256, or rounded up so that little of the true length shows (at most 12 %)."""
    if length <= BUCKET_MIN:
        return BUCKET_MIN
    exponent = length.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return -(-length // step) * step


def frames(plaintexts: Sequence[bytes]) -> list[bytes]:
    """Return the frame of each; raises ValueError where one has not 1 byte to 16 MiB.

    Small ones are compressed in one go: the library lets go of the interpreter each time, and another thread keeps it
    for longer than it takes to compress a document.
    """
    if not all(0 < len(plaintext) <= PLAINTEXT_MAX for plaintext in plaintexts):
        raise ValueError("a plaintext has 1 byte to 16 MiB")
    compressor = _CONTEXTS.compressor
    if len(plaintexts) > 1 and sum(map(len, plaintexts)) <= _TOGETHER_BYTES:
        together = compressor.multi_compress_to_buffer(list(plaintexts))
        return [together[place].tobytes() for place in range(len(plaintexts))]
    return [compressor.compress(plaintext) for plaintext in plaintexts]


def pad_frame(frame: bytes) -> bytes:
    """Return `u32 n || frame(n) || zero bytes`, as long as `bucket` says."""
    framed = u32(len(frame)) + frame
    return framed.ljust(bucket(len(framed)), b"\x00")


def unpack(padded: bytes) -> bytes:
    """Return the plaintext of a frame that `pad_frame` padded; raises Undecryptable for any other layout.

    The frame's claim of its size is read before anything is decompressed: the library allocates what a header claims,
    and refuses blocks that do not keep the claim.
    """
    frame = _frame(padded)
    _check_header(frame)
    try:
        return _CONTEXTS.decompressor.decompress(frame, allow_extra_data=False)
    except zstandard.ZstdError:
        raise Undecryptable from None


def _frame(padded: bytes) -> bytes:
    end = LENGTH_BYTES + int.from_bytes(padded[:LENGTH_BYTES], "big")
    if end > len(padded) or len(padded) != bucket(end) or padded[end:].strip(b"\x00"):
        raise Undecryptable
    return padded[LENGTH_BYTES:end]


def _check_header(frame: bytes) -> None:
    if not frame.startswith(_MAGIC):
        raise Undecryptable
    try:
        header = zstandard.get_frame_parameters(frame)
    except zstandard.ZstdError:
        raise Undecryptable from None
    # A header without a size counts as the greatest number there is. For a size of 0 the library would not look at
    # the blocks; no JSON is that short.
    if not 0 < header.content_size <= PLAINTEXT_MAX or header.has_checksum or header.dict_id:
        raise Undecryptable
