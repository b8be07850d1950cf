"""A layer between a device and the real server: keeps every byte that is sent, and changes the answers as told."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import httpx

from tests.support.sync_devices import SyncDevice

Expected: TypeAlias = Literal["detected", "harmless", "withheld"]
"""What comes of a lie: a person is told or the round fails; nothing at all; or what is new stays away until later."""

MOST_REQUESTS = 120
"""More than any round of the scene takes, however much is repaired."""
JSON_TYPE = "application/json"
_ENDPOINTS = (
    ("heads", re.compile(r"GET /v1/heads")),
    ("groups", re.compile(r"GET /v1/groups")),
    ("new group", re.compile(r"POST /v1/groups")),
    ("changes", re.compile(r"GET /v1/groups/[^/]+/changes")),
    ("push", re.compile(r"POST /v1/groups/[^/]+/push")),
    ("revisions", re.compile(r"GET /v1/groups/[^/]+/resources/[^/]+/revisions")),
    ("revision", re.compile(r"GET /v1/groups/[^/]+/resources/[^/]+/revisions/\d+")),
    ("version", re.compile(r"GET /v1/version")),
    ("devices", re.compile(r"GET /v1/devices")),
)


@dataclass
class Answer:
    """An answer on its way to the device, free to be changed; `group` is the one in the path, empty without one.

    `body` goes out where it is set, else `told` as JSON.
    """

    endpoint: str
    group: str
    query: dict[str, str]
    told: Any
    asked: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": JSON_TYPE})
    body: bytes | None = None

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of a page."""
        rows: list[dict[str, Any]] = self.told["rows"]
        return rows

    def refuse(self, status: int, code: str, **headers: str) -> None:
        """Become a problem of the protocol."""
        self.status = status
        self.headers = {"content-type": "application/problem+json", **headers}
        self.body = json.dumps({"type": "about:blank", "title": code, "status": status, "code": code}).encode()

    def say(self, body: bytes, media_type: str = JSON_TYPE, status: int = 200, **headers: str) -> None:
        """Become these bytes."""
        self.status, self.body = status, body
        self.headers = {
            "content-type": media_type,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }

    def as_response(self) -> httpx.Response:
        """Return it as the device gets it."""
        body = json.dumps(self.told).encode() if self.body is None else self.body
        return httpx.Response(self.status, headers=self.headers, stream=httpx.ByteStream(body))


Change: TypeAlias = Callable[[Answer, Sequence[Answer]], None]
"""Changes an answer; given too are the honest ones that the device got before, oldest first."""


@dataclass(frozen=True)
class Lie:
    """One mutation: what is said to some endpoints, and what must come of it.

    `undelivered`: the server never hears the request. `fresh`: told to a device that has nothing yet. `often`: told in
    every run of the tests; the others resemble one of these, and are told in the long run.
    """

    name: str
    at: tuple[str, ...]
    change: Change
    expected: Expected
    undelivered: bool = False
    fresh: bool = False
    often: bool = False


class Tamperer:
    """Carries the requests of one device, and tells its lie if it has one."""

    def __init__(self) -> None:
        self.lie: Lie | None = None
        self.told_lies = 0
        self.sent = bytearray()
        self.honest: list[Answer] = []
        self._asked = 0

    def begin_round(self) -> None:
        """Count the requests anew."""
        self._asked = 0

    async def carry(self, request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        """Carry one request."""
        self._note(request)
        endpoint, group = endpoint_of(request)
        lie = self.lie if self.lie is not None and endpoint in self.lie.at else None
        asked = json.loads(request.content) if request.content else None
        if lie is not None and lie.undelivered:
            answer = Answer(endpoint, group, dict(request.url.params), None, asked)
        else:
            if lie is not None:
                # The whole answer each time, so that there is something to lie about.
                request.headers.pop("if-none-match", None)
            response = await deliver()
            body = b"".join([chunk async for chunk in response.aiter_raw()])
            headers = {name: value for name, value in response.headers.items() if name != "content-length"}
            if not body or response.status_code >= 400:
                answer = Answer(endpoint, group, dict(request.url.params), None, asked)
                answer.status, answer.headers, answer.body = response.status_code, headers, body
                if lie is None or response.status_code >= 400:
                    return answer.as_response()
            else:
                answer = Answer(endpoint, group, dict(request.url.params), json.loads(body), asked)
                answer.status, answer.headers = response.status_code, headers
        earlier = tuple(self.honest)
        if answer.told is not None:
            self.honest.append(copy.deepcopy(answer))
        if lie is not None:
            before = repr(answer)
            lie.change(answer, earlier)
            self.told_lies += repr(answer) != before
        return answer.as_response()

    def _note(self, request: httpx.Request) -> None:
        self._asked += 1
        # No AssertionError of a test is taken for an error of the network.
        assert self._asked <= MOST_REQUESTS, f"a round that does not end: {request.method} {request.url}"
        lines = [
            f"{request.method} {request.url}".encode(),
            *(name + b": " + value for name, value in request.headers.raw),
        ]
        self.sent += b"\n".join(lines) + b"\n\n" + request.content + b"\n"


def endpoint_of(request: httpx.Request) -> tuple[str, str]:
    """Return the name of what is asked for, and the group in the path."""
    asked = f"{request.method} {request.url.path}"
    name = next((name for name, pattern in _ENDPOINTS if pattern.fullmatch(asked)), asked)
    parts = request.url.path.split("/")
    return name, parts[3] if len(parts) > 3 else ""


def lying(device: SyncDevice, change: Change, *at: str, undelivered: bool = False) -> Tamperer:
    """Let the server lie to a device."""
    tamperer = Tamperer()
    tamperer.lie = Lie("", at, change, "detected", undelivered=undelivered)
    device.wire.carry = tamperer.carry
    return tamperer
