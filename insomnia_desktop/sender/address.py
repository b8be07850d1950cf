"""From a typed address to what is connected to and asked for; pure.

The path and the query go out as typed (`/a/../b`, `{}`, `|`): only what cannot stand in a request line, which is
blanks, control characters and everything beyond ASCII, is percent-encoded (RFC 9112, 3.2; RFC 3986, 2.1).
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_to_bytes, urljoin

from insomnia_desktop.base.errors import KnownError

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
# Typed without its two slashes, a scheme would be taken for the name of a server with a port.
_WITHOUT_SLASHES = re.compile(
    r"(https?|wss?|ftp|file|javascript|data|mailto|about|blob|tel|urn):(?!//)(?!\d+(?:[/?#]|$))", re.IGNORECASE
)
# What comes along unseen when an address is copied: a byte order mark and characters of no width.
_UNSEEN: Final = "\ufeff\u200b\u200c\u200d\u2060"
_HOST = re.compile(r"[A-Za-z0-9._-]+")
_UNSENDABLE = re.compile(r"[^\x21-\x7e]+")
_ENCODED_KEEP: Final = "-_.!~*'()"
_PATH_PARAMETER = re.compile(r"(?<=/):([A-Za-z_][\w-]*)(?=[/?#]|$)")


@dataclass(frozen=True, slots=True)
class Address:
    """An address in parts; `host` is ASCII without brackets, `target` the path and query as they are sent.

    `user` and `password` are the user information, decoded, or None where there is none.
    """

    scheme: str
    host: str
    port: int
    target: str
    user: bytes | None = None
    password: bytes = b""

    @property
    def authority(self) -> str:
        """Host and port as the Host header names them: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port (RFC 6454)."""
        return self.scheme, self.host, self.port

    @property
    def path(self) -> str:
        """The path without the query."""
        return self.target.partition("?")[0]

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def parse_address(text: str) -> Address:
    """Read an address as people type it; a missing scheme is `https`, for this computer and private networks `http`.

    Raises KnownError `send.bad_address` (params: address, reason, and with some reasons scheme, host or port).
    """
    typed = text.strip().strip(_UNSEEN).strip()
    if not typed:
        raise KnownError("send.bad_address", address=text, reason="empty")
    match = _SCHEME.match(typed)
    scheme = match.group(1).lower() if match else ""
    if scheme and scheme not in DEFAULT_PORTS:
        raise KnownError("send.bad_address", address=_shown(typed), reason="scheme", scheme=scheme)
    bare = None if match else _WITHOUT_SLASHES.match(typed)
    if bare is not None:
        name = bare.group(1).lower()
        reason = "slashes" if name in DEFAULT_PORTS else "scheme"
        raise KnownError("send.bad_address", address=_shown(typed), reason=reason, scheme=name)
    rest = typed[match.end() :] if match else typed.removeprefix("//")
    end = next((position for position, character in enumerate(rest) if character in "/?#\\"), len(rest))
    authority, tail = rest[:end], rest[end:]
    information, at, host_port = authority.rpartition("@")
    host, port = _host_and_port(host_port, typed)
    if not scheme:
        scheme = "http" if _is_near(host) else "https"
    user, _, password = information.partition(":")
    return Address(
        scheme=scheme,
        host=host,
        port=port or DEFAULT_PORTS[scheme],
        target=target_of(tail),
        user=unquote_to_bytes(user) if at else None,
        password=unquote_to_bytes(password),
    )


def resolve_location(base: Address, location: str) -> Address:
    """Return the address that a Location header names, relative to the one it came from (RFC 9110, 10.2.2).

    Raises KnownError `send.bad_address`, for the caller to say where it came from.
    """
    location = location.strip()
    if _SCHEME.match(location):
        return parse_address(location)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", location):
        raise KnownError("send.bad_address", address=location, reason="scheme", scheme=location.partition(":")[0])
    if location.startswith("//"):
        return parse_address(f"{base.scheme}:{location}")
    if location.startswith("/"):
        return parse_address(f"{base.scheme}://{base.authority}{location}")
    return parse_address(urljoin(str(base), location))


def target_of(tail: str) -> str:
    """Return path and query as they are sent: without the fragment, `/` where there is no path."""
    target = tail.partition("#")[0]
    if not target.startswith("/"):
        target = "/" + target
    return _UNSENDABLE.sub(lambda found: quote(found.group().encode("utf-8", "surrogatepass"), safe=""), target)


def add_parameters(text: str, pairs: list[tuple[str, str]]) -> str:
    """Return the address with parameters added behind the query that it has, before its fragment."""
    if not pairs:
        return text
    query = "&".join(f"{encode_component(name)}={encode_component(value)}" for name, value in pairs)
    address, hash_sign, fragment = text.partition("#")
    joint = "&" if "?" in address else "?"
    if address.endswith(("?", "&")):
        joint = ""
    return f"{address}{joint}{query}{hash_sign}{fragment}"


def fill_path(text: str, values: dict[str, str]) -> str:
    """Return the address with its `:name` segments replaced; one without a value stays as it is typed."""
    if not values or ":" not in text:
        return text
    match = _SCHEME.match(text)
    start = text.find("/", match.end() if match else 0)
    if start < 0:
        return text
    end = next((position for position in range(start, len(text)) if text[position] in "?#"), len(text))

    def filled(found: re.Match[str]) -> str:
        value = values.get(found.group(1), "")
        return encode_component(value) if value else found.group()

    return text[:start] + _PATH_PARAMETER.sub(filled, text[start:end]) + text[end:]


def encode_component(text: str) -> str:
    """Percent-encode everything but letters, digits and `-_.!~*'()` (what encodeURIComponent keeps)."""
    return quote(text.encode("utf-8", "surrogatepass"), safe=_ENCODED_KEEP)


def is_ip_literal(host: str) -> bool:
    """Say whether a host is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Say whether a host is this computer (RFC 6761, 6.3, and the loopback networks)."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return is_ip_literal(host) and ipaddress.ip_address(host).is_loopback


