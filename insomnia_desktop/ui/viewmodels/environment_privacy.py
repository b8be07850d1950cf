"""Which environments of a workspace are on this device alone, and the way to it and back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from insomnia_desktop.model import Environment
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.synced_workspaces import synced


class EnvironmentPrivacy(QObject):
    """Part of EnvironmentViewModel; `follow` is told under which id a private environment goes on.

    `ids` are those of the private ones, as of the last `refresh`.

    Signals:
        kept_here(name): an environment is on this device alone from now on; on the others it was deleted.
    """

    kept_here = Signal(str)

    def __init__(self, session: UiSession, workspace_id: str, follow: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._private = session.services.environments.private
        self._workspace_id = workspace_id
        self._follow = follow
        self.ids = self._private.ids(workspace_id)

    def refresh(self) -> None:
        """Read anew which are private."""
        self.ids = self._private.ids(self._workspace_id)

    def of(self, environment_id: str, *, is_base: bool, is_held: bool = False) -> bool | None:
        """Return whether an environment is on this device alone, None where that cannot be chosen: of the base one,
        and of one that is held as it is.
        """
        if environment_id in self.ids:
            return True
        may_be = not is_base and not is_held and synced(self._session, self._workspace_id) is not None
        return False if may_be else None

    def keep_here(self, environment: Environment) -> None:
        """Keep a sub-environment on this device alone."""
        environment_id, future = self._private.make(environment.id)
        self._follow(environment_id)
        self._session.bridge.watch(future, lambda _: self.kept_here.emit(environment.name), owner=self)

    def share(self, environment_id: str) -> None:
        """Let it be synced with its workspace again."""
        self._session.bridge.watch(self._private.share(environment_id), owner=self)
