"""What a version is compared with, and the comparison beside the window.

About ui.viewmodels.version_sections and comparison_words.
"""

from __future__ import annotations

from threading import Event, current_thread
from typing import Any

import msgspec
import pytest

from insomnia_desktop.services.history_views import Difference, VersionView
from insomnia_desktop.ui.models.line_matches import Effort
from insomnia_desktop.ui.models.text_difference import DifferenceLine, difference_lines
from insomnia_desktop.ui.viewmodels.comparison_words import comparison_words, same_words
from insomnia_desktop.ui.viewmodels.history_view_model import HistoryViewModel
from tests.support import sample_sync as sample
from tests.support.sample_sync import shown
from tests.support.sample_workspace import MADE_MS
from tests.support.sync_stage import SyncStage


@pytest.fixture
def history(stage: SyncStage) -> HistoryViewModel:
    return HistoryViewModel(stage.session, "req_1")


def loaded(stage: SyncStage, history: HistoryViewModel) -> None:
    """Have the versions, and the newest old one open."""
    stage.syncing.answers = {"history": sample.versions(), "version": view_of}
    history.load()
    stage.qtbot.waitUntil(lambda: history.opened is not None)


def view_of(_id: str, number: int, against: str = "current") -> VersionView:
    return msgspec.structs.replace(sample.version_view(number), against=against)


def test_what_versions_are_compared_with_is_chosen_and_stays(stage: SyncStage, history: HistoryViewModel) -> None:
    loaded(stage, history)
    assert history.against == "current"
    with stage.qtbot.waitSignal(history.version_changed):
        history.compare_with("previous")
    assert history.opened is None, "what was compared with something else is no longer shown"
    assert stage.syncing.last.given == ("req_1", 8, "previous")
    stage.qtbot.waitUntil(lambda: history.sections is not None)
    history.choose(7)
    assert stage.syncing.last.given == ("req_1", 7, "previous")
    asked = len(stage.syncing.asked)
    history.compare_with("previous")
    assert len(stage.syncing.asked) == asked
    history.compare_with("current")
    assert stage.syncing.last.given == ("req_1", 7)


def large_view(number: int) -> VersionView:
    old, new = ("\n".join(f"{name} {line}" for line in range(100_000)) for name in ("old", "new"))
    row = next(each for each in sample.versions() if each.version == number)
    return VersionView(row, "request", "R", {}, (Difference("Docs", ("description",), shown(old), shown(new)),))


def test_a_large_text_is_compared_beside_the_window(
    stage: SyncStage, history: HistoryViewModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from insomnia_desktop.ui.models import difference_sections

    threads: list[str] = []
    honest = difference_lines

    def compare(*texts: str | None, effort: Effort) -> list[DifferenceLine]:
        threads.append(current_thread().name)
        return honest(*texts, effort=effort)

    monkeypatch.setattr(difference_sections, "difference_lines", compare)
    stage.syncing.answers = {"history": sample.versions(), "version": lambda _id, number: large_view(number)}
    history.load()
    stage.qtbot.waitUntil(lambda: history.opened is not None)
    assert history.sections is None, "it is told that it is compared, and the window goes on"
    assert history.may_restore
    stage.qtbot.waitUntil(lambda: history.sections is not None, timeout=20_000)
    assert threads
    assert current_thread().name not in threads
    (section,) = history.sections or ()
    assert (section.heading, len(section.parts[0].lines), section.left_out) == ("Docs", 200_000, "words")


def test_a_comparison_ends_when_another_version_is_chosen(
    stage: SyncStage, history: HistoryViewModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from insomnia_desktop.ui.models import difference_sections

    ended, begun = Event(), Event()

    def without_end(*_texts: str | None, effort: Effort) -> list[DifferenceLine]:
        begun.set()
        try:
            while True:
                effort.check()
        finally:
            ended.set()

    honest = difference_lines
    monkeypatch.setattr(difference_sections, "difference_lines", without_end)
    loaded(stage, history)
    stage.qtbot.waitUntil(begun.is_set)
    monkeypatch.setattr(difference_sections, "difference_lines", honest)
    history.choose(7)
    stage.qtbot.waitUntil(ended.is_set)
    stage.qtbot.waitUntil(lambda: history.sections is not None)
    assert history.opened is not None
    assert history.opened.row.version == 7


def test_what_a_comparison_says_is_true_of_both_directions() -> None:
    now, view = MADE_MS, sample.version_view(7)
    current = comparison_words("current", view, now)
    assert current.other == "current"
    assert "“+” before what only the current one has" in current.signs
    rows = sample.versions()
    next_one = msgspec.structs.replace(view, against="previous", previous=rows[3])
    previous = comparison_words("previous", next_one, now)
    assert previous.other == "previous"
    assert "“+” before what it brought. The version before is of today, 11:24." in previous.signs
    assert previous.spoken == "Differences from the version of today, 11:24 to this one"
    far = comparison_words("previous", msgspec.structs.replace(next_one, previous=rows[-2]), now)
    assert far.other == "previous kept"
    assert "since 12 November, 16:05: versions between are not kept" in far.signs
    assert comparison_words("previous", None, now).other == "previous"


@pytest.mark.parametrize(
    ("changed", "title", "text"),
    [
        ({"missing": "deleted"}, "Nothing to compare with", "It is deleted"),
        ({"missing": "first", "against": "previous"}, "The first version", "Nothing was before it."),
        ({"missing": "gone", "against": "previous"}, "Nothing before it is kept", "newest 50"),
        (
            {"missing": "unreadable", "against": "previous", "previous": sample.versions()[3]},
            "The version before it cannot be opened",
            "It is that of today, 11:24.",
        ),
        ({"moved": True}, "Another place", "all else is as in the current one"),
        ({"moved": True, "against": "previous"}, "Moved", "Only its place in the tree"),
        ({"against": "previous"}, "No difference", "the same as the one before it"),
        ({}, "No difference", "the same as the current one"),
    ],
)
def test_why_there_is_no_difference(changed: dict[str, Any], title: str, text: str) -> None:
    view = msgspec.structs.replace(sample.version_view(7), differences=(), **changed)
    words = same_words(view, MADE_MS)
    assert words[0] == title
    assert text in words[1]