def _is_near(host: str) -> bool:
    if is_loopback(host):
        return True
    if not is_ip_literal(host):
        return False
    address = ipaddress.ip_address(host)
    return address.is_private or address.is_link_local


def _host_and_port(text: str, typed: str) -> tuple[str, int | None]:
    if text.startswith("["):
        literal, bracket, port_text = text[1:].partition("]")
        if not bracket or (port_text and not port_text.startswith(":")):
            raise _bad(typed, "host", host=text)
        try:
            host = str(ipaddress.IPv6Address(literal))
        except ValueError:
            raise _bad(typed, "host", host=text) from None
        if "%" in host:
            raise _bad(typed, "zone", host=text)
        port_text = port_text[1:]
    else:
        host, _, port_text = text.partition(":")
        if not host:
            raise _bad(typed, "no_host")
        host = _ascii_host(host, typed)
    if not port_text:
        return host, None
    if not (port_text.isascii() and port_text.isdigit()) or len(port_text) > 5 or not 0 < int(port_text) < 65_536:
        raise _bad(typed, "port", port=port_text)
    return host, int(port_text)


def _ascii_host(host: str, typed: str) -> str:
    if not host.isascii():
        import idna  # imported here: names in ASCII do without its tables

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise _bad(typed, "international", host=host, detail=str(error)) from None
    labels = host.removesuffix(".").split(".")
    if _HOST.fullmatch(host) is None:
        raise _bad(typed, "host", host=host)
    if len(host) > 254 or any(not 0 < len(label) < 64 for label in labels):
        raise _bad(typed, "host_length", host=host)
    return host.lower()


def _bad(typed: str, reason: str, **params: str) -> KnownError:
    return KnownError("send.bad_address", address=_shown(typed), reason=reason, **params)


def _shown(typed: str) -> str:
    """Return an address for people: no password, not endless."""
    return re.sub(r"(?<=:)[^/@:?#]*(?=@)", "•••", typed)[:500]
