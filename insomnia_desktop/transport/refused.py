"""A problem document of a server: it was asked, understood, and said no."""

from __future__ import annotations


class Refused(Exception):
    """What a server refused, by a code of the protocol (3.4); `field` and `retry_after` (seconds) may be empty."""

    def __init__(self, code: str, *, field: str = "", retry_after: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.retry_after = retry_after
