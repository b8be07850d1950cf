"""From what httpcore raises to the errors that we know how to name."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from typing import Final

import httpcore

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.sender import failures
from insomnia_desktop.sender.address import Address
from insomnia_desktop.sender.proxies import Proxy

NAMED: Final = (
    httpcore.ProxyError,
    httpcore.ProtocolError,
    httpcore.NetworkError,
    httpcore.UnsupportedProtocol,
)
"""What `transport_failure` names."""
HTTP2_HEADER_LIMIT: Final = 65_536
"""What httpcore lets a server send as headers over HTTP/2."""
# How the HTTP library shows what came: as Python writes bytes.
_PYTHON_BYTES = re.compile(r"""bytearray\(b(['"])(.*)\1\)""", re.DOTALL)
_INCOMPLETE = re.compile(r"without sending complete message body(?: \(received (\d+) bytes, expected (\d+)\))?")


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a send stood when it failed; `heard` says whether any byte had come back."""

    address: Address
    proxy: Proxy | None
    prior_knowledge: bool
    heard: bool
    head_received: bool
    received: int
    header_limit: int


def transport_failure(error: Exception, at: Situation) -> KnownError:
    """Return the named error for one of NAMED."""
    place = {"host": at.address.host, "port": at.address.port, "phase": "download" if at.head_received else "wait"}
    if isinstance(error, httpcore.ProxyError):
        return _proxy_failure(error, at)
    if isinstance(error, httpcore.LocalProtocolError):
        inner = error.args[0] if error.args else None
        if type(inner).__module__.partition(".")[0] == "h2":
            if type(inner).__name__ == "DenialOfServiceError":
                return KnownError("send.header_too_large", limit=HTTP2_HEADER_LIMIT, **place)
            # An error at what came in: the other side broke the rules of HTTP/2, or does not speak it.
            if at.prior_knowledge and not at.head_received:
                return _no_http2(at)
            return _bad_response(str(inner), at)
        return KnownError("send.bad_header", name="", reason="refused", detail=str(error))
    if at.prior_knowledge and not at.head_received and (not at.heard or isinstance(error, httpcore.WriteError)):
        # So do servers that know only HTTP/1 at the first bytes of HTTP/2: they close, with or without a word.
        return _no_http2(at)
    if isinstance(error, httpcore.RemoteProtocolError):
        return _remote_failure(error, at)
    cause = failures.underlying(error)
    if isinstance(cause, ssl.SSLError):
        return KnownError("send.tls_failed", reason=(cause.reason or str(cause)).replace("_", " ").lower(), **place)
    reason = failures.reason_of(cause) if cause is not None else str(error)
    return KnownError("send.reset", received=at.received, reason=reason, **place)


def is_stale(error: Exception) -> bool:
    """Say whether an error is that of a kept connection which the server had closed meanwhile."""
    if isinstance(error, httpcore.ReadError | httpcore.WriteError):
        return failures.is_reset(failures.underlying(error))
    return isinstance(error, httpcore.RemoteProtocolError) and str(error).startswith("Server disconnected")


def _remote_failure(error: httpcore.RemoteProtocolError, at: Situation) -> KnownError:
    text = str(error)
    place = {"host": at.address.host, "port": at.address.port, "phase": "download" if at.head_received else "wait"}
    incomplete = _INCOMPLETE.search(text)
    if incomplete is not None:
        expected = int(incomplete.group(2)) if incomplete.group(2) else 0
        return KnownError("send.closed_early", received=at.received, expected=expected, **place)
    if text.startswith("Server disconnected"):
        if at.head_received:
            return KnownError("send.closed_early", received=at.received, expected=0, **place)
        # Within TLS there are bytes before any answer.
        if at.heard and at.address.scheme == "http":
            return _bad_response("the connection was closed before the headers were complete", at)
        return KnownError("send.no_response", **place)
    if "Receive buffer too long" in text and not at.head_received:
        return KnownError("send.header_too_large", limit=at.header_limit, **place)
    event = error.args[0] if error.args else None
    if type(event).__name__ in ("StreamReset", "ConnectionTerminated"):
        number = getattr(event, "error_code", 0)
        reason = getattr(number, "name", str(number)).replace("_", " ").lower()
        return KnownError("send.reset", received=at.received, reason=f"HTTP/2: {reason}", **place)
    return _bad_response(text, at)


def _no_http2(at: Situation) -> KnownError:
    return KnownError("send.http2_unavailable", host=at.address.host, port=at.address.port)


def _bad_response(reason: str, at: Situation) -> KnownError:
    return KnownError(
        "send.bad_response",
        host=at.address.host,
        port=at.address.port,
        phase="download" if at.head_received else "wait",
        reason=_PYTHON_BYTES.sub(lambda found: found.group(2), reason)[:300],
    )


def _proxy_failure(error: httpcore.ProxyError, at: Situation) -> KnownError:
    text = str(error)
    host = at.proxy.host if at.proxy is not None else ""
    port = at.proxy.port if at.proxy is not None else 0
    lower = text.lower()
    if text.startswith("407") or "username" in lower or "auth" in lower:
        return KnownError("send.proxy_authentication", host=host, port=port, detail=text)
    return KnownError("send.proxy_failed", host=host, port=port, reason="tunnel", detail=text, phase="connect")
