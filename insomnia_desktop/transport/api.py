"""The endpoints of accounts, one method each (protocol v1, 3.3, 3.4 and 3.9)."""

from __future__ import annotations

from typing import TypeVar

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import to_base64url
from insomnia_desktop.protocol.accounts import (
    Account,
    Credentials,
    RecoverA,
    RecoverAAnswer,
    RecoverB,
    RecoveryChange,
    SignUp,
    SignUpAnswer,
)
from insomnia_desktop.protocol.codec import InvalidBody, MalformedBody, decode_body, encode_body
from insomnia_desktop.protocol.devices import Devices
from insomnia_desktop.protocol.problems import CODES, Problem, code_of_status
from insomnia_desktop.protocol.service import SERVICE, Version
from insomnia_desktop.protocol.sign_in import LoginA, LoginAAnswer, LoginM1, LoginM1Answer, LoginS, LoginSAnswer
from insomnia_desktop.transport.connection import Answer, Connection, Patience
from insomnia_desktop.transport.refused import Refused
from insomnia_desktop.transport.server_address import ServerAddress

T = TypeVar("T")
_DEEPEST_PROBLEM = 4


class SyncApi:
    """A sync server, as far as accounts go.

    Every method raises Refused for a problem, KnownError `account.server_failed` for any answer from status 500 on,
    `account.not_a_sync_server` for one that is not what was asked for, and what `Connection.request` raises. Threads:
    one loop's.
    """

    def __init__(self, address: ServerAddress, patience: Patience | None = None) -> None:
        self._connection = Connection(address, patience)

    @property
    def address(self) -> ServerAddress:
        """The server's address."""
        return self._connection.address

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.close()

    async def version(self) -> Version:
        """Return what the server says of itself."""
        version = await self._get("/v1/version", Version)
        if version.service != SERVICE:
            raise self._not_ours()
        return version

    async def sign_up(self, message: SignUp) -> SignUpAnswer:
        """Make an account; the same message again is answered alike."""
        return await self._post("/auth/signup", message, SignUpAnswer)

    async def login_s(self, message: LoginS) -> LoginSAnswer:
        """Ask for the parameters of a sign-in."""
        return await self._post("/auth/login-s", message, LoginSAnswer)

    async def login_a(self, message: LoginA) -> LoginAAnswer:
        """Begin a handshake."""
        return await self._post("/auth/login-a", message, LoginAAnswer)

    async def login_m1(self, message: LoginM1) -> LoginM1Answer:
        """Prove the password."""
        return await self._post("/auth/login-m1", message, LoginM1Answer)

    async def recover_a(self, message: RecoverA) -> RecoverAAnswer:
        """Ask for the account key under the recovery key."""
        return await self._post("/auth/recover-a", message, RecoverAAnswer)

    async def recover_b(self, message: RecoverB) -> None:
        """Replace credentials and recovery key."""
        await self._ask("POST", "/auth/recover-b", body=encode_body(message))

    async def account(self, token: bytes) -> Account:
        """Return the account of a session."""
        return await self._get("/v1/account", Account, token)

    async def put_credentials(self, token: bytes, message: Credentials) -> None:
        """Replace the credentials; the same message again is answered alike."""
        await self._ask("PUT", "/v1/account/credentials", body=encode_body(message), token=token)

    async def put_recovery(self, token: bytes, message: RecoveryChange) -> None:
        """Replace the recovery key."""
        await self._ask("PUT", "/v1/account/recovery", body=encode_body(message), token=token)

    async def delete_account(self, token: bytes) -> None:
        """Remove the account from the server for good."""
        await self._ask("DELETE", "/v1/account", token=token)

    async def devices(self, token: bytes) -> Devices:
        """Return the devices of the account."""
        return await self._get("/v1/devices", Devices, token)

    async def revoke(self, token: bytes, device_id: bytes) -> None:
        """Sign a device out; one's own too."""
        await self._ask("DELETE", f"/v1/devices/{to_base64url(device_id)}", token=token)

    async def _get(self, path: str, kind: type[T], token: bytes | None = None) -> T:
        return self._decoded(await self._ask("GET", path, token=token), kind)

    async def _post(self, path: str, message: object, kind: type[T]) -> T:
        return self._decoded(await self._ask("POST", path, body=encode_body(message)), kind)

    async def _ask(self, method: str, path: str, *, body: bytes | None = None, token: bytes | None = None) -> Answer:
        answer = await self._connection.request(method, path, body=body, token=token)
        if answer.status >= 500:
            raise KnownError("account.server_failed", address=self.address.origin, status=answer.status)
        if answer.status >= 400:
            raise self._refusal(answer, authorised=token is not None)
        if not 200 <= answer.status < 300:
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
            return self._not_ours()
        code = problem.code
        if code not in CODES:
            # A newer server's word: its status says what is to be done.
            code = code_of_status(answer.status, authorised=authorised)
        elif CODES[code] != answer.status:
            return self._not_ours()
        return Refused(code, status=answer.status, field=problem.field, retry_after=answer.retry_after)

    def _not_ours(self) -> KnownError:
        return KnownError("account.not_a_sync_server", address=self.address.origin)
