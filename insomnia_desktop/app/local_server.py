"""The sync server on this computer as a child process that ends with the program, however that ends."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec

from insomnia_desktop.app.local_certificate import CERTIFICATE_FILE, KEY_FILE, ensure_certificate
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.services.hosting import HostedPlace

if TYPE_CHECKING:
    import subprocess  # imported by what starts a process: the window's start does without

_LOG = logging.getLogger(__name__)
SERVER_WORD = "--sync-server"
"""The first argument by which the program itself is the server, where it is one frozen file."""
_FIRST_PORT = 8443
_READY = "listening on "
_SETTINGS_FILE = "hosting.json"
_LOG_FILE = "server.log"
_FORMER_LOG_FILE = "server.log.1"
_LOCK_FILE = "server.sqlite.lock"
_LOOPBACK = "127.0.0.1"
# The server answers what it was asked before it ends, for 5 s at most.
_ENDS_WITHIN = 7.0
_ANSWERS_WITHIN = 60.0
_LONGEST_LAST_LINE = 500


class _Settings(msgspec.Struct, frozen=True):
    """What stays the same across starts: kept beside the server's database."""

    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)]
    other_devices: bool = False
    pin: str = ""


def lan_address() -> str:
    """Return the address by which other devices on the network reach this computer, or that of this computer alone."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: the system only says which of its addresses it would use (RFC 5737 keeps this one free).
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return _LOOPBACK


class ChildServer:
    """Runs `insomnia_desktop.server` on a folder; its standard input is a pipe whose end it takes for ours.

    Where another process of the same data folder runs it already (a window beside a command), that one is used.
    Threads: any; one `start` at a time.
    """

    def __init__(self, folder: Path, find_address: Callable[[], str] = lan_address) -> None:
        self._folder = folder
        self._find_address = find_address
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: threading.Thread | None = None
        self._asked_to_end: set[subprocess.Popen[bytes]] = set()
        self._wanted = False
        self._elsewhere = False
        self._lan = ""

    @property
    def running(self) -> bool:
        """Whether it runs, here or, at the last look, in another process of this data folder."""
        process = self._process
        return self._elsewhere or (process is not None and process.poll() is None)

    def known_place(self) -> HostedPlace | None:
        """Return where it is reached, None where there never was one."""
        settings = self._settings()
        return None if settings is None else self._place(settings)

    def start(self, *, other_devices: bool) -> HostedPlace:
        """Let it run, only for this computer or for others too; where it runs in the other way it is started again.

        Raises KnownError `account.port_taken`, `account.server_did_not_start`.
        """
        self._wanted = True
        known = self._settings()
        self._elsewhere = False
        process = self._process
        if process is not None and process.poll() is not None:
            # It ended by itself, and its pipes with it. Its log is another's as soon as the next one begins.
            if self._watcher is not None:
                self._watcher.join()
            self._end(process)
            process = None
        if known is not None and process is not None:
            if known.other_devices == other_devices:
                return self._place(known)
            _LOG.info("The sync server on this computer is started again, %s.", _for_whom(other_devices))
            self._end(process)
        elif self._is_served():
            return self._found_elsewhere(known, other_devices)
        settings = self._begin(known, other_devices)
        self._save(settings)
        _LOG.info("The sync server on this computer listens on port %d, %s.", settings.port, _for_whom(other_devices))
        return self._place(settings)

    def invitation(self) -> str:
        """Return an invitation, good for one account; empty where this computer alone reaches the server."""
        import subprocess

        settings = self._settings()
        if settings is None or not settings.other_devices:
            return ""
        try:
            ended = subprocess.run(
                self._command("invite", "--data-dir", str(self._folder)),
                env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=_ANSWERS_WITHIN,
                creationflags=_no_console(), check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise KnownError("account.server_did_not_start", reason=type(error).__name__) from error
        if ended.returncode != 0:
            raise KnownError("account.server_did_not_start", reason=ended.stderr.decode("utf-8", "replace").strip())
        return ended.stdout.decode("ascii", "replace").strip()

    def stop(self) -> None:
        """End it; also where it is just starting."""
        self._wanted = False
        self._elsewhere = False
        process, self._process = self._process, None
        if process is not None:
            self._end(process)

    def _begin(self, known: _Settings | None, other_devices: bool) -> _Settings:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise KnownError("account.server_did_not_start", reason=os.strerror(error.errno or 0)) from error
        pin = ensure_certificate(self._folder) if other_devices else ""
        port = known.port if known is not None else _FIRST_PORT
        try:
            return _Settings(self._launch(port, other_devices), other_devices, pin)
        except KnownError as error:
            if known is not None or error.code != "account.port_taken":
                raise
        # Nobody knows a port of ours yet: any other will do, and stays.
        return _Settings(self._launch(0, other_devices), other_devices, pin)

    def _launch(self, port: int, other_devices: bool) -> int:
        """Start the process, wait until it listens, and return its port."""
        import subprocess

        arguments = ["--json", "--parent-pipe", "--data-dir", str(self._folder), "--port", str(port)]
        if other_devices:
            arguments += ["--host", "0.0.0.0", "--tls-cert", str(self._folder / CERTIFICATE_FILE)]
            arguments += ["--tls-key", str(self._folder / KEY_FILE)]
        try:
            self._keep_former_log()
            descriptor = os.open(self._folder / _LOG_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as log:
                process = self._process = subprocess.Popen(
                    self._command(*arguments), env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    stderr=log, creationflags=_no_console(),
                )  # fmt: skip
        except OSError as error:
            raise KnownError("account.server_did_not_start", reason=os.strerror(error.errno or 0)) from error
        if not self._wanted:
            self.stop()
        assert process.stdout is not None
        try:
            said = process.stdout.readline().decode("utf-8", "replace")
            if said.startswith(_READY):
                listens_on = int(said.rpartition(":")[2])
                self._watch(process)
                return listens_on
            said += process.stdout.read().decode("utf-8", "replace")
        except (OSError, ValueError):
            # `stop` closed the pipe.
            said = ""
        self._end(process)
        self._asked_to_end.discard(process)
        why = _why(said, port)
        _LOG.info("The sync server on this computer did not start: %s", why)
        raise why

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """Let a thread wait for its end, and write down one that nobody asked for as it comes."""

        def watch() -> None:
            assert process.stdout is not None
            with contextlib.suppress(OSError, ValueError):
                process.stdout.read()
            code = process.wait()
            if process not in self._asked_to_end:
                last = self._last_line()
                _LOG.info("The sync server on this computer ended by itself with %d; its last line: %s", code, last)
            self._asked_to_end.discard(process)

        self._watcher = threading.Thread(target=watch, name="sync server's end", daemon=True)
        self._watcher.start()

    def _last_line(self) -> str:
        """Return the last that it wrote into its log."""
        try:
            lines = (self._folder / _LOG_FILE).read_bytes().split(b"\n")
        except OSError:
            return ""
        return next((line for line in reversed(lines) if line), b"").decode("utf-8", "replace")[:_LONGEST_LAST_LINE]

    def _keep_former_log(self) -> None:
        """Keep what the last run said: why it ended is read after the next has begun."""
        with contextlib.suppress(FileNotFoundError):
            os.replace(self._folder / _LOG_FILE, self._folder / _FORMER_LOG_FILE)

    def _found_elsewhere(self, known: _Settings | None, other_devices: bool) -> HostedPlace:
        if known is None or known.other_devices != other_devices:
            raise KnownError("account.server_did_not_start", reason="another program with the same data runs it")
        self._elsewhere = True
        return self._place(known)

    def _is_served(self) -> bool:
        """Say whether a process holds the lock of the server's database: ours does as long as it runs."""
        try:
            descriptor = os.open(self._folder / _LOCK_FILE, os.O_RDWR)
        except OSError:
            return False
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False

    def _place(self, settings: _Settings) -> HostedPlace:
        if not settings.other_devices:
            return HostedPlace(settings.port, f"http://{_LOOPBACK}:{settings.port}", False)
        if self._lan in ("", _LOOPBACK):
            # The network may come later than the program.
            self._lan = self._find_address()
        return HostedPlace(
            settings.port,
            f"https://{_LOOPBACK}:{settings.port}#{settings.pin}",
            True,
            f"https://{self._lan}:{settings.port}#{settings.pin}",
        )

    def _settings(self) -> _Settings | None:
        try:
            return msgspec.json.decode((self._folder / _SETTINGS_FILE).read_bytes(), type=_Settings)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None

    def _save(self, settings: _Settings) -> None:
        file = self._folder / _SETTINGS_FILE
        unfinished = file.with_suffix(".unfinished")
        try:
            # One that an end of the program left behind keeps the rights that it was made with.
            unfinished.unlink(missing_ok=True)
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as written:
                written.write(msgspec.json.encode(settings))
            os.replace(unfinished, file)
        except OSError as error:
            self.stop()
            raise KnownError("account.server_did_not_start", reason=os.strerror(error.errno or 0)) from error

    def _command(self, *arguments: str) -> list[str]:
        if getattr(sys, "frozen", False):
            return [sys.executable, SERVER_WORD, *arguments]
        # -P: nothing of the folder that the program was started in.
        return [sys.executable, "-P", "-m", "insomnia_desktop.server", *arguments]

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        import subprocess

        asked = process.poll() is None
        if asked:
            self._asked_to_end.add(process)
        with contextlib.suppress(OSError):
            assert process.stdin is not None
            process.stdin.close()
        for harder in (process.terminate, process.kill):
            try:
                process.wait(_ENDS_WITHIN)
                break
            except subprocess.TimeoutExpired:
                _LOG.warning("The sync server on this computer does not end by itself.")
                harder()
        code = process.wait()
        if asked:
            _LOG.info("The sync server on this computer ended with %d, as it was asked to.", code)
        assert process.stdout is not None
        # Who still reads from it has met its end by now.
        process.stdout.close()
        if process is self._process:
            self._process = None


def _environment() -> dict[str, str]:
    """Return the environment, with the way to this very package."""
    package = str(Path(__file__).resolve().parents[2])
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def _for_whom(other_devices: bool) -> str:
    return "also for other devices" if other_devices else "for this computer alone"


def _no_console() -> int:
    """Return CREATE_NO_WINDOW of Windows, which would open a console for the server."""
    return 0x08000000 if sys.platform == "win32" else 0


def _why(said: str, port: int) -> KnownError:
    """Return why it did not start, from what it said in JSON instead of that it listens."""
    try:
        error = json.loads(said)["error"]
        code, message = str(error["code"]), str(error["message"])
    except (ValueError, KeyError, TypeError):
        return KnownError("account.server_did_not_start", reason="it ended at once")
    if code == "server.address_in_use":
        return KnownError("account.port_taken", port=port)
    return KnownError("account.server_did_not_start", reason=message)
