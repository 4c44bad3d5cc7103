"""What a sweep was, beside its results: points, configurations and settings, so that it goes on without its command.

``sweeps/NAME.parquet`` has a row for each point, ``sweeps/NAME.json`` the rest. NAME is a digest of the points;
what a boundary map runs beside them is a sweep too, NAME_METRIC.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from typing import Any

import pandas as pd

from simsupply.base.catalogue import message
from simsupply.base.files import write_json, write_whole
from simsupply.base.problems import StoreError, wrong
from simsupply.base.system_errors import RefusedFile, reason
from simsupply.results.provenance import environment
from simsupply.sweeps.parameters import Interval
from simsupply.sweeps.plans import Plans, Point
from simsupply.sweeps.store import Store


@dataclass(frozen=True)
class SweepSettings:
    """How a sweep is run: see `simsupply.sweeps.sweep.sweep`."""

    replications: int = 20
    design: str = "grid"
    points: int | None = None
    executor: str = "processes"
    workers: int | None = None
    scheduler: str | None = None
    on_failure: str = "keep_going"


@dataclass(frozen=True)
class Record:
    """A sweep in a store.

    `code` is the version of the code that ran it last; `written` when that was, seconds since 1970; `intervals`
    what its points were sampled from.
    """

    name: str
    plans: Plans
    settings: SweepSettings
    code: str
    written: float = 0.0
    intervals: tuple[Interval, ...] = ()


def write_record(store: Store, record: Record) -> None:
    """Write a sweep's record; one of the same name is replaced."""
    folder = store.folder / "sweeps"
    folder.mkdir(exist_ok=True)
    plans = record.plans
    rows = pd.DataFrame(
        {
            "point": [point.key for point in plans.points],
            "seed": [point.seed for point in plans.points],
            "base": [point.base for point in plans.points],
            "changes": [json.dumps(point.changes, ensure_ascii=False) for point in plans.points],
            "values": [json.dumps(point.values, ensure_ascii=False) for point in plans.points],
        }
    )
    points = rows.to_parquet(None, index=False, compression="zstd")
    write_whole(folder / f"{record.name}.parquet", lambda part: part.write_bytes(points), is_durable=True)
    about: dict[str, Any] = {
        "points": _digest(points),
        "settings": asdict(record.settings),
        "largest_bytes": plans.largest,
        "bases": plans.bases,
        "intervals": [asdict(interval) for interval in record.intervals],
        **environment(),
        "code": record.code,
    }
    write_json(folder / f"{record.name}.json", {**about, "digest": _digest_of(about)})


def _digest_of(about: dict[str, Any]) -> str:
    """Digest of what a file says, however it is laid out."""
    return _digest(json.dumps(about, sort_keys=True, ensure_ascii=False, default=str).encode())


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def read_records(store: Store) -> list[Record]:
    """All sweeps of a store, the one run last at the end.

    Raises
    ------
    StoreError
        If one cannot be read.
    """
    paths = (store.folder / "sweeps").glob("*.json")
    return [_read(store, path.stem) for path in sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.name))]


def read_record(store: Store, name: str | None, source: str = "results", key: str = "sweep") -> Record:
    """One sweep of a store by its name, or the only one, or the one run last.

    Raises
    ------
    InputError
        If there is none, or none of this name.
    """
    names = {path.stem for path in (store.folder / "sweeps").glob("*.json")}
    if name is not None and name not in names:
        raise wrong(
            source,
            key,
            name,
            message("sweep_of_folder", folder=str(store.folder), names=sorted(names) or message("no_names")),
        )
    if not names:
        raise wrong(source, key, str(store.folder), message("folder_with_sweep"))
    return _read(store, name) if name is not None else read_records(store)[-1]


def _read(store: Store, name: str) -> Record:
    path = store.folder / "sweeps" / f"{name}.json"
    try:
        about: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        content = path.with_suffix(".parquet").read_bytes()
        digest, points_digest = about.pop("digest", None), about.get("points")
        # A store of format 1 has neither.
        if (digest, points_digest) != (None, None) and (digest, points_digest) != (_digest_of(about), _digest(content)):
            raise RefusedFile(message("content_changed"))
        rows = pd.read_parquet(io.BytesIO(content))
        points = tuple(
            Point(json.loads(values), base, json.loads(changes), seed, key)
            for key, seed, base, changes, values in zip(
                rows["point"],
                rows["seed"].tolist(),
                rows["base"].tolist(),
                rows["changes"],
                rows["values"],
                strict=True,
            )
        )
        plans = Plans(points, tuple(about["bases"]), about["largest_bytes"])
        intervals = tuple(Interval(**interval) for interval in about.get("intervals", ()))
        return Record(name, plans, SweepSettings(**about["settings"]), about["code"], path.stat().st_mtime, intervals)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(message("record_cannot_be_read", file=path, reason=reason(error))) from None


def with_settings(record: Record, **changes: Any) -> Record:
    """The same sweep run otherwise; what is None stays, but a scheduler only with Dask."""
    given = {key: value for key, value in changes.items() if value is not None}
    if given.get("executor", "dask") != "dask":
        given.setdefault("scheduler", None)
    return replace(record, settings=replace(record.settings, **given))
