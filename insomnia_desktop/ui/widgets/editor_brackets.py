"""Finds the bracket that belongs to the one at the caret; brackets in strings and comments do not count."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QTextBlock, QTextCursor

from insomnia_desktop.ui.syntax import Span
from insomnia_desktop.ui.widgets.editor_offsets import to_index, to_units
from insomnia_desktop.ui.widgets.highlighting import LONGEST_LINE

PAIRS = {"(": ")", "[": "]", "{": "}"}
_CLOSERS = {closer: opener for opener, closer in PAIRS.items()}
_MOST_LINES = 1_000

SpansOf = Callable[[QTextBlock], list[Span]]


def brackets_at(cursor: QTextCursor, spans_of: SpansOf) -> tuple[int, int] | None:
    """Return the positions in the document (UTF-16) of the bracket at the caret and of its partner, if both are there.

    The bracket before the caret goes first, as it is the one just typed.
    """
    block = cursor.block()
    text = block.text()
    index = to_index(text, cursor.positionInBlock())
    for at in (index - 1, index):
        if 0 <= at < len(text) and (text[at] in PAIRS or text[at] in _CLOSERS):
            partner = matching(block, at, spans_of)
            if partner is not None:
                return block.position() + to_units(text, at), partner
    return None


def matching(block: QTextBlock, index: int, spans_of: SpansOf) -> int | None:
    """Return the position in the document of the partner of the bracket at character `index` of a block.

    It gives up after a thousand lines, so that a key press stays quick.
    """
    character = block.text()[index]
    opens = character in PAIRS
    opener = character if opens else _CLOSERS[character]
    closer = PAIRS[opener]
    own = _places(block, opener, closer, spans_of)
    if index not in own:
        return None
    places = [at for at in own if at > index] if opens else [at for at in own if at < index]
    depth = 1
    for _ in range(_MOST_LINES):
        text = block.text()
        for at in places if opens else reversed(places):
            depth += 1 if text[at] == character else -1
            if depth == 0:
                return block.position() + to_units(text, at)
        block = block.next() if opens else block.previous()
        if not block.isValid():
            return None
        places = _places(block, opener, closer, spans_of)
    return None


def _places(block: QTextBlock, opener: str, closer: str, spans_of: SpansOf) -> list[int]:
    """Return where a kind of bracket stands in a block, but for strings and comments."""
    text = block.text()[:LONGEST_LINE]
    if opener not in text and closer not in text:
        return []
    hidden = [span for span in spans_of(block) if span.token in ("string", "comment", "key")]
    places = [at for at, character in enumerate(text) if character in (opener, closer)]
    return [at for at in places if not any(span.start <= at < span.start + span.length for span in hidden)]
