"""Where complete days of a table go: to files, or to memory."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pandas as pd

from simsupply.base.files import write_whole


class Sink(Protocol):
    """Takes the rows of one day, once, when the day is complete."""

    def __call__(self, day: int, rows: pd.DataFrame) -> None:
        """Keep the rows."""


SinkMaker = Callable[[str], Sink]
"""Makes the sink of a table, by its name."""


class ParquetSink:
    """Writes each day as ``FOLDER/replication=R/day=D.parquet``, whole or not at all.

    Parts of an earlier run of the same replication are removed first, so that a folder never
    mixes two runs.
    """

    def __init__(self, folder: Path, replication: int) -> None:
        self.folder = folder / f"replication={replication:04d}"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def __call__(self, day: int, rows: pd.DataFrame) -> None:
        """Write one day."""
        table = rows.astype({name: "category" for name in rows if rows[name].dtype == object})
        write_whole(self.folder / f"day={day:04d}.parquet", lambda part: table.to_parquet(part, index=False))


class MemorySink:
    """Keeps every day; for small runs in Python."""

    def __init__(self) -> None:
        self.days: list[pd.DataFrame] = []

    def __call__(self, day: int, rows: pd.DataFrame) -> None:
        """Keep one day."""
        self.days.append(rows)

    def rows(self) -> pd.DataFrame:
        """All rows of the run."""
        return pd.concat(self.days, ignore_index=True) if self.days else pd.DataFrame()


class MemorySinks(dict[str, MemorySink]):
    """Those of several tables, made as they are asked for."""

    def __missing__(self, table: str) -> MemorySink:
        return self.setdefault(table, MemorySink())

    def __call__(self, table: str) -> MemorySink:
        """That of a table."""
        return self[table]

    def tables(self) -> dict[str, pd.DataFrame]:
        """All rows of each table."""
        return {name: sink.rows() for name, sink in self.items()}
