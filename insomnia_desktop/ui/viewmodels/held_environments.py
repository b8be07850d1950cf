"""Which environments of a workspace can be seen and not changed, and why: in quarantine, or not to be read here."""

from __future__ import annotations

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.model import Environment, TreeRow
from insomnia_desktop.services.environments import Environments
from insomnia_desktop.ui.viewmodels.sync_words import held_words


class HeldEnvironments:
    """Part of EnvironmentViewModel: reads all environments, and knows which of them are held. Threads: GUI.

    One in quarantine is shown as it was last read here. One that cannot be read has its name alone.
    """

    def __init__(self, environments: Environments, workspace_id: str) -> None:
        self._environments = environments
        self._workspace_id = workspace_id
        self._reasons: dict[str, str] = {}
        self._problems: dict[str, KnownError] = {}

    def read(self) -> list[Environment]:
        """Return all environments, the base one first; raises KnownError where that cannot be read."""
        readable = {each.id: each for each in self._environments.all(self._workspace_id)}
        self._problems = self._environments.unreadable(self._workspace_id)
        self._reasons = self._environments.quarantined(self._workspace_id)
        rows = self._environments.rows(self._workspace_id)
        return [readable.get(row.id) or _by_name(row) for row in rows if row.id in readable or row.id in self._problems]

    def is_out_of_date(self) -> bool:
        """Say whether something came into quarantine or out of it since the last `read`."""
        return self._environments.quarantined(self._workspace_id) != self._reasons

    def is_held(self, environment_id: str) -> bool:
        """Say whether an environment cannot be changed."""
        return environment_id in self._reasons or environment_id in self._problems

    def may_be_deleted(self, environment_id: str) -> bool:
        """Say whether an environment can be deleted, as what is damaged can; what is in quarantine cannot."""
        return environment_id not in self._reasons

    def problem(self, environment_id: str) -> KnownError | None:
        """Return why an environment cannot be read, None where it can."""
        return self._problems.get(environment_id)

    def words(self, environment_id: str) -> str:
        """Return in words why an environment cannot be changed, empty where it can or where it cannot even be read."""
        reason = self._reasons.get(environment_id)
        if reason is None or environment_id in self._problems:
            return ""
        return held_words(reason)


def _by_name(row: TreeRow) -> Environment:
    return Environment(id=row.id, parent_id=row.parent_id, sort_key=row.sort_key, name=row.name)
