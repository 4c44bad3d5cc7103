"""Writing files that appear whole or not at all, and the folder they go into."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsupply.base.catalogue import message
from simsupply.base.problems import COMMAND_LINE, wrong
from simsupply.base.system_errors import reason

if TYPE_CHECKING:
    import pandas as pd


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


def write_json(path: Path, data: Any) -> Path:
    """Write JSON that a person can read too; a value that does not exist is null."""
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False, default=str) + "\n"
    return write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))


def write_parquet(table: pd.DataFrame, path: Path) -> Path:
    """Write a table, whole or not at all."""
    return write_whole(path, lambda part: table.to_parquet(part, index=False))


def write_csv(table: pd.DataFrame, path: Path) -> Path:
    """Write a table with a byte order mark, so that Excel shows Chinese."""
    return write_whole(path, lambda part: table.to_csv(part, index=False, encoding="utf-8-sig"))


@contextmanager
def output_folder(folder: Path) -> Iterator[None]:
    """Make an output folder, or say why it cannot be written, before anything is run.

    If nothing comes of the run, what was made for it and is still empty goes again.

    Raises
    ------
    InputError
        If the folder cannot be made or written to.
    """
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        allowed = message("folder_to_write", reason=reason(error))
        raise wrong(COMMAND_LINE, "output", str(folder), allowed) from None
    try:
        yield
    except BaseException:
        with suppress(OSError):
            for path in made:
                path.rmdir()
        raise
