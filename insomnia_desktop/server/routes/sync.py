"""Resources of a group: its changes, pushes, and the history of one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from insomnia_desktop.protocol.limits import PAGE_ROWS
from insomnia_desktop.protocol.sync import Push
from insomnia_desktop.server.bodies import json_response, read_body
from insomnia_desktop.server.domain import history, pages
from insomnia_desktop.server.domain.pushing import push as store_changes
from insomnia_desktop.server.routes.calls import context_of, session_of
from insomnia_desktop.server.routes.queries import id_in_path, number_in_path, number_in_query

_REVISIONS = 100


async def changes(request: Request) -> Response:
    """Tell a page of newest rows."""
    session = await session_of(request)
    group_id = id_in_path(request, "group_id")
    after = number_in_query(request, "after", 0) or 0
    limit = number_in_query(request, "limit", PAGE_ROWS, least=1, most=PAGE_ROWS) or PAGE_ROWS
    full = bool(number_in_query(request, "full", 0, most=1))
    return json_response(await pages.page(context_of(request), session, group_id, after, limit, full=full))


async def push(request: Request) -> Response:
    """Take changes."""
    session = await session_of(request)
    context = context_of(request)
    group_id = id_in_path(request, "group_id")
    message = await read_body(request, Push, context.config.limits.wire.body)
    return json_response(await store_changes(context, session, group_id, message))


async def revisions(request: Request) -> Response:
    """List the versions of a resource."""
    session = await session_of(request)
    group_id, resource_id = id_in_path(request, "group_id"), id_in_path(request, "resource_id")
    before = number_in_query(request, "before")
    limit = number_in_query(request, "limit", _REVISIONS, least=1, most=PAGE_ROWS) or _REVISIONS
    return json_response(await history.listed(context_of(request), session, group_id, resource_id, before, limit))


async def revision(request: Request) -> Response:
    """Tell one version of a resource."""
    session = await session_of(request)
    group_id, resource_id = id_in_path(request, "group_id"), id_in_path(request, "resource_id")
    version = number_in_path(request, "version")
    return json_response(await history.one(context_of(request), session, group_id, resource_id, version))


_RESOURCE = "/v1/groups/{group_id}/resources/{resource_id}"
ROUTES = (
    Route("/v1/groups/{group_id}/changes", changes, methods=["GET"]),
    Route("/v1/groups/{group_id}/push", push, methods=["POST"]),
    Route(f"{_RESOURCE}/revisions", revisions, methods=["GET"]),
    Route(f"{_RESOURCE}/revisions/{{version}}", revision, methods=["GET"]),
)
