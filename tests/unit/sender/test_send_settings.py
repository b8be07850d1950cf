"""Settings of one send and the proxy that they lead to.

Tests insomnia_desktop.sender.send_settings, insomnia_desktop.sender.proxies.
"""

from __future__ import annotations

import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.model.request import RequestSettings
from insomnia_desktop.sender.address import parse_address
from insomnia_desktop.sender.proxies import Proxy, parse_proxy, proxy_for
from insomnia_desktop.sender.send_settings import SendSettings, host_matches, settings_for


def test_without_anything_set_the_declared_defaults_hold() -> None:
    settings = settings_for({})
    assert settings.connect_timeout_ms == 10_000
    assert settings.proxy_mode == "system"
    assert settings.verify_tls


def test_the_request_stands_over_the_application() -> None:
    application = {
        "tls.verify": True,
        "sending.max_redirects": 5,
        "proxy.mode": "manual",
        "proxy.address": "one:1",
        "proxy.exceptions": "a, b",
        "tls.client_certificates": [{"host": " h ", "certificate": "/c.pem", "key": ""}, {"host": "x"}],
        "tls.authorities": [{"host": "", "file": "/ca.pem"}, {"host": "x"}],
    }
    settings = settings_for(application, RequestSettings(verify_tls=False, total_timeout_ms=7, http_version="2"))
    assert (settings.verify_tls, settings.total_timeout_ms, settings.http_version) == (False, 7, "2")
    assert (settings.max_redirects, settings.proxy_address) == (5, "one:1")
    assert settings.proxy_exceptions == ("a", "b")
    assert [one.host for one in settings.client_certificates] == ["h"]
    assert [one.file for one in settings.authorities] == ["/ca.pem"]
    none = settings_for(application, RequestSettings(proxy=""))
    assert none.proxy_mode == "none"
    own = settings_for(application, RequestSettings(proxy="two:2"))
    assert (own.proxy_mode, own.proxy_address, own.proxy_exceptions) == ("manual", "two:2", ())


@pytest.mark.parametrize(
    ("pattern", "host", "port", "fits"),
    [
        ("a.example", "A.example", 443, True),
        ("a.example", "b.a.example", 443, False),
        ("*.a.example", "b.a.example", 443, True),
        ("*.a.example", "a.example", 443, False),
        (".a.example", "b.a.example", 443, True),
        ("a.example:8443", "a.example", 8443, True),
        ("a.example:8443", "a.example", 443, False),
        ("[::1]:8443", "::1", 8443, True),
        ("::1", "::1", 443, True),
        ("*", "anything", 1, True),
    ],
)
def test_hosts_of_certificates(pattern: str, host: str, port: int, fits: bool) -> None:
    assert host_matches(pattern, host, port) is fits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("proxy:3128", Proxy("http", "proxy", 3128)),
        ("http://u:p%40@proxy", Proxy("http", "proxy", 80, b"u", b"p@")),
        ("https://proxy", Proxy("https", "proxy", 443)),
        ("socks5h://[::1]:9", Proxy("socks5", "::1", 9)),
    ],
)
def test_addresses_of_proxies(text: str, expected: Proxy) -> None:
    assert parse_proxy(text) == expected


@pytest.mark.parametrize("text", ["", "ftp://x", "http://", "http://x:99999", "http://a b", "socks4://x"])
def test_what_is_no_proxy_is_named_without_its_password(text: str) -> None:
    with pytest.raises(KnownError) as caught:
        parse_proxy(text.replace("://", "://me:secret@"))
    assert caught.value.code == "send.bad_proxy"
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(Proxy("http", "x", 1, b"me", b"secret"))


@pytest.mark.parametrize(
    ("exceptions", "url", "direct"),
    [
        (("a.example",), "http://a.example/", True),
        (("a.example",), "http://b.a.example/", True),
        ((".a.example",), "http://b.a.example/", True),
        (("*.a.example",), "http://b.a.example/", True),
        (("a.example",), "http://ba.example/", False),
        (("a.example:81",), "http://a.example/", False),
        (("10.0.0.0/8",), "http://10.2.3.4/", True),
        (("10.0.0.0/8",), "http://11.2.3.4/", False),
        (("::1",), "http://[::1]/", True),
        (("*",), "http://x/", True),
        (("",), "http://x/", False),
    ],
)
def test_exceptions(exceptions: tuple[str, ...], url: str, direct: bool) -> None:
    settings = SendSettings(proxy_mode="manual", proxy_address="proxy:1", proxy_exceptions=exceptions)
    assert (proxy_for(parse_address(url), settings) is None) is direct


def test_the_environment_counts_by_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "secure:1")
    monkeypatch.setenv("all_proxy", "socks5://all:2")
    settings = SendSettings()
    assert proxy_for(parse_address("https://x.example/"), settings) == Proxy("http", "secure", 1)
    assert proxy_for(parse_address("http://x.example/"), settings) == Proxy("socks5", "all", 2)
    monkeypatch.setenv("no_proxy", "*")
    assert proxy_for(parse_address("http://x.example/"), settings) is None
    assert proxy_for(parse_address("http://x.example/"), SendSettings(proxy_mode="none")) is None
