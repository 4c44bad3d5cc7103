"""What a folder of results holds: whose results, in which of its files, and whether these are as they were written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from simsupply.base.catalogue import Message, message
from simsupply.base.files import write_json
from simsupply.base.versions import code_version
from simsupply.records.detail import DETAILS, tables_of
from simsupply.results.tables import TABLES

PROVENANCE = "provenance.json"
PLAN = "simsupply.plan"
"""Key under which a Parquet table of a run says of which plan it is (`plan_digest`)."""
DETAIL_FOLDERS = (*tables_of(DETAILS), "households", "cases")
# Keys that do not change what a replication is.
FREE_KEYS = ("replications", "precision", "output", "language", "bottleneck")
# What commands wrote before a folder had a list of its files.
_NAMES_BEFORE = (
    *(f"{table.file}.parquet" for table in TABLES if table.file is not None),
    *("summary.json", "distribution.csv", "splits.csv", "bottleneck.csv"),
    *("answer.md", "table.csv", "comparison.json", "differences.csv", "for_whom.csv"),
)


def plan_digest(config: Mapping[str, Any]) -> str:
    """Digest of what a replication follows from: the resolved configuration, the seed among it, and the code."""
    plan = {key: value for key, value in config.items() if key not in FREE_KEYS}
    text = json.dumps([code_version(), plan], sort_keys=True, ensure_ascii=False, default=str)
    return _digest(text.encode())


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def seal(folder: Path) -> None:
    """Note in a folder's provenance which files results consist of, each with the digest of its content.

    What `detail` writes is noted by its folder alone.
    """
    found: dict[str, str | None] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name in DETAIL_FOLDERS:
            found[name] = None
        elif path.is_file() and name != PROVENANCE and name.partition("/")[0] not in DETAIL_FOLDERS:
            found[name] = _digest(path.read_bytes())
    about = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
    write_json(folder / PROVENANCE, {**about, "files": found})


def sealed_bytes(folder: Path, name: str, sealed: Mapping[str, Any]) -> bytes | Message:
    """Content of a file that is as it was written, or what is wrong with it."""
    content = (folder / name).read_bytes()
    return content if sealed.get(name) == _digest(content) else message("file_changed_since", file=name)


def own_files(folder: Path) -> set[str]:
    """Which files and whole folders in a folder results consist of; what else is there is its user's."""
    if not (folder / PROVENANCE).exists():
        return set()
    files = _read(folder / PROVENANCE).get("files")
    if isinstance(files, dict):
        return {PROVENANCE, *files}
    figures = {f"figures/{path.name}" for path in (folder / "figures").glob("*") if path.suffix in (".png", ".svg")}
    known = {name for name in (*_NAMES_BEFORE, *DETAIL_FOLDERS) if (folder / name).exists()}
    return {PROVENANCE, *figures, *known}


def what_is_there(folder: Path) -> Message | None:
    """What a folder holds, in words: a sweep, a comparison or a run; None: nothing of ours."""
    if (folder / "store.json").exists():
        return message("holds_sweep")
    if not (folder / PROVENANCE).exists():
        return None
    comparison, run = _read(folder / "comparison.json"), _read(folder / "summary.json")
    if isinstance(cases := comparison.get("cases"), list):
        cases = [case for case in cases if isinstance(case, dict)]
        named = {key: list(dict.fromkeys(str(case.get(key)) for case in cases)) for key in ("scenario", "strategy")}
        return message("holds_comparison", scenarios=named["scenario"], strategies=named["strategy"])
    if {"scenario", "strategy", "replications"} <= run.keys():
        return message("holds_run", **{key: str(run[key]) for key in ("scenario", "strategy", "replications")})
    return message("holds_results")


def is_of(folder: Path, config: Mapping[str, Any]) -> bool:
    """Whether a folder holds results of this configuration and this code."""
    before = _read(folder / PROVENANCE)
    found = before.get("config")
    if not isinstance(found, dict) or before.get("code") != code_version():
        return False
    now = json.loads(json.dumps(config, default=str))
    return all(found.get(key) == now.get(key) for key in {*found, *now} - {"output", "language"})


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
