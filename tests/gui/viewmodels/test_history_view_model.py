"""Versions of one document: ui.viewmodels.history_view_model and document_parts."""

from __future__ import annotations

import msgspec
import pytest

from insomnia_desktop.services.sync_views import ShownValue, VersionRow
from insomnia_desktop.ui.viewmodels.document_parts import language_of, part_of, part_words, readable, shown_text
from insomnia_desktop.ui.viewmodels.history_view_model import PAGE, HistoryViewModel
from tests.support import sample_sync as sample
from tests.support.fake_accounts import SERVER
from tests.support.sample_workspace import MADE_MS
from tests.support.sync_stage import SyncStage


@pytest.fixture
def history(stage: SyncStage) -> HistoryViewModel:
    return HistoryViewModel(stage.session, "req_1")


def loaded(stage: SyncStage, history: HistoryViewModel) -> None:
    """Have the versions, and the newest old one open."""
    stage.syncing.answers = {"history": sample.versions(), "version": lambda _id, number: sample.version_view(number)}
    history.load()
    stage.qtbot.waitUntil(lambda: history.opened is not None)


def test_the_version_before_the_current_one_is_opened_first(stage: SyncStage, history: HistoryViewModel) -> None:
    assert not history.is_known
    loaded(stage, history)
    assert history.is_known
    assert [row.version for row in history.versions] == list(range(9, 0, -1))
    assert history.chosen is not None
    assert history.chosen.version == 8
    assert history.may_restore
    assert not history.may_be_more


def test_where_there_is_only_the_current_one_it_is_chosen(stage: SyncStage, history: HistoryViewModel) -> None:
    loaded_row = sample.versions()[0]
    stage.syncing.answers = {"history": (loaded_row,), "version": sample.version_view(9)}
    history.load()
    stage.qtbot.waitUntil(lambda: history.opened is not None)
    assert history.chosen == loaded_row
    assert not history.may_restore


def test_walking_quickly_opens_only_the_last_one(stage: SyncStage, history: HistoryViewModel) -> None:
    loaded(stage, history)
    del stage.syncing.answers["version"]
    history.choose(7)
    history.choose(6)
    assert stage.syncing.asked[-2].cancelled
    assert history.opened is None
    stage.syncing.last.succeed(sample.version_view(6))
    stage.qtbot.waitUntil(lambda: history.opened is not None)
    assert history.opened is not None
    assert history.opened.row.version == 6
    before = len(stage.syncing.asked)
    history.choose(6)
    assert len(stage.syncing.asked) == before


def test_a_version_without_a_text_is_not_asked_for(stage: SyncStage, history: HistoryViewModel) -> None:
    loaded(stage, history)
    before = len(stage.syncing.asked)
    history.choose(1)
    assert (len(stage.syncing.asked), history.opened, history.may_restore) == (before, None, False)


def test_a_version_that_cannot_be_opened_says_why(stage: SyncStage, history: HistoryViewModel) -> None:
    loaded(stage, history)
    del stage.syncing.answers["version"]
    history.choose(5)
    with stage.qtbot.waitSignal(history.version_changed):
        stage.syncing.last.fail("account.server_unreachable", address=SERVER)
    assert SERVER in history.version_problem
    history.choose(4)
    assert history.version_problem == ""


def test_restoring_says_which_and_reads_anew(stage: SyncStage, history: HistoryViewModel) -> None:
    loaded(stage, history)
    history.choose(7)
    stage.qtbot.waitUntil(lambda: history.opened is not None)
    with stage.qtbot.waitSignal(history.restored) as told:
        history.restore()
        assert (stage.syncing.last.name, stage.syncing.last.given) == ("restore", ("req_1", 7))
        stage.syncing.last.succeed()
    assert told.args == ["Restored version of 11:26", None]
    assert [asked.name for asked in stage.syncing.asked].count("history") == 2


def test_a_copy_and_a_restore_that_fails(stage: SyncStage, history: HistoryViewModel) -> None:
    loaded(stage, history)
    with stage.qtbot.waitSignal(history.copied) as told:
        history.open_copy()
        assert stage.syncing.last.name == "restore_as_copy"
        stage.syncing.last.succeed("req_2")
    assert told.args == ["req_2"]
    with stage.qtbot.waitSignal(history.failed) as failed:
        history.restore()
        assert history.is_running
        stage.syncing.last.fail("account.server_unreachable", address=SERVER)
    assert failed.args is not None
    assert SERVER in failed.args[0]
    assert history.opened is not None


def test_which_version_was_restored_is_told_by_the_second_where_two_are_of_one_minute(
    stage: SyncStage, history: HistoryViewModel
) -> None:
    newest, second, third, *_ = sample.versions()
    for at, words in ((second.at, "13:40"), (third.at + 2000, "11:26:13")):
        rows = (newest, msgspec.structs.replace(second, at=at), third)
        stage.syncing.answers = {"history": rows, "version": sample.version_view(8), "restore": None}
        history.load()
        stage.qtbot.waitUntil(lambda: history.opened is not None and not history.is_running)
        history.choose(8)
        with stage.qtbot.waitSignal(history.restored) as told:
            history.restore()
        assert told.args == [f"Restored version of {words}", None]
        stage.qtbot.waitUntil(lambda: history.opened is not None and not history.is_running)


def test_versions_of_one_device(stage: SyncStage, history: HistoryViewModel) -> None:
    loaded(stage, history)
    assert history.devices == ["Studio", "Travel", "Work laptop"]
    history.show_device("Travel")
    assert [row.device for row in history.versions] == ["Travel"]
    history.show_device("")
    assert len(history.versions) == 9


