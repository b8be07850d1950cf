"""Groups: /v1/groups and GET /v1/heads."""

from __future__ import annotations

from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from insomnia_desktop.crypto.tuples import H
from insomnia_desktop.protocol.binary import encode
from insomnia_desktop.protocol.codec import encode_body
from insomnia_desktop.protocol.problems import BODY_MEDIA_TYPE
from insomnia_desktop.protocol.resource_groups import NewGroup
from insomnia_desktop.server.bodies import json_response, read_body
from insomnia_desktop.server.domain import groups
from insomnia_desktop.server.routes.calls import context_of, session_of
from insomnia_desktop.server.routes.queries import id_in_path

CREATED = 201
NO_CONTENT = 204
NOT_MODIFIED = 304
# 96 bits of the body's hash: nobody is attacked by a body that looks unchanged to who may choose it.
_ETAG_BYTES = 12


class OwnGroups(HTTPEndpoint):
    """The groups of the account."""

    async def get(self, request: Request) -> Response:
        """List them."""
        session = await session_of(request)
        return json_response(await groups.listed(context_of(request), session))

    async def post(self, request: Request) -> Response:
        """Make one."""
        session = await session_of(request)
        message = await read_body(request, NewGroup)
        return json_response(await groups.make(context_of(request), session, message), CREATED)


async def remove_group(request: Request) -> Response:
    """Delete a group with its history."""
    session = await session_of(request)
    await groups.remove(context_of(request), session, id_in_path(request, "group_id"))
    return Response(status_code=NO_CONTENT)


async def heads(request: Request) -> Response:
    """Tell how far every group is, or that nothing has changed since."""
    session = await session_of(request)
    body = encode_body(await groups.heads(context_of(request), session))
    etag = f'"{encode(H(body)[:_ETAG_BYTES])}"'
    if _matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=NOT_MODIFIED, headers={"ETag": etag})
    return Response(body, headers={"ETag": etag}, media_type=BODY_MEDIA_TYPE)


def _matches(header: str, etag: str) -> bool:
    """Compare as RFC 9110, 13.1.2 says: weakly, with any of a list."""
    named = [each.strip().removeprefix("W/") for each in header.split(",")]
    return etag in named or "*" in named


ROUTES = (
    Route("/v1/heads", heads, methods=["GET"]),
    Route("/v1/groups", OwnGroups),
    Route("/v1/groups/{group_id}", remove_group, methods=["DELETE"]),
)
