"""Names for what the network, TLS and files raise.

Tests insomnia_desktop.sender.failures, insomnia_desktop.sender.transport_failures.
"""

from __future__ import annotations

import errno
import ssl
from dataclasses import replace

import httpcore
import pytest

from insomnia_desktop.sender import failures
from insomnia_desktop.sender.address import parse_address
from insomnia_desktop.sender.transport_failures import Situation, is_stale, transport_failure

AT = Situation(parse_address("http://h:81/"), None, False, True, False, 0, 1000)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ECONNREFUSED, "send.refused"),
        (errno.ETIMEDOUT, "send.connect_timeout"),
        (errno.ENETUNREACH, "send.unreachable"),
        (errno.EHOSTUNREACH, "send.unreachable"),
        (errno.EACCES, "send.unreachable"),
    ],
)
def test_why_a_connection_failed(number: int, code: str) -> None:
    error = failures.connect_failure(OSError(number, "x"), host="h", address="1.2.3.4", port=5)
    assert error.code == code
    assert (error.params["host"], error.params["address"], error.params["port"]) == ("h", "1.2.3.4", 5)
    assert errno.errorcode[number] in str(error.params["system"])


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "send.disk_full"), (errno.EDQUOT, "send.disk_full"), (errno.EIO, "send.body_unwritable")],
)
def test_why_a_body_was_not_written(number: int, code: str) -> None:
    assert failures.sink_failure(OSError(number, "x"), received=3).code == code


def test_why_a_file_was_not_read() -> None:
    missing = failures.file_failure(FileNotFoundError(errno.ENOENT, "x"), path="/p", where="body")
    locked = failures.file_failure(PermissionError(errno.EACCES, "x"), path="/p", where="body")
    assert (missing.code, locked.code) == ("send.file_missing", "send.file_unreadable")
    assert locked.params["reason"] == "Permission denied"


def test_tls_failures_say_what_is_wrong() -> None:
    error = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")
    error.reason = "WRONG_VERSION_NUMBER"
    assert failures.tls_failure(error, host="h", port=1).code == "send.tls_failed"
    reset = failures.tls_failure(ConnectionResetError(errno.ECONNRESET, "x"), host="h", port=1)
    assert reset.params["reason"] == "Connection reset by peer"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpcore.ProxyError("407 Who"), "send.proxy_authentication"),
        (httpcore.ProxyError("502 Bad"), "send.proxy_failed"),
        (httpcore.LocalProtocolError("no"), "send.bad_header"),
        (httpcore.RemoteProtocolError("Server disconnected"), "send.bad_response"),
        (httpcore.RemoteProtocolError("Receive buffer too long"), "send.header_too_large"),
        (httpcore.RemoteProtocolError("illegal status line"), "send.bad_response"),
        (httpcore.ReadError("x"), "send.reset"),
        (httpcore.WriteError("x"), "send.reset"),
    ],
)
def test_what_httpcore_raises_has_a_name(error: Exception, code: str) -> None:
    assert transport_failure(error, AT).code == code


def test_a_stale_connection_is_told_from_other_failures() -> None:
    reset = httpcore.ReadError("x")
    reset.__cause__ = ConnectionResetError(errno.ECONNRESET, "x")
    assert is_stale(reset)
    assert is_stale(httpcore.RemoteProtocolError("Server disconnected without sending a response."))
    assert not is_stale(httpcore.RemoteProtocolError("illegal status line"))
    assert not is_stale(httpcore.ReadError("x"))


def test_a_server_that_closes_without_a_word_gave_no_answer() -> None:
    gone = httpcore.RemoteProtocolError("Server disconnected without sending a response.")
    assert transport_failure(gone, replace(AT, heard=False)).code == "send.no_response"
    # What came before are the bytes of TLS itself.
    assert transport_failure(gone, replace(AT, address=parse_address("https://h/"))).code == "send.no_response"


def test_what_the_server_said_is_shown_without_the_words_of_python() -> None:
    error = httpcore.RemoteProtocolError("illegal status line: bytearray(b'ICY 200 OK')")
    assert transport_failure(error, AT).params["reason"] == "illegal status line: ICY 200 OK"
