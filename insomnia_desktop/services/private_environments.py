"""Environments that stay on this device: which they are, and how one becomes such a one or ends being one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from insomnia_desktop.base.ids import new_id
from insomnia_desktop.services.documents import existing_row
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.store.commands.environments import MakePrivate, MakeShared
from insomnia_desktop.store.queries import documents as queries


class PrivateEnvironments:
    """Part of `Environments`, which gives it what it knows of the active one. Threads: any."""

    def __init__(
        self,
        access: StoreAccess,
        active: Callable[[str], str | None],
        activate: Callable[[str, str | None], Future[ChangeSet]],
    ) -> None:
        self._access = access
        self._active = active
        self._activate = activate

    def ids(self, workspace_id: str) -> frozenset[str]:
        """Return the ids of the environments of a workspace that stay on this device."""
        return queries.private_environments(self._access.reader(), workspace_id)

    def make(self, environment_id: str) -> tuple[str, Future[ChangeSet]]:
        """Keep a sub-environment on this device alone; return the id that it has then.

        It is a copy; the original goes to the trash, and is deleted on the other devices of a synced workspace. Raises
        KnownError `document.not_found`; the future `environment.base_is_synced`, `document.quarantined`.
        """
        workspace_id = existing_row(self._access.reader(), environment_id).parent_id or ""
        is_private = environment_id in self.ids(workspace_id)
        copy_id = new_id("environment")
        was_active = self._active(workspace_id) == environment_id
        made = self._access.submit(MakePrivate(environment_id, copy_id))
        if is_private:
            return environment_id, made
        if was_active:
            self._activate(workspace_id, copy_id)
        return copy_id, made

    def share(self, environment_id: str) -> Future[ChangeSet]:
        """Let a private environment be synced with its workspace again; raises KnownError `document.not_found`."""
        existing_row(self._access.reader(), environment_id)
        return self._access.submit(MakeShared(environment_id))
