"""Fixtures of tests with Qt: the application dressed in the light theme, and a window's session on a real store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.ui.theme import fonts
from insomnia_desktop.ui.theme.active import switch
from tests.support.clock import FixedClock

if TYPE_CHECKING:
    from insomnia_desktop.ui.viewmodels.session import UiSession

_PATIENCE_MS = 30_000


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> None:
    # Dressing takes some milliseconds: only after a test that changed something.
    if switch().choice() != "light":
        switch().choose("light")
    if fonts.zoom() != 100:
        switch().set_zoom(100)


class _PatientBot(QtBot):
    """Waits for facts as long as a busy machine may need; what never comes takes longer to fail, nothing else."""

    def waitUntil(self, callback: Any, *, timeout: int = _PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = _PATIENCE_MS, **named: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **named)

    def waitSignals(self, signals: list[Any], *, timeout: int = _PATIENCE_MS, **named: Any) -> Any:
        return super().waitSignals(signals, timeout=timeout, **named)

    def waitExposed(self, widget: Any, *, timeout: int = _PATIENCE_MS) -> Any:
        return super().waitExposed(widget, timeout=timeout)

    def waitActive(self, widget: Any, *, timeout: int = _PATIENCE_MS) -> Any:
        return super().waitActive(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's robot, with more patience than its 5 s."""
    return _PatientBot(request)


@pytest.fixture
def session(qapp: QApplication, data_folder: DataFolder, clock: FixedClock) -> Iterator[UiSession]:
    """What a window's view-models are given: real services on a store with one workspace, all closed at the end."""
    # Imported here: most tests of widgets need no store.
    from tests.support.ui_session import open_session

    with open_session(data_folder, clock) as opened:
        yield opened
