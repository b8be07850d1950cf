"""The account of this data folder, as the store keeps it."""

from __future__ import annotations

from typing import Literal

import msgspec

AccountRowState = Literal["signed_in", "signed_out", "signed_out_elsewhere"]
KeyKeeping = Literal["keyring", "file", "memory"]
HERE = "here"
"""Stands for the server's address where the server runs on this computer, whose address may change."""


class AccountRow(msgspec.Struct, frozen=True):
    """Who is signed in, or was last: neither token nor keys.

    `account_id` is 22 characters of the wire. `keeping` says where the key to the keys is. `rev` and `profile` are what
    the server told: a number that rises with each change of the account, and the account's keys, wrapped, as JSON.
    """

    server: str
    hosted: bool
    email: str
    name: str
    account_id: str
    state: AccountRowState
    keeping: KeyKeeping
    rev: int = 0
    profile: str = ""

    @property
    def place(self) -> str:
        """The server as pins know it."""
        return place_of(self.server, hosted=self.hosted)


class AccountPin(msgspec.Struct, frozen=True):
    """What no server may go back on: the id of an account, and the highest iteration count seen."""

    account_id: str
    iterations: int


def place_of(server: str, *, hosted: bool) -> str:
    """Return how pins name a server: its address without the certificate, or `here`."""
    return HERE if hosted else server.partition("#")[0]


def unkept_recovery_key(account_id: str) -> str:
    """Return under which name the store keeps, on this device, the recovery key that a person has yet to keep."""
    return f"unkept_recovery:{account_id}"


def device_name_of(account_id: str) -> str:
    """Return under which name the store keeps, on this device, how it is called among the devices of an account."""
    return f"device_name:{account_id}"
