"""The dialog that signs in, creates an account, unlocks one, and recovers one: one page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from insomnia_desktop.services.account_views import AccountState
from insomnia_desktop.ui.dialogs.create_account_page import NAME, CreateAccountPage
from insomnia_desktop.ui.dialogs.form_dialog import FormDialog
from insomnia_desktop.ui.dialogs.form_page import FormPage
from insomnia_desktop.ui.dialogs.recovery_key_page import LINK_EDGE, RecoveryKeyPage
from insomnia_desktop.ui.dialogs.sign_in_pages import RecoverPage, SignInPage, UnlockPage, inputs_of
from insomnia_desktop.ui.viewmodels import account_words as names
from insomnia_desktop.ui.viewmodels.sign_in_form import KeyToKeep, SignInForm
from insomnia_desktop.ui.widgets.segments import SegmentedControl

if TYPE_CHECKING:
    from insomnia_desktop.services.account_views import Strength
    from insomnia_desktop.ui.viewmodels.account_view_model import AccountViewModel
    from insomnia_desktop.ui.viewmodels.session import UiSession

SIGN_IN: Final = "sign_in"
CREATE: Final = "create"
UNLOCK: Final = "unlock"
RECOVER: Final = "recover"
_HALVES = (SIGN_IN, CREATE)
_WIDTHS = {SIGN_IN: 480, UNLOCK: 480, CREATE: 560, RECOVER: 560}


class SignInDialog(FormDialog):
    """Opened with `Scrim.open_dialog` at a page: `sign_in`, `create`, `unlock` or `recover`.

    What was typed on one page is there on the next.

    Signals:
        signed_in(): the account is open on this computer.
    """

    signed_in = Signal()

    def __init__(
        self, session: UiSession, account: AccountViewModel, parent: QWidget | None = None, *, page: str = SIGN_IN
    ) -> None:
        form = SignInForm(session)
        super().__init__(form.deed, parent)
        form.setParent(self)
        self.setObjectName("signInDialog")
        self._clock = session.clock
        self._account = account
        self._typed = {names.SERVER: account.status.server, names.EMAIL: account.status.email}
        self._host_wanted = False
        self._recovered = False
        self.form = form
        self.switch = SegmentedControl(height=32)
        self.switch.setObjectName("signInSwitch")
        self.switch.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.switch.set_segments([(SIGN_IN, self.tr("Sign in")), (CREATE, self.tr("Create account"))])
        row = QHBoxLayout()
        row.setContentsMargins(LINK_EDGE, 0, 0, 0)
        row.addWidget(self.switch)
        self.column.addLayout(row)
        self.switch.current_changed.connect(self.show_page)
        form.problem_changed.connect(self.show_problem)
        form.signed_in.connect(self._on_signed_in)
        form.key_made.connect(self._show_key)
        form.strength_changed.connect(self._on_strength)
        form.deed.running_changed.connect(self.switch.setDisabled)
        account.hosting_changed.connect(self._on_hosting)
        self.show_page(page)

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Show a page, with what was typed on the others."""
        if isinstance(self.page, FormPage):
            self._typed |= self.page.typed()
        page = self._made(name)
        page.fill(self._typed)
        page.submitted.connect(self._submit)
        page.edited.connect(self.form.clear_problem)
        self.switch.setVisible(name in _HALVES)
        if name in _HALVES:
            self.switch.set_current(name)
        self.put(page, self._titles()[name], width=_WIDTHS[name])

    def before_close(self) -> None:
        """Stop the server that was started to show its address, if no account was made on it."""
        self._typed.clear()
        if self._host_wanted and not self._account.status.hosted_here:
            self._account.stop_hosting()

    def _made(self, name: str) -> FormPage:
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
            unlock = UnlockPage(self._clock, email=self._account.status.email, server=self._account.server)
            unlock.offline_wanted.connect(self._work_offline)
            unlock.recover_wanted.connect(lambda: self.show_page(RECOVER))
            return unlock
        is_over = self._account.status.state == AccountState.SIGNED_OUT_ELSEWHERE
        sign_in = SignInPage(self._clock, ended=names.signed_out_words() if is_over else "")
        sign_in.recover_wanted.connect(lambda: self.show_page(RECOVER))
        return sign_in

    def _titles(self) -> dict[str, str]:
        return {
            SIGN_IN: self.tr("Sign in"),
            CREATE: self.tr("Create account"),
            UNLOCK: self.tr("Unlock your account"),
            RECOVER: self.tr("Use your recovery key"),
        }

    @Slot()
    def _submit(self) -> None:
        page = self.page
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
        self._recovered = isinstance(self.page, RecoverPage)
        if isinstance(self.page, FormPage):
            self._typed |= self.page.typed()
        page = RecoveryKeyPage(key, self._clock)
        page.done.connect(self._on_key_kept)
        self.switch.hide()
        self.put(page, self.tr("Keep your recovery key"), width=_WIDTHS[CREATE])

    @Slot()
    def _on_key_kept(self) -> None:
        if not self._recovered:
            self._account.unkept_key.note_kept()
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
    def _on_strength(self, strength: Strength | None) -> None:
        if isinstance(self.page, CreateAccountPage | RecoverPage):
            self.page.pair.set_strength(strength)

    @Slot(str)
    def _measure(self, password: str) -> None:
        self.form.measure(password, inputs_of(self.page) if self.page is not None else [])

    @Slot(bool)
    def _let_others_in(self, wanted: bool) -> None:
        self._host_wanted = True
        if wanted or self._account.status.hosted_here:
            self._account.let_others_in(wanted)
        else:
            self._account.stop_hosting()

    @Slot()
    def _on_hosting(self) -> None:
        if isinstance(self.page, CreateAccountPage):
            self.page.show_hosting(self._account.hosting.address_for_others, self._account.hosting_problem)

    @Slot()
    def _work_offline(self) -> None:
        self.form.work_offline()
        self.reject()
