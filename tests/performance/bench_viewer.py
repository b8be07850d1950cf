"""Measures the viewer of bodies: first frame, memory, scrolling, counting and searching; prints its figures.

Each figure is a function that a runner can call; the process needs no display (`QT_QPA_PLATFORM=offscreen`).
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.services.formatting import Formatting
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.widgets.text_viewer import TextViewer
from tests.performance.row import Row, at_most

MEGABYTE = 1_000_000
_RECORD = (
    b'    {\n      "id": "ord_%07d",\n      "number": 4702773,\n      "state": "shipped",\n'
    b'      "total": 4241,\n      "created_at": "2026-10-08T08:46:09Z",\n      "customer": "cus_8Hq2"\n    },\n'
)


class Figure(NamedTuple):
    """One measured value, and the target where there is one."""

    name: str
    value: float
    unit: str
    target: float | None = None


def write_json(path: Path, size: int) -> None:
    """Write JSON in lines, about `size` bytes."""
    block = b"".join(_RECORD % number for number in range(2000))
    with path.open("wb") as file:
        file.write(b'{\n  "orders": [\n')
        for _ in range(size // len(block) + 1):
            file.write(block)
        file.write(b'    {"state": "refunded"}\n  ]\n}\n')


def write_one_line(path: Path, size: int) -> None:
    """Write the same JSON without a line break."""
    block = b"".join((_RECORD % number).replace(b"\n", b"").replace(b"  ", b"") for number in range(2000))
    with path.open("wb") as file:
        file.write(b'{"orders":[')
        for _ in range(size // len(block) + 1):
            file.write(block)
        file.write(b'{"state":"refunded"}]}')


def write_sparse(path: Path, size: int) -> None:
    """Make a file of zeros that takes no room on the disk: one line of control characters."""
    path.touch()
    os.truncate(path, size)


def resident_mb() -> float:
    """Return the memory of this process that is not file pages, in MB; the peak where the system tells no more."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("RssAnon"):
                return int(line.split()[1]) * 1024 / MEGABYTE
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / MEGABYTE if sys.platform == "darwin" else peak * 1024 / MEGABYTE


def first_paint(viewer: TextViewer, path: Path, language: str = "json") -> float:
    """Return the milliseconds from opening a file to its first frame painted."""
    image = QImage(viewer.size(), QImage.Format.Format_RGB32)
    started = time.perf_counter()
    viewer.open_file(path, language=language)
    viewer.render(image)
    return (time.perf_counter() - started) * 1000


def counted(viewer: TextViewer) -> tuple[float, float]:
    """Return the milliseconds until all lines are counted, and the longest time that events had to wait."""
    started = before = time.perf_counter()
    longest = 0.0
    while not viewer.is_counted():
        QCoreApplication.processEvents()
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
    return (time.perf_counter() - started) * 1000, longest * 1000


def scroll_frame(viewer: TextViewer, frames: int = 60) -> float:
    """Return the median milliseconds of a frame that scrolled by three lines."""
    image = QImage(viewer.size(), QImage.Format.Format_RGB32)
    bar = viewer.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    QCoreApplication.processEvents()
    taken: list[float] = []
    for _ in range(frames):
        started = time.perf_counter()
        bar.setValue(bar.value() + 3 * bar.singleStep())
        viewer.render(image)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def jump_to_end(viewer: TextViewer) -> float:
    """Return the milliseconds of a jump to the end and its frame."""
    image = QImage(viewer.size(), QImage.Format.Format_RGB32)
    started = time.perf_counter()
    viewer.verticalScrollBar().setValue(viewer.verticalScrollBar().maximum())
    viewer.render(image)
    return (time.perf_counter() - started) * 1000


def search(viewer: TextViewer, text: str, *, case: bool, regex: bool) -> tuple[float, float]:
    """Return the milliseconds of a search through all, and the longest time that events had to wait."""
    done: list[int] = []

    def on_progress(current: int, total: int, percent: int) -> None:
        if percent == 100:
            done.append(total)

    viewer.search_progress.connect(on_progress)
    started = before = time.perf_counter()
    longest = 0.0
    viewer.find_text(text, case=case, regex=regex)
    while not done:
        QCoreApplication.processEvents()
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
    viewer.search_progress.disconnect(on_progress)
    taken = (time.perf_counter() - started) * 1000
    viewer.find_text("")
    return taken, longest * 1000


def warm_viewer() -> TextViewer:
    """Return a viewer that has drawn something before: fonts are loaded."""
    viewer = TextViewer()
    viewer.resize(1200, 800)
    viewer.show()
    viewer.open_text('{"warm": [1, "fonts", null, true]}', language="json")
    viewer.render(QImage(viewer.size(), QImage.Format.Format_RGB32))
    return viewer


