"""Bodies on the wire, both ways.

Tests insomnia_desktop.sender.body_stream, insomnia_desktop.sender.body_sink, insomnia_desktop.sender.decoders,
insomnia_desktop.sender.multipart.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
import zstandard

from insomnia_desktop.model.body import FileBody, MultipartBody, Part, UnknownBody
from insomnia_desktop.sender.decoders import DecodeLimits
from insomnia_desktop.sender.send import Sender, SendIdentity
from insomnia_desktop.templating import Renderer, Scope
from tests.support.clock import FixedClock
from tests.support.http_peer import HttpPeer, raw_peer, reply
from tests.support.sending import DIRECT, problem, request, sender_in

TEXT = b"0123456789abcdef" * 20_000


def bare_deflate(data: bytes) -> bytes:
    """Deflate without the zlib frame, as some servers send it."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "deflate ": bare_deflate,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "gzip, br": lambda data: brotli.compress(gzip.compress(data)),
    "identity": lambda data: data,
}


def encoded_peer(encoding: str, body: bytes) -> HttpPeer:
    """A peer whose answer has that Content-Encoding."""
    return HttpPeer(lambda received: reply(200, body, [("Content-Encoding", encoding)]))


@pytest.mark.parametrize("encoding", list(ENCODERS))
def test_each_encoding_is_undone(tmp_path: Path, encoding: str) -> None:
    packed = ENCODERS[encoding](TEXT)

    async def scenario() -> None:
        async with encoded_peer(encoding.strip(), packed) as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url()))
            assert response.state == "ok", response.error
            assert desk.body(response) == TEXT
            assert (response.size_wire, response.size_decoded) == (len(packed), len(TEXT))

    asyncio.run(scenario())


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_truncated_encoding_keeps_what_could_be_decoded(tmp_path: Path, encoding: str) -> None:
    noise = os.urandom(300_000)
    packed = ENCODERS[encoding](noise)[:200_000]

    async def scenario() -> None:
        async with encoded_peer(encoding, packed) as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url()))
            assert problem(response) == "send.corrupt_encoding"
            assert response.error is not None
            assert response.error.params["reason"] == "truncated"
            kept = desk.body(response)
            assert len(kept) > 60_000
            assert noise.startswith(kept)
            assert response.status == 200

    asyncio.run(scenario())


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_what_is_not_encoded_as_it_says_is_an_error_that_is_named(tmp_path: Path, encoding: str) -> None:
    async def scenario() -> None:
        async with encoded_peer(encoding, b"\xff\xfeplain text, no encoding") as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url()))
            assert problem(response) == "send.corrupt_encoding"
            assert response.error is not None
            assert response.error.params["encoding"] == encoding

    asyncio.run(scenario())


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_stops_at_the_bound_and_keeps_what_came_before(tmp_path: Path, encoding: str) -> None:
    packed = ENCODERS[encoding](bytes(64 * 1024 * 1024))
    limits = DecodeLimits(free_bytes=4 * 1024 * 1024, ratio=100)

    async def scenario() -> None:
        async with encoded_peer(encoding, packed) as peer, sender_in(tmp_path, limits=limits) as desk:
            response = await desk.response(request(peer.url()))
            assert problem(response) == "send.decoded_too_large"
            assert 4 * 1024 * 1024 < response.size_decoded <= 16 * 1024 * 1024
            assert (tmp_path / response.body_file).stat().st_size == response.size_decoded

    asyncio.run(scenario())


def test_an_unknown_encoding_is_kept_as_it_came(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with encoded_peer("aws-chunked", b"raw") as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url()))
            assert (response.state, desk.body(response)) == ("ok", b"raw")
            assert any("aws-chunked" in entry.text for entry in response.timeline)

    asyncio.run(scenario())


def test_a_chunked_body_and_one_that_ends_with_the_connection(tmp_path: Path) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nT: 1\r\n\r\n"

    async def scenario() -> None:
        endless = raw_peer(b"HTTP/1.0 200 OK\r\n\r\nuntil the end")
        async with raw_peer(chunked) as one, endless as other, sender_in(tmp_path) as desk:
            assert desk.body(await desk.response(request(one.url()))) == b"abcdefg"
            last = await desk.response(request(other.url()))
            assert (last.http_version, desk.body(last)) == ("HTTP/1.0", b"until the end")

    asyncio.run(scenario())


def test_an_answer_without_a_body_makes_no_file(tmp_path: Path) -> None:
    def answer(received: object) -> bytes:
        return b"HTTP/1.1 204 No Content\r\n\r\n"

    async def scenario() -> None:
        async with HttpPeer(answer) as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url()))
            assert (response.status, response.body_file) == (204, "")

    asyncio.run(scenario())
    assert list(tmp_path.iterdir()) == []


