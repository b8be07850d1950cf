"""A sync server in this process, asked without a socket, on a clock that the test moves."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from insomnia_desktop.crypto.session_seal import open_session, transcript
from insomnia_desktop.crypto.srp_client import ClientHandshake
from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32, encode
from insomnia_desktop.protocol.codec import decode_body, encode_body
from insomnia_desktop.protocol.devices import Device
from insomnia_desktop.protocol.problems import Problem
from insomnia_desktop.protocol.sign_in import (
    LoginA,
    LoginAAnswer,
    LoginM1,
    LoginM1Answer,
    LoginS,
    LoginSAnswer,
    SealedSession,
)
from insomnia_desktop.server.asgi import build_app
from insomnia_desktop.server.config import ServerConfig
from insomnia_desktop.server.context import ServerContext
from tests.support.clock import FixedClock
from tests.support.sync_people import Person

T = TypeVar("T")
AGENT = "insomnia-desktop/0.0.0"
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Signed:
    """A device that is signed in."""

    person: Person
    device: Device
    session: SealedSession
    token: str = field(repr=False)


class SyncDesk:
    """The server, and what one asks of it. Every method waits for its answer."""

    def __init__(self, config: ServerConfig, clock: FixedClock, runner: asyncio.Runner) -> None:
        self.config = config
        self.clock = clock
        self._runner = runner
        self.app = build_app(config, clock)
        self._lifespan = self.app.router.lifespan_context(self.app)
        # A server that fails answers 500 here too, instead of raising into the test.
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=("127.0.0.1", 4711))
        self._client = httpx.AsyncClient(
            transport=transport, base_url="http://localhost", headers={"User-Agent": AGENT}
        )

    def open(self) -> None:
        """Start the server."""
        self.run(self._lifespan.__aenter__())

    def close(self) -> None:
        """Stop the server."""
        self.run(self._client.aclose())
        self.run(self._lifespan.__aexit__(None, None, None))

    @property
    def context(self) -> ServerContext:
        """What the endpoints work with."""
        context = self.app.state.context
        assert isinstance(context, ServerContext)
        return context

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the server's loop."""
        return self._runner.run(coroutine)

    def ask(self, method: str, path: str, message: object = None, token: str = "", **more: Any) -> httpx.Response:
        """Ask the server for one thing; `more` goes to httpx."""
        return self.run(self.asking(method, path, message, token, **more))

    def ask_at_once(self, questions: Iterable[tuple[str, str, object]]) -> list[httpx.Response]:
        """Ask for many things at the same time; method, path and message of each."""

        async def all_of_them() -> list[httpx.Response]:
            return await asyncio.gather(*(self.asking(*question) for question in questions))

        return self.run(all_of_them())

    async def asking(
        self, method: str, path: str, message: object = None, token: str = "", **more: Any
    ) -> httpx.Response:
        """Ask the server for one thing, on its loop."""
        headers = dict(more.pop("headers", {}))
        if message is not None:
            more["content"] = message if isinstance(message, bytes) else encode_body(message)
            headers = _JSON | headers
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return await self._client.request(method, path, headers=headers, **more)

    def sign_up(self, person: Person) -> Person:
        """Make the person's account."""
        answer = self.ask("POST", "/auth/signup", person.sign_up)
        assert answer.status_code == 201, answer.text
        return person

    def handshake(self, person: Person, email: str = "") -> tuple[LoginM1, Handshake]:
        """Do all of a sign-in but its last step; returns that step's message, and what its answer is checked with."""
        email = email or person.email
        salts = self.answer(self.ask("POST", "/auth/login-s", LoginS(email)), LoginSAnswer)
        client = ClientHandshake(person.email, person.credentials.keys.srp_auth)
        begun = self.answer(self.ask("POST", "/auth/login-a", LoginA(email, Binary(client.A))), LoginAAnswer)
        proof = client.respond(salts.srp.salt, begun.srpB)
        T_ = transcript(person.email, salts.kdf.salt, salts.kdf.iters, salts.srp.salt, client.A, begun.srpB)
        message = LoginM1(begun.handshake_id, Bytes32(proof.M1), new_device())
        return message, Handshake(begun.handshake_id, proof.M2, proof.K, T_)

    def sign_in(self, person: Person, device: Device | None = None) -> Signed:
        """Sign a device in and check everything that the server answers."""
        message, handshake = self.handshake(person)
        message = LoginM1(message.handshake_id, message.srpM1, device or message.device)
        answer = self.answer(self.ask("POST", "/auth/login-m1", message), LoginM1Answer)
        session = handshake.open(answer)
        assert session.account_id == person.account_id
        assert session.device_id == message.device.id
        return Signed(person, message.device, session, encode(session.token))

    def answer(self, response: httpx.Response, kind: type[T]) -> T:
        """Return the message of an answer that must be a good one."""
        assert response.status_code in (200, 201), response.text
        assert response.headers["content-type"] == "application/json"
        return decode_body(response.content, kind)


@dataclass(frozen=True)
class Handshake:
    """What a client knows after its proof."""

    handshake_id: bytes
    M2: bytes = field(repr=False)
    K: bytes = field(repr=False)
    transcript: bytes

    def open(self, answer: LoginM1Answer) -> SealedSession:
        """Check the server's proof and return the session."""
        assert answer.srpM2 == self.M2
        return decode_body(open_session(self.K, self.transcript, self.handshake_id, answer.sealed), SealedSession)


def new_device(name: str = "Laptop") -> Device:
    """Return a device that nobody has seen."""
    return Device(Bytes16(os.urandom(16)), name, "linux")


def code_of(response: httpx.Response) -> str:
    """Return the code of a problem, after a look at its form."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem = decode_body(response.content, Problem)
    assert problem.status == response.status_code
    assert problem.type == "about:blank"
    return problem.code


def field_of(response: httpx.Response) -> str:
    """Return the field that a problem of 422 names."""
    assert code_of(response) == "invalid"
    return decode_body(response.content, Problem).field


@contextmanager
def sync_desk(database: Path | str, clock: FixedClock | None = None, **settings: Any) -> Iterator[SyncDesk]:
    """Run a server on a database; `settings` are those of ServerConfig."""
    with asyncio.Runner() as runner:
        desk = SyncDesk(ServerConfig(database, **settings), clock or FixedClock(), runner)
        desk.open()
        try:
            yield desk
        finally:
            desk.close()
