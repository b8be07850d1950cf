"""Says why the program cannot start, and offers what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from insomnia_desktop.ui.dialogs.plain_dialog import PADDING, PlainDialog
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.buttons import DefaultButton, PaintedButton, PrimaryButton
from insomnia_desktop.ui.widgets.labels import WrappedLabel

_WIDTH = 560
_GAP = 8


class ProblemDialog(PlainDialog):
    """A heading, one sentence, the next step, and a button for each deed; the last closes.

    Deeds that do not fit beside each other stand under each other.
    """

    def __init__(
        self,
        title: str,
        text: str,
        hint: str,
        deeds: Sequence[tuple[str, Callable[[], object]]] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent, width=_WIDTH)
        self.setObjectName("problemDialog")
        self.column.addWidget(WrappedLabel(text, rank="text"))
        if hint:
            self.column.addWidget(WrappedLabel(hint, rank="dim"))
        close = DefaultButton(self.tr("Close"))
        close.setObjectName("closeButton")
        close.set_measures(height=32)
        close.clicked.connect(self.reject)
        buttons: list[PaintedButton] = []
        for at, (words, deed) in enumerate(deeds):
            button: PaintedButton = PrimaryButton(words) if at == 0 else DefaultButton(words)
            button.set_measures(height=32)
            button.clicked.connect(lambda _checked=False, deed=deed: self._do(deed))
            buttons.append(button)
        room = self.width() - 2 * px(PADDING)
        needed = sum(each.sizeHint().width() + px(_GAP) for each in [*buttons, close])
        for each in buttons:
            if needed <= room:
                self.add_button(each)
            else:
                self.column.addWidget(each)
        self.add_button(close)
        (buttons[0] if buttons else close).setFocus()

    def _do(self, deed: Callable[[], object]) -> None:
        self.accept()
        deed()
