"""Responses and the history of a request."""

from __future__ import annotations

import msgspec

from insomnia_desktop.model import Response, ResponseSummary
from insomnia_desktop.store import codec
from insomnia_desktop.store.reader import Reader

_RESPONSE = msgspec.json.Decoder(Response)


def history(reader: Reader, request_id: str, limit: int) -> list[ResponseSummary]:
    """Return the kept responses of a request, newest first."""
    rows = reader.rows(
        "SELECT id, request_id, started, state, status, reason, total_ms, size_decoded, error_code FROM response"
        " WHERE request_id = ? ORDER BY started DESC, number DESC LIMIT ?",
        (request_id, limit),
    )
    return [
        ResponseSummary(
            id=response_id,
            request_id=owner,
            started=started,
            state=state,
            status=status,
            reason=reason,
            total_ms=total_ms,
            size_decoded=size_decoded,
            error_code=error_code,
        )
        for response_id, owner, started, state, status, reason, total_ms, size_decoded, error_code in rows
    ]


def response(reader: Reader, response_id: str) -> Response | None:
    """Return a kept response, or None; raises KnownError `document.invalid` where its record cannot be read."""
    row = reader.row("SELECT record FROM response WHERE id = ?", (response_id,))
    try:
        return _RESPONSE.decode(row[0]) if row else None
    except codec.NO_JSON as error:
        raise codec.unreadable(response_id) from error


def body_names(reader: Reader) -> set[str]:
    """Return the names of all body files that responses have."""
    return {name for (name,) in reader.rows("SELECT body_file FROM response WHERE body_file != ''")}
