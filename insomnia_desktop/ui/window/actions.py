"""Every action of the window: its words, its keys and the menu it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

_CONTEXT = "Actions"


class ActionSpec(msgspec.Struct, frozen=True):
    """One action; `keys` are portable key sequences, the first is shown; an empty `menu` means: by keyboard only."""

    name: str
    text: str
    keys: tuple[str, ...]
    menu: str
    separator_before: bool = False


def _mark(text: str) -> str:
    """Mark a text for translation in the context `Actions` (lupdate: -tr-function-alias QT_TR_NOOP=_mark)."""
    return text


def _spec(name: str, text: str, keys: str, menu: str, separator_before: bool = False) -> ActionSpec:
    return ActionSpec(name, text, tuple(keys.split()), menu, separator_before)


FILE = _mark("&File")
EDIT = _mark("&Edit")
REQUEST = _mark("&Request")
VIEW = _mark("&View")
HELP = _mark("&Help")
_RANK = {REQUEST: 0, FILE: 1, EDIT: 2, VIEW: 3, HELP: 4}
MENUS = (FILE, EDIT, REQUEST, VIEW, HELP)

SPECS: tuple[ActionSpec, ...] = (
    _spec("new_request", _mark("New request"), "Ctrl+N", FILE),
    _spec("new_folder", _mark("New folder"), "Ctrl+Shift+N", FILE),
    _spec("quick_switch", _mark("Go to a request"), "Ctrl+P", FILE, True),
    _spec("recent", _mark("Recent request"), "Ctrl+Tab", FILE),
    _spec("workspace_settings", _mark("Workspace settings"), "Ctrl+Shift+,", FILE, True),
    _spec("trash", _mark("Trash"), "", FILE),
    _spec("create_account", _mark("Create account"), "", FILE, True),
    _spec("sign_in", _mark("Sign in"), "", FILE),
    _spec("unlock", _mark("Unlock account"), "", FILE),
    _spec("backup_now", _mark("Backup now"), "Ctrl+Shift+S", FILE),
    _spec("sync_panel", _mark("Sync"), "Ctrl+Shift+Y", FILE),
    _spec("sign_out", _mark("Sign out"), "", FILE),
    _spec("account", _mark("Account"), "Ctrl+Shift+A", FILE),
    _spec("preferences", _mark("Preferences"), "Ctrl+,", FILE, True),
    _spec("quit", _mark("Quit"), "Ctrl+Q", FILE, True),
    _spec("undo", _mark("Undo"), "Ctrl+Z", EDIT),
    _spec("redo", _mark("Redo"), "Ctrl+Shift+Z Ctrl+Y", EDIT),
    _spec("duplicate", _mark("Duplicate"), "Ctrl+D", EDIT, True),
    _spec("rename", _mark("Rename"), "F2", EDIT),
    _spec("move", _mark("Move to workspace…"), "", EDIT),
    _spec("delete", _mark("Delete"), "Ctrl+Shift+Backspace", EDIT),
    _spec("find", _mark("Find"), "Ctrl+F", EDIT, True),
    _spec("beautify", _mark("Beautify"), "Ctrl+Shift+B", EDIT),
    _spec("send", _mark("Send"), "Ctrl+Return Ctrl+Enter Ctrl+R F5", REQUEST),
    _spec("cancel", _mark("Cancel sending"), "", REQUEST),
    _spec("address", _mark("Address"), "Ctrl+L", REQUEST, True),
    _spec("method", _mark("Method"), "Ctrl+Shift+L", REQUEST),
    _spec("environments", _mark("Environments"), "Ctrl+E", REQUEST, True),
    _spec("switch_environment", _mark("Switch environment"), "Ctrl+Shift+E", REQUEST),
    _spec("cookies", _mark("Cookies"), "Ctrl+Shift+K", REQUEST),
    _spec("response", _mark("Response"), "Ctrl+'", VIEW),
    _spec("history", _mark("History"), "Ctrl+Shift+H", VIEW),
    _spec("response_history", _mark("History of responses"), "Ctrl+Alt+H", VIEW),
    _spec("filter", _mark("Filter the sidebar"), "Ctrl+Shift+F", VIEW, True),
    _spec("sidebar", _mark("Sidebar"), "Ctrl+\\ Ctrl+B", VIEW),
    _spec("layout", _mark("Response right or below"), "Ctrl+J", VIEW),
    _spec("zoom_in", _mark("Larger"), "Ctrl+= Ctrl++", VIEW, True),
    _spec("zoom_out", _mark("Smaller"), "Ctrl+-", VIEW),
    _spec("zoom_reset", _mark("Normal size"), "Ctrl+0", VIEW),
    _spec("help", _mark("Keyboard shortcuts"), "F1", HELP),
    _spec("about", _mark("About Insomnia Desktop"), "", HELP),
)


class Actions(QObject):
    """The window's QActions by name; each is connected once, by `on`."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        for spec in SPECS:
            action = QAction(QCoreApplication.translate(_CONTEXT, spec.text), window)
            action.setObjectName(f"{spec.name}Action")
            action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            self._actions[spec.name] = action
            window.addAction(action)
        self["quit"].setMenuRole(QAction.MenuRole.QuitRole)
        self["preferences"].setMenuRole(QAction.MenuRole.PreferencesRole)
        self["about"].setMenuRole(QAction.MenuRole.AboutRole)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def on(self, name: str, call: Callable[[], object]) -> None:
        """Run `call` whenever the action is triggered."""
        self._actions[name].triggered.connect(lambda _checked=False: call())

    def rows_of(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """Return words and portable keys of some actions."""
        specs = {spec.name: spec for spec in SPECS}
        return [(self._actions[name].text(), specs[name].keys[0]) for name in names]

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield words and keys of every action that has keys, those of requests first, for the list of shortcuts."""
        for spec in sorted(SPECS, key=lambda each: _RANK[each.menu]):
            if spec.keys:
                sequence = QKeySequence(spec.keys[0])
                yield (
                    QCoreApplication.translate(_CONTEXT, spec.text),
                    sequence.toString(QKeySequence.SequenceFormat.NativeText),
                )
