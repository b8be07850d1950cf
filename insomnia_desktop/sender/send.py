"""Sends requests: whatever happens, a response comes of it, with what is known and what arrived."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.model.cookie_jar import CookieJar
from insomnia_desktop.model.patch import Patch
from insomnia_desktop.model.registry import patch_between
from insomnia_desktop.model.request import Request
from insomnia_desktop.model.response import ErrorRecord, Response, State
from insomnia_desktop.sender.body_sink import BodyFiles, BodySink
from insomnia_desktop.sender.client_choice import AskPassword, ContextSource
from insomnia_desktop.sender.clients import Clients
from insomnia_desktop.sender.decoders import DecodeLimits, decoder_chain
from insomnia_desktop.sender.events import Finished, SendEvent, Started
from insomnia_desktop.sender.exchange import Exchange
from insomnia_desktop.sender.failures import system_words, underlying
from insomnia_desktop.sender.header_fields import value_of
from insomnia_desktop.sender.prepare import PreparedRequest, prepare, takes_long
from insomnia_desktop.sender.probe import Probe, current_probe
from insomnia_desktop.sender.send_settings import SendSettings
from insomnia_desktop.templating.render import Renderer


@dataclass(frozen=True, slots=True)
class SendIdentity:
    """The ids that the response carries."""

    response_id: str
    request_id: str
    workspace_id: str
    environment_id: str | None = None


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """What came of a send; `cookie_patch` is what it changed in the jar, empty for nothing."""

    response: Response
    cookie_patch: Patch = ()


class Sender:
    """Sends requests and keeps connections warm.

    Threads: all methods on one loop, any number of sends at a time. `ask_password` is awaited with the path of a
    locked key; passwords stay in memory.
    """

    def __init__(
        self,
        files: BodyFiles,
        *,
        clock: Clock,
        ask_password: AskPassword | None = None,
        limits: DecodeLimits | None = None,
    ) -> None:
        self._files = files
        self._clock = clock
        self._limits = limits if limits is not None else DecodeLimits()
        self._clients = Clients(clock, ContextSource(ask_password).make)

    async def send(
        self,
        request: Request,
        renderer: Renderer,
        settings: SendSettings,
        *,
        identity: SendIdentity,
        jar: CookieJar | None = None,
        listener: Callable[[SendEvent], None] = lambda event: None,
    ) -> SendOutcome:
        """Send a request and return what came of it; known errors are in the response, none is raised.

        Cancelling the task ends the send and returns an outcome with the state `cancelled` and what had arrived.
        """
        probe = Probe(self._clock, listener)
        token = current_probe.set(probe)
        started = self._clock.now_ms()
        exchange = self._exchange(settings, probe, listener, jar, identity)
        try:
            state, error, prepared = await self._run(exchange, request, renderer, settings, probe, listener)
            later = await _close_sink(exchange.sink)
            if later is not None and error is None and state == "ok":
                state, error = "failed", later
        finally:
            current_probe.reset(token)
        if error is not None:
            probe.note("error", _words(error))
        response = self._response(
            exchange, identity=identity, request=request, prepared=prepared, state=state, error=error, started=started
        )
        listener(Finished(response))
        changed = exchange.record.jar
        patch = patch_between(jar, changed) if jar is not None and changed is not None and changed is not jar else ()
        return SendOutcome(response, patch)

    async def close_idle(self) -> None:
        """Close clients that nobody used for a minute; `send` does it too."""
        await self._clients.close_idle()

    async def close(self) -> None:
        """Close all connections."""
        await self._clients.close()

    async def _run(
        self,
        exchange: Exchange,
        request: Request,
        renderer: Renderer,
        settings: SendSettings,
        probe: Probe,
        listener: Callable[[SendEvent], None],
    ) -> tuple[State, KnownError | None, PreparedRequest | None]:
        prepared: PreparedRequest | None = None
        seconds = settings.total_timeout_ms / 1000 if settings.total_timeout_ms else None
        try:
            async with asyncio.timeout(seconds):
                await self._clients.close_idle()
                if takes_long(request):
                    prepared = await asyncio.to_thread(prepare, request, renderer)
                else:
                    prepared = prepare(request, renderer)
                listener(Started(self._clock.now_ms(), prepared.method, prepared.url))
                await exchange.run(prepared)
        except KnownError as error:
            return "failed", error, prepared
        except TimeoutError:
            host = prepared.address.host if prepared is not None else ""
            received = exchange.sink.size_wire if exchange.sink is not None else 0
            late = KnownError("send.timeout", host=host, seconds=seconds or 0, phase=probe.phase, received=received)
            return "failed", late, prepared
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None:
                # What follows is quick and keeps what arrived; the caller gets it as a result.
                task.uncancel()
            probe.note("info", "Cancelled")
            return "cancelled", None, prepared
        return "ok", None, prepared

    def _exchange(
        self,
        settings: SendSettings,
        probe: Probe,
        listener: Callable[[SendEvent], None],
        jar: CookieJar | None,
        identity: SendIdentity,
    ) -> Exchange:
        def make_sink(content_encoding: str) -> tuple[BodySink, str]:
            chain, unknown = decoder_chain(content_encoding)
            return BodySink(self._files, identity.response_id, chain, self._limits), unknown

        return Exchange(
            lender=self._clients,
            settings=settings,
            probe=probe,
            clock=self._clock,
            listener=listener,
            jar=jar,
            make_sink=make_sink,
        )

    def _response(
        self,
        exchange: Exchange,
        *,
        identity: SendIdentity,
        request: Request,
        prepared: PreparedRequest | None,
        state: State,
        error: KnownError | None,
        started: int,
    ) -> Response:
        record, sink, probe = exchange.record, exchange.sink, exchange.probe
        return Response(
            id=identity.response_id,
            request_id=identity.request_id,
            workspace_id=identity.workspace_id,
            environment_id=identity.environment_id,
            started=started,
            state=state,
            method=request.method,
            url=prepared.url if prepared is not None else request.url,
            status=record.status,
            reason=record.reason,
            http_version=record.http_version,
            headers=record.headers,
            content_type=value_of(record.headers, "content-type") or "",
            timings=probe.timings(),
            size_wire=sink.size_wire if sink is not None else 0,
            size_decoded=sink.size_decoded if sink is not None else 0,
            body_file=sink.path.name if sink is not None and sink.path is not None else "",
            error=ErrorRecord(code=error.code, params=dict(error.params)) if error is not None else None,
            hops=tuple(record.hops),
            timeline=tuple(probe.timeline),
            remote_address=record.remote_address,
            tls=record.tls,
            sent=record.sent,
        )


async def _close_sink(sink: BodySink | None) -> KnownError | None:
    """Write what arrived; a failure of that is told where nothing worse happened."""
    if sink is None:
        return None
    try:
        await sink.finish(complete=False)
    except KnownError as error:
        return error
    return None


def _words(error: KnownError) -> str:
    """Return a line for the timeline: the system's own words where there are some."""
    told = error.params.get("system")
    if told:
        return str(told)
    cause = underlying(error)
    if cause is not None and not isinstance(cause, ssl.SSLError | socket.gaierror):
        return system_words(cause)
    detail = error.params.get("detail") or error.params.get("reason") or ""
    words = error.code.partition(".")[2].replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}: {detail}" if detail else f"{words[:1].upper()}{words[1:]}"
