"""Whether the open request can be seen and not changed, and why: it is in quarantine."""

from __future__ import annotations

from insomnia_desktop.services.documents import Documents
from insomnia_desktop.ui.viewmodels.sync_words import held_words


class HeldRequest:
    """Part of RequestViewModel: knows why one request is held, and looks again when sync has worked. Threads: GUI.

    It is shown as it was last read here, and can be sent and copied.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._reason = ""

    def look(self, request_id: str | None) -> bool:
        """Look at a request, or at none; say whether that changed anything."""
        before, self._reason = self._reason, ""
        if request_id is not None:
            self._reason = self._documents.quarantined(request_id).get(request_id, "")
        return before != self._reason

    def is_held(self) -> bool:
        """Say whether the request cannot be changed."""
        return bool(self._reason)

    def words(self) -> str:
        """Return in words why the request cannot be changed, empty where it can."""
        return held_words(self._reason)
