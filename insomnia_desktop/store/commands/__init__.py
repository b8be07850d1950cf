"""The writes; each is a frozen dataclass that the writer runs in one transaction."""

from __future__ import annotations

from insomnia_desktop.store.command import Command, CommandContext

__all__ = ["Command", "CommandContext"]
