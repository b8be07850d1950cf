"""State of the sign-in dialog: what is typed goes to the account service, and what came of it is told."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Signal

from insomnia_desktop.base.errors import AppError, KnownError
from insomnia_desktop.services.error_text import one_line, sentence
from insomnia_desktop.services.recovery_keys import whole_address
from insomnia_desktop.ui.viewmodels.account_deed import RunningDeed
from insomnia_desktop.ui.viewmodels.account_words import PASSWORD_AGAIN, field_of
from insomnia_desktop.ui.viewmodels.session import UiSession

if TYPE_CHECKING:
    from insomnia_desktop.services.account_views import AccountStatus, Created, ServerPlace, Strength


class FormProblem(msgspec.Struct, frozen=True):
    """What went wrong, in one sentence, and the field to be marked ("" for none)."""

    field: str = ""
    text: str = ""
    code: str = ""


class KeyToKeep(msgspec.Struct, frozen=True):
    """A recovery key that is shown once; not `confirmed` where the server's answer to its use was lost."""

    key: str
    email: str = ""
    server: str = ""
    confirmed: bool = True


class SignInForm(QObject):
    """Signs in, creates an account, unlocks, and recovers; one at a time, never on the GUI thread.

    Passwords pass through and are not kept.

    Signals:
        problem_changed(FormProblem): what went wrong, or nothing any more.
        signed_in(): the account is open on this computer.
        key_made(KeyToKeep): a recovery key to be shown, once.
        strength_changed(strength): of the password that was measured last, or None.
    """

    problem_changed = Signal(object)
    signed_in = Signal()
    key_made = Signal(object)
    strength_changed = Signal(object)

    def __init__(self, session: UiSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._accounts = session.services.accounts
        self.deed = RunningDeed(session, self)
        self._measured = 0
        self._new_key: KeyToKeep | None = None

    def sign_in(self, *, server: str, email: str, password: str) -> None:
        """Sign in to an account."""
        self._clear_problem()
        self.deed.start(
            lambda told: self._accounts.sign_in(server=server, email=email, password=password, on_progress=told),
            self._on_signed_in,
            self._on_failed,
        )

    def create(self, *, place: ServerPlace, email: str, name: str, password: str, again: str) -> None:
        """Create an account and sign in to it; `key_made` tells its recovery key."""
        self._clear_problem()
        if not self._are_same(password, again):
            return
        self.deed.start(
            lambda told: self._accounts.create(
                place=place, email=email, name=name, password=password, on_progress=told
            ),
            self._on_created,
            self._on_failed,
        )

    def unlock(self, *, password: str) -> None:
        """Open the keys of the account that is known here."""
        self._clear_problem()
        self.deed.start(
            lambda told: self._accounts.unlock(password=password, on_progress=told),
            self._on_signed_in,
            lambda error: self.problem_changed.emit(password_problem(error)),
        )

    def recover(self, *, server: str, email: str, recovery_key: str, password: str, again: str) -> None:
        """Set a new password with the recovery key, which is used up; `key_made` tells the next one."""
        self._clear_problem()
        if not self._are_same(password, again):
            return
        self._new_key = None
        keep = partial(KeyToKeep, email=email, server=whole_address(server))
        self.deed.start(
            lambda told: self._accounts.recover(
                server=server,
                email=email,
                recovery_key=recovery_key,
                new_password=password,
                before_sending=lambda key: self._session.bridge.post(
                    partial(self._note_new_key, keep(key, confirmed=False))
                ),
                on_progress=told,
            ),
            lambda key: self.key_made.emit(keep(key)),
            self._on_recovery_failed,
        )

    def work_offline(self) -> None:
        """Go on without the account until the next start."""
        self._accounts.work_offline()

    def cancel(self) -> None:
        """Stop what is running."""
        self.deed.cancel()

    def measure(self, password: str, inputs: Sequence[str]) -> None:
        """Ask how strong a password is; `strength_changed` answers, for the newest question only."""
        self._measured += 1
        if not password:
            self.strength_changed.emit(None)
            return
        number = self._measured
        self._session.bridge.watch(
            self._accounts.strength(password, inputs), lambda found: self._on_strength(number, found), owner=self
        )

    def clear_problem(self) -> None:
        """Forget what went wrong: something else is being typed."""
        self._clear_problem()

    def _are_same(self, password: str, again: str) -> bool:
        if password == again:
            return True
        self.problem_changed.emit(FormProblem(PASSWORD_AGAIN, self.tr("The two passwords differ.")))
        return False

    def _clear_problem(self) -> None:
        self.problem_changed.emit(FormProblem())

    def _on_signed_in(self, status: AccountStatus) -> None:
        self.signed_in.emit()

    def _on_created(self, made: Created) -> None:
        self.key_made.emit(KeyToKeep(made.recovery_key, made.status.email, made.status.server))

    def _on_strength(self, number: int, found: Strength) -> None:
        if number == self._measured:
            self.strength_changed.emit(found)

    def _note_new_key(self, key: KeyToKeep) -> None:
        if shiboken6.isValid(self):
            self._new_key = key

    def _on_failed(self, error: AppError) -> None:
        self.problem_changed.emit(problem_of(error))

    def _on_recovery_failed(self, error: AppError) -> None:
        # The server may have taken the new key although its answer was lost: the person must not lose it.
        lost = error.code in ("account.server_unreachable", "account.server_failed", "account.not_a_sync_server")
        if self._new_key is not None and lost:
            self.key_made.emit(self._new_key)
        else:
            self._on_failed(error)


def problem_of(error: AppError) -> FormProblem:
    """Return an error in one sentence, with the field it belongs to.

    What cannot be helped in the dialog says where to go.
    """
    field = field_of(error.code) if isinstance(error, KnownError) else ""
    text = one_line(error) if error.code == "account.signed_in_already" else sentence(error).text
    return FormProblem(field, text, error.code)


def password_problem(error: AppError) -> FormProblem:
    """Return an error where the password alone was asked for: then it is what is wrong, not the e-mail."""
    problem = problem_of(error)
    if problem.code != "account.wrong_credentials":
        return problem
    words = QCoreApplication.translate("SignInForm", "The password is wrong.")
    return FormProblem(problem.field, words, problem.code)
