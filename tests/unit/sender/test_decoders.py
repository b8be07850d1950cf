"""Content-Encoding undone within bounds (insomnia_desktop.sender.decoders)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.sender.decoders import PIECE_BYTES, CorruptEncoding, DecodeLimits, decoder_chain

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def decoded(encoding: str, data: bytes, sizes: list[int]) -> bytes:
    """Decode data that comes in pieces of these sizes."""
    chain, unknown = decoder_chain(encoding)
    assert unknown == ""
    out: list[bytes] = []
    position = 0
    while position < len(data):
        size = sizes[position % len(sizes)]
        out += chain.feed(data[position : position + size])
        position += size
    return b"".join([*out, *chain.finish()])


@given(
    st.sampled_from(sorted(ENCODERS)), st.binary(max_size=3000), st.lists(st.integers(1, 400), min_size=1, max_size=5)
)
def test_each_encoding_reads_back_whatever_the_pieces(encoding: str, data: bytes, sizes: list[int]) -> None:
    assert decoded(encoding, ENCODERS[encoding](data), sizes) == data


@given(st.sampled_from(sorted(ENCODERS)), st.binary(min_size=1, max_size=300))
def test_any_bytes_decode_or_are_corrupt(encoding: str, data: bytes) -> None:
    blamed = encoding
    try:
        decoded(encoding, data, [7])
    except CorruptEncoding as error:
        blamed = error.encoding
    assert blamed == encoding


@given(st.sampled_from(sorted(ENCODERS)), st.binary(min_size=200, max_size=2000), st.data())
def test_a_cut_stream_gives_a_beginning_and_an_error(encoding: str, data: bytes, draw: st.DataObject) -> None:
    packed = ENCODERS[encoding](data)
    cut = draw.draw(st.integers(1, len(packed) - 1))
    chain, _ = decoder_chain(encoding)
    out = b"".join(chain.feed(packed[:cut]))
    assert data.startswith(out)
    with pytest.raises(CorruptEncoding):
        list(chain.finish())


@pytest.mark.parametrize(("encoding", "most"), [("gzip", 1), ("deflate", 1), ("br", 1), ("zstd", 4)])
def test_no_piece_is_large_whatever_comes_in(encoding: str, most: float) -> None:
    packed = ENCODERS[encoding](bytes(50 * PIECE_BYTES))
    chain, _ = decoder_chain(encoding)
    sizes = [len(piece) for piece in chain.feed(packed)]
    assert sum(sizes) == 50 * PIECE_BYTES
    assert max(sizes) <= most * PIECE_BYTES


def test_members_and_frames_one_after_another() -> None:
    assert decoded("gzip", gzip.compress(b"one") + gzip.compress(b"two"), [5]) == b"onetwo"
    assert decoded("gzip", gzip.compress(b"one") + b"\0\0\0", [100]) == b"one"
    assert decoded("gzip", gzip.compress(b"one") + b"trailing", [100]) == b"one"
    frames = ENCODERS["zstd"](b"one") + ENCODERS["zstd"](b"two")
    assert decoded("zstd", frames, [3]) == b"onetwo"


def test_bare_deflate_is_read_too() -> None:
    packer = zlib.compressobj(wbits=-15)
    assert decoded("deflate", packer.compress(b"hello") + packer.flush(), [1]) == b"hello"


def test_several_encodings_and_names_that_mean_none() -> None:
    data = b"hello" * 100
    assert decoded("gzip, BR", brotli.compress(gzip.compress(data)), [9]) == data
    assert decoder_chain("identity, ")[0].plain
    chain, unknown = decoder_chain("gzip, magic")
    assert (chain.plain, unknown) == (True, "magic")
    assert decoder_chain(", ".join(["gzip"] * 6))[0].plain


def test_an_empty_body_is_whole_in_every_encoding() -> None:
    for encoding in ENCODERS:
        assert decoded(encoding, b"", [1]) == b""


def test_the_limit_lets_small_bodies_and_plausible_ratios_through() -> None:
    limits = DecodeLimits(free_bytes=1000, ratio=10)
    assert limits.allow(1, 1000)
    assert limits.allow(200, 2000)
    assert not limits.allow(100, 1001)
