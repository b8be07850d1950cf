"""Says how busy the machine was, for the notes of figures that other work on it changes."""

from __future__ import annotations

import os


def load() -> str:
    """Return the load of the last minute in words, where the system knows it."""
    if not hasattr(os, "getloadavg"):
        return "load unknown"
    return f"load {os.getloadavg()[0]:.1f}"
