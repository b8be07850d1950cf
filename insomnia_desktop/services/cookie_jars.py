"""The cookie jar of a workspace."""

from __future__ import annotations

from insomnia_desktop.model import CookieJar, view_as
from insomnia_desktop.services.documents import existing, singleton_of
from insomnia_desktop.services.store_access import StoreAccess


class CookieJars:
    """Reads cookie jars; cookies are edited by `Editing` with the jar's id.

    Threads: any.
    """

    def __init__(self, access: StoreAccess) -> None:
        self._access = access

    def jar_id(self, workspace_id: str) -> str:
        """Return the id of the jar of a workspace; raises KnownError `document.not_found`, `document.invalid`."""
        return singleton_of(self._access.reader(), workspace_id, "cookie_jar")

    def jar(self, workspace_id: str) -> CookieJar:
        """Return the jar of a workspace; raises KnownError `document.not_found`, `document.invalid`."""
        return view_as(existing(self._access.reader(), self.jar_id(workspace_id)), CookieJar)
