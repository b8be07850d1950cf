"""Responses for tests of the history."""

from __future__ import annotations

from typing import Any

from insomnia_desktop.base.ids import new_id
from insomnia_desktop.model import Document, Response, Timings


def response_of(request: Document, *, started: int = 1_772_366_400_000, **fields: Any) -> Response:
    """Return a response to a request: 200 OK unless said otherwise."""
    values = {"state": "ok", "status": 200, "reason": "OK", "timings": Timings(total=12.5), **fields}
    return Response(
        id=values.pop("id", new_id("response")),
        request_id=request.id,
        workspace_id=request.workspace_id,
        started=started,
        **values,
    )
