"""The log of the server: server.log_lines."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest

from insomnia_desktop.server import log_lines
from tests.support.logfail import LogGuard

OURS = logging.getLogger("insomnia_desktop.server.test")


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What is written."""
    stream = StringIO()
    handler = log_lines.configure(stream)
    yield stream
    log_lines.release(handler)


def lines(log: StringIO) -> list[dict[str, object]]:
    """Return the lines as objects."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_an_event_with_its_fields(log: StringIO) -> None:
    log_lines.write_event(OURS, logging.INFO, "request", status=200, ms=1.5)
    (line,) = lines(log)
    assert str(line.pop("at")).endswith("+00:00")
    assert line == {"level": "info", "event": "request", "status": 200, "ms": 1.5}


def test_of_libraries_only_warnings_and_redacted(log: StringIO, log_guard: LogGuard) -> None:
    library = logging.getLogger("some.library")
    library.info("GET /secret")
    with log_guard.expect("password"):
        library.warning("password=hunter2\nand %s", "more")
    (line,) = lines(log)
    assert (line["event"], line["logger"]) == ("message", "some.library")
    assert "hunter2" not in str(line)


def test_an_exception_is_its_class_and_where_it_came_by(log: StringIO, log_guard: LogGuard) -> None:
    with log_guard.expect("bug"):
        try:
            _fail("hunter2")
        except ValueError as error:
            OURS.error("bug", exc_info=error, extra={"event_fields": {}})
    (line,) = lines(log)
    assert line["exception"] == "ValueError"
    frames = line["frames"]
    assert isinstance(frames, list)
    assert [frame.rpartition(" ")[2] for frame in frames] == [
        "test_an_exception_is_its_class_and_where_it_came_by",
        "_fail",
    ]
    assert "hunter2" not in log.getvalue()


def test_one_line_whatever_is_in_it(log: StringIO) -> None:
    log_lines.write_event(OURS, logging.INFO, "request", address='a\nb"c\u2028')
    assert len(log.getvalue().splitlines()) == 1
    assert lines(log)[0]["address"] == 'a\nb"c\u2028'


def test_everything_is_as_it_was_afterwards() -> None:
    root, ours = logging.getLogger(), logging.getLogger("insomnia_desktop")
    before = (root.level, ours.level, list(root.handlers))
    log_lines.release(log_lines.configure(StringIO()))
    assert (root.level, ours.level, root.handlers) == before


def _fail(value: str) -> None:
    raise ValueError(value)
