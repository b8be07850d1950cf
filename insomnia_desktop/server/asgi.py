"""The server as an ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from insomnia_desktop.base.clock import Clock, SystemClock
from insomnia_desktop.server.config import ServerConfig
from insomnia_desktop.server.context import ArithmeticThread, ServerContext
from insomnia_desktop.server.database import identity
from insomnia_desktop.server.database.engine import DatabaseUnavailable
from insomnia_desktop.server.database.opening import open_database, told
from insomnia_desktop.server.domain.announcing import take_hints
from insomnia_desktop.server.domain.care import forget_what_is_over, look_after_groups
from insomnia_desktop.server.edge import Edge, no_such_endpoint
from insomnia_desktop.server.event_streams import EventHub
from insomnia_desktop.server.hints import Hints
from insomnia_desktop.server.limits import SlidingWindow, TokenBucket
from insomnia_desktop.server.log_lines import write_event
from insomnia_desktop.server.operator_errors import OperatorError
from insomnia_desktop.server.routes import account, devices, service, sign_in
from insomnia_desktop.server.routes.events import ROUTES as EVENTS
from insomnia_desktop.server.routes.groups import ROUTES as GROUPS
from insomnia_desktop.server.routes.sync import ROUTES as SYNC
from insomnia_desktop.server.sole_use import hold_postgresql

CARE_SECONDS = 60.0
TICK_SECONDS = 1.0
_logger = logging.getLogger(__name__)


def build_app(config: ServerConfig, clock: Clock | None = None) -> Starlette:
    """Return the application; its lifespan opens and closes the database, and raises OperatorError where it cannot."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with open_context(config, clock or SystemClock()) as context, asyncio.TaskGroup() as tasks:
            app.state.context = context
            works = [_care(context), _tick(context)]
            if context.hints is not None:
                works.append(context.hints.run(functools.partial(take_hints, context)))
            running = [tasks.create_task(work, name="server-care") for work in works]
            try:
                yield
            finally:
                context.events.close()
                for task in running:
                    task.cancel()

    # Looked through in this order: what is asked most comes first.
    routes = [*GROUPS, *SYNC, *sign_in.ROUTES, *service.ROUTES, *EVENTS, *account.ROUTES, *devices.ROUTES]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Edge, config=config)],
        exception_handlers={HTTPException: no_such_endpoint},
        lifespan=lifespan,
    )
    # A path with a slash too many is no path of ours; a redirect is never followed by a client of ours.
    app.router.redirect_slashes = False
    return app


@contextlib.asynccontextmanager
async def open_context(config: ServerConfig, clock: Clock) -> AsyncIterator[ServerContext]:
    """Open the database and return what the endpoints work with; raises OperatorError."""
    database = await open_database(config.database)
    arithmetic = ArithmeticThread()
    try:
        async with hold_postgresql(database, alone=False):
            async with database.read() as connection:
                known = await identity.get(connection)
            if known is None:
                raise OperatorError("database.damaged", reason="the row that says which server this is, is missing")
            yield ServerContext(
                config=config,
                clock=clock,
                database=database,
                secret=known.secret,
                server_epoch=known.server_epoch,
                arithmetic=arithmetic,
                attempts=SlidingWindow(config.limits.attempts),
                requests=TokenBucket(config.limits.requests, config.limits.burst),
                events=EventHub(clock, config.limits.streams),
                hints=None if database.is_sqlite else Hints(database),
            )
    except DatabaseUnavailable as error:
        raise told(error) from error
    finally:
        arithmetic.close()
        await database.close()


async def _care(context: ServerContext) -> None:
    while True:
        await asyncio.sleep(CARE_SECONDS)
        try:
            await forget_what_is_over(context)
            await look_after_groups(context)
        except DatabaseUnavailable as error:
            write_event(_logger, logging.WARNING, "care was put off", reason=str(error))


async def _tick(context: ServerContext) -> None:
    while True:
        await asyncio.sleep(TICK_SECONDS)
        context.events.tick()
