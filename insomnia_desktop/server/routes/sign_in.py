"""POST /auth/signup, login-s, login-a and login-m1."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from insomnia_desktop.protocol.accounts import SignUp
from insomnia_desktop.protocol.sign_in import LoginA, LoginM1, LoginS
from insomnia_desktop.server.bodies import json_response, read_body
from insomnia_desktop.server.domain import sign_in
from insomnia_desktop.server.domain.sign_up import sign_up as make_account
from insomnia_desktop.server.routes.calls import client_of, context_of, count_attempt

CREATED = 201


async def signup(request: Request) -> Response:
    """Make an account."""
    count_attempt(request)
    message = await read_body(request, SignUp)
    return json_response(await make_account(context_of(request), message), CREATED)


async def login_s(request: Request) -> Response:
    """Tell the salts of an e-mail."""
    return json_response(await sign_in.salts(context_of(request), await read_body(request, LoginS)))


async def login_a(request: Request) -> Response:
    """Begin a handshake."""
    count_attempt(request)
    return json_response(await sign_in.challenge(context_of(request), await read_body(request, LoginA)))


async def login_m1(request: Request) -> Response:
    """Judge a proof and open a session."""
    message = await read_body(request, LoginM1)
    return json_response(await sign_in.prove(context_of(request), message, client_of(request)))


ROUTES = (
    Route("/auth/signup", signup, methods=["POST"]),
    Route("/auth/login-s", login_s, methods=["POST"]),
    Route("/auth/login-a", login_a, methods=["POST"]),
    Route("/auth/login-m1", login_m1, methods=["POST"]),
)
