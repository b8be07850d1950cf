"""What stands in the place of a document that cannot be shown."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel


class ProblemPage(QWidget):
    """Says in words why, and what can be done; a screen reader reads it as one."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.title = Label("", size=16, weight=600)
        self.text = WrappedLabel("")
        self.hint = WrappedLabel("", rank="dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(24), px(24), px(24))
        column.setSpacing(px(8))
        for part in (self.title, self.text, self.hint):
            column.addWidget(part)
        column.addStretch(1)

    def show_words(self, title: str, text: str, hint: str) -> None:
        """Say what is wrong, and what can be done."""
        self.title.setText(title)
        self.text.setText(text)
        self.hint.setText(hint)
        self.setAccessibleName(" ".join((f"{title}.", text, hint)))
