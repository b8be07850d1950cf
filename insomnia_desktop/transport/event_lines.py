"""Server-sent events out of the bytes of a stream, whatever pieces they come in (protocol v1, 3.12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# A hint is some hundred bytes; a line that goes on longer is no hint, and is not kept.
_LONGEST_LINE: Final = 4096


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its name and its data as they came, not checked."""

    name: str
    data: str


class EventLines:
    """Takes bytes and gives events. What is no event (a comment, an unknown field, an endless line) is left out."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._skipping = False
        self._name = ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that a piece of the stream brings to their end."""
        events = []
        self._waiting += chunk
        while (end := self._waiting.find(b"\n")) >= 0:
            line = bytes(self._waiting[:end])
            del self._waiting[: end + 1]
            if self._skipping or len(line) > _LONGEST_LINE:
                self._skipping = False
                continue
            event = self._line(line.rstrip(b"\r"))
            if event is not None:
                events.append(event)
        if len(self._waiting) > _LONGEST_LINE:
            self._waiting.clear()
            self._skipping = True
        return events

    def _line(self, line: bytes) -> Event | None:
        if not line:
            name, data = self._name, "\n".join(self._data)
            self._name, self._data = "", []
            return Event(name, data) if name else None
        field, _, value = line.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            self._name = value
        elif field == "data" and sum(map(len, self._data)) < _LONGEST_LINE:
            self._data.append(value)
        return None
