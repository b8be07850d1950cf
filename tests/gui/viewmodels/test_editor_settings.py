"""Editors follow the settings of wrapping and indentation while they are open."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.viewmodels.editor_settings import EditorSettings
from insomnia_desktop.ui.viewmodels.session import UiSession


class NotedEditor:
    """Notes what an editor is told."""

    def __init__(self) -> None:
        self.told: dict[str, object] = {}

    def set_wrap(self, wrap: bool) -> None:
        """Note it."""
        self.told["wrap"] = wrap

    def set_indent(self, width: int) -> None:
        """Note it."""
        self.told["indent"] = width


def test_editors_are_told_now_and_whenever_it_changes(session: UiSession, qtbot: QtBot) -> None:
    session.services.preferences.set("editor.indent", 4)
    settings = EditorSettings(session)
    code, prose = NotedEditor(), NotedEditor()
    settings.follow(code)
    settings.follow(prose, always_wraps=True)
    assert (code.told, prose.told) == ({"wrap": True, "indent": 4}, {"wrap": True, "indent": 4})
    session.services.preferences.set("editor.wrap", False)
    qtbot.waitUntil(lambda: code.told == {"wrap": False, "indent": 4})
    assert prose.told["wrap"] is True
    session.services.preferences.reset("editor.indent")
    qtbot.waitUntil(lambda: code.told["indent"] == 2)
    assert prose.told["indent"] == 2
