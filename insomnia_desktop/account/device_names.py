"""How this device is called among the devices of an account: told apart from others of the same computer."""

from __future__ import annotations

import itertools
import logging
import re
from asyncio import wrap_future
from collections.abc import Collection
from concurrent.futures import Future
from typing import Final

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.protocol.devices import Device
from insomnia_desktop.protocol.limits import NAME_CHARACTERS
from insomnia_desktop.store import Store
from insomnia_desktop.store.account_rows import AccountPin, device_name_of
from insomnia_desktop.store.changes import ChangeSet, Origin
from insomnia_desktop.store.commands.settings import SetLocal
from insomnia_desktop.store.queries.settings import local
from insomnia_desktop.transport.api import SyncApi
from insomnia_desktop.transport.refused import Refused

_LOG = logging.getLogger(__name__)
_NUMBER: Final = re.compile(r" \([0-9]+\)\Z")


class DeviceNames:
    """The name that this device got with its last sign-in to an account. Threads: one loop's."""

    def __init__(self, store: Store, origin: Origin) -> None:
        self._store = store
        self._origin = origin

    def name(self, pin: AccountPin | None) -> str:
        """Return the name in an account, empty before the first sign-in."""
        return self.name_in(pin.account_id) if pin is not None else ""

    def name_in(self, account_id: str) -> str:
        """Return the name in the account of that id, at whatever address it is met now."""
        name = local(self._store.reader(), device_name_of(account_id))
        return name if isinstance(name, str) else ""

    async def keep(self, account_id: str, name: str) -> None:
        """Remember a name, so that the device comes with it the next time."""
        await wrap_future(self._submit(account_id, name))

    async def forget(self, account_id: str) -> None:
        """Forget the name in an account."""
        await wrap_future(self._submit(account_id, None))

    def _submit(self, account_id: str, name: str | None) -> Future[ChangeSet]:
        return self._store.submit(SetLocal(device_name_of(account_id), name), origin=self._origin)


def known_name(computer: str, known_as: str) -> str:
    """Return the name that a device had before, as long as the computer has kept its own; else the computer's."""
    return known_as if _NUMBER.sub("", known_as) == computer else computer


def name_beside(wanted: str, taken: Collection[str]) -> str:
    """Return the wanted name, or where another device has it the first that is free: "Studio (2)", "Studio (3)"."""
    if wanted not in taken:
        return wanted
    base = _NUMBER.sub("", wanted)
    numbers = itertools.chain([""], (f" ({number})" for number in itertools.count(2)))
    names = (f"{base[: NAME_CHARACTERS - len(number)]}{number}" for number in numbers)
    return next(name for name in names if name not in taken)


async def free_name(api: SyncApi, token: bytes, device: Device) -> str:
    """Return by which name a device that has just signed in is told from the others of the account.

    Where the server does not list them it is the name that it has.
    """
    try:
        rows = (await api.devices(token)).devices
    except (KnownError, Refused) as error:
        _LOG.info("The names of the other devices are not known: %s", error)
        return device.name
    return name_beside(device.name, {row.name for row in rows if bytes(row.id) != bytes(device.id)})
