"""A conflict that cannot be read any more, in a row: that it is so, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from insomnia_desktop.services.sync_views import ConflictRow
from insomnia_desktop.ui.panes.sync.conflict_value_row import FieldCell, field_lines
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.buttons import DefaultButton
from insomnia_desktop.ui.widgets.icon_line import IconLine


class UnreadableConflictRow(QWidget):
    """A field as far as it is known, a sentence, and two buttons.

    Signals:
        end_wanted(): the document is to stay as it is, and the conflict to go.
        history_wanted(): the versions of the document are to be seen.
    """

    end_wanted = Signal()
    history_wanted = Signal()

    def __init__(self, conflict: ConflictRow) -> None:
        super().__init__()
        self.conflict = conflict
        title, which = field_lines(conflict) if conflict.path else (self.tr("Unknown"), "")
        self._field = FieldCell(title, which)
        text = self.tr(
            "This conflict cannot be read: what this device kept of it is damaged."
            " The document is as it was; its history has the version of the other device."
        )
        self.end_button = DefaultButton(self.tr("Keep it as it is"))
        self.end_button.setObjectName("endConflictButton")
        self.end_button.setAccessibleDescription(self.tr("Ends this conflict; the document is not changed"))
        self.end_button.clicked.connect(self.end_wanted)
        self.history_button = DefaultButton(self.tr("Open history"))
        self.history_button.setObjectName("conflictHistoryButton")
        self.history_button.clicked.connect(self.history_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addWidget(self.end_button)
        buttons.addWidget(self.history_button)
        buttons.addStretch(1)
        column = QVBoxLayout()
        column.setContentsMargins(px(13), px(12), px(16), px(12))
        column.setSpacing(px(12))
        column.addWidget(IconLine("warning", text, token="warning", rank="text"))
        column.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 1)
        row.setSpacing(0)
        row.addWidget(self._field)
        row.addLayout(column, 1)
        self.setAccessibleName(f"{title} {which}".strip() + f": {text}")

    def set_field_width(self, width: int) -> None:
        """Give the column of fields its width."""
        self._field.setFixedWidth(width)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairlines beside the field and under the row."""
        painter = QPainter(self)
        painting.hairline(painter, self._field.width(), 0, length=self.height(), upright=True)
        painting.hairline(painter, 0, self.height() - 1, length=self.width())
