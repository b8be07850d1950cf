"""How often somebody may ask, counted in the memory of this server (protocol v1, 3.10).

Threads: one. Times are seconds of a clock that never goes back. Both forget who has been quiet, so that names that
somebody makes up do not fill the memory.
"""

from __future__ import annotations

import ipaddress
import re
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass

MINUTE = 60.0
# With more names than this the quiet ones are looked for at once and not at the next sweep.
_MANY_NAMES = 20_000
# Some proxies name the port too, another one for each connection.
_WITH_PORT = re.compile(r"^(?:\[([^\]]*)\]|([0-9.]+))(?::[0-9]*)?$")


class SlidingWindow:
    """At most so many within any minute."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._times: dict[Hashable, deque[float]] = {}

    def __len__(self) -> int:
        return len(self._times)

    def wait(self, name: Hashable, now: float) -> float:
        """Count one and return 0, or return after how many seconds there is room again."""
        if len(self._times) > _MANY_NAMES:
            self.sweep(now)
        times = self._times.setdefault(name, deque())
        while times and times[0] <= now - MINUTE:
            times.popleft()
        if len(times) >= self._count:
            return times[0] + MINUTE - now
        times.append(now)
        return 0.0

    def sweep(self, now: float) -> None:
        """Forget who has been quiet for a minute."""
        quiet = [name for name, times in self._times.items() if not times or times[-1] <= now - MINUTE]
        for name in quiet:
            del self._times[name]


@dataclass(slots=True)
class _Level:
    tokens: float
    at: float


class TokenBucket:
    """So many a minute in the long run, and so many at once."""

    def __init__(self, a_minute: int, burst: int) -> None:
        self._rate = a_minute / MINUTE
        self._burst = float(burst)
        self._levels: dict[Hashable, _Level] = {}

    def __len__(self) -> int:
        return len(self._levels)

    def wait(self, name: Hashable, now: float) -> float:
        """Take one and return 0, or return after how many seconds there is one again."""
        if len(self._levels) > _MANY_NAMES:
            self.sweep(now)
        level = self._levels.setdefault(name, _Level(self._burst, now))
        level.tokens = min(self._burst, level.tokens + (now - level.at) * self._rate)
        level.at = now
        if level.tokens < 1.0:
            return (1.0 - level.tokens) / self._rate
        level.tokens -= 1.0
        return 0.0

    def sweep(self, now: float) -> None:
        """Forget whose bucket is full again."""
        full = [
            name for name, level in self._levels.items() if level.tokens + (now - level.at) * self._rate >= self._burst
        ]
        for name in full:
            del self._levels[name]


def address_name(address: str) -> str:
    """Return what an address is counted by: itself, or the first 64 bits of an IPv6 one, which one customer has."""
    try:
        parsed = ipaddress.ip_address(_WITH_PORT.sub(r"\1\2", address).partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, 64), strict=False).network_address)
