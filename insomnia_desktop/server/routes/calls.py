"""What every endpoint does first: its context, who asks, and how often."""

from __future__ import annotations

import math

from starlette.requests import Request

from insomnia_desktop.protocol.binary import decode
from insomnia_desktop.protocol.limits import TOKEN_BYTES, USER_AGENT_CHARACTERS
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database.sessions import SessionRow
from insomnia_desktop.server.domain import sessions
from insomnia_desktop.server.edge import client_address
from insomnia_desktop.server.limits import address_name
from insomnia_desktop.server.problems import Refused


def context_of(request: Request) -> ServerContext:
    """Return the context of the server that was asked."""
    context = request.app.state.context
    assert isinstance(context, ServerContext)
    return context


async def session_of(request: Request) -> SessionRow:
    """Return the session that the token names; raises Refused `unauthorized`, `rate_limited`."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    try:
        token = decode(text, TOKEN_BYTES)
    except ValueError:
        raise Refused("unauthorized") from None
    if scheme.lower() != "bearer":
        raise Refused("unauthorized")
    return await sessions.authenticate(context_of(request), token)


def count_attempt(request: Request) -> None:
    """Count a sign-up, sign-in or recovery of the address that asks; raises Refused `rate_limited`."""
    context = context_of(request)
    name = address_name(client_address(request.scope, context.config))
    wait = context.attempts.wait(name, context.clock.monotonic())
    if wait:
        raise Refused("rate_limited", retry_after=math.ceil(wait))


def client_of(request: Request) -> str:
    """Return the User-Agent, as far as it is kept."""
    return request.headers.get("user-agent", "")[:USER_AGENT_CHARACTERS]
