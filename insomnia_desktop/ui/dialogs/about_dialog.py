"""What this program is."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from insomnia_desktop import __version__
from insomnia_desktop.ui.dialogs.plain_dialog import PlainDialog
from insomnia_desktop.ui.widgets.buttons import DefaultButton, PrimaryButton
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel


class AboutDialog(PlainDialog):
    """Version, what it runs on, licence; the versions can be copied for a report."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Insomnia Desktop", parent)
        self.setObjectName("aboutDialog")
        self._versions = "\n".join(
            (
                f"Insomnia Desktop {__version__}",
                f"Python {platform.python_version()}, Qt {qVersion()}, PySide6 {PySide6.__version__}",
                platform.platform(),
            )
        )
        self.column.addWidget(
            WrappedLabel(self.tr("A native API client. Your requests stay on this computer unless you send them."))
        )
        for line in self._versions.splitlines():
            self.column.addWidget(Label(line, rank="dim", size=12, mono=True))
        self.column.addWidget(
            WrappedLabel(
                self.tr("MIT licence, © the Insomnia Desktop contributors. Qt and PySide6 are used under the LGPL 3."),
                rank="dim",
                size=12,
            )
        )
        copy = DefaultButton(self.tr("Copy versions"))
        copy.setObjectName("copyVersionsButton")
        copy.set_measures(height=32)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._versions))
        done = PrimaryButton(self.tr("Done"))
        done.setObjectName("doneButton")
        done.setDefault(True)
        done.clicked.connect(self.accept)
        self.add_button(copy, left=True)
        self.add_button(done)
