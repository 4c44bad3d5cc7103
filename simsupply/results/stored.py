"""Results that an earlier run left in a folder, read back to be topped up, or why they cannot be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from simsupply.base.versions import code_version
from simsupply.results.result import Result
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec

# Keys that do not change what a replication is.
_FREE = ("replications", "precision", "output", "language", "bottleneck")
_NAMED = 3


def earlier_result(
    folder: Path, config: Mapping[str, Any], scenario: Scenario, strategy: StrategySpec
) -> Result | str | None:
    """What an earlier run of the same plan left: a result, or why it cannot be topped up; None: nothing is there.

    The plan is the same if the resolved configuration (but for `replications`, `precision`, `output`,
    `language` and `bottleneck`), the seed among it, and the code are.
    """
    path = folder / "provenance.json"
    if not path.exists():
        return None
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
        config_before, code_before = before["config"], before["code"]
        unstaffed, notes = tuple(before["unstaffed"]), tuple(before["notes"])
    except (OSError, ValueError, KeyError, TypeError):
        return f"{path.name} in it is of another command or version, or cannot be read"
    if code_before != code_version():
        return "the results in it are of another version of the code"
    changes = _changes(config_before, json.loads(json.dumps(config, default=str)))
    if changes:
        more = f" and {len(changes) - _NAMED} more" if len(changes) > _NAMED else ""
        return f"the results in it are of another plan: {', '.join(changes[:_NAMED])}{more}"
    try:
        result = _read(folder, scenario, strategy, config["seed"], notes, unstaffed)
    except (OSError, ValueError, KeyError) as error:
        return f"the results in it cannot be read ({str(error).splitlines()[0]})"
    return result if result is not None else "the results in it are not whole"


def _changes(before: Any, now: Any) -> list[str]:
    """Keys that differ, each with its values."""
    old, new = _flat(before), _flat(now)
    return [
        f"{key} was {old.get(key, 'not there')}, is {new.get(key, 'not there')}"
        for key in dict.fromkeys((*old, *new))
        if old.get(key, ...) != new.get(key, ...) and key.partition(".")[0] not in _FREE
    ]


def _flat(data: Any, at: str = "") -> dict[str, Any]:
    if isinstance(data, dict) and data:
        parts = [_flat(value, f"{at}.{key}" if at else str(key)) for key, value in data.items()]
        return {key: value for part in parts for key, value in part.items()}
    return {at: data}


def _read(
    folder: Path,
    scenario: Scenario,
    strategy: StrategySpec,
    seed: int,
    notes: tuple[str, ...],
    unstaffed: tuple[str, ...],
) -> Result | None:
    """The result; None if its files do not hold the same replications."""
    long = pd.read_parquet(folder / "replications.parquet")
    values = long.pivot(index="replication", columns="metric", values="value")
    values = values[list(dict.fromkeys(long["metric"]))].rename_axis(columns=None)
    curves = pd.read_parquet(folder / "coverage.parquet").pivot(index="replication", columns="hour", values="share")
    days, staff, vehicles = (pd.read_parquet(folder / f"{name}.parquet") for name in ("days", "staff", "vehicles"))
    # With holds only there is no staff and no vehicle, and with one tier, channel and kind of household no split.
    splits = pd.read_parquet(folder / "splits.parquet")
    numbers = list(range(len(values)))
    tables = [table for table in (days, staff, vehicles, splits) if not table.empty]
    whole = list(values.index) == list(curves.index) == numbers
    if not whole or any(sorted(table["replication"].unique()) != numbers for table in tables):
        return None
    shocks = folder / "shocks.parquet"
    has_supply = scenario.spec.supply is not None
    return Result(
        scenario=scenario,
        strategy=strategy,
        seed=seed,
        values=values,
        hours=curves.columns.to_numpy(dtype=float),
        coverage=curves.to_numpy(dtype=float),
        splits=splits,
        supply=pd.read_parquet(folder / "supply.parquet") if has_supply else None,
        releases=pd.read_parquet(folder / "reserve_releases.parquet") if has_supply else None,
        rationing=pd.read_parquet(folder / "rationing.parquet") if has_supply else None,
        notes=notes,
        unstaffed=unstaffed,
        days=days,
        staff=staff,
        vehicles=vehicles,
        **({"shocks": pd.read_parquet(shocks)} if shocks.exists() else {}),
    )
