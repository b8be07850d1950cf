"""A short page in the middle: one fact, and perhaps what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.labels import Label


class NotePage(QWidget):
    """One line in the second rank and one in the third."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("responseNotePage")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.fact = Label("", rank="dim")
        self.hint = Label("", rank="faint", size=12)
        column = QVBoxLayout(self)
        column.setSpacing(px(4))
        column.addStretch(1)
        column.addWidget(self.fact, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.hint, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def show_note(self, fact: str, hint: str = "") -> None:
        """Show other words."""
        self.fact.setText(fact)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.setAccessibleName(f"{fact} {hint}".strip())
