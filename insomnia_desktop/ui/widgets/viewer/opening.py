"""Opens a body: its charset found out, one that must be decoded as a whole turned into UTF-8 in memory."""

from __future__ import annotations

from insomnia_desktop.ui.widgets.viewer.body import Body
from insomnia_desktop.ui.widgets.viewer.byte_source import ByteSource, MemorySource
from insomnia_desktop.ui.widgets.viewer.text_encoding import WHOLE_LIMIT, TextEncoding, encoding_of


def open_body(source: ByteSource, *, language: str, charset: str) -> Body:
    """Return the body of a source.

    A charset that keeps a state (ISO-2022-JP) or is not built on ASCII is decoded at once up to `WHOLE_LIMIT`;
    a larger body in one of these few is shown byte by byte.
    """
    encoding = encoding_of(charset, source.read(0, 4))
    if encoding.kind != "whole":
        return Body(source, encoding, language)
    if source.size > WHOLE_LIMIT:
        return Body(source, TextEncoding("latin-1", "single"), language)
    text = source.scan(0, source.size).decode(encoding.codec, "replace")
    source.close()
    return Body(MemorySource(text.encode("utf-8", "replace")), TextEncoding("utf-8", "utf8"), language)
