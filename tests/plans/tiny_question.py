"""An experiment of a few households, in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from experiments.spec import FILE, Experiment, ExperimentSpec, Option, read_experiment
from simsupply.base.spec import Title, parse

Plain = dict[str, Any]


def title(text: str) -> Plain:
    return {"en": text, "zh": text}


def line() -> Plain:
    """Two strategies of the small town of plan S9 at two levels of attendance; runs in about a second."""
    return {
        "kind": "line",
        "title": title("Tiny"),
        "question": title("Which?"),
        "why": "To be tested.",
        "method": "As it says.",
        "limits": "Everything.",
        "scenario": "calendar_town",
        "options": {
            "lists": {"title": title("Lists"), "strategy": "buying_days"},
            "crates": {"title": title("Crates"), "strategy": "station_crates_every_4_days"},
        },
        "factors": {
            "attendance": {
                "title": title("Attendance"),
                "unit": "share",
                "levels": [0.3, 1.0],
                "keys": {"staffing.attendance": 1},
            }
        },
        "measures": {
            "fill": {"title": title("Fill"), "metric": "fill_rate", "better": "more", "target": {"at_least": 0.9}}
        },
        "replications": 2,
    }


def spec_of(data: Plain) -> ExperimentSpec:
    return parse(ExperimentSpec, data, source="tiny")


def write(data: Plain, root: Path, name: str = "tiny") -> Experiment:
    """Write it into ``root/name`` and read it again."""
    (root / name).mkdir(parents=True, exist_ok=True)
    (root / name / FILE).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return read_experiment(name, root)


def option(text: str) -> Option:
    return Option(title=Title(en=text, zh=text), strategy="standard_crates")
