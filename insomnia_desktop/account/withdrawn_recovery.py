"""A recovery key that waits here to be kept, and that a newer one has replaced: it is withdrawn.

Another device, or whoever recovered the account, may have made the newer one. The server tells nobody which one is in
force; but who has a key can prove it, and is refused where it is not the one of now (protocol v1, 3.9).
"""

from __future__ import annotations

import asyncio
import logging

from insomnia_desktop.account.open_account import OpenAccount
from insomnia_desktop.account.recovery import is_in_force
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.transport.api import SyncApi

_LOG = logging.getLogger(__name__)


async def withdraw_replaced(opened: OpenAccount, api: SyncApi) -> None:
    """Ask whether the key that waits is still the account's; one that is not is forgotten, and a notice is left.

    Raises KnownError of the connection, and `account.too_many_tries`; the key stays then.
    """
    keyring, row = opened.keyring, opened.known_row()
    waiting = opened.unkept.waiting(keyring.account_id, keyring.account_key)
    if waiting is not None and not await is_in_force(api, row.email, waiting.text):
        await opened.unkept.withdraw(keyring.account_id, waiting)
        opened.tell()


async def withdraw_after_sign_in(opened: OpenAccount, api: SyncApi) -> None:
    """Do the same after a sign-in, which stands whatever comes of this."""
    try:
        await withdraw_replaced(opened, api)
    except KnownError as error:
        _LOG.info("Whether the recovery key that waits is still in force is not known: %s", error)
    except asyncio.CancelledError:
        # Too late for the sign-in, which is stored.
        task = asyncio.current_task()
        assert task is not None
        task.uncancel()
