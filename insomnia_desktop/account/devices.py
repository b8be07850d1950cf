"""The devices of an account, and this one among them."""

from __future__ import annotations

import sys

from insomnia_desktop.account.refusals import told
from insomnia_desktop.protocol.binary import Bytes16
from insomnia_desktop.protocol.devices import Device, DeviceRow, Platform
from insomnia_desktop.protocol.limits import NAME_CHARACTERS
from insomnia_desktop.transport.api import SyncApi
from insomnia_desktop.transport.refused import Refused

_PLATFORMS: dict[str, Platform] = {"linux": "linux", "darwin": "macos", "win32": "windows"}


def this_device(device_id: bytes) -> Device:
    """Return this device as the server lists it: by the name of the computer."""
    import platform

    name = "".join(each for each in platform.node() if each.isprintable())[:NAME_CHARACTERS]
    return Device(Bytes16(device_id), name or "This computer", _PLATFORMS.get(sys.platform, "other"))


async def list_devices(api: SyncApi, token: bytes) -> list[DeviceRow]:
    """Return the devices, this one first, then the newest use first.

    Raises KnownError `account.signed_out_elsewhere`, and those of the connection.
    """
    with told():
        answer = await api.devices(token)
    return sorted(answer.devices, key=lambda row: (not row.current, -row.last_seen_at))


async def revoke_device(api: SyncApi, token: bytes, device_id: bytes) -> None:
    """Sign a device out; one that is gone already is no error. Raises KnownError as `list_devices`."""
    with told():
        try:
            await api.revoke(token, device_id)
        except Refused as refused:
            if refused.code != "not_found":
                raise
