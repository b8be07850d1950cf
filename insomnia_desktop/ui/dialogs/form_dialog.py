"""A dialog that holds one page at a time, as wide as the page wants and as high as it needs."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QLayout, QPushButton, QVBoxLayout, QWidget

from insomnia_desktop.ui.dialogs.form_page import FormPage
from insomnia_desktop.ui.dialogs.plain_dialog import EDGE, LEAST_WIDTH, PADDING
from insomnia_desktop.ui.dialogs.recovery_key_page import LINK_EDGE, RecoveryKeyPage
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.account_deed import RunningDeed
from insomnia_desktop.ui.viewmodels.sign_in_form import FormProblem
from insomnia_desktop.ui.widgets.progress_line import ProgressLine


class FormDialog(QDialog):
    """Opened with `Scrim.open_dialog`. Escape and Cancel stop the deed that runs; when none runs they close.

    A recovery key that is shown does not go away before the person says that it is kept.
    """

    def __init__(self, deed: RunningDeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.deed = deed
        self._page: FormPage | RecoveryKeyPage | None = None
        self._content = QWidget()
        self.column = QVBoxLayout(self._content)
        self.column.setContentsMargins(px(PADDING) - LINK_EDGE, px(PADDING), px(PADDING), px(PADDING))
        self.column.setSpacing(px(22))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        outer.addWidget(self._content)
        self.progress = ProgressLine(self)
        deed.setParent(self)
        deed.running_changed.connect(self._on_running)
        deed.stepped.connect(self._on_step)

    @property
    def page(self) -> FormPage | RecoveryKeyPage | None:
        """The page that is shown."""
        return self._page

    def put(self, page: FormPage | RecoveryKeyPage, title: str, *, width: int) -> None:
        """Show a page in the place of the one before it, which goes."""
        old, self._page = self._page, page
        if old is not None:
            old.stop()
            old.hide()
            self.column.removeWidget(old)
            old.deleteLater()
        parent = self.parentWidget()
        room = parent.window().width() - px(EDGE) if parent is not None else px(width)
        self._content.setFixedWidth(min(px(width), max(px(LEAST_WIDTH), room)))
        self.column.addWidget(page)
        if isinstance(page, FormPage):
            page.cancelled.connect(self.reject)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        if page.answers_enter:
            page.deed_button.setDefault(True)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        if self.isVisible():
            # Qt would show it a little later, and the caret could not be put into it now.
            page.show()
            page.focus_first()

    @Slot(object)
    def show_problem(self, problem: FormProblem) -> None:
        """Show what went wrong, at its field."""
        if isinstance(self._page, FormPage):
            self._page.show_problem(problem)

    def before_close(self) -> None:
        """End what the dialog began and nobody needs any more."""

    def waits_for_box(self, page: RecoveryKeyPage) -> bool:
        """Say whether the person has yet to say that the key is kept."""
        return not page.kept_box.isChecked()

    def done(self, result: int) -> None:
        """Close; a running deed is stopped instead, and a key that is not kept yet stays."""
        if self.deed.is_running and result == QDialog.DialogCode.Rejected:
            self.deed.cancel()
            return
        if isinstance(self._page, RecoveryKeyPage) and self.waits_for_box(self._page):
            self._page.insist()
            return
        if self._page is not None:
            self._page.stop()
        self.before_close()
        super().done(result)

    def showEvent(self, event: QShowEvent) -> None:
        """Put the caret where it is wanted."""
        super().showEvent(event)
        if self._page is not None:
            self._page.focus_first()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        QPainter(self).fillRect(event.rect(), theme().color("window"))

    @Slot(bool)
    def _on_running(self, running: bool) -> None:
        if running:
            self.progress.start()
        else:
            self.progress.stop()
        if isinstance(self._page, FormPage):
            self._page.set_running(running)

    @Slot(str)
    def _on_step(self, words: str) -> None:
        if isinstance(self._page, FormPage):
            self._page.show_step(words)
