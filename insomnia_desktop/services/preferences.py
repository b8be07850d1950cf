"""The settings of the application and the state of this device."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from insomnia_desktop.base.errors import Bug, KnownError
from insomnia_desktop.base.json_value import JsonValue
from insomnia_desktop.model.settings import SETTINGS, Setting
from insomnia_desktop.services.local_state import LocalState, PendingValues
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.store.commands.settings import ResetSetting, SetSetting
from insomnia_desktop.store.queries import settings as queries

_NOTHING = object()


class Preferences:
    """Reads and writes settings; a value is readable as soon as it is set.

    Threads: any; writes return the future of their commit.
    """

    def __init__(self, access: StoreAccess, local: LocalState) -> None:
        self._access = access
        self._local = local
        self._pending = PendingValues()

    def get(self, key: str) -> Any:
        """Return the value of a declared setting, or its default; raises Bug `setting.undeclared`."""
        _declared(key)
        pending = self._pending.get(key, _NOTHING)
        return self.all()[key] if pending is _NOTHING else pending

    def set(self, key: str, value: JsonValue) -> Future[ChangeSet]:
        """Set a declared setting; raises KnownError `setting.invalid`, Bug `setting.undeclared`."""
        _declared(key)
        SETTINGS[key].check(value)
        future = self._access.submit(SetSetting(key, value))
        self._pending.add(key, value, future)
        return future

    def reset(self, key: str) -> Future[ChangeSet]:
        """Give a declared setting its default again; raises Bug `setting.undeclared`."""
        _declared(key)
        future = self._access.submit(ResetSetting(key))
        self._pending.add(key, SETTINGS[key].default, future)
        return future

    def all(self) -> dict[str, Any]:
        """Return the value of every declared setting; one that is stored but no longer fits counts as not set."""
        stored = queries.settings(self._access.reader())
        values = {}
        for key, setting in SETTINGS.items():
            value = self._pending.get(key, stored.get(key, setting.default))
            values[key] = value if _fits(setting, value) else setting.default
        return values

    def local(self, key: str) -> JsonValue:
        """Return a value that is kept on this device alone, or None."""
        return self._local.get(key)

    def set_local(self, key: str, value: JsonValue) -> Future[ChangeSet]:
        """Keep a value on this device alone; not undoable. None removes it."""
        return self._local.set(key, value)


def _declared(key: str) -> None:
    if key not in SETTINGS:
        raise Bug("setting.undeclared", key=key)


def _fits(setting: Setting, value: Any) -> bool:
    try:
        setting.check(value)
    except KnownError:
        return False
    return True
