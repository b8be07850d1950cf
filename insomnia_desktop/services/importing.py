"""What comes in from elsewhere; for now a pasted curl command."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from insomnia_desktop.interchange.curl import PastedRequest


class Importing:
    """Reads foreign formats. Threads: any."""

    def pasted_request(self, text: str) -> PastedRequest | None:
        """Return what a pasted curl command would send, or None where the text is no such command; quick."""
        # Imported here: nothing is pasted while the window starts.
        from insomnia_desktop.interchange.curl import parse_curl

        return parse_curl(text)
