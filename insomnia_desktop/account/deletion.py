"""The account deleted at the server, for good (protocol v1, 3.9)."""

from __future__ import annotations

from insomnia_desktop.account.repeating import LOST
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.transport.api import SyncApi
from insomnia_desktop.transport.refused import Refused


async def delete_account(api: SyncApi, token: bytes) -> None:
    """Delete; where the answer was lost, a session that is gone says that the account is."""
    try:
        await api.delete_account(token)
        return
    except KnownError as error:
        if error.code not in LOST:
            raise
    try:
        await api.delete_account(token)
    except Refused as refused:
        if refused.code != "unauthorized":
            raise
