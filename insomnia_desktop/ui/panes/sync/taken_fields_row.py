"""What was merged without a question, under the values in conflict: how many fields, and on demand which."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from insomnia_desktop.services.conflict_views import TakenField
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.buttons import LinkButton
from insomnia_desktop.ui.widgets.icon_line import ICON, Icon
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel

GAP = 8


class TakenFieldsRow(QWidget):
    """A sentence with a tick, and a list that opens under it."""

    def __init__(self, fields: Sequence[TakenField]) -> None:
        super().__init__()
        self._sentence = WrappedLabel(self._words(fields))
        self.link = LinkButton("")
        self.link.setObjectName("takenFieldsButton")
        self.link.clicked.connect(self._toggle)
        line = QHBoxLayout()
        line.setSpacing(px(GAP))
        line.addWidget(Icon("check", "success", height=20), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._sentence, 1)
        line.addWidget(self.link, 0, Qt.AlignmentFlag.AlignTop)
        self.names = QWidget()
        self.names.setObjectName("takenFields")
        rows = QVBoxLayout(self.names)
        rows.setContentsMargins(px(ICON + GAP), 0, 0, 0)
        rows.setSpacing(px(4))
        sides = {"mine": self.tr("mine"), "theirs": self.tr("theirs"), "both": self.tr("both sides")}
        for field in fields:
            row = QHBoxLayout()
            row.setSpacing(px(GAP))
            row.addWidget(Label(field.field, elide=Qt.TextElideMode.ElideRight))
            row.addWidget(Label(sides[field.side], rank="dim", size=12), 1)
            rows.addLayout(row)
        column = QVBoxLayout(self)
        # The link has room for its ring.
        column.setContentsMargins(px(16), px(14), px(12), px(14))
        column.setSpacing(px(10))
        column.addLayout(line)
        column.addWidget(self.names)
        self.setAccessibleName(self._sentence.plain_text())
        self.show_list(shown=False)

    @Slot()
    def _toggle(self) -> None:
        self.show_list(shown=self.names.isHidden())

    def show_list(self, *, shown: bool) -> None:
        """Show which fields they are, or only how many."""
        self.names.setVisible(shown)
        self.link.setText(self.tr("Hide them") if shown else self.tr("Show them"))

    def _words(self, fields: Sequence[TakenField]) -> str:
        if any(field.side == "both" for field in fields):
            if len(fields) == 1:
                return self.tr("One other field was changed on both sides and could be merged by itself.")
            return self.tr("%d other fields were merged by themselves.") % len(fields)
        if len(fields) == 1:
            return self.tr("One other field changed on one side only and was merged by itself.")
        return self.tr("%d other fields changed on one side only and were merged by themselves.") % len(fields)
