"""Bodies of responses: one file each, by the id of the response."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import time
from collections.abc import Collection
from pathlib import Path

from insomnia_desktop.base.errors import Bug, KnownError

_NAME = re.compile(r"res_[0-9a-f]{32}\.body")
_YOUNG_SECONDS = 3600.0


class BodyFiles:
    """The folder of response bodies.

    Threads: any; each call stands alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self, response_id: str) -> Path:
        """Make an empty file (mode 0600) for the body of a response and return its path; its `name` goes into the row.

        Raises KnownError `store.disk_full`, `store.folder_read_only`.
        """
        path = self.path(f"{response_id}.body")
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise KnownError("store.disk_full", folder=str(self._folder)) from error
            raise KnownError("store.folder_read_only", folder=str(self._folder)) from error
        return path

    def path(self, name: str) -> Path:
        """Return the path of a body by its name; raises Bug `bodies.bad_name` for what is not the name of one."""
        if _NAME.fullmatch(name) is None:
            raise Bug("bodies.bad_name", name=name)
        return self._folder / name

    def size(self, name: str) -> int:
        """Return the bytes of a body, 0 where there is none."""
        try:
            return self.path(name).stat().st_size
        except OSError:
            return 0

    def remove(self, *names: str) -> None:
        """Remove bodies; one that is gone, or that another program holds open, is left to `collect_garbage`."""
        for name in names:
            if _NAME.fullmatch(name):
                with contextlib.suppress(OSError):
                    (self._folder / name).unlink(missing_ok=True)

    def total_size(self) -> int:
        """Return the bytes of all bodies together."""
        return sum(entry.stat().st_size for entry in self._files())

    def collect_garbage(self, known: Collection[str], *, at_least_old_s: float = _YOUNG_SECONDS) -> int:
        """Remove files that no response names and return how many.

        Files younger than an hour stay: they may belong to a send that runs, in this process or another.
        """
        names = set(known)
        oldest_kept = time.time() - at_least_old_s
        removed = 0
        for entry in self._files():
            if entry.name not in names and entry.stat().st_mtime <= oldest_kept:
                self.remove(entry.name)
                removed += 1
        return removed

    def _files(self) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._folder) as entries:
                return [entry for entry in entries if _NAME.fullmatch(entry.name) and entry.is_file()]
        except OSError:
            return []
