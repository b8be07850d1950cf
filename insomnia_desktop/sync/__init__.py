"""Sync and backup of workspaces: what a round does next, how versions are merged, and what is sent."""
