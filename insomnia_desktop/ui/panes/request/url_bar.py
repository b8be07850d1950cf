"""The first bar of the request: method, address, Send or Cancel, and what is wrong with the address."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from insomnia_desktop.ui.panes.request.completions import variable_completions
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.address_field import AddressField
from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.buttons import DefaultButton, PrimaryButton
from insomnia_desktop.ui.widgets.labels import Label

BUTTON_WIDTH = 72


class UrlBar(QWidget):
    """Method and address in one field, and the one filled button of the window.

    Signals:
        method_changed(method), url_edited(url): the person changed it.
        send_requested(), cancel_requested(): the button, or Enter in the address.
    """

    method_changed = Signal(str)
    url_edited = Signal(str)
    send_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, workspace: WorkspaceViewModel) -> None:
        super().__init__()
        self._workspace = workspace
        self.address = AddressField()
        self.address.url_edit.set_resolver(workspace.variable_state)
        self.address.url_edit.set_variable_names(variable_completions(workspace))
        self.send_button = PrimaryButton(self.tr("Send"))
        self.send_button.setObjectName("sendButton")
        self.send_button.setToolTip(self.tr("Send the request (Ctrl+Enter)"))
        self.cancel_button = DefaultButton(self.tr("Cancel"))
        self.cancel_button.setObjectName("cancelButton")
        self.cancel_button.set_measures(height=32, padding=10, least_width=BUTTON_WIDTH)
        self._buttons = QStackedWidget()
        self._buttons.addWidget(self.send_button)
        self._buttons.addWidget(self.cancel_button)
        self._buttons.setFixedSize(self.send_button.sizeHint().expandedTo(self.cancel_button.sizeHint()))
        bar = Bar(48, left=8)
        bar.add(self.address, stretch=1)
        bar.add(self._buttons)
        self.problem = Label("", rank="danger", size=12)
        self.problem.setContentsMargins(px(16), px(6), px(16), px(6))
        self.problem.setWordWrap(True)
        self.problem.setObjectName("urlProblem")
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.problem)
        self.address.method_changed.connect(self.method_changed)
        self.address.url_edited.connect(self._on_url_edited)
        self.address.submitted.connect(self.send_requested)
        self.send_button.clicked.connect(self.send_requested)
        self.cancel_button.clicked.connect(self.cancel_requested)
        workspace.environment_changed.connect(self._look_again)

    def set_sending(self, sending: bool) -> None:
        """Offer Cancel while a request runs."""
        focused = self.send_button.hasFocus() or self.cancel_button.hasFocus()
        shown = self.cancel_button if sending else self.send_button
        self._buttons.setCurrentWidget(shown)
        if focused:
            shown.setFocus()

    def show_problem(self, text: str) -> None:
        """Say under the address what is wrong with it; empty for nothing."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        self.address.set_wrong(bool(text))

    def _on_url_edited(self, url: str) -> None:
        self.show_problem("")
        self.url_edited.emit(url)

    def _look_again(self) -> None:
        self.address.url_edit.set_resolver(self._workspace.variable_state)
