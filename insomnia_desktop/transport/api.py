"""The endpoints of accounts, one method each (protocol v1, 3.3, 3.4 and 3.9)."""

from __future__ import annotations

from collections.abc import Callable

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
from insomnia_desktop.protocol.codec import encode_body
from insomnia_desktop.protocol.devices import Devices
from insomnia_desktop.protocol.service import SERVICE, Version
from insomnia_desktop.protocol.sign_in import LoginA, LoginAAnswer, LoginM1, LoginM1Answer, LoginS, LoginSAnswer
from insomnia_desktop.transport.connection import Connection, Exchange, Patience
from insomnia_desktop.transport.endpoints import Endpoints
from insomnia_desktop.transport.server_address import ServerAddress


class SyncApi(Endpoints):
    """A sync server, as far as accounts go; what its methods raise is said in Endpoints. Threads: one loop's.

    `on_exchange` is told of every request once it is over.
    """

    def __init__(
        self,
        address: ServerAddress,
        patience: Patience | None = None,
        *,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        super().__init__(Connection(address, patience, on_exchange=on_exchange))

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
