"""Messages about the devices of an account (protocol v1, 3.3 and 3.4)."""

from __future__ import annotations

from typing import Literal

import msgspec

from insomnia_desktop.protocol.binary import Bytes16
from insomnia_desktop.protocol.limits import Name, Number

Platform = Literal["linux", "macos", "windows", "other"]


class Device(msgspec.Struct, frozen=True):
    """The device that signs in; `id` is made once per data folder."""

    id: Bytes16
    name: Name
    platform: Platform


class DeviceRow(msgspec.Struct, frozen=True):
    """A device as the list shows it; `client` is its User-Agent, the times are milliseconds since 1970 UTC."""

    id: Bytes16
    name: str
    platform: str
    client: str
    created_at: Number
    last_seen_at: Number
    current: bool


class Devices(msgspec.Struct, frozen=True):
    """GET /v1/devices."""

    devices: list[DeviceRow]
