"""The devices of an account, and this one among them."""

from __future__ import annotations

import logging
import sys

import msgspec

from insomnia_desktop.account.device_names import known_name
from insomnia_desktop.account.refusals import told
from insomnia_desktop.account.typed import printable
from insomnia_desktop.protocol.binary import Bytes16
from insomnia_desktop.protocol.devices import Device, DeviceRow, Platform
from insomnia_desktop.protocol.limits import NAME_CHARACTERS, USER_AGENT_CHARACTERS
from insomnia_desktop.transport.api import SyncApi
from insomnia_desktop.transport.refused import Refused

_LOG = logging.getLogger(__name__)
MOST_DEVICES = 1000
"""How many of what a server tells are shown: the window makes a row for each, and an honest account has few."""
# The year 9999 in milliseconds since 1970: the calendar of the window ends in it, wherever this computer is.
_LATEST = 253_370_764_800_000
_PLATFORMS: dict[str, Platform] = {"linux": "linux", "darwin": "macos", "win32": "windows"}


def this_device(device_id: bytes, known_as: str = "") -> Device:
    """Return this device as the server lists it: by the name of the computer, or the one that it got before."""
    import platform

    computer = "".join(each for each in platform.node() if each.isprintable())[:NAME_CHARACTERS] or "This computer"
    return Device(Bytes16(device_id), known_name(computer, known_as), _PLATFORMS.get(sys.platform, "other"))


async def list_devices(api: SyncApi, token: bytes) -> list[DeviceRow]:
    """Return the devices, this one first, then the newest use first.

    What the server says of them is cut to what can be shown. Raises KnownError `account.signed_out_elsewhere`, and
    those of the connection.
    """
    with told():
        answer = await api.devices(token)
    rows = sorted(answer.devices, key=lambda row: (not row.current, -row.last_seen_at))
    if len(rows) > MOST_DEVICES:
        _LOG.info("Of %d devices the %d used last are listed.", len(rows), MOST_DEVICES)
    return [_shown(row) for row in rows[:MOST_DEVICES]]


def _shown(row: DeviceRow) -> DeviceRow:
    return msgspec.structs.replace(
        row,
        name=printable(row.name[:NAME_CHARACTERS]),
        platform=printable(row.platform[:NAME_CHARACTERS]),
        client=printable(row.client[:USER_AGENT_CHARACTERS]),
        created_at=min(row.created_at, _LATEST),
        last_seen_at=min(row.last_seen_at, _LATEST),
    )


async def revoke_device(api: SyncApi, token: bytes, device_id: bytes) -> None:
    """Sign a device out; one that is gone already is no error. Raises KnownError as `list_devices`."""
    with told():
        try:
            await api.revoke(token, device_id)
        except Refused as refused:
            if refused.code != "not_found":
                raise
