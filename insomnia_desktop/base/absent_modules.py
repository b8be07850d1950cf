"""Modules that a library asks for again and again although they are not installed."""

from __future__ import annotations

import importlib.util
import sys

_ASKED_FOR = ("sniffio",)


def note_absent() -> None:
    """Let Python know which of them are not there; what is there stays as it is.

    httpcore imports `sniffio` several times for each request. Where it is missing, each of these looks through every
    folder of the path, which takes a fifth of what a request takes.
    """
    for name in _ASKED_FOR:
        if name not in sys.modules and importlib.util.find_spec(name) is None:
            sys.modules[name] = None  # type: ignore[assignment]
