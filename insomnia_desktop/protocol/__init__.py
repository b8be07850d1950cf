"""The shapes on the wire between a client and the sync server; protocol v1."""
