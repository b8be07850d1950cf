"""transport.resource_api and transport.endpoints over a real connection, with a real server on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.protocol.binary import encode
from insomnia_desktop.transport.connection import Connection, Exchange
from insomnia_desktop.transport.refused import Refused
from insomnia_desktop.transport.resource_api import ResourceApi
from insomnia_desktop.transport.server_address import read_server_address
from tests.support.clock import FixedClock
from tests.support.sync_desk import sync_desk
from tests.support.sync_people import person
from tests.support.sync_server import sync_server


@pytest.fixture
def ask(tmp_path: Path) -> Any:
    """Ask a server on loopback with the token of a session; returns what the question returns, and what was logged."""
    database = tmp_path / "server.sqlite"
    clock = FixedClock()
    with sync_desk(database, clock) as desk:
        token = bytes(desk.sign_in(desk.sign_up(person(recovery=False))).session.token)
    exchanges: list[Exchange] = []
    with sync_server(database, clock) as server:

        def ask(question: Callable[[ResourceApi], Coroutine[Any, Any, Any]], with_token: bytes = token) -> Any:
            async def run() -> Any:
                connection = Connection(read_server_address(server.address), on_exchange=exchanges.append)
                api = ResourceApi(connection, with_token)
                try:
                    return await question(api)
                finally:
                    await api.close()

            return asyncio.run(run())

        ask.exchanges = exchanges  # type: ignore[attr-defined]
        yield ask


def test_heads_are_told_again_only_when_they_are_others(ask: Any) -> None:
    async def question(api: ResourceApi) -> Any:
        first, etag = await api.heads()
        again, same = await api.heads(etag)
        return first, etag, again, same

    first, etag, again, same = ask(question)
    assert first.groups == []
    assert etag
    assert (again, same) == (None, etag)
    assert [(each.method, each.path, each.status) for each in ask.exchanges] == [
        ("GET", "/v1/heads", 200),
        ("GET", "/v1/heads", 304),
    ]


def test_what_is_refused_is_told_by_its_code(ask: Any) -> None:
    with pytest.raises(Refused) as refused:
        ask(lambda api: api.heads(), bytes(32))
    assert refused.value.code == "unauthorized"
    with pytest.raises(Refused) as refused:
        ask(lambda api: api.changes(encode(bytes(16)), 0, full=False))
    assert refused.value.code == "not_found"


def test_a_stream_that_does_not_begin_is_a_refusal(ask: Any) -> None:
    async def listen(api: ResourceApi) -> None:
        async with api.events() as events:
            async for _ in events:
                raise AssertionError

    with pytest.raises(Refused) as refused:
        ask(listen, bytes(32))
    assert refused.value.code == "unauthorized"


def test_a_stream_that_says_nothing_ends(ask: Any) -> None:
    async def listen(api: ResourceApi) -> None:
        async with api.events(silence=0.05) as events:
            async for _ in events:
                pass

    with pytest.raises(KnownError, match="server_unreachable"):
        ask(listen)


def test_the_devices_and_the_limits_are_told(ask: Any) -> None:
    async def question(api: ResourceApi) -> Any:
        return await api.devices(), await api.version()

    devices, version = ask(question)
    assert [device.current for device in devices.devices] == [True]
    assert version.limits.changes == 500
