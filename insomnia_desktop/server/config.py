"""The settings of one server, as its command line or the program that hosts it gives them."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Literal

from insomnia_desktop.protocol import limits
from insomnia_desktop.protocol.service import Limits

Registration = Literal["open", "invite", "closed"]

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8443
DATABASE_FILE = "server.sqlite"


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Every limit of protocol v1, 3.10; those of `wire` are told by /v1/version.

    `requests` and `burst` are a session's (a minute; at once), `streams` its event streams, `attempts` the sign-ups,
    sign-ins and recoveries a minute of one address.
    """

    wire: Limits = field(default_factory=Limits)
    requests: int = limits.SESSION_REQUESTS_A_MINUTE
    burst: int = limits.SESSION_BURST
    streams: int = limits.SESSION_EVENT_STREAMS
    attempts: int = limits.ADDRESS_TRIES_A_MINUTE

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names that `--limit` knows."""
        return (*Limits.__struct_fields__, "attempts")

    def changed(self, name: str, number: int) -> ServerLimits:
        """Return the limits with another one; raises ValueError for an unknown name or a number out of range."""
        if not 1 <= number <= limits.NUMBER_MAX:
            raise ValueError(f"{name} is a number from 1")
        if name in Limits.__struct_fields__:
            told = {each: getattr(self.wire, each) for each in Limits.__struct_fields__}
            return replace(self, wire=Limits(**{**told, name: number}))
        if name == "attempts":
            return replace(self, attempts=number)
        raise ValueError(f"{name} is no limit; there are {', '.join(self.names())}")


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """One server; `database` is a file of SQLite, or an address that may hold a password: `repr` does not show it."""

    database: Path | str = field(repr=False)
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    tls_cert: Path | None = None
    tls_key: Path | None = None
    behind_proxy: bool = False
    registration: Registration = "open"
    limits: ServerLimits = field(default_factory=ServerLimits)

    @property
    def checks_host(self) -> bool:
        """Whether a request must name this computer in `Host`: a page of the web could reach it by another name."""
        return is_loopback(self.host) and not self.behind_proxy

    @property
    def scheme(self) -> str:
        """The scheme of its address."""
        return "https" if self.tls_cert else "http"


def default_registration(host: str, *, behind_proxy: bool) -> Registration:
    """Return `open` where only this computer can reach the server, else `invite`."""
    return "open" if is_loopback(host) and not behind_proxy else "invite"


def is_loopback(host: str) -> bool:
    """Say whether a host is this computer alone, by its address or its reserved name (RFC 6761, 6.3)."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def describe(config: ServerConfig) -> dict[str, str | int | bool]:
    """Return what a log may say of the settings: never the database's address."""
    shown = ("host", "port", "behind_proxy", "registration")
    return {each.name: getattr(config, each.name) for each in fields(config) if each.name in shown}
