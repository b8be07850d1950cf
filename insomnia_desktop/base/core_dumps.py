"""Keeps what is in memory out of files that the system writes when a program crashes."""

from __future__ import annotations

import sys


def forbid_core_dumps() -> None:
    """Let the system write no image of this process's memory, where keys will be; on Windows there is none by default.

    Not PR_SET_DUMPABLE of Linux, which would also keep the desktop's portals from knowing whose file dialog they show.
    """
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
