"""The cookie jar of a workspace (RFC 6265)."""

from __future__ import annotations

import msgspec


class Cookie(msgspec.Struct, frozen=True, kw_only=True):
    """One cookie; `expires` and `created` are milliseconds since 1970 UTC, `expires` None is a session cookie.

    `domain` is lower-case, without a leading dot; `host_only` cookies go to exactly that host.
    `same_site` is `lax`, `strict`, `none` or empty.
    """

    id: str
    name: str
    value: str = ""
    domain: str = ""
    path: str = "/"
    expires: int | None = None
    secure: bool = False
    http_only: bool = False
    host_only: bool = True
    same_site: str = ""
    created: int = 0


class CookieJar(msgspec.Struct, frozen=True, kw_only=True):
    """All cookies of a workspace."""

    id: str
    parent_id: str | None
    sort_key: str
    name: str = ""
    cookies: tuple[Cookie, ...] = ()
