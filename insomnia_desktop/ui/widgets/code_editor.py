"""The editor of bodies, queries and documents: plain text with everything an editor of code has."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from insomnia_desktop.ui.models.variable_state import VariableResolver, all_known
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import mono_font, px
from insomnia_desktop.ui.widgets.code_gutter import CodeGutter
from insomnia_desktop.ui.widgets.editor_difference import difference
from insomnia_desktop.ui.widgets.editor_find import EditorFind
from insomnia_desktop.ui.widgets.editor_folding import EditorFolding
from insomnia_desktop.ui.widgets.editor_keys import EditorKeys
from insomnia_desktop.ui.widgets.editor_offsets import length_in_units, to_units
from insomnia_desktop.ui.widgets.editor_typing import Typing
from insomnia_desktop.ui.widgets.editor_variables import EditorVariables, Names
from insomnia_desktop.ui.widgets.editor_view import EditorView
from insomnia_desktop.ui.widgets.highlighting import Highlighter
from insomnia_desktop.ui.widgets.line_layout import LineLayout

# The text of the first line begins 8 under the bar: 7, and 1 by which it is lower than its line.
_MARGIN = 7
# The code begins this far behind the gutter; the rest of the margin lies under it.
_CODE_GAP = 4
_TAB_COLUMNS = 4
_LARGE_CHANGE = 50_000


class CodeEditor(QPlainTextEdit):
    """Edits a text in one of the languages of ui/syntax; the caller sets objectName and accessible name.

    Undo: Ctrl+Z takes back the typing here first. When nothing is left (`can_undo_here()` is False) neither the
    ShortcutOverride nor the key press is accepted, so that the window's own undo gets the key. `set_text` and
    `load_text` leave no undo steps, `replace_text` leaves one.

    Text: `text()` is exactly what was set as long as nobody edited it. An edited one has the line ends it had
    before (all CRLF if there were any).

    Signals:
        edited(str): the person changed the text; not emitted for `set_text` and `load_text`.
        focus_left: the focus went elsewhere (not into a menu of the editor): a good moment to save.
        highlighting_changed(bool): the text became too large to be coloured and folded, or small enough again.
    """

    edited = Signal(str)
    focus_left = Signal()
    highlighting_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source: str | None = ""
        self._raw = ""
        self._line_end = "\n"
        self._is_setting = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.viewport().setMouseTracking(True)
        document = QTextDocument(self)
        self._lines = LineLayout(document)
        document.setDocumentLayout(self._lines)
        self.setDocument(document)
        self._highlighter = Highlighter(self.document())
        self._folding = EditorFolding(self, self._highlighter, self._lines)
        self._find = EditorFind(self)
        self._view = EditorView(
            self, layout=self._lines, highlighter=self._highlighter, folding=self._folding, find=self._find
        )
        self._gutter = CodeGutter(self, self._view, self._lines)
        self._typing = Typing(self, self._highlighter.spans_of)
        self._variables = EditorVariables(self, self._view.chip_at)
        self._keys = EditorKeys(
            self, typing=self._typing, folding=self._folding, find=self._find, variables=self._variables
        )
        self._dress()
        self._connect()

    def set_language(self, language: str) -> None:
        """Colour, fold and type by the rules of a language of ui/syntax; an unknown one is plain text."""
        if language == self._highlighter.language():
            return
        self._folding.unfold_all()
        self._highlighter.set_language(language)
        self._typing.set_language(language)
        self._gutter.update()

    def text(self) -> str:
        """Return the text."""
        if self._source is not None:
            return self._source
        return self._raw.replace("\u2029", self._line_end)

    def set_text(self, text: str) -> None:
        """Show what the same text became elsewhere: caret, selection and scroll position stay where they were.

        The same text changes nothing. The undo steps of this editor are gone.
        """
        if text == self.text():
            return
        self._is_setting = True
        self.document().setUndoRedoEnabled(False)
        try:
            self._apply(text)
        finally:
            self.document().setUndoRedoEnabled(True)
            self._is_setting = False
        self._highlighter.check_size()
        self._source, self._raw = text, self.document().toRawText()
        # The caret may stand where it stood while its bracket's partner moved.
        self._on_caret_moved()

    def load_text(self, text: str) -> None:
        """Show another text from its start."""
        self._is_setting = True
        self._highlighter.begin_load()
        try:
            self._folding.unfold_all()
            self._typing.forget()
            self._variables.close_list()
            self._line_end = "\r\n" if "\r\n" in text else "\n"
            self.setPlainText(text)
        finally:
            self._highlighter.end_load()
            self._is_setting = False
        self._source, self._raw = text, self.document().toRawText()

    def replace_text(self, text: str) -> None:
        """Make another text of this one as an edit of the person (beautify): one undo step, `edited` is emitted."""
        if text != self.text():
            self._apply(text)

    def set_variables(self, resolver: VariableResolver | None, names: Names | None = None) -> None:
        """Set who knows the variables, and which names are offered; call it again when they changed."""
        self._highlighter.set_resolver(resolver or all_known)
        self._variables.set_resolver(resolver or all_known)
        self._variables.set_names(names)
        self.viewport().update()

    def set_wrap(self, wrap: bool) -> None:
        """Break long lines at the width of the editor, or scroll them."""
        mode = QPlainTextEdit.LineWrapMode.WidgetWidth if wrap else QPlainTextEdit.LineWrapMode.NoWrap
        self.setLineWrapMode(mode)

    def set_indent(self, width: int) -> None:
        """Set how many blanks one step of indentation is."""
        self._typing.set_indent(width)

    def can_undo_here(self) -> bool:
        """Return whether Ctrl+Z would take back typing in this editor."""
        return self.document().isUndoAvailable() and not self.isReadOnly()

    def can_redo_here(self) -> bool:
        """Return whether Ctrl+Shift+Z would bring back typing in this editor."""
        return self.document().isRedoAvailable() and not self.isReadOnly()

    def highlighting_active(self) -> bool:
        """Return whether the text is small enough (about 1 MB) to be coloured and folded."""
        return self._highlighter.is_active()

    def open_find(self, *, replace: bool = False) -> None:
        """Open the bar that finds, and with `replace` the one that replaces."""
        self._find.open_bars(replace=replace)

    def first_visible(self) -> tuple[QTextBlock, QPointF]:
        """Return the first block on the screen and the offset of the text in the viewport."""
        return self.firstVisibleBlock(), self.contentOffset()

    def block_geometry(self, block: QTextBlock) -> QRectF:
        """Return where a block lies in the text."""
        return self.blockBoundingGeometry(block)

    def setReadOnly(self, read_only: bool) -> None:
        """Let the text be read, selected and searched only; the caret stays for the keyboard."""
        if read_only == self.isReadOnly():
            return
        super().setReadOnly(read_only)
        if read_only:
            flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            self.setTextInteractionFlags(flags)

    def event(self, event: QEvent) -> bool:
        """Say which key sequences are for the editor before shortcuts of the window get them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            wanted = self._keys.wants(event)
            if wanted is not None:
                event.setAccepted(wanted)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give the key to what knows it, else to the text edit."""
        if self._keys.press(event):
            return
        super().keyPressEvent(event)
        self._keys.after_press(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open a fold by its mark."""
        folded = self._view.folded_mark_at(event.position().toPoint())
        if folded is not None and event.button() == Qt.MouseButton.LeftButton:
            self._folding.unfold(folded)
            return
        self._variables.close_list()
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl the wheel is for the window's zoom, not for the font of one editor."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        super().wheelEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what lies under the text, the text, and the marks over it."""
        painter = QPainter(self.viewport())
        self._view.paint_under(painter)
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        self._view.paint_over(painter)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place gutter and bars."""
        super().resizeEvent(event)
        self._place()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the focus went."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.focus_left.emit()

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy the text as it is; Qt would make plain blanks of no-break spaces."""
        mime = QMimeData()
        mime.setText(self.textCursor().selectedText().replace("\u2029", "\n").replace("\u2028", "\n"))
        return mime

    def _connect(self) -> None:
        self.textChanged.connect(self._on_text_changed)
        self.cursorPositionChanged.connect(self._on_caret_moved)
        self.selectionChanged.connect(self.viewport().update)
        self.blockCountChanged.connect(self._place)
        self.updateRequest.connect(self._gutter.update)
        self._folding.changed.connect(self._gutter.update)
        self._find.height_changed.connect(self._place)
        self._find.hits_changed.connect(self._on_hits_changed)
        self._highlighter.active_changed.connect(self.highlighting_changed)
        self._gutter.fold_toggled.connect(self._on_fold_toggled)
        self._gutter.line_pressed.connect(self._on_line_pressed)
        switch().changed.connect(self._dress)

    def _apply(self, text: str) -> None:
        """Change the one piece in which the texts differ; caret, selection and scroll position stay."""
        new = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n")
        old = self._raw.replace("\u2029", "\n")
        self._line_end = "\r\n" if "\r\n" in text else "\n"
        change = difference(old, new)
        start, end = to_units(old, change.start), to_units(old, change.end)
        grown = start + length_in_units(change.inserted) - end
        caret = self.textCursor()
        anchor, position = (_moved(at, start, end, grown) for at in (caret.anchor(), caret.position()))
        lines = change.inserted.count("\n") - old.count("\n", change.start, change.end)
        is_above = end <= self.firstVisibleBlock().position()
        bar = self.verticalScrollBar()
        top = bar.value() + (lines if is_above else 0)
        is_large = len(change.inserted) > _LARGE_CHANGE
        if is_large:
            self._highlighter.begin_load()
        edit = QTextCursor(self.document())
        edit.setPosition(start)
        edit.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        edit.insertText(change.inserted)
        if is_large:
            self._highlighter.end_load()
        caret.setPosition(anchor)
        caret.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(caret)
        bar.setValue(top)

    @Slot()
    def _on_text_changed(self) -> None:
        if self._is_setting:
            return
        # toPlainText would make plain blanks of no-break spaces.
        raw = self.document().toRawText()
        if raw == self._raw:
            # Qt signals a change when only colours change, too.
            return
        self._source, self._raw = None, raw
        self._highlighter.check_size()
        self.edited.emit(self.text())

    @Slot()
    def _on_caret_moved(self) -> None:
        self._view.match_brackets()
        self.viewport().update()
        self._gutter.update()

    @Slot()
    def _on_hits_changed(self) -> None:
        # Syntax colours cannot be read on the bright ground of the current hit.
        selections = []
        hit = self._find.current_hit()
        if hit is not None:
            shown = QTextEdit.ExtraSelection()
            shown.cursor = QTextCursor(self.document())
            shown.cursor.setPosition(hit[0])
            shown.cursor.setPosition(hit[1], QTextCursor.MoveMode.KeepAnchor)
            look = QTextCharFormat()
            look.setForeground(theme().color("match_now_text"))
            shown.format = look
            selections.append(shown)
        self.setExtraSelections(selections)
        self.viewport().update()

    @Slot(int)
    def _on_fold_toggled(self, number: int) -> None:
        self._folding.toggle(self.document().findBlockByNumber(number))

    @Slot(int, bool)
    def _on_line_pressed(self, number: int, extend: bool) -> None:
        cursor = self.textCursor()
        block = self.document().findBlockByNumber(number)
        if not extend:
            cursor.setPosition(block.position())
        after = block.next()
        end = after.position() if after.isValid() else block.position() + block.length() - 1
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    @Slot()
    def _place(self) -> None:
        bars = self._find.height_needed()
        gutter = self._gutter.wanted_width()
        self.setViewportMargins(gutter + px(_CODE_GAP) - px(_MARGIN), bars, 0, 0)
        area = self.contentsRect()
        self._find.setGeometry(area.left(), area.top(), area.width(), bars)
        self._gutter.setGeometry(area.left(), area.top() + bars, gutter, self.viewport().height())
        self._gutter.raise_()
        self._find.raise_()

    @Slot()
    def _dress(self) -> None:
        """Take fonts, measures and colours from the theme."""
        font = mono_font(13)
        self.setFont(font)
        self.document().setDefaultFont(font)
        self.document().setDocumentMargin(px(_MARGIN))
        self.setTabStopDistance(QFontMetricsF(font).horizontalAdvance(" ") * _TAB_COLUMNS)
        palette = QPalette(QGuiApplication.palette())
        # The selection is painted by the view: Qt's would be only as high as the font.
        palette.setColor(QPalette.ColorRole.Highlight, QColor(Qt.GlobalColor.transparent))
        palette.setColor(QPalette.ColorRole.HighlightedText, theme().color("text"))
        palette.setColor(QPalette.ColorRole.Text, theme().color("text"))
        palette.setColor(QPalette.ColorRole.PlaceholderText, theme().color("faint"))
        self.setPalette(palette)
        # Under an application sheet the viewport does not follow.
        self.viewport().setPalette(palette)
        self._place()
        self.viewport().update()


def _moved(position: int, start: int, end: int, grown: int) -> int:
    """Return where a position of the document is after the units `start` to `end` grew by `grown`."""
    if position <= start:
        return position
    return max(start, position + grown) if position >= end else min(position, end + grown)
