"""What a request does differently from the application."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from insomnia_desktop.model import RequestSettings
from insomnia_desktop.model.settings import SETTINGS
from insomnia_desktop.services.preferences import Preferences
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.fields import ComboField, LineField
from insomnia_desktop.ui.widgets.labels import Label, SectionHeading

_SWITCHES = {
    "verify_tls": "tls.verify",
    "follow_redirects": "sending.follow_redirects",
    "send_cookies": "sending.send_cookies",
    "store_cookies": "sending.store_cookies",
}
_NUMBERS = {
    "total_timeout_ms": "sending.total_timeout_ms",
    "connect_timeout_ms": "sending.connect_timeout_ms",
    "max_redirects": "sending.max_redirects",
}
_FIELD_WIDTH = 240


def count_settings(settings: RequestSettings) -> int:
    """Return how many settings differ from the application's."""
    return sum(1 for value in msgspec.structs.asdict(settings).values() if value is not None)


class RequestSettingsPage(QWidget):
    """One row for each setting; what is not set here shows the application's value as its choice.

    Signals:
        edited(settings): the person changed one.
        focus_left(): the person is done with a line.
    """

    edited = Signal(object)
    focus_left = Signal()

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        self._settings = RequestSettings()
        self._combos: dict[str, ComboField] = {}
        self._lines: dict[str, LineField] = {}
        inner = QWidget()
        inner.setObjectName("requestSettings")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(8))
        self._grid.setColumnStretch(2, 1)
        for name, key in _NUMBERS.items():
            self._add_line(name, SETTINGS[key].label, number=True)
        self._add_line("proxy", self.tr("Proxy"), number=False)
        for name, key in _SWITCHES.items():
            self._add_combo(name, SETTINGS[key].label)
        self._add_combo("http_version", SETTINGS["sending.http_version"].label)
        column = QVBoxLayout(inner)
        column.setContentsMargins(px(16), px(8), px(16), px(16))
        column.addWidget(SectionHeading(self.tr("Only for this request")))
        column.addLayout(self._grid)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def show_settings(self, settings: RequestSettings) -> None:
        """Show the settings of a request."""
        self._settings = settings
        for name, combo in self._combos.items():
            self._fill(name, combo)
            value = getattr(settings, name)
            combo.setCurrentIndex(max(0, combo.findData(value)))
        for name, line in self._lines.items():
            value = getattr(settings, name)
            text = "" if value is None else str(value)
            if line.text() != text and not (line.is_wrong() and line.hasFocus()):
                line.setText(text)
                line.set_wrong(False)
            line.setPlaceholderText(self._application_words(name))

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be changed, or all again."""
        for combo in self._combos.values():
            combo.setEnabled(not read_only)
        for line in self._lines.values():
            line.setReadOnly(read_only)

    def _add_line(self, name: str, label: str, *, number: bool) -> None:
        line = LineField()
        line.setObjectName(f"{name}Edit")
        line.setAccessibleName(label)
        line.setFixedWidth(px(_FIELD_WIDTH))
        if number:
            key = _NUMBERS[name]
            least, most = SETTINGS[key].minimum, SETTINGS[key].maximum
            line.setValidator(QIntValidator(least, most, line))
            line.setToolTip(self.tr("A number from %d to %d") % (least, most))
        line.textEdited.connect(lambda _text, name=name: self._on_line(name))
        line.editingFinished.connect(self.focus_left)
        self._lines[name] = line
        self._add_row(label, line)

    def _add_combo(self, name: str, label: str) -> None:
        combo = ComboField()
        combo.setObjectName(f"{name}Combo")
        combo.setAccessibleName(label)
        combo.setFixedWidth(px(_FIELD_WIDTH))
        combo.activated.connect(lambda _index, name=name, combo=combo: self._set(name, combo.currentData()))
        self._combos[name] = combo
        self._add_row(label, combo)

    def _add_row(self, label: str, field: QWidget) -> None:
        at = self._grid.rowCount()
        self._grid.addWidget(Label(label), at, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(field, at, 1)

    def _fill(self, name: str, combo: ComboField) -> None:
        combo.clear()
        combo.addItem(self._application_words(name), None)
        if name == "http_version":
            for value, words in SETTINGS["sending.http_version"].choices:
                combo.addItem(words, value)
        else:
            combo.addItem(self.tr("Yes"), True)
            combo.addItem(self.tr("No"), False)

    def _application_words(self, name: str) -> str:
        if name == "proxy":
            return self.tr("As the application; “none” for none")
        if name in _SWITCHES:
            shown = self.tr("yes") if self._preferences.get(_SWITCHES[name]) else self.tr("no")
        elif name == "http_version":
            choices = dict(SETTINGS["sending.http_version"].choices)
            shown = choices[self._preferences.get("sending.http_version")]
        else:
            setting = SETTINGS[_NUMBERS[name]]
            number = self._preferences.get(setting.key)
            # Of both time limits 0 stands for none, and nothing else can be 0.
            shown = f"{number} {setting.unit}" if number else self.tr("never")
        return self.tr("As the application: %s") % shown

    def _on_line(self, name: str) -> None:
        line = self._lines[name]
        text = line.text().strip()
        # What is out of its limits, or half written, is marked and not taken over.
        wrong = bool(text) and not line.hasAcceptableInput()
        line.set_wrong(wrong)
        if not wrong:
            self._set(name, (int(text) if name in _NUMBERS else text) if text else None)

    def _set(self, name: str, value: Any) -> None:
        self._settings = msgspec.structs.replace(self._settings, **{name: value})
        self.edited.emit(self._settings)
