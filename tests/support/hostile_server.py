"""A sync server with one account that answers honestly, but for what a test makes it lie about."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from insomnia_desktop.crypto import srp_server
from insomnia_desktop.crypto.recovery_key import read_recovery_key, recovery_keys
from insomnia_desktop.crypto.session_seal import seal_session, transcript
from insomnia_desktop.crypto.sign_up import NewAccount
from insomnia_desktop.protocol.accounts import SignUp
from insomnia_desktop.protocol.binary import decode, encode
from insomnia_desktop.protocol.codec import decode_body, encode_body
from insomnia_desktop.protocol.problems import problem
from insomnia_desktop.protocol.service import Limits, ProtocolRange, Version
from tests.support.http_peer import HttpPeer, Received, peer_in_thread, reply

JSON = [("Content-Type", "application/json")]
PROBLEM = [("Content-Type", "application/problem+json")]
BREAK_OFF = b""
"""As an answer: nothing, and the connection is closed."""
Lie: TypeAlias = Callable[[dict[str, Any]], dict[str, Any] | bytes]


class HostileServer:
    """Answers the endpoints of accounts from memory; `lies` by path change an honest answer before it goes out.

    An answer of bytes goes out as it is. `asked` are the paths in order.
    """

    def __init__(self, account: NewAccount | None = None) -> None:
        self.sign_up: SignUp | None = account.message if account else None
        self.lies: dict[str, Lie] = {}
        self.asked: list[str] = []
        self.bodies: list[bytes] = []
        self.tokens: list[bytes] = []
        self.first_handshake: dict[str, Any] | None = None
        self.deleted = False
        self._handshakes: dict[str, tuple[bytes, srp_server.ServerChallenge]] = {}

    def answer(self, received: Received) -> bytes:
        """Answer a request."""
        path = received.target
        self.asked.append(path)
        self.bodies.append(received.body)
        honest = self._honest(received.method, path, received)
        lie = self.lies.get(path)
        told = lie(honest) if lie is not None else honest
        if isinstance(told, bytes):
            return told
        status = int(told.pop("_status", 200))
        if status == 204:
            return reply(204)
        return reply(status, json.dumps(told).encode(), JSON if status < 400 else PROBLEM)

    def _honest(self, method: str, path: str, received: Received) -> dict[str, Any]:
        message = json.loads(received.body) if received.body else {}
        if path == "/v1/version":
            return _as_json(Version("insomnia-sync", "1.0", ProtocolRange(), "open", Limits()))
        if path == "/auth/signup":
            self.sign_up = decode_body(received.body, SignUp)
            return {"_status": 201, "account_id": encode(self.sign_up.account_id)}
        if self.sign_up is None or self.deleted:
            return refusal("bad_credentials" if path.startswith("/auth") else "unauthorized")
        if path.startswith("/auth/login"):
            return self._login(path, message)
        if path.startswith("/auth/recover"):
            return self._recover(path, message)
        token = (received.header("authorization") or "").removeprefix("Bearer ")
        if token not in [encode(each) for each in self.tokens]:
            return refusal("unauthorized")
        return self._authorised(method, path, message)

    def _authorised(self, method: str, path: str, message: dict[str, Any]) -> dict[str, Any]:
        assert self.sign_up is not None
        if path == "/v1/account" and method == "DELETE":
            self.deleted = True
        elif path == "/v1/account":
            return self.account()
        elif path == "/v1/devices":
            return {"devices": []}
        elif path == "/v1/account/credentials":
            self._take(message)
        return {"_status": 204}

    def account(self) -> dict[str, Any]:
        """The answer to GET /v1/account."""
        assert self.sign_up is not None
        told = _as_json(self.sign_up)
        kept = ("account_id", "email", "name", "kdf", "rsa_public", "rsa_private_wrap", "ed25519_public")
        kept += ("ed25519_private_wrap", "bundle_sig")
        more = {"kv": 1, "rev": 1, "created_at": 1, "recovery": True, "used": 0, "quota": 1 << 30}
        return {**{name: told[name] for name in kept}, **more}

    def _login(self, path: str, message: dict[str, Any]) -> dict[str, Any]:
        made = self.sign_up
        assert made is not None
        if path == "/auth/login-s":
            srp = {"group": made.srp.group, "hash": made.srp.hash, "salt": encode(made.srp.salt)}
            return {"kdf": _as_json(made.kdf), "srp": srp, "skd": False}
        if path == "/auth/login-a":
            A = decode(message["srpA"])
            challenge = srp_server.start(made.email, made.srp.salt, made.srp.verifier, A)
            handshake_id = encode(os.urandom(16))
            self._handshakes[handshake_id] = (A, challenge)
            return {"handshake_id": handshake_id, "srpB": encode(challenge.B)}
        if message["handshake_id"] not in self._handshakes:
            return refusal("handshake_expired")
        A, challenge = self._handshakes.pop(message["handshake_id"])
        proof = srp_server.verify(
            made.email, made.srp.salt, made.srp.verifier, A, challenge.secret, decode(message["srpM1"])
        )
        if proof is None:
            return refusal("bad_credentials")
        self.tokens.append(os.urandom(32))
        session = {
            "token": encode(self.tokens[-1]),
            "account_id": encode(made.account_id),
            "device_id": message["device"]["id"],
            "expires_at": 2**50,
            "account_key_wrap": encode(made.account_key_wrap),
        }
        T = transcript(made.email, made.kdf.salt, made.kdf.iters, made.srp.salt, A, challenge.B)
        handshake_id = decode(message["handshake_id"])
        sealed = seal_session(proof.K, T, handshake_id, json.dumps(self.session_of(session)).encode())
        return {"srpM2": encode(proof.M2), "sealed": encode(sealed)}

    def session_of(self, session: dict[str, Any]) -> dict[str, Any]:
        """What is sealed into the answer of a sign-in; tests put another in its place."""
        return session

    def _recover(self, path: str, message: dict[str, Any]) -> dict[str, Any]:
        made = self.sign_up
        assert made is not None
        assert made.recovery is not None
        from insomnia_desktop.crypto.tuples import H

        if H(decode(message["auth"])) != made.recovery.auth_hash:
            return refusal("bad_credentials")
        if path == "/auth/recover-a":
            return {"account": self.account(), "recovery_wrap": encode(made.recovery.wrap)}
        self._take(message)
        return {"_status": 204}

    def _take(self, message: dict[str, Any]) -> None:
        assert self.sign_up is not None
        names = ("kdf", "srp", "account_key_wrap", "recovery")
        changed = {**_as_json(self.sign_up), **{name: message[name] for name in names if name in message}}
        self.sign_up = decode_body(json.dumps(changed).encode(), SignUp)


def refusal(code: str, **headers: str) -> dict[str, Any]:
    """Return a problem as the protocol has it."""
    told = _as_json(problem(code))
    return {"_status": told["status"], **told}


def refused_with(code: str, retry_after: int) -> bytes:
    """Return the bytes of a problem with a Retry-After header."""
    told = _as_json(problem(code))
    headers = [*PROBLEM, ("Retry-After", str(retry_after))]
    return reply(int(told["status"]), json.dumps(told).encode(), headers)


@contextmanager
def hostile_server(
    account: NewAccount | None = None, server: HostileServer | None = None
) -> Iterator[tuple[HostileServer, str]]:
    """Serve on a port of the loopback; gives the server and its address."""
    server = server or HostileServer(account)
    with peer_in_thread(peer=_BreakingPeer(server.answer)) as peer:
        yield server, peer.url("").rstrip("/")


class _BreakingPeer(HttpPeer):
    async def talk(self, reader: Any, writer: Any) -> None:
        while True:
            received = await self.read_request(reader, writer)
            if received is None:
                return
            answer = self._answer(received)
            if answer == BREAK_OFF:
                return
            writer.write(answer)
            await writer.drain()


def keys_of_recovery(text: str) -> bytes:
    """Return what proves a recovery key."""
    return recovery_keys(read_recovery_key(text)).auth


def _as_json(value: object) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(encode_body(value))
    return told
