"""ui.panes.sync.history_page: the versions of one document."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from insomnia_desktop.services.sync_views import (
    Difference,
    ShownValue,
    VersionChange,
    VersionView,
)
from insomnia_desktop.ui.panes.sync.history_page import HistoryPage
from insomnia_desktop.ui.viewmodels.history_view_model import PAGE, HistoryViewModel
from insomnia_desktop.ui.viewmodels.version_sections import sections_of
from tests.support import sample_sync as sample
from tests.support.fake_accounts import SERVER
from tests.support.spoken import nameless_controls
from tests.support.sync_stage import SyncStage, button, is_shown, words

replace = msgspec.structs.replace
Open = Callable[[], HistoryPage]


@pytest.fixture
def open_page(stage: SyncStage) -> Open:
    """Opens the history of a request, and asks the server."""

    def open_it() -> HistoryPage:
        history = HistoryViewModel(stage.session, "req_1")
        page = HistoryPage(stage.session, history, "Create order")
        history.setParent(page)
        stage.qtbot.addWidget(page)
        page.resize(1024, 760)
        page.show()
        stage.qtbot.waitUntil(page.isActiveWindow)
        page.focus_first()
        history.load()
        return page

    return open_it


def filled(stage: SyncStage) -> None:
    stage.syncing.answers = {"history": sample.versions(), "version": lambda _id, number: sample.version_view(number)}


def test_versions_stand_under_their_days(stage: SyncStage, open_page: Open) -> None:
    filled(stage)
    page = open_page()
    stage.qtbot.waitUntil(page.differences.isVisible)
    assert page.list.objectName() == "historyList"
    entries = page.list.entries()
    assert [entry.title for entry in entries if not entry.key] == ["Today", "Yesterday", "12 November"]
    assert [entry.spoken for entry in entries if entry.key][:2] == [
        "14:02, current, Version 9, 1.2 KB, Studio",
        "13:40, Version 8, 1.2 KB, Work laptop",
    ]
    assert "9 versions" in words(page)
    assert page.list.current_key() == "8"
    assert page.list.hasFocus()
    assert nameless_controls(page) == set()


def test_each_version_says_what_it_changed_as_far_as_that_is_kept(stage: SyncStage, open_page: Open) -> None:
    filled(stage)
    stage.syncing.answers["changes"] = sample.version_changes()
    page = open_page()
    stage.qtbot.waitUntil(lambda: "Body: 2 lines, Address" in [entry.sub for entry in page.list.entries()])
    assert [entry.sub for entry in page.list.entries() if entry.key][-3:] == [
        "Moved to Orders",
        "Version 2, 997 B",
        "Version 1, its text is gone",
    ]
    assert page.list.current_key() == "8"


def test_what_changed_since_is_readable(stage: SyncStage, open_page: Open) -> None:
    filled(stage)
    page = open_page()
    stage.qtbot.waitUntil(page.differences.isVisible)
    lines = page.differences.as_text().split("\n")
    assert lines[:3] == ["Address", "- {{ base_url }}/order", "+ {{ base_url }}/orders?notify={{ notify }}"]
    assert '-       "sku": "TEA-SENCHA-250",' in lines
    assert '+       "sku": "{{ sku }}",' in lines
    assert "  6 lines unchanged" in lines
    assert lines[-2:] == ["Headers", "+ X-Trace-Id: {{ trace_id }}"]


def test_walking_with_keys_opens_each_version(stage: SyncStage, open_page: Open) -> None:
    filled(stage)
    page = open_page()
    stage.qtbot.waitUntil(page.differences.isVisible)
    stage.qtbot.keyClick(page.list, Qt.Key.Key_Down)
    assert stage.syncing.last.given == ("req_1", 7)
    stage.qtbot.waitUntil(lambda: is_shown(page, "restoreVersionButton"))
    stage.qtbot.keyClick(page.list, Qt.Key.Key_Home)
    stage.qtbot.waitUntil(lambda: "No difference" in words(page))
    assert not is_shown(page, "restoreVersionButton")
    assert not is_shown(page, "openCopyButton")
    stage.qtbot.keyClick(page.list, Qt.Key.Key_End)
    assert "Its text is gone" in words(page)
    assert page.list.current_key() == "1"


def test_restoring_and_copying_tell_of_the_document(stage: SyncStage, open_page: Open) -> None:
    filled(stage)
    page = open_page()
    stage.qtbot.waitUntil(page.differences.isVisible)
    with stage.qtbot.waitSignal(page.done) as told:
        button(page, "restoreVersionButton").click()
        assert not page.restore_button.isEnabled()
        stage.syncing.last.succeed()
    assert told.args == ["Restored version of 13:40", "req_1", None]
    stage.qtbot.waitUntil(lambda: is_shown(page, "openCopyButton") and page.copy_button.isEnabled())
    with stage.qtbot.waitSignal(page.done) as told:
        button(page, "openCopyButton").click()
        stage.syncing.last.succeed("req_2")
    assert told.args == ["The version was put beside it as a copy", "req_2", None]


def test_a_deed_that_fails_is_said(stage: SyncStage, open_page: Open) -> None:
    filled(stage)
    page = open_page()
    stage.qtbot.waitUntil(page.differences.isVisible)
    with stage.qtbot.waitSignal(page.notice_requested) as told:
        button(page, "restoreVersionButton").click()
        stage.syncing.last.fail("account.server_unreachable", address=SERVER)
    assert told.args is not None
    assert SERVER in told.args[0]


def test_trouble_is_said_where_it_is_and_tried_again(stage: SyncStage, open_page: Open) -> None:
    page = open_page()
    assert "Asking the server…" in words_of_notes(page)
    stage.syncing.last.fail("account.server_unreachable", address=SERVER)
    stage.qtbot.waitUntil(lambda: "The history cannot be read" in words(page))
    filled(stage)
    stage.syncing.answers["version"] = sample_error()
    button(page, "retryHistoryButton").click()
    stage.qtbot.waitUntil(lambda: "This version cannot be opened" in words(page))
    assert not is_shown(page, "retryHistoryButton")


def words_of_notes(page: HistoryPage) -> str:
    """Return what the notes of a page say to a screen reader."""
    return " ".join(each.accessibleName() for each in page.findChildren(type(page._note)))


def sample_error() -> Exception:
    """Return what the service raises when a version is gone."""
    from insomnia_desktop.base.errors import KnownError

    return KnownError("sync.version_gone", version=8)


def test_no_version_at_all(stage: SyncStage, open_page: Open) -> None:
    stage.syncing.answers = {"history": ()}
    page = open_page()
    stage.qtbot.waitUntil(lambda: "No versions yet" in words(page))


def test_what_was_never_sent_has_no_versions_yet(stage: SyncStage, open_page: Open) -> None:
    page = open_page()
    stage.syncing.last.fail("sync.version_gone")
    stage.qtbot.waitUntil(lambda: "No versions yet" in words(page))
    assert "The server gets the first one with the next backup." in words_of_notes(page)


def test_versions_of_one_minute_are_told_apart_by_their_seconds(stage: SyncStage, open_page: Open) -> None:
    first, second, third = sample.versions()[:3]
    rows = (first, replace(second, at=first.at - 3_000), third)
    stage.syncing.answers = {"history": rows, "version": sample.version_view(8)}
    page = open_page()
    stage.qtbot.waitUntil(page.differences.isVisible)
    assert [entry.title for entry in page.list.entries() if entry.key] == ["14:02:11", "14:02:08", "11:26"]
    assert "14:02:08" in words(page), "the heading of the chosen one says the same"


def test_a_deleted_version_says_so(stage: SyncStage, open_page: Open) -> None:
    first, second = sample.versions()[:2]
    stage.syncing.answers = {"history": (replace(first, deleted=True), second), "version": sample.version_view(8)}
    page = open_page()
    stage.qtbot.waitUntil(page.differences.isVisible)
    page.list.choose("9")
    assert "Deleted here" in words(page)
    assert page.list.entries()[1].sub == "Version 9: deleted"


def test_versions_of_one_device_alone(stage: SyncStage, open_page: Open) -> None:
    filled(stage)
    page = open_page()
    stage.qtbot.waitUntil(page.differences.isVisible)
    button(page, "historyDeviceButton").click()
    actions = {action.text(): action for action in page._devices.actions()}
    assert list(actions) == ["All devices", "Studio", "Travel", "Work laptop"]
    actions["Travel"].trigger()
    page._devices.close()
    assert [entry.key for entry in page.list.entries() if entry.key] == ["3"]


def test_older_versions_are_one_row_away(stage: SyncStage, open_page: Open) -> None:
    row = sample.versions()[1]
    many = tuple(replace(row, version=number, current=number == PAGE) for number in range(PAGE, 0, -1))
    stage.syncing.answers = {"history": many, "version": sample.version_view(8)}
    page = open_page()
    stage.qtbot.waitUntil(page.differences.isVisible)
    stage.qtbot.keyClick(page.list, Qt.Key.Key_End)
    assert page.list.current_key() == "more"
    stage.syncing.answers["history"] = ()
    stage.qtbot.keyClick(page.list, Qt.Key.Key_Return)
    stage.qtbot.waitUntil(lambda: not any(entry.key == "more" for entry in page.list.entries()))


def test_escape_and_the_cross_go_back(stage: SyncStage, open_page: Open) -> None:
    filled(stage)
    page = open_page()
    stage.qtbot.waitUntil(page.differences.isVisible)
    with stage.qtbot.waitSignal(page.closed):
        stage.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    with stage.qtbot.waitSignal(page.closed):
        button(page, "closePageButton").click()


def test_a_version_is_compared_with_the_one_before_it_by_keyboard(stage: SyncStage, open_page: Open) -> None:
    def view(_id: str, number: int, against: str = "current") -> VersionView:
        made = sample.version_view(number)
        if against == "current":
            return made
        sides = [replace(each, before=each.after, after=each.before) for each in made.differences[:1]]
        previous = sample.versions()[9 - number + 1]
        return replace(made, differences=tuple(sides), against="previous", previous=previous)

    stage.syncing.answers = {"history": sample.versions(), "version": view}
    page = open_page()
    stage.qtbot.waitUntil(page.differences.isVisible)
    chooser = button(page, "compareWithButton")
    assert (chooser.text(), chooser.accessibleName()) == ("current", "Compared with current")
    assert page.differences.accessibleName() == "Differences from this version to the current one"
    chooser.setFocus(Qt.FocusReason.TabFocusReason)
    stage.qtbot.keyClick(chooser, Qt.Key.Key_Space)
    stage.qtbot.waitUntil(page.bar.menu.isVisible)
    assert [action.text() for action in page.bar.menu.actions() if action.isChecked()] == ["The current one"]
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        stage.qtbot.keyClick(page.bar.menu, key)
    stage.qtbot.waitUntil(lambda: chooser.text() == "previous" and page.differences.isVisible())
    assert page.differences.as_text().split("\n")[1:] == [
        "- {{ base_url }}/orders?notify={{ notify }}",
        "+ {{ base_url }}/order",
    ]
    assert page.differences.accessibleName() == "Differences from the version of today, 11:26 to this one"
    assert "“+” before what it brought" in chooser.toolTip()
    # It stays for the other versions, as long as the page is open.
    stage.qtbot.keyClick(page.list, Qt.Key.Key_Down)
    assert stage.syncing.last.given == ("req_1", 7, "previous")
    assert nameless_controls(page) == set()


def test_the_page_has_room_for_its_words_in_the_smallest_window(stage: SyncStage, open_page: Open) -> None:
    filled(stage)
    page = open_page()
    stage.qtbot.waitUntil(page.differences.isVisible)
    # So wide it is beside the sidebar of a window of 900.
    page.resize(644, 552)
    stage.qtbot.waitUntil(lambda: page.bar.restore_button.text() == "Restore")
    assert page.width() == 644
    assert page.bar.restore_button.accessibleName() == "Restore this version"
    # What stands in place of a difference leaves the list its width.
    assert page._note.minimumSizeHint().width() < 200


def test_nothing_is_to_be_compared_with_a_version_without_a_text(stage: SyncStage, open_page: Open) -> None:
    filled(stage)
    page = open_page()
    stage.qtbot.waitUntil(page.differences.isVisible)
    stage.qtbot.keyClick(page.list, Qt.Key.Key_End)
    assert not is_shown(page, "compareWithButton")
    stage.qtbot.keyClick(page.list, Qt.Key.Key_Home)
    assert is_shown(page, "compareWithButton"), "what the current one changed can be seen"


def test_differences_are_told_by_parts_of_the_document() -> None:
    def difference(field: str, *path: str) -> Difference:
        return Difference(field, path, ShownValue("a"), ShownValue('{"b": 1}'))

    view = VersionView(
        sample.versions()[1],
        "request",
        "R",
        {},
        (
            difference("Authentication: password", "authentication", "password"),
            difference("Header A", "headers", "@a", "value"),
            difference("Authentication: user name", "authentication", "username"),
        ),
    )
    sections = sections_of(view)
    assert [(section.heading, len(section.parts)) for section in sections] == [("Auth", 2), ("Headers", 1)]
    assert [part.label for part in sections[0].parts] == ["Authentication: password", "Authentication: user name"]
    assert sections[1].parts[0].after == '{\n  "b": 1\n}'


def test_the_newest_version_of_what_was_moved_says_so(stage: SyncStage) -> None:
    request_id = stage.request("Capture")
    stage.move_away(request_id)
    newest, *older = sample.versions()
    answer = (replace(newest, deleted=True), replace(older[0], deleted=True), *older[1:])
    gone = VersionChange(newest.version, ("Deleted",))
    stage.syncing.answers = {"history": answer, "version": sample.version_view(7), "changes": (gone,)}
    history = HistoryViewModel(stage.session, request_id)
    page = HistoryPage(stage.session, history, "Capture")
    history.setParent(page)
    stage.qtbot.addWidget(page)
    page.show()
    history.load()
    stage.qtbot.waitUntil(page.differences.isVisible)
    subs = [entry.sub for entry in page.list.entries() if entry.key]
    assert subs[:2] == ["Moved to “Payments”", "Version 8: deleted"]
    history.choose(newest.version)
    assert "Moved to “Payments”" in page._note.accessibleName()
    history.choose(older[0].version)
    assert "Deleted here" in page._note.accessibleName()


def test_what_is_not_sent_yet_stands_above_the_versions_as_the_current_one(stage: SyncStage) -> None:
    filled(stage)
    stage.syncing.dirty = frozenset({"req_1"})
    history = HistoryViewModel(stage.session, "req_1", sync=stage.sync)
    page = HistoryPage(stage.session, history, "Create order")
    history.setParent(page)
    stage.qtbot.addWidget(page)
    page.show()
    history.load()
    stage.qtbot.waitUntil(page.differences.isVisible)
    spoken = [entry.spoken for entry in page.list.entries() if entry.key]
    assert spoken[:2] == [
        "Now, current, Not sent yet",
        "14:02, Version 9, 1.2 KB, Studio",
    ]
    page.list.choose("0")
    assert "Not sent yet" in words(page)
    assert not is_shown(page, "restoreVersionButton")
    stage.syncing.dirty = frozenset()
    stage.sync.refresh()
    stage.qtbot.waitUntil(lambda: page.list.entries()[1].spoken == "14:02, current, Version 9, 1.2 KB, Studio")
