"""What typing does beyond inserting: closing brackets and quotes, indenting, typing over what was closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from insomnia_desktop.ui.syntax import LanguageTraits, Span, traits
from insomnia_desktop.ui.syntax.template import open_name_before
from insomnia_desktop.ui.widgets.editor_brackets import PAIRS, SpansOf, matching
from insomnia_desktop.ui.widgets.editor_lines import (
    home_position,
    indent,
    leading_blanks,
    move_lines,
    outdent,
    selected_blocks,
    text_around,
    toggle_comment,
)

_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.ShiftModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_NONE = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
# What Windows makes of AltGr, which writes brackets on many keyboards.
_ALT_GR = _CTRL | _ALT
_CLOSES_BEFORE = " \t,:;)]}>"
_MOST_REMEMBERED = 20


class Typing:
    """Takes the key presses of one editor that mean more than their character; everything is undoable there.

    What it closes by itself it remembers, so that only those brackets and quotes are typed over.
    """

    def __init__(self, editor: QPlainTextEdit, spans_of: SpansOf) -> None:
        """`spans_of` returns the coloured spans of a block, to know strings and comments."""
        self._editor = editor
        self._spans_of = spans_of
        self._traits: LanguageTraits = traits("text")
        self._language = "text"
        self._indent_width = 0
        self._closed: list[QTextCursor] = []
        self._tab_leaves = False

    def set_language(self, language: str) -> None:
        """Type by the rules of another language."""
        self._language = language
        self._traits = replace(traits(language), indent=self._indent_width or traits(language).indent)

    def set_indent(self, width: int) -> None:
        """Set how many blanks one step in is, for every language."""
        self._indent_width = width
        self.set_language(self._language)

    def forget(self) -> None:
        """Forget what was closed: the text is another one now."""
        self._closed.clear()

    def handle(self, event: QKeyEvent) -> bool:
        """Do what a key press means here; False if it is for the text edit itself."""
        key, held = Qt.Key(event.key()), event.modifiers() & _MODIFIERS
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return self._tab(back=key == Qt.Key.Key_Backtab or held == _SHIFT)
        self._tab_leaves = key == Qt.Key.Key_Escape
        command = self._command(key, held)
        if command is not None:
            return command()
        if held in (_NONE, _SHIFT, _ALT_GR) and event.text().isprintable() and len(event.text()) == 1:
            return self._character(event.text())
        return False

    def insert_pair(self, opener: str, closer: str) -> None:
        """Insert both, or put them around the selection; the caret stands between them."""
        cursor = self._editor.textCursor()
        inner = cursor.selectedText()
        selected = cursor.hasSelection()
        start = cursor.selectionStart()
        length = cursor.selectionEnd() - start
        cursor.insertText(opener + inner + closer)
        cursor.setPosition(start + len(opener))
        cursor.setPosition(start + len(opener) + length, QTextCursor.MoveMode.KeepAnchor)
        self._editor.setTextCursor(cursor)
        if not selected:
            for step in range(len(closer)):
                self._remember(start + len(opener) + step)

    def _command(self, key: Qt.Key, held: Qt.KeyboardModifier) -> Callable[[], bool] | None:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held in (_NONE, _SHIFT):
            return self._new_line
        if key == Qt.Key.Key_Backspace and held in (_NONE, _SHIFT):
            return self._backspace
        if key == Qt.Key.Key_Home and held in (_NONE, _SHIFT):
            return self._home_selecting if held == _SHIFT else self._home
        if held == _CTRL and key in (Qt.Key.Key_Slash, Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            commands = {Qt.Key.Key_Slash: self._comment, Qt.Key.Key_BracketLeft: self._outdent}
            return commands.get(key, self._indent)
        if held == _ALT and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return self._lines_down if key == Qt.Key.Key_Down else self._lines_up
        return None

    def _tab(self, *, back: bool) -> bool:
        cursor = self._editor.textCursor()
        if self._tab_leaves:
            # Esc, then Tab, leaves the editor, so that the keyboard can go on.
            self._tab_leaves = False
            self._editor.setTabChangesFocus(True)
            self._editor.focusNextPrevChild(not back)
            self._editor.setTabChangesFocus(False)
        elif back:
            outdent(cursor, self._traits)
        elif len(selected_blocks(cursor)) > 1:
            indent(cursor, self._traits)
        else:
            column = len(text_around(cursor)[0]) if not cursor.hasSelection() else 0
            cursor.insertText(" " * (self._traits.indent - column % self._traits.indent))
        return True

    def _indent(self) -> bool:
        indent(self._editor.textCursor(), self._traits)
        return True

    def _outdent(self) -> bool:
        outdent(self._editor.textCursor(), self._traits)
        return True

    def _comment(self) -> bool:
        return toggle_comment(self._editor.textCursor(), self._traits)

    def _lines_up(self) -> bool:
        return self._move_lines(down=False)

    def _lines_down(self) -> bool:
        return self._move_lines(down=True)

    def _move_lines(self, *, down: bool) -> bool:
        moved = move_lines(self._editor.textCursor(), down=down)
        if moved is not None:
            self._editor.setTextCursor(moved)
        return True

    def _home(self) -> bool:
        return self._go_home(QTextCursor.MoveMode.MoveAnchor)

    def _home_selecting(self) -> bool:
        return self._go_home(QTextCursor.MoveMode.KeepAnchor)

    def _go_home(self, mode: QTextCursor.MoveMode) -> bool:
        cursor = self._editor.textCursor()
        cursor.setPosition(home_position(cursor), mode)
        self._editor.setTextCursor(cursor)
        return True

    def _new_line(self) -> bool:
        cursor = self._editor.textCursor()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        before, after = text_around(cursor)
        blanks = leading_blanks(before)
        stripped = before.rstrip()
        deeper = bool(stripped) and stripped[-1] in self._traits.indent_after
        splits = deeper and after.lstrip()[:1] == PAIRS.get(stripped[-1], "\n")
        if self._language in ("xml", "html") and _opens_element(stripped):
            deeper, splits = True, after.lstrip().startswith("</")
        if splits:
            _delete(cursor, len(after) - len(after.lstrip()))
        cursor.insertText("\n" + blanks + (" " * self._traits.indent if deeper else ""))
        if splits:
            position = cursor.position()
            cursor.insertText("\n" + blanks)
            cursor.setPosition(position)
        cursor.endEditBlock()
        self._editor.setTextCursor(cursor)
        self._editor.ensureCursorVisible()
        return True

    def _backspace(self) -> bool:
        cursor = self._editor.textCursor()
        if cursor.hasSelection():
            return False
        before, after = text_around(cursor)
        pair = before[-1:] + after[:1]
        is_pair = len(pair) == 2 and (PAIRS.get(pair[0]) == pair[1] or (pair[0] == pair[1] and pair[0] in "\"'`"))
        if before.endswith("{{ ") and after.startswith(" }}"):
            is_pair = True
        if is_pair and (pair == "  " or self._was_closed(cursor.position())):
            cursor.beginEditBlock()
            cursor.deletePreviousChar()
            cursor.deleteChar()
            cursor.endEditBlock()
            return True
        if before and not before.strip(" "):
            step = (len(before) - 1) % self._traits.indent + 1
            cursor.setPosition(cursor.position() - step, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
            return True
        return False

    def _character(self, character: str) -> bool:
        cursor = self._editor.textCursor()
        before, after = text_around(cursor)
        if not cursor.hasSelection() and self._type_over(cursor, character, before, after):
            return True
        if character == "{" and not cursor.hasSelection() and before.endswith("{"):
            return self._open_template(cursor, before, after)
        if character in self._traits.pairs and character in PAIRS:
            if cursor.hasSelection() or (self._closes_here(after) and not self._in_text(cursor)):
                self.insert_pair(character, PAIRS[character])
                return True
        elif character in self._traits.quotes:
            if cursor.hasSelection() or self._quote_opens(cursor, character, before, after):
                self.insert_pair(character, character)
                return True
        elif character in ")]}" and not before.strip() and before and not cursor.hasSelection():
            return self._close_deeper(cursor, character, before)
        return False

    def _type_over(self, cursor: QTextCursor, character: str, before: str, after: str) -> bool:
        step = _step_out_of_template(character, before, after)
        if not step and after[:1] == character and self._was_closed(cursor.position()):
            step = 1
        if step:
            cursor.setPosition(cursor.position() + step)
            self._editor.setTextCursor(cursor)
        return step > 0

    def _open_template(self, cursor: QTextCursor, before: str, after: str) -> bool:
        """The second brace makes a variable: the caret stands inside of `{{  }}`."""
        if before.endswith("{{"):
            return False
        # The first brace was closed by itself outside of strings; inside of them it was not.
        closing = "}" if after.startswith("}") and self._was_closed(cursor.position()) else "}}"
        position = cursor.position()
        cursor.insertText("{  " + closing)
        cursor.setPosition(position + 2)
        self._editor.setTextCursor(cursor)
        return True

    def _close_deeper(self, cursor: QTextCursor, character: str, before: str) -> bool:
        """A closing bracket first in its line goes to where the line of its opening one begins."""
        cursor.beginEditBlock()
        cursor.insertText(character)
        opener = matching(cursor.block(), len(before), self._spans_of)
        if opener is not None:
            blanks = leading_blanks(cursor.document().findBlock(opener).text())
            start = cursor.block().position()
            cursor.setPosition(start)
            cursor.setPosition(start + len(before), QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(blanks)
            cursor.setPosition(start + len(blanks) + 1)
        cursor.endEditBlock()
        self._editor.setTextCursor(cursor)
        return True

    def _closes_here(self, after: str) -> bool:
        return not after or after[0] in _CLOSES_BEFORE

    def _quote_opens(self, cursor: QTextCursor, quote: str, before: str, after: str) -> bool:
        last = before[-1:]
        if last.isalnum() or last in (quote, "\\", "_"):
            return False
        return self._closes_here(after) and not self._in_text(cursor)

    def _in_text(self, cursor: QTextCursor) -> bool:
        """Say whether the caret is inside of a string or comment."""
        index = len(text_around(cursor)[0])
        return any(_is_inside(span, index, cursor.block().text()) for span in self._spans_of(cursor.block()))

    def _remember(self, position: int) -> None:
        place = QTextCursor(self._editor.document())
        place.setPosition(position)
        self._closed = [*self._closed[-_MOST_REMEMBERED:], place]

    def _was_closed(self, position: int) -> bool:
        return any(place.position() == position for place in self._closed)


def _step_out_of_template(character: str, before: str, after: str) -> int:
    """Return over how many characters of ` }}` a blank or brace goes that was typed in an open variable."""
    written = before.rstrip(" ")
    rest = after.lstrip(" ")
    blanks = len(after) - len(rest)
    if open_name_before(written, len(written)) is not None and rest.startswith("}}"):
        if character == " ":
            return 1 if blanks and written == before and not written.endswith("{") else 0
        return blanks + 1 if character == "}" else 0
    # The first of the two braces was typed: the second is on its way.
    is_second = before.endswith("}") and after.startswith("}") and before.rfind("{{") > before.rfind("}}")
    return 1 if character == "}" and is_second else 0


def _is_inside(span: Span, index: int, line: str) -> bool:
    end = span.start + span.length
    if span.token == "comment":
        return span.start < index <= end
    if span.token not in ("string", "key") or line[span.start] not in "\"'`":
        return False
    is_open = span.length == 1 or line[end - 1] != line[span.start]
    return span.start < index < end or (is_open and index == end)


def _opens_element(before: str) -> bool:
    """Say whether a line of markup ends with a start tag that is left open."""
    start = before.rfind("<")
    tag = before[start:] if start >= 0 else ""
    return tag.endswith(">") and not tag.startswith(("</", "<!", "<?")) and not tag.endswith("/>")


def _delete(cursor: QTextCursor, count: int) -> None:
    for _ in range(count):
        cursor.deleteChar()
