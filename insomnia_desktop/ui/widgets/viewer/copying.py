"""What copying takes of a selection that may be larger than any clipboard should hold."""

from __future__ import annotations

from insomnia_desktop.ui.widgets.viewer.body import Body

COPY_LIMIT = 64 * 1024 * 1024


def text_to_copy(body: Body, selection: tuple[int, int], *, limit: int = COPY_LIMIT) -> tuple[str, bool]:
    """Return the selected text, at most `limit` bytes of it, and whether that is less than was selected."""
    start, end = selection
    unit = body.encoding.unit
    most = start + limit // unit
    if end <= most:
        return body.text(start, end), False
    # Not in the middle of a character.
    before = body.source.scan(max(most - 64, start) * unit, most * unit)
    return body.text(start, most - body.encoding.cut_before(before)), True
