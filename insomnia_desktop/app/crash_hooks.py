"""What nobody caught becomes one crash report and one sentence."""

from __future__ import annotations

import faulthandler
import itertools
import logging
import os
import sqlite3
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from insomnia_desktop import __version__
from insomnia_desktop.base import logs
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.loop_thread import LoopThread

if TYPE_CHECKING:
    import asyncio

_KEPT_REPORTS = 10
_MOST_REPORTS = 20
_logger = logging.getLogger(__name__)
_VERSIONED = ("PySide6", "httpx", "h2", "jinja2", "cryptography", "lxml", "msgspec")


class CrashHooks:
    """Writes what threads, loops and finalisers did not catch into `logs/crash-*.txt`, redacted, mode 0600.

    A KnownError that was let through is logged, and told by its own sentence.
    `tell` gets one sentence for each report, on the thread that failed; the window puts its own way of telling there
    once it stands. Ctrl+C and exits are left alone.
    At most 20 reports a run are written and the newest ten files kept. Threads: any.
    """

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self._folder = folder
        self.tell = tell
        self._numbers = itertools.count(1)
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        self._fatal: IO[str] | None = None

    def install(self) -> None:
        """Take the hooks of the interpreter; crashes of native code are noted in `logs/fatal.txt`."""
        sys.excepthook = self._on_main
        threading.excepthook = self._on_thread
        sys.unraisablehook = self._on_unraisable
        try:
            descriptor = os.open(self._folder / "fatal.txt", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        except OSError as error:
            _logger.warning("Crashes of native code will not be noted: %s", error.strerror)
        else:
            self._fatal = os.fdopen(descriptor, "a", encoding="utf-8")
            faulthandler.enable(self._fatal)

    def uninstall(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
        if self._fatal is not None:
            faulthandler.disable()
            self._fatal.close()
            self._fatal = None

    def watch_loop(self, loop: LoopThread) -> None:
        """Report what the tasks and callbacks of a worker's loop did not catch."""
        loop.submit(self._take_loop())

    def report(self, error: BaseException, where: str) -> None:
        """Write a report about an exception that was caught at an edge, and say so."""
        if isinstance(error, KeyboardInterrupt | SystemExit):
            return
        if isinstance(error, KnownError):
            # The world did it, wherever it was let through: it has a sentence of its own, and is no crash.
            from insomnia_desktop.services.error_text import one_line  # only needed when something went wrong

            _logger.error("Not caught (%s): %s", where, error, exc_info=error)
            self.tell(one_line(error))
            return
        number = next(self._numbers)
        if number > _MOST_REPORTS:
            return
        text = _report_text(error, where)
        path = self._write(text, number)
        place = f" A report lies in {path}." if path is not None else ""
        self.tell(f"Something went wrong inside the program; what was saved is safe.{place}")

    def _write(self, text: str, number: int) -> Path | None:
        stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
        path = self._folder / f"crash-{stamp}-{os.getpid()}-{number}.txt"
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
            for old in sorted(self._folder.glob("crash-*.txt"))[:-_KEPT_REPORTS]:
                old.unlink(missing_ok=True)
        except OSError as error:
            # A full disk must not hide what happened: the log handler and the sentence are still there.
            _logger.error("The crash report could not be written (%s): %s", error.strerror, text)
            return None
        _logger.info("Crash report %s", path.name)
        return path

    def _on_main(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
        else:
            self.report(error, "main thread")

    def _on_thread(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            self.report(caught.exc_value, f"thread {caught.thread.name if caught.thread else '?'}")

    def _on_unraisable(self, caught: sys.UnraisableHookArgs) -> None:
        if caught.exc_value is not None:
            self.report(caught.exc_value, caught.err_msg or "finaliser")

    async def _take_loop(self) -> None:
        from asyncio import get_running_loop  # imported here: no loop runs before the first picture

        get_running_loop().set_exception_handler(self._on_loop)

    def _on_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            self.report(error, f"loop: {context.get('message', '')}")
        else:
            _logger.error("Loop: %s", context.get("message", ""))


def _report_text(error: BaseException, where: str) -> str:
    import platform  # imported here: only a crash asks for it

    versions = [
        f"insomnia-desktop {__version__}",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
    ]
    versions += [f"{name} {_version_of(name)}" for name in _VERSIONED if name in sys.modules]
    lines = [
        f"Where: {where}",
        f"When: {time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime())} UTC",
        f"System: {platform.platform()}",
        "Versions: " + ", ".join(versions),
        "",
        "".join(traceback.format_exception(error)),
        "The newest lines of the log:",
        *logs.recent_lines(),
        "",
    ]
    return logs.redact("\n".join(lines))


def _version_of(name: str) -> str:
    version = getattr(sys.modules[name], "__version__", "?")
    return version if isinstance(version, str) else "?"
