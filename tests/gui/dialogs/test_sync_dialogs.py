"""Questions of sync: dialogs.sync_dialogs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.dialogs.sync_dialogs import StopSyncingDialog, SyncWorkspaceDialog
from tests.support.fake_accounts import SERVER
from tests.support.spoken import nameless_controls
from tests.support.sync_stage import button


def shown(dialog: QDialog, qtbot: QtBot) -> None:
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)


def test_what_is_sent_where_is_said_before(qapp: QApplication, qtbot: QtBot) -> None:
    dialog = SyncWorkspaceDialog("Shop API", SERVER)
    shown(dialog, qtbot)
    assert dialog.windowTitle() == "Sync “Shop API”?"
    assert nameless_controls(dialog) == set()
    assert dialog.height() < 260
    with qtbot.waitSignals([dialog.sync_chosen, dialog.accepted]):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


@pytest.mark.parametrize("name", ["Orders of the northern warehouse, and every line ever cancelled", "", "100 %s"])
def test_a_name_gives_way_to_the_words_of_the_question(qapp: QApplication, qtbot: QtBot, name: str) -> None:
    dialog = StopSyncingDialog(name)
    shown(dialog, qtbot)
    question = f"Keep “{name}” only on this device?"
    assert dialog.windowTitle() == dialog.accessibleName() == dialog.heading.accessibleName() == question
    heading = " ".join(dialog.heading.text().split("\n"))
    assert len(dialog.heading.text().split("\n")) <= 2
    assert heading.startswith(f"Keep “{name[:6]}")
    assert heading.endswith("” only on this device?")
    assert dialog.heading.sizeHint().width() <= dialog.heading.width()


def test_the_question_takes_two_lines_before_the_name_is_cut(qapp: QApplication, qtbot: QtBot) -> None:
    dialog = StopSyncingDialog("My workspace of orders")
    shown(dialog, qtbot)
    first, second = dialog.heading.text().split("\n")
    assert f"{first} {second}" == "Keep “My workspace of orders” only on this device?"
    assert dialog.heading.height() >= 2 * dialog.heading.fontMetrics().height()
    assert dialog.heading.toolTip() == ""


def test_a_name_of_one_long_word_is_cut_with_its_whole_in_the_tip(qapp: QApplication, qtbot: QtBot) -> None:
    name = "warehouse" * 20
    dialog = StopSyncingDialog(name)
    shown(dialog, qtbot)
    dialog.grab()
    assert "…” only" in " ".join(dialog.heading.text().split("\n"))
    assert dialog.heading.toolTip() == name
    assert dialog.heading.sizeHint().width() <= dialog.heading.width()


def test_escape_syncs_nothing(qapp: QApplication, qtbot: QtBot) -> None:
    dialog = SyncWorkspaceDialog("Shop API", SERVER)
    shown(dialog, qtbot)
    with qtbot.assertNotEmitted(dialog.sync_chosen), qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


@pytest.mark.parametrize("remove", [False, True])
def test_the_servers_copy_stays_or_goes(qapp: QApplication, qtbot: QtBot, remove: bool) -> None:
    dialog = StopSyncingDialog("Shop API")
    shown(dialog, qtbot)
    assert dialog.keep.isChecked()
    assert nameless_controls(dialog) == set()
    if remove:
        qtbot.keyClick(dialog.keep, Qt.Key.Key_Down)
        assert dialog.remove.isChecked()
    with qtbot.waitSignal(dialog.stop_chosen) as told:
        button(dialog, "removeFromServerButton" if remove else "stopSyncingButton").click()
    assert told.args == [remove]


def test_thinking_better_of_it(qapp: QApplication, qtbot: QtBot) -> None:
    dialog = StopSyncingDialog("Shop API")
    shown(dialog, qtbot)
    with qtbot.assertNotEmitted(dialog.stop_chosen), qtbot.waitSignal(dialog.rejected):
        button(dialog, "cancelButton").click()
