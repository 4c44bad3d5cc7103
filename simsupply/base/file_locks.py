"""Locks between processes: a file that one of them holds, let go by the system when it ends, killed or not."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

if sys.platform != "win32":
    import fcntl

Lock = Literal["held", "taken", "unknown"]


@contextmanager
def locked(path: Path, *, wait: bool = False) -> Iterator[Lock]:
    """Hold a lock while inside.

    Parameters
    ----------
    path : path
        Of the file; it is gone again when nobody holds it.
    wait : bool
        Whether to wait for whoever holds it.

    Yields
    ------
    {"held", "taken", "unknown"}
        ``taken``: somebody else holds it. ``unknown``: this file system (or system) has no locks.
    """
    if sys.platform == "win32":
        yield "unknown"
        return
    try:
        handle, state = _acquired(path, wait)
    except OSError:  # somebody else's file, or a file system without locks
        yield "unknown"
        return
    try:
        yield state
    finally:
        if state == "held":
            path.unlink(missing_ok=True)
        os.close(handle)


def _acquired(path: Path, wait: bool) -> tuple[int, Lock]:
    """An open file and what became of the lock."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return handle, "taken"
        except BaseException:
            os.close(handle)
            raise
        if _is_at(handle, path):
            return handle, "held"
        os.close(handle)  # whoever held it has taken the file away


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
