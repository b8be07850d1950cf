"""The address of a sync server: https, or http on this computer alone, and the certificate it pins (protocol v1)."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url, to_base64url

PIN_BYTES = 32
_PORTS = {"https": 443, "http": 80}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_LONGEST_HOST = 253


class ServerAddress(msgspec.Struct, frozen=True):
    """Where a sync server is; `pin` is the SHA-256 of the one certificate that is accepted, empty for the usual check.

    `host` is in lower case, an IPv6 address without brackets.
    """

    scheme: str
    host: str
    port: int
    pin: bytes = b""

    @property
    def origin(self) -> str:
        """The address without the pin, and without a port that the scheme implies."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")

    @property
    def text(self) -> str:
        """The whole address, as a person gives it to another."""
        return f"{self.origin}#{to_base64url(self.pin)}" if self.pin else self.origin


def read_server_address(typed: str) -> ServerAddress:
    """Return the address that a person typed, without a scheme https, on this computer http.

    Raises KnownError `account.bad_address`, whose `reason` is `cleartext` for http to another computer, `pin` for what
    stands behind `#` and is no SHA-256, else `malformed`.
    """
    text = typed.strip()
    scheme = _SCHEME.match(text)
    try:
        parts = urlsplit(text if scheme else f"//{text}")
        host, port, fragment = _host(parts.hostname or ""), parts.port, parts.fragment
    except ValueError:
        raise _bad(typed, "malformed") from None
    named = parts.scheme or ("http" if is_loopback(host) and not fragment else "https")
    plain = parts.username is None and parts.password is None and parts.path in ("", "/") and not parts.query
    if named not in _PORTS or not plain or port == 0 or not text.isprintable() or " " in text or "?" in text:
        raise _bad(typed, "malformed")
    pin = _pin(typed, fragment) if "#" in text else b""
    if named == "http" and not is_loopback(host):
        raise _bad(typed, "cleartext")
    if named == "http" and pin:
        raise _bad(typed, "pin")
    return ServerAddress(named, host, port or _PORTS[named], pin)


def is_loopback(host: str) -> bool:
    """Say whether a host is this computer itself, whatever the network says (RFC 6761, 6.3; RFC 1122, 3.2.1.3)."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        # Names below `localhost` are this computer too, but not every system keeps its resolver from asking others.
        return host == "localhost"


def _host(text: str) -> str:
    host = text.rstrip(".").lower()
    if not host.isascii():
        import idna  # imported here: few servers have a name in another script

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            raise ValueError("no name of a host") from None
    if ":" in host:
        return str(ipaddress.IPv6Address(host))
    if re.fullmatch(r"[0-9.]+", host):
        return str(ipaddress.IPv4Address(host))
    if not 0 < len(host) <= _LONGEST_HOST or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise ValueError("no name of a host")
    return host


def _pin(typed: str, fragment: str) -> bytes:
    try:
        pin = from_base64url(fragment)
    except KnownError:
        raise _bad(typed, "pin") from None
    if len(pin) != PIN_BYTES:
        raise _bad(typed, "pin")
    return pin


def _bad(typed: str, reason: str) -> KnownError:
    return KnownError("account.bad_address", address=typed.strip(), reason=reason)
