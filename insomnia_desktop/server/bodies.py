"""Reading the body of a request, no further than allowed, and writing that of an answer (protocol v1, 3.4)."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from insomnia_desktop.protocol.codec import InvalidBody, MalformedBody, decode_body, encode_body
from insomnia_desktop.protocol.problems import BODY_MEDIA_TYPE
from insomnia_desktop.server.problems import Refused

T = TypeVar("T")

# No message about an account is near this size. Before a sign-in nobody gets to send megabytes.
MESSAGE_BYTES = 65_536
STALL_SECONDS = 30.0
WHOLE_SECONDS = 300.0


async def read_body(request: Request, kind: type[T], limit: int = MESSAGE_BYTES) -> T:
    """Return the body as a message of `kind`.

    Raises Refused `unsupported_media`, `too_large`, `bad_request`, `invalid`; ClientDisconnect.
    """
    _check_head(request, limit)
    data = await _bytes(request, limit)
    try:
        return decode_body(data, kind)
    except MalformedBody as error:
        raise Refused("bad_request", detail=str(error)) from None
    except InvalidBody as error:
        raise Refused("invalid", field=error.field) from None


def json_response(value: object, status: int = 200) -> Response:
    """Return an answer with a message as its body."""
    return Response(encode_body(value), status, media_type=BODY_MEDIA_TYPE)


def _check_head(request: Request, limit: int) -> None:
    if "content-encoding" in request.headers:
        raise Refused("unsupported_media", detail="bodies are not encoded", closes=True)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != BODY_MEDIA_TYPE:
        raise Refused("unsupported_media", closes=True)
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise Refused("too_large", closes=True)


async def _bytes(request: Request, limit: int) -> bytes:
    data = bytearray()
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            more = True
            while more:
                async with asyncio.timeout(STALL_SECONDS):
                    message = await request.receive()
                if message["type"] != "http.request":
                    raise ClientDisconnect
                data += message.get("body", b"")
                if len(data) > limit:
                    raise Refused("too_large", closes=True)
                more = message.get("more_body", False)
    except TimeoutError:
        raise Refused("bad_request", detail="the body did not come", closes=True) from None
    return bytes(data)
