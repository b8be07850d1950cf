"""Which page of a request was looked at last."""

from __future__ import annotations

from insomnia_desktop.services.preferences import Preferences

_KEY = "request_pages"
_MOST = 500


class RequestPageMemory:
    """Remembers the page of each request that a person chose one for, the newest 500; kept on this device.

    Threads: GUI.
    """

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def page_of(self, request_id: str) -> str | None:
        """Return the page that was chosen last for a request, or None."""
        return self._all().get(request_id)

    def remember(self, request_id: str, page: str) -> None:
        """Note the page that was chosen for a request."""
        pages = self._all()
        if pages.get(request_id) == page:
            return
        pages.pop(request_id, None)
        newest = [*pages.items(), (request_id, page)][-_MOST:]
        self._preferences.set_local(_KEY, dict(newest))

    def _all(self) -> dict[str, str]:
        stored = self._preferences.local(_KEY)
        if not isinstance(stored, dict):
            return {}
        return {key: page for key, page in stored.items() if isinstance(page, str)}
