"""Two sides and the choice between them: panes.sync.conflict_page, conflict_titles, conflict_value_row."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QToolTip

from insomnia_desktop.services.sync_views import ShownValue
from insomnia_desktop.ui.panes.sync.conflict_page import ConflictPage
from insomnia_desktop.ui.panes.sync.conflict_value_row import field_lines
from insomnia_desktop.ui.viewmodels.conflicts_view_model import Choice, ConflictsViewModel
from tests.support import sample_sync as sample
from tests.support.spoken import nameless_controls
from tests.support.sync_stage import SyncStage, button, words

LEFT = Qt.MouseButton.LeftButton
replace = msgspec.structs.replace


@pytest.fixture
def page(stage: SyncStage) -> ConflictPage:
    order_id = stage.request()
    stage.syncing.known_conflicts = sample.conflicts(order_id, stage.workspace.workspace_id)
    return stage.conflict_page(order_id)


def states(page: ConflictPage) -> list[tuple[str, str]]:
    return [(row.mine.state(), row.theirs.state()) for row in page.rows]


def summary(page: ConflictPage) -> str:
    label = page.findChild(QLabel, "conflictSummary")
    assert label is not None
    return label.text()


def test_before_mine_and_theirs_of_every_value(page: ConflictPage) -> None:
    assert [row.accessibleName() for row in page.rows] == ["Name", "Address", "Body", "Header X-Trace-Id"]
    header = page.rows[3]
    assert [cell.accessibleName() for cell in (header.base, header.mine, header.theirs)] == [
        "Before: Not set",
        "Mine: {{ trace_id }}",
        "Theirs: laptop-debug",
    ]
    assert states(page) == [("open", "open")] * 4
    assert summary(page) == "0 of 4 chosen"
    assert not page.finish_button.isEnabled()
    assert page.both_button.text() == "Keep both as two requests"
    assert nameless_controls(page) == set()


def titles(page: ConflictPage) -> str:
    return page._titles.accessibleName()


def test_the_device_of_each_side_is_named_once_it_is_known(stage: SyncStage, page: ConflictPage) -> None:
    assert titles(page).startswith("Field; Before in both; Mine this computer; Theirs came at ")
    (asked,) = stage.syncing.asked_of("conflict_origin")
    with stage.qtbot.waitSignal(page._conflicts.origin_changed):
        asked.succeed(sample.conflict_origin())
    assert "; Before in both, 12 Nov; Mine Studio, this computer; Theirs Work laptop, " in titles(page)


@pytest.mark.parametrize("height", [760, 400])
def test_the_titles_stand_over_the_columns_beside_a_scroll_bar_too(page: ConflictPage, height: int) -> None:
    page.resize(1024, height)
    area = page.findChild(QScrollArea, "conflictValues")
    assert area is not None
    QApplication.processEvents()
    assert area.verticalScrollBar().isVisible() is (height == 400)
    row = page.rows[0]
    columns = [cell.mapTo(page, QPoint(0, 0)).x() for cell in (row.base, row.mine, row.theirs)]
    assert list(page._titles.columns()) == [0, *columns, area.viewport().width()]


def test_a_title_that_may_be_cut_is_shown_whole_as_a_tip(stage: SyncStage, page: ConflictPage) -> None:
    at = QPoint(page.rows[0].theirs.x() + 20, 10)
    QApplication.sendEvent(page._titles, QHelpEvent(QEvent.Type.ToolTip, at, page._titles.mapToGlobal(at)))
    stage.qtbot.waitUntil(lambda: QToolTip.text().startswith("Came at "))
    QToolTip.hideText()


def test_where_the_server_cannot_be_asked_the_titles_say_what_is_known(stage: SyncStage, page: ConflictPage) -> None:
    before = titles(page)
    (asked,) = stage.syncing.asked_of("conflict_origin")
    asked.fail("account.server_unreachable", address="https://sync.shop.example")
    stage.drain()
    assert titles(page) == before


def test_values_are_chosen_by_mouse_and_keyboard(stage: SyncStage, page: ConflictPage) -> None:
    stage.qtbot.mouseClick(page.rows[0].theirs.button, LEFT)
    assert states(page)[0] == ("other", "chosen")
    assert page.rows[0].theirs.accessibleName() == "Theirs: Place order, Theirs used"
    assert not page.rows[0].theirs.button.isVisible()
    keep = page.rows[1].mine.button
    keep.setFocus(Qt.FocusReason.TabFocusReason)
    stage.qtbot.keyClick(keep, Qt.Key.Key_Space)
    assert states(page)[1] == ("chosen", "other")
    assert summary(page) == "2 of 4 chosen"
    # The other side takes over, and a click on the chosen one opens the value again.
    stage.qtbot.mouseClick(page.rows[1].theirs.button, LEFT)
    assert states(page)[1] == ("other", "chosen")
    stage.qtbot.mouseClick(page.rows[1].theirs, LEFT)
    assert states(page)[1] == ("open", "open")
    assert summary(page) == "1 of 4 chosen"


def test_a_choice_is_taken_back_with_the_keyboard_and_the_focus_stays(stage: SyncStage, page: ConflictPage) -> None:
    cell = page.rows[0].mine
    cell.button.setFocus(Qt.FocusReason.TabFocusReason)
    stage.qtbot.keyClick(cell.button, Qt.Key.Key_Space)
    assert states(page)[0] == ("chosen", "other")
    assert cell.hasFocus()
    shown = cell.grab().toImage()
    stage.qtbot.keyClick(cell, Qt.Key.Key_Tab)
    assert not cell.hasFocus()
    assert cell.grab().toImage() != shown
    cell.setFocus(Qt.FocusReason.TabFocusReason)
    stage.qtbot.keyClick(cell, Qt.Key.Key_Return)
    assert states(page)[0] == ("open", "open")
    assert cell.button.hasFocus()


def test_finishing_carries_out_the_choice_and_goes_back(stage: SyncStage, page: ConflictPage) -> None:
    button(page, "allTheirsButton").click()
    assert summary(page) == "4 of 4 chosen"
    page.rows[2].mine.button.click()
    stage.qtbot.mouseClick(page.finish_button, LEFT)
    assert not page.finish_button.isEnabled()
    assert not page.both_button.isEnabled()
    (asked,) = stage.syncing.asked_of("settle")
    assert asked.given == ((1, "theirs"), (2, "theirs"), (3, "mine"), (4, "theirs"))
    stage.syncing.known_conflicts = ()
    with stage.qtbot.waitSignals([page.notice_requested, page.closed]):
        asked.succeed()


def test_both_are_kept(stage: SyncStage, page: ConflictPage) -> None:
    button(page, "keepBothButton").click()
    assert stage.syncing.last.given == ((1, "both"),)
    stage.syncing.known_conflicts = ()
    with stage.qtbot.waitSignal(page.closed):
        stage.syncing.last.succeed()


def shown_of(stage: SyncStage, **changed: object) -> ConflictPage:
    """A page about one conflict that is as the sample but for what is given."""
    row = replace(sample.conflicts(stage.request(), stage.workspace.workspace_id)[0], **changed)
    stage.syncing.known_conflicts = (row,)
    conflicts = ConflictsViewModel(stage.session)
    made = ConflictPage(stage.session, conflicts, row.resource_id)
    conflicts.setParent(made)
    stage.qtbot.addWidget(made)
    made.resize(1024, 760)
    made.show()
    return made


@pytest.mark.parametrize(
    ("changed", "tip"),
    [
        ({"kind": "workspace"}, "A workspace is not doubled for this. Choose mine or theirs."),
        ({"kind": "cookie_jar"}, "A workspace has one cookie jar. Choose mine or theirs."),
        ({"path": ("#place",)}, "It can stand in one place only. Choose mine or theirs."),
    ],
)
def test_both_are_not_offered_where_that_would_drop_theirs(
    stage: SyncStage, changed: dict[str, object], tip: str
) -> None:
    page = shown_of(stage, **changed)
    assert (page.both_button.isEnabled(), page.both_button.text()) == (False, "Keep both")
    assert page.both_button.toolTip() == page.both_button.accessibleDescription() == tip
    page.both_button.click()
    assert stage.syncing.asked_of("settle") == []


def test_the_button_says_how_many_there_will_be(stage: SyncStage) -> None:
    assert shown_of(stage, kind="folder").both_button.toolTip().startswith("This one stays as it is; a folder with not")
    page = shown_of(stage)
    assert page.both_button.text() == "Keep both as two requests"
    first = page.rows[0].conflict
    stage.syncing.known_conflicts = (first, replace(first, id=9, theirs=ShownValue("Again", value="Again")))
    page._conflicts.refresh()
    assert page.both_button.text() == "Keep all as 3 requests"


def test_a_conflict_that_ends_elsewhere_ends_here(stage: SyncStage, page: ConflictPage) -> None:
    page.rows[3].mine.button.setFocus(Qt.FocusReason.TabFocusReason)
    page.rows[3].mine.button.click()
    kept = stage.syncing.known_conflicts[2:]
    since = replace(kept[0], mine=ShownValue("since", value="since"), found=ShownValue("first" * 100))
    stage.syncing.known_conflicts = (since, kept[1])
    page._conflicts.refresh()
    assert [row.accessibleName() for row in page.rows] == ["Body", "Header X-Trace-Id"]
    assert states(page) == [("open", "open"), ("chosen", "other")]
    assert summary(page) == "1 of 2 chosen"
    assert page.rows[0].mine.accessibleName() == "Mine: since"
    (note,) = [label for label in page.rows[0].findChildren(QLabel) if label.toolTip()]
    assert note.toolTip().startswith("When the conflict was found, mine was: firstfirst")
    assert "Mine as it is now" in words(page)
    assert page.isAncestorOf(QApplication.focusWidget())
    row = page.rows[0]
    assert list(page._titles.columns())[1] == row.base.mapTo(page, QPoint(0, 0)).x()
    stage.syncing.known_conflicts = ()
    told: list[str] = []
    page.notice_requested.connect(lambda text, *_: told.append(text))
    with stage.qtbot.waitSignal(page.closed):
        page._conflicts.refresh()
    assert told == ["There is nothing to choose in “Create order” now."]


def test_what_is_settled_here_is_told_once(stage: SyncStage, page: ConflictPage) -> None:
    told: list[str] = []
    page.notice_requested.connect(lambda text, *_: told.append(text))
    button(page, "keepBothButton").click()
    stage.syncing.known_conflicts = ()
    page._conflicts.refresh()
    with stage.qtbot.waitSignal(page.closed):
        stage.syncing.last.succeed()
    assert told == ["“Create order” is settled: both are kept, the other side in a copy."]


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (("theirs",) * 4, "“Create order” is settled: the other side stands now."),
        (("mine",) * 4, "“Create order” is settled: yours stays."),
        (("mine", "theirs", "mine", "mine"), "“Create order” is settled: 3 of yours, 1 of the other side."),
    ],
)
def test_it_is_told_how_it_is_settled(
    stage: SyncStage, page: ConflictPage, chosen: tuple[Choice, ...], words: str
) -> None:
    told: list[str] = []
    page.notice_requested.connect(lambda text, *_: told.append(text))
    for row, choice in zip(page.rows, chosen, strict=True):
        page._conflicts.choose(row.conflict.id, choice)
    page.finish_button.click()
    with stage.qtbot.waitSignal(page.closed):
        stage.syncing.last.succeed()
    assert told == [words]


def test_all_mine_and_a_failure(stage: SyncStage, page: ConflictPage) -> None:
    button(page, "allMineButton").click()
    assert states(page) == [("chosen", "other")] * 4
    page.finish_button.click()
    with stage.qtbot.waitSignal(page.notice_requested):
        stage.syncing.last.fail("sync.conflict_not_found", id=1)
    assert page.finish_button.isEnabled()


def test_ways_back(stage: SyncStage, page: ConflictPage) -> None:
    page.focus_first()
    with stage.qtbot.waitSignal(page.closed):
        stage.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    with stage.qtbot.waitSignal(page.closed):
        button(page, "closePageButton").click()
    with stage.qtbot.waitSignal(page.list_wanted):
        button(page, "conflictListButton").click()


def test_little_room_wraps_and_keeps_every_button_in_sight(stage: SyncStage, page: ConflictPage) -> None:
    before = page.rows[1].height()
    page.resize(560, 600)
    stage.qtbot.waitUntil(lambda: page.rows[1].height() > before)
    for row in page.rows:
        for cell in (row.mine, row.theirs):
            assert cell.button.geometry().bottom() < cell.height()
            assert cell.height() >= cell.heightForWidth(cell.width())
    assert "Undo and the history" not in words(page)


@pytest.mark.parametrize(
    ("field", "path", "lines"),
    [
        ("Name", ("name",), ("Name", "")),
        ("Header X-Trace-Id", ("headers", "@a", "value"), ("Header", "X-Trace-Id")),
        ("Path parameter id", ("path_parameters", "@a", "value"), ("Path parameter", "id")),
        ("Header A: description", ("headers", "@a", "description"), ("Header A", "description")),
        ("Authentication: password", ("authentication", "password"), ("Authentication", "password")),
        ("Path parameters", ("path_parameters",), ("Path parameters", "")),
    ],
)
def test_a_field_in_two_lines(field: str, path: tuple[str, ...], lines: tuple[str, str]) -> None:
    row = replace(sample.conflicts("r", "w")[0], field=field, path=path)
    assert field_lines(row) == lines
