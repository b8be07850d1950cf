"""The window's access to the real program on a temporary data folder, for GUI tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent

from insomnia_desktop.app import container
from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.ui.bridge.bridge import Bridge
from insomnia_desktop.ui.bridge.feed_adapter import FeedAdapter
from insomnia_desktop.ui.viewmodels.session import UiSession
from tests.support.fake_accounts import FakeAccounts, FakeHosting, with_accounts
from tests.support.fake_syncing import FakeSyncing

TOKEN = 1
LOOP_ENDS_WITHIN = 5.0


@contextmanager
def open_session(
    folder: DataFolder,
    clock: Clock,
    *,
    accounts: FakeAccounts | None = None,
    hosting: FakeHosting | None = None,
    syncing: FakeSyncing | None = None,
) -> Iterator[UiSession]:
    """Build services, bridge and feed on a folder that has one workspace, and close all of it.

    With `accounts`, `hosting` or `syncing` doubles stand in the places of the three services, which need a server.
    """
    services = container.build(folder, clock, Origin("window", TOKEN))
    services.workspaces.ensure_one()
    if accounts is not None or hosting is not None or syncing is not None:
        services = with_accounts(services, accounts or FakeAccounts(), hosting or FakeHosting(), syncing)
    bridge = Bridge()
    feed = FeedAdapter(services, bridge)
    try:
        yield UiSession(services=services, bridge=bridge, feed=feed, clock=clock, token=TOKEN)
    finally:
        feed.close()
        bridge.close()
        services.close()
        # The real accounts end it, and their double knows nothing of it.
        services.sync_loop.stop(LOOP_ENDS_WITHIN)
        # What was left to Qt with deleteLater goes now, not in the middle of the next test.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
