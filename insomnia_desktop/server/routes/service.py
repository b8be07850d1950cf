"""What the server says of itself to anybody: GET /v1/version and /v1/health."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from insomnia_desktop import __version__
from insomnia_desktop.protocol.service import SERVICE, Health, ProtocolRange, Version
from insomnia_desktop.server.bodies import json_response
from insomnia_desktop.server.database.engine import ping
from insomnia_desktop.server.routes.calls import context_of


async def version(request: Request) -> Response:
    """Tell what this server is, speaks and allows."""
    config = context_of(request).config
    return json_response(
        Version(
            service=SERVICE,
            version=__version__,
            protocol=ProtocolRange(),
            registration=config.registration,
            limits=config.limits.wire,
        )
    )


async def health(request: Request) -> Response:
    """Say that the server and its database are well; a database that is away makes it a 503."""
    await ping(context_of(request).database)
    return json_response(Health(ok=True))


ROUTES = (
    Route("/v1/version", version, methods=["GET"]),
    Route("/v1/health", health, methods=["GET"]),
)
