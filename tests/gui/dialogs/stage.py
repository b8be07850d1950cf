"""What tests of dialogs share: a window to open them over, and parts by their names."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.widgets.scrim import Scrim

W = TypeVar("W", bound=QWidget)


class Stage:
    """A window of a size, with the dimming that dialogs are opened with."""

    def __init__(self, qtbot: QtBot, width: int = 1280, height: int = 800) -> None:
        self.qtbot = qtbot
        self.host = QWidget()
        self.host.resize(width, height)
        qtbot.addWidget(self.host)
        self.host.show()
        qtbot.waitExposed(self.host)
        self.scrim = Scrim(self.host)

    def open(self, dialog: QDialog) -> None:
        """Open a dialog as the window does."""
        self.scrim.open_dialog(dialog)
        dialog.activateWindow()
        self.qtbot.waitUntil(dialog.isActiveWindow)

    def close(self) -> None:
        """Take everything away that was opened here."""
        self.host.close()
        self.host.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def part(parent: QWidget, kind: type[W], name: str) -> W:
    """Return the part with an objectName."""
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


def unnamed(parent: QWidget) -> list[str]:
    """Return what the keyboard reaches and no screen reader can name."""
    return [
        f"{type(each).__name__} {each.objectName()}"
        for each in parent.findChildren(QWidget)
        if each.isVisibleTo(parent)
        and each.focusPolicy() & 1
        and each.focusProxy() is None
        and not (each.accessibleName() or getattr(each, "text", str)())
    ]
