"""The one root of the errors that this program raises itself."""

from __future__ import annotations


class AppError(Exception):
    """An error with a stable code; the sentence for people is made at the edge.

    `params` holds plain values (text, numbers, lists of those) that the sentence may name; never a secret.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        if not self.params:
            return self.code
        listed = ", ".join(f"{name}={value!r}" for name, value in sorted(self.params.items()))
        return f"{self.code} ({listed})"


class KnownError(AppError):
    """Something in the world that we know how to name: a full disk, an unknown host, a bad address."""


class Bug(AppError):
    """A mistake of this program; it goes to the crash report."""
