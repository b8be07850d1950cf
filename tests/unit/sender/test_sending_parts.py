"""Parts of sending that need no peer.

Tests insomnia_desktop.sender.probe, insomnia_desktop.sender.events, insomnia_desktop.sender.resolver,
insomnia_desktop.sender.multipart, insomnia_desktop.sender.body_stream, insomnia_desktop.sender.body_sink,
insomnia_desktop.sender.clients.
"""

from __future__ import annotations

import asyncio
import gzip
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.sender.body_sink import BodySink
from insomnia_desktop.sender.body_source import BytesSource, FileSource, SequenceSource
from insomnia_desktop.sender.body_stream import open_body
from insomnia_desktop.sender.clients import Clients, TransportKey
from insomnia_desktop.sender.decoders import DecodeLimits, decoder_chain
from insomnia_desktop.sender.events import PhaseChanged, SendEvent
from insomnia_desktop.sender.multipart import FilledPart, multipart_source, new_boundary
from insomnia_desktop.sender.probe import Probe
from insomnia_desktop.sender.resolver import Endpoint, _endpoints, resolve
from tests.support.clock import START_MS, FixedClock
from tests.support.sending import FolderOfBodies


def test_phases_are_measured_added_up_and_told() -> None:
    clock, events = FixedClock(), list[SendEvent]()
    probe = Probe(clock, events.append)
    for took in (5, 7):
        probe.begin("dns")
        clock.advance(took)
        probe.end("dns")
    probe.note("info", "note")
    probe.begin("wait")
    clock.advance(3)
    timings = probe.timings()
    assert (timings.dns, timings.wait, timings.connect, timings.total) == (12.0, 3.0, None, 15.0)
    assert events == [PhaseChanged("dns"), PhaseChanged("dns"), PhaseChanged("wait")]
    assert (probe.timeline[0].at, probe.timeline[0].text) == (START_MS + 12, "note")


def test_families_take_turns_the_preferred_one_first() -> None:
    six = [Endpoint(10, (f"::{n}", 1, 0, 0)) for n in range(3)]
    four = [Endpoint(2, ("1.1.1.1", 1))]
    assert _endpoints(six + four) == [six[0], four[0], six[1], six[2]]
    assert _endpoints([]) == []


def test_literals_and_names_of_this_computer_are_resolved() -> None:
    async def scenario() -> None:
        assert [one.ip for one in await resolve("127.0.0.1", 80)] == ["127.0.0.1"]
        assert "127.0.0.1" in [one.ip for one in await resolve("localhost", 80)]
        with pytest.raises(KnownError) as caught:
            await resolve("nobody.invalid", 80)
        assert caught.value.code == "send.unknown_host"

    asyncio.run(scenario())


@given(st.lists(st.tuples(st.text(max_size=10), st.text(max_size=30)), min_size=1, max_size=4))
def test_a_multipart_body_reads_back(pairs: list[tuple[str, str]]) -> None:
    clean = [(name.encode("ascii", "ignore").decode(), value.encode("utf-8", "ignore")) for name, value in pairs]
    boundary = new_boundary()
    source = multipart_source([FilledPart(name, value.decode("utf-8")) for name, value in clean], boundary)
    raw = b"".join(piece.data for piece in source.pieces if isinstance(piece, BytesSource))
    sections = raw.split(b"--" + boundary.encode())
    assert sections[0] == b""
    assert sections[-1] == b"--\r\n"
    for (_, value), section in zip(clean, sections[1:-1], strict=True):
        head, _, body = section.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        assert body == value + b"\r\n"
        assert message_from_bytes(head + b"\r\n\r\n", policy=HTTP).get_content_disposition() == "form-data"


def test_a_body_is_read_in_order_and_again(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"x" * 1_300_000)
    source = SequenceSource((BytesSource(b"head"), FileSource(str(file), "body"), BytesSource(b"tail")))

    async def scenario() -> None:
        body = await open_body(source)
        assert body.size == 1_300_008
        for _ in range(2):
            assert b"".join([chunk async for chunk in body.chunks()]) == b"head" + b"x" * 1_300_000 + b"tail"
        assert body.preview() == "head[f, 1,300,000 bytes]tail"

    asyncio.run(scenario())


def test_a_file_that_shrinks_while_it_is_sent_is_named(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"x" * 1000)

    async def scenario() -> None:
        body = await open_body(FileSource(str(file), "body"))
        file.write_bytes(b"x" * 10)
        with pytest.raises(KnownError) as caught:
            _ = [chunk async for chunk in body.chunks()]
        assert caught.value.code == "send.file_changed"

    asyncio.run(scenario())


@pytest.mark.parametrize("size", [0, 10, 600_000, 2_000_000])
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_sink_writes_all_that_it_is_fed(tmp_path: Path, size: int, encoding: str) -> None:
    data = bytes(range(256)) * (size // 256) + bytes(size % 256)
    wire = gzip.compress(data) if encoding else data

    async def scenario() -> None:
        sink = BodySink(FolderOfBodies(tmp_path), "res_1", decoder_chain(encoding)[0], DecodeLimits())
        for start in range(0, len(wire), 60_000):
            await sink.feed(wire[start : start + 60_000])
        await sink.finish(complete=True)
        await sink.finish(complete=False)
        assert (sink.size_wire, sink.size_decoded) == (len(wire), size)
        assert (sink.path.read_bytes() if sink.path else b"") == data

    asyncio.run(scenario())


def test_clients_are_shared_by_key_and_closed_after_a_minute() -> None:
    clock = FixedClock()

    async def never(choice: object, host: str) -> object:
        raise AssertionError("plain HTTP needs no TLS context")

    async def scenario() -> None:
        lender = Clients(clock, never)  # type: ignore[arg-type]
        key = TransportKey(tls=None, proxy=None, http_version="auto")
        first = await lender.lease(key, "h")
        assert await lender.lease(key, "h") is first
        lender.give_back(key)
        clock.advance(61_000)
        await lender.close_idle()
        assert await lender.lease(key, "h") is first, "one lease is still out"
        lender.give_back(key)
        lender.give_back(key)
        clock.advance(61_000)
        await lender.close_idle()
        assert first.is_closed
        assert await lender.lease(key, "h") is not first
        await lender.close()

    asyncio.run(scenario())
