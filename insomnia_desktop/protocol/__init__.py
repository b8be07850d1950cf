"""The shapes on the wire between a client and the sync server; protocol v1."""

from __future__ import annotations

# The number in the path (`/v1`); `/auth` belongs to 1. Source: protocol v1, 3.11.
PROTOCOL = 1
