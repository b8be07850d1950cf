"""Fixtures and guards of every test: folders of its own, a fixed clock, no network, nothing logged or left behind."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# Before Qt or platformdirs is imported: no test may open a window or touch the folders of the person at the keyboard.
_HOME = tempfile.TemporaryDirectory(prefix="insomnia-desktop-tests-", ignore_cleanup_errors=True)
for _name, _folder in {
    "HOME": "",
    "USERPROFILE": "",
    "APPDATA": "roaming",
    "LOCALAPPDATA": "local",
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_RUNTIME_DIR": "runtime",
}.items():
    _path = Path(_HOME.name, _folder)
    _path.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ[_name] = str(_path)
for _name in [name for name in os.environ if name.lower().endswith("_proxy") or name.startswith("SSL_CERT_")]:
    del os.environ[_name]
# Nor their keyring: a test that needs one brings it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Of a locale without UTF-8, as bare machines set it, Qt warns.
if os.environ.get("LC_ALL") in ("C", "POSIX"):
    os.environ["LC_ALL"] = "C.UTF-8"
os.environ["TZ"] = "UTC"
if hasattr(time, "tzset"):
    time.tzset()

import logging

import pytest
from hypothesis import settings

from insomnia_desktop.base.paths import DataFolder
from tests.support import dangling, logfail, no_network
from tests.support.clock import FixedClock

_TESTS = Path(__file__).resolve().parent

# A slow machine is no failure, and in CI every run tries the same examples.
settings.register_profile("developer", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "developer")


def pytest_configure(config: pytest.Config) -> None:
    """Send Qt's messages into the log and know its timers."""
    from PySide6.QtCore import qInstallMessageHandler

    qInstallMessageHandler(logfail.qt_message_handler)
    dangling.watch_timers()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give Qt its own message handler back before Python ends."""
    from PySide6.QtCore import qInstallMessageHandler

    qInstallMessageHandler(None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the folder they lie in."""
    for item in items:
        for name in ("gui", "end2end"):
            if item.path.is_relative_to(_TESTS / name):
                item.add_marker(name)


@pytest.fixture(scope="session")
def _log_guard() -> Iterator[logfail.LogGuard]:
    guard = logfail.LogGuard()
    logging.getLogger().addHandler(guard)
    yield guard
    logging.getLogger().removeHandler(guard)


@pytest.fixture(autouse=True)
def _guards(_log_guard: logfail.LogGuard) -> Iterator[None]:
    # First made, last undone: what the fixtures of the test log and leave at their end counts too.
    before = dangling.Before()
    with pytest.MonkeyPatch.context() as patch:
        no_network.install(patch)
        yield
        dangling.check(before)
    no_network.check()
    logfail.check(_log_guard)


@pytest.fixture
def log_guard(_log_guard: logfail.LogGuard) -> logfail.LogGuard:
    """Announces warnings that the test means to cause: `with log_guard.expect("part of the text"):`."""
    return _log_guard


@pytest.fixture
def data_folder(tmp_path: Path) -> DataFolder:
    """A data folder of the test's own, prepared."""
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    return folder


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still until the test moves it."""
    return FixedClock()
