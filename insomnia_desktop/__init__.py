"""A native API client with end-to-end encrypted sync."""

__version__ = "0.1.0"
