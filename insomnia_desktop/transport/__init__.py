"""The one door to the sync server."""
