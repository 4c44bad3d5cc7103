"""The store of a sweep: results as immutable Parquet files in a folder, each run under the key of its content.

``runs/`` holds the results, some runs to a file, one row for each run and metric (`SCHEMA`); a failed run has one
row with its error. A file appears whole and on the disk or not at all, is never changed, and no two writers use
the same name, so any number of processes may write and read. Its name ends in the digest of its content, and none of
its rows count unless that is right. A run is known by its *point* (digest of the resolved configuration), seed,
replication and the version of the code; the same run twice is the same result twice, and is read once.
"""

from __future__ import annotations

import io
import json
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from simsupply.base.catalogue import Message, message
from simsupply.base.files import write_whole
from simsupply.base.language import Language, language_of_locale
from simsupply.base.problems import StoreError, wrong
from simsupply.base.system_errors import RefusedFile, reason
from simsupply.results.contents import what_is_there

FORMAT = 2  # 1: names of files without the digest of their content
_NAME = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("point", _NAME),
        ("seed", pa.int64()),
        ("replication", pa.int64()),
        ("code", _NAME),
        ("metric", _NAME),  # null: the run failed
        ("value", pa.float64()),  # null or NaN: does not exist in this replication
        ("error", pa.string()),
        ("trace", pa.string()),
    ]
)
KEY = ["point", "seed", "replication", "code"]
# So many small files are put together at the end of a sweep.
_MANY_PARTS = 64
_DIGEST_BYTES = 16
_ROWS_PER_PART = 2_000_000
_ABANDONED_S = 24 * 3600.0
Read = TypeVar("Read")


@dataclass(frozen=True)
class Run:
    """One finished run: its values by metric, or why there are none."""

    point: str
    seed: int
    replication: int
    values: dict[str, float]
    error: str | None = None
    trace: str | None = None


@dataclass(frozen=True)
class DamagedFile:
    """A file that cannot be read, and why."""

    path: Path
    reason: Message

    def in_language(self, language: Language) -> str:
        """File and reason."""
        return message("cannot_be_read", file=self.path, reason=self.reason).in_language(language)

    def __str__(self) -> str:
        return self.in_language(language_of_locale())


