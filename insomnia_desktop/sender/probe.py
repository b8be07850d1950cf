"""What is measured and noted while a request goes out: phases, timeline, and the connection it took."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Protocol

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.model.response import EntryKind, TimelineEntry, Timings
from insomnia_desktop.sender.events import Phase, PhaseChanged, SendEvent


class Closable(Protocol):
    """A connection, as far as it has to be closed."""

    async def aclose(self) -> None:
        """Close it."""
        ...


class Probe:
    """Collects the phases and the timeline of one send over all its hops.

    The network code below httpx finds it by `current_probe`, which is set in the task that sends. Of the hop it knows
    how many `connections` it made, which it `opened`, whether the request itself was begun (`asked`), and how many
    bytes came back. Threads: one.
    """

    def __init__(self, clock: Clock, listener: Callable[[SendEvent], None]) -> None:
        self._clock = clock
        self._listener = listener
        self._began = clock.monotonic()
        self._began_ms = clock.now_ms()
        self._first: float | None = None
        self._spans: dict[Phase, float] = {}
        self._open: dict[Phase, float] = {}
        self.timeline: list[TimelineEntry] = []
        self._request_line = ""
        self.connections = 0
        self.opened: list[Closable] = []
        self.asked = False
        self.received_bytes = 0
        self.connect_deadline: float | None = None

    def start_hop(self, request_line: str) -> None:
        """Begin counting connections and bytes anew; the line is noted when the request goes out."""
        self._request_line = request_line
        self.connections = 0
        self.opened = []
        self.asked = False
        self.received_bytes = 0

    def now(self) -> float:
        """Return seconds on the clock that never goes back."""
        return self._clock.monotonic()

    def note(self, kind: EntryKind, text: str) -> None:
        """Add a line to the timeline."""
        at = self._began_ms + round((self._clock.monotonic() - self._began) * 1000)
        self.timeline.append(TimelineEntry(at=at, kind=kind, text=text))

    def begin(self, phase: Phase) -> None:
        """Note that a phase began."""
        now = self._open[phase] = self._clock.monotonic()
        self._first = now if self._first is None else self._first
        self._listener(PhaseChanged(phase))

    def end(self, phase: Phase) -> float:
        """Note that a phase ended; return how many milliseconds it took."""
        began = self._open.pop(phase, None)
        if began is None:
            return 0.0
        took = (self._clock.monotonic() - began) * 1000
        self._spans[phase] = self._spans.get(phase, 0.0) + took
        return took

    @property
    def phase(self) -> str:
        """The phase that goes on, or an empty text."""
        return next(reversed(self._open), "")

    def timings(self) -> Timings:
        """Return the phases so far; one that is still open counts up to now, repeated ones are added up.

        The total begins with the first phase: what this program took to get ready is not the server's time.
        """
        for phase in tuple(self._open):
            self.end(phase)
        since = self._began if self._first is None else self._first
        spans: dict[str, float | None] = {phase: round(took, 3) for phase, took in self._spans.items()}
        return Timings(**spans, total=round((self._clock.monotonic() - since) * 1000, 3))

    async def trace(self, name: str, info: dict[str, Any]) -> None:
        """Take an event of httpcore's trace extension."""
        request = info.get("request")
        if request is not None and request.method == b"CONNECT":
            return
        step = name.partition(".")[2]
        match step:
            case "send_request_headers.started":
                self.asked = True
                self.note("sent", self._request_line)
                self.begin("send")
            case "send_request_body.complete" | "send_request_body.failed":
                self.end("send")
                self.begin("wait")
            case "receive_response_headers.started":
                if "send" in self._open:
                    self.end("send")
                    self.begin("wait")
            case "receive_response_headers.complete":
                self.end("wait")
                self.begin("download")


current_probe: ContextVar[Probe] = ContextVar("current_probe")
