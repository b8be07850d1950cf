"""What a send tells while it runs; events are called on the sender's loop and must return at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from insomnia_desktop.model.response import Response

Phase = Literal["dns", "connect", "tls", "send", "wait", "download"]


@dataclass(frozen=True, slots=True)
class Started:
    """The request is prepared and goes out; `at` is milliseconds since 1970 UTC."""

    at: int
    method: str
    url: str


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """A phase began; after a redirect the phases begin again."""

    phase: Phase


@dataclass(frozen=True, slots=True)
class HeadersReceived:
    """The status and the headers of the answer are there; `total` is its Content-Length, if it names one."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class BodyProgress:
    """So many bytes of the body arrived (as on the wire); at most 20 a second."""

    received: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Finished:
    """The send is over, whatever came of it; always the last event."""

    response: Response


SendEvent: TypeAlias = Started | PhaseChanged | HeadersReceived | BodyProgress | Finished
