"""Whole programs without a window, with the real services each, and a real server on loopback."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from insomnia_desktop.app import container
from insomnia_desktop.base.clock import Clock, SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.crypto import passwords
from insomnia_desktop.services.account_views import AccountDeed, ServerPlace
from insomnia_desktop.services.application import Services
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.store.queries import documents
from tests.support.desk import Desk

T = TypeVar("T")
EMAIL = "ann@example.com"
PASSWORD = "correct horse battery staple"
_PATIENCE_S = 40.0


class Program:
    """One data folder with its services, and a person who waits for everything."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.clock = clock or SystemClock()
        self.folder = DataFolder(folder)
        self.folder.prepare()
        self._stirred = threading.Event()
        self.open()

    def open(self) -> None:
        """Start the program."""
        self.services: Services = container.build(
            self.folder, self.clock, Origin("window", 1), key_file=self.folder.root / "vault.key"
        )
        self.desk = Desk(self.services.store)
        self.syncing = self.services.syncing
        self.services.store.subscribe(lambda _: self._stirred.set())
        self.syncing.subscribe(lambda _: self._stirred.set())
        self.services.accounts.warm_up().result(_PATIENCE_S)

    def close(self) -> None:
        """End the program."""
        self.services.close()

    def create_account(self, server: str) -> None:
        """Make an account, and sign in to it."""
        place = ServerPlace("there", server)
        self.wait(self.services.accounts.create(place=place, email=EMAIL, name="Ann", password=PASSWORD))

    def sign_in(self, server: str) -> None:
        """Sign in."""
        self.wait(self.services.accounts.sign_in(server=server, email=EMAIL, password=PASSWORD))

    def wait(self, deed: AccountDeed[T] | Future[T]) -> T:
        """Return what a deed comes to."""
        return (deed.future if isinstance(deed, AccountDeed) else deed).result(_PATIENCE_S)

    def until(self, fact: Callable[[], Any]) -> Any:
        """Wait until something is so: it is looked at after every commit and every change of sync."""
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            self._stirred.clear()
            found = fact()
            if found:
                return found
            left = deadline - time.monotonic()
            assert left > 0, f"never so; status {self.syncing.status()}"
            self._stirred.wait(min(left, 1.0))

    def names(self, workspace_id: str) -> list[str]:
        """Return the names of the folders and requests of a workspace."""
        return sorted(row.name for row in documents.tree_rows(self.services.store.reader(), workspace_id))

    def workspace_named(self, name: str) -> str | None:
        """Return the id of a living workspace."""
        return next((row.id for row in documents.workspaces(self.services.store.reader()) if row.name == name), None)


@contextmanager
def quick_derivation() -> Iterator[None]:
    """Derive each password once: the same arithmetic, not done again for every sign-in of a test."""
    honest = passwords.derive
    remembered = functools.cache(honest)
    patched = [module for module in _modules_that_derive() if getattr(module, "derive", None) is honest]
    for module in patched:
        module.derive = remembered
    try:
        yield
    finally:
        for module in patched:
            module.derive = honest


def _modules_that_derive() -> list[Any]:
    from insomnia_desktop.account import recovery, sign_in
    from insomnia_desktop.crypto import credentials, sign_up

    return [passwords, recovery, sign_in, credentials, sign_up]


@contextmanager
def programs(root: Path, clock: Clock | None = None) -> Iterator[Callable[[], Program]]:
    """Return what starts a program on a folder of its own, by that clock or the system's; all are closed at the end."""
    opened: list[Program] = []

    def start() -> Program:
        program = Program(root / f"program{len(opened)}", clock)
        opened.append(program)
        return program

    try:
        yield start
    finally:
        for program in opened:
            program.close()
