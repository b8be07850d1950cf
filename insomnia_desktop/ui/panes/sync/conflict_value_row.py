"""A value that two devices changed, in a row: its field, and before, mine and theirs beside each other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from insomnia_desktop.services.sync_views import ConflictRow, ShownValue
from insomnia_desktop.ui.models.conflict_lines import conflict_lines
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.document_parts import language_of, shown_text
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel, plain_tip
from insomnia_desktop.ui.widgets.value_cell import ValueCell

MOST_IN_A_TIP = 300


class FieldCell(QWidget):
    """What a row of conflicts is about: the field, which part of it, and what else is to be said below."""

    def __init__(self, title: str, which: str, below: QWidget | None = None) -> None:
        super().__init__()
        words = QVBoxLayout(self)
        words.setContentsMargins(px(16), px(12), px(8), px(12))
        words.setSpacing(0)
        name = Label(title, weight=600, elide=Qt.TextElideMode.ElideRight)
        name.setFixedHeight(px(20))
        words.addWidget(name)
        if which:
            words.addWidget(WrappedLabel(which, size=12))
        if below is not None:
            words.addWidget(below)
        words.addStretch(1)


class ConflictValueRow(QWidget):
    """A field, and its three values beside each other."""

    def __init__(self, conflict: ConflictRow) -> None:
        super().__init__()
        self.conflict = conflict
        missing = self.tr("Not set")
        name, which = field_lines(conflict)
        texts = [shown_text(value, conflict.path) for value in (conflict.base, conflict.mine, conflict.theirs)]
        lines = conflict_lines(*texts)
        language = language_of(conflict.path, None, *(text for text in texts if text))
        if lines.first:
            which = self.tr("lines %d to %d") % (lines.first, lines.last)
        since = self._since(conflict.found, missing) if conflict.found is not None else None
        self._field = FieldCell(name, which, since)
        self.base = ValueCell(self.tr("Before"), missing=missing)
        mine, theirs = self.tr("Keep mine"), self.tr("Use theirs")
        self.mine = ValueCell(self.tr("Mine"), button=mine, kept_words=self.tr("Mine kept"), missing=missing)
        self.mine.button.setObjectName("keepMineButton")
        self.theirs = ValueCell(self.tr("Theirs"), button=theirs, kept_words=self.tr("Theirs used"), missing=missing)
        self.theirs.button.setObjectName("useTheirsButton")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 1)
        row.setSpacing(0)
        row.addWidget(self._field)
        for cell, shown in ((self.base, lines.base), (self.mine, lines.mine), (self.theirs, lines.theirs)):
            cell.show_value(shown, language)
            row.addWidget(cell, 1)
        self.setAccessibleName(conflict.field)

    def cells(self) -> tuple[ValueCell, ...]:
        """Return before, mine and theirs."""
        return (self.base, self.mine, self.theirs)

    def set_field_width(self, width: int) -> None:
        """Give the column of fields its width."""
        self._field.setFixedWidth(width)

    def show_choice(self, choice: str) -> None:
        """Show which side is chosen."""
        self.mine.set_state("chosen" if choice == "mine" else "other" if choice == "theirs" else "open")
        self.theirs.set_state("chosen" if choice == "theirs" else "other" if choice == "mine" else "open")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairlines between the columns and under the row."""
        painter = QPainter(self)
        for cell in self.cells():
            painting.hairline(painter, cell.x(), 0, length=self.height(), upright=True)
        painting.hairline(painter, 0, self.height() - 1, length=self.width())

    def _since(self, found: ShownValue, missing: str) -> WrappedLabel:
        note = WrappedLabel(self.tr("Mine as it is now"), size=12)
        text = shown_text(found, self.conflict.path)
        told = missing if text is None else text
        told = told if len(told) <= MOST_IN_A_TIP else f"{told[:MOST_IN_A_TIP]}…"
        note.setToolTip(plain_tip(self.tr("When the conflict was found, mine was: %s") % told))
        return note


def field_lines(conflict: ConflictRow) -> tuple[str, str]:
    """Return what a value is, and which: "Header X-Trace-Id" and "Authentication: password" stand in two lines."""
    words = conflict.field
    if ": " in words:
        name, _, which = words.partition(": ")
        return name, which
    if len(conflict.path) > 1 and conflict.path[1].startswith("@"):
        # Only the path parameter is of two words.
        head = "Path parameter" if words.startswith("Path parameter ") else words.partition(" ")[0]
        return head, words.removeprefix(head).strip()
    return words, ""
