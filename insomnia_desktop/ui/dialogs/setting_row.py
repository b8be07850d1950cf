"""One setting in the preferences: words at the left, its control at the right, and the way back to the default."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontDatabase, QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QCompleter, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from insomnia_desktop.model.settings import Setting
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.preferences_view_model import PreferencesViewModel
from insomnia_desktop.ui.widgets.buttons import IconButton
from insomnia_desktop.ui.widgets.fields import CheckBox, ComboField, LineField
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel

CONTROL = 240
NUMBER = 96
WAIT_MS = 400
_FONT = "appearance.mono_font"


class SettingRow(QWidget):
    """What all rows share; subclasses add a control and show its value.

    Signals:
        problem_changed(): what cannot be stored is other than before.
    """

    problem_changed = Signal()

    def __init__(self, setting: Setting, view_model: PreferencesViewModel) -> None:
        super().__init__()
        self.setting = setting
        self._view_model = view_model
        self._problem = ""
        self.setObjectName(f"setting:{setting.key}")
        self.label = Label(setting.label)
        self._hint = WrappedLabel(setting.hint, rank="dim", size=12)
        self._hint.setVisible(bool(setting.hint))
        self._sentence = WrappedLabel("", rank="danger", size=12)
        self._sentence.setObjectName("settingProblem")
        self._sentence.hide()
        self._reset = IconButton("undo", self.tr("Back to the default"), name=self.tr("Reset %s") % setting.label)
        self._reset.setObjectName("resetButton")
        self._reset.clicked.connect(self.reset)
        policy = self._reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(policy)
        self._words = QVBoxLayout()
        self._words.setSpacing(px(2))
        for widget in (self.label, self._hint, self._sentence):
            self._words.addWidget(widget)
        self._place = QWidget(self)
        self._outer: QBoxLayout = self._arranged()
        self._measure()

    def show_value(self) -> None:
        """Show the value that is in force, and whether it is the default."""
        self._reset.setVisible(self._view_model.is_changed(self.setting.key))

    def problem(self) -> str:
        """Return the sentence why what is typed is not stored, or ""."""
        return self._problem

    def focus_control(self) -> None:
        """Give the control the keyboard."""
        raise NotImplementedError

    @Slot()
    def reset(self) -> None:
        """Give the setting its default again."""
        self.say("")
        self._view_model.reset(self.setting.key)
        self.focus_control()

    def say(self, problem: str) -> None:
        """Show a sentence under the words; an empty one takes it away."""
        if problem == self._problem:
            return
        self._problem = problem
        self._sentence.set_plain_text(f"{problem} {self.tr('Not stored yet.')}" if problem else "")
        self._sentence.setVisible(bool(problem))
        self.problem_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the zoom."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._measure()

    def _arranged(self) -> QBoxLayout:
        row = QHBoxLayout(self)
        row.addLayout(self._words, 1)
        row.addWidget(self._place, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _put(self, *controls: QWidget) -> None:
        """Put the controls into their column, from its left edge."""
        row = QHBoxLayout(self._place)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        for control in controls:
            row.addWidget(control)
        if controls[-1].sizePolicy().horizontalPolicy() != QSizePolicy.Policy.Expanding:
            row.addStretch(1)
        self.label.setBuddy(controls[0])
        controls[0].setAccessibleName(self.setting.label)
        controls[0].setAccessibleDescription(self.setting.hint)

    def _measure(self) -> None:
        self._outer.setContentsMargins(0, px(6), 0, px(6))
        self._outer.setSpacing(px(8))
        self._place.setFixedSize(px(CONTROL), px(28))
        self.label.setFixedHeight(px(28))


class SwitchRow(SettingRow):
    """A setting that is on or off."""

    def __init__(self, setting: Setting, view_model: PreferencesViewModel) -> None:
        super().__init__(setting, view_model)
        self.box = CheckBox("")
        self._put(self.box)
        self.box.clicked.connect(lambda on: view_model.set_value(setting.key, bool(on)))

    def show_value(self) -> None:
        """Show the value."""
        super().show_value()
        on = bool(self._view_model.value(self.setting.key))
        self.box.setChecked(on)
        self.box.setText(self.tr("On") if on else self.tr("Off"))
        self.box.updateGeometry()

    def focus_control(self) -> None:
        """Give the box the keyboard."""
        self.box.setFocus()


class ChoiceRow(SettingRow):
    """A setting that is one of a few."""

    def __init__(self, setting: Setting, view_model: PreferencesViewModel) -> None:
        super().__init__(setting, view_model)
        self.combo = ComboField(height=28)
        for value, words in setting.choices:
            self.combo.addItem(words, value)
        self.combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._put(self.combo)
        self.combo.activated.connect(lambda _index: view_model.set_value(setting.key, str(self.combo.currentData())))

    def show_value(self) -> None:
        """Show the value."""
        super().show_value()
        self.combo.setCurrentIndex(max(0, self.combo.findData(self._view_model.value(self.setting.key))))

    def focus_control(self) -> None:
        """Give the choice the keyboard."""
        self.combo.setFocus()


class _TypedField(LineField):
    """A field whose number the up and down keys change.

    Signals:
        stepped(int): by how much.
    """

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step a number."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)


class TypedRow(SettingRow):
    """A setting that is typed: a number with its unit, or a text; stored when the typing rests or the focus leaves."""

    def __init__(self, setting: Setting, view_model: PreferencesViewModel) -> None:
        self.field = _TypedField(height=28)
        self._is_number = setting.type == "number"
        super().__init__(setting, view_model)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(WAIT_MS)
        self._pause.timeout.connect(self.commit)
        if self._is_number:
            self.field.stepped.connect(self._on_step)
            self._put(self.field, Label(setting.unit, rank="dim", size=12))
        else:
            self._put(self.field)
        if setting.key == _FONT:
            self._offer_fonts()
        self.field.textEdited.connect(self._pause.start)
        self.field.editingFinished.connect(self.commit)

    def show_value(self) -> None:
        """Show the value; what is being typed, or cannot be stored, stays."""
        super().show_value()
        shown = str(self._view_model.value(self.setting.key))
        if not self._pause.isActive() and not self.problem() and self.field.text().strip() != shown:
            self.field.setText(shown)

    def focus_control(self) -> None:
        """Give the field the keyboard."""
        self.field.setFocus()
        self.field.selectAll()

    @Slot()
    def reset(self) -> None:
        """Give the setting its default again, whatever is typed."""
        self._pause.stop()
        super().reset()
        self.show_value()

    @Slot()
    def commit(self) -> None:
        """Store what is typed, or say why it cannot be stored."""
        self._pause.stop()
        problem = self._view_model.set_text(self.setting.key, self.field.text())
        self.field.set_wrong(bool(problem))
        self.say(problem)
        super().show_value()

    def say(self, problem: str) -> None:
        """Show a sentence and mark the field."""
        self.field.set_wrong(bool(problem))
        super().say(problem)

    def _on_step(self, step: int) -> None:
        typed = self.field.text().strip()
        value = int(typed) if typed.isascii() and typed.isdigit() else int(self._view_model.value(self.setting.key))
        self.field.setText(str(max(self.setting.minimum, min(self.setting.maximum, value + step))))
        self._pause.start()

    def _offer_fonts(self) -> None:
        fixed = [name for name in QFontDatabase.families() if QFontDatabase.isFixedPitch(name)]
        completer = QCompleter(fixed, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(self._pause.start)
        self.field.setCompleter(completer)

    def _measure(self) -> None:
        super()._measure()
        if self._is_number:
            self.field.setFixedWidth(px(NUMBER))