@dataclass(frozen=True)
class Store:
    """A folder of results.

    Parameters
    ----------
    folder : path
        Made by `open_store`.
    """

    folder: Path

    @property
    def runs(self) -> Path:
        """Where the results are."""
        return self.folder / "runs"

    def parts(self) -> list[Path]:
        """Files of results, oldest first."""
        return sorted(self.runs.glob("*.parquet"))

    def add(self, runs: Sequence[Run], code: str) -> Path:
        """Put runs into the store; they are on the disk when this returns."""
        return self._write(_table(runs, code))

    def _write(self, table: pa.Table) -> Path:
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
        content = buffer.getbuffer()
        # Names sort by time, so that what was written last can be told.
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:12]}-{_digest(content)}.parquet"
        return write_whole(self.runs / name, lambda part: part.write_bytes(content), is_durable=True)

    def read(
        self, columns: Sequence[str] | None = None, filters: pc.Expression | None = None
    ) -> tuple[pa.Table, list[DamagedFile]]:
        """All rows, and the files that cannot be read; each run once, a result before a failure, the last failure.

        Parameters
        ----------
        columns : sequence of str, optional
            Besides those of the key.
        filters : pyarrow expression, optional
            Which rows.
        """
        return _while_compacted(lambda: self._read(self.parts(), columns, filters))

    def _read(
        self, paths: Iterable[Path], columns: Sequence[str] | None, filters: pc.Expression | None
    ) -> tuple[pa.Table, list[DamagedFile]]:
        wanted = None if columns is None else list(dict.fromkeys([*KEY, "error", *columns]))
        tables, damaged = [], []
        for path in paths:
            try:
                table = _read_part(path, wanted, filters)
            except FileNotFoundError:
                raise
            except (pa.ArrowException, OSError, KeyError, ValueError) as error:
                damaged.append(DamagedFile(path, reason(error)))
            else:
                tables.append(table)
        if not tables:
            names = SCHEMA.names if wanted is None else wanted
            return pa.schema([SCHEMA.field(name) for name in names]).empty_table(), damaged
        whole = pa.concat_tables(tables).unify_dictionaries()
        sizes = [len(table) for table in tables]
        return _each_once(whole, np.repeat(np.arange(len(sizes)), sizes)), damaged

    def set_aside(self, damaged: Iterable[DamagedFile]) -> list[Path]:
        """Move files that cannot be read to ``damaged/``, so that their runs are simulated again."""
        moved = []
        for damaged_file in damaged:
            place = self.folder / "damaged"
            place.mkdir(exist_ok=True)
            with suppress(FileNotFoundError):  # another sweep has moved it
                moved.append(damaged_file.path.rename(place / damaged_file.path.name))
        return moved

    def compact(self, at_least: int = 2) -> int:
        """Put small files together; returns how many are gone. Safe beside writers, readers and other compactions.

        First the whole is written, then the parts go; whoever reads in between sees both, and each run once.
        """
        self._clean()
        small, rows = [], 0
        for path in self.parts():
            with suppress(FileNotFoundError, pa.ArrowException, OSError):
                num = pq.read_metadata(path).num_rows
                if num < _ROWS_PER_PART / 2:
                    small.append(path)
                    rows += num
                if rows >= _ROWS_PER_PART:
                    break
        if len(small) < at_least:
            return 0
        try:
            table, damaged = self._read(small, None, None)
        except FileNotFoundError:
            return 0  # another one is at it
        self._write(table)
        gone = [path for path in small if path not in {damaged_file.path for damaged_file in damaged}]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def compact_if_many(self) -> None:
        """Put files together where there are many of them."""
        while self.compact(at_least=_MANY_PARTS):
            pass

    def _clean(self) -> None:
        """Remove what writers that were killed have left of files they had begun."""
        for path in self.runs.glob(".*.part"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _ABANDONED_S:
                    path.unlink()


def open_store(folder: Path, source: str = "sweep", key: str = "output", *, is_new: bool = True) -> Store:
    """Open a store, or make one.

    Parameters
    ----------
    is_new : bool
        Whether there may be none yet.

    Raises
    ------
    InputError
        If the folder cannot be written, holds no store (and `is_new` is False), or one of a newer version.
    """
    marker, store = folder / "store.json", Store(folder)
    if not marker.exists():
        if not is_new:
            there = what_is_there(folder)
            allowed = message("folder_of_sweep")
            allowed = allowed if there is None else message("but_this_holds", first=allowed, what=there)
            raise wrong(source, key, str(folder), allowed)
        if (there := what_is_there(folder)) is not None:
            raise wrong(source, key, str(folder), message("folder_of_its_own", what=there))
        try:
            store.runs.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"simsupply_store": FORMAT}) + "\n"
            write_whole(marker, lambda part: part.write_text(text, encoding="utf-8"), is_durable=True)
        except OSError as error:
            raise wrong(source, key, str(folder), message("folder_to_write", reason=reason(error))) from None
        return store
    try:
        found = json.loads(marker.read_text(encoding="utf-8"))["simsupply_store"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise wrong(source, key, str(marker), message("readable_store", reason=reason(error))) from None
    if not isinstance(found, int) or found > FORMAT:
        given = message("folder_of_format", folder=folder, format=found)
        raise wrong(source, key, given, message("store_of_format", format=FORMAT))
    if is_new:
        try:
            store.runs.mkdir(exist_ok=True)
            write_whole(store.runs / ".writable", lambda part: part.write_text("")).unlink(missing_ok=True)
        except OSError as error:
            raise wrong(source, key, str(folder), message("folder_to_write", reason=reason(error))) from None
    return store


def _table(runs: Sequence[Run], code: str) -> pa.Table:
    columns: dict[str, list[Any]] = {name: [] for name in SCHEMA.names}
    for run in runs:
        values: dict[Any, Any] = {None: None} if run.error is not None else run.values
        num = len(values)
        columns["metric"] += values.keys()
        columns["value"] += values.values()
        for name, value in (("point", run.point), ("seed", run.seed), ("replication", run.replication)):
            columns[name] += [value] * num
        for name, text in (("code", code), ("error", run.error), ("trace", run.trace)):
            columns[name] += [text] * num
    return pa.table(columns, schema=SCHEMA)


def _read_part(path: Path, columns: Sequence[str] | None, filters: pc.Expression | None) -> pa.Table:
    """Rows of a file whose content is what was written.

    Raises
    ------
    OSError, pyarrow.ArrowException, KeyError, ValueError
        If it is not, or cannot be read.
    """
    content = path.read_bytes()
    _, _, digest = path.stem.rpartition("-")
    if len(digest) == 2 * _DIGEST_BYTES:
        if digest != _digest(content):
            raise RefusedFile(message("content_changed"))
    else:
        # Of format 1: every column is read, for only their pages have checksums.
        pq.read_table(pa.BufferReader(content), page_checksum_verification=True)
    table = pq.read_table(pa.BufferReader(content), columns=columns, filters=filters)
    return table.cast(pa.schema([SCHEMA.field(name) for name in table.column_names]))


def _digest(content: bytes | memoryview) -> str:
    return blake2b(content, digest_size=_DIGEST_BYTES).hexdigest()


def _each_once(table: pa.Table, part: np.ndarray) -> pa.Table:
    """Rows of each run from one part only: the last that has a result, else the last that has a failure."""
    if len(table) == 0:
        return table
    codes = [_codes(table.column(name)) for name in KEY]
    run = codes[0]
    for other in codes[1:]:
        run = run * (int(other.max()) + 1) + other
    _, run = np.unique(run, return_inverse=True)
    has_result = table.column("error").is_null().to_numpy(zero_copy_only=False)
    # A later part goes before an earlier one, and any with a result before any without.
    rank = part + (int(part.max()) + 1) * has_result
    best = np.zeros(int(run.max()) + 1, dtype=np.int64)
    np.maximum.at(best, run, rank)
    keep = rank == best[run]
    return table if keep.all() else table.filter(pa.array(keep))


def _codes(column: pa.ChunkedArray) -> np.ndarray:
    if pa.types.is_dictionary(column.type):
        codes: np.ndarray = column.combine_chunks().indices.to_numpy(zero_copy_only=False)
        return codes.astype(np.int64)
    return np.unique(column.to_numpy(), return_inverse=True)[1].astype(np.int64)


def _while_compacted(read: Callable[[], Read], tries: int = 20) -> Read:
    """Read again if a file that was listed has been put together with others in the meantime."""
    for _ in range(tries):
        with suppress(FileNotFoundError):
            return read()
    raise StoreError(message("files_keep_changing"))
