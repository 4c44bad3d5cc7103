"""A plan of a hundred households as a user's own files."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

SHIFT = {"start": "08:00", "end": "18:00"}
Plain = dict[str, Any]


def _crew(at: str, headcount: int) -> Plain:
    return {"at": at, "headcount": headcount, "at_shift_end": "finish", "shifts": [dict(SHIFT)]}


SCENARIO: Plain = {
    "scenario": {
        "name": "my_estate",
        "title": {"en": "My estate", "zh": "我的小区"},
        "horizon_days": 3,
        "run_out_days": 2,
        "service_target_days": 2,
        "priority_target_hours": 24,
        "geography": {
            "kind": "listed",
            "depots": [{"name": "hall", "docks": 1}],
            "drop_points": [
                {"name": "gate_a", "households": 40, "distance_km": 1.2},
                {"name": "gate_b", "households": 60, "distance_km": 2.0},
            ],
        },
        "households": {
            "persons_mean": 2.5,
            "lift_share": 0.5,
            "households_per_building": 10,
            "priority_share": 0.1,
            "pantry_days": {"low": 0, "high": 2},
        },
    },
    "demand": "weekly_13kg",
    "staffing": {
        "attendance": 0.9,
        "crews": {
            "clerks": _crew("depot", 3),
            "site_workers": _crew("depot", 6),
            "door_team": _crew("drop_point", 4),
        },
    },
    "fleet": {
        "vans": {
            "at": "depot",
            "count": 2,
            "payload_kg": 500,
            "payload_parcels": 50,
            "speed_km_h": 28,
            "shifts": [dict(SHIFT)],
        }
    },
}
STRATEGY: Plain = {
    "name": "my_way",
    "title": {"en": "My way", "zh": "我的办法"},
    "channels": {"standard_crates": "standard_crates"},
    "calendar": [{"channel": "standard_crates", "from_day": 0}],
}


def changed(plain: Plain, changes: dict[str, Any]) -> Plain:
    """Copy with values replaced (or added) at dotted keys."""
    plain = copy.deepcopy(plain)
    for key, value in changes.items():
        *above, last = key.split(".")
        node: Any = plain
        for part in above:
            node = node[int(part)] if isinstance(node, list) else node[part]
        node[int(last) if isinstance(node, list) else last] = value
    return plain


def write(path: Path, plain: Plain, changes: dict[str, Any] | None = None) -> str:
    """Write plain data as a YAML file; return its name as a user would type it."""
    path.write_text(yaml.safe_dump(changed(plain, changes or {}), allow_unicode=True), encoding="utf-8")
    return str(path)
