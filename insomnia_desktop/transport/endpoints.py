"""How an endpoint of a sync server is asked, and how every answer that is none is told."""

from __future__ import annotations

from typing import TypeVar

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.protocol.codec import InvalidBody, MalformedBody, decode_body, encode_body
from insomnia_desktop.protocol.problems import CODES, Problem, code_of_status
from insomnia_desktop.transport.connection import SAID_BY_PROXIES, Answer, Connection
from insomnia_desktop.transport.refused import Refused
from insomnia_desktop.transport.server_address import ServerAddress

T = TypeVar("T")
_DEEPEST_PROBLEM = 4


class Endpoints:
    """A part of a sync server's endpoints, over a connection.

    What is asked raises Refused for a problem of the protocol's list, KnownError `account.server_failed` for any answer
    from status 500 on, `account.not_a_sync_server` for one that is not what was asked for, and what
    `Connection.request` raises. Threads: one loop's.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def address(self) -> ServerAddress:
        """The server's address."""
        return self._connection.address

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.close()

    async def _get(self, path: str, kind: type[T], token: bytes | None = None) -> T:
        return self._decoded(await self._ask("GET", path, token=token), kind)

    async def _post(self, path: str, message: object, kind: type[T], token: bytes | None = None) -> T:
        return self._decoded(await self._ask("POST", path, body=encode_body(message), token=token), kind)

    async def _ask(
        self, method: str, path: str, *, body: bytes | None = None, token: bytes | None = None, etag: str = ""
    ) -> Answer:
        answer = await self._connection.request(method, path, body=body, token=token, etag=etag)
        if answer.status >= 500:
            raise KnownError(
                "account.server_failed",
                address=self.address.origin,
                status=answer.status,
                retry_after=answer.retry_after,
            )
        if answer.status >= 400:
            raise self._refusal(answer, authorised=token is not None)
        if answer.status != 304 and not 200 <= answer.status < 300:
            raise self._not_ours()
        return answer

    def _decoded(self, answer: Answer, kind: type[T]) -> T:
        try:
            return decode_body(answer.body, kind)
        except (MalformedBody, InvalidBody) as error:
            raise self._not_ours() from error

    def _refusal(self, answer: Answer, *, authorised: bool) -> Refused | KnownError:
        try:
            problem = decode_body(answer.body, Problem, _DEEPEST_PROBLEM)
        except (MalformedBody, InvalidBody):
            if answer.status not in SAID_BY_PROXIES:
                return self._not_ours()
            code = code_of_status(answer.status, authorised=authorised)
            return Refused(code, status=answer.status, retry_after=answer.retry_after)
        code = problem.code
        if code not in CODES:
            # A newer server's word: its status says what is to be done.
            code = code_of_status(answer.status, authorised=authorised)
        elif CODES[code] != answer.status:
            return self._not_ours()
        return Refused(code, status=answer.status, field=problem.field, retry_after=answer.retry_after)

    def _not_ours(self) -> KnownError:
        return KnownError("account.not_a_sync_server", address=self.address.origin)
