"""Results that an earlier run left in a folder, read back to be topped up, or why they cannot be."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from simsupply.base.catalogue import Message, message
from simsupply.base.system_errors import reason
from simsupply.base.versions import code_version
from simsupply.records.detail import SUMMARY, DetailWord, details_of, tables_of
from simsupply.results.contents import FREE_KEYS, PLAN, PROVENANCE, plan_digest, sealed_bytes, what_is_there
from simsupply.results.result import Result
from simsupply.results.tables import TABLES
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec

_NAMED = 3


def earlier_result(
    folder: Path, config: Mapping[str, Any], scenario: Scenario, strategy: StrategySpec
) -> Result | Message | None:
    """What an earlier run of the same plan left: a result, or why it cannot be topped up; None: nothing is there.

    The plan is the same if the resolved configuration (but for `replications`, `precision`, `output`,
    `language` and `bottleneck`), the seed among it, and the code are.
    """
    path = folder / PROVENANCE
    if not path.exists():
        return None
    if (folder / "comparison.json").exists():
        return message("it_holds", what=what_is_there(folder))
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
        config_before, code_before, sealed = before["config"], before["code"], dict(before["files"])
        unstaffed, notes = tuple(before["unstaffed"]), tuple(before["notes"])
    except (OSError, ValueError, KeyError, TypeError):
        return message("provenance_of_another", file=path.name)
    if code_before != code_version():
        return message("results_of_other_code")
    changes = _changes(config_before, json.loads(json.dumps(config, default=str)))
    if changes:
        named: list[Message] | Message = changes[:_NAMED]
        if len(changes) > _NAMED:
            named = message("and_more_changes", first=named, number=len(changes) - _NAMED)
        return message("results_of_another_plan", changes=named)
    try:
        tables = _read_tables(folder, scenario, plan_digest(config), sealed)
    except (OSError, ValueError, KeyError) as error:
        return message("results_unreadable", reason=reason(error))
    if isinstance(tables, Message):
        return tables
    result = Result(scenario, strategy, config["seed"], tables, notes, unstaffed)
    return (
        result if _is_whole(result, folder, details_of(config.get("detail", SUMMARY))) else message("results_not_whole")
    )


def _changes(before: Any, now: Any) -> list[Message]:
    """Keys that differ, each with its values."""
    old, new = _flat(before), _flat(now)
    nothing = message("not_there")
    return [
        message("key_was_and_is", key=key, old=_shown(old.get(key, nothing)), new=_shown(new.get(key, nothing)))
        for key in dict.fromkeys((*old, *new))
        if old.get(key, ...) != new.get(key, ...) and key.partition(".")[0] not in FREE_KEYS
    ]


def _shown(value: Any) -> Any:
    return value if isinstance(value, Message) else str(value)


def _flat(data: Any, at: str = "") -> dict[str, Any]:
    """Values by dotted key; a list of mappings, such as one of thousands of places, entry by entry."""
    if isinstance(data, list) and data and all(isinstance(entry, dict) for entry in data):
        data = {str(number): entry for number, entry in enumerate(data)}
    if isinstance(data, dict) and data:
        parts = [_flat(value, f"{at}.{key}" if at else str(key)) for key, value in data.items()]
        return {key: value for part in parts for key, value in part.items()}
    return {at: data}


def _read_tables(
    folder: Path, scenario: Scenario, plan: str, sealed: Mapping[str, Any]
) -> dict[str, pd.DataFrame] | Message:
    """The tables, or which of them is not as it was written, or of another plan."""
    tables = {}
    for table in TABLES:
        name = f"{table.file}.parquet"
        if table.file is None or not table.is_in(scenario):
            continue
        if not table.is_written_empty and not (folder / name).exists() and name not in sealed:
            continue
        content = sealed_bytes(folder, name, sealed)
        if isinstance(content, Message):
            return content
        found = pq.read_table(pa.BufferReader(content))
        if (found.schema.metadata or {}).get(PLAN.encode()) != plan.encode():
            return message("table_of_another_plan", file=name)
        tables[table.name] = table.from_file(found.to_pandas())
    return tables


def _is_whole(result: Result, folder: Path, details: Sequence[DetailWord]) -> bool:
    """Whether every table, and what `detail` wrote, has the same replications."""
    numbers = list(range(len(result.values)))
    for table in TABLES:
        found = result.tables.get(table.name)
        # With delays only there is no staff and no vehicle, and with one tier, channel and kind of household no split.
        if found is not None and table.is_in_every_replication and not found.empty:
            own = found["replication"].unique() if "replication" in found else found.index
            if sorted(own) != numbers:
                return False
    if not details:
        return True
    parts = [f"replication={number:04d}" for number in numbers]
    return all(
        sorted(path.name.partition(".")[0] for path in (folder / name).glob("*")) == parts
        for name in (*tables_of(details), "households")
    )
