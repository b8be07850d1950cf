"""Recovery keys that were made and that nobody has said to have kept: sealed here, so that they can be shown again.

Whoever ends the program between a server's yes and the page that shows the key would have a recovery key that nobody
knows. What lies here opens with the account key alone, and goes when the person says that the key is kept.
"""

from __future__ import annotations

from asyncio import wrap_future
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Final

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url, to_base64url
from insomnia_desktop.base.loop_thread import run_to_the_end
from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.expand import Key, expand
from insomnia_desktop.crypto.seal import open_sealed, seal
from insomnia_desktop.crypto.tuples import tup
from insomnia_desktop.store import Store
from insomnia_desktop.store.account_rows import unkept_recovery_key
from insomnia_desktop.store.changes import ChangeSet, Origin
from insomnia_desktop.store.commands.account import WithdrawUnkeptRecovery
from insomnia_desktop.store.commands.settings import SetLocal
from insomnia_desktop.store.queries.settings import local

_INFO: Final = b"app/1/unkept-recovery"
_TAG: Final = "unkept-recovery/1"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A recovery key that nobody has said to have kept, and what lies in the store of it."""

    text: str = field(repr=False)
    sealed: str = field(repr=False)


class UnkeptRecovery:
    """At most one key an account; accounts are raw ids. Threads: one loop's."""

    def __init__(self, store: Store, origin: Origin) -> None:
        self._store = store
        self._origin = origin

    async def put(self, account_id: bytes, account_key: Key, text: str) -> None:
        """Keep a recovery key until `remove`, in place of the one before; returns once it is on the disk."""
        sealed = seal(expand(account_key, _INFO), tup(_TAG, account_id), text.encode("ascii"))
        await wrap_future(self._submit(account_id, to_base64url(sealed)))

    def waiting(self, account_id: bytes, account_key: Key) -> Waiting | None:
        """Return the key that waits, None where none of this account does."""
        sealed = local(self._store.reader(), unkept_recovery_key(to_base64url(account_id)))
        try:
            raw = from_base64url(sealed) if isinstance(sealed, str) else b""
            text = open_sealed(expand(account_key, _INFO), tup(_TAG, account_id), raw).decode("ascii")
        except (KnownError, Undecryptable):
            return None
        return Waiting(text, str(sealed))

    def text(self, account_id: bytes, account_key: Key) -> str:
        """Return the key that waits, empty where none does."""
        waiting = self.waiting(account_id, account_key)
        return "" if waiting is None else waiting.text

    async def withdraw(self, account_id: bytes, waiting: Waiting) -> None:
        """Forget a key that a newer one has replaced, and leave a notice; one that was put there since stays."""
        command = WithdrawUnkeptRecovery(to_base64url(account_id), waiting.sealed)
        await run_to_the_end(self._store.submit(command, origin=self._origin).result)

    async def remove(self, account_id: bytes) -> None:
        """Forget the key of an account: somebody has it, or it is worth nothing."""
        await run_to_the_end(self._submit(account_id, None).result)

    def _submit(self, account_id: bytes, value: str | None) -> Future[ChangeSet]:
        command = SetLocal(unkept_recovery_key(to_base64url(account_id)), value)
        return self._store.submit(command, origin=self._origin)
