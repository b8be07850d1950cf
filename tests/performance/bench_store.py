"""Measures the store: opening, the tree, a commit, search, reading one document."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.model import Edit
from insomnia_desktop.store import Origin, Reader, Store
from insomnia_desktop.store.commands.documents import PatchDocument
from insomnia_desktop.store.queries import documents as queries
from tests.performance.row import Row, at_most
from tests.support.filled_store import fill

_COMMITS = 2000
_ORIGIN = Origin("window")


def rows() -> Iterator[Row]:
    """Yield the figures of a store with 10,000 and with 100,000 requests."""
    for requests in (10_000, 100_000):
        with tempfile.TemporaryDirectory() as temporary:
            yield from _of_size(Path(temporary), requests)


def _of_size(root: Path, requests: int) -> Iterator[Row]:
    folder = DataFolder(root)
    workspace_id = fill(folder, requests, clock=SystemClock())
    size = f"{requests:,} requests"
    yield at_most(f"store: open, {size}", 15, _median(lambda: _open_and_close(folder), 5), "ms", "with closing")
    store = Store.open(folder, clock=SystemClock())
    try:
        reader = store.reader()
        tree = _median(lambda: queries.tree_rows(reader, workspace_id), 7)
        yield at_most(f"store: rows of the tree, {size}", requests / 400, tree, "ms")
        ids = [row.id for row in queries.tree_rows(reader, workspace_id) if row.kind == "request"]
        yield at_most(f"store: read one document, {size}", 0.3, _median(lambda: _read_some(reader, ids), 7) / 100, "ms")
        for text in ("inv", "payment 77", "voice"):
            found = _median(lambda text=text: queries.search(reader, text), 7)
            yield at_most(f"store: search {text!r}, {size}", 20 if requests < 100_000 else 200, found, "ms")
        yield from _commits(store, ids, size)
    finally:
        store.close()


def _commits(store: Store, ids: list[str], size: str) -> Iterator[Row]:
    taken = []
    for number in range(_COMMITS):
        command = PatchDocument(ids[number * 7 % len(ids)], (Edit(("url",), f"https://example.test/{number}"),))
        begun = time.perf_counter()
        store.submit(command, origin=_ORIGIN).result()
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    note = f"p50 {statistics.median(taken):.2f} ms, max {taken[-1]:.2f} ms"
    yield at_most(f"commit of one edit, p99, {size}", 1, taken[int(_COMMITS * 0.99)], "ms", note)


def _open_and_close(folder: DataFolder) -> None:
    Store.open(folder, clock=SystemClock()).close()


def _read_some(reader: Reader, ids: list[str]) -> None:
    for document_id in ids[:: max(1, len(ids) // 100)][:100]:
        queries.document(reader, document_id)


def _median(measured: Callable[[], object], times: int) -> float:
    figures = []
    for _ in range(times):
        begun = time.perf_counter()
        measured()
        figures.append((time.perf_counter() - begun) * 1000)
    return statistics.median(figures)
