"""Keeps the tests on this computer: sockets reach the loopback only, and no name is looked up outside."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any, NoReturn

import pytest

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_sendto = socket.socket.sendto
_getaddrinfo = socket.getaddrinfo

_refused: list[str] = []


class NetworkRefused(BaseException):
    """A test reached for the network; no `except Exception` may hide it."""


def install(patch: pytest.MonkeyPatch) -> None:
    """Put the guards in place until `patch` is undone."""
    patch.setattr(socket.socket, "connect", _guarded(_connect))
    patch.setattr(socket.socket, "connect_ex", _guarded(_connect_ex))
    patch.setattr(socket.socket, "sendto", _guarded_sendto)
    patch.setattr(socket, "getaddrinfo", _guarded_getaddrinfo)


def check() -> None:
    """Fail the test that reached for the network, also where the refusal was swallowed on another thread."""
    refused, _refused[:] = list(_refused), []
    if refused:
        pytest.fail(f"reached beyond this computer: {', '.join(refused)}", pytrace=False)


def is_local(host: str) -> bool:
    """Say whether a host is this computer, by its address or its reserved name (RFC 6761, 6.3)."""
    try:
        address = ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        name = host.rstrip(".").lower()
        return name in ("", "localhost") or name.endswith(".localhost")
    # The unspecified address stands for this computer when it is connected to.
    return address.is_loopback or address.is_unspecified


def _refuse(host: object) -> NoReturn:
    _refused.append(str(host))
    raise NetworkRefused(f"tests reach the loopback only, not {host}")


def _check_address(family: int, address: Any) -> None:
    if family in (socket.AF_INET, socket.AF_INET6) and not is_local(str(address[0])):
        _refuse(address[0])


def _guarded(original: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        _check_address(self.family, address)
        return original(self, address)

    return guarded


def _guarded_sendto(self: socket.socket, *arguments: Any) -> int:
    _check_address(self.family, arguments[-1])
    return _sendto(self, *arguments)


def _guarded_getaddrinfo(host: Any, port: Any, *arguments: Any, **named: Any) -> Any:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    if _is_literal(name) or is_local(name):
        return _getaddrinfo(host, port, *arguments, **named)
    if name.rstrip(".").lower().endswith(".invalid"):
        # RFC 6761, 6.4: such a name never exists, so the answer needs no question.
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return _refuse(name)


def _is_literal(name: str) -> bool:
    # An address needs no look-up; `connect` judges it.
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True
