"""Fails a test that logs a warning which it did not announce, Qt's own messages included."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from PySide6.QtCore import QMessageLogContext, QtMsgType

# Said by Qt's offscreen platform, which has no window manager.
LET_PASS = (
    re.compile(r"This plugin does not support raise\(\)"),
    re.compile(r"This plugin does not support propagateSizeHints\(\)"),
    re.compile(r"This plugin does not support grabbing the (keyboard|mouse)"),
)


class LogGuard(logging.Handler):
    """Collects every record from WARNING up; a test announces the ones it means to cause with `expect`."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._seen: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the text of the record, from whichever thread it comes."""
        text = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            text += f" [{record.exc_info[1]!r}]"
        self._seen.append((f"{record.levelname} {record.name}", text))

    @contextmanager
    def expect(self, part: str) -> Iterator[None]:
        """Take out the records that hold `part` and come within the block; fail if there is none."""
        before = len(self._seen)
        yield
        fresh = self._seen[before:]
        others = [entry for entry in fresh if part not in entry[1]]
        self._seen[before:] = others
        assert len(others) < len(fresh), f"nothing was logged that holds {part!r}"

    def let_pass(self, part: str) -> None:
        """Take out the records up to now that hold `part`; there may be none, where a race decides."""
        self._seen[:] = [entry for entry in self._seen if part not in entry[1]]

    def take(self) -> list[str]:
        """Return what nobody announced, one line each, and forget it."""
        seen, self._seen = self._seen, []
        return [f"{where}: {text}" for where, text in seen if not any(pattern.search(text) for pattern in LET_PASS)]


def check(guard: LogGuard) -> None:
    """Fail the test that left unannounced records."""
    lines = guard.take()
    if lines:
        pytest.fail("logged without being expected:\n" + "\n".join(lines), pytrace=False)


def qt_message_handler(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Send a message of Qt into the log, so that one guard sees all."""
    from PySide6.QtCore import QtMsgType

    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
    }
    category = context.category or "default"
    logging.getLogger(f"qt.{category}").log(levels.get(kind, logging.CRITICAL), "%s", text)
