"""TLS against servers and clients of an authority of our own.

Tests insomnia_desktop.sender.tls_contexts, insomnia_desktop.sender.tls_stream, insomnia_desktop.sender.tls_record,
insomnia_desktop.sender.client_choice, insomnia_desktop.sender.network.
"""

from __future__ import annotations

import asyncio
import gc
import os
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from insomnia_desktop.model.body import FileBody
from insomnia_desktop.sender.send_settings import Authority, ClientCertificate, SendSettings
from tests.support.http_peer import HttpPeer, ScriptedPeer, reply
from tests.support.peers_tls import Issued, StrictTlsPeer, TestAuthority, self_signed, server_context
from tests.support.sending import DIRECT, problem, request, sender_in


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TestAuthority:
    """An authority whose file the sender is told of."""
    return TestAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def server(authority: TestAuthority) -> Issued:
    """A certificate for this computer."""
    return authority.issue("127.0.0.1", "localhost")


def trusting(authority: TestAuthority, **more: object) -> SendSettings:
    """Settings that trust the authority for every host."""
    return replace(DIRECT, authorities=(Authority("", str(authority.certificate_pem)),), **more)  # type: ignore[arg-type]


def test_a_trusted_server_and_the_record_of_its_certificate(
    tmp_path: Path, authority: TestAuthority, server: Issued
) -> None:
    async def scenario() -> None:
        async with (
            HttpPeer(lambda received: reply(200, b"x" * 700_000), context=server_context(server)) as peer,
            sender_in(tmp_path) as desk,
        ):
            response = await desk.response(request(peer.url()), trusting(authority))
            assert response.state == "ok", response.error
            assert desk.body(response) == b"x" * 700_000
            tls = response.tls
            assert tls is not None
            assert (tls.version, tls.subject, tls.issuer) == ("TLSv1.3", "CN=127.0.0.1", "CN=Test authority")
            assert len(tls.fingerprint) == 64
            assert tls.not_after.endswith("GMT")
            assert tls.verified
            assert response.timings.tls is not None
            assert any(entry.kind == "tls" for entry in response.timeline)
            again = await desk.response(request(peer.url()), trusting(authority))
            assert (again.tls, again.timings.tls) == (tls, None)

    asyncio.run(scenario())


def test_a_large_upload_and_tls_12(tmp_path: Path, authority: TestAuthority, server: Issued) -> None:
    file = tmp_path / "up"
    file.write_bytes(os.urandom(2_500_000))

    async def scenario() -> None:
        context = server_context(server, tls12=True)
        async with HttpPeer(context=context) as peer, sender_in(tmp_path) as desk:
            response = await desk.response(
                request(peer.url(), "PUT", body=FileBody(path=str(file))), trusting(authority)
            )
            assert response.tls is not None
            assert response.tls.version == "TLSv1.2"
            assert peer.received[0].body == file.read_bytes()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("which", "reason"),
    [
        ("foreign", "unknown_authority"),
        ("expired", "expired"),
        ("other_name", "wrong_host"),
        ("self_signed", "self_signed"),
    ],
)
def test_a_bad_certificate_is_named_with_what_is_wrong(
    tmp_path: Path, authority: TestAuthority, which: str, reason: str
) -> None:
    issued = {
        "foreign": lambda: TestAuthority(tmp_path, "Somebody else").issue("127.0.0.1"),
        "expired": lambda: authority.issue("127.0.0.1", expired=True),
        "other_name": lambda: authority.issue("other.example"),
        "self_signed": lambda: self_signed(tmp_path, "127.0.0.1"),
    }[which]()

    async def scenario() -> None:
        async with HttpPeer(context=server_context(issued)) as peer, sender_in(tmp_path / "b") as desk:
            (tmp_path / "b").mkdir()
            response = await desk.response(request(peer.url()), trusting(authority))
            assert problem(response) == "send.tls_certificate"
            assert response.error is not None
            assert response.error.params["reason"] == reason
            assert peer.received == []
            careless = await desk.response(request(peer.url()), trusting(authority, verify_tls=False))
            assert careless.status == 200, careless.error
            assert careless.tls is not None
            assert not careless.tls.verified
            assert careless.tls.subject.startswith("CN=")
            assert len(careless.tls.fingerprint) == 64

    asyncio.run(scenario())