def test_a_multipart_body_streams_texts_and_files_in_order(tmp_path: Path) -> None:
    picture = tmp_path / 'b\u00fcro "1".png'
    picture.write_bytes(os.urandom(1_200_000))
    parts = (
        Part(id="1", name="first", value="{{ v }}\nline"),
        Part(id="2", name="file", kind="file", path=str(picture)),
        Part(id="3", enabled=False, name="off", value="x"),
        Part(id="4", name='json"\r\n', value="{}", media_type="application/json", filename="a.json"),
    )

    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path / "bodies") as desk:
            (tmp_path / "bodies").mkdir()
            what = request(peer.url(), "POST", body=MultipartBody(parts=parts))
            response = await desk.response(what, values={"v": "ü"})
            assert response.state == "ok", response.error
            received = peer.received[0]
            found = re.fullmatch(r"multipart/form-data; boundary=(\w+)", received.header("content-type") or "")
            assert found is not None
            mark = b"--" + found.group(1).encode()
            expected = (
                mark
                + b'\r\nContent-Disposition: form-data; name="first"\r\n\r\n\xc3\xbc\nline\r\n'
                + mark
                + b'\r\nContent-Disposition: form-data; name="file"; filename="b\xc3\xbcro %221%22.png"\r\n'
                b"Content-Type: image/png\r\n\r\n"
                + picture.read_bytes()
                + b"\r\n"
                + mark
                + b'\r\nContent-Disposition: form-data; name="json%22%0D%0A"; filename="a.json"\r\n'
                b"Content-Type: application/json\r\n\r\n{}\r\n" + mark + b"--\r\n"
            )
            assert received.body == expected
            assert received.header("content-length") == str(len(expected))
            assert "1,200,000 bytes" in response.sent.body_preview

    asyncio.run(scenario())


@pytest.mark.parametrize("written", ["multipart/form-data; boundary=mine-1", "multipart/mixed"])
def test_a_written_multipart_type_and_the_body_agree(tmp_path: Path, written: str) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            body = MultipartBody(parts=(Part(id="1", name="a", value="b"),))
            await desk.response(request(peer.url(), "POST", headers=(("Content-Type", written),), body=body))
            header = peer.received[0].header("content-type") or ""
            assert header.startswith(written)
            boundary = header.partition("boundary=")[2].strip('"')
            assert peer.received[0].body.startswith(b"--" + boundary.encode() + b"\r\n")

    asyncio.run(scenario())


def test_a_file_goes_out_with_its_size_and_again_after_a_redirect(tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    file.write_bytes(os.urandom(3_000_000))

    async def scenario() -> None:
        def answer(received: object) -> bytes:
            if received.target == "/1":  # type: ignore[attr-defined]
                return reply(307, b"", [("Location", "/2")])
            return reply()

        async with HttpPeer(answer) as peer, sender_in(tmp_path / "bodies") as desk:
            body = FileBody(path=str(file))
            response = await desk.response(request(peer.url("/1"), "PUT", body=body))
            assert response.status == 200, response.error
            assert [one.body == file.read_bytes() for one in peer.received] == [True, True]
            assert peer.received[0].header("content-type") == "application/json"
            assert peer.received[0].header("content-length") == "3000000"

    asyncio.run(scenario())


def test_files_that_cannot_be_read_are_named_before_anything_is_sent(tmp_path: Path) -> None:
    missing = MultipartBody(parts=(Part(id="1", name="avatar", kind="file", path=str(tmp_path / "no.png")),))

    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url(), "POST", body=missing))
            assert problem(response) == "send.file_missing"
            assert response.error is not None
            assert response.error.params == {"path": str(tmp_path / "no.png"), "where": "part avatar"}
            folder = await desk.response(request(peer.url(), "POST", body=FileBody(path=str(tmp_path))))
            assert problem(folder) == "send.file_unreadable"
            for path in ("", "a\0b"):
                none = await desk.response(request(peer.url(), "POST", body=FileBody(path=path)))
                assert problem(none) == "send.file_missing"
            made_up = await desk.response(request(peer.url(), "POST", body=FileBody(path="/proc/self/status")))
            assert problem(made_up) == "send.file_unreadable"
            assert peer.connections == 0

    asyncio.run(scenario())


def test_a_body_of_an_unknown_type_is_not_sent_as_something_else(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            body = UnknownBody(type="protobuf", raw={"type": "protobuf"})
            response = await desk.response(request(peer.url(), "POST", body=body))
            assert problem(response) == "send.unknown_body"
            assert peer.connections == 0

    asyncio.run(scenario())


class FullDisk:
    """Satisfies `BodyFiles`; every file is the device that is always full."""

    def create(self, response_id: str) -> Path:
        """Return the full device."""
        return Path("/dev/full")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full device")
@pytest.mark.parametrize("size", [10, 3_000_000])
def test_a_full_disk_is_named_and_the_head_is_kept(size: int) -> None:
    async def scenario() -> None:
        async with HttpPeer(lambda received: reply(200, bytes(size))) as peer:
            sender = Sender(FullDisk(), clock=FixedClock())
            outcome = await sender.send(
                request(peer.url()), Renderer(Scope()), DIRECT, identity=SendIdentity("res_1", "req_1", "wrk_1")
            )
            await sender.close()
            assert problem(outcome.response) == "send.disk_full"
            assert outcome.response.status == 200

    asyncio.run(scenario())
