"""The store: whole files or none, each run once, damage and newer versions said, a million rows read quickly."""

from __future__ import annotations

import errno
import json
import threading
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from simsupply.base.problems import InputError, StoreError
from simsupply.sweeps import store as store_module
from simsupply.sweeps.store import SCHEMA, Run, Store, open_store

CODE = "code"


def runs(numbers: range | list[int], point: str = "p", error: str | None = None) -> list[Run]:
    """Runs with two metrics each, or failed ones."""
    return [Run(point, 1, number, {} if error else {"a": number / 3, "b": float("nan")}, error) for number in numbers]


def content(store: Store) -> list[tuple]:
    """Rows in plain order; NaN as text, which equals itself."""
    table, damaged = store.read()
    assert not damaged
    found = [tuple("nan" if cell != cell else cell for cell in row.values()) for row in table.to_pylist()]
    return sorted(found, key=str)


def test_what_is_added_is_read_to_the_last_bit(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.add(runs(range(3)), CODE)
    assert content(store)[0] == ("p", 1, 0, CODE, "a", 0.0, None, None)
    assert content(store)[2] == ("p", 1, 1, CODE, "a", 1 / 3, None, None)
    assert content(store)[1][4:6] == ("b", "nan")
    assert pq.read_schema(store.parts()[0]).equals(SCHEMA)


def test_each_run_once_and_a_result_before_a_failure(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.add(runs(range(2)), CODE)
    store.add(runs([1, 2], error="first"), CODE)
    store.add(runs([2], error="second"), CODE)
    store.add(runs([0]), CODE)
    store.add(runs([0], point="q"), CODE)
    store.add(runs([0]), "other code")
    found = content(store)
    assert len(found) == 2 * 2 + 1 + 2 + 2
    assert [row[6] for row in found if row[6]] == ["second"]
    store.add(runs([2]), CODE)
    assert not [row[6] for row in content(store) if row[6]]


def test_compaction_keeps_every_row(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for number in range(10):
        store.add(runs([number, number + 1], point=f"p{number % 3}"), CODE)
    store.add(runs([99], error="failed"), CODE)
    before = content(store)
    assert store.compact() == 11
    assert len(store.parts()) == 1
    assert content(store) == before
    assert store.compact() == 0


def test_reading_while_others_add_and_put_together(tmp_path: Path) -> None:
    """Two writers and two that put together; whoever reads sees every run added before, each once."""
    store, stop, problems = open_store(tmp_path), threading.Event(), []

    def write(point: str) -> None:
        for number in range(25):
            store.add(runs([number], point=point), CODE)

    def put_together() -> None:
        while not stop.is_set():
            store.compact()

    def read() -> None:
        seen = 0
        while not stop.is_set():
            found = content(store)
            if len(found) < seen or len(set(found)) < len(found):
                problems.append((seen, len(found)))
            seen = len(found)

    helpers = [threading.Thread(target=each) for each in (put_together, put_together, read)]
    writers = [threading.Thread(target=write, args=(point,)) for point in "pq"]
    for thread in (*helpers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in helpers:
        thread.join()
    assert not problems
    assert len(content(store)) == 2 * 25 * 2


def test_a_process_killed_while_it_writes_leaves_nothing_that_is_read(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.add(runs([0]), CODE)
    part = store.runs / ".00-begun.parquet.abc.part"
    part.write_bytes(b"PAR1 half a file")
    assert len(content(store)) == 2
    store.compact()
    assert part.exists()  # its writer may still be at it
    import os

    os.utime(part, (0, 0))
    store.compact()
    assert not part.exists()


@pytest.mark.parametrize("damage", ["cut short", "empty", "not parquet", "a bit"])
def test_a_damaged_file_is_named_and_the_rest_is_read(tmp_path: Path, damage: str) -> None:
    store = open_store(tmp_path)
    store.add(runs([0]), CODE)
    path = store.add(runs(range(1, 400)), CODE)
    whole = bytearray(path.read_bytes())
    if damage == "a bit":
        # In the middle of the numbers themselves, where only a checksum tells.
        column = pq.read_metadata(path).row_group(0).column(SCHEMA.names.index("value"))
        whole[column.data_page_offset + column.total_compressed_size // 2] ^= 1
    damages = {"cut short": bytes(whole[:200]), "empty": b"", "not parquet": b"x" * 900, "a bit": bytes(whole)}
    path.write_bytes(damages[damage])
    table, (damaged,) = store.read()
    assert len(table) == 2
    assert str(damaged).startswith(f"{path}: cannot be read (")
    (moved,) = store.set_aside([damaged])
    assert moved == tmp_path / "damaged" / path.name
    assert moved.exists()
    assert len(content(store)) == 2


def test_not_one_byte_of_a_file_changes_unnoticed(tmp_path: Path) -> None:
    """Whichever byte is changed, footer and names of columns included, and whatever columns are read."""
    store = open_store(tmp_path)
    path = store.add(runs([0]), CODE)
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
        table, damaged = store.read(columns=[])
        assert len(table) == 0, at
        assert [str(file) for file in damaged] == [f"{path}: cannot be read (its content is not what was written)"]
    path.write_bytes(whole)
    assert len(content(store)) == 2


def test_a_file_of_before_digests_is_read_with_all_its_columns(tmp_path: Path) -> None:
    """Format 1: what is wrong with a column is found out by a reader who does not want that column."""
    store = open_store(tmp_path)
    path = store.add(runs(range(400)), CODE)
    path = path.rename(path.with_name("00000000000000000001-0123456789ab.parquet"))
    assert len(content(store)) == 800
    whole = bytearray(path.read_bytes())
    column = pq.read_metadata(path).row_group(0).column(SCHEMA.names.index("value"))
    whole[column.data_page_offset + column.total_compressed_size // 2] ^= 1
    path.write_bytes(whole)
    table, damaged = store.read(columns=[])
    assert (len(table), len(damaged)) == (0, 1)


def test_two_sweeps_set_the_same_file_aside(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.add(runs([0]), CODE).write_bytes(b"")
    _, damaged = store.read()
    assert len(store.set_aside(damaged)) == 1
    assert store.set_aside(damaged) == []


def test_a_full_disk_takes_nothing_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path)
    store.add(runs([0]), CODE)

    def full(*given: object, **more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store_module.pq, "write_table", full)
    with pytest.raises(OSError, match="No space left"):
        store.add(runs([1]), CODE)
    monkeypatch.undo()
    assert len(content(store)) == 2
    assert [path.name for path in store.runs.iterdir()] == [path.name for path in store.parts()]


def test_a_store_of_a_newer_version(tmp_path: Path) -> None:
    open_store(tmp_path)
    (tmp_path / "store.json").write_text(json.dumps({"simsupply_store": 3}))
    with pytest.raises(InputError, match=r"format 3.*a newer version of simsupply wrote this one"):
        open_store(tmp_path)
    (tmp_path / "store.json").write_text("nonsense")
    with pytest.raises(InputError, match="it cannot be read"):
        open_store(tmp_path)


def test_a_folder_that_cannot_be_written_or_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file" / "below", Path("/proc/simsupply")):
        with pytest.raises(InputError, match="a folder that can be written"):
            open_store(folder)
    with pytest.raises(InputError, match="a folder that a sweep has written to"):
        open_store(tmp_path, is_new=False)


def test_files_that_never_keep_still(tmp_path: Path) -> None:
    def never() -> None:
        raise FileNotFoundError

    with pytest.raises(StoreError, match="keep changing"):
        store_module._while_compacted(never)


@pytest.mark.lengthy
def test_a_million_rows_in_two_seconds(tmp_path: Path) -> None:
    """20,000 runs of 50 metrics in 100 files; one metric of all, and all of one point."""
    import pyarrow.compute as pc

    store, names = open_store(tmp_path), [f"metric_{number}" for number in range(50)]
    for part in range(100):
        points = np.repeat([f"{part:04d}{number:028d}" for number in range(20)], 10 * 50)
        numbers = np.tile(np.repeat(np.arange(10), 50), 20)
        columns = {
            "point": points,
            "seed": np.ones(10_000, dtype=np.int64),
            "replication": numbers,
            "code": ["code"] * 10_000,
            "metric": names * 200,
            "value": np.arange(10_000.0),
            "error": pa.nulls(10_000, pa.string()),
            "trace": pa.nulls(10_000, pa.string()),
        }
        store._write(pa.table(columns).cast(SCHEMA))
    begin = time.process_time()
    found, _ = store.read(columns=["metric", "value"], filters=pc.field("metric") == "metric_7")
    means = found.to_pandas().groupby("point", observed=True)["value"].mean()
    assert (len(found), len(means)) == (20_000, 2_000)
    single, _ = store.read(filters=pc.field("point") == f"{5:04d}{3:028d}")
    assert len(single) == 500
    # Time of the processors, because the tests run beside others; so twice as strict on two of them.
    assert time.process_time() - begin < 2.0
    assert store.compact() == 100
    assert len(store.read()[0]) == 1_000_000
