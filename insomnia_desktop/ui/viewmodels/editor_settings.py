"""The settings of editors, kept in step with the preferences while editors are open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.viewmodels.session import UiSession

_KEYS = ("editor.wrap", "editor.indent")


class TextEditing(Protocol):
    """What an editor of text can be told."""

    def set_wrap(self, wrap: bool) -> None:
        """Break long lines, or scroll them."""
        ...

    def set_indent(self, width: int) -> None:
        """Set how many blanks one step of indentation is."""
        ...


@dataclass(frozen=True, slots=True)
class _Followed:
    editor: TextEditing
    always_wraps: bool


class EditorSettings(QObject):
    """Tells editors how wide an indentation is and whether long lines break, now and whenever that is set anew.

    The editors that follow live as long as this does.
    """

    def __init__(self, session: UiSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = session.services.preferences
        self._followed: list[_Followed] = []
        session.feed.changed.connect(self._on_changed)

    def follow(self, editor: TextEditing, *, always_wraps: bool = False) -> None:
        """Let an editor follow from now on; one of prose always wraps."""
        self._followed.append(_Followed(editor, always_wraps))
        self._apply(self._followed[-1])

    def _apply(self, followed: _Followed) -> None:
        followed.editor.set_wrap(followed.always_wraps or self._preferences.get("editor.wrap"))
        followed.editor.set_indent(self._preferences.get("editor.indent"))

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        if any(change.kind == "setting" and change.id in _KEYS for change in change_set.changes):
            for followed in self._followed:
                self._apply(followed)
