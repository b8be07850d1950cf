"""Which proxy a request goes through; the environment is asked, nothing else."""

from __future__ import annotations

import ipaddress
import urllib.request
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote_to_bytes, urlsplit

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.sender.address import Address
from insomnia_desktop.sender.send_settings import SendSettings

_PORTS: Final = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy; `user` is None where it asks for nobody. `repr` shows no password."""

    kind: Literal["http", "https", "socks5"]
    host: str
    port: int
    user: bytes | None = None
    password: bytes = b""

    def __repr__(self) -> str:
        return f"{self.kind}://{self.host}:{self.port}"


def proxy_for(address: Address, settings: SendSettings) -> Proxy | None:
    """Return the proxy for an address, or None; raises KnownError `send.bad_proxy` (params: address, reason)."""
    if settings.proxy_mode == "none":
        return None
    if settings.proxy_mode == "manual":
        if not settings.proxy_address or _is_excepted(address, settings.proxy_exceptions):
            return None
        return parse_proxy(settings.proxy_address)
    found = urllib.request.getproxies()
    typed = found.get(address.scheme) or found.get("all") or found.get("socks")
    if not typed or _system_bypasses(address, found):
        return None
    return parse_proxy(typed)


def parse_proxy(text: str) -> Proxy:
    """Read a proxy's address; without a scheme it is `http`. Raises KnownError `send.bad_proxy`."""
    typed = text.strip()
    shown = typed.rpartition("@")[2]
    try:
        parts = urlsplit(typed if "://" in typed else f"http://{typed}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise KnownError("send.bad_proxy", address=shown, reason="address") from None
    if parts.scheme not in _PORTS:
        raise KnownError("send.bad_proxy", address=shown, reason="scheme")
    if not host or not host.isascii() or any(character in host for character in ' {}<>"\\'):
        raise KnownError("send.bad_proxy", address=shown, reason="address")
    kind: Literal["http", "https", "socks5"] = "https" if parts.scheme == "https" else "http"
    if parts.scheme.startswith("socks5"):
        # A name is looked up at the proxy either way.
        kind = "socks5"
    return Proxy(
        kind=kind,
        host=host,
        port=port or _PORTS[parts.scheme],
        user=None if parts.username is None else unquote_to_bytes(parts.username),
        password=unquote_to_bytes(parts.password or ""),
    )


def _system_bypasses(address: Address, found: dict[str, str]) -> bool:
    exceptions = found.get("no")
    if exceptions is not None:
        return _is_excepted(address, tuple(exceptions.replace(",", " ").split()))
    # Without a word in the environment the system's own list counts (macOS, Windows).
    return not urllib.request.getproxies_environment() and bool(urllib.request.proxy_bypass(address.host))


def _is_excepted(address: Address, exceptions: tuple[str, ...]) -> bool:
    host = address.host.rstrip(".").lower()
    for exception in exceptions:
        pattern = exception.strip().lower()
        name, colon, port = pattern.rpartition(":")
        if colon and port.isdigit() and (":" not in name or name.endswith("]")):
            if int(port) != address.port:
                continue
            pattern = name
        pattern = pattern.strip("[]")
        if pattern == "*" or pattern == host or _in_network(host, pattern):
            return True
        # `example.com`, `.example.com` and `*.example.com` all stand for what is below it.
        suffix = "." + pattern.removeprefix("*").lstrip(".")
        if len(suffix) > 1 and host.endswith(suffix):
            return True
    return False


def _in_network(host: str, pattern: str) -> bool:
    if "/" not in pattern:
        return False
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(pattern, strict=False)
    except ValueError:
        return False
