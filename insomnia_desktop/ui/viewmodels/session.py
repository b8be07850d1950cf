"""What every view-model is given."""

from __future__ import annotations

import msgspec

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.services.application import Services
from insomnia_desktop.ui.bridge.bridge import Bridge
from insomnia_desktop.ui.bridge.feed_adapter import FeedAdapter


class UiSession(msgspec.Struct, frozen=True):
    """One window's access to the program; `token` tells its own edits from those of others."""

    services: Services
    bridge: Bridge
    feed: FeedAdapter
    clock: Clock
    token: int = 1
