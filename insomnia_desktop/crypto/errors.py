"""The errors of keys and proofs; none says more than its name, so that no answer of ours is an oracle."""

from __future__ import annotations


class Undecryptable(Exception):
    """Something sealed does not open: another key, another context, a changed bit, a wrong length; never which."""

    def __init__(self) -> None:
        super().__init__("undecryptable")


class InvalidPeerValue(Exception):
    """The other side of a sign-in sent a value that its range or its proof forbids; the message names the value."""


class Locked(Exception):
    """The keyring holds no keys."""


class EnvelopeTooLarge(Exception):
    """A document's envelope would be longer than a server takes; `size` is in bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes")
        self.size = size