def measure(folder: Path, size: int, write: Callable[[Path, int], None]) -> list[Figure]:
    """Measure one body of about `size` bytes."""
    name = f"{size // MEGABYTE} MB {write.__name__.removeprefix('write_')}"
    path = folder / "body"
    write(path, size)
    viewer = warm_viewer()
    before = resident_mb()
    figures = [Figure(f"{name}: first paint", first_paint(viewer, path), "ms", 50)]
    figures.append(Figure(f"{name}: jump to the end at once", jump_to_end(viewer), "ms", 50))
    taken, longest = counted(viewer)
    figures.append(Figure(f"{name}: lines counted", taken, "ms"))
    figures.append(Figure(f"{name}: longest wait of events meanwhile", longest, "ms"))
    figures.append(Figure(f"{name}: scroll frame", scroll_frame(viewer), "ms", 16))
    for label, text, case, regex in (
        ("find", "refunded", True, False),
        ("find in any case", "refunded", False, False),
        ("find by pattern", r"refund\w+", True, True),
    ):
        if regex and size > 200 * MEGABYTE:
            continue
        taken, longest = search(viewer, text, case=case, regex=regex)
        figures.append(Figure(f"{name}: {label}", taken, "ms"))
        figures.append(Figure(f"{name}: longest wait of events meanwhile", longest, "ms"))
    figures.append(Figure(f"{name}: memory", resident_mb() - before, "MB", 50))
    viewer.close_file()
    viewer.deleteLater()
    path.unlink()
    return figures


def pretty_json(folder: Path) -> Iterator[Row]:
    """Measure a pretty copy of 10 MB of JSON in one line, from the file to its first frame, and look at its values."""
    body = folder / "responses" / "body"
    write_one_line(body, 10 * MEGABYTE)
    odd = b',"odd":[1.10,1E5,123456789012345678901234567890,"\\u00e9"],"twice":1,"twice":2}'
    with body.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(odd)
    loop = LoopThread("worker-send")
    formatting = Formatting(DataFolder(folder), loop)
    viewer = warm_viewer()
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        pretty = formatting.pretty_file(body, "application/json")
        assert pretty is not None
        first_paint(viewer, pretty)
        taken.append((time.perf_counter() - started) * 1000)
        viewer.close_file()
        # What is not white space is the same, so numbers and keys are: no text of this body has white space.
        assert pretty.read_bytes().translate(None, b" \n") == body.read_bytes().translate(None, b" \n")
        formatting.discard(pretty)
    formatting.close()
    viewer.deleteLater()
    note = "numbers and duplicate keys unchanged"
    yield at_most("pretty-print 10 MB JSON in the viewer", 150, statistics.median(taken), "ms", note)


def first_frames(folder: Path) -> Iterator[Row]:
    """Measure the first frame of bodies that are on disk, and the memory that the viewer takes for them."""
    for size in (100 * MEGABYTE, 1000 * MEGABYTE):
        path = folder / "body"
        write_json(path, size)
        viewer = warm_viewer()
        before = resident_mb()
        taken = []
        for _ in range(5):
            taken.append(first_paint(viewer, path))
            memory = resident_mb() - before
            viewer.close_file()
        viewer.deleteLater()
        path.unlink()
        what = f"{size // MEGABYTE:,} MB body: first paint of the viewer"
        yield at_most(what, 50, statistics.median(taken), "ms", f"slowest {max(taken):.1f} ms")
        yield at_most(f"{size // MEGABYTE:,} MB body: extra memory of the viewer", 50, max(0.0, memory), "MB")


def rows() -> Iterator[Row]:
    """Yield the figures that have a target; `python -m tests.performance.bench_viewer` prints more of them."""
    application = QApplication.instance() or QApplication([])
    switch().choose("dark")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "responses").mkdir()
        yield from pretty_json(folder)
        yield from first_frames(folder)
    application.processEvents()


def main() -> list[Figure]:
    """Measure and print all."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        for size, write in (
            (10 * MEGABYTE, write_json),
            (100 * MEGABYTE, write_json),
            (100 * MEGABYTE, write_one_line),
            (1000 * MEGABYTE, write_json),
            (1000 * MEGABYTE, write_sparse),
        ):
            found = measure(Path(folder), size, write)
            application.processEvents()
            for one in found:
                target = "" if one.target is None else f"  (target {one.target:g})"
                sys.stdout.write(f"{one.name:<60}{one.value:>10.1f} {one.unit}{target}\n")
            sys.stdout.flush()
            figures += found
    return figures


if __name__ == "__main__":
    main()
