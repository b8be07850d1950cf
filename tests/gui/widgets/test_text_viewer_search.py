"""Searching in the viewer: hits, marks, order, progress and failures.

Covers:
insomnia_desktop.ui.widgets.viewer.scroll_marks
insomnia_desktop.ui.widgets.viewer.search_run
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.widgets.text_viewer import TextViewer
from insomnia_desktop.ui.widgets.viewer.scroll_marks import MarkedScrollBar

_LINES = "\n".join(f"line {number} {'refunded' if number % 100 == 0 else 'open'}" for number in range(1000))


@pytest.fixture
def viewer(qtbot: QtBot) -> TextViewer:
    made = TextViewer()
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    return made


class Reports:
    """What the viewer told about its search, in order."""

    def __init__(self, viewer: TextViewer) -> None:
        self.all: list[tuple[int, int, int]] = []
        viewer.search_progress.connect(self._on_progress)

    def _on_progress(self, current: int, total: int, percent: int) -> None:
        self.all.append((current, total, percent))

    @property
    def last(self) -> tuple[int, int, int]:
        return self.all[-1]


def _find(qtbot: QtBot, viewer: TextViewer, text: str, *, case: bool = False, regex: bool = False) -> Reports:
    reports = Reports(viewer)
    viewer.find_text(text, case=case, regex=regex)
    qtbot.waitUntil(lambda: reports.last[2] == 100)
    return reports


def _colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for y in range(0, image.height(), 2) for x in range(0, image.width(), 2)}


def _shows(viewer: TextViewer, colour: QColor) -> bool:
    return colour.name() in _colours(viewer.viewport().grab().toImage())


def test_hits_are_counted_and_gone_through_around_the_ends(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text(_LINES)
    reports = _find(qtbot, viewer, "refunded")
    assert reports.last == (1, 10, 100)

    viewer.find_previous()
    assert reports.last == (10, 10, 100)
    assert viewer.accessibleDescription() == "Line 901: line 900 refunded"
    viewer.find_next()
    viewer.find_next()
    assert reports.last == (2, 10, 100)
    assert viewer.accessibleDescription() == "Line 101: line 100 refunded"


def test_the_current_hit_and_the_others_have_their_colours(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text("one two\none two\n")
    _find(qtbot, viewer, "two")
    assert _shows(viewer, theme().color("match"))
    assert _shows(viewer, theme().color("match_now"))

    viewer.find_text("")
    assert not _shows(viewer, theme().color("match"))
    assert not _shows(viewer, theme().color("match_now"))


def test_hits_are_marked_beside_the_scroll_bar_where_they_are(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text(_LINES)
    bar = viewer.verticalScrollBar()
    assert isinstance(bar, MarkedScrollBar)
    width = bar.sizeHint().width()

    _find(qtbot, viewer, "refunded")

    assert bar.sizeHint().width() == width + 4
    marks = bar.marks()
    assert marks == tuple(int(number * bar.height() / 1000) for number in range(0, 1000, 100))
    image = bar.grab().toImage()
    assert image.pixelColor(bar.width() - 2, marks[3]) == theme().color("dot_warning")
    viewer.find_text("")
    assert bar.marks() == ()
    assert bar.sizeHint().width() == width


def test_many_hits_are_marked_all_along(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text(_LINES)
    _find(qtbot, viewer, "line")
    bar = viewer.verticalScrollBar()
    assert isinstance(bar, MarkedScrollBar)
    assert len(bar.marks()) > 0.9 * bar.height()


def test_letter_case_and_patterns_are_respected(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text("Order order ORDER 12 345\n")
    assert _find(qtbot, viewer, "order").last[1] == 3
    assert _find(qtbot, viewer, "order", case=True).last[1] == 1
    assert _find(qtbot, viewer, r"\d{2,}", regex=True).last[1] == 2


def test_a_hit_in_a_fold_unfolds_it(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text('{\n  "a": [\n    1,\n    "hidden"\n  ]\n}\n', language="json")
    qtbot.waitUntil(viewer.is_counted)
    viewer.fold_all()
    _find(qtbot, viewer, "hidden")
    assert _shows(viewer, theme().color("match_now"))


def test_a_hit_far_to_the_right_is_scrolled_to(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text("x" * 1500 + "needle" + "y" * 100)
    _find(qtbot, viewer, "needle")
    assert viewer.horizontalScrollBar().value() > 0
    assert _shows(viewer, theme().color("match_now"))


def test_the_search_begins_at_the_caret(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text(_LINES)
    viewer.go_to_line(350)
    assert _find(qtbot, viewer, "refunded").last == (5, 10, 100)


def test_a_pattern_that_is_none_says_where(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text(_LINES)
    with qtbot.waitSignal(viewer.search_failed) as failed:
        viewer.find_text("(abc", regex=True)
    assert failed.args == ["The pattern is not valid at character 5: missing closing parenthesis."]


def test_a_pattern_that_takes_too_long_is_given_up(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text("a" * 60 + "b\n")
    with qtbot.waitSignal(viewer.search_failed) as failed:
        viewer.find_text("(a+)+$", regex=True)
    assert "takes too long" in failed.args[0]


def test_too_many_hits_are_said(viewer: TextViewer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("insomnia_desktop.ui.widgets.viewer.hits.MOST_HITS", 100)
    viewer.open_text("x" * 1000)
    with qtbot.waitSignal(viewer.search_limited):
        viewer.find_text("x")


def test_a_large_file_is_searched_in_slices_with_progress(viewer: TextViewer, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "body"
    path.write_bytes(b"0123456789abcdef\n" * 3_000_000 + b"needle\n")
    viewer.open_file(path)
    reports = Reports(viewer)

    viewer.find_text("needle")

    assert reports.last[2] < 100
    qtbot.waitUntil(lambda: reports.last == (1, 1, 100))
    assert [percent for _, _, percent in reports.all] == sorted(percent for _, _, percent in reports.all)
    viewer.close_file()


def test_another_body_ends_the_search(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text(_LINES)
    _find(qtbot, viewer, "refunded")
    viewer.open_text("refunded")
    assert not _shows(viewer, theme().color("match_now"))
