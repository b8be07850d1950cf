"""When a redirect is followed, and what the next request is; pure (RFC 9110, 15.4; Fetch, 4.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.sender.address import Address, resolve_location
from insomnia_desktop.sender.body_source import EMPTY, BodySource
from insomnia_desktop.sender.header_fields import HeaderFields, value_of, without

_FOLLOWED: Final = frozenset({301, 302, 303, 307, 308})
_OF_THE_BODY: Final = (
    "Content-Type", "Content-Length", "Content-Encoding", "Content-Language", "Content-Location", "Transfer-Encoding",
)  # fmt: skip
_OF_THE_ORIGIN: Final = ("Authorization", "Cookie", "Host", "Proxy-Authorization")


@dataclass(frozen=True, slots=True)
class HopRequest:
    """What one hop asks: the first is the prepared request, others are made from the answer before."""

    method: str
    address: Address
    headers: HeaderFields
    body: BodySource


def location_of(status: int, headers: HeaderFields) -> str | None:
    """Return where an answer sends us, or None where it does not."""
    return value_of(headers, "location") if status in _FOLLOWED else None


def next_hop(hop: HopRequest, *, status: int, location: str) -> HopRequest:
    """Return the request that follows a redirect; raises KnownError `send.bad_redirect` (location, reason).

    301 and 302 turn POST into GET, 303 turns all but HEAD into GET; 307 and 308 keep method and body. What is meant
    for one origin (Authorization, Cookie, Host) does not go to another; http to https of one host counts as the same.
    """
    try:
        address = resolve_location(hop.address, location)
    except KnownError as error:
        raise KnownError(
            "send.bad_redirect", location=location[:500], reason=error.params.get("reason", ""), status=status
        ) from None
    hop = replace(hop, address=address, headers=_headers_for(hop, address))
    method = hop.method.upper()
    if (status in (301, 302) and method == "POST") or (status == 303 and method not in ("GET", "HEAD")):
        return replace(hop, method="GET", body=EMPTY, headers=without(hop.headers, _OF_THE_BODY))
    return hop


def is_same_origin(before: Address, after: Address) -> bool:
    """Say whether what belongs to one address may go to the other."""
    if before.origin == after.origin:
        return True
    upgraded = (before.scheme, before.port, after.scheme, after.port) == ("http", 80, "https", 443)
    return upgraded and before.host == after.host


def _headers_for(hop: HopRequest, address: Address) -> HeaderFields:
    if is_same_origin(hop.address, address):
        return hop.headers
    return without(hop.headers, _OF_THE_ORIGIN)
