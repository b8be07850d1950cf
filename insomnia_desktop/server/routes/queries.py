"""What stands in a path or behind its question mark."""

from __future__ import annotations

from starlette.requests import Request

from insomnia_desktop.protocol.binary import decode
from insomnia_desktop.protocol.limits import ID_BYTES, NUMBER_MAX
from insomnia_desktop.server.problems import Refused

_DIGITS = len(str(NUMBER_MAX))


def id_in_path(request: Request, name: str) -> bytes:
    """Return an id of the path; raises Refused `not_found` for what is none."""
    try:
        return decode(request.path_params[name], ID_BYTES)
    except ValueError:
        raise Refused("not_found") from None


def number_in_path(request: Request, name: str) -> int:
    """Return a number of the path; raises Refused `not_found` for what is none."""
    number = _number(request.path_params[name])
    if number is None:
        raise Refused("not_found")
    return number


def number_in_query(
    request: Request, name: str, default: int | None = None, *, least: int = 0, most: int = NUMBER_MAX
) -> int | None:
    """Return a number of the query; raises Refused `bad_request` for what is none, is out of range or stands twice."""
    values = request.query_params.getlist(name)
    if not values:
        return default
    number = _number(values[0])
    if len(values) > 1 or number is None or not least <= number <= most:
        raise Refused("bad_request", field=name)
    return number


def _number(text: str) -> int | None:
    """Return a number of the protocol, None for any other text; a long one is not even read, as that is slow."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        return None
    number = int(text)
    return number if number <= NUMBER_MAX else None
