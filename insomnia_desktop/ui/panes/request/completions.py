"""The variables that are valid now, as suggestions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.completion_popup import Completion


def variable_completions(workspace: WorkspaceViewModel) -> Callable[[], Sequence[Completion]]:
    """Return what lists the names of the valid variables with their values."""
    return lambda: [Completion(name, workspace.variable_state(name).value) for name in workspace.variable_names()]
