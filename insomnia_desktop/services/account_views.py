"""What window and command line are told of accounts, and the faces of the two services that they call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from enum import StrEnum
from pathlib import Path
from typing import Generic, Literal, Protocol, TypeVar

import msgspec

from insomnia_desktop.base.errors import KnownError

T = TypeVar("T")


class AccountState(StrEnum):
    """Whether somebody is signed in, and whether the keys are there."""

    SIGNED_OUT = "signed_out"
    SIGNED_IN = "signed_in"
    LOCKED = "locked"
    """The password is needed: this computer has no keyring."""
    SIGNED_OUT_ELSEWHERE = "signed_out_elsewhere"
    WORK_OFFLINE = "work_offline"


class AccountStatus(msgspec.Struct, frozen=True):
    """Who is signed in, and where.

    `recovery`: the account has a recovery key. `unkept_recovery`: one was made on this device, and nobody has said to
    have kept it: it is to be shown (again).
    """

    state: AccountState
    email: str = ""
    name: str = ""
    server: str = ""
    account_id: str = ""
    device_id: str = ""
    hosted_here: bool = False
    recovery: bool = False
    unkept_recovery: bool = False


class ServerPlace(msgspec.Struct, frozen=True):
    """Where the encrypted data of a new account shall live; `invitation` is as a server printed it, or empty."""

    kind: Literal["here", "there"]
    address: str = ""
    other_devices: bool = False
    invitation: str = ""


class AccountProgress(msgspec.Struct, frozen=True):
    """The step that a deed is at: `starting_server`, `connecting`, `deriving`, `making_keys`, `checking`, `proving`
    or `storing`."""

    step: str


class AccountDeed(msgspec.Struct, Generic[T], frozen=True):
    """Something that is on its way; `cancel` works at every step."""

    future: Future[T]
    cancel: Callable[[], None]


class DeviceView(msgspec.Struct, frozen=True):
    """One device of the account; times in ms since 1970."""

    id: str
    name: str
    platform: str
    client: str
    created_at: int
    last_seen_at: int
    current: bool


class Strength(msgspec.Struct, frozen=True):
    """How strong a password is: 0 to 4, and words about it.

    One that is too short, of fewer than `least` characters, is not taken, however it is mixed.
    """

    score: int
    words: str = ""
    too_short: bool = False
    least: int = 0


class Created(msgspec.Struct, frozen=True):
    """A new account, and the recovery key to be shown once."""

    status: AccountStatus
    recovery_key: str


class HostingStatus(msgspec.Struct, frozen=True):
    """The sync server on this computer."""

    running: bool
    port: int = 0
    address: str = ""
    other_devices: bool = False
    address_for_others: str = ""
    problem: KnownError | None = None


OnProgress = Callable[[AccountProgress], None]


class RecoveryKeysService(Protocol):
    """Recovery keys that have yet to be kept, as `services.recovery_keys.RecoveryKeys` has them. Threads: any."""

    def unkept(self) -> AccountDeed[str]: ...
    def note_kept(self) -> AccountDeed[None]: ...


class AccountService(Protocol):
    """Accounts, as `services.accounts.Accounts` has them.

    Threads: any; listeners and `on_progress` are called on the worker thread and may only enqueue.
    """

    @property
    def recovery_keys(self) -> RecoveryKeysService: ...

    def status(self) -> AccountStatus: ...
    def subscribe(self, callback: Callable[[AccountStatus], None]) -> Callable[[], None]: ...
    def strength(self, password: str, inputs: Sequence[str]) -> Future[Strength]: ...
    def create(
        self, *, place: ServerPlace, email: str, name: str, password: str, on_progress: OnProgress | None = None
    ) -> AccountDeed[Created]: ...
    def sign_in(
        self, *, server: str, email: str, password: str, on_progress: OnProgress | None = None
    ) -> AccountDeed[AccountStatus]: ...
    def unlock(self, *, password: str, on_progress: OnProgress | None = None) -> AccountDeed[AccountStatus]: ...
    def work_offline(self) -> None: ...
    def sign_out(self, *, remove_data: bool) -> AccountDeed[AccountStatus]: ...
    def devices(self) -> AccountDeed[tuple[DeviceView, ...]]: ...
    def revoke(self, device_id: str) -> AccountDeed[tuple[DeviceView, ...]]: ...
    def change_password(
        self, *, password: str, new_password: str, on_progress: OnProgress | None = None
    ) -> AccountDeed[AccountStatus]: ...
    def make_recovery_key(self, *, password: str) -> AccountDeed[str]: ...
    def recover(
        self,
        *,
        server: str,
        email: str,
        recovery_key: str,
        new_password: str,
        before_sending: Callable[[str], None],
        on_progress: OnProgress | None = None,
    ) -> AccountDeed[str]: ...
    def delete(self, *, password: str) -> AccountDeed[AccountStatus]: ...


class HostingService(Protocol):
    """The server on this computer, as `services.hosting.Hosting` has it. Threads: any."""

    def status(self) -> HostingStatus: ...
    def start(self, *, other_devices: bool) -> AccountDeed[HostingStatus]: ...
    def stop(self) -> Future[None]: ...
    def share_file(self, path: Path) -> None: ...
