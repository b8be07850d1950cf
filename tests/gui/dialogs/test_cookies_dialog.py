"""The cookie editor by keyboard and mouse; also insomnia_desktop.ui.dialogs.cookie_table and
insomnia_desktop.ui.dialogs.cookie_fields.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.model import Cookie, CookieJar, patch_between
from insomnia_desktop.ui.dialogs.cookies_dialog import CookiesDialog
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.fields import ComboField, LineField
from insomnia_desktop.ui.widgets.labels import Label
from tests.gui.dialogs.stage import Stage, part, unnamed
from tests.support.clock import START_MS

DAY = 86_400_000


def cookie(name: str, domain: str, expires: int | None = None) -> Cookie:
    return Cookie(id=f"c{name:_<11}", name=name, value=f"value of {name}", domain=domain, expires=expires, created=1)


COOKIES = (
    cookie("sid", "a.example"),
    msgspec.structs.replace(
        cookie("theme", "b.example", START_MS + DAY), secure=True, http_only=True, same_site="lax", host_only=False
    ),
    cookie("old", "c.example", START_MS - DAY),
)


def jar(session: UiSession, workspace: WorkspaceViewModel) -> CookieJar:
    return session.services.cookie_jars.jar(workspace.workspace_id)


def write(session: UiSession, workspace: WorkspaceViewModel, *cookies: Cookie) -> None:
    before = jar(session, workspace)
    patch = patch_between(before, msgspec.structs.replace(before, cookies=cookies))
    session.services.editing.patch(before.id, patch, token=99).result()


@pytest.fixture
def dialog(session: UiSession, workspace: WorkspaceViewModel, stage: Stage) -> Iterator[CookiesDialog]:
    write(session, workspace, *COOKIES)
    made = CookiesDialog(session, workspace, stage.host)
    stage.open(made)
    yield made
    made.view_model.flush()


def line(dialog: CookiesDialog, field: str) -> LineField:
    return part(dialog, LineField, f"cookie{field}Edit")


def shown(dialog: CookiesDialog) -> list[tuple[str, ...]]:
    rows = dialog.table.rows_model
    return [tuple(str(rows.index(row, column).data()) for column in range(6)) for row in range(rows.rowCount())]


def replace_text(qtbot: QtBot, field: LineField, text: str) -> None:
    field.setFocus()
    field.selectAll()
    if text:
        qtbot.keyClicks(field, text)
    else:
        qtbot.keyClick(field, Qt.Key.Key_Delete)


def deed(dialog: CookiesDialog, words: str) -> QAction:
    menus = dialog.findChildren(QMenu)
    return next(action for menu in menus for action in menu.actions() if action.text().startswith(words))


def test_cookies_are_listed_and_the_first_is_shown(dialog: CookiesDialog) -> None:
    assert shown(dialog) == [
        ("a.example", "sid", "value of sid", "/", "Session", ""),
        (".b.example", "theme", "value of theme", "/", "2 Mar 2026", "Secure, HttpOnly, Lax"),
        ("c.example", "old", "value of old", "/", "Expired", ""),
    ]
    assert line(dialog, "Name").text() == "sid"
    assert dialog.table.hasFocus()


def test_everything_the_keyboard_reaches_has_a_name(dialog: CookiesDialog) -> None:
    assert unnamed(dialog) == []
    index = dialog.table.rows_model.index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Domain: a.example"


def test_the_keyboard_chooses_edits_and_stores(
    dialog: CookiesDialog, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    qtbot.keyClick(dialog.table, Qt.Key.Key_Down)
    assert line(dialog, "Name").text() == "theme"
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    value = line(dialog, "Value")
    assert value.hasFocus()
    assert value.selectedText() == "value of theme"
    qtbot.keyClicks(value, "dark")
    qtbot.keyClick(value, Qt.Key.Key_Return)
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: jar(session, workspace).cookies[1].value == "dark")
    assert shown(dialog)[1][2] == "dark"


def test_boxes_and_choices_are_stored(
    dialog: CookiesDialog, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    for box in (dialog.fields.secure, dialog.fields.http_only, dialog.fields.subdomains):
        box.click()
    combo = part(dialog, ComboField, "cookieSameSiteCombo")
    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    qtbot.waitUntil(lambda: jar(session, workspace).cookies[0].same_site == "strict")
    kept = jar(session, workspace).cookies[0]
    assert (kept.secure, kept.http_only, kept.host_only) == (True, True, False)


def test_a_wrong_field_is_marked_and_nothing_is_lost(
    dialog: CookiesDialog, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    replace_text(qtbot, line(dialog, "Domain"), "")
    replace_text(qtbot, line(dialog, "Expires"), "soon")
    assert line(dialog, "Domain").is_wrong()
    assert line(dialog, "Expires").is_wrong()
    assert dialog.fields.problem() == "A cookie needs the domain it is sent to. Not stored yet."
    dialog.view_model.show(COOKIES[1].id)
    assert not line(dialog, "Domain").is_wrong()
    assert dialog.fields.problem() == ""
    dialog.view_model.show(COOKIES[0].id)
    assert line(dialog, "Expires").text() == "soon"
    dialog.view_model.flush()
    session.services.editing.patch(jar(session, workspace).id, ()).result()
    assert jar(session, workspace).cookies == COOKIES


def test_closing_with_a_wrong_field_says_so_once(dialog: CookiesDialog, qtbot: QtBot) -> None:
    replace_text(qtbot, line(dialog, "Expires"), "soon")
    dialog.view_model.show(COOKIES[1].id)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert line(dialog, "Expires").hasFocus()
    assert line(dialog, "Expires").text() == "soon"
    assert "Mend" in dialog.note.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_new_cookie_is_typed_from_the_keyboard(
    dialog: CookiesDialog, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    part(dialog, QAbstractButton, "newCookieButton").click()
    assert shown(dialog)[0][:2] == ("a.example", "")
    name = line(dialog, "Name")
    assert name.hasFocus()
    assert dialog.fields.problem() == ""
    qtbot.keyClicks(name, "fresh")
    qtbot.keyClicks(line(dialog, "Value"), "1")
    dialog.done_button.click()
    assert not dialog.isVisible()
    session.services.editing.patch(jar(session, workspace).id, ()).result()
    assert [each.name for each in jar(session, workspace).cookies] == ["sid", "theme", "old", "fresh"]


def test_an_untouched_new_cookie_does_not_keep_the_dialog_open(dialog: CookiesDialog) -> None:
    part(dialog, QAbstractButton, "newCookieButton").click()
    dialog.reject()
    assert not dialog.isVisible()


def test_deleted_cookies_come_back_by_the_notice(
    dialog: CookiesDialog, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    dialog.table.selectAll()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)
    assert dialog.toast.text() == "Deleted 3 cookies"
    assert part(dialog, Label, "noCookies").isVisible()
    assert not dialog.fields.isVisible()
    qtbot.waitUntil(lambda: jar(session, workspace).cookies == ())
    dialog.toast.findChildren(QAbstractButton)[0].click()
    qtbot.waitUntil(lambda: len(jar(session, workspace).cookies) == 3)
    assert len(shown(dialog)) == 3


def test_expired_ones_and_all_can_be_deleted(dialog: CookiesDialog) -> None:
    assert deed(dialog, "Delete expired").text() == "Delete expired (1)"
    deed(dialog, "Delete expired").trigger()
    assert dialog.toast.text() == "Deleted “old”"
    assert not deed(dialog, "Delete expired").isEnabled()
    assert deed(dialog, "Delete all").text() == "Delete all (2)"
    deed(dialog, "Delete all").trigger()
    assert shown(dialog) == []


def test_the_filter_says_what_it_leaves(dialog: CookiesDialog, qtbot: QtBot) -> None:
    dialog.filter.setFocus()
    qtbot.keyClicks(dialog.filter, "theme")
    qtbot.keyClick(dialog.filter, Qt.Key.Key_Return)
    assert [row[1] for row in shown(dialog)] == ["theme"]
    assert dialog.isVisible()
    qtbot.keyClicks(dialog.filter, "zzz")
    qtbot.keyClick(dialog.filter, Qt.Key.Key_Return)
    assert part(dialog, Label, "noCookies").text() == "No cookie fits “themezzz”."
    qtbot.keyClick(dialog.filter, Qt.Key.Key_Escape)
    assert len(shown(dialog)) == 3
    assert dialog.isVisible()


def test_an_empty_jar_says_how_it_fills(session: UiSession, workspace: WorkspaceViewModel, stage: Stage) -> None:
    dialog = CookiesDialog(session, workspace, stage.host)
    stage.open(dialog)
    assert "No cookies yet" in part(dialog, Label, "noCookies").text()
    part(dialog, QAbstractButton, "newCookieButton").click()
    assert dialog.fields.isVisible()
    dialog.reject()


def test_what_a_response_sets_is_shown_while_a_field_is_typed_in(
    dialog: CookiesDialog, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    replace_text(qtbot, line(dialog, "Value"), "typed")
    write(session, workspace, *jar(session, workspace).cookies, cookie("set", "z.example"))
    qtbot.waitUntil(lambda: len(shown(dialog)) == 4)
    assert line(dialog, "Value").text() == "typed"
    assert line(dialog, "Value").cursorPosition() == 5


def test_the_dialog_goes_with_its_workspace(
    dialog: CookiesDialog, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    replace_text(qtbot, line(dialog, "Expires"), "soon")
    session.services.workspaces.delete(workspace.workspace_id).result()
    qtbot.waitUntil(lambda: not dialog.isVisible())


@pytest.mark.parametrize("zoom", [100, 150])
def test_both_themes_and_zooms_fit_a_small_window(dialog: CookiesDialog, zoom: int) -> None:
    for dark in (True, False):
        switch().choose("dark" if dark else "light")
        switch().set_zoom(zoom)
        assert not dialog.grab().isNull()
        assert dialog.width() <= 900
        assert part(dialog, QWidget, "newCookieButton").geometry().right() < dialog.width()
