"""The limits that the protocol writes down; a change of one is a change of the protocol."""

from __future__ import annotations

from typing import get_args

from insomnia_desktop.protocol import PROTOCOL, limits
from insomnia_desktop.protocol.devices import Platform
from insomnia_desktop.protocol.service import Limits
from tests.support.vectors import V1, h


def test_the_numbers_are_those_of_version_1() -> None:
    assert PROTOCOL == 1
    assert (limits.ITERATIONS_MIN, limits.ITERATIONS_DEFAULT, limits.ITERATIONS_MAX) == (600_000, 1_000_000, 10_000_000)
    assert (limits.PASSWORD_MIN, limits.PASSWORD_MAX, limits.NAME_CHARACTERS) == (10, 1024, 100)
    assert limits.NUMBER_MAX == 9_007_199_254_740_991
    assert Limits() == Limits(1_048_576, 4_194_304, 500, 500, 50_000, 500, 50, 1_073_741_824)


def test_the_lengths_are_those_of_the_vectors() -> None:
    assert len(h(V1["account_key_wrap"]["wrap"])) == limits.ACCOUNT_KEY_WRAP_BYTES
    assert len(h(V1["recovery"]["wrap"])) == len(h(V1["group"]["wrap"])) == limits.SEALED_KEY_BYTES
    assert len(h(V1["rsa"]["public_spki"])) == limits.RSA_PUBLIC_BYTES
    assert limits.RSA_PRIVATE_WRAP_MIN < len(h(V1["rsa"]["wrap"])) < limits.RSA_PRIVATE_WRAP_MAX
    assert len(h(V1["revisions"][0]["envelope"])) == limits.ENVELOPE_MIN


def test_the_platforms_are_listed_once() -> None:
    assert get_args(Platform) == limits.PLATFORMS
