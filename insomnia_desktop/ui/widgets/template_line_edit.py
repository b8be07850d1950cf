"""A line edit that shows template variables as chips and completes their names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QDropEvent,
    QFontMetricsF,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextCharFormat,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from insomnia_desktop.ui.delegates.chip_painting import chip_runs, chips_of, paint_chip_grounds
from insomnia_desktop.ui.models.variable_state import VariableResolver, all_known
from insomnia_desktop.ui.syntax.template import open_name_before
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import mono_font, px
from insomnia_desktop.ui.widgets.chip_hover import ChipHover
from insomnia_desktop.ui.widgets.completion_popup import Completion, CompletionPopup
from insomnia_desktop.ui.widgets.undo_keys import leave_keys_to_window

# Qt cuts a line edit at 32,767 characters and would lose the rest of what was pasted.
_NO_LIMIT = 2**31 - 1
_MARGIN = 4
_INNER_MARGIN = 2  # what QLineEdit itself leaves beside its text
_LINE_BREAKS = "\r\n\u2028\u2029"
# Where the layout of long lines gets slow, plain text is better than a slow key.
_LONGEST_WITH_CHIPS = 20_000

Names = Callable[[], Sequence[Completion]]
Suggestions = Callable[[str], Sequence[Completion]]


class TemplateLineEdit(QLineEdit):
    """One line of text in which `{{ name }}` stands as a chip: red where the name is unknown, its value on hover.

    It is a plain QLineEdit without frame and ground, so that caret, selection, undo, input methods and screen readers
    work as everywhere; the chips are painted under the text, and the text is coloured by an input method event.
    `{{` and Ctrl+Space offer the names of variables; `set_suggestions` adds suggestions for the whole text.

    Signals:
        edited(str): the person changed the text, with each key.
        lines_pasted(str): a text of several lines was pasted and the paste filter left it to the owner.
    """

    edited = Signal(str)
    lines_pasted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._resolver: VariableResolver = all_known
        self._names: Names | None = None
        self._suggestions: Suggestions | None = None
        self._paste_filter: Callable[[str], str | None] = str
        self._is_composing = False
        self._is_coloring = False
        self._is_taking = False
        self._popup: CompletionPopup | None = None
        self._hover = ChipHover(self, self._chip_at)
        self.setFrame(False)
        self.setMaxLength(_NO_LIMIT)
        self.setMouseTracking(True)
        self.setTextMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self.textEdited.connect(self._on_text_edited)
        self.textChanged.connect(self._color)
        self.cursorPositionChanged.connect(self._color)
        switch().changed.connect(self.refresh)
        self.refresh()

    def set_resolver(self, resolver: VariableResolver | None) -> None:
        """Set who knows the variables; None takes every name for known. Call `refresh` when values changed."""
        self._resolver = all_known if resolver is None else resolver
        self._hover.resolver = self._resolver
        self.refresh()

    def set_variable_names(self, names: Names | None) -> None:
        """Set where the names come from that are offered inside of braces."""
        self._names = names

    def set_suggestions(self, suggestions: Suggestions | None) -> None:
        """Set what is offered for the whole text as it is; None offers nothing."""
        self._suggestions = suggestions

    def set_paste_filter(self, paste_filter: Callable[[str], str | None]) -> None:
        """Set what becomes of pasted or dropped text; None as the answer means that the owner takes `lines_pasted`."""
        self._paste_filter = paste_filter

    def refresh(self) -> None:
        """Look up all variables anew and repaint; also follows a change of theme or zoom."""
        self.setFont(mono_font(13))
        palette = QPalette(QGuiApplication.palette())
        clear = QColor(Qt.GlobalColor.transparent)
        palette.setColor(QPalette.ColorRole.Base, clear)
        palette.setColor(QPalette.ColorRole.Text, theme().color("text"))
        palette.setColor(QPalette.ColorRole.PlaceholderText, theme().color("faint"))
        palette.setColor(QPalette.ColorRole.Highlight, theme().color("textsel"))
        palette.setColor(QPalette.ColorRole.HighlightedText, theme().color("text"))
        self.setPalette(palette)
        self._color()
        self.update()

    def set_text_keeping_caret(self, text: str) -> None:
        """Show another text without moving the caret more than needed; the undo steps of the edit are gone then."""
        if text == self.text():
            return
        caret = self.cursorPosition()
        self.setText(text)
        self.setCursorPosition(min(caret, len(text)))

    def insert_text(self, text: str) -> None:
        """Insert at the caret or over the selection, as if typed."""
        self.insert(text)  # emits textEdited by itself

    def complete(self) -> None:
        """Offer what fits at the caret: names of variables, else suggestions, else names to insert as a new chip."""
        if not self._offer() and self._names is not None:
            self._offer_names(self.cursorPosition(), "")

    def take_key(self, event: QKeyEvent) -> bool:
        """Give a key to the list of suggestions; return whether it was for it."""
        return self._popup is not None and self._popup.handle_key(event)

    def event(self, event: QEvent) -> bool:
        """Let Tab choose a suggestion before Qt moves the focus with it, and Ctrl+Z reach the window."""
        if leave_keys_to_window(self, event):
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_tab = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            if is_tab and self.take_key(event):
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give the list of suggestions its keys first, and filter what is pasted."""
        if self.take_key(event):
            event.accept()
        elif event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.complete()
        elif event.matches(QKeySequence.StandardKey.Paste) and not self.isReadOnly():
            self._paste(QGuiApplication.clipboard().mimeData())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the usual menu, with our way of pasting."""
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        paste = menu.findChild(QAction, "edit-paste")
        if isinstance(paste, QAction):
            paste.triggered.disconnect()
            paste.triggered.connect(self._paste_clipboard)
        menu.popup(event.globalPos())

    def dropEvent(self, event: QDropEvent) -> None:
        """Filter what is dropped where it has several lines."""
        text = event.mimeData().text()
        if any(mark in text for mark in _LINE_BREAKS):
            self.setCursorPosition(self.cursorPositionAt(event.position().toPoint()))
            self._paste(event.mimeData())
            event.acceptProposedAction()
        else:
            super().dropEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Leave the colours alone while an input method composes."""
        super().inputMethodEvent(event)
        if self._is_coloring:
            return
        self._is_composing = bool(event.preeditString())
        if not self._is_composing:
            self._color()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chips, then the text, caret and selection over them."""
        has_chips = self._has_chips()
        before = self.cursorRect().x() + self._coming_scroll() if has_chips else 0
        if has_chips:
            painter = QPainter(self)
            painter.setClipRect(self.rect().adjusted(px(2), 0, -px(2), 0))
            middle = self.cursorRect().center().y() + 0.5
            paint_chip_grounds(painter, self.text(), self._resolver, x_of=self._x_of(), middle=middle)
            painter.end()
        super().paintEvent(event)
        if has_chips and self.cursorRect().x() != before:
            self.update()

    def _has_chips(self) -> bool:
        text = self.text()
        return "{" in text and len(text) <= _LONGEST_WITH_CHIPS and not self._is_composing

    def _x_of(self) -> Callable[[int], float]:
        """Return the x of a character, scrolling included: counted from where the caret will stand."""
        metrics, text = QFontMetricsF(self.font()), self.text()
        caret = self._caret_x() + self._coming_scroll()
        origin = caret - metrics.horizontalAdvance(text[: self.cursorPosition()])
        return lambda position: origin + metrics.horizontalAdvance(text[:position])

    def _caret_x(self) -> int:
        """Return where the caret stands: Qt's rectangle for it begins 5 px to the left."""
        return self.cursorRect().x() + 5

    def _coming_scroll(self) -> int:
        """Return by how much the text will move in the next paint.

        QLineEdit scrolls to its caret only while it paints the text, and the chips are painted before that: so this
        does its sum ahead.
        """
        metrics, text = QFontMetricsF(self.font()), self.text()
        caret = round(metrics.horizontalAdvance(text[: self.cursorPosition()]))
        used = round(metrics.horizontalAdvance(text)) + 1
        margins = self.textMargins()
        left = margins.left() + _INNER_MARGIN
        room = self.width() - left - margins.right() - _INNER_MARGIN
        now = left + caret - self._caret_x()
        if used <= room:
            coming = 0
        elif caret - now >= room:
            coming = caret - room + 1
        elif caret - now < 0 and now < used:
            coming = caret
        elif used - now < room:
            coming = used - room + 1
        else:
            coming = now
        return now - coming

    def _color(self) -> None:
        """Colour the chips' text: the only way to formats in a QLineEdit. No signal comes of it, and no undo step."""
        if self._is_composing or self._is_coloring:
            return
        attributes: list[QInputMethodEvent.Attribute] = []
        if self._has_chips():
            for run in chip_runs(self.text(), self._resolver):
                look = QTextCharFormat()
                look.setForeground(theme().color(run.token))
                attributes.append(
                    QInputMethodEvent.Attribute(
                        QInputMethodEvent.AttributeType.TextFormat,
                        run.start - self.cursorPosition(),
                        run.end - run.start,
                        look,
                    )
                )
        self._is_coloring = True
        try:
            QCoreApplication.sendEvent(self, QInputMethodEvent("", attributes))
        finally:
            self._is_coloring = False

    def _on_text_edited(self, text: str) -> None:
        self.edited.emit(text)
        if not self._is_taking:
            self._offer()

    def _offer(self) -> bool:
        """Offer what fits at the caret; return whether the caret stands where something could."""
        caret = self.cursorPosition()
        opened = open_name_before(self.text(), caret) if self._names is not None else None
        if opened is not None:
            self._offer_names(opened[0], opened[1])
            return True
        if self._suggestions is not None:
            self._list().offer(self._caret_rect(), list(self._suggestions(self.text())), preselect=False)
            return True
        if self._popup is not None:
            self._popup.close_list()
        return False

    def _offer_names(self, start: int, written: str) -> None:
        assert self._names is not None
        wanted = written.casefold()
        fitting = [item for item in self._names() if wanted in item.text.casefold()]
        fitting.sort(key=lambda item: not item.text.casefold().startswith(wanted))
        self._list().offer(self._caret_rect(), fitting)

    def _take(self, chosen: str) -> None:
        """Write what was chosen; without the list opening again over it."""
        text, caret = self.text(), self.cursorPosition()
        opened = open_name_before(text, caret) if self._names is not None else None
        written = chosen if opened is None and self._suggestions is not None else f"{{{{ {chosen} }}}}"
        if opened is not None:
            start = text.rfind("{{", 0, caret)
            rest = text[caret:].lstrip(" ")
            end = len(text) - len(rest) + 2 if rest.startswith("}}") else caret
            self.setSelection(start, end - start)
        elif self._suggestions is not None:
            self.selectAll()
        self._is_taking = True
        try:
            self.insert_text(written)
        finally:
            self._is_taking = False

    def _list(self) -> CompletionPopup:
        if self._popup is None:
            self._popup = CompletionPopup(self)
            self._popup.chosen.connect(self._take)
        return self._popup

    def _caret_rect(self) -> QRect:
        return QRect(self._caret_x(), 0, 1, self.height())

    def _paste_clipboard(self) -> None:
        self._paste(QGuiApplication.clipboard().mimeData())

    def _paste(self, source: QMimeData) -> None:
        text = source.text()
        if not text:
            return
        filtered = self._paste_filter(text)
        if filtered is None:
            self.lines_pasted.emit(text)
        else:
            self.insert_text(filtered)

    def _chip_at(self, position: QPoint) -> tuple[str, QRect] | None:
        if not self._has_chips():
            return None
        x_of = self._x_of()
        for span in chips_of(self.text()):
            left, right = x_of(span.start) - 2, x_of(span.end) + 2
            if left <= position.x() <= right and span.kind == "variable":
                return span.name, QRect(round(left), 0, round(right - left), self.height())
        return None
