"""The request: what a person writes and sends."""

from __future__ import annotations

import msgspec

from insomnia_desktop.model.authentication import Authentication, NoAuthentication
from insomnia_desktop.model.body import Body, NoBody
from insomnia_desktop.model.row import Row


class RequestSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a request sets differently from the application; None means: as the application.

    Times are milliseconds, 0 is "no limit". `proxy` is an address, or empty for none.
    `http_version` is `auto`, `1.1` or `2`.
    """

    total_timeout_ms: int | None = None
    connect_timeout_ms: int | None = None
    verify_tls: bool | None = None
    follow_redirects: bool | None = None
    max_redirects: int | None = None
    proxy: str | None = None
    http_version: str | None = None
    send_cookies: bool | None = None
    store_cookies: bool | None = None


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A saved HTTP request; every text of it may hold variables.

    `url` is the address as typed and may hold a query of its own; `parameters` are added to it when sent;
    `path_parameters` fill `:name` segments of it.
    """

    id: str
    parent_id: str | None
    sort_key: str
    name: str = ""
    method: str = "GET"
    url: str = ""
    description: str = ""
    parameters: tuple[Row, ...] = ()
    path_parameters: tuple[Row, ...] = ()
    headers: tuple[Row, ...] = ()
    body: Body = NoBody()
    authentication: Authentication = NoAuthentication()
    settings: RequestSettings = RequestSettings()
