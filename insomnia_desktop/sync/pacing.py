"""When a round begins: after typing, after a hint, from time to time, and later after failures (protocol v1, 3.12).

Times are seconds of a clock that never goes back, given by the caller, as the random numbers (0 to 1) are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

DEBOUNCE: Final = 1.5
LONGEST_DEBOUNCE: Final = 10.0
# Hints come one for each push elsewhere, or without end from a server that means no good.
HINT_GAP: Final = 0.2
POLL: Final = 60.0
POLL_FOCUSED: Final = 15.0
FIRST_BACK_OFF: Final = 2.0
LONGEST_BACK_OFF: Final = 600.0
# A server's wish is followed, a mad one is not.
LONGEST_RETRY_AFTER: Final = 3600.0
STREAM_SILENCE: Final = 60.0
QUIT_BUDGET: Final = 2.0
_JITTER: Final = 0.2
_MOST_DOUBLINGS: Final = math.ceil(math.log2(LONGEST_BACK_OFF / FIRST_BACK_OFF))


@dataclass(frozen=True, slots=True)
class Pacing:
    """What the next round waits for.

    `first_edit` and `last_edit` are those that no round has taken up yet; `polled` is when heads were last known;
    `spread` is this round's random number for the poll; `not_before` follows from failures, `asked_until` from what the
    server asked for; `hinted` says that the server has something new.
    """

    first_edit: float | None = None
    last_edit: float | None = None
    polled: float | None = None
    spread: float = 0.5
    failures: int = 0
    not_before: float = -math.inf
    asked_until: float = -math.inf
    hinted: bool = False

    def edited(self, now: float) -> Pacing:
        """Return the pacing after an edit."""
        return replace(self, first_edit=now if self.first_edit is None else self.first_edit, last_edit=now)

    def hint(self) -> Pacing:
        """Return the pacing after an event of the stream, or after the stream came back."""
        return replace(self, hinted=True)

    def woken(self) -> Pacing:
        """Return the pacing after somebody asked for a round, or the network came back: nothing is waited for."""
        return replace(self, hinted=True, failures=0, not_before=-math.inf)

    def came_to_front(self, now: float) -> Pacing:
        """Return the pacing after the window came to the front: what is older than 15 s is asked for at once.

        A long wait after failures ends, but for one that the server asked for.
        """
        if self.failures:
            is_long = self.not_before - now > POLL_FOCUSED
            return replace(self, not_before=max(now, self.asked_until)) if is_long else self
        return self if self.polled is not None and now - self.polled < POLL_FOCUSED else self.hint()

    def round_begins(self, *, asked: bool = False) -> Pacing:
        """Return the pacing while a round runs: it takes up every edit and hint so far.

        Where a person `asked` for it the wait after failures begins anew: it is no further failure of the background.
        """
        failures = 0 if asked else self.failures
        return replace(self, first_edit=None, last_edit=None, hinted=False, failures=failures)

    def succeeded(self, now: float, random: float) -> Pacing:
        """Return the pacing after a round that reached the head."""
        return replace(self, polled=now, spread=random, failures=0, not_before=-math.inf, asked_until=-math.inf)

    def sent(self) -> Pacing:
        """Return the pacing after a round that only sent edits: the server still has to be asked what else is new."""
        return replace(self, failures=0, not_before=-math.inf, asked_until=-math.inf)

    def broken_off(self, now: float) -> Pacing:
        """Return the pacing after a round that was cancelled: what it was to do is due again, after a pause."""
        return replace(self, hinted=True, not_before=max(self.not_before, now + DEBOUNCE))

    def is_for_edits(self, now: float, *, focused: bool, streaming: bool) -> bool:
        """Say whether a round that begins now is for edits alone."""
        asks = self.hinted or self._poll_due(focused=focused, streaming=streaming) <= now
        return self.first_edit is not None and not asks and not self.failures

    def failed(self, now: float, random: float, retry_after: float | None = None) -> Pacing:
        """Return the pacing after a round that the network or the server ended; `retry_after` is what the server asks.

        What the round was to do is still to be done: it begins again as soon as it may. What the server asked for
        before is waited for too: a person may have asked for a round meanwhile.
        """
        asked_until = self.asked_until
        if retry_after is not None:
            asked_until = max(asked_until, now + min(retry_after, LONGEST_RETRY_AFTER))
        not_before = max(now + back_off(self.failures, random), asked_until)
        return replace(self, hinted=True, failures=self.failures + 1, not_before=not_before, asked_until=asked_until)

    def next_round(self, *, focused: bool, streaming: bool) -> float:
        """Return when the next round begins; -inf is at once, inf waits for an edit or a hint.

        `streaming` says that the event stream is up: then nobody has to ask.
        """
        due = [self._poll_due(focused=focused, streaming=streaming)]
        if self.hinted:
            due.append(-math.inf if self.polled is None else self.polled + HINT_GAP)
        if self.first_edit is not None and self.last_edit is not None:
            due.append(push_due(self.first_edit, self.last_edit))
        return max(min(due), self.not_before)

    def _poll_due(self, *, focused: bool, streaming: bool) -> float:
        if self.polled is None:
            return -math.inf
        if streaming:
            return math.inf
        return self.polled + (POLL_FOCUSED if focused else _spread(POLL, self.spread))


def push_due(first_edit: float, last_edit: float) -> float:
    """Return when edits are sent: 1.5 s after the last one, 10 s after the first one at most."""
    return min(last_edit + DEBOUNCE, first_edit + LONGEST_DEBOUNCE)


def back_off(failures: int, random: float) -> float:
    """Return the wait after another failure: doubled each time up to 10 minutes, and spread by 20 %."""
    return min(
        _spread(min(FIRST_BACK_OFF * 2 ** min(failures, _MOST_DOUBLINGS), LONGEST_BACK_OFF), random), LONGEST_BACK_OFF
    )


def is_stream_silent(last_byte: float, now: float) -> bool:
    """Say whether an event stream has said nothing for so long that it is opened anew."""
    return now - last_byte >= STREAM_SILENCE


def _spread(seconds: float, random: float) -> float:
    return seconds * (1 + _JITTER * (2 * random - 1))
