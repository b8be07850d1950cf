"""A double of the account service and of the server on this computer, driven by the test step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.services.account_views import (
    AccountDeed,
    AccountProgress,
    AccountState,
    AccountStatus,
    Created,
    DeviceView,
    HostingStatus,
    OnProgress,
    ServerPlace,
    Strength,
)
from insomnia_desktop.services.application import Services
from tests.support.fake_syncing import FakeSyncing
from tests.support.sample_workspace import MADE_MS

RECOVERY_KEY = "7K4M-Q2XD-9TRA-0HVN-C5WZ-3JE8-PB6Y-G1FS-4KDM"
SERVER = "https://sync.shop.example"
EMAIL = "ada@lindqvist.example"
HOSTED = "https://127.0.0.1:8443"
FOR_OTHERS = "https://192.168.1.24:8443#q7Yx0Jd3TzM5cA9vKfW2bE8hL4nRsU6gPiOj1kXqVtY"
_MINUTE, _DAY = 60_000, 86_400_000
DEVICES = (
    DeviceView("d1", "Studio", "linux", "insomnia-desktop/1.4.0", MADE_MS - 40 * _DAY, MADE_MS, True),
    DeviceView(
        "d2", "Work laptop", "windows", "insomnia-desktop/1.4.0", MADE_MS - 20 * _DAY, MADE_MS - 2 * _MINUTE, False
    ),
    DeviceView("d3", "Travel", "macos", "insomnia-desktop/1.3.2", MADE_MS - 90 * _DAY, MADE_MS - 9 * _DAY, False),
)
SIGNED_OUT = AccountStatus(AccountState.SIGNED_OUT)
SIGNED_IN = AccountStatus(
    AccountState.SIGNED_IN, EMAIL, "Ada Lindqvist", SERVER, account_id="a", device_id="d1", recovery=True
)


class Asked(msgspec.Struct):
    """One call of a deed: what it was given, and how it ends."""

    name: str
    given: dict[str, Any]
    future: Future[Any]
    on_progress: OnProgress | None = None
    cancelled: bool = False

    def step(self, name: str) -> None:
        """Tell a step."""
        assert self.on_progress is not None
        self.on_progress(AccountProgress(name))

    def succeed(self, result: object) -> None:
        """End well."""
        self.future.set_result(result)

    def fail(self, code: str, **params: object) -> None:
        """End with a known error."""
        self.future.set_exception(KnownError(code, **params))


class FakeRecoveryKeys:
    """Has `key` until it is kept; answers at once."""

    def __init__(self) -> None:
        self.key = ""
        self.kept = 0

    def unkept(self) -> AccountDeed[str]:
        found: Future[str] = Future()
        found.set_result(self.key)
        return AccountDeed(found, lambda: None)

    def note_kept(self) -> AccountDeed[None]:
        self.kept += 1
        noted: Future[None] = Future()
        noted.set_result(None)
        return AccountDeed(noted, lambda: None)


class FakeAccounts:
    """Answers nothing by itself, but for `devices`: the test takes `asked[-1]` and ends it.

    `cancels` says whether a deed can still be stopped; else it goes on to its end.
    """

    def __init__(self, status: AccountStatus = SIGNED_OUT) -> None:
        self.current = status
        self.recovery_keys = FakeRecoveryKeys()
        self.asked: list[Asked] = []
        self.cancels = True
        self.score = 3
        self.too_short = False
        self.known_devices = DEVICES
        self.measured: list[tuple[str, list[str]]] = []
        self._listeners: list[Callable[[AccountStatus], None]] = []

    @property
    def last(self) -> Asked:
        """The newest deed."""
        return self.asked[-1]

    def become(self, status: AccountStatus) -> None:
        """Change the status, and tell it."""
        self.current = status
        for listener in list(self._listeners):
            listener(status)

    def listeners(self) -> int:
        """Return how many listen."""
        return len(self._listeners)

    def status(self) -> AccountStatus:
        return self.current

    def subscribe(self, callback: Callable[[AccountStatus], None]) -> Callable[[], None]:
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def strength(self, password: str, inputs: Sequence[str]) -> Future[Strength]:
        self.measured.append((password, list(inputs)))
        found: Future[Strength] = Future()
        found.set_result(Strength(self.score, too_short=self.too_short, least=10))
        return found

    def create(
        self, *, place: ServerPlace, email: str, name: str, password: str, on_progress: OnProgress | None = None
    ) -> AccountDeed[Created]:
        return self._begin("create", on_progress, place=place, email=email, name=name, password=password)

    def sign_in(
        self, *, server: str, email: str, password: str, on_progress: OnProgress | None = None
    ) -> AccountDeed[AccountStatus]:
        return self._begin("sign_in", on_progress, server=server, email=email, password=password)

    def unlock(self, *, password: str, on_progress: OnProgress | None = None) -> AccountDeed[AccountStatus]:
        return self._begin("unlock", on_progress, password=password)

    def work_offline(self) -> None:
        self.become(msgspec.structs.replace(self.current, state=AccountState.WORK_OFFLINE))

    def sign_out(self, *, remove_data: bool) -> AccountDeed[AccountStatus]:
        return self._begin("sign_out", None, remove_data=remove_data)

    def devices(self) -> AccountDeed[tuple[DeviceView, ...]]:
        deed: AccountDeed[tuple[DeviceView, ...]] = self._begin("devices", None)
        if self.known_devices:
            self.last.succeed(self.known_devices)
        return deed

    def revoke(self, device_id: str) -> AccountDeed[tuple[DeviceView, ...]]:
        return self._begin("revoke", None, device_id=device_id)

    def change_password(
        self, *, password: str, new_password: str, on_progress: OnProgress | None = None
    ) -> AccountDeed[AccountStatus]:
        return self._begin("change_password", on_progress, password=password, new_password=new_password)

    def make_recovery_key(self, *, password: str) -> AccountDeed[str]:
        return self._begin("make_recovery_key", None, password=password)

    def recover(
        self,
        *,
        server: str,
        email: str,
        recovery_key: str,
        new_password: str,
        before_sending: Callable[[str], None],
        on_progress: OnProgress | None = None,
    ) -> AccountDeed[str]:
        return self._begin(
            "recover",
            on_progress,
            server=server,
            email=email,
            recovery_key=recovery_key,
            new_password=new_password,
            before_sending=before_sending,
        )

    def delete(self, *, password: str) -> AccountDeed[AccountStatus]:
        return self._begin("delete", None, password=password)

    def warm_up(self) -> None:
        """Nothing is loaded here."""

    def close(self) -> None:
        """Nothing runs here."""

    def _begin(self, deed: str, on_progress: OnProgress | None, /, **given: object) -> AccountDeed[Any]:
        made = Asked(deed, given, Future(), on_progress)
        self.asked.append(made)

        def cancel() -> None:
            made.cancelled = True
            if self.cancels:
                made.future.cancel()

        return AccountDeed(made.future, cancel)


class FakeHosting:
    """Starts at once, unless `problem` is set."""

    def __init__(self) -> None:
        self.current = HostingStatus(running=False)
        self.problem: KnownError | None = None
        self.calls: list[str] = []
        self.shared: list[Path] = []

    def status(self) -> HostingStatus:
        return self.current

    def start(self, *, other_devices: bool) -> AccountDeed[HostingStatus]:
        self.calls.append(f"start {other_devices}")
        future: Future[HostingStatus] = Future()
        if self.problem is not None:
            future.set_exception(self.problem)
        else:
            others = FOR_OTHERS if other_devices else ""
            self.current = HostingStatus(True, 8443, HOSTED, other_devices, others)
            future.set_result(self.current)
        return AccountDeed(future, lambda: None)

    def stop(self) -> Future[None]:
        self.calls.append("stop")
        self.current = HostingStatus(running=False)
        ended: Future[None] = Future()
        ended.set_result(None)
        return ended

    def share_file(self, path: Path) -> None:
        if self.problem is not None:
            raise self.problem
        self.shared.append(path)

    def close(self) -> None:
        """Nothing runs here."""


def with_accounts(
    services: Services, accounts: FakeAccounts, hosting: FakeHosting, syncing: FakeSyncing | None = None
) -> Services:
    """Return the services with doubles for accounts, hosting and sync."""
    return msgspec.structs.replace(services, accounts=accounts, hosting=hosting, syncing=syncing or FakeSyncing())
