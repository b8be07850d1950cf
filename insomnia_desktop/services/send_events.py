"""What a send tells while it runs, for those who may not import the sender."""

from __future__ import annotations

from insomnia_desktop.sender.events import (
    BodyProgress,
    Finished,
    HeadersReceived,
    Phase,
    PhaseChanged,
    SendEvent,
    Started,
)

__all__ = ["BodyProgress", "Finished", "HeadersReceived", "Phase", "PhaseChanged", "SendEvent", "Started"]
