"""From what the network and TLS raise to the errors that we know how to name."""

from __future__ import annotations

import errno
import os
import ssl
from typing import Final

from insomnia_desktop.base.errors import KnownError

_RESET: Final = {errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED, errno.ENOTCONN}
_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_VERIFY_REASONS: Final = {
    9: "not_yet_valid",
    10: "expired",
    18: "self_signed",
    19: "unknown_authority",
    20: "unknown_authority",
    21: "unknown_authority",
    23: "revoked",
    26: "wrong_purpose",
    62: "wrong_host",
    64: "wrong_host",
}
_CLIENT_CERTIFICATE_ALERTS: Final = (
    "TLSV13_ALERT_CERTIFICATE_REQUIRED",
    "SSLV3_ALERT_BAD_CERTIFICATE",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED",
    "SSLV3_ALERT_CERTIFICATE_REVOKED",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
    "TLSV1_ALERT_UNKNOWN_CA",
    "TLSV1_ALERT_ACCESS_DENIED",
    "SSLV3_ALERT_HANDSHAKE_FAILURE",
)


def reason_of(error: OSError) -> str:
    """Return the system's words for an error, or its own."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)


def system_words(error: OSError) -> str:
    """Return the system's words for an error with its name, for those who look closer."""
    name = errno.errorcode.get(error.errno or 0, "")
    return f"{reason_of(error)} ({name})" if name else reason_of(error)


def connect_failure(error: OSError, *, host: str, address: str, port: int) -> KnownError:
    """Return why an address could not be connected to."""
    number = error.errno or 0
    params = {"host": host, "address": address, "port": port, "phase": "connect", "system": system_words(error)}
    if number == errno.ECONNREFUSED:
        return KnownError("send.refused", **params)
    if number == errno.ETIMEDOUT:
        return KnownError("send.connect_timeout", **params, seconds=0)
    return KnownError("send.unreachable", **params, reason=reason_of(error))


def tls_failure(error: Exception, *, host: str, port: int) -> KnownError:
    """Return why a TLS handshake failed; `reason` says what is wrong with the certificate."""
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = _VERIFY_REASONS.get(error.verify_code, "other")
        return KnownError(
            "send.tls_certificate",
            host=host,
            port=port,
            phase="tls",
            reason=reason,
            detail=error.verify_message or str(error),
        )
    if isinstance(error, ssl.SSLError):
        return KnownError("send.tls_failed", host=host, port=port, phase="tls", reason=_words(error))
    if isinstance(error, OSError) and error.errno in _RESET:
        return KnownError("send.tls_failed", host=host, port=port, phase="tls", reason=reason_of(error))
    return KnownError("send.tls_failed", host=host, port=port, phase="tls", reason=str(error))


def is_client_certificate_alert(error: BaseException) -> bool:
    """Say whether the server refused us for a missing or unfit client certificate."""
    return isinstance(error, ssl.SSLError) and (error.reason or "") in _CLIENT_CERTIFICATE_ALERTS


def is_protocol_alert(error: BaseException) -> bool:
    """Say whether the server speaks none of the protocols that we offered (ALPN, RFC 7301, 3.2)."""
    return isinstance(error, ssl.SSLError) and "NO_APPLICATION_PROTOCOL" in (error.reason or "")


def is_reset(error: BaseException | None) -> bool:
    """Say whether an error is the other side breaking the connection."""
    return isinstance(error, OSError) and error.errno in _RESET


def underlying(error: BaseException) -> OSError | None:
    """Return the system's or OpenSSL's error below another; httpcore cuts causes off, contexts stay."""
    below = error.__cause__ or error.__context__
    while below is not None and not (isinstance(below, OSError) and below.errno):
        below = below.__cause__ or below.__context__
    return below


def file_failure(error: OSError, *, path: str, where: str) -> KnownError:
    """Return why a file that is to be sent cannot be read."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return KnownError("send.file_missing", path=path, where=where)
    return KnownError("send.file_unreadable", path=path, where=where, reason=reason_of(error))


def sink_failure(error: OSError, *, received: int) -> KnownError:
    """Return why the body of an answer cannot be written."""
    if error.errno in _NO_ROOM:
        return KnownError("send.disk_full", received=received)
    return KnownError("send.body_unwritable", received=received, reason=reason_of(error))


def _words(error: ssl.SSLError) -> str:
    return (error.reason or str(error)).replace("_", " ").lower()
