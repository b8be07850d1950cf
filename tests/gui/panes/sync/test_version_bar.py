"""ui.panes.sync.version_bar: the row over a version."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.panes.sync.version_bar import VersionBar


def test_its_words_get_fewer_where_there_is_less_room(qtbot: QtBot, qapp: QApplication) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    bar = VersionBar(window)
    bar.show_version("14:02:11")
    bar.show_against("previous", "previous kept", "“-” went, “+” came.", visible=True)
    bar.show_deeds(may_copy=True, may_restore=True)
    window.show()
    parts = (bar.restore_button, bar.against_button, bar.copy_button, bar._compared)
    seen = []
    for width in range(bar.sizeHint().width(), bar.minimumSizeHint().width() - 1, -1):
        bar.resize(width, 40)
        qapp.processEvents()
        seen.append(tuple(part.text() for part in parts))
        assert all(part.width() >= part.sizeHint().width() for part in (*parts, bar.when))
        assert bar.restore_button.geometry().right() < width - 8
    assert list(dict.fromkeys(seen)) == [
        ("Restore this version", "previous kept", "Open as a copy", "compared with"),
        ("Restore", "previous kept", "Open as a copy", "compared with"),
        ("Restore", "previous", "Open as a copy", "compared with"),
        ("Restore", "previous", "As a copy", "compared with"),
        ("Restore", "previous", "As a copy", "vs"),
    ]
    spoken = [part.accessibleName() for part in parts[:3]]
    assert spoken == ["Restore this version", "Compared with previous kept", "Open as a copy"]
    bar.show_against("current", "current", "", visible=False)
    assert not bar.against_button.isVisible()
