"""The file that a recovery key is kept in."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFont, QPagedPaintDevice, QTextDocument

from insomnia_desktop.ui.i18n.words import date_words
from insomnia_desktop.ui.theme.fonts import mono_font
from insomnia_desktop.ui.viewmodels.sign_in_form import KeyToKeep

FILE_NAME = "insomnia-recovery-key.txt"


def kit_text(key: KeyToKeep, now: int) -> str:
    """Return the text of the file, and of the printed page: whose key it is, and the key as the last line.

    The command line reads the last line of such a file (protocol, 3.9).
    """
    lines = [_tr("Insomnia recovery key"), ""]
    if key.email:
        lines.append(_tr("E-mail: %s") % key.email)
    if key.server:
        lines.append(_tr("Server: %s") % key.server)
    lines += [
        _tr("Made on: %s") % date_words(now),
        "",
        _tr("It opens your data if you forget the password. Whoever has it can read your data: keep it where only"),
        _tr("you can find it. It can be used once; after that you get another one."),
        "",
        key.key,
    ]
    return "\n".join(lines) + "\n"


def save_kit(path: Path, text: str) -> str:
    """Write the file, readable by its owner alone; return why that failed, or ""."""
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        return _tr("The key could not be saved there: %s.") % (error.strerror or str(error))
    return ""


def print_kit(printer: QPagedPaintDevice, text: str) -> None:
    """Print the text of the file, its lines kept, in the font of code."""
    document = QTextDocument()
    font = QFont(mono_font().family())
    font.setPointSize(11)
    document.setDefaultFont(font)
    document.setPlainText(text)
    document.print_(printer)


def _tr(text: str) -> str:
    return QCoreApplication.translate("RecoveryKit", text)
