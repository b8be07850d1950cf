"""How a request says who sends it."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from insomnia_desktop.model import (
    Authentication,
    BasicAuthentication,
    BearerAuthentication,
    NoAuthentication,
    UnknownAuthentication,
)
from insomnia_desktop.ui.panes.request.completions import variable_completions
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.fields import CheckBox, ComboField
from insomnia_desktop.ui.widgets.framed_template_edit import FramedTemplateEdit
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel

_FORM_WIDTH = 480


class AuthenticationTab(QWidget):
    """A picker of the kind, and the fields of that kind; a kind that is not known is kept and named.

    Signals:
        edited(authentication): the person changed it.
        focus_left(): a field lost the focus.
    """

    edited = Signal(object)
    focus_left = Signal()

    def __init__(self, workspace: WorkspaceViewModel) -> None:
        super().__init__()
        self._workspace = workspace
        self._shown: Authentication = NoAuthentication()
        self._fields: dict[str, FramedTemplateEdit] = {}
        self._read_only = False
        self.picker = ComboField()
        self.picker.setObjectName("authPicker")
        self.picker.setAccessibleName(self.tr("Authentication"))
        self._enabled = CheckBox(self.tr("Enabled"))
        self._note = WrappedLabel("", rank="dim")
        self._form = QWidget()
        self._grid = QGridLayout(self._form)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(px(6))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(px(16), px(16), px(16), px(16))
        column.setSpacing(px(16))
        for widget in (self.picker, self._form, self._enabled, self._note):
            widget.setMaximumWidth(px(_FORM_WIDTH))
            column.addWidget(widget)
        column.addStretch(1)
        # In a low window, under a note, the fields keep their height.
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        self.setFocusProxy(self.picker)
        self.picker.activated.connect(self._on_picked)
        self._enabled.toggled.connect(self._on_enabled)
        workspace.environment_changed.connect(self._look_again)
        self.show_authentication(NoAuthentication(), fresh=True)

    def show_authentication(self, authentication: Authentication, *, fresh: bool) -> None:
        """Show an authentication; `fresh` is that of another request."""
        other_kind = fresh or type(authentication) is not type(self._shown)
        self._shown = authentication
        if other_kind:
            self._fill_picker(authentication)
            self._build_form(authentication)
        for name, field in self._fields.items():
            field.show_text(getattr(authentication, name), fresh=other_kind)
        self._enabled.blockSignals(True)
        self._enabled.setChecked(getattr(authentication, "enabled", True))
        self._enabled.blockSignals(False)

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be changed, or all again."""
        self._read_only = read_only
        self.picker.setEnabled(not read_only)
        self._enabled.setEnabled(not read_only)
        for field in self._fields.values():
            field.set_read_only(read_only)

    def _fill_picker(self, authentication: Authentication) -> None:
        self.picker.clear()
        self.picker.addItem(self.tr("None"), "none")
        self.picker.addItem(self.tr("Basic"), "basic")
        self.picker.addItem(self.tr("Bearer token"), "bearer")
        if isinstance(authentication, UnknownAuthentication):
            self.picker.addItem(authentication.type, authentication.type)
        self.picker.setCurrentIndex(max(0, self.picker.findData(_type_of(authentication))))

    def _build_form(self, authentication: Authentication) -> None:
        self._fields = {}
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        rows: list[tuple[str, str, bool]] = []
        note = ""
        if isinstance(authentication, BasicAuthentication):
            rows = [("username", self.tr("User name"), False), ("password", self.tr("Password"), True)]
        elif isinstance(authentication, BearerAuthentication):
            rows = [("token", self.tr("Token"), False), ("prefix", self.tr("Prefix"), False)]
        elif isinstance(authentication, UnknownAuthentication):
            note = self.tr("“%s” is not known to this version. It is kept as it is; a newer version sends it.")
            note = note % authentication.type
        else:
            note = self.tr("The request is sent without an Authorization header, unless you write one.")
        for at, (name, label, secret) in enumerate(rows):
            field = FramedTemplateEdit(secret=secret)
            field.setObjectName(f"{name}Edit")
            field.set_name(label)
            field.set_read_only(self._read_only)
            field.set_variables(self._workspace.variable_state, variable_completions(self._workspace))
            field.edited.connect(lambda text, name=name: self._on_edited(name, text))
            field.focus_left.connect(self.focus_left)
            self._fields[name] = field
            self._grid.addWidget(Label(label, rank="dim", size=12, weight=500), 2 * at, 0, Qt.AlignmentFlag.AlignBottom)
            self._grid.addWidget(field, 2 * at + 1, 0)
        self._form.setVisible(bool(rows))
        self._enabled.setVisible(bool(rows))
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def _on_picked(self) -> None:
        chosen = self.picker.currentData()
        if chosen == _type_of(self._shown):
            return
        kinds = {"none": NoAuthentication, "basic": BasicAuthentication, "bearer": BearerAuthentication}
        made: Authentication = kinds[chosen]()
        self.show_authentication(made, fresh=True)
        self.edited.emit(made)
        self.focus_left.emit()

    def _on_edited(self, name: str, text: str) -> None:
        self._shown = msgspec.structs.replace(self._shown, **{name: text})
        self.edited.emit(self._shown)

    def _on_enabled(self, enabled: bool) -> None:
        if isinstance(self._shown, BasicAuthentication | BearerAuthentication):
            self._shown = msgspec.structs.replace(self._shown, enabled=enabled)
            self.edited.emit(self._shown)

    def _look_again(self) -> None:
        for field in self._fields.values():
            field.set_variables(self._workspace.variable_state, variable_completions(self._workspace))


def _type_of(authentication: Authentication) -> str:
    if isinstance(authentication, UnknownAuthentication):
        return authentication.type
    return str(authentication.__struct_config__.tag)
