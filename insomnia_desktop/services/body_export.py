"""Saving the body of a response where a person wants it."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import Future
from pathlib import Path

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.base.loop_thread import LoopThread


def save_body(loop: LoopThread, source: Path, target: Path) -> Future[Path]:
    """Copy a body to a file on a worker thread; the target is replaced only once all of it is written.

    The future raises KnownError `response.save_failed` (params: path, reason).
    """
    return loop.submit(_save_soon(source, target))


async def _save_soon(source: Path, target: Path) -> Path:
    from asyncio import to_thread  # asyncio is loaded by the worker, never by the window's start

    return await to_thread(_save, source, target)


def _save(source: Path, target: Path) -> Path:
    part = target.with_name(f"{target.name}.{new_row_id()}.part")
    try:
        shutil.copyfile(source, part)
        os.replace(part, target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise KnownError("response.save_failed", path=str(target), reason=error.strerror or str(error)) from error
    return target
