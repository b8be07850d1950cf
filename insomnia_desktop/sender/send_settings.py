"""The settings that one send goes by: those of the application, with the request's own over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from insomnia_desktop.model.request import RequestSettings
from insomnia_desktop.model.settings import SETTINGS

ProxyMode = Literal["system", "none", "manual"]
HttpVersion = Literal["auto", "1.1", "2"]


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A client certificate for a host: a PEM file (with its key in it or in `key`), or a PFX file."""

    host: str
    certificate: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """A file of further certificate authorities for a host; an empty host stands for every host."""

    host: str
    file: str


@dataclass(frozen=True, slots=True)
class SendSettings:
    """Resolved settings of one send; times are milliseconds, 0 is no limit."""

    total_timeout_ms: int = 0
    connect_timeout_ms: int = 10_000
    verify_tls: bool = True
    follow_redirects: bool = True
    max_redirects: int = 20
    http_version: HttpVersion = "auto"
    send_cookies: bool = True
    store_cookies: bool = True
    proxy_mode: ProxyMode = "system"
    proxy_address: str = ""
    proxy_exceptions: tuple[str, ...] = ()
    client_certificates: tuple[ClientCertificate, ...] = ()
    authorities: tuple[Authority, ...] = ()


def settings_for(application: Mapping[str, Any], request: RequestSettings | None = None) -> SendSettings:
    """Return the settings of a send; a key that `application` lacks has its declared default."""
    own = request if request is not None else RequestSettings()

    def value(key: str, override: Any = None) -> Any:
        return override if override is not None else application.get(key, SETTINGS[key].default)

    mode: ProxyMode = value("proxy.mode")
    exceptions = _names(value("proxy.exceptions"))
    address = value("proxy.address").strip()
    if own.proxy is not None:
        # A proxy of the request itself holds for every host.
        mode, address, exceptions = ("manual" if own.proxy.strip() else "none"), own.proxy.strip(), ()
    return SendSettings(
        total_timeout_ms=value("sending.total_timeout_ms", own.total_timeout_ms),
        connect_timeout_ms=value("sending.connect_timeout_ms", own.connect_timeout_ms),
        verify_tls=value("tls.verify", own.verify_tls),
        follow_redirects=value("sending.follow_redirects", own.follow_redirects),
        max_redirects=value("sending.max_redirects", own.max_redirects),
        http_version=value("sending.http_version", own.http_version),
        send_cookies=value("sending.send_cookies", own.send_cookies),
        store_cookies=value("sending.store_cookies", own.store_cookies),
        proxy_mode=mode,
        proxy_address=address,
        proxy_exceptions=exceptions,
        client_certificates=tuple(
            ClientCertificate(row.get("host", "").strip(), row.get("certificate", ""), row.get("key", ""))
            for row in value("tls.client_certificates")
            if row.get("certificate")
        ),
        authorities=tuple(
            Authority(row.get("host", "").strip(), row.get("file", ""))
            for row in value("tls.authorities")
            if row.get("file")
        ),
    )


def host_matches(pattern: str, host: str, port: int) -> bool:
    """Say whether a host pattern (`example.com`, `example.com:8443`, `*.example.com` or `.example.com`) fits."""
    pattern = pattern.strip().lower()
    name, colon, port_text = pattern.rpartition(":")
    if colon and port_text.isdigit() and not name.endswith(":") and (":" not in name or name.endswith("]")):
        if int(port_text) != port:
            return False
        pattern = name
    pattern = pattern.strip("[]")
    host = host.strip("[]").lower().rstrip(".")
    if pattern == "*":
        return True
    if pattern.startswith(("*.", ".")):
        return host.endswith(pattern.lstrip("*")) and host != pattern.lstrip("*.")
    return host == pattern.rstrip(".")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.replace(",", " ").split() if name)
