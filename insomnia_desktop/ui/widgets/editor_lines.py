"""What an editor does to whole lines: indent, comment, move, and where a line begins."""

from __future__ import annotations

from PySide6.QtGui import QTextBlock, QTextCursor

from insomnia_desktop.ui.syntax import LanguageTraits
from insomnia_desktop.ui.widgets.editor_offsets import to_index, to_units


def leading_blanks(text: str) -> str:
    """Return the blanks and tabs a line begins with."""
    return text[: len(text) - len(text.lstrip(" \t"))]


def selected_blocks(cursor: QTextCursor) -> list[QTextBlock]:
    """Return the lines a selection touches; one that only its end reaches at column 0 does not count."""
    document = cursor.document()
    first, last = document.findBlock(cursor.selectionStart()), document.findBlock(cursor.selectionEnd())
    if last != first and cursor.selectionEnd() == last.position():
        last = last.previous()
    blocks = [first]
    while blocks[-1] != last and blocks[-1].next().isValid():
        blocks.append(blocks[-1].next())
    return blocks


def indent(cursor: QTextCursor, traits: LanguageTraits) -> None:
    """Move the selected lines one step in, as one undo step; empty lines stay empty."""
    cursor.beginEditBlock()
    edit = QTextCursor(cursor.document())
    for block in selected_blocks(cursor):
        if block.length() > 1:
            edit.setPosition(block.position())
            edit.insertText(" " * traits.indent)
    cursor.endEditBlock()


def outdent(cursor: QTextCursor, traits: LanguageTraits) -> None:
    """Move the selected lines one step out, as far as they have blanks, as one undo step."""
    cursor.beginEditBlock()
    edit = QTextCursor(cursor.document())
    for block in selected_blocks(cursor):
        blanks = leading_blanks(block.text())
        step = 1 if blanks.startswith("\t") else len(blanks[: traits.indent].split("\t")[0])
        edit.setPosition(block.position())
        edit.setPosition(block.position() + step, QTextCursor.MoveMode.KeepAnchor)
        edit.removeSelectedText()
    cursor.endEditBlock()


def toggle_comment(cursor: QTextCursor, traits: LanguageTraits) -> bool:
    """Make the selected lines comments, or text again if all of them are; False where the language has none."""
    if not traits.comment_start:
        return False
    blocks = [block for block in selected_blocks(cursor) if block.text().strip()]
    if not blocks:
        return True
    start, end = traits.comment_start, traits.comment_end
    commented = all(block.text().lstrip().startswith(start.strip()) for block in blocks)
    column = min(len(leading_blanks(block.text())) for block in blocks)
    cursor.beginEditBlock()
    edit = QTextCursor(cursor.document())
    for block in blocks:
        if commented:
            _uncomment(edit, block, start, end)
        else:
            edit.setPosition(block.position() + block.length() - 1)
            edit.insertText(end)
            edit.setPosition(block.position() + column)
            edit.insertText(start)
    cursor.endEditBlock()
    return True


def move_lines(cursor: QTextCursor, *, down: bool) -> QTextCursor | None:
    """Swap the selected lines with the one above or below, as one undo step; return where the selection went."""
    blocks = selected_blocks(cursor)
    other = blocks[-1].next() if down else blocks[0].previous()
    if not other.isValid():
        return None
    first, last = (blocks[0], other) if down else (other, blocks[-1])
    moved = [block.text() for block in blocks]
    lines = [other.text(), *moved] if down else [*moved, other.text()]
    shift = (other.length()) if down else -other.length()
    start, end = first.position(), last.position() + last.length() - 1
    anchor, position = cursor.anchor() + shift, cursor.position() + shift
    edit = QTextCursor(cursor.document())
    edit.setPosition(start)
    edit.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    edit.insertText("\n".join(lines))
    result = QTextCursor(cursor.document())
    most = cursor.document().characterCount() - 1
    result.setPosition(min(anchor, most))
    result.setPosition(min(position, most), QTextCursor.MoveMode.KeepAnchor)
    return result


def home_position(cursor: QTextCursor) -> int:
    """Return where Home goes: to the first character of the line, or to column 0 if the caret is there."""
    block = cursor.block()
    start = block.position() + len(leading_blanks(block.text()))
    return block.position() if cursor.position() == start else start


def text_around(cursor: QTextCursor) -> tuple[str, str]:
    """Return the text of the line before and behind the caret."""
    text = cursor.block().text()
    index = to_index(text, cursor.positionInBlock())
    return text[:index], text[index:]


def _uncomment(edit: QTextCursor, block: QTextBlock, start: str, end: str) -> None:
    text = block.text()
    if end and text.rstrip().endswith(end.strip()):
        stop = len(text.rstrip())
        begin = stop - len(end.strip())
        if text[:begin].endswith(" ") and end.startswith(" "):
            begin -= 1
        _remove(edit, block, begin, stop)
    begin = len(leading_blanks(text))
    length = len(start) if text.startswith(start, begin) else len(start.strip())
    _remove(edit, block, begin, begin + length)


def _remove(edit: QTextCursor, block: QTextBlock, begin: int, stop: int) -> None:
    """Remove characters of a line, counted in Python characters."""
    text = block.text()
    edit.setPosition(block.position() + to_units(text, begin))
    edit.setPosition(block.position() + to_units(text, stop), QTextCursor.MoveMode.KeepAnchor)
    edit.removeSelectedText()
