"""The real program with a socket beside it, by which a test looks at its windows and acts in them.

`python -m tests.end2end.control ARGUMENTS` prints the port on loopback as its first line, then runs `app.main` with the
arguments. One line of JSON asks, one answers; everything happens on the GUI thread, between two
events of the program.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QTimer, Slot
from PySide6.QtNetwork import QHostAddress, QTcpServer, QTcpSocket
from PySide6.QtWidgets import QApplication

from insomnia_desktop.app.main import main
from tests.end2end.control_deeds import DEEDS, Refused
from tests.end2end.control_sight import SIGHTS

# How often a fact that is waited for is looked at again, and for how long at most.
LOOK_EVERY_MS = 10
PATIENCE_S = 60.0


class Control(QObject):
    """Answers a test: `{"look": SIGHT, ...}` at once, with `has`, `equals` or `lacks` as soon as that is true.

    `{"do": DEED, ...}` does something and answers when it is done. Answers: `{"ok": value}`, `{"refused": why}`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._socket: QTcpSocket | None = None
        self._question: dict[str, Any] = {}
        self._until = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look_again)
        self._server = QTcpServer(self)
        self._server.newConnection.connect(self._on_connected)
        self._server.listen(QHostAddress(QHostAddress.SpecialAddress.LocalHost), 0)

    @property
    def port(self) -> int:
        """The port on loopback where one test may ask."""
        return self._server.serverPort()

    @Slot()
    def _on_connected(self) -> None:
        self._socket = self._server.nextPendingConnection()
        self._socket.readyRead.connect(self._on_ready)

    @Slot()
    def _on_ready(self) -> None:
        assert self._socket is not None
        while self._socket.canReadLine():
            line = bytes(self._socket.readLine().data())
            self._question = json.loads(line)
            if "do" in self._question:
                self._act()
            else:
                self._until = time.monotonic() + PATIENCE_S
                self._look_again()

    def _act(self) -> None:
        arguments = dict(self._question)
        try:
            self._answer(ok=DEEDS[arguments.pop("do")](**arguments))
        except Refused as refusal:
            self._answer(refused=str(refusal))
        except Exception as error:
            self._answer(refused=f"the control itself failed: {error!r}")

    @Slot()
    def _look_again(self) -> None:
        arguments = dict(self._question)
        wanted = {key: arguments.pop(key) for key in ("has", "equals", "lacks") if key in arguments}
        seen: Any = None
        try:
            seen = SIGHTS[arguments.pop("look")](**arguments)
            reason = _unmet(seen, wanted)
        except Refused as refusal:
            reason = str(refusal)
        except Exception as error:
            reason, wanted = f"the control itself failed: {error!r}", {}
        if not reason:
            self._timer.stop()
            self._answer(ok=seen)
        elif not wanted or time.monotonic() > self._until:
            self._timer.stop()
            self._answer(refused=reason)
        elif not self._timer.isActive():
            self._timer.start()

    def _answer(self, **answer: Any) -> None:
        assert self._socket is not None
        self._socket.write(QByteArray(json.dumps(answer).encode() + b"\n"))
        self._socket.flush()


def _unmet(seen: Any, wanted: dict[str, Any]) -> str:
    if "equals" in wanted and seen != wanted["equals"]:
        return f"{seen!r} is not {wanted['equals']!r}"
    if "has" in wanted and wanted["has"] not in seen:
        return f"{seen!r} has no {wanted['has']!r}"
    if "lacks" in wanted and wanted["lacks"] in seen:
        return f"{seen!r} has {wanted['lacks']!r}"
    return ""


def run(arguments: Sequence[str]) -> int:
    """Make the application, which the program then finds, and the control in it; run the program."""
    application = QApplication(sys.argv[:1])
    control = Control()
    control.setParent(application)
    sys.stdout.write(f"{control.port}\n")
    sys.stdout.flush()
    return main(arguments)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
