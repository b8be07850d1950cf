"""Recovery by the recovery key alone: no mail is sent, the key is the proof (protocol v1, 3.9)."""

from __future__ import annotations

import hmac
from dataclasses import asdict

from insomnia_desktop.crypto.tuples import H
from insomnia_desktop.protocol.accounts import RecoverA, RecoverAAnswer, RecoverB
from insomnia_desktop.protocol.binary import Binary
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import accounts, groups
from insomnia_desktop.server.domain import attempts
from insomnia_desktop.server.domain.announcing import account_changed
from insomnia_desktop.server.domain.credentials import checked, checked_email, recovery_values, replace
from insomnia_desktop.server.domain.profile import told
from insomnia_desktop.server.problems import Refused

# Compared with where there is no recovery key: no proof has this hash.
_NO_HASH = bytes(32)


async def start(context: ServerContext, message: RecoverA) -> RecoverAAnswer:
    """Answer `recover-a`; raises Refused `invalid`, `rate_limited`, and `bad_credentials` whatever is wrong."""
    email = checked_email(message.email)
    await attempts.count_alone(context, email)
    async with context.database.write() as connection:
        # Alone, and the account only then: to read all of one takes longer than to read none.
        _prove(await accounts.recovery_hash(connection, email), message.auth)
        account = await accounts.find(connection, email)
        assert account is not None
        await connection.run_sync(attempts.forget, context, email)
        used = await connection.run_sync(groups.used, account.account_id)
    assert account.recovery_wrap is not None
    return RecoverAAnswer(told(context, account, used), Binary(account.recovery_wrap))


async def finish(context: ServerContext, message: RecoverB) -> None:
    """Answer `recover-b`: new credentials, a new recovery key, and every session ends.

    Raises Refused `invalid`, `rate_limited`, `bad_credentials`.
    """
    email = checked_email(message.email)
    values = checked(message.kdf, message.srp, message.account_key_wrap)
    await attempts.count_alone(context, email)
    async with context.database.write() as connection:
        _prove(await accounts.recovery_hash(connection, email), message.auth)
        account = await connection.run_sync(accounts.lock, email)
        # Somebody may have been quicker until it was locked.
        _prove(account.recovery_auth_hash if account is not None else None, message.auth)
        assert account is not None
        recovery = recovery_values(message.recovery.auth_hash, message.recovery.wrap)
        await replace(connection, account, asdict(values) | recovery, keep=None)
        await connection.run_sync(attempts.forget, context, email)
    await account_changed(context, account.account_id)


def _prove(expected: bytes | None, auth: bytes) -> None:
    """Raise Refused `bad_credentials` unless this proves the recovery key; the same work where there is none."""
    if not hmac.compare_digest(H(auth), expected or _NO_HASH):
        raise Refused("bad_credentials")
