"""Fixtures of the tests of dialogs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from tests.gui.dialogs.stage import Stage


@pytest.fixture
def workspace(session: UiSession) -> WorkspaceViewModel:
    """The context of one window."""
    return WorkspaceViewModel(session)


@pytest.fixture
def stage(session: UiSession, qtbot: QtBot) -> Iterator[Stage]:
    """A window of 900 x 600, closed before the store is."""
    made = Stage(qtbot, 900, 600)
    yield made
    made.close()
