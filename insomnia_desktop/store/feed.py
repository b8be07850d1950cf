"""Who wants to know of commits."""

from __future__ import annotations

import logging
from collections.abc import Callable

from insomnia_desktop.store.changes import ChangeSet

_LOG = logging.getLogger(__name__)
Subscriber = Callable[[ChangeSet], None]


class Feed:
    """Calls every subscriber with every ChangeSet that is not empty, in the order of commits.

    Threads: `subscribe` and the end it returns from any; `publish` on the writer thread, so a subscriber only enqueues.
    """

    def __init__(self) -> None:
        # Replaced as a whole, so that a publication under way keeps the one it began with.
        self._subscribers: tuple[Subscriber, ...] = ()

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Add a subscriber; calling what is returned ends it."""
        self._subscribers = (*self._subscribers, subscriber)

        def end() -> None:
            self._subscribers = tuple(each for each in self._subscribers if each is not subscriber)

        return end

    def publish(self, change_set: ChangeSet) -> None:
        """Call all subscribers; one that fails is logged and the others are called all the same."""
        if not change_set.changes:
            return
        for subscriber in self._subscribers:
            try:
                subscriber(change_set)
            except Exception:  # A commit is a fact: no subscriber may undo it or stop the writer.
                _LOG.exception("A subscriber failed on change %d", change_set.number)
