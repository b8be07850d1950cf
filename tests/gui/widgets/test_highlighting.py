"""Colours in the editor: insomnia_desktop.ui.widgets.highlighting."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication, QPlainTextDocumentLayout
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.models.variable_state import VariableState
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.highlighting import LIMIT, LONGEST_LINE, Highlighter


def colored(text: str, language: str = "json") -> tuple[QTextDocument, Highlighter]:
    """Return a document with a text and its highlighter."""
    switch().choose("dark")
    document = QTextDocument()
    document.setDocumentLayout(QPlainTextDocumentLayout(document))
    highlighter = Highlighter(document)
    highlighter.set_language(language)
    highlighter.begin_load()
    document.setPlainText(text)
    highlighter.end_load()
    return document, highlighter


def color_of(document: QTextDocument, piece: str, *, line: int = 0) -> str:
    """Return the colour of the first place of a piece of text in a line; "" for none."""
    block = document.findBlockByNumber(line)
    at = len(block.text()[: block.text().index(piece)].encode("utf-16-le")) // 2
    for found in block.layout().formats():
        if found.start <= at < found.start + found.length:
            return str(found.format.foreground().color().name())
    return ""


def insert(document: QTextDocument, position: int, text: str) -> None:
    """Insert a text as typing does."""
    cursor = QTextCursor(document)
    cursor.setPosition(position)
    cursor.insertText(text)


def test_pieces_have_the_colours_of_the_theme(qapp: QApplication) -> None:
    document, _ = colored('{"a": "b", "c": 12}')
    assert color_of(document, '"a"') == theme().hex("syntax.key")
    assert color_of(document, '"b"') == theme().hex("syntax.string")
    assert color_of(document, "12") == theme().hex("syntax.number")
    assert color_of(document, "{") == theme().hex("syntax.punctuation")


def test_colours_behind_wide_characters_are_in_their_place(qapp: QApplication) -> None:
    document, _ = colored('["😀", {{ x }}, true]')
    assert color_of(document, "true") == theme().hex("syntax.boolean")
    assert color_of(document, ", true") == theme().hex("syntax.punctuation")
    assert color_of(document, "{{ x") == theme().hex("accent_text")


def test_a_change_colours_the_lines_it_reaches(qapp: QApplication) -> None:
    document, _ = colored("1\n2\n3")
    insert(document, 0, "/*")
    assert color_of(document, "3", line=2) == theme().hex("syntax.comment")
    insert(document, 3, "*/")
    assert color_of(document, "3", line=2) == theme().hex("syntax.number")


def test_unknown_variables_are_red_until_they_are_known(qapp: QApplication) -> None:
    document, highlighter = colored('"{{ a }}"')
    assert color_of(document, "{{") == theme().hex("accent_text")
    highlighter.set_resolver(lambda name: VariableState(known=False))
    assert color_of(document, "{{") == theme().hex("danger")
    highlighter.set_resolver(lambda name: VariableState(known=True))
    assert color_of(document, "{{") == theme().hex("accent_text")


def test_another_theme_colours_anew(qapp: QApplication) -> None:
    document, _ = colored('"a"')
    switch().choose("light")
    assert color_of(document, '"a"') == theme().hex("syntax.string")


def test_a_large_text_is_coloured_bit_by_bit_to_its_end(qtbot: QtBot) -> None:
    document, _ = colored("[\n" + '"abcdefgh",\n' * 10_000 + "1]")
    last = document.blockCount() - 1
    assert color_of(document, '"abcdefgh"', line=last - 1) == ""
    qtbot.waitUntil(lambda: color_of(document, "1", line=last) != "", timeout=20_000)
    assert color_of(document, '"abcdefgh"', line=5_000) == theme().hex("syntax.string")


def test_lines_removed_while_colouring_leave_none_out(qtbot: QtBot) -> None:
    document, _ = colored("[\n" + '"abcdefgh",\n' * 10_000 + "1]")
    cursor = QTextCursor(document)
    cursor.setPosition(document.findBlockByNumber(3_000).position(), QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()
    last = document.blockCount() - 1
    qtbot.waitUntil(lambda: color_of(document, "1", line=last) != "", timeout=20_000)
    plain = [number for number in range(last) if color_of(document, '"abcdefgh"', line=number) == ""]
    assert plain == []


def test_only_the_beginning_of_a_very_long_line_is_coloured(qapp: QApplication) -> None:
    document, _ = colored('"' + "x" * 2 * LONGEST_LINE + '" true')
    assert color_of(document, '"') == theme().hex("syntax.string")
    assert color_of(document, "true") == ""


def test_above_the_limit_nothing_is_coloured_until_it_is_smaller(qtbot: QtBot) -> None:
    document, highlighter = colored('"a"\n' + "x" * LIMIT)
    told: list[bool] = []
    highlighter.active_changed.connect(told.append)
    assert not highlighter.is_active()
    assert color_of(document, '"a"') == ""
    cursor = QTextCursor(document)
    cursor.setPosition(4)
    cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()
    highlighter.check_size()
    assert told == [True]
    assert color_of(document, '"a"') == theme().hex("syntax.string")
