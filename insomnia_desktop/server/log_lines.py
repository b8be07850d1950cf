"""The log of the server: one JSON object a line, and only what is named here comes into it.

No body, no header, no e-mail address, no path of an unknown route. An exception is its class and the places in the code
that it passed: its text may hold what a client sent.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import PurePath
from types import TracebackType
from typing import TextIO

from insomnia_desktop.base.logs import redact

_FRAMES = 12
_FIELDS = "event_fields"
_OURS = "insomnia_desktop"


def write_event(logger: logging.Logger, level: int, event: str, **fields: str | int | float | bool | None) -> None:
    """Write a line about something that happened; every field is one that may be read by anybody with the log."""
    logger.log(level, event, extra={_FIELDS: fields})


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON: time, level, event and its fields, or the redacted message of a library."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        fields = getattr(record, _FIELDS, None)
        if fields is None:
            line |= {"event": "message", "logger": record.name, "message": redact(record.getMessage())}
        else:
            line |= {"event": record.msg, **fields}
        if record.exc_info and record.exc_info[0] is not None:
            line |= {"exception": record.exc_info[0].__name__, "frames": frames(record.exc_info[2])}
        return json.dumps(line)


def frames(trace: TracebackType | None) -> list[str]:
    """Return the last places of a traceback as `file:line function`, without any value."""
    found = traceback.extract_tb(trace)[-_FRAMES:]
    return [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in found]


class LogToStream(logging.StreamHandler[TextIO]):
    """Writes the log to a stream, and knows how loggers were set before."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.setFormatter(JsonFormatter())
        self.levels = {name: logging.getLogger(name).level for name in ("", _OURS)}


def configure(stream: TextIO | None = None) -> LogToStream:
    """Write the log to a stream, standard error if none is given; returns what `release` takes.

    Of libraries only the warnings: some of them log addresses and statements.
    """
    handler = LogToStream(stream or sys.stderr)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(logging.INFO)
    return handler


def release(handler: LogToStream) -> None:
    """Take back what `configure` did."""
    logging.getLogger().removeHandler(handler)
    for name, level in handler.levels.items():
        logging.getLogger(name).setLevel(level)
    handler.close()
