"""What window and command line are told of a merge beside its conflicts."""

from __future__ import annotations

from typing import Literal

import msgspec


class TakenField(msgspec.Struct, frozen=True):
    """A field that was merged without a question; `side` is the one that had changed it.

    `both`: long texts that were merged line by line, and rows that one side removed and the other changed, which stay.
    """

    field: str
    side: Literal["mine", "theirs", "both"]
