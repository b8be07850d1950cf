"""Log files, and what must never stand in them."""

from __future__ import annotations

import logging
import logging.handlers
import os
import re
from collections import deque
from pathlib import Path

from insomnia_desktop.base.errors import KnownError

_FORMAT = "%(asctime)s %(levelname)s %(name)s [%(threadName)s] %(message)s"
_BYTES_A_FILE = 1_000_000
_KEPT_FILES = 3
_RING_LINES = 500
_SECRETS = (
    (re.compile(r"(?i)\b(authorization|cookie|set-cookie|proxy-authorization)(\"?\s*[:=]\s*).*"), r"\1\2[removed]"),
    (re.compile(r"(?i)\b(password|token|secret|api[-_]?key)(\"?\s*[:=]\s*\"?)[^\s,\"}]+"), r"\1\2[removed]"),
    (re.compile(r"(://)[^/@\s:]+:[^/@\s]+@"), r"\1[removed]@"),
)

_recent: deque[str] = deque(maxlen=_RING_LINES)


def redact(text: str) -> str:
    """Return the text without what looks like a password, a token, a cookie or an Authorization header."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Formats a record and removes what looks like a secret from the whole of it, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the formatted and redacted record."""
        return redact(super().format(record))


class _RingHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _recent.append(self.format(record))


def recent_lines() -> list[str]:
    """Return the newest lines of the log (500 at most), for a crash report."""
    return list(_recent)


def configure(folder: Path, *, debug: bool = False) -> None:
    """Log into `folder`/insomnia-desktop.log: three files of 1 MB at most, mode 0600.

    Raises KnownError `logs.unwritable`; the program can go on without a log file.
    """
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    # Libraries log addresses and headers at DEBUG and INFO: only their warnings are ours to keep.
    for library in ("httpx", "httpcore", "h2", "hpack", "asyncio"):
        logging.getLogger(library).setLevel(logging.WARNING)
    formatter = RedactingFormatter(_FORMAT)
    ring = _RingHandler()
    ring.setFormatter(formatter)
    root.addHandler(ring)
    path = folder / "insomnia-desktop.log"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        os.close(descriptor)
        file = logging.handlers.RotatingFileHandler(
            path, maxBytes=_BYTES_A_FILE, backupCount=_KEPT_FILES - 1, encoding="utf-8"
        )
    except OSError as error:
        raise KnownError("logs.unwritable", path=str(path), reason=os.strerror(error.errno or 0)) from error
    file.setFormatter(formatter)
    root.addHandler(file)


def release() -> None:
    """Close and remove the handlers that `configure` added."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler.formatter, RedactingFormatter):
            root.removeHandler(handler)
            handler.close()
