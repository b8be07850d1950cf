"""What the tests of the response pane share: an open request, a server that answers by path, and made-up responses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.ids import new_id
from insomnia_desktop.model import Request, Response, Timings, patch_between
from insomnia_desktop.ui.panes.response.response_pane import ResponsePane
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from tests.support.http_peer import HttpPeer, Received, peer_in_thread, reply

STARTED = 1_772_366_400_000
JSON = b'{"id":4711,"state":"open"}'
COOKIE = ("Set-Cookie", "sid=abc; Path=/; HttpOnly")


def response_of(**fields: Any) -> Response:
    """Return a response that nobody sent: 200 OK unless said otherwise."""
    values: dict[str, Any] = {
        "id": new_id("response"),
        "request_id": new_id("request"),
        "workspace_id": new_id("workspace"),
        "started": STARTED,
        "state": "ok",
        "status": 200,
        "reason": "OK",
        "url": "http://127.0.0.1/orders/7",
        "timings": Timings(total=128.0),
    }
    return Response(**{**values, **fields})


def answer(received: Received) -> bytes:
    """Answer by path: `/json`, `/text`, `/empty`, `/bytes`, `/status/N`."""
    path = received.target
    if path.startswith("/status/"):
        return reply(int(path.rpartition("/")[2]), JSON, [("Content-Type", "application/json")], reason="Said So")
    types = {"/json": "application/json", "/broken": "application/json", "/text": "text/plain; charset=utf-8"}
    bodies = {"/json": JSON, "/broken": b'{"a":', "/bytes": b"\0\x01\x02binary", "/empty": b"", "/text": b"plain words"}
    headers = [COOKIE, ("Content-Type", types.get(path, "application/octet-stream"))]
    return reply(201 if path == "/json" else 200, bodies[path], headers, reason="Created")


@dataclass(frozen=True, slots=True)
class ResponseStage:
    """A pane over an open request, and the server that it sends to."""

    session: UiSession
    workspace: WorkspaceViewModel
    pane: ResponsePane
    peer: HttpPeer
    qtbot: QtBot

    def send(self, path: str = "/json", *, url: str = "") -> Response:
        """Send the open request to a path, or to an address, and return what is shown then."""
        before = self.pane.view_model.response
        self.set_url(url or self.peer.url(path))
        self.pane.send(self.workspace.request_id or "")
        self.qtbot.waitUntil(lambda: not self.pane.is_sending(), timeout=20_000)
        shown = self.pane.view_model.response
        assert shown is not None
        assert shown is not before
        return shown

    def start(self, path: str) -> None:
        """Send and wait until the pane shows that it runs."""
        self.set_url(self.peer.url(path))
        self.pane.send(self.workspace.request_id or "")
        self.qtbot.waitUntil(lambda: self.pane.view_model.run is not None, timeout=20_000)

    def set_url(self, url: str) -> None:
        """Give the open request another address."""
        request_id = self.workspace.request_id or ""
        before = self.session.services.documents.view(request_id)
        assert isinstance(before, Request)
        after = msgspec.structs.replace(before, url=url)
        self.session.services.editing.patch(request_id, patch_between(before, after)).result(10)

    def shown_text(self) -> str:
        """Return the text of the file that the viewer shows."""
        path = self.pane.body.shown_path
        return path.read_text() if path is not None else ""


@contextmanager
def response_stage(
    session: UiSession, qtbot: QtBot, *, reply_with: Callable[[Received], bytes] = answer, peer: HttpPeer | None = None
) -> Iterator[ResponseStage]:
    """Open a pane on a new request, with a server at its side."""
    workspace = WorkspaceViewModel(session)
    request_id, made = session.services.documents.create_request(workspace.workspace_id, None, name="R")
    made.result(10)
    workspace.open_request(request_id)
    with peer_in_thread(reply_with, peer=peer) as serving:
        pane = ResponsePane(session, workspace)
        qtbot.addWidget(pane)
        pane.resize(512, 700)
        pane.show()
        qtbot.waitExposed(pane)
        yield ResponseStage(session, workspace, pane, serving, qtbot)
        pane.body.release()
        for run in list(pane.view_model._runs.values()):
            assert run.handle is not None
            run.handle.cancel()
            run.handle.future.result(20)
