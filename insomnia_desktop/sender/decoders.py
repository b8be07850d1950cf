"""Content-Encoding undone within bounds: no piece is larger than about a megabyte, whatever comes in."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

PIECE_BYTES: Final = 1024 * 1024
_ZSTD_SLICE: Final = 128
"""At worst four bytes of zstd make a block of 128 KiB (RFC 8878, 3.1.1.2.2), so that a slice makes 4 MiB."""
_BROTLI_LIMIT: Final = PIECE_BYTES // 2
"""The library passes its limit by up to as much again."""
_ZSTD_WINDOW: Final = 8 * 1024 * 1024
"""The largest window that `Content-Encoding: zstd` may ask for (RFC 9659, 3)."""


class CorruptEncoding(Exception):
    """The bytes are not what the encoding says; what came before was handed out."""

    def __init__(self, encoding: str, reason: str) -> None:
        super().__init__(reason)
        self.encoding = encoding
        self.reason = reason


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """How far a body may expand: freely up to `free_bytes`, beyond that `ratio` times what came over the wire."""

    free_bytes: int = 128 * 1024 * 1024
    ratio: int = 500

    def allow(self, wire: int, decoded: int) -> bool:
        """Say whether a body of that size is still plausible."""
        return decoded <= self.free_bytes or decoded <= wire * self.ratio


class Decoder(Protocol):
    """Undoes one encoding; the iterators are to be used up before the next call."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the data decodes to, in pieces; raises CorruptEncoding."""
        ...

    def finish(self) -> Iterator[bytes]:
        """Yield what is left; raises CorruptEncoding where the end is missing."""
        ...


class GzipDecoder:
    """gzip with any number of members (RFC 1952); bytes behind the last that start no member are passed over."""

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(31)
        self._started = False
        self._done = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the data decodes to; raises CorruptEncoding."""
        while data and not self._done:
            self._started = True
            yield from _inflate(self._inflater, data, "gzip")
            if not self._inflater.eof:
                return
            data = self._inflater.unused_data.lstrip(b"\0")
            if data and data[0] != 0x1F:
                self._done = True
            elif data:
                self._inflater = zlib.decompressobj(31)

    def finish(self) -> Iterator[bytes]:
        """Yield what is left; raises CorruptEncoding where the end is missing."""
        if self._started and not self._inflater.eof:
            raise CorruptEncoding("gzip", "truncated")
        return iter(())


class DeflateDecoder:
    """`deflate`, which is zlib (RFC 1950) and, from some servers, bare deflate (RFC 1951)."""

    def __init__(self) -> None:
        self._inflater: zlib._Decompress | None = None
        self._head = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the data decodes to; raises CorruptEncoding."""
        if self._inflater is None:
            self._head += data
            if len(self._head) < 2:
                return
            data, self._head = self._head, b""
            is_zlib = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
            self._inflater = zlib.decompressobj(15 if is_zlib else -15)
        if not self._inflater.eof:
            yield from _inflate(self._inflater, data, "deflate")

    def finish(self) -> Iterator[bytes]:
        """Yield what is left; raises CorruptEncoding where the end is missing."""
        if self._head or (self._inflater is not None and not self._inflater.eof):
            raise CorruptEncoding("deflate", "truncated")
        return iter(())


class BrotliDecoder:
    """`br` (RFC 7932)."""

    def __init__(self) -> None:
        self._decompressor: Any = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the data decodes to; raises CorruptEncoding."""
        import brotli  # imported here: most answers do without

        if self._decompressor is None:
            self._decompressor = brotli.Decompressor()
        if self._decompressor.is_finished():
            return
        try:
            piece = self._decompressor.process(data, output_buffer_limit=_BROTLI_LIMIT)
            while piece:
                # Asked until nothing comes: output may be left after the last input is taken.
                yield piece
                piece = self._decompressor.process(b"", output_buffer_limit=_BROTLI_LIMIT)
        except brotli.error as error:
            raise CorruptEncoding("br", str(error)) from None

    def finish(self) -> Iterator[bytes]:
        """Yield what is left; raises CorruptEncoding where the end is missing."""
        if self._decompressor is not None and not self._decompressor.is_finished():
            raise CorruptEncoding("br", "truncated")
        return iter(())


class ZstdDecoder:
    """`zstd` with any number of frames (RFC 8878)."""

    def __init__(self) -> None:
        self._frames: Any = None
        self._frame: Any = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the data decodes to; raises CorruptEncoding."""
        import zstandard  # imported here: most answers do without

        if self._frames is None:
            self._frames = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        try:
            # The library has no bound on what one call makes: small slices are the bound.
            for start in range(0, len(data), _ZSTD_SLICE):
                piece = data[start : start + _ZSTD_SLICE]
                while piece:
                    if self._frame is None or self._frame.eof:
                        self._frame = self._frames.decompressobj()
                    made = self._frame.decompress(piece)
                    if made:
                        yield made
                    piece = self._frame.unused_data if self._frame.eof else b""
        except zstandard.ZstdError as error:
            raise CorruptEncoding("zstd", str(error)) from None

    def finish(self) -> Iterator[bytes]:
        """Yield what is left; raises CorruptEncoding where the end is missing."""
        if self._frame is not None and not self._frame.eof:
            raise CorruptEncoding("zstd", "truncated")
        return iter(())


class DecoderChain:
    """Undoes several encodings, the last applied first; without any it hands through."""

    def __init__(self, decoders: list[Decoder]) -> None:
        self._decoders = decoders

    @property
    def plain(self) -> bool:
        """Whether there is nothing to undo."""
        return not self._decoders

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the data decodes to; raises CorruptEncoding."""
        return self._through(data, 0)

    def finish(self) -> Iterator[bytes]:
        """Yield what is left; raises CorruptEncoding where an end is missing."""
        for position, decoder in enumerate(self._decoders):
            for piece in decoder.finish():
                yield from self._through(piece, position + 1)

    def _through(self, data: bytes, position: int) -> Iterator[bytes]:
        if position == len(self._decoders):
            yield data
            return
        for piece in self._decoders[position].feed(data):
            yield from self._through(piece, position + 1)


_DECODERS: Final[dict[str, type[Decoder]]] = {
    "gzip": GzipDecoder,
    "x-gzip": GzipDecoder,
    "deflate": DeflateDecoder,
    "br": BrotliDecoder,
    "zstd": ZstdDecoder,
}
_MOST_ENCODINGS: Final = 5


def decoder_chain(content_encoding: str) -> tuple[DecoderChain, str]:
    """Return the decoders for a Content-Encoding, and the name of one that is not known (then nothing is undone)."""
    names = [name.strip().lower() for name in content_encoding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    unknown = next((name for name in names if name not in _DECODERS), "")
    if unknown or len(names) > _MOST_ENCODINGS:
        return DecoderChain([]), unknown or content_encoding[:100]
    return DecoderChain([_DECODERS[name]() for name in reversed(names)]), ""


def _inflate(inflater: zlib._Decompress, data: bytes, encoding: str) -> Iterator[bytes]:
    try:
        while data:
            piece = inflater.decompress(data, PIECE_BYTES)
            if piece:
                yield piece
            data = inflater.unconsumed_tail
            if not piece and not data:
                return
        while not inflater.eof:
            # A full piece may leave output behind in the decompressor.
            piece = inflater.decompress(b"", PIECE_BYTES)
            if not piece:
                return
            yield piece
    except zlib.error as error:
        raise CorruptEncoding(encoding, str(error).partition(": ")[2] or str(error)) from None
