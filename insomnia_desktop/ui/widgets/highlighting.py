"""Colours the text of an editor by the lexers of ui/syntax; large texts in slices, very large ones not at all."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QSyntaxHighlighter, QTextBlock, QTextCharFormat, QTextDocument, QTextLayout

from insomnia_desktop.ui.delegates.chip_painting import chips_of
from insomnia_desktop.ui.models.variable_state import VariableResolver, all_known
from insomnia_desktop.ui.syntax import LineLexer, Span, lexer
from insomnia_desktop.ui.syntax.template import VariableSpan
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.editor_offsets import has_wide_characters, to_units

# Characters of text above which nothing is coloured: a change at the start could mean colouring all of it.
LIMIT = 1_000_000
# What is coloured of one line; Qt lays out a line with thousands of colours far too slowly.
LONGEST_LINE = 5_000
# Characters of text above which it is coloured after it is shown, a slice at a time.
_AT_ONCE = 50_000
_SLICE_S = 0.006
_SYNTAX = ("key", "string", "number", "boolean", "null", "punctuation", "comment")


class Highlighter(QSyntaxHighlighter):
    """Gives every block its colours and keeps in its user state what the lexer carries into the next line.

    Signals:
        active_changed(bool): the text became too large to be coloured, or small enough again.
    """

    active_changed = Signal(bool)

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._language = "text"
        self._lexer: LineLexer = lexer("text")
        self._resolver: VariableResolver = all_known
        self._known: dict[str, bool] = {}
        self._formats: dict[str, QTextCharFormat] = {}
        self._active = True
        self._waits = False
        self._next = 0
        self._blocks = document.blockCount()
        self._only_chips = False
        self._dirty: tuple[int, int] | None = None
        self._dirty_was_seen = False
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._color_slice)
        document.blockCountChanged.connect(self._on_block_count_changed)
        switch().changed.connect(self._on_theme_changed)
        self._make_formats()

    def is_active(self) -> bool:
        """Return whether the text is small enough to be coloured."""
        return self._active

    def language(self) -> str:
        """Return the language that the text is read as."""
        return self._language

    def set_language(self, language: str) -> None:
        """Read the text as another language."""
        if language != self._language:
            self._language = language
            self._lexer = lexer(language)
            self.color_all()

    def set_resolver(self, resolver: VariableResolver) -> None:
        """Set who knows the variables, and look up all of them anew."""
        self._resolver = resolver
        self._known.clear()
        self._start(only_chips=True)

    def begin_load(self) -> None:
        """Colour nothing until `end_load`: the whole text is about to change."""
        self._waits = True

    def end_load(self) -> None:
        """Colour the text that was loaded."""
        self._waits = False
        self.check_size()
        self.color_all()

    def check_size(self) -> None:
        """Go off or on as the size of the text tells; call it after every change."""
        active = self.document().characterCount() <= LIMIT
        if active != self._active:
            self._active = active
            self.color_all()
            self.active_changed.emit(active)

    def color_all(self) -> None:
        """Colour everything anew: at once if that is quick, else in slices between other events."""
        self._start(only_chips=False)

    def spans_of(self, block: QTextBlock) -> list[Span]:
        """Return the spans of a block, in characters of Python, lexed anew."""
        before = block.previous().userState() if block.previous().isValid() else 0
        return self._lexer.lex(block.text()[:LONGEST_LINE], max(before, 0))[0]

    def highlightBlock(self, text: str) -> None:
        """Colour one block; called by Qt when its text, or the state before it, changed."""
        if self._waits or not self._active:
            self.setCurrentBlockState(0)
            return
        runs, state = self._runs(text, self.previousBlockState())
        self.setCurrentBlockState(state)
        for start, length, look in runs:
            self.setFormat(start, length, look)

    def is_known(self, name: str) -> bool:
        """Say whether a variable of this name is there."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._resolver(name).known
        return known

    def _runs(self, text: str, state: int) -> tuple[list[tuple[int, int, QTextCharFormat]], int]:
        """Return start, length (UTF-16) and look of what is coloured in a line, and the state for the next one."""
        line = text[:LONGEST_LINE]
        spans, state = self._lexer.lex(line, max(state, 0))
        formats = self._formats
        chips = chips_of(line)
        if chips:
            spans = _around(spans, chips)
        runs = [(start, length, formats[token]) for start, length, token in spans]
        for chip in chips:
            known = chip.kind == "tag" or self.is_known(chip.name)
            runs.append((chip.start, chip.end - chip.start, formats["chip" if known else "chip_bad"]))
        if has_wide_characters(line):
            runs = [
                (first := to_units(line, start), to_units(line, start + length) - first, look)
                for start, length, look in runs
            ]
        return runs, state

    def _start(self, *, only_chips: bool) -> None:
        # A pass over everything that is still going on must not become one over the chips alone.
        self._only_chips = only_chips and (self._only_chips or not self._timer.isActive())
        self._next = 0
        if self.document().characterCount() > _AT_ONCE:
            self._timer.start()
            return
        self._timer.stop()
        while self._color_next():
            pass
        self._lay_out()

    def _color_next(self) -> bool:
        """Colour the next block of the pass; False at its end."""
        block = self.document().findBlockByNumber(self._next)
        if not block.isValid():
            self._timer.stop()
            return False
        self._next += 1
        if not self._only_chips or "{{" in block.text():
            self._color_block(block)
        return True

    def _color_block(self, block: QTextBlock) -> None:
        """Colour a block without `rehighlightBlock`, which is ten times slower and signals a change of the text."""
        layout = block.layout()
        runs: list[tuple[int, int, QTextCharFormat]] = []
        state = 0
        if self._active:
            before = block.previous()
            runs, state = self._runs(block.text(), before.userState() if before.isValid() else 0)
        ranges = []
        for start, length, look in runs:
            made = QTextLayout.FormatRange()
            made.start, made.length, made.format = start, length, look
            ranges.append(made)
        block.setUserState(state)
        if ranges or layout.formats():
            layout.setFormats(ranges)
            end = block.position() + block.length()
            first, last = self._dirty or (block.position(), end)
            self._dirty = (min(first, block.position()), max(last, end))
            self._dirty_was_seen = self._dirty_was_seen or layout.lineCount() > 0

    def _lay_out(self) -> None:
        """Have what was coloured laid out anew; else Qt would report it as changed with the next change of the text."""
        if self._dirty is not None:
            start, end = self._dirty
            # What was never laid out was never painted: no need to tell the editor.
            layout = self.document().documentLayout()
            was_blocked = layout.blockSignals(not self._dirty_was_seen)
            self.document().markContentsDirty(start, end - start)
            layout.blockSignals(was_blocked)
            self._dirty, self._dirty_was_seen = None, False

    @Slot()
    def _color_slice(self) -> None:
        end = perf_counter() + _SLICE_S
        while self._color_next() and perf_counter() < end:
            pass
        self._lay_out()

    @Slot(int)
    def _on_block_count_changed(self, count: int) -> None:
        # Lines that went away before the next block of the pass moved it up: none may be left out.
        self._next = max(0, self._next - max(0, self._blocks - count))
        self._blocks = count

    @Slot()
    def _on_theme_changed(self) -> None:
        self._make_formats()
        self.color_all()

    def _make_formats(self) -> None:
        tokens = {token: f"syntax.{token}" for token in _SYNTAX} | {"chip": "accent_text", "chip_bad": "danger"}
        self._formats = {}
        for name, token in tokens.items():
            self._formats[name] = QTextCharFormat()
            self._formats[name].setForeground(theme().color(token))


def _around(spans: list[Span], chips: list[VariableSpan]) -> list[Span]:
    """Return the spans without what chips cover: Qt wants ranges that do not overlap."""
    cut: list[Span] = []
    for span in spans:
        start, end = span.start, span.start + span.length
        for chip in chips:
            if chip.end <= start or chip.start >= end:
                continue
            if chip.start > start:
                cut.append(Span(start, chip.start - start, span.token))
            start = chip.end
        if start < end:
            cut.append(Span(start, end - start, span.token))
    return cut
