"""Messages of the sign-in: salts, the SRP handshake and its sealed answer (protocol v1, 3.3)."""

from __future__ import annotations

import msgspec

from insomnia_desktop.protocol.accounts import Kdf, SrpParameters
from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32
from insomnia_desktop.protocol.devices import Device
from insomnia_desktop.protocol.limits import Number, TypedEmail


class LoginS(msgspec.Struct, frozen=True):
    """POST /auth/login-s."""

    email: TypedEmail


class LoginSAnswer(msgspec.Struct, frozen=True):
    """200 of POST /auth/login-s; `skd` true is for a Secret Key, which version 1 does not have."""

    kdf: Kdf
    srp: SrpParameters
    skd: bool


class LoginA(msgspec.Struct, frozen=True):
    """POST /auth/login-a; the length of `srpA` is one of the checks of SRP."""

    email: TypedEmail
    srpA: Binary


class LoginAAnswer(msgspec.Struct, frozen=True):
    """200 of POST /auth/login-a; the length of `srpB` is one of the checks of SRP."""

    handshake_id: Bytes16
    srpB: Binary


class LoginM1(msgspec.Struct, frozen=True):
    """POST /auth/login-m1."""

    handshake_id: Bytes16
    srpM1: Bytes32
    device: Device


class LoginM1Answer(msgspec.Struct, frozen=True):
    """200 of POST /auth/login-m1; a missing `srpM2` is empty bytes, which no proof equals."""

    sealed: Binary
    srpM2: Binary = Binary()


class SealedSession(msgspec.Struct, frozen=True):
    """The plaintext of `sealed`; `expires_at` in milliseconds since 1970 UTC."""

    token: Bytes32
    account_id: Bytes16
    device_id: Bytes16
    expires_at: Number
    account_key_wrap: Binary
