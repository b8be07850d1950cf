"""A problem document of a server: it was asked, understood, and said no."""

from __future__ import annotations


class Refused(Exception):
    """What a server refused, by a code of the protocol (3.4); `field` and `retry_after` (seconds) may be empty.

    `code` is empty for one that is not known and whose `status` has several meanings.
    """

    def __init__(self, code: str, *, status: int, field: str = "", retry_after: int = 0) -> None:
        super().__init__(code or str(status))
        self.code = code
        self.status = status
        self.field = field
        self.retry_after = retry_after
