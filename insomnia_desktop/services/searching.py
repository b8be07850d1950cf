"""Quick search over names, addresses, headers and bodies."""

from __future__ import annotations

from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.store.queries import documents as queries
from insomnia_desktop.store.queries.documents import SearchHit


class Searching:
    """Finds requests and folders by text.

    Threads: any.
    """

    def __init__(self, access: StoreAccess) -> None:
        self._access = access

    def search(self, text: str, workspace_id: str | None = None, limit: int = 50) -> list[SearchHit]:
        """Return the best hits for the words of a text, in one workspace or, with None, in all."""
        return queries.search(self._access.reader(), text, workspace_id, limit)
