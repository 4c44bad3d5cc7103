"""Reading users' files, and writing files that appear whole or not at all."""

from __future__ import annotations

import errno
import io
import json
import os
import secrets
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsupply.base.catalogue import message
from simsupply.base.system_errors import RefusedFile
from simsupply.base.text_cells import as_text_cells, each_text, without_controls

if TYPE_CHECKING:
    import pandas as pd

# Far above any plan or design; a file given by mistake would fill the memory.
MOST_BYTES = 50_000_000


def read_file(path: Path, most: int = MOST_BYTES) -> bytes:
    """Content of a file that a user names.

    A device or pipe, which might never come to an end, is not read.

    Raises
    ------
    OSError
        If it cannot be read, is no ordinary file (`RefusedFile`), or has more than so many bytes (`RefusedFile`).
    """
    # Without O_NONBLOCK opening a pipe waits for somebody who writes to it.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as file:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise RefusedFile(message("no_ordinary_file"))
        content = file.read(most + 1)
    if len(content) > most:
        raise RefusedFile(message("file_too_large", most=most // 1_000_000))
    return content


def write_whole(path: Path, write: Callable[[Path], object], is_durable: bool = False) -> Path:
    """Let `write` fill a temporary file, then put it in place in one step.

    If `is_durable`, it is on the disk when this returns, so that not even a power cut takes it away.

    Raises
    ------
    OSError
        If it cannot be written, or something is there that is no ordinary file (`RefusedFile`): a device would be gone.
    """
    if path.exists() and not path.is_file():
        raise RefusedFile(message("is_a_directory" if path.is_dir() else "no_ordinary_file"))
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        temporary.touch(exist_ok=False)  # who may read it is for the user's umask to say
        write(temporary)
        if is_durable:
            sync(temporary)
        os.replace(temporary, path)
        if is_durable:
            sync(path.parent)  # its name too
    finally:
        temporary.unlink(missing_ok=True)
    return path


def sync(path: Path) -> None:
    """Wait until a file, or what is in a folder by name, is on the disk."""
    if path.is_dir() and os.name != "posix":
        return  # other systems have no such thing
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, data: Any) -> Path:
    """Write JSON that a person can read too; a value that does not exist is null."""
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False, default=str) + "\n"
    return write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))


def write_parquet(table: pd.DataFrame, path: Path, marks: Mapping[str, str] | None = None) -> Path:
    """Write a table, whole or not at all; `marks` go into its schema's metadata."""
    if marks is None:
        return write_whole(path, lambda part: table.to_parquet(part, index=False))
    # Imported here: only results need it.
    import pyarrow as pa
    import pyarrow.parquet as pq

    marked = pa.Table.from_pandas(table, preserve_index=False)
    marked = marked.replace_schema_metadata({**(marked.schema.metadata or {}), **marks})
    return write_whole(path, lambda part: pq.write_table(marked, part))


def write_csv(table: pd.DataFrame, path: Path) -> Path:
    """Write a table with a byte order mark, so that Excel shows Chinese; no cell is a formula to a spreadsheet.

    `simsupply.base.text_cells.read_csv` gives back what was written.
    """
    safe = as_text_cells(table)
    # A carriage return inside a cell is put in quotes only where it is part of what ends a line.
    has_returns = safe.apply(lambda column: column.astype(str).str.contains("\r", regex=False)).to_numpy().any()
    end = "\r\n" if has_returns else "\n"
    return write_whole(path, lambda part: safe.to_csv(part, index=False, encoding="utf-8-sig", lineterminator=end))


def write_excel(table: pd.DataFrame, path: Path) -> Path:
    """Write a table as a workbook in which every text is text: none is a formula, signs that Excel refuses are gone."""
    # Imported here: only exports need it, and it takes a moment.
    import pandas as pd

    safe, buffer = each_text(table, without_controls), io.BytesIO()
    with pd.ExcelWriter(buffer, engine="openpyxl") as writer:
        safe.to_excel(writer, index=False)
        for row in next(iter(writer.sheets.values())).iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.data_type = "s"
    return write_whole(path, lambda part: part.write_bytes(buffer.getvalue()))
