"""XML laid out anew: only blanks between elements change."""

from __future__ import annotations

import re

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.services import placeholders

_PIECE = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE(?:[^\[>\"']|\"[^\"]*\"|'[^']*')*(?:\[.*?\]\s*)?>"
    r"|</[^>]*>|<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>|[^<]+|<",
    re.DOTALL,
)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_PRESERVE = re.compile(r"\sxml:space\s*=\s*[\"']preserve[\"']")


def check(data: bytes) -> None:
    """Raise KnownError `format.invalid` where the bytes are no well-formed XML; entities are not opened."""
    from lxml import etree  # loaded on the first XML

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        reason = (error.msg or "").split(", line ")[0]
        raise KnownError("format.invalid", line=line or 1, column=column or 1, reason=f"{reason}.") from None


def beautify(text: str, indent: int) -> str:
    """Return XML text laid out anew; raises KnownError `format.invalid`.

    Elements with text of their own, `xml:space="preserve"`, comments, CDATA, declarations and attributes stay as they
    are.
    """
    source, replaced = placeholders.take_out(text)
    if source.strip() in ("", *replaced):
        return text
    check(_without_declared_encoding(source).encode("utf-8", "surrogatepass"))
    return placeholders.put_back(laid_out(source, indent), replaced)


def laid_out(text: str, indent: int) -> str:
    """Return XML text, known to be well-formed, laid out anew."""
    return "".join(_Layout(text, indent).lines())


def encoding_of(data: bytes) -> str:
    """Return the encoding of an XML file: by its byte order mark, its declaration, else UTF-8 (XML 1.0, appendix F)."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    declared = re.match(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)", data)
    return declared.group(1).decode("ascii") if declared else "utf-8"


def _without_declared_encoding(text: str) -> str:
    # The text is handed on as UTF-8, whatever it says of the file it came from.
    return re.sub(r"^(\s*<\?xml[^>]*?)\s+encoding\s*=\s*(\"[^\"]*\"|'[^']*')", r"\1", text, count=1).lstrip(
        "\ufeff \n\r\t"
    )


class _Layout:
    def __init__(self, text: str, indent: int) -> None:
        self._indent = indent
        self._pieces = _PIECE.findall(text.strip())
        self._as_is = self._find_kept()
        self._out: list[str] = []

    def lines(self) -> list[str]:
        """Return the parts of the new text."""
        depth = 0
        kept_until = -1
        for position, piece in enumerate(self._pieces):
            if position <= kept_until:
                self._out.append(piece)
                continue
            if piece.isspace():
                continue
            if piece.startswith("</"):
                depth = max(0, depth - 1)
            if self._out:
                self._out.append("\n" + " " * (self._indent * depth))
            self._out.append(piece)
            if _opens(piece):
                end = self._as_is.get(position)
                if end is not None:
                    kept_until = end
                else:
                    depth += 1
        return self._out

    def _find_kept(self) -> dict[int, int]:
        """Return, for each element whose inside must not change, the positions of its two tags."""
        kept: dict[int, int] = {}
        stack: list[tuple[int, bool]] = []
        has_child = [True]
        for position, piece in enumerate(self._pieces):
            if _opens(piece):
                has_child[-1] = True
                has_child.append(False)
                stack.append((position, _PRESERVE.search(piece) is not None))
            elif piece.startswith("</"):
                if stack:
                    start, mixed = stack.pop()
                    empty = not has_child.pop()
                    if mixed or empty:
                        kept[start] = position
            elif piece.startswith("<![CDATA[") or not (piece.isspace() or piece.startswith("<")):
                if stack:
                    stack[-1] = (stack[-1][0], True)
            elif piece.startswith("<"):
                has_child[-1] = True
        return kept


def _opens(piece: str) -> bool:
    return piece.startswith("<") and piece[1:2] not in ("/", "!", "?", "") and not piece.endswith("/>")
