"""One send: read, render, send, record, cancel; and the history of what came back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.base.ids import new_id
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.model import CookieJar, Patch, Request, Response, ResponseSummary, view_as
from insomnia_desktop.services.cookie_jars import CookieJars
from insomnia_desktop.services.documents import existing
from insomnia_desktop.services.environments import Environments
from insomnia_desktop.services.error_text import one_line
from insomnia_desktop.services.preferences import Preferences
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.store.bodies import BodyFiles
from insomnia_desktop.store.changes import ChangeSet, Origin
from insomnia_desktop.store.commands.documents import PatchDocument
from insomnia_desktop.store.commands.responses import AddResponse, DeleteResponses, EnforceBodyCap
from insomnia_desktop.store.queries import responses as queries
from insomnia_desktop.templating import Renderer, Scope

if TYPE_CHECKING:
    import asyncio

    from insomnia_desktop.sender.events import SendEvent
    from insomnia_desktop.sender.send import Sender as _Sender
    from insomnia_desktop.sender.send import SendIdentity, SendOutcome
    from insomnia_desktop.sender.send_settings import SendSettings

Listener: TypeAlias = "Callable[[SendEvent], None]"
_MOST_HISTORY: Final = 1000
_SENDS_END_WITHIN: Final = 2.0
_MIB: Final = 1024 * 1024
_logger = logging.getLogger(__name__)


class ActiveEnvironment:
    """Stands for: the environment that is active on this device."""


ACTIVE: Final = ActiveEnvironment()


class Preview(msgspec.Struct, frozen=True):
    """The address as it will really be sent, and what stands in the way of sending (whole sentences).

    With an unknown variable the address shows it as written; `url` is empty where there is no address at all.
    """

    url: str
    problems: tuple[str, ...] = ()


class SendHandle(msgspec.Struct, frozen=True):
    """One running send; `future` gives the Response once it is stored, also a failed or cancelled one.

    The future raises KnownError (`store.disk_full` and its like) only where the response could not be stored.
    """

    response_id: str
    future: Future[Response]
    cancel: Callable[[], None]
    """Stops the send: what arrived is kept, and `future` gives it with the state `cancelled`."""


class _Job(msgspec.Struct, frozen=True):
    """All that one send needs, read on the caller's thread."""

    request: Request
    scope: Scope
    settings: dict[str, object]
    jar: CookieJar
    response_id: str
    workspace_id: str
    environment_id: str | None
    keep: int
    """How many responses of the request stay; 0: this one is not kept."""


