"""Writing files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, write: Callable[[Path], object], is_durable: bool = False) -> Path:
    """Let `write` fill a temporary file, then put it in place in one step.

    If `is_durable`, it is on the disk when this returns, so that not even a power cut takes it away.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o644)
        if is_durable:
            _sync(temporary)
        os.replace(temporary, path)
        if is_durable and os.name == "posix":
            _sync(path.parent)  # its name too; other systems have no such thing
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
