"""The account of a session, and its recovery without one: /v1/account and /auth/recover-*."""

from __future__ import annotations

from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from insomnia_desktop.protocol.accounts import Credentials, RecoverA, RecoverB, RecoveryChange
from insomnia_desktop.server.bodies import json_response, read_body
from insomnia_desktop.server.domain import credentials, profile, recovery
from insomnia_desktop.server.routes.calls import context_of, count_attempt, session_of

NO_CONTENT = 204


class OwnAccount(HTTPEndpoint):
    """The account of the session that asks."""

    async def get(self, request: Request) -> Response:
        """Tell it."""
        session = await session_of(request)
        return json_response(await profile.account(context_of(request), session))

    async def delete(self, request: Request) -> Response:
        """Delete it."""
        await credentials.delete_account(context_of(request), await session_of(request))
        return Response(status_code=NO_CONTENT)


async def change_credentials(request: Request) -> Response:
    """Take another password."""
    session = await session_of(request)
    await credentials.change_password(context_of(request), session, await read_body(request, Credentials))
    return Response(status_code=NO_CONTENT)


async def change_recovery(request: Request) -> Response:
    """Take another recovery key."""
    session = await session_of(request)
    await credentials.change_recovery(context_of(request), session, await read_body(request, RecoveryChange))
    return Response(status_code=NO_CONTENT)


async def recover_a(request: Request) -> Response:
    """Tell the account and its wrap to who proves the recovery key."""
    count_attempt(request)
    return json_response(await recovery.start(context_of(request), await read_body(request, RecoverA)))


async def recover_b(request: Request) -> Response:
    """Take new credentials and a new recovery key from who proves the old one."""
    count_attempt(request)
    await recovery.finish(context_of(request), await read_body(request, RecoverB))
    return Response(status_code=NO_CONTENT)


ROUTES = (
    Route("/v1/account", OwnAccount),
    Route("/v1/account/credentials", change_credentials, methods=["PUT"]),
    Route("/v1/account/recovery", change_recovery, methods=["PUT"]),
    Route("/auth/recover-a", recover_a, methods=["POST"]),
    Route("/auth/recover-b", recover_b, methods=["POST"]),
)