def test_older_versions_come_page_by_page(stage: SyncStage, history: HistoryViewModel) -> None:
    def rows(first: int, count: int) -> tuple[VersionRow, ...]:
        return tuple(
            VersionRow(first - at, MADE_MS - at, "Studio", False, 100, True, first - at == 170) for at in range(count)
        )

    stage.syncing.answers = {"version": sample.version_view(8)}
    history.load()
    stage.syncing.last.succeed(rows(170, PAGE))
    stage.qtbot.waitUntil(lambda: history.is_known)
    assert history.may_be_more
    history.load_more()
    assert stage.syncing.last.given == ("req_1", 71)
    with stage.qtbot.waitSignal(history.versions_changed):
        stage.syncing.last.succeed(rows(70, 20))
    assert len(history.versions) == 120
    assert not history.may_be_more
    before = len(stage.syncing.asked)
    history.load_more()
    assert len(stage.syncing.asked) == before


def test_a_history_that_cannot_be_had_can_be_asked_for_again(stage: SyncStage, history: HistoryViewModel) -> None:
    history.load()
    with stage.qtbot.waitSignal(history.versions_changed):
        stage.syncing.last.fail("account.server_unreachable", address=SERVER)
    assert SERVER in history.problem
    loaded(stage, history)
    assert history.problem == ""


def test_parts_of_a_document_in_words() -> None:
    assert part_of(("headers", "@a", "value")) == "headers"
    assert part_of(()) == ""
    assert (part_words("url"), part_words("#place"), part_words("own_key")) == (
        "Address", "Place in the tree", "Own key",
    )  # fmt: skip
    assert part_words("") == "Document"


@pytest.mark.parametrize(
    ("path", "fields", "texts", "language"),
    [
        (("description",), None, (), "markdown"),
        (("url",), None, (), "text"),
        (("body", "text"), {"body": {"media_type": "application/json"}}, (), "json"),
        (("body", "text"), {"body": {"media_type": "application/xml"}}, (), "xml"),
        (("body", "text"), None, ('{"a": 1}', ""), "json"),
        (("body", "text"), None, ("<a/>",), "text"),
        (("body", "query"), None, (), "graphql"),
    ],
)
def test_the_language_of_a_value(
    path: tuple[str, ...], fields: dict[str, object] | None, texts: tuple[str, ...], language: str
) -> None:
    assert language_of(path, fields, *texts) == language


def test_compact_json_is_laid_out_and_nothing_else() -> None:
    assert readable('{"type":"bearer","token":"x"}') == '{\n  "type": "bearer",\n  "token": "x"\n}'
    for text in ("plain", "{{ name }}", "{\n}", "[]", "{}"):
        assert readable(text) == text


def test_rows_of_tables_are_read_as_names_and_values() -> None:
    row = {"id": "h1", "enabled": True, "name": "Accept", "value": "*/*"}
    off = {"id": "h2", "enabled": False, "name": "X-Retries", "value": {"count": 3}, "description": "How often"}

    def text(value: object, *path: str) -> str | None:
        return shown_text(ShownValue("as it is", value=value), path)

    assert text(row, "headers", "@h1") == "Accept: */*"
    assert text(off, "headers", "@h2") == 'X-Retries: {"count": 3} (off)\n  description: How often'
    assert text([row, off], "headers") == "\n".join(filter(None, [text(row), text(off)]))
    assert text(["h2", "h1"], "headers", "#order") == "2 rows in this order"
    assert text("a text", "name") == "as it is"
    assert shown_text(ShownValue("", present=False), ("name",)) is None


def test_what_was_edited_here_is_no_version_until_it_is_sent_and_then_the_versions_are_read_anew(
    stage: SyncStage,
) -> None:
    request_id = stage.request()
    history = HistoryViewModel(stage.session, request_id, sync=stage.sync)
    stage.syncing.answers = {"version": lambda _id, number: sample.version_view(number), "restore": None}
    history.load()
    stage.syncing.last.succeed(sample.versions())
    stage.qtbot.waitUntil(lambda: history.opened is not None and not history.is_running)
    assert history.versions[0].current
    # The restored one stands here, and waits to be sent.
    stage.syncing.dirty = frozenset({request_id})
    with stage.qtbot.waitSignal(history.restored):
        history.restore()
    assert history.is_unsent
    assert not any(row.current for row in history.versions)
    stage.syncing.asked_of("history")[1].succeed(sample.versions())
    stage.qtbot.waitUntil(lambda: history.opened is not None and not history.is_running)
    assert not any(row.current for row in history.versions)
    assert len(stage.syncing.asked_of("history")) == 2
    # Sent: the server has one more.
    stage.syncing.dirty = frozenset()
    stage.sync.refresh()
    assert len(stage.syncing.asked_of("history")) == 3
    newest = sample.versions()[0]
    older = [msgspec.structs.replace(row, current=False) for row in sample.versions()]
    stage.syncing.last.succeed((msgspec.structs.replace(newest, version=10, at=newest.at + 1), *older))
    stage.qtbot.waitUntil(lambda: len(history.versions) == 10)
    assert [row.version for row in history.versions if row.current] == [10]
    assert not history.is_unsent


def test_an_edit_is_what_the_open_version_is_compared_with_from_then_on(stage: SyncStage) -> None:
    request_id = stage.request()
    history = HistoryViewModel(stage.session, request_id)
    loaded(stage, history)
    asked = len(stage.syncing.asked_of("version"))
    stage.session.services.documents.rename(request_id, "Another").result()
    stage.qtbot.waitUntil(lambda: len(stage.syncing.asked_of("version")) == asked + 1)
    assert stage.syncing.asked_of("version")[-1].given == (request_id, 8)
    assert len(stage.syncing.asked_of("history")) == 1
