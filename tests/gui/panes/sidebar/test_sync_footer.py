"""The last bar of the sidebar: panes.sidebar.sync_footer."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.services.account_views import AccountState, AccountStatus
from insomnia_desktop.services.sync_views import Progress, SyncState
from insomnia_desktop.ui.panes.sidebar.sync_footer import SyncFooter
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.viewmodels.account_view_model import footer_of
from insomnia_desktop.ui.viewmodels.footer_states import sync_footer
from tests.support import sample_sync as sample
from tests.support.fake_accounts import SIGNED_IN
from tests.support.spoken import nameless_controls, spoken_name

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def footer(qtbot: QtBot, qapp: QApplication) -> SyncFooter:
    """A shown footer, as wide as the sidebar."""
    made = SyncFooter()
    qtbot.addWidget(made)
    made.resize(256, 40)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def show(footer: SyncFooter, state: AccountState) -> None:
    footer.show_footer(footer_of(AccountStatus(state, "ada@lindqvist.example")))


def test_nobody_signed_in_offers_both_ways_in(footer: SyncFooter, qtbot: QtBot) -> None:
    assert footer.status.text() == "On this device"
    assert spoken_name(footer.status) == "Where the data is: On this device"
    assert nameless_controls(footer) == set()
    with qtbot.waitSignal(footer.sign_in_requested):
        qtbot.mouseClick(footer.deed, LEFT)
    qtbot.mouseClick(footer.status, LEFT)
    menu = footer.menu
    assert menu is not None
    assert [action.text() for action in menu.actions()] == ["Create account…", "Sign in…"]
    with qtbot.waitSignal(footer.create_account_requested):
        menu.actions()[0].trigger()
    with qtbot.waitSignal(footer.sign_in_requested):
        menu.actions()[1].trigger()
    menu.close()


def test_somebody_signed_in_has_no_button_and_a_page(footer: SyncFooter, qtbot: QtBot) -> None:
    show(footer, AccountState.SIGNED_IN)
    assert footer.status.text() == "Local only"
    assert not footer.deed.isVisible()
    with qtbot.waitSignal(footer.panel_requested):
        qtbot.keyClick(footer.status, Qt.Key.Key_Space)


def test_it_looks_pressed_while_the_page_is_there(footer: SyncFooter, qtbot: QtBot) -> None:
    show(footer, AccountState.SIGNED_IN)
    footer.set_page_shown(True)
    footer.status.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    assert footer.status.grab().toImage().pixelColor(4, 14).name() == theme().hex("pressed")
    qtbot.mouseClick(footer.status, LEFT)
    assert footer.status.isChecked()
    footer.set_page_shown(False)
    qtbot.mouseClick(footer.status, LEFT)
    assert not footer.status.isChecked()


def test_signed_out_elsewhere_offers_to_sign_in(footer: SyncFooter, qtbot: QtBot) -> None:
    show(footer, AccountState.SIGNED_OUT_ELSEWHERE)
    assert footer.deed.text() == "Sign in"
    for part in (footer.status, footer.deed):
        with qtbot.waitSignal(footer.sign_in_requested):
            qtbot.mouseClick(part, LEFT)
    assert footer.status.width() + footer.deed.width() < 256
    # A tip of plain text is as wide as its longest line.
    assert max(len(line) for line in footer.status.toolTip().splitlines()) <= 72
    assert footer.status.toolTip().split() == footer.status.accessibleDescription().split()


@pytest.mark.parametrize("state", [AccountState.LOCKED, AccountState.WORK_OFFLINE])
def test_locked_keys_are_unlocked_by_both(footer: SyncFooter, qtbot: QtBot, state: AccountState) -> None:
    show(footer, state)
    for part in (footer.status, footer.deed):
        with qtbot.waitSignal(footer.unlock_requested):
            qtbot.mouseClick(part, LEFT)


def test_every_state_fits_into_the_sidebar(footer: SyncFooter) -> None:
    for state in AccountState:
        show(footer, state)
        QApplication.sendPostedEvents()
        assert footer.status.width() >= footer.status.sizeHint().width()


def show_sync(footer: SyncFooter, state: SyncState, *, may_cancel: bool = False) -> None:
    status = msgspec.structs.replace(sample.UP_TO_DATE, state=state)
    if may_cancel:
        status = msgspec.structs.replace(status, backing_up=Progress(12, 40))
    footer.show_footer(sync_footer(SIGNED_IN, status, sample.MADE_MS, may_cancel=may_cancel))


def test_backup_now_becomes_cancel_and_keeps_the_focus(footer: SyncFooter, qtbot: QtBot) -> None:
    show_sync(footer, SyncState.UP_TO_DATE)
    assert footer.backup.objectName() == "backupNowButton"
    assert not footer.deed.isVisible()
    footer.backup.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(footer.backup_requested):
        qtbot.keyClick(footer.backup, Qt.Key.Key_Space)
    show_sync(footer, SyncState.SAVING, may_cancel=True)
    assert (footer.status.text(), footer.backup.text()) == ("Saving 12 of 40", "Cancel")
    assert footer.backup.hasFocus()
    with qtbot.waitSignal(footer.cancel_requested):
        qtbot.keyClick(footer.backup, Qt.Key.Key_Space)


def test_progress_lies_on_the_hairline(footer: SyncFooter) -> None:
    footer.show_progress(True, 0.3)
    assert footer.progress.isVisible()
    assert footer.progress.geometry().top() == 0
    assert footer.progress.fraction() == 0.3
    footer.show_progress(False)
    assert not footer.progress.isVisible()


def test_the_word_opens_the_panel_in_every_state_of_sync(footer: SyncFooter, qtbot: QtBot) -> None:
    for state in (SyncState.UP_TO_DATE, SyncState.SAVING, SyncState.OFFLINE, SyncState.NEEDS_ATTENTION):
        show_sync(footer, state)
        with qtbot.waitSignal(footer.panel_requested):
            qtbot.mouseClick(footer.status, LEFT)
    show_sync(footer, SyncState.LOCAL_ONLY)
    with qtbot.waitSignal(footer.panel_requested):
        qtbot.mouseClick(footer.status, LEFT)
    with qtbot.waitSignal(footer.sync_requested):
        qtbot.mouseClick(footer.deed, LEFT)
    show_sync(footer, SyncState.SIGNED_OUT_ELSEWHERE)
    with qtbot.waitSignal(footer.sign_in_requested):
        qtbot.mouseClick(footer.status, LEFT)


def test_no_word_of_sync_is_cut(footer: SyncFooter) -> None:
    for state in SyncState:
        show_sync(footer, state)
        QApplication.sendPostedEvents()
        assert footer.status.width() >= footer.status.sizeHint().width(), state


def test_where_it_is_tight_the_button_gives_way_before_the_word(footer: SyncFooter) -> None:
    show_sync(footer, SyncState.NEEDS_ATTENTION)
    footer.resize(320, 40)
    QApplication.sendPostedEvents()
    usual = footer.backup.width()
    footer.resize(footer.status.sizeHint().width() + usual + 10, 40)
    QApplication.sendPostedEvents()
    assert footer.backup.width() == usual - 10
    footer.resize(320, 40)
    QApplication.sendPostedEvents()
    assert footer.backup.width() == usual


@pytest.mark.parametrize("width", [200, 232, 256])
def test_in_a_narrow_sidebar_the_button_becomes_an_icon_and_no_word_is_cut(footer: SyncFooter, width: int) -> None:
    footer.resize(width, 40)
    for state in SyncState:
        show_sync(footer, state)
        QApplication.sendPostedEvents()
        assert footer.status.width() >= footer.status.sizeHint().width(), state
        assert nameless_controls(footer) == set()
    show_sync(footer, SyncState.UP_TO_DATE)
    button = footer.backup
    footer.resize(footer.status.width_of("Up to date") + 60, 40)
    assert (footer.status.text(), button.text()) == ("Up to date", "")
    assert (spoken_name(button), button.toolTip()) == ("Backup now", "Backup now (Ctrl+Shift+S)")


def test_where_the_words_have_no_room_there_are_shorter_ones(footer: SyncFooter) -> None:
    status = msgspec.structs.replace(sample.UP_TO_DATE, backing_up=Progress(12_345, 99_999))
    footer.show_footer(sync_footer(SIGNED_IN, status, sample.MADE_MS, may_cancel=True))
    whole, short = "Saving 12,345 of 99,999", "12,345 of 99,999"
    shown = {}
    for width in (footer.status.width_of(whole) + 120, footer.status.width_of(short) + 60):
        footer.resize(width, 40)
        QApplication.sendPostedEvents()
        shown[width] = footer.status.text()
        assert footer.status.width() >= footer.status.sizeHint().width(), width
        assert spoken_name(footer.status) == "Where the data is: Saving 12,345 of 99,999"
        assert spoken_name(footer.backup) == "Cancel"
    assert list(shown.values()) == [whole, short]
    show_sync(footer, SyncState.OFFLINE)
    footer.resize(footer.status.width_of("Offline, 14:02") + 60, 40)
    assert footer.status.text() == "Offline, 14:02"
    footer.resize(320, 40)
    assert footer.status.text() == "Offline, saved 14:02"


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_longest_word_has_room_beside_its_button_in_both_themes(
    footer: SyncFooter, name: str, qtbot: QtBot
) -> None:
    switch().choose(name)
    show(footer, AccountState.SIGNED_OUT_ELSEWHERE)
    wanted = footer.status.sizeHint().width()
    qtbot.waitUntil(lambda: footer.status.width() == min(wanted, footer.deed.x() - 8 - 2 * 2))
