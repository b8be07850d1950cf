"""State of this device, readable at once after it was written."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from typing import Any

from insomnia_desktop.base.json_value import JsonValue
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.store.commands.settings import SetLocal
from insomnia_desktop.store.queries import settings as queries


class PendingValues:
    """Values that were handed to the writer and are not committed yet, by key.

    Threads: any. Writes are committed in the order in which they were handed in, so the oldest value of a key is
    the one whose future ends next.
    """

    def __init__(self) -> None:
        self._values: dict[str, deque[Any]] = {}

    def add(self, key: str, value: Any, future: Future[ChangeSet]) -> None:
        """Remember the value of a key until the future of its write ends."""
        waiting = self._values.setdefault(key, deque())
        waiting.append(value)
        future.add_done_callback(lambda _: waiting.popleft())

    def get(self, key: str, default: Any) -> Any:
        """Return the newest value of a key that is not committed, or the default."""
        try:
            return self._values[key][-1]
        except (KeyError, IndexError):
            return default


_NOTHING = object()


class LocalState:
    """What stays on this device: window state, the active environment, the last workspace; not undoable.

    Threads: any.
    """

    def __init__(self, access: StoreAccess) -> None:
        self._access = access
        self._pending = PendingValues()

    def get(self, key: str) -> JsonValue:
        """Return the value of a key, or None."""
        value = self._pending.get(key, _NOTHING)
        if value is _NOTHING:
            value = queries.local(self._access.reader(), key)
        return value  # type: ignore[no-any-return]

    def set(self, key: str, value: JsonValue) -> Future[ChangeSet]:
        """Store the value of a key; `get` returns it from now on. None removes the key."""
        future = self._access.submit(SetLocal(key, value))
        self._pending.add(key, value, future)
        return future
