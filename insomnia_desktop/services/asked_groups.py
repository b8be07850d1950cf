"""When the server was last asked about each group: a round for edits asks about one, and learns nothing of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from insomnia_desktop.sync.rounds import RoundOutcome


class AskedGroups:
    """The times of the rounds of this process. Threads: the worker's loop."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}

    def note(self, outcome: RoundOutcome) -> int:
        """Take in a round that has ended; return since when nothing new is known of one of its groups.

        Times are in ms since 1970. A round for edits comes only after a whole one, so that all of its groups are known.
        """
        asked = [group.group_id for group in outcome.groups] if outcome.only is None else [outcome.only]
        self._at |= dict.fromkeys(asked, outcome.at)
        return min((self._at[group.group_id] for group in outcome.groups), default=outcome.at)