class Sending:
    """Sends requests on the worker thread and keeps what came back.

    Threads: any. Listeners are called on the worker thread and may only enqueue.

    An error before anything is sent (an unknown variable, a bad address, a missing file) comes as a Response with the
    state `failed` too, so that one page shows all failures. Such a one is not kept: the history is of sends.
    """

    def __init__(
        self,
        access: StoreAccess,
        loop: LoopThread,
        *,
        bodies: BodyFiles,
        environments: Environments,
        cookie_jars: CookieJars,
        preferences: Preferences,
    ) -> None:
        self._access = access
        self._loop = loop
        self._bodies = bodies
        self._environments = environments
        self._cookie_jars = cookie_jars
        self._preferences = preferences
        self._passwords: dict[str, str] = {}
        # These belong to the loop.
        self._sender: _Sender | None = None
        self._running: dict[str, asyncio.Task[object]] = {}
        self._tasks: set[asyncio.Task[object]] = set()

    def warm_up(self) -> Future[None]:
        """Load what sending needs, on the worker thread; for soon after the first paint."""
        return self._loop.submit(self._warm_up())

    def send(
        self,
        request_id: str,
        *,
        listener: Listener,
        environment_id: str | ActiveEnvironment | None = ACTIVE,
    ) -> SendHandle:
        """Send a stored request, with a sub-environment of choice (None: the base one alone).

        Raises KnownError `document.not_found`, `document.invalid`.
        """
        document = existing(self._access.reader(), request_id)
        request = view_as(document, Request)
        keep: int = self._preferences.get("history.kept")
        return self._start(request, document.workspace_id, listener, environment_id=environment_id, keep=keep)

    def send_once(
        self,
        request: Request,
        workspace_id: str,
        *,
        listener: Listener,
        environment_id: str | ActiveEnvironment | None = ACTIVE,
    ) -> SendHandle:
        """Send a request that is not stored; its cookies are kept, its response is not.

        The body file stays for an hour at least. Raises KnownError `document.not_found`, `document.invalid`.
        """
        return self._start(request, workspace_id, listener, environment_id=environment_id, keep=0)

    def preview(self, request: Request, workspace_id: str) -> Preview:
        """Return the address as it will really be sent; quick enough for the GUI thread, loads no HTTP library."""
        from insomnia_desktop.sender.prepare import preview_url  # only needed once a request is shown

        url = ""
        try:
            renderer = Renderer(self._environments.scope(workspace_id))
            url = preview_url(request, renderer)
            renderer.raise_unknown()
        except AppError as error:
            shown = url if error.code == "template.unknown_names" else ""
            return Preview(shown, (one_line(error),))
        return Preview(url)

    def history(self, request_id: str, limit: int = _MOST_HISTORY) -> list[ResponseSummary]:
        """Return the kept responses of a request, newest first."""
        return queries.history(self._access.reader(), request_id, limit)

    def response(self, response_id: str) -> Response | None:
        """Return a kept response, or None."""
        return queries.response(self._access.reader(), response_id)

    def body_path(self, response: Response) -> Path | None:
        """Return where the body of a response lies, or None where there is none (any more)."""
        if not response.body_file:
            return None
        path = self._bodies.path(response.body_file)
        return path if path.is_file() else None

    def forget_body(self, response: Response) -> None:
        """Remove the body of a response that is not kept, once nobody is to look at it any more."""
        if response.body_file:
            self._bodies.remove(response.body_file)

    def delete_response(self, response_id: str) -> Future[ChangeSet]:
        """Remove a response and its body for good."""
        return self._access.submit(DeleteResponses(ids=(response_id,)))

    def clear_history(self, request_id: str) -> Future[ChangeSet]:
        """Remove all kept responses of a request for good."""
        return self._access.submit(DeleteResponses(request_id=request_id))

    def use_certificate_password(self, path: str, password: str) -> None:
        """Keep the password of a locked certificate in memory until the program ends.

        A send that lacks it fails with `send.client_certificate` and the reason `password` or `wrong_password`.
        """
        self._passwords[path] = password

    def close(self) -> None:
        """Cancel what runs, wait until it is stored, and close kept connections: 2 s at most."""
        if self._loop.running:
            try:
                self._loop.submit(self._close()).result(_SENDS_END_WITHIN)
            except TimeoutError:
                _logger.warning("Sends did not end within %s s", _SENDS_END_WITHIN)

    def _start(
        self,
        request: Request,
        workspace_id: str,
        listener: Listener,
        *,
        environment_id: str | ActiveEnvironment | None,
        keep: int,
    ) -> SendHandle:
        if isinstance(environment_id, ActiveEnvironment):
            environment_id = self._environments.active(workspace_id)
        job = _Job(
            request=request,
            scope=self._environments.scope_with(workspace_id, environment_id),
            settings=self._preferences.all(),
            jar=self._cookie_jars.jar(workspace_id),
            response_id=new_id("response"),
            workspace_id=workspace_id,
            environment_id=environment_id,
            keep=keep,
        )
        result: Future[Response] = Future()
        self._loop.submit(self._run(job, listener, result))
        return SendHandle(job.response_id, result, lambda: self._cancel_soon(job.response_id))

    def _cancel_soon(self, response_id: str) -> None:
        if self._loop.running:
            self._loop.submit(self._cancel(response_id))

    async def _cancel(self, response_id: str) -> None:
        task = self._running.get(response_id)
        if task is not None:
            task.cancel()

    async def _run(self, job: _Job, listener: Listener, result: Future[Response]) -> None:
        import asyncio  # loaded by the worker, never by the window's start

        task = asyncio.current_task()
        assert task is not None
        self._running[job.response_id] = task
        self._tasks.add(task)
        try:
            outcome = await self._outcome(job, listener)
            # From here on a cancel comes too late: what arrived is being stored.
            self._running.pop(job.response_id, None)
            await self._keep(job, outcome.response, outcome.cookie_patch)
            result.set_result(outcome.response)
        except asyncio.CancelledError:
            result.cancel()
            raise
        except BaseException as error:
            result.set_exception(error)
            if not isinstance(error, AppError):
                raise
        finally:
            self._running.pop(job.response_id, None)
            self._tasks.discard(task)

    async def _outcome(self, job: _Job, listener: Listener) -> SendOutcome:
        from insomnia_desktop.sender.send import SendIdentity
        from insomnia_desktop.sender.send_settings import settings_for

        settings: SendSettings = settings_for(job.settings, job.request.settings)
        identity: SendIdentity = SendIdentity(
            response_id=job.response_id,
            request_id=job.request.id,
            workspace_id=job.workspace_id,
            environment_id=job.environment_id,
        )
        return await self._ready_sender().send(
            job.request, Renderer(job.scope), settings, identity=identity, jar=job.jar, listener=listener
        )

    async def _keep(self, job: _Job, response: Response, cookie_patch: Patch) -> None:
        from asyncio import wrap_future

        origin = Origin("send", self._access.origin.token)
        jar_patch = (job.jar.id, cookie_patch) if cookie_patch else None
        if job.keep and was_sent(response):
            command = AddResponse(response, keep=job.keep, cookie_jar_patch=jar_patch)
            await wrap_future(self._access.submit(command, origin=origin))
            if response.body_file:
                cap = int(str(job.settings["history.cap_mib"])) * _MIB
                self._access.submit(EnforceBodyCap(cap), origin=origin, urgent=False)
        elif cookie_patch:
            await wrap_future(
                self._access.submit(PatchDocument(job.jar.id, cookie_patch, undoable=False), origin=origin)
            )

    def _ready_sender(self) -> _Sender:
        if self._sender is None:
            # Imported here: the HTTP library is loaded by the worker, never by the window's start.
            from insomnia_desktop.sender.send import Sender

            self._sender = Sender(self._bodies, clock=self._access.clock, ask_password=self._password)
        return self._sender

    async def _warm_up(self) -> None:
        self._ready_sender()

    async def _password(self, path: str) -> str | None:
        # Taken out: a wrong one must not be tried for ever; the sender keeps the one that fits.
        return self._passwords.pop(path, None)

    async def _close(self) -> None:
        from asyncio import gather

        for task in self._running.values():
            task.cancel()
        await gather(*self._tasks, return_exceptions=True)
        if self._sender is not None:
            await self._sender.close()


def was_sent(response: Response) -> bool:
    """Say whether a send got as far as the network, so that its response belongs into the history."""
    return response.state != "failed" or any(entry.kind not in ("info", "error") for entry in response.timeline)
