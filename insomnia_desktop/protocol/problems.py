"""The body of an error and its closed list of codes (protocol v1, 3.4; RFC 9457)."""

from __future__ import annotations

import msgspec

from insomnia_desktop.protocol.limits import Number

PROBLEM_MEDIA_TYPE = "application/problem+json"
BODY_MEDIA_TYPE = "application/json"

CODES: dict[str, int] = {
    "bad_request": 400,
    "unauthorized": 401,
    "bad_credentials": 401,
    "handshake_expired": 401,
    "reauth_required": 403,
    "registration_closed": 403,
    "invite_invalid": 403,
    "limit": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "email_taken": 409,
    "group_exists": 409,
    "credentials_conflict": 409,
    "resync": 410,
    "too_large": 413,
    "unsupported_media": 415,
    "invalid": 422,
    "upgrade_required": 426,
    "rate_limited": 429,
    "internal": 500,
    "unavailable": 503,
}
# With these the answer has a Retry-After header, in seconds.
RETRIED_LATER = ("rate_limited", "unavailable")


# What a client that knows the status alone takes it for; the others of the list mean several things.
_OF_STATUS = {400: "bad_request", 404: "not_found", 413: "too_large", 422: "invalid", 426: "upgrade_required"}
_OF_STATUS |= {429: "rate_limited", 500: "internal", 503: "unavailable"}


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """An error: `code` is stable, `title` and `detail` are for who reads logs, `field` is a path as `kdf.salt`."""

    title: str
    status: Number
    code: str
    # No default, so that it is always written.
    type: str
    detail: str = ""
    field: str = ""


def problem(code: str, detail: str = "", field: str = "") -> Problem:
    """Return the problem of a code; the title is the code in words, the status the one that belongs to it."""
    return Problem(
        title=code.replace("_", " ").capitalize(),
        status=CODES[code],
        code=code,
        type="about:blank",
        detail=detail,
        field=field,
    )


def code_of_status(status: int, *, authorised: bool) -> str:
    """Return what a client takes a code for that it does not know, by its status; empty where that says too little.

    `authorised` says whether the request had a token: then 401 speaks of that, else of what was to be proved.
    """
    if status == 401:
        return "unauthorized" if authorised else "bad_credentials"
    return _OF_STATUS.get(status, "")
