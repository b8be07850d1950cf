"""Answers that break off at every byte, and answers with a nonsense in every field: transport.api and connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.protocol.accounts import RecoverA
from insomnia_desktop.protocol.binary import Bytes32
from insomnia_desktop.protocol.sign_in import LoginS
from insomnia_desktop.transport.api import SyncApi
from insomnia_desktop.transport.refused import Refused
from insomnia_desktop.transport.server_address import ServerAddress
from tests.support.http_peer import HttpPeer, raw_peer, reply

JSON = [("Content-Type", "application/json")]
SIXTEEN = "ERITFBUWFxgZGhscHR4fIA"
KDF = {"v": 1, "alg": "pbkdf2-sha256", "iters": 600_000, "salt": SIXTEEN}
ACCOUNT = {
    "account_id": SIXTEEN,
    "email": "a@b.c",
    "name": "A",
    "kv": 1,
    "rev": 1,
    "created_at": 1,
    "kdf": KDF,
    "rsa_public": "AA",
    "rsa_private_wrap": "AA",
    "ed25519_public": "AA",
    "ed25519_private_wrap": "AA",
    "bundle_sig": "AA",
    "recovery": True,
    "used": 0,
    "quota": 1,
}
DEVICE = {"id": SIXTEEN, "name": "n", "platform": "linux", "client": "c", "created_at": 1, "last_seen_at": 1}
VERSION = {"service": "insomnia-sync", "version": "1", "protocol": {"min": 1, "max": 1}, "registration": "open"}
ENDPOINTS: dict[str, tuple[dict[str, Any], Callable[[SyncApi], Awaitable[object]]]] = {
    "version": ({**VERSION, "limits": {"blob": 1}}, lambda api: api.version()),
    "login-s": (
        {"kdf": KDF, "srp": {"group": "2048", "hash": "sha256", "salt": SIXTEEN}, "skd": False},
        lambda api: api.login_s(LoginS("a@b.c")),
    ),
    "account": (ACCOUNT, lambda api: api.account(bytes(32))),
    "devices": ({"devices": [{**DEVICE, "current": True}]}, lambda api: api.devices(bytes(32))),
    "recover-a": (
        {"account": ACCOUNT, "recovery_wrap": "AA"},
        lambda api: api.recover_a(RecoverA("a@b.c", Bytes32(bytes(32)))),
    ),
}
NONSENSE = [
    "null",
    "1e999",
    "-1",
    "1.5",
    "9" * 400,
    "9" * 5_000,
    '"\\ud800"',
    '"\\u0000"',
    "[]",
    "{}",
    "NaN",
    "[" * 2_000,
]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_an_answer_that_breaks_off_is_no_answer_at_whichever_byte(endpoint: str) -> None:
    honest, ask = ENDPOINTS[endpoint]
    whole = reply(200, json.dumps(honest).encode(), JSON)
    cuts = iter([*range(0, len(whole), 5), len(whole) - 1, len(whole)])
    outcomes: list[str] = []

    async def run() -> None:
        for cut in cuts:
            async with raw_peer(whole[:cut]) as peer:
                outcomes.append(await _outcome(peer, ask))

    asyncio.run(run())
    assert set(outcomes[:-1]) == {"account.server_unreachable"}
    assert outcomes[-1] == "taken"


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_nonsense_in_any_field_is_taken_as_a_value_or_is_no_answer_of_ours(endpoint: str) -> None:
    honest, ask = ENDPOINTS[endpoint]
    bodies = [json.dumps(each).replace('"@"', text).encode() for each in _with_a_gap(honest) for text in NONSENSE]
    left = iter(bodies)

    async def run() -> list[str]:
        async with HttpPeer(lambda received: reply(200, next(left), JSON)) as peer:
            return [await _outcome(peer, ask) for _ in bodies]

    outcomes = asyncio.run(run())
    assert set(outcomes) <= {"taken", "account.not_a_sync_server"}
    assert outcomes.count("account.not_a_sync_server") > len(outcomes) // 2


def test_cookies_are_not_sent_back() -> None:
    async def run() -> HttpPeer:
        headers = [*JSON, ("Set-Cookie", "spy=1; Path=/")]
        async with HttpPeer(lambda received: reply(200, b"{}", headers)) as peer:
            api = SyncApi(ServerAddress("http", "127.0.0.1", peer.port))
            for _ in range(2):
                with pytest.raises(KnownError):
                    await api.version()
            await api.close()
            return peer

    received = asyncio.run(run()).received
    assert len(received) == 2
    assert [each.header("cookie") for each in received] == [None, None]


async def _outcome(peer: HttpPeer, ask: Callable[[SyncApi], Awaitable[object]]) -> str:
    api = SyncApi(ServerAddress("http", "127.0.0.1", peer.port))
    try:
        await ask(api)
    except KnownError as error:
        return error.code
    except Refused as refused:
        return f"refused {refused.code}"
    finally:
        await api.close()
    return "taken"


def _with_a_gap(value: Any) -> Iterator[Any]:
    """Give the value once for each field in it, with a mark in that field's place."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield {**value, name: "@"}
            for each in _with_a_gap(inner):
                yield {**value, name: each}
    elif isinstance(value, list):
        for each in _with_a_gap(value[0]):
            yield [each, *value[1:]]
