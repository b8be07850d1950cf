"""The settings of the application while they are edited: what fits is stored at once, what does not is said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication, QLocale, QObject, Signal, Slot
from PySide6.QtGui import QFontDatabase

from insomnia_desktop.base.json_value import JsonValue
from insomnia_desktop.model.settings import SETTINGS, Setting
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.viewmodels.session import UiSession

HOST_COLUMN: Final = "host"
_FONT: Final = "appearance.mono_font"
_PROXY: Final = "proxy.address"
_CERTIFICATES: Final = "tls.client_certificates"
_NEEDED_FILES: Final = ("certificate", "file")
_SCHEMES: Final = ("http", "https", "socks5", "socks5h")

translate = QCoreApplication.translate
TableRow: TypeAlias = dict[str, str]
Cell: TypeAlias = tuple[int, str]
"""A row's number and a column's name."""


class PreferencesViewModel(QObject):
    """Reads, checks and stores settings. Threads: GUI.

    Signals:
        changed(key): a setting has another value, by this dialog or from elsewhere.
    """

    changed = Signal(str)

    def __init__(self, session: UiSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._preferences = session.services.preferences
        session.feed.changed.connect(self._on_changed)

    @staticmethod
    def pages() -> list[str]:
        """Return the names of the pages, in the order in which they are declared."""
        return list(dict.fromkeys(setting.page for setting in SETTINGS.values()))

    @staticmethod
    def settings(page: str) -> list[Setting]:
        """Return the settings of a page."""
        return [setting for setting in SETTINGS.values() if setting.page == page]

    @staticmethod
    def matches(setting: Setting, text: str) -> bool:
        """Say whether every word of a text stands in what a setting shows, or in its key."""
        labels = [label for _, label in setting.choices + setting.columns]
        words = (setting.page, setting.label, setting.hint, setting.key, setting.unit, *labels)
        shown = " ".join(words).casefold()
        return all(word in shown for word in text.casefold().split())

    def value(self, key: str) -> Any:
        """Return the value that is in force."""
        return self._preferences.get(key)

    def is_changed(self, key: str) -> bool:
        """Say whether the value differs from the default."""
        return bool(self.value(key) != SETTINGS[key].default)

    def set_value(self, key: str, value: JsonValue) -> None:
        """Store a value that fits; nothing happens where it is the one in force."""
        if value != self.value(key):
            self._session.bridge.watch(self._preferences.set(key, value), owner=self)
            self.changed.emit(key)

    def set_text(self, key: str, text: str) -> str:
        """Store what was typed for a number or a text if it fits, and return the sentence why it does not, or ""."""
        setting = SETTINGS[key]
        typed = text.strip()
        problem = self._problem(setting, typed)
        if not problem:
            self.set_value(key, int(typed) if setting.type == "number" else typed)
        return problem

    def reset(self, key: str) -> None:
        """Give a setting its default again."""
        if self.is_changed(key):
            self._session.bridge.watch(self._preferences.reset(key), owner=self)
            self.changed.emit(key)

    def set_rows(self, key: str, rows: Sequence[TableRow]) -> dict[Cell, str]:
        """Store the rows of a table and return a sentence for each cell that needs mending.

        A row that cannot be used is left out; one whose file is not there at the moment is stored. Empty rows do not
        count.
        """
        setting = SETTINGS[key]
        problems: dict[Cell, str] = {}
        good: list[JsonValue] = []
        for number, row in enumerate(rows):
            cells = {name: row.get(name, "").strip() for name, _ in setting.columns}
            if not any(cells.values()):
                continue
            found = _unusable(setting, cells)
            problems |= {(number, name): words for name, words in (found or _missing_files(cells)).items()}
            if not found:
                good.append({name: text for name, text in cells.items() if text})
        self.set_value(key, good)
        return problems

    def left_out(self, key: str, rows: Sequence[TableRow]) -> bool:
        """Say whether a row of a table cannot be used, so that it is not stored."""
        cells = [{name: row.get(name, "").strip() for name, _ in SETTINGS[key].columns} for row in rows]
        return any(any(row.values()) and _unusable(SETTINGS[key], row) for row in cells)

    def _problem(self, setting: Setting, typed: str) -> str:
        if setting.type == "number":
            return _number_problem(setting, typed)
        if setting.key == _FONT and typed and not QFontDatabase.hasFamily(typed):
            return translate("PreferencesViewModel", "No font of this name is installed.")
        if setting.key == _PROXY and typed:
            return _proxy_problem(typed)
        return ""

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        for change in change_set.changes:
            if change.kind == "setting" and change.id in SETTINGS:
                self.changed.emit(change.id)


def _number_problem(setting: Setting, typed: str) -> str:
    if typed.isascii() and typed.isdigit() and len(typed) < 16 and setting.fits(int(typed)):
        return ""
    locale = QLocale()
    least, most = locale.toString(setting.minimum), locale.toString(setting.maximum)
    words = translate("PreferencesViewModel", "A whole number from %s to %s") % (least, most)
    return f"{words} {setting.unit}".rstrip() + "."


def _proxy_problem(typed: str) -> str:
    try:
        parts = urlsplit(typed if "://" in typed else f"http://{typed}")
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or any(character.isspace() for character in typed):
        return translate("PreferencesViewModel", "Not an address: write it as http://host:port.")
    if parts.scheme not in _SCHEMES:
        return translate("PreferencesViewModel", "A proxy is spoken to by http, https or socks5.")
    return ""


def _unusable(setting: Setting, cells: TableRow) -> dict[str, str]:
    found: dict[str, str] = {}
    host = cells.get(HOST_COLUMN, "")
    if any(character.isspace() or character == "/" for character in host):
        found[HOST_COLUMN] = translate("PreferencesViewModel", "Only the name of a host, or .example.com.")
    elif not host and setting.key == _CERTIFICATES:
        found[HOST_COLUMN] = translate("PreferencesViewModel", "Name the host that asks for it.")
    for name, _ in setting.columns:
        if name in _NEEDED_FILES and not cells[name]:
            found[name] = translate("PreferencesViewModel", "Choose a file.")
    return found


def _missing_files(cells: TableRow) -> dict[str, str]:
    words = translate("PreferencesViewModel", "There is no such file now.")
    return {name: words for name, text in cells.items() if name != HOST_COLUMN and text and not Path(text).is_file()}
