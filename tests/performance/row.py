"""The row that a measurement gives to the table of `make bench`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["ms", "MB", "x", "per s", "requests", "bytes"]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its target.

    A module `tests/performance/bench_<what>.py` has a function `rows() -> Iterable[Row]`, which measures and gives
    one row for each figure; a generator shows each as soon as it is known. It runs in a process of its own, Qt
    offscreen, HOME in a temporary folder, with nothing else going on; it cleans up behind itself.

    `what` is worded as in the list of targets. `target` is the words a person reads ("<= 250 ms"), `measured` the
    figure in `unit`: the median of several runs unless `what` says p99; of a ratio (unit "x") both sides run in turn.
    `ok` says whether the target is met. `note` holds what explains the figure (the other side of a ratio, the spread).
    """

    what: str
    target: str
    measured: float
    unit: Unit
    ok: bool
    note: str = ""


def at_most(what: str, limit: float, measured: float, unit: Unit, note: str = "") -> Row:
    """Return a row that is fine up to `limit`."""
    return Row(what, f"<= {limit:g} {unit}", measured, unit, measured <= limit, note)


def at_least(what: str, limit: float, measured: float, unit: Unit, note: str = "") -> Row:
    """Return a row that is fine from `limit` on."""
    return Row(what, f">= {limit:g} {unit}", measured, unit, measured >= limit, note)
