"""What the pages of the sign-in dialog, and the dialogs that ask for a password, share."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.ui.dialogs.form_fields import FieldBlock
from insomnia_desktop.ui.dialogs.recovery_key_page import LINK_EDGE
from insomnia_desktop.ui.i18n.words import elapsed_words
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.sign_in_form import FormProblem
from insomnia_desktop.ui.widgets.buttons import DangerButton, DefaultButton, LinkButton, PaintedButton, PrimaryButton
from insomnia_desktop.ui.widgets.icon_line import IconLine
from insomnia_desktop.ui.widgets.password_field import PasswordField

BUTTON_WIDTH = 88
ELAPSED_AFTER_MS = 1000
_TICK_MS = 100


class FormPage(QWidget):
    """Fields, one sentence about what is wrong, one about what is going on, and Cancel and the deed at the foot.

    While the deed runs the fields rest, Cancel stops it, and what was typed stays where it is.

    Signals:
        submitted(): the deed is wanted.
        cancelled(): Cancel was pressed.
        edited(): something was typed since the problem was shown.
    """

    answers_enter = True  # the deed is what Enter means; not where it destroys

    submitted = Signal()
    cancelled = Signal()
    edited = Signal()

    def __init__(self, clock: Clock, *, danger: bool = False) -> None:
        super().__init__()
        self._clock = clock
        self._blocks: dict[str, FieldBlock] = {}
        self._resting: list[QWidget] = []
        self._began = 0
        self._step = ""
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self.column = QVBoxLayout()
        self.column.setContentsMargins(LINK_EDGE, 0, 0, 0)
        self.column.setSpacing(0)
        self._rows.addLayout(self.column)
        self.error = IconLine("warning", "", self, token="danger", rank="danger")
        self.error.setObjectName("signInError")
        self.error.hide()
        self.promise = IconLine("shield", token="success")
        self.promise.setObjectName("signInProgress")
        self.cancel_button = DefaultButton(self.tr("Cancel"))
        self.cancel_button.setObjectName("cancelButton")
        self.cancel_button.set_measures(height=32, padding=16, least_width=BUTTON_WIDTH)
        self.deed_button: PaintedButton = DangerButton("") if danger else PrimaryButton("")
        self.deed_button.set_measures(padding=12, least_width=BUTTON_WIDTH)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(px(8))
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK_MS)
        self._ticks.timeout.connect(self._show_step)
        self.answers_enter = not danger
        self.cancel_button.clicked.connect(self.cancelled)
        self.deed_button.clicked.connect(self.submitted)

    def add_field(self, name: str, block: FieldBlock, *, gap: int = 16) -> None:
        """Put a field under the last one; `name` is the one of `account_words`."""
        self.column.addSpacing(px(gap))
        self.column.addWidget(block)
        self.know(name, block)

    def know(self, name: str, block: FieldBlock) -> None:
        """Know a field that was laid out elsewhere, so that it can be marked and rests while the deed runs."""
        self._blocks[name] = block
        self.rest_while_running(block)
        block.field.textEdited.connect(self.edited)

    def rest_while_running(self, widget: QWidget) -> None:
        """Let a control rest while the deed runs."""
        self._resting.append(widget)

    def finish_layout(self, promise: str, left: QWidget | None = None) -> None:
        """Add the promise and the foot; with `left` something stands at the left of the buttons, else the promise."""
        self._promise_text = promise
        self.promise.set_text(promise)
        if not promise:
            self.promise.hide()
        self._error_place = self.column.count()
        if left is not None:
            self.column.addSpacing(px(15))
            self.column.addWidget(self.promise)
            edge = 0 if isinstance(left, LinkButton) else LINK_EDGE
            self.foot.setContentsMargins(edge, px(23), 0, 0)
            self.foot.addWidget(left)
            self.foot.addStretch(1)
            self.rest_while_running(left)
        else:
            self.foot.setContentsMargins(LINK_EDGE, px(22), 0, 0)
            self.foot.addWidget(self.promise, 100, Qt.AlignmentFlag.AlignVCenter)
            self.foot.addStretch(1)
        self.foot.addWidget(self.cancel_button)
        self.foot.addWidget(self.deed_button)
        self._rows.addLayout(self.foot)
        self._put_eyes_last()

    @Slot(object)
    def show_problem(self, problem: FormProblem) -> None:
        """Mark the field, with the sentence under it; a problem of no field has its sentence over the buttons."""
        for each in self._blocks.values():
            each.unmark()
        self.error.set_text(problem.text)
        if not problem.text:
            self.error.hide()
            return
        block = self._blocks.get(problem.field)
        self.error.set_gap(0 if block is not None else 10)
        if block is not None:
            block.mark(self.error, problem.text)
            if block.isVisibleTo(self):
                block.field.setFocus(Qt.FocusReason.OtherFocusReason)
                if isinstance(block.field, PasswordField):
                    # What cannot be read is typed anew; an address is mended.
                    block.field.selectAll()
        else:
            self.column.insertWidget(self._error_place, self.error)
            self.error.show()

    @Slot(bool)
    def set_running(self, running: bool) -> None:
        """Show that the deed runs, or that it ended."""
        focused = self.focusWidget()
        for each in self._resting:
            each.setEnabled(not running)
        self.deed_button.setEnabled(not running)
        if running:
            self._back = focused
            self._began = self._clock.now_ms()
            self._ticks.start()
            self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._ticks.stop()
            self._step = ""
            self.promise.show_line("shield", self._promise_text, token="success", rank="dim")
            self.promise.setVisible(bool(self._promise_text))
            if isinstance(self._back, QWidget) and self.isVisible():
                self._back.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def show_step(self, words: str) -> None:
        """Show what the deed is doing."""
        self._step = words
        self._show_step()

    def typed(self) -> dict[str, str]:
        """Return what was typed, by the names of the fields."""
        return {name: block.field.text() for name, block in self._blocks.items()}

    def fill(self, typed: Mapping[str, str]) -> None:
        """Put in what was typed on another page."""
        for name, block in self._blocks.items():
            if typed.get(name):
                block.field.setText(typed[name])

    def stop(self) -> None:
        """End what goes on by itself: the page goes."""
        self._ticks.stop()

    def focus_first(self) -> None:
        """Put the caret into the first empty field, else into the last; or where the page says that it begins."""
        if self.begins_at is not None:
            self.begins_at.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        blocks = [each for each in self._blocks.values() if each.isVisibleTo(self)]
        empty = next((each for each in blocks if not each.field.text()), None)
        if empty is not None or blocks:
            (empty or blocks[-1]).field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _put_eyes_last(self) -> None:
        """Let Tab go from a password to what is typed next, and visit the buttons that show passwords at the end."""
        before: QWidget = self.deed_button
        for block in self._blocks.values():
            eye = block.field.show_button if isinstance(block.field, PasswordField) else None
            if eye is not None:
                self.setTabOrder(before, eye)
                before = eye

    @Slot()
    def _show_step(self) -> None:
        if not self._step:
            return
        elapsed = self._clock.now_ms() - self._began
        words = f"{self._step} {elapsed_words(elapsed)}" if elapsed >= ELAPSED_AFTER_MS else self._step
        self.promise.show_line("clock", words, token="dim", rank="dim")
        self.promise.show()

    begins_at: QWidget | None = None
    _back: QWidget | None = None
    _promise_text = ""
    _error_place = 0
