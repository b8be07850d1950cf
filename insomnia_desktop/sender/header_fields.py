"""Header fields: which names and values can be sent, and how to ask a list of them; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from insomnia_desktop.base.errors import KnownError

HeaderFields: TypeAlias = tuple[tuple[str, str], ...]
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def check_header(name: str, value: str) -> tuple[str, str]:
    """Return the field as it is sent, without blanks around the value (RFC 9110, 5.5).

    Raises KnownError `send.bad_header` (params: name, reason `name`, `no_name`, `line_break` or `control`).
    """
    if not name:
        raise KnownError("send.bad_header", name="", reason="no_name", value=value[:40])
    if _TOKEN.fullmatch(name) is None:
        raise KnownError("send.bad_header", name=name[:200], reason="name")
    value = value.strip(" \t")
    found = _FORBIDDEN.search(value)
    if found is not None:
        reason = "line_break" if found.group() in "\r\n" else "control"
        raise KnownError("send.bad_header", name=name, reason=reason)
    return name, value


def check_method(method: str) -> str:
    """Return the method as it is sent; raises KnownError `send.bad_method` (param: method)."""
    if _TOKEN.fullmatch(method) is None:
        raise KnownError("send.bad_method", method=method[:200])
    return method


def value_of(fields: Iterable[tuple[str, str]], name: str) -> str | None:
    """Return the value of the first field of that name, or None."""
    wanted = name.lower()
    return next((value for key, value in fields if key.lower() == wanted), None)


def without(fields: HeaderFields, names: Iterable[str]) -> HeaderFields:
    """Return the fields but those of the given names."""
    dropped = {name.lower() for name in names}
    return tuple(field for field in fields if field[0].lower() not in dropped)


def encoded(fields: HeaderFields) -> list[tuple[bytes, bytes]]:
    """Return the fields as bytes: names are ASCII, values UTF-8."""
    return [(name.encode("ascii"), value.encode("utf-8", "surrogateescape")) for name, value in fields]


def decoded(fields: Iterable[tuple[bytes, bytes]]) -> HeaderFields:
    """Return received fields as text: UTF-8 where they are that, else Latin-1."""
    return tuple((name.decode("latin-1"), _text(value)) for name, value in fields)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
