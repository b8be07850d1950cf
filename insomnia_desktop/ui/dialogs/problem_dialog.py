"""Says why the program cannot start, and offers what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from insomnia_desktop.ui.dialogs.plain_dialog import PlainDialog
from insomnia_desktop.ui.widgets.buttons import DefaultButton, PrimaryButton
from insomnia_desktop.ui.widgets.labels import WrappedLabel


class ProblemDialog(PlainDialog):
    """A heading, one sentence, the next step, and a button for each deed; the last closes."""

    def __init__(
        self,
        title: str,
        text: str,
        hint: str,
        deeds: Sequence[tuple[str, Callable[[], object]]] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent, width=560)
        self.setObjectName("problemDialog")
        self.column.addWidget(WrappedLabel(text))
        if hint:
            self.column.addWidget(WrappedLabel(hint, rank="dim"))
        for at, (words, deed) in enumerate(deeds):
            button = PrimaryButton(words) if at == 0 else DefaultButton(words)
            button.set_measures(height=32)
            button.clicked.connect(lambda _checked=False, deed=deed: self._do(deed))
            self.add_button(button)
        close = DefaultButton(self.tr("Close"))
        close.set_measures(height=32)
        close.clicked.connect(self.reject)
        self.add_button(close)

    def _do(self, deed: Callable[[], object]) -> None:
        self.accept()
        deed()
