"""Where results come from: version, commit, digest of the code, configuration, seed, engine, environment."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from simsupply.base.versions import __version__, code_version
from simsupply.results.result import Result
from simsupply.scenario.people_at_places import planned_at_places

LIBRARIES = ("numpy", "scipy", "numba", "simpy", "pandas", "pyarrow", "hydra-core", "matplotlib")


def provenance(
    config: dict[str, Any], results: Sequence[Result], inputs: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What ``provenance.json`` holds.

    `inputs`: files that the configuration was composed of, each with its layer, SHA-256 and the sections it sets, and
    keys that overrides set (`simsupply.base.source_map.inputs_of`); left out where nothing of it is known. ``planned``:
    of every scenario what its crews and fleets come to at their places, on the days on which most are planned.
    """
    about = environment()
    scenarios = {result.scenario.name: result.scenario for result in results}
    planned = {
        name: {group.name: group.as_plain() for group in planned_at_places(scenario)}
        for name, scenario in scenarios.items()
    }
    return {
        **{key: about[key] for key in ("simsupply", "commit", "code")},
        "seed": results[0].seed,
        "notes": list(dict.fromkeys(note for result in results for note in result.notes)),
        "unstaffed": list(results[0].unstaffed) if len(results) == 1 else [],
        **({} if inputs is None else {"inputs": inputs}),
        "planned": planned,
        "config": config,
        "environment": about["environment"],
    }


def environment() -> dict[str, Any]:
    """Version, commit, digest of the code, and the libraries it runs with."""
    return {
        "simsupply": __version__,
        "commit": _commit(),
        "code": code_version(),
        "environment": {
            "python": platform.python_version(),
            "platform": platform.platform(),
            **{name: version(name) for name in LIBRARIES},
        },
    }


def _commit() -> str | None:
    """Commit of the checkout this package runs from; None for an installed package."""
    checkout = Path(__file__).resolve().parents[2]
    if not (checkout / ".git").exists():
        return None
    try:
        command = ["git", "-C", str(checkout), "describe", "--always", "--dirty", "--abbrev=40"]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None
