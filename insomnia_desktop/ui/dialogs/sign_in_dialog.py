"""The dialog that signs in, creates an account, unlocks one, and recovers one: one page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from insomnia_desktop.ui.dialogs.create_account_page import NAME, CreateAccountPage
from insomnia_desktop.ui.dialogs.form_page import FormPage
from insomnia_desktop.ui.dialogs.plain_dialog import EDGE, LEAST_WIDTH, PADDING
from insomnia_desktop.ui.dialogs.recovery_key_page import RecoveryKeyPage
from insomnia_desktop.ui.dialogs.sign_in_pages import RecoverPage, SignInPage, UnlockPage, inputs_of
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels import account_words as names
from insomnia_desktop.ui.viewmodels.sign_in_form import KeyToKeep, SignInForm
from insomnia_desktop.ui.widgets.progress_line import ProgressLine
from insomnia_desktop.ui.widgets.segments import SegmentedControl

if TYPE_CHECKING:
    from insomnia_desktop.ui.viewmodels.account_view_model import AccountViewModel
    from insomnia_desktop.ui.viewmodels.session import UiSession

SIGN_IN: Final = "sign_in"
CREATE: Final = "create"
UNLOCK: Final = "unlock"
RECOVER: Final = "recover"
_HALVES = (SIGN_IN, CREATE)
_WIDTHS = {SIGN_IN: 480, UNLOCK: 480, CREATE: 560, RECOVER: 560}
_KEY_WIDTH = 560


class SignInDialog(QDialog):
    """Opened with `Scrim.open_dialog` at a page: `sign_in`, `create`, `unlock` or `recover`.

    What was typed on one page is there on the next. Escape and Cancel stop what runs; when nothing runs they close.
    A recovery key that is shown does not go away before the person says that it is kept.

    Signals:
        signed_in(): the account is open on this computer.
    """

    signed_in = Signal()

    def __init__(
        self, session: UiSession, account: AccountViewModel, parent: QWidget | None = None, *, page: str = SIGN_IN
    ) -> None:
        super().__init__(parent)
        self.setObjectName("signInDialog")
        self._clock = session.clock
        self._account = account
        self._typed = {names.SERVER: account.status.server, names.EMAIL: account.status.email}
        self._page: FormPage | RecoveryKeyPage | None = None
        self._host_wanted = False
        self._recovered = False
        self.form = SignInForm(session, self)
        self.switch = SegmentedControl(height=32)
        self.switch.setObjectName("signInSwitch")
        self.switch.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.switch.set_segments([(SIGN_IN, self.tr("Sign in")), (CREATE, self.tr("Create account"))])
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(px(PADDING), px(PADDING), px(PADDING), px(PADDING))
        self._column.setSpacing(px(22))
        self._column.addWidget(self.switch)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        outer.addWidget(self._content)
        self.progress = ProgressLine(self)
        self.switch.current_changed.connect(self.show_page)
        self.form.problem_changed.connect(self._on_problem)
        self.form.signed_in.connect(self._on_signed_in)
        self.form.key_made.connect(self._show_key)
        self.form.strength_changed.connect(self._on_strength)
        self.form.deed.running_changed.connect(self._on_running)
        self.form.deed.stepped.connect(self._on_step)
        account.hosting_changed.connect(self._on_hosting)
        self.show_page(page)

    @property
    def page(self) -> QWidget | None:
        """The page that is shown."""
        return self._page

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Show a page, with what was typed on the others."""
        if isinstance(self._page, FormPage):
            self._typed |= {key: text for key, text in self._page.typed().items() if text}
        page = self._made(name)
        page.fill(self._typed)
        page.submitted.connect(self._submit)
        page.cancelled.connect(self.reject)
        page.edited.connect(self.form.clear_problem)
        self.switch.setVisible(name in _HALVES)
        if name in _HALVES:
            self.switch.set_current(name)
        self._put(page, _WIDTHS[name])
        if self.isVisible():
            page.focus_first()

    def done(self, result: int) -> None:
        """Close; a running deed is stopped instead, and a key that is not kept yet stays."""
        if self.form.deed.is_running and result == QDialog.DialogCode.Rejected:
            self.form.cancel()
            return
        if isinstance(self._page, RecoveryKeyPage) and not self._page.kept_box.isChecked():
            self._page.insist()
            return
        if isinstance(self._page, FormPage):
            self._page.stop()
        self._stop_needless_server()
        super().done(result)

    def showEvent(self, event: QShowEvent) -> None:
        """Put the caret where it is wanted."""
        super().showEvent(event)
        if isinstance(self._page, FormPage):
            self._page.focus_first()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        QPainter(self).fillRect(event.rect(), theme().color("window"))

    def _made(self, name: str) -> FormPage:
        status = self._account.status
        if name == CREATE:
            create = CreateAccountPage(self._clock)
            create.measure_wanted.connect(self._measure)
            create.others_wanted.connect(self._let_others_in)
            return create
        if name == RECOVER:
            recover = RecoverPage(self._clock)
            recover.measure_wanted.connect(self._measure)
            recover.back_wanted.connect(lambda: self.show_page(SIGN_IN))
            return recover
        if name == UNLOCK:
            unlock = UnlockPage(self._clock, email=status.email, server=status.server)
            unlock.offline_wanted.connect(self._work_offline)
            return unlock
        sign_in = SignInPage(self._clock)
        sign_in.recover_wanted.connect(lambda: self.show_page(RECOVER))
        return sign_in

    def _put(self, page: FormPage | RecoveryKeyPage, width: int) -> None:
        old, self._page = self._page, page
        if old is not None:
            if isinstance(old, FormPage):
                old.stop()
            old.hide()
            self._column.removeWidget(old)
            old.setParent(None)
            old.deleteLater()
        parent = self.parentWidget()
        room = parent.window().width() - px(EDGE) if parent is not None else px(width)
        self._content.setFixedWidth(min(px(width), max(px(LEAST_WIDTH), room)))
        self._column.addWidget(page)
        for button in page.findChildren(QPushButton):
            button.setAutoDefault(False)
        deed = page.deed_button if isinstance(page, FormPage) else page.done_button
        deed.setDefault(True)
        self.setWindowTitle(self._title())
        self.setAccessibleName(self._title())

    def _title(self) -> str:
        if isinstance(self._page, CreateAccountPage):
            return self.tr("Create account")
        if isinstance(self._page, UnlockPage):
            return self.tr("Unlock your account")
        if isinstance(self._page, RecoverPage):
            return self.tr("Use your recovery key")
        if isinstance(self._page, RecoveryKeyPage):
            return self.tr("Keep your recovery key")
        return self.tr("Sign in")

    @Slot()
    def _submit(self) -> None:
        page = self._page
        if isinstance(page, CreateAccountPage):
            typed = page.typed()
            self.form.create(
                place=page.place(),
                email=typed[names.EMAIL],
                name=typed[NAME],
                password=typed[names.PASSWORD],
                again=typed[names.PASSWORD_AGAIN],
            )
        elif isinstance(page, RecoverPage):
            typed = page.typed()
            self.form.recover(
                server=typed[names.SERVER],
                email=typed[names.EMAIL],
                recovery_key=typed[names.RECOVERY_KEY],
                password=typed[names.PASSWORD],
                again=typed[names.PASSWORD_AGAIN],
            )
        elif isinstance(page, UnlockPage):
            self.form.unlock(password=page.password.text())
        elif isinstance(page, SignInPage):
            typed = page.typed()
            self.form.sign_in(server=typed[names.SERVER], email=typed[names.EMAIL], password=typed[names.PASSWORD])

    @Slot(object)
    def _show_key(self, key: KeyToKeep) -> None:
        self._recovered = isinstance(self._page, RecoverPage)
        if isinstance(self._page, FormPage):
            self._typed |= self._page.typed()
        page = RecoveryKeyPage(key, self._clock)
        page.done.connect(self._on_key_kept)
        self.switch.hide()
        self._put(page, _KEY_WIDTH)
        page.view.setFocus()

    @Slot()
    def _on_key_kept(self) -> None:
        if not self._recovered:
            self._on_signed_in()
            return
        # Recovering signs nobody in: the new password, which is still known here, does.
        self.show_page(SIGN_IN)
        self._submit()

    @Slot()
    def _on_signed_in(self) -> None:
        self.signed_in.emit()
        self.accept()

    @Slot(object)
    def _on_problem(self, problem: object) -> None:
        if isinstance(self._page, FormPage):
            self._page.show_problem(problem)

    @Slot(object)
    def _on_strength(self, score: int | None) -> None:
        if isinstance(self._page, CreateAccountPage | RecoverPage):
            self._page.pair.set_score(score)

    @Slot(bool)
    def _on_running(self, running: bool) -> None:
        self.switch.setEnabled(not running)
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

    @Slot(str)
    def _measure(self, password: str) -> None:
        self.form.measure(password, inputs_of(self._page) if self._page is not None else [])

    @Slot(bool)
    def _let_others_in(self, wanted: bool) -> None:
        self._host_wanted = True
        self._account.let_others_in(wanted)

    @Slot()
    def _on_hosting(self) -> None:
        if isinstance(self._page, CreateAccountPage):
            self._page.show_hosting(self._account.hosting.address_for_others, self._account.hosting_problem)

    @Slot()
    def _work_offline(self) -> None:
        self.form.work_offline()
        self.reject()

    def _stop_needless_server(self) -> None:
        # It was started to show its address, and then no account was made on it.
        if self._host_wanted and not self._account.status.hosted_here:
            self._account.stop_hosting()
