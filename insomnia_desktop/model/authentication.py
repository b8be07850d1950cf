"""The kinds of authentication of a request; each is tagged by `type` in JSON."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec


class NoAuthentication(msgspec.Struct, frozen=True, kw_only=True, tag="none", tag_field="type"):
    """Nothing is added."""


class BasicAuthentication(msgspec.Struct, frozen=True, kw_only=True, tag="basic", tag_field="type"):
    """User name and password in an Authorization header (RFC 7617, UTF-8)."""

    enabled: bool = True
    username: str = ""
    password: str = ""


class BearerAuthentication(msgspec.Struct, frozen=True, kw_only=True, tag="bearer", tag_field="type"):
    """A token in an Authorization header (RFC 6750); `prefix` is `Bearer` unless the API wants another word."""

    enabled: bool = True
    token: str = ""
    prefix: str = "Bearer"


class UnknownAuthentication(msgspec.Struct, frozen=True, kw_only=True):
    """A kind that this program does not know: kept as it is and shown by its name."""

    type: str
    raw: dict[str, Any]


Authentication: TypeAlias = NoAuthentication | BasicAuthentication | BearerAuthentication | UnknownAuthentication
KNOWN_AUTHENTICATIONS = (NoAuthentication, BasicAuthentication, BearerAuthentication)