def test_an_authority_counts_only_for_its_host(tmp_path: Path, authority: TestAuthority, server: Issued) -> None:
    file = str(authority.certificate_pem)

    async def scenario() -> None:
        async with HttpPeer(context=server_context(server)) as peer, sender_in(tmp_path) as desk:
            elsewhere = replace(DIRECT, authorities=(Authority("localhost", file),))
            assert problem(await desk.response(request(peer.url()), elsewhere)) == "send.tls_certificate"
            assert (await desk.response(request(peer.url(host="localhost")), elsewhere)).status == 200
            missing = replace(DIRECT, authorities=(Authority("", str(tmp_path / "none.pem")),))
            response = await desk.response(request(peer.url()), missing)
            assert problem(response) == "send.authority_file"

    asyncio.run(scenario())


def certified(authority: TestAuthority, certificate: Path, key: Path | None = None) -> SendSettings:
    """Settings with a client certificate for this computer."""
    mine = ClientCertificate("127.0.0.1", str(certificate), str(key or ""))
    return trusting(authority, client_certificates=(mine,))


def test_client_certificates_as_pem_and_pfx(tmp_path: Path, authority: TestAuthority, server: Issued) -> None:
    client = authority.issue("me.example", common_name="me")
    asked: list[str] = []

    async def ask(path: str) -> str | None:
        asked.append(path)
        return "wrong" if len(asked) == 1 else "open ü"

    async def scenario() -> None:
        context = server_context(server, clients_of=authority)
        (tmp_path / "b").mkdir()
        async with HttpPeer(context=context) as peer, sender_in(tmp_path / "b", ask_password=ask) as desk:
            settings = [
                certified(authority, client.pem),
                certified(authority, client.certificate_pem, client.key_pem()),
                certified(authority, client.pfx("open ü")),
                certified(authority, client.pfx("open ü")),
            ]
            for number, one in enumerate(settings):
                response = await desk.response(request(peer.url()), one)
                assert response.status == 200, (number, response.error)
                subject = peer.received[-1].peer_certificate["subject"]
                assert subject == ((("commonName", "me"),),)
            assert asked == [str(client.pfx("open ü"))] * 2

    asyncio.run(scenario())


def test_client_certificates_that_lack_or_do_not_fit_are_named(
    tmp_path: Path, authority: TestAuthority, server: Issued
) -> None:
    foreign = TestAuthority(tmp_path, "Somebody else").issue("stranger.example")
    client = authority.issue("me.example")
    broken = tmp_path / "broken.pfx"
    broken.write_bytes(b"not a pfx")
    cases = [
        (trusting(authority), "refused"),
        (certified(authority, foreign.pem), "refused"),
        (certified(authority, tmp_path / "none.pem"), "missing"),
        (certified(authority, broken), "unreadable"),
        (certified(authority, client.certificate_pem), "unreadable"),
        (certified(authority, client.pfx("secret")), "password"),
        (certified(authority, client.certificate_pem, client.key_pem("secret")), "password"),
    ]

    async def scenario() -> None:
        context = server_context(server, clients_of=authority)
        (tmp_path / "b").mkdir()
        async with StrictTlsPeer(context) as peer, sender_in(tmp_path / "b") as desk:
            for settings, reason in cases:
                response = await desk.response(request(f"https://127.0.0.1:{peer.port}/"), settings)
                assert problem(response) == "send.client_certificate", (reason, response.error)
                assert response.error is not None
                assert response.error.params["reason"] == reason
            assert peer.received == []

    asyncio.run(scenario())


@pytest.mark.parametrize("words", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b""])
def test_a_server_that_speaks_no_tls_is_named(tmp_path: Path, words: bytes) -> None:
    async def script(peer: ScriptedPeer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(words)

    async def scenario() -> None:
        async with ScriptedPeer(script) as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(f"https://127.0.0.1:{peer.port}/"))
            assert problem(response) == "send.tls_failed"
            assert response.error is not None
            assert response.error.params["phase"] == "tls"

    asyncio.run(scenario())


def test_the_private_file_of_a_pfx_is_gone(
    tmp_path: Path, authority: TestAuthority, server: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = authority.issue("me.example")
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    seen: list[int] = []
    original = ssl.SSLContext.load_cert_chain

    def spying(self: ssl.SSLContext, file: str, *rest: object, **named: object) -> None:
        seen.append(os.stat(file).st_mode & 0o777)
        original(self, file, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", spying)

    async def scenario() -> None:
        context = server_context(server, clients_of=authority)
        seen.clear()
        async with HttpPeer(context=context) as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url()), certified(authority, client.pfx(None)))
            assert response.status == 200, response.error
        assert seen == [0o600]
        assert list(folder.iterdir()) == []

    asyncio.run(scenario())
    gc.collect()
