"""The server killed with -9 between any two statements, under load: what it answered is there, and all of it holds."""

from __future__ import annotations

import random
import signal
import threading
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from insomnia_desktop.crypto.session_seal import open_session, transcript
from insomnia_desktop.crypto.srp_client import ClientHandshake
from insomnia_desktop.crypto.tuples import H
from insomnia_desktop.protocol.accounts import Credentials
from insomnia_desktop.protocol.binary import Binary, Bytes32, encode
from insomnia_desktop.protocol.codec import decode_body, encode_body
from insomnia_desktop.protocol.sign_in import (
    LoginA,
    LoginAAnswer,
    LoginM1,
    LoginM1Answer,
    LoginS,
    LoginSAnswer,
    SealedSession,
)
from tests.support.sync_desk import new_device
from tests.support.sync_people import NewCredentials, Person, new_credentials, person
from tests.support.sync_process import ServerProcess, command, where

PEOPLE = 3
_HEADERS = {"Content-Type": "application/json"}
_OPTIONS = ("--port", "0", "--limit", "attempts=1000000")


@dataclass
class Somebody:
    """What one client knows for certain, and what it has asked without hearing the answer."""

    who: Person
    has_account: bool = False
    asked: list[NewCredentials] = field(default_factory=list)
    done: int = 0

    def live(self, client: httpx.Client) -> None:
        """Sign up once, then sign in and change the password again and again, until the server is gone."""
        if not self.has_account:
            self._post(client, "/auth/signup", self.who.sign_up, 201)
            self.has_account = True
        while True:
            token = self._signed_in(client)
            assert token, "none of the passwords that may hold was taken"
            fresh = new_credentials(self.who.email, self.who.account_id, self.who.account_key)
            wrap_hash = Bytes32(H(self.who.credentials.account_key_wrap))
            change = Credentials(wrap_hash, fresh.kdf, fresh.srp, fresh.account_key_wrap)
            self.asked.append(fresh)
            answer = client.put(
                "/v1/account/credentials",
                headers=_HEADERS | {"Authorization": f"Bearer {token}"},
                content=encode_body(change),
            )
            assert answer.status_code == 204, answer.text
            self.who, self.asked = self.who.with_credentials(fresh), []
            self.done += 1

    def _signed_in(self, client: httpx.Client) -> str:
        """Sign in with the password that is known to hold, or the one whose change was never answered."""
        for credentials in (self.who.credentials, *self.asked):
            token = self._sign_in(client, self.who.with_credentials(credentials))
            if token:
                self.who, self.asked = self.who.with_credentials(credentials), []
                return token
        return ""

    def _sign_in(self, client: httpx.Client, who: Person) -> str:
        salts = decode_body(self._post(client, "/auth/login-s", LoginS(who.email), 200), LoginSAnswer)
        if salts.kdf != who.credentials.kdf:
            return ""
        handshake = ClientHandshake(who.email, who.credentials.keys.srp_auth)
        message = LoginA(who.email, Binary(handshake.A))
        begun = decode_body(self._post(client, "/auth/login-a", message, 200), LoginAAnswer)
        proof = handshake.respond(salts.srp.salt, begun.srpB)
        answered = self._post(
            client, "/auth/login-m1", LoginM1(begun.handshake_id, Bytes32(proof.M1), new_device()), 200
        )
        return _token(who, salts, begun, handshake, proof.K, answered)

    def _post(self, client: httpx.Client, path: str, message: object, status: int) -> bytes:
        answer = client.post(path, headers=_HEADERS, content=encode_body(message))
        assert answer.status_code == status, (path, answer.text)
        return answer.content


def _token(
    who: Person, salts: LoginSAnswer, begun: LoginAAnswer, handshake: ClientHandshake, K: bytes, answered: bytes
) -> str:
    T = transcript(who.email, salts.kdf.salt, salts.kdf.iters, salts.srp.salt, handshake.A, begun.srpB)
    sealed = decode_body(answered, LoginM1Answer).sealed
    return encode(decode_body(open_session(K, T, begun.handshake_id, sealed), SealedSession).token)


def one_life(database: Path | str, people: list[Somebody], seconds: float) -> list[BaseException]:
    """Run the server with everybody at work, and kill it in the midst of it; returns what was no loss of connection."""
    process = ServerProcess(*where(database), *_OPTIONS)
    bad: list[BaseException] = []
    try:
        address = process.address()

        def work(somebody: Somebody) -> None:
            try:
                with httpx.Client(base_url=address, timeout=30) as client:
                    somebody.live(client)
            except httpx.TransportError:
                # The server is gone: what it was asked last may have been done, or not.
                pass
            except BaseException as error:
                bad.append(error)

        threads = [threading.Thread(target=work, args=(each,), name=each.who.email) for each in people]
        for thread in threads:
            thread.start()
        # Nothing is waited for: at any moment is the point of it.
        threads[0].join(seconds)
        process.send(signal.SIGKILL)
        for thread in threads:
            thread.join(60)
    finally:
        process.kill()
    # With what the server says of it, to be found in the report.
    errors = [line for line in process.log() if line["level"] == "error"]
    return [*bad, *(AssertionError(line) for line in errors)]


def lives(database: Path | str, count: int, seed: int) -> int:
    """Kill the server so many times; returns how many changes of a password were answered."""
    chance = random.Random(seed)
    people = [Somebody(person(f"p{number}@example.com")) for number in range(PEOPLE)]
    for _ in range(count):
        bad = one_life(database, people, chance.uniform(0.0, 0.6))
        assert not bad, bad
        checked = command(*where(database), "check")
        assert checked.returncode == 0, checked.stderr
    # A last life, long enough that everybody finds the way in.
    people_with_accounts = [each for each in people if each.has_account]
    before = [each.done for each in people_with_accounts]
    assert not one_life(database, people_with_accounts, 3.0)
    assert all(each.done > done for each, done in zip(people_with_accounts, before, strict=True))
    return sum(each.done for each in people)


def test_three_kills(database: Path | str) -> None:
    assert lives(database, 3, seed=3) > 0


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_hundred_kills(database: Path | str) -> None:
    assert lives(database, 100, seed=100) > 20
