"""Creating an account: everything is made here, opened again, and only then sent (protocol v1, 3.3)."""

from __future__ import annotations

import hmac
from functools import partial
from typing import Protocol

from insomnia_desktop.account.checks import check_version, not_authentic
from insomnia_desktop.account.refusals import told
from insomnia_desktop.account.work import Work
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url
from insomnia_desktop.crypto.expand import Key
from insomnia_desktop.crypto.passwords import derive
from insomnia_desktop.crypto.sign_up import NewAccount, make_sign_up, new_account_id
from insomnia_desktop.crypto.srp_client import make_verifier
from insomnia_desktop.protocol.limits import INVITE_BYTES, ITERATIONS_DEFAULT
from insomnia_desktop.transport.api import SyncApi
from insomnia_desktop.transport.refused import Refused


class UnkeptKeys(Protocol):
    """Where a recovery key lies until a person keeps it, as `account.unkept_recovery` has it."""

    async def put(self, account_id: bytes, account_key: Key, text: str) -> None:
        """Keep the key of an account."""
        ...

    async def remove(self, account_id: bytes) -> None:
        """Forget it."""
        ...


class SignUpAttempts:
    """Makes accounts; remembers a sign-up whose answer did not come, so that the same one is sent at the next try.

    The server may have taken it: another one would then find the e-mail taken. The recovery key lies in `unkept` from
    before the sign-up is sent until a person says that it is kept.
    Threads: one loop's.
    """

    def __init__(self, unkept: UnkeptKeys) -> None:
        self._unkept = unkept
        self._unanswered: tuple[str, NewAccount] | None = None

    async def sign_up(
        self, api: SyncApi, *, email: str, name: str, password: bytes, invite: bytes | None, work: Work
    ) -> NewAccount:
        """Make an account of a canonical e-mail and a normalised password and send it.

        Raises KnownError `account.email_taken`, `account.registration_closed`, `account.invite_invalid` (its reason
        is `missing` where the server wants one and there is none), and those of the connection.
        """
        work.tell("connecting")
        with told():
            version = await api.version()
            check_version(version)
            if version.registration == "closed":
                raise KnownError("account.registration_closed")
            if version.registration == "invite" and invite is None:
                raise KnownError("account.invite_invalid", reason="missing")
            made = await self._unanswered_one(api, email, name, password, invite, work)
            if made is None:
                make = partial(
                    make_sign_up,
                    new_account_id(),
                    email,
                    name,
                    password,
                    ITERATIONS_DEFAULT,
                    invite=invite,
                    on_step=work.step_from_thread,
                )
                made = await work.run(make)
            self._unanswered = (api.address.text, made)
            account_id = bytes(made.message.account_id)
            if made.recovery_text is not None:
                # Before it is sent: however the program ends, the key can still be shown.
                await self._unkept.put(account_id, made.unlocked.account_key, made.recovery_text)
            try:
                answer = await api.sign_up(made.message)
            except Refused:
                await self._unkept.remove(account_id)
                raise
        if answer.account_id != made.message.account_id:
            raise not_authentic("account id")
        return made

    def done(self) -> None:
        """Forget the sign-up: its account is open here."""
        self._unanswered = None

    async def _unanswered_one(
        self, api: SyncApi, email: str, name: str, password: bytes, invite: bytes | None, work: Work
    ) -> NewAccount | None:
        if self._unanswered is None:
            return None
        address, made = self._unanswered
        message = made.message
        same = (address, message.email, message.name, message.invite) == (api.address.text, email, name, invite)
        if not same:
            return None
        # The password is not kept: whether it is the same one shows by the verifier that it gives.
        work.tell("deriving")
        keys = await work.run(derive, email, password, bytes(message.kdf.salt), message.kdf.iters)
        verifier = make_verifier(email, keys.srp_auth, message.srp.salt)
        return made if hmac.compare_digest(verifier, message.srp.verifier) else None


def read_invitation(text: str) -> bytes | None:
    """Return an invitation that a person was given, None for no text; raises KnownError `account.invite_invalid`."""
    stripped = "".join(text.split())
    if not stripped:
        return None
    try:
        invite = from_base64url(stripped)
    except KnownError:
        raise KnownError("account.invite_invalid") from None
    if len(invite) != INVITE_BYTES:
        raise KnownError("account.invite_invalid")
    return invite
