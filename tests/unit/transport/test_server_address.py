"""Addresses of sync servers, as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.services.error_text import sentence
from insomnia_desktop.transport.server_address import is_loopback, read_server_address

PIN = "q7Yx0Jd3TzM5cA9vKfW2bE8hL4nRsU6gPiOj1kXqVtY"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("https://sync.example", "https://sync.example"),
        (" https://Sync.Example./ ", "https://sync.example"),
        ("https://sync.example:443", "https://sync.example"),
        ("https://sync.example:8443/", "https://sync.example:8443"),
        ("sync.example:8443", "https://sync.example:8443"),
        ("HTTPS://sync.example", "https://sync.example"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("localhost:8443", "http://localhost:8443"),
        ("127.0.0.1:8443", "http://127.0.0.1:8443"),
        ("http://127.3.2.1:80", "http://127.3.2.1"),
        ("http://[::1]:8443", "http://[::1]:8443"),
        ("https://[2001:DB8::0:1]", "https://[2001:db8::1]"),
        (f"https://192.168.1.24:8443#{PIN}", f"https://192.168.1.24:8443#{PIN}"),
        (f"192.168.1.24:8443/#{PIN}", f"https://192.168.1.24:8443#{PIN}"),
        (f"localhost:8443#{PIN}", f"https://localhost:8443#{PIN}"),
        ("https://my_server.example", "https://my_server.example"),
    ],
)
def test_what_is_an_address(typed: str, text: str) -> None:
    address = read_server_address(typed)
    assert address.text == text
    assert read_server_address(address.text) == address
    assert address.origin == text.partition("#")[0]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "malformed"),
        ("https://", "malformed"),
        ("ftp://sync.example", "malformed"),
        ("file:///etc/passwd", "malformed"),
        ("https://ada:secret@sync.example", "malformed"),
        ("https://sync.example/path", "malformed"),
        ("https://sync.example?x=1", "malformed"),
        ("https://sync.example?", "malformed"),
        ("https://sync example", "malformed"),
        ("https://sync.example:99999", "malformed"),
        ("https://sync.example:0", "malformed"),
        ("https://sync.example:port", "malformed"),
        ("https://1.2.3", "malformed"),
        ("https://256.1.1.1", "malformed"),
        ("https://-a.example", "malformed"),
        ("https://a..b", "malformed"),
        ("https://[::1", "malformed"),
        ("https://sync.example\n.evil.example", "malformed"),
        (f"https://{'a' * 64}.example", "malformed"),
        (f"https://{'a.' * 130}example", "malformed"),
        ("https://ex\u2028ample", "malformed"),
        ("http://sync.example", "cleartext"),
        ("http://192.168.1.24:8443", "cleartext"),
        ("http://localhost.evil.example", "cleartext"),
        ("http://x.localhost", "cleartext"),
        ("http://127.0.0.1.example", "cleartext"),
        (f"http://localhost#{PIN}", "pin"),
        ("https://sync.example#", "pin"),
        ("https://sync.example#abc", "pin"),
        (f"https://sync.example#{PIN[:-1]}Z", "pin"),
        (f"https://sync.example#{PIN}=", "pin"),
        (f"https://sync.example#{PIN}{PIN}", "pin"),
    ],
)
def test_what_is_none(typed: str, reason: str) -> None:
    with pytest.raises(KnownError) as caught:
        read_server_address(typed)
    assert caught.value.code == "account.bad_address"
    assert caught.value.params["reason"] == reason
    assert sentence(caught.value).hint


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(typed: str) -> None:
    try:
        address = read_server_address(typed)
    except KnownError:
        return
    assert address.scheme == "https" or is_loopback(address.host)
    assert read_server_address(address.text) == address
