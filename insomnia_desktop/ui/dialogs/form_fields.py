"""Fields of a form with their labels, the place for what is wrong, and a pair of passwords."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from insomnia_desktop.services.account_views import Strength
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.fields import LineField
from insomnia_desktop.ui.widgets.icon_line import Icon
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.password_field import PasswordField
from insomnia_desktop.ui.widgets.strength_meter import StrengthMeter

MEASURE_AFTER_MS = 150
LABEL_GAP = 6


class FieldBlock(QWidget):
    """A label, its field under it, and room for a sentence under that."""

    def __init__(self, label: str, field: LineField) -> None:
        super().__init__()
        self.field = field
        if not field.accessibleName():
            field.setAccessibleName(label)
        words = Label(label, rank="dim", size=12, weight=500)
        words.setBuddy(field)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(LABEL_GAP))
        self._column.addWidget(words)
        self._column.addWidget(field)
        self._yielding: list[QWidget] = []

    def mark(self, line: QWidget, words: str) -> None:
        """Mark the field as the one to mend, and put the sentence that says why under it; a screen reader reads it."""
        self.field.set_wrong(True)
        self.field.setAccessibleDescription(words)
        self._column.insertWidget(2, line)
        for each in self._yielding:
            each.hide()
        line.show()

    def unmark(self) -> None:
        """Take the mark away; the sentence goes with whoever put it here."""
        self.field.set_wrong(False)
        self.field.setAccessibleDescription("")
        for each in self._yielding:
            each.show()

    def add_below(self, widget: QWidget, *, gap: int = 0, yields: bool = False) -> None:
        """Put something under the field; with `yields` the sentence about what is wrong takes its place."""
        if yields:
            self._yielding.append(widget)
        if gap:
            self._column.addSpacing(px(gap))
        self._column.addWidget(widget)


class PasswordPair(QWidget):
    """A new password and the same again beside each other, with how strong it is.

    Signals:
        measure_wanted(password): the typing rested; `set_strength` shows the answer.
    """

    measure_wanted = Signal(str)

    def __init__(self, label: str, again_label: str) -> None:
        super().__init__()
        self.password = PasswordField(label)
        self.password.setObjectName("passwordEdit")
        self.again = PasswordField(again_label, with_button=False)
        self.again.setObjectName("passwordAgainEdit")
        self.meter = StrengthMeter()
        self.same = _SameLine()
        self.password_block = FieldBlock(label, self.password)
        self.password_block.add_below(self.meter, gap=4, yields=True)
        self.again_block = FieldBlock(again_label, self.again)
        self.again_block.add_below(self.same, gap=4, yields=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(16))
        for block in (self.password_block, self.again_block):
            side = QVBoxLayout()
            side.addWidget(block)
            side.addStretch(1)
            row.addLayout(side, 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(MEASURE_AFTER_MS)
        self._pause.timeout.connect(self._measure)
        self.password.textChanged.connect(self._on_typed)
        self.again.textChanged.connect(self._show_same)
        # One look at both: they are compared with the eye.
        self.password.shown_changed.connect(self.again.set_shown)

    def set_strength(self, strength: Strength | None) -> None:
        """Show how strong the password is, or how long it must be to be taken."""
        if strength is None or not self.password.text():
            self.meter.set_score(None)
        else:
            self.meter.set_score(strength.score, wanted=strength.least if strength.too_short else 0)

    def stop(self) -> None:
        """Measure nothing any more."""
        self._pause.stop()

    @Slot()
    def _on_typed(self) -> None:
        self._show_same()
        if self.password.text():
            self._pause.start()
        else:
            self._measure()

    @Slot()
    def _measure(self) -> None:
        self._pause.stop()
        if not self.password.text():
            self.meter.set_score(None)
        self.measure_wanted.emit(self.password.text())

    @Slot()
    def _show_same(self) -> None:
        self.same.set_same(bool(self.again.text()) and self.again.text() == self.password.text())


class _SameLine(QWidget):
    """A tick and the words that both are the same; its room is there from the beginning."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = Icon("check", "success", height=20)
        self._words = Label("", rank="success", size=12, weight=500)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(6))
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        self.setFixedHeight(px(20))
        self.set_same(False)

    def set_same(self, same: bool) -> None:
        words = self.tr("The same") if same else ""
        self._words.setText(words)
        self._icon.setVisible(same)
        self.setAccessibleName(self.tr("Both passwords are the same") if same else "")
