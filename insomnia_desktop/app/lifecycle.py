"""One window for each data folder, and the order in which things stop."""

from __future__ import annotations

import json
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from insomnia_desktop.base.errors import KnownError

_LOOPBACK = "127.0.0.1"
_ANSWERS_WITHIN = 5.0
_ASKED_EVERY = 0.05
_LONGEST_WORD = 256
# Windows locks bytes against reading too, so the locked byte lies behind all that is read.
_LOCKED_BYTE = 1 << 20
_logger = logging.getLogger(__name__)


class WindowLock:
    """The lock of a data folder that one window holds; a second start asks the first window to come forward.

    The lock ends with the process, also after kill -9. The file (mode 0600) tells the port on loopback and a random
    word that the holder listens for.
    Threads: made, acquired and released on one; the callback runs on a thread of the lock.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._word = ""

    def acquire(self) -> bool:
        """Take the lock; False where another process holds it. Raises KnownError `store.folder_unusable`."""
        try:
            descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise KnownError(
                "store.folder_unusable", folder=str(self._path.parent), reason=os.strerror(error.errno or 0)
            ) from error
        if not _lock(descriptor):
            os.close(descriptor)
            return False
        # The port of a window that was killed is nobody's any more, or somebody else's.
        os.ftruncate(descriptor, 0)
        self._descriptor = descriptor
        return True

    def listen(self, raise_window: Callable[[], None]) -> None:
        """Call `raise_window` whenever a second start asks for it; the callback may only enqueue."""
        if self._descriptor is None:
            return
        self._listener = socket.create_server((_LOOPBACK, 0))
        self._word = os.urandom(16).hex()
        self._thread = threading.Thread(
            target=self._serve, args=(self._listener, raise_window), name="window-lock", daemon=True
        )
        self._thread.start()
        text = json.dumps({"pid": os.getpid(), "port": self._listener.getsockname()[1], "word": self._word})
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, text.encode())

    def raise_first(self) -> bool:
        """Ask the window that holds the lock to come forward; False where it does not answer within 5 s.

        A window that is just opening holds the lock before it listens, so it is asked more than once.
        """
        deadline = time.monotonic() + _ANSWERS_WITHIN
        while not self._ask():
            if time.monotonic() > deadline:
                return False
            time.sleep(_ASKED_EVERY)
        return True

    def release(self) -> None:
        """Stop listening and give the lock back."""
        listener, self._listener = self._listener, None
        if listener is not None and self._thread is not None:
            self._word = ""
            # A connection of our own wakes the thread on every system; closing the socket does not.
            try:
                socket.create_connection(listener.getsockname(), timeout=1).close()
            except OSError:
                pass
            self._thread.join(_ANSWERS_WITHIN)
            listener.close()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _ask(self) -> bool:
        try:
            holder = json.loads(self._path.read_text("utf-8"))
            port, word = int(holder["port"]), str(holder["word"])
            with socket.create_connection((_LOOPBACK, port), timeout=_ANSWERS_WITHIN) as connection:
                connection.sendall(word.encode() + b"\n")
                return connection.recv(2) == b"ok"
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def _serve(self, listener: socket.socket, raise_window: Callable[[], None]) -> None:
        while self._listener is listener:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(1.0)
                try:
                    word = connection.recv(_LONGEST_WORD).strip().decode("ascii", "replace")
                    if self._word and _same(word, self._word):
                        raise_window()
                        connection.sendall(b"ok")
                except OSError:
                    _logger.info("A second start went away before it was answered.")


def _same(word: str, secret: str) -> bool:
    # Imported when somebody asks: the thread begins to listen while the first picture is being made.
    from hmac import compare_digest

    return compare_digest(word, secret)


def stop_in_order(steps: Sequence[tuple[str, Callable[[], None]]]) -> None:
    """Run the steps one after another, each even where one before it failed; then raise the first failure."""
    failures: list[Exception] = []
    for name, step in steps:
        try:
            step()
        except Exception as error:
            _logger.exception("Stopping: %s failed", name)
            failures.append(error)
    if failures:
        raise failures[0]


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
