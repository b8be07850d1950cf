"""The menu bar, made from the actions."""

from __future__ import annotations

import sys

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QWidget

from insomnia_desktop.ui.window.actions import MENUS, SPECS, Actions


class MenuBar(QMenuBar):
    """The menu bar: always there on macOS, elsewhere with Alt or F10, or always where the person chose so."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("menuBar")
        self.setAccessibleName(self.tr("Menu bar"))
        self._always = sys.platform == "darwin"
        self._alt_alone = False
        self._escaped = False
        self._focus_before: QWidget | None = None
        for title in MENUS:
            menu = self.addMenu(QCoreApplication.translate("Actions", title))
            for spec in SPECS:
                if spec.menu == title:
                    if spec.separator_before:
                        menu.addSeparator()
                    menu.addAction(actions[spec.name])
            menu.installEventFilter(self)
            menu.aboutToHide.connect(self._on_menu_hidden)
        self.setVisible(self._always)

    def set_always(self, always: bool) -> None:
        """Show the bar all the time, or only when it is asked for."""
        self._always = always or sys.platform == "darwin"
        self.setVisible(self._always)

    def watch_keys(self, window: QObject) -> None:
        """Show the bar when Alt alone or F10 is pressed in the window."""
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice Alt pressed and let go with nothing between, and F10; in a menu, Escape."""
        if isinstance(watched, QMenu):
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                self._escaped = event.key() == Qt.Key.Key_Escape
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._alt_alone = event.key() == Qt.Key.Key_Alt
            if event.key() == Qt.Key.Key_F10 and not event.modifiers():
                self._reveal()
                return True
        elif event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Alt and self._alt_alone:
                self._alt_alone = False
                self._reveal()
                return True
        elif event.type() in (QEvent.Type.WindowDeactivate, QEvent.Type.MouseButtonPress):
            self._alt_alone = False
        return False

    def _reveal(self) -> None:
        if self.isVisible() and not self._always:
            self.hide()
            return
        self._focus_before = QApplication.focusWidget()
        self.show()
        self.setFocus(Qt.FocusReason.MenuBarFocusReason)
        self.setActiveAction(self.actions()[0])

    def _on_menu_hidden(self) -> None:
        escaped, self._escaped = self._escaped, False
        if self._always:
            return
        if escaped:
            # Qt goes on in the bar, and only a second Escape would leave it. It does so after this call.
            QTimer.singleShot(0, self, self._leave)
        elif self.activeAction() is None:
            self.hide()

    def _leave(self) -> None:
        self.hide()
        if self._focus_before is not None and shiboken6.isValid(self._focus_before):
            self._focus_before.setFocus(Qt.FocusReason.MenuBarFocusReason)
