"""A refusal and the problem document that tells it (protocol v1, 3.4; RFC 9457)."""

from __future__ import annotations

from starlette.responses import Response

from insomnia_desktop.protocol.codec import encode_body
from insomnia_desktop.protocol.problems import CODES, PROBLEM_MEDIA_TYPE, RETRIED_LATER, problem

# For a database that is away: soon enough to be unnoticed, late enough to let it come back.
UNAVAILABLE_SECONDS = 5
# No page of the web may keep or interpret what is answered here.
ANSWER_HEADERS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
_UNAUTHORIZED = 401


class Refused(Exception):
    """A request that is answered with a problem of the closed list of codes.

    `field` is the path of a field in the request, `detail` a text without anything of the request, `retry_after` in
    seconds; `closes` ends the connection, because the request was not read to its end.
    """

    def __init__(
        self,
        code: str,
        *,
        field: str = "",
        detail: str = "",
        retry_after: int = UNAVAILABLE_SECONDS,
        closes: bool = False,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.detail = detail
        self.retry_after = retry_after
        self.closes = closes

    @property
    def status(self) -> int:
        """The HTTP status that belongs to the code."""
        return CODES[self.code]


def problem_response(refused: Refused, headers: dict[str, str] | None = None) -> Response:
    """Return the answer to a request that was refused."""
    fields = dict(headers or {})
    if refused.code in RETRIED_LATER:
        fields["Retry-After"] = str(refused.retry_after)
    if refused.status == _UNAUTHORIZED:
        # RFC 9110, 15.5.2.
        fields["WWW-Authenticate"] = "Bearer"
    if refused.closes:
        fields["Connection"] = "close"
    body = encode_body(problem(refused.code, refused.detail, refused.field))
    return Response(body, refused.status, fields, PROBLEM_MEDIA_TYPE)
