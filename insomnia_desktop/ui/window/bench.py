"""Request and response of a window, made when the first request is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel

if TYPE_CHECKING:
    from insomnia_desktop.ui.panes.request.request_pane import RequestPane
    from insomnia_desktop.ui.panes.response.response_pane import ResponsePane


class Bench(QObject):
    """Holds the two panes. They are half of the window's modules, so the first picture is drawn without them.

    Signals:
        made(request_pane, response_pane): the panes are there from now on.
    """

    made = Signal(object, object)

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._workspace = workspace
        self._panes: tuple[RequestPane, ResponsePane] | None = None

    @property
    def is_made(self) -> bool:
        """Whether the panes are there."""
        return self._panes is not None

    def make(self) -> None:
        """Make the panes now."""
        self._ready()

    @property
    def request_pane(self) -> RequestPane:
        """The pane of the request."""
        return self._ready()[0]

    @property
    def response_pane(self) -> ResponsePane:
        """The pane of the response."""
        return self._ready()[1]

    def _ready(self) -> tuple[RequestPane, ResponsePane]:
        if self._panes is None:
            from insomnia_desktop.ui.panes.request.request_pane import RequestPane
            from insomnia_desktop.ui.panes.response.response_pane import ResponsePane

            self._panes = RequestPane(self._session, self._workspace), ResponsePane(self._session, self._workspace)
            self.made.emit(*self._panes)
        return self._panes
