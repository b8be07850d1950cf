"""sync.pull_progress: an honest pull goes on however long it is, pages without end come to one."""

from __future__ import annotations

import pytest

from insomnia_desktop.store.sync_rows import HeldRow
from insomnia_desktop.sync.endings import MakesNoSense
from insomnia_desktop.sync.envelopes import Opened
from insomnia_desktop.sync.pull_progress import MOST_FRUITLESS_PAGES, PullProgress
from insomnia_desktop.sync.values import Plaintext, QuarantineReason, Row
from tests.unit.sync.documents import request, wire_id


def opened(number: int, content: Plaintext | QuarantineReason) -> Opened:
    """Return a row that says this."""
    held = HeldRow("00" * 16, "", False, 1, number, bytes(32), False, bytes(16), b"")
    return Opened(Row(wire_id(number), 1, number, bytes(32), False, bytes(32)), content, held)


def test_pages_that_bring_something_to_read_go_on_for_ever() -> None:
    progress = PullProgress()
    for number in range(1000):
        progress.rows([opened(number, request()), opened(number, "undecryptable")])
        progress.page_ends(more=True)
    # What only a newer program reads was written by somebody with the keys.
    for number in range(1000, 1100):
        progress.rows([opened(number, "newer_schema")])
        progress.page_ends(more=True)


@pytest.mark.parametrize("content", ["undecryptable", "malformed", request()], ids=["sealed", "malformed", "known"])
def test_pages_without_anything_new_come_to_an_end(content: Plaintext | QuarantineReason) -> None:
    progress = PullProgress()
    progress.rows([opened(0, request())])
    progress.page_ends(more=True)

    def page(number: int) -> None:
        progress.rows([opened(number if isinstance(content, str) else 0, content)])
        progress.page_ends(more=True)

    for number in range(MOST_FRUITLESS_PAGES):
        page(number)
    with pytest.raises(MakesNoSense):
        page(MOST_FRUITLESS_PAGES)


def test_the_last_page_may_be_empty_and_a_pull_may_begin_anew() -> None:
    progress = PullProgress()
    for _ in range(3 * MOST_FRUITLESS_PAGES):
        progress.page_ends(more=False)
    for _ in range(3):
        progress.begin_anew()
        for number in range(MOST_FRUITLESS_PAGES):
            progress.rows([opened(number, request())])
            progress.page_ends(more=True)
