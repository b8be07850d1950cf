"""insomnia_desktop.ui.viewmodels.account_view_model, account_deed, account_words and sign_in_form; also what they are
told, services.account_views.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.errors import Bug, KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.protocol import limits
from insomnia_desktop.services.account_views import AccountDeed, AccountState, AccountStatus, Strength
from insomnia_desktop.ui.viewmodels import account_words
from insomnia_desktop.ui.viewmodels.account_deed import RunningDeed
from insomnia_desktop.ui.viewmodels.account_view_model import SIGN_IN, UNLOCK, AccountViewModel, footer_of
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sign_in_form import SignInForm, problem_of
from tests.support.clock import FixedClock
from tests.support.fake_accounts import DEVICES, EMAIL, FOR_OTHERS, SIGNED_IN, FakeAccounts, FakeHosting
from tests.support.ui_session import open_session


@pytest.fixture
def accounts() -> FakeAccounts:
    return FakeAccounts(SIGNED_IN)


@pytest.fixture
def hosting() -> FakeHosting:
    return FakeHosting()


@pytest.fixture
def session(
    qapp: QApplication, data_folder: DataFolder, clock: FixedClock, accounts: FakeAccounts, hosting: FakeHosting
) -> Iterator[UiSession]:
    with open_session(data_folder, clock, accounts=accounts, hosting=hosting) as opened:
        yield opened


@pytest.fixture
def account(session: UiSession) -> Iterator[AccountViewModel]:
    made = AccountViewModel(session)
    yield made
    made.close()


def drain(session: UiSession, qtbot: QtBot) -> None:
    """Wait until what was posted before has been delivered."""
    seen: list[bool] = []
    session.bridge.post(lambda: seen.append(True))
    qtbot.waitUntil(lambda: bool(seen))


@pytest.mark.parametrize(
    ("state", "words", "deed", "token"),
    [
        (AccountState.SIGNED_OUT, "On this device", SIGN_IN, "faint"),
        (AccountState.SIGNED_IN, "Local only", "", "faint"),
        (AccountState.SIGNED_OUT_ELSEWHERE, "Signed out elsewhere", SIGN_IN, "dot_danger"),
        (AccountState.LOCKED, "Locked", UNLOCK, "dot_warning"),
        (AccountState.WORK_OFFLINE, "Offline", UNLOCK, "faint"),
    ],
)
def test_the_footer_of_every_state(state: AccountState, words: str, deed: str, token: str) -> None:
    footer = footer_of(AccountStatus(state, EMAIL))
    assert (footer.words, footer.deed, footer.token) == (words, deed, token)
    assert footer.tip
    assert bool(footer.deed_words) is bool(deed)
    assert footer.may_create is (state == AccountState.SIGNED_OUT)


def test_a_session_that_ended_is_told_with_all_that_it_may_be() -> None:
    tip = footer_of(AccountStatus(AccountState.SIGNED_OUT_ELSEWHERE, EMAIL)).tip
    idle, in_all = limits.SESSION_IDLE // 86_400, limits.SESSION_ABSOLUTE // 86_400
    for cause in ("another device", "password", "deleted", f"{idle} days without use, {in_all} days in all"):
        assert cause in tip
    assert tip.endswith("Sign in again; everything here is kept.")


def test_a_status_told_by_a_worker_reaches_the_window(
    account: AccountViewModel, accounts: FakeAccounts, qtbot: QtBot
) -> None:
    assert account.is_open
    with qtbot.waitSignal(account.status_changed):
        accounts.become(msgspec.structs.replace(SIGNED_IN, state=AccountState.SIGNED_OUT_ELSEWHERE))
    assert account.footer.words == "Signed out elsewhere"
    assert not account.is_open


def test_closing_ends_the_listening(account: AccountViewModel, accounts: FakeAccounts, session: UiSession) -> None:
    another = AccountViewModel(session)
    assert accounts.listeners() == 2
    another.close()
    assert accounts.listeners() == 1


def test_devices_are_told_and_one_is_revoked(account: AccountViewModel, accounts: FakeAccounts, qtbot: QtBot) -> None:
    assert account.devices is None
    with qtbot.waitSignal(account.devices_changed):
        account.load_devices()
    assert account.devices == DEVICES
    account.revoke("d2")
    assert accounts.last.given == {"device_id": "d2"}
    with qtbot.waitSignal(account.devices_changed):
        accounts.last.succeed(DEVICES[:1])
    assert account.devices == DEVICES[:1]


def test_a_device_is_revoked_after_the_list_that_is_on_its_way(
    account: AccountViewModel, accounts: FakeAccounts, qtbot: QtBot
) -> None:
    accounts.known_devices = ()
    account.load_devices()
    account.revoke("d2")
    account.revoke("d3")
    with qtbot.waitSignal(account.devices_changed):
        accounts.last.succeed(DEVICES)
    assert (accounts.last.name, accounts.last.given) == ("revoke", {"device_id": "d2"})
    with qtbot.waitSignal(account.devices_changed):
        accounts.last.fail("account.server_unreachable")
    assert (accounts.last.name, accounts.last.given) == ("revoke", {"device_id": "d3"})
    accounts.last.succeed(DEVICES[:1])
    qtbot.waitUntil(lambda: account.devices == DEVICES[:1])


def test_the_devices_of_one_account_are_not_shown_for_another(
    account: AccountViewModel, accounts: FakeAccounts, qtbot: QtBot
) -> None:
    account.load_devices()
    qtbot.waitUntil(lambda: account.devices == DEVICES)
    with qtbot.waitSignal(account.status_changed):
        accounts.become(msgspec.structs.replace(SIGNED_IN, account_id="another"))
    assert account.devices is None


def test_devices_that_cannot_be_told_say_why_until_the_next_try(
    account: AccountViewModel, accounts: FakeAccounts, qtbot: QtBot
) -> None:
    accounts.known_devices = ()
    account.load_devices()
    with qtbot.waitSignal(account.devices_changed):
        accounts.last.fail("account.server_unreachable")
    assert account.devices is None
    assert account.devices_problem
    accounts.known_devices = DEVICES
    with qtbot.waitSignal(account.devices_changed):
        account.load_devices()
    assert account.devices_problem == ""


def test_other_devices_are_let_in_and_shut_out(account: AccountViewModel, hosting: FakeHosting, qtbot: QtBot) -> None:
    with qtbot.waitSignal(account.hosting_changed):
        account.let_others_in(True)
    assert account.hosting.address_for_others == FOR_OTHERS
    with qtbot.waitSignal(account.hosting_changed):
        account.let_others_in(False)
    assert account.hosting.address_for_others == ""
    with qtbot.waitSignal(account.hosting_changed):
        account.stop_hosting()
    assert hosting.calls == ["start True", "start False", "stop"]


def test_the_newest_wish_wins_while_the_server_starts(
    account: AccountViewModel, hosting: FakeHosting, qtbot: QtBot
) -> None:
    account.let_others_in(True)
    account.let_others_in(False)
    qtbot.waitUntil(lambda: hosting.calls == ["start True", "start False"])
    qtbot.waitUntil(lambda: not account.hosting_deed.is_running)


def test_a_server_that_does_not_start_says_why(account: AccountViewModel, hosting: FakeHosting, qtbot: QtBot) -> None:
    hosting.problem = KnownError("account.port_taken", port=8443)
    with qtbot.waitSignal(account.hosting_changed):
        account.let_others_in(True)
    assert account.hosting_problem


def test_the_problem_that_hosting_tells_by_itself_is_shown(account: AccountViewModel, hosting: FakeHosting) -> None:
    assert account.hosting_problem == ""
    hosting.current = msgspec.structs.replace(hosting.current, problem=KnownError("account.port_taken", port=8443))
    assert account.hosting_problem


def test_the_address_goes_into_a_file(account: AccountViewModel, hosting: FakeHosting, tmp_path: Path) -> None:
    assert account.save_address(tmp_path / "address.txt") == ""
    assert hosting.shared == [tmp_path / "address.txt"]
    hosting.problem = KnownError("account.server_failed")
    assert account.save_address(tmp_path / "address.txt")


def test_one_deed_at_a_time(session: UiSession, accounts: FakeAccounts, qtbot: QtBot) -> None:
    deed = RunningDeed(session)
    results: list[object] = []
    deed.start(lambda told: accounts.unlock(password="p", on_progress=told), results.append, results.append)
    deed.start(lambda told: accounts.unlock(password="q", on_progress=told), results.append, results.append)
    assert [asked.given for asked in accounts.asked] == [{"password": "p"}]
    steps: list[str] = []
    deed.stepped.connect(steps.append)
    accounts.last.step("deriving")
    accounts.last.succeed(SIGNED_IN)
    qtbot.waitUntil(lambda: results == [SIGNED_IN])
    assert steps == ["Making keys from your password…"]
    accounts.asked[0].step("storing")
    drain(session, qtbot)
    assert len(steps) == 1


def test_a_cancelled_deed_says_so(session: UiSession, accounts: FakeAccounts, qtbot: QtBot) -> None:
    deed = RunningDeed(session)
    ends: list[str] = []
    deed.start(
        lambda told: accounts.unlock(password="p", on_progress=told),
        lambda _: ends.append("done"),
        lambda _: ends.append("failed"),
        cancelled=lambda: ends.append("cancelled"),
    )
    deed.cancel()
    qtbot.waitUntil(lambda: ends == ["cancelled"])
    assert not deed.is_running
    deed.cancel()


def test_a_deed_that_is_refused_at_once_fails(session: UiSession) -> None:
    def refuse(_: object) -> AccountDeed[None]:
        raise KnownError("account.not_signed_in")

    deed = RunningDeed(session)
    failures: list[str] = []
    deed.start(refuse, lambda _: None, lambda error: failures.append(error.code))
    assert failures == ["account.not_signed_in"]
    assert not deed.is_running


def test_nothing_is_told_to_what_is_gone(session: UiSession, accounts: FakeAccounts, qtbot: QtBot) -> None:
    deed = RunningDeed(session)
    ends: list[object] = []
    deed.start(lambda told: accounts.unlock(password="p", on_progress=told), ends.append, ends.append)
    deed.deleteLater()
    drain(session, qtbot)
    accounts.last.step("deriving")
    accounts.last.succeed(SIGNED_IN)
    drain(session, qtbot)
    assert ends == []


def test_a_bug_is_raised_on_the_gui_thread(session: UiSession, accounts: FakeAccounts, qtbot: QtBot) -> None:
    deed = RunningDeed(session)
    deed.start(lambda told: accounts.unlock(password="p", on_progress=told), lambda _: None, lambda _: None)
    with qtbot.captureExceptions() as caught:
        accounts.last.future.set_exception(ValueError("a bug"))
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ValueError


def test_the_strength_of_the_newest_password_is_told(session: UiSession, accounts: FakeAccounts, qtbot: QtBot) -> None:
    form = SignInForm(session)
    scores: list[object] = []
    form.strength_changed.connect(scores.append)
    form.measure("one", [])
    form.measure("two", [EMAIL])
    qtbot.waitUntil(lambda: scores == [Strength(3, least=10)])
    form.measure("", [])
    assert scores == [Strength(3, least=10), None]
    assert accounts.measured == [("one", []), ("two", [EMAIL])]


def test_a_bug_has_no_field() -> None:
    problem = problem_of(Bug("account.wrong_credentials"))
    assert problem.field == ""
    assert problem.text


def test_every_step_has_words_of_its_own() -> None:
    steps = ("starting_server", "connecting", "deriving", "making_keys", "checking", "proving", "storing")
    words = [account_words.step_words(step) for step in steps]
    assert len(set(words)) == len(steps)
    assert account_words.step_words("something new") == "Working…"
