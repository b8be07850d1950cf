"""The preferences by keyboard and mouse; also insomnia_desktop.ui.dialogs.setting_row and
insomnia_desktop.ui.dialogs.setting_table.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.model.settings import SETTINGS
from insomnia_desktop.ui.dialogs.preferences_dialog import PreferencesDialog
from insomnia_desktop.ui.dialogs.setting_row import ChoiceRow, SwitchRow, TypedRow
from insomnia_desktop.ui.dialogs.setting_table import SettingTable
from insomnia_desktop.ui.dialogs.side_row import SideRow
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.widgets.fields import LineField
from insomnia_desktop.ui.widgets.labels import Label
from tests.gui.dialogs.stage import Stage, part, unnamed

CERTIFICATES = "tls.client_certificates"


@pytest.fixture
def dialog(session: UiSession, stage: Stage) -> PreferencesDialog:
    made = PreferencesDialog(session, stage.host)
    stage.open(made)
    return made


def shown(dialog: PreferencesDialog) -> list[str]:
    return [key for key, row in dialog.rows.items() if row.isVisible()]


def typed(dialog: PreferencesDialog, key: str) -> TypedRow:
    row = dialog.rows[key]
    assert isinstance(row, TypedRow)
    return row


def table(dialog: PreferencesDialog) -> SettingTable:
    row = dialog.rows[CERTIFICATES]
    assert isinstance(row, SettingTable)
    return row


def replace_text(qtbot: QtBot, field: LineField, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def test_every_setting_has_a_row_and_one_page_is_shown(dialog: PreferencesDialog) -> None:
    assert list(dialog.rows) == list(SETTINGS)
    assert shown(dialog) == [key for key, setting in SETTINGS.items() if setting.page == "Appearance"]
    assert dialog.filter.hasFocus()


def test_everything_the_keyboard_reaches_has_a_name(dialog: PreferencesDialog) -> None:
    for page in dialog.view_model.pages():
        dialog.show_page(page)
        assert unnamed(dialog) == []


def test_it_opens_at_a_page(session: UiSession, stage: Stage) -> None:
    dialog = PreferencesDialog(session, stage.host, page="Proxy")
    stage.open(dialog)
    assert shown(dialog) == ["proxy.mode", "proxy.address", "proxy.exceptions"]
    assert part(dialog, SideRow, "page:Proxy").isChecked()
    dialog.reject()
    unknown = PreferencesDialog(session, stage.host, page="Nowhere")
    assert "appearance.theme" in [key for key, row in unknown.rows.items() if not row.isHidden()]


def test_arrow_keys_walk_the_pages(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    first = part(dialog, SideRow, "page:Appearance")
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert "sending.follow_redirects" in shown(dialog)
    assert part(dialog, SideRow, "page:Sending").hasFocus()


def test_tab_walks_from_the_pages_into_the_settings_and_then_to_done(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    qtbot.mouseClick(part(dialog, SideRow, "page:Proxy"), Qt.MouseButton.LeftButton)
    walked: list[QWidget] = []
    dialog.filter.setFocus()
    while dialog.done_button not in walked:
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        walked.append(dialog.focusWidget())
    assert walked[0] is part(dialog, SideRow, "page:Proxy")
    for key in shown(dialog):
        assert any(dialog.rows[key].isAncestorOf(each) for each in walked), key


def test_a_switch_is_in_force_at_once_and_resets(dialog: PreferencesDialog, session: UiSession, qtbot: QtBot) -> None:
    row = dialog.rows["editor.wrap"]
    assert isinstance(row, SwitchRow)
    reset = part(row, QAbstractButton, "resetButton")
    assert not reset.isVisible()
    qtbot.keyClick(row.box, Qt.Key.Key_Space)
    assert session.services.preferences.get("editor.wrap") is False
    assert row.box.text() == "Off"
    assert reset.isVisible()
    reset.click()
    assert session.services.preferences.get("editor.wrap") is True
    assert row.box.isChecked()
    assert not reset.isVisible()


def test_a_choice_is_in_force_at_once(dialog: PreferencesDialog, session: UiSession, qtbot: QtBot) -> None:
    row = dialog.rows["appearance.theme"]
    assert isinstance(row, ChoiceRow)
    qtbot.keyClick(row.combo, Qt.Key.Key_Down)
    assert session.services.preferences.get("appearance.theme") == "light"


def test_a_number_is_typed_stepped_and_reset(dialog: PreferencesDialog, session: UiSession, qtbot: QtBot) -> None:
    row = typed(dialog, "appearance.zoom")
    replace_text(qtbot, row.field, "150")
    qtbot.keyClick(row.field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert session.services.preferences.get("appearance.zoom") == 150
    qtbot.keyClick(row.field, Qt.Key.Key_PageUp)
    assert row.field.text() == "160"
    qtbot.waitUntil(lambda: session.services.preferences.get("appearance.zoom") == 160)
    qtbot.keyClick(row.field, Qt.Key.Key_Down)
    part(row, QAbstractButton, "resetButton").click()
    assert row.field.text() == "100"
    assert session.services.preferences.get("appearance.zoom") == 100


def test_a_wrong_number_is_marked_and_not_stored(dialog: PreferencesDialog, session: UiSession, qtbot: QtBot) -> None:
    row = typed(dialog, "appearance.zoom")
    replace_text(qtbot, row.field, "12")
    qtbot.waitUntil(lambda: bool(row.problem()))
    assert row.field.is_wrong()
    assert row.problem() == "A whole number from 50 to 200 %."
    assert session.services.preferences.get("appearance.zoom") == 100
    dialog.show_page("Proxy")
    dialog.show_page("Appearance")
    assert row.field.text() == "12"
    replace_text(qtbot, row.field, "120")
    row.commit()
    assert not row.field.is_wrong()
    assert session.services.preferences.get("appearance.zoom") == 120


def test_closing_with_a_wrong_field_says_so_once(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    dialog.show_page("Proxy")
    row = typed(dialog, "proxy.address")
    replace_text(qtbot, row.field, "ftp://x")
    dialog.show_page("Storage")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert row.isVisible()
    assert row.field.hasFocus()
    assert "Mend" in dialog.note.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_closing_stores_what_is_still_being_typed(dialog: PreferencesDialog, session: UiSession, qtbot: QtBot) -> None:
    dialog.show_page("Storage")
    replace_text(qtbot, typed(dialog, "history.kept").field, "7")
    dialog.done_button.click()
    assert not dialog.isVisible()
    assert session.services.preferences.get("history.kept") == 7


def test_the_filter_finds_settings_of_all_pages(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    qtbot.keyClicks(dialog.filter, "cookie")
    qtbot.keyClick(dialog.filter, Qt.Key.Key_Return)
    assert shown(dialog) == ["sending.send_cookies", "sending.store_cookies"]
    qtbot.keyClicks(dialog.filter, "zzz")
    qtbot.keyClick(dialog.filter, Qt.Key.Key_Return)
    assert shown(dialog) == []
    assert part(dialog, Label, "noSettings").text() == "No setting fits “cookiezzz”."
    part(dialog, SideRow, "page:Storage").click()
    assert shown(dialog) == ["history.kept", "history.cap_mib", "trash.days"]
    assert dialog.filter.text() == ""


def test_what_others_set_is_shown(dialog: PreferencesDialog, session: UiSession, qtbot: QtBot) -> None:
    session.services.preferences.set("history.kept", 5).result()
    qtbot.waitUntil(lambda: typed(dialog, "history.kept").field.text() == "5")


def test_rows_of_files_are_added_chosen_and_removed(
    dialog: PreferencesDialog, session: UiSession, tmp_path: Path, qtbot: QtBot
) -> None:
    def stored() -> object:
        return session.services.preferences.get(CERTIFICATES)

    (tmp_path / "c.pem").write_text("x")
    dialog.show_page("Certificates")
    rows = table(dialog)
    rows.add_button.click()
    host = part(rows, LineField, "hostEdit0")
    assert host.hasFocus()
    qtbot.keyClicks(host, "a.example")
    rows.take_path(0, "certificate", str(tmp_path / "c.pem"))
    assert stored() == [{"host": "a.example", "certificate": str(tmp_path / "c.pem")}]
    rows.add_button.click()
    qtbot.keyClicks(part(rows, LineField, "hostEdit1"), "b.example")
    rows.commit()
    assert part(rows, LineField, "certificateEdit1").is_wrong()
    assert rows.problem() == "Choose a file."
    assert len(session.services.preferences.get(CERTIFICATES)) == 1
    rows.take_path(1, "certificate", str(tmp_path / "gone.pem"))
    assert rows.problem() == ""
    assert len(session.services.preferences.get(CERTIFICATES)) == 2
    part(rows, QAbstractButton, "removeRow0").click()
    assert stored() == [{"host": "b.example", "certificate": str(tmp_path / "gone.pem")}]
    part(rows, QAbstractButton, "resetButton").click()
    assert stored() == []


def test_the_zoom_changes_the_dialog_while_it_is_open(dialog: PreferencesDialog) -> None:
    for zoom in (100, 150, 200, 100):
        for dark in (True, False):
            switch().choose("dark" if dark else "light")
            switch().set_zoom(zoom)
            assert not dialog.grab().isNull()
            assert dialog.width() <= 900
