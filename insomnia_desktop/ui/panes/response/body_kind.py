"""What a body is: text, picture, or bytes; by its Content-Type, and by its first bytes where that says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from insomnia_desktop.ui.syntax import language_for

Kind = Literal["empty", "missing", "text", "image", "binary"]

_SNIFFED: Final = 4096
_TEXT_TYPES: Final = frozenset(
    {
        "application/x-www-form-urlencoded",
        "application/sql",
        "application/toml",
        "application/x-sh",
        "application/x-pem-file",
        "application/pem-certificate-chain",
        "application/http",
        "message/http",
    }
)
_IMAGE_TYPES: Final = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/jpg": "JPEG",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    "image/x-icon": "ICO",
    "image/vnd.microsoft.icon": "ICO",
    "image/webp": "WebP",
}
_SIGNATURES: Final = ((b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"))
_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class BodyKind:
    """How a body is shown; `language` and `charset` are for text, `picture` names the format of an image."""

    kind: Kind
    language: str = "text"
    charset: str = "utf-8"
    picture: str = ""


def kind_of(path: Path | None, content_type: str, size: int) -> BodyKind:
    """Return how to show a body of so many bytes; `path` is None where the file is gone or there never was one."""
    if size == 0:
        return BodyKind("empty")
    if path is None:
        return BodyKind("missing")
    essence = content_type.partition(";")[0].strip().lower()
    picture = _IMAGE_TYPES.get(essence, "")
    if picture:
        return BodyKind("image", picture=picture)
    language = language_for(essence)
    if language != "text" or essence in _TEXT_TYPES or essence.startswith("text/"):
        return BodyKind("text", language=language, charset=charset_of(content_type))
    return _sniffed(path, charset_of(content_type))


def charset_of(content_type: str) -> str:
    """Return the charset parameter of a Content-Type value, else UTF-8."""
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or "utf-8"
    return "utf-8"


def _sniffed(path: Path, charset: str) -> BodyKind:
    try:
        with path.open("rb") as file:
            start = file.read(_SNIFFED)
    except OSError:
        return BodyKind("missing")
    for signature, picture in _SIGNATURES:
        if start.startswith(signature):
            return BodyKind("image", picture=picture)
    if start.startswith(_BYTE_ORDER_MARKS):
        return BodyKind("text", charset=charset)
    if b"\0" in start:
        return BodyKind("binary")
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in start)
    if controls * 20 > len(start):
        return BodyKind("binary")
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character may be cut at the end of what was read; anything earlier is no UTF-8.
        if error.start < len(start) - 4 and charset == "utf-8":
            return BodyKind("binary")
    stripped = start.lstrip()
    return BodyKind("text", language="json" if stripped[:1] in (b"{", b"[") else "text", charset=charset)
