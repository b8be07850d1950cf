"""The devices of an account: GET /v1/devices and DELETE /v1/devices/{id}."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from insomnia_desktop.protocol.binary import decode
from insomnia_desktop.protocol.limits import ID_BYTES
from insomnia_desktop.server.bodies import json_response
from insomnia_desktop.server.domain import sessions
from insomnia_desktop.server.problems import Refused
from insomnia_desktop.server.routes.calls import context_of, session_of

NO_CONTENT = 204


async def devices(request: Request) -> Response:
    """List the devices that are signed in."""
    session = await session_of(request)
    return json_response(await sessions.devices(context_of(request), session))


async def revoke_device(request: Request) -> Response:
    """Sign a device out."""
    session = await session_of(request)
    try:
        device_id = decode(request.path_params["device_id"], ID_BYTES)
    except ValueError:
        raise Refused("not_found") from None
    await sessions.revoke(context_of(request), session, device_id)
    return Response(status_code=NO_CONTENT)


ROUTES = (
    Route("/v1/devices", devices, methods=["GET"]),
    Route("/v1/devices/{device_id}", revoke_device, methods=["DELETE"]),
)
