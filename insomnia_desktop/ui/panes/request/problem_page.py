"""What stands in the request pane when the open request cannot be shown."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.services.error_text import sentence
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel


class ProblemPage(QWidget):
    """Says in words why, and what can be done; a screen reader reads it as one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("requestProblem")
        self.title = Label("", size=16, weight=600)
        self.text = WrappedLabel("")
        self.hint = WrappedLabel("", rank="dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(24), px(24), px(24))
        column.setSpacing(px(8))
        for part in (self.title, self.text, self.hint):
            column.addWidget(part)
        column.addStretch(1)

    def show_problem(self, error: AppError) -> None:
        """Show another problem."""
        words = sentence(error)
        self.title.setText(words.title)
        self.text.setText(words.text)
        self.hint.setText(words.hint)
        self.setAccessibleName(" ".join((words.title + ".", words.text, words.hint)))
