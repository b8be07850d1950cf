"""The fields of one cookie, with the sentence that says what is wrong with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.cookie_form import SAME_SITES, CookieField, CookieForm
from insomnia_desktop.ui.widgets.fields import CheckBox, ComboField, LineField
from insomnia_desktop.ui.widgets.labels import Label

_COLUMNS = 12


class CookieFields(QWidget):
    """Shows a form and tells each change of it.

    Signals:
        edited(CookieForm): the person changed something.
        typing_ended(): the focus left a field, or Enter was pressed in it.
    """

    edited = Signal(object)
    typing_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cookieFields")
        self._form = CookieForm()
        self._lines: dict[CookieField, LineField] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(12))
        self._grid.setVerticalSpacing(px(12))
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
            self._grid.setColumnMinimumWidth(column, 1)
        self._add("domain", self.tr("Domain"), 0, 0, 5)
        self._add("name", self.tr("Name"), 0, 5, 4)
        self._add("path", self.tr("Path"), 0, 9, 3)
        self._add("value", self.tr("Value"), 1, 0, 8)
        self._add("expires", self.tr("Expires"), 1, 8, 4, placeholder=self.tr("When the session ends"))
        self.secure = CheckBox(self.tr("Only with TLS (Secure)"))
        self.http_only = CheckBox(self.tr("Not for scripts (HttpOnly)"))
        self.subdomains = CheckBox(self.tr("Also for hosts below the domain"))
        self.same_site = ComboField(height=28)
        self.same_site.setObjectName("cookieSameSiteCombo")
        self.same_site.setAccessibleName(self.tr("Same site"))
        words = (self.tr("SameSite not set"), "SameSite: Lax", "SameSite: Strict", "SameSite: None")
        for value, shown in zip(SAME_SITES, words, strict=True):
            self.same_site.addItem(shown, value)
        self._problem = Label("", rank="danger", size=12)
        self._problem.setObjectName("cookieProblem")
        self._lay_out()
        self._connect()

    def show_form(self, form: CookieForm, *, fresh: bool) -> None:
        """Show a form; without `fresh` it is the same cookie, and fields that hold the same text keep their carets."""
        self._form = form
        for field, line in self._lines.items():
            text = str(getattr(form, field))
            if fresh or line.text() != text:
                line.setText(text)
                line.setCursorPosition(0)
        for box, on in (
            (self.secure, form.secure),
            (self.http_only, form.http_only),
            (self.subdomains, form.subdomains),
        ):
            box.setChecked(on)
        self.same_site.setCurrentIndex(max(0, self.same_site.findData(form.same_site)))

    def show_problems(self, problems: dict[CookieField, str]) -> None:
        """Mark the fields that cannot be stored and say why, the first one in words."""
        for field, line in self._lines.items():
            line.set_wrong(field in problems)
            line.setToolTip(problems.get(field, ""))
            line.setAccessibleDescription(problems.get(field, ""))
        first = next((problems[field] for field in self._lines if field in problems), "")
        self._problem.setText(first + " " + self.tr("Not stored yet.") if first else "")
        self._problem.setAccessibleName(self._problem.text())

    def problem(self) -> str:
        """Return the sentence that is shown, or ""."""
        return self._problem.text()

    def focus_first(self, problems: dict[CookieField, str]) -> None:
        """Go to the first field that is wrong, else to the value."""
        field = next((each for each in self._lines if each in problems), None) or "value"
        self._lines[field].setFocus()
        self._lines[field].selectAll()

    def _add(self, field: CookieField, words: str, row: int, column: int, span: int, *, placeholder: str = "") -> None:
        line = LineField(placeholder=placeholder, mono=field in ("name", "value", "domain", "path"))
        line.setObjectName(f"cookie{field.capitalize()}Edit")
        line.setAccessibleName(words)
        label = Label(words, rank="dim", size=12, weight=500)
        label.setBuddy(line)
        pair = QVBoxLayout()
        pair.setSpacing(px(6))
        pair.addWidget(label)
        pair.addWidget(line)
        self._grid.addLayout(pair, row, column, 1, span)
        self._lines[field] = line

    def _lay_out(self) -> None:
        flags = QHBoxLayout()
        flags.setSpacing(px(20))
        for widget in (self.secure, self.http_only, self.subdomains):
            flags.addWidget(widget)
        flags.addStretch(1)
        flags.addWidget(self.same_site)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(12), px(16), px(8))
        column.setSpacing(px(10))
        column.addLayout(self._grid)
        column.addLayout(flags)
        # Its room is there always, so that nothing moves when there is something to say.
        self._problem.setFixedHeight(px(18))
        column.addWidget(self._problem)

    def _connect(self) -> None:
        for field, line in self._lines.items():
            line.textEdited.connect(lambda text, field=field: self._set(**{field: text}))
            line.editingFinished.connect(self.typing_ended)
        self.secure.clicked.connect(lambda on: self._choose(secure=on))
        self.http_only.clicked.connect(lambda on: self._choose(http_only=on))
        self.subdomains.clicked.connect(lambda on: self._choose(subdomains=on))
        self.same_site.activated.connect(lambda _index: self._choose(same_site=str(self.same_site.currentData())))

    def _choose(self, **values: Any) -> None:
        """What is chosen, not typed, is a step of undo of its own."""
        self.typing_ended.emit()
        self._set(**values)
        self.typing_ended.emit()

    def _set(self, **values: Any) -> None:
        self._form = replace(self._form, **values)
        self.edited.emit(self._form)
