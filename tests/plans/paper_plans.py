"""Small plans, as plain data, whose every event can be worked out on paper.

Unless a case says otherwise: one depot, drop points at 10 km, vehicles at 40 km/h (15 min each way,
exact in floating point), everybody comes, times are constant, wishes are released at 00:00 of day 0,
people work 08:00-18:00 (minutes 480-1080), and an order weighs 14 kg (14 kg a week, once a week).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import simsupply as ss

DAY = 1440.0
TITLE = {"en": "Paper plan", "zh": "纸面方案"}
Plain = dict[str, Any]


def shift(start: str = "08:00", end: str = "18:00", *breaks: tuple[str, str]) -> Plain:
    """One shift with its breaks."""
    return {"start": start, "end": end, "breaks": [{"start": a, "end": b} for a, b in breaks]}


def crew(headcount: int = 1, at: str = "depot", *shifts: Plain, **more: Any) -> Plain:
    """A crew; finishes in overtime what it has begun unless told otherwise."""
    return {
        "at": at,
        "headcount": headcount,
        "at_shift_end": "finish",
        "shifts": list(shifts) or [shift()],
        **more,
    }


def fleet(count: int = 1, at: str = "depot", *shifts: Plain, **more: Any) -> Plain:
    """Vehicles with room for everything unless told otherwise."""
    return {
        "at": at,
        "count": count,
        "payload_kg": 1e6,
        "payload_parcels": 100_000,
        "speed_km_h": 40,
        "shifts": list(shifts) or [shift()],
        **more,
    }


def stage(name: str, crew: str, at: str = "depot", **more: Any) -> Plain:
    """A step of work; `effort` and the other keys as in the grammar."""
    return {"stage": {"name": name, "at": at, "crew": crew, **more}}


def work(name: str, crew: str, minutes: float, **more: Any) -> Plain:
    """A step of work of so many minutes an order."""
    return stage(name, crew, effort={"per_order_min": minutes}, **more)


def leg(name: str, fleet: str, origin: str = "depot", to: str = "drop_point", **more: Any) -> Plain:
    """A step of transport."""
    return {"leg": {"name": name, "from": origin, "to": to, "fleet": fleet, **more}}


def delay(name: str, minutes: float) -> Plain:
    """A step of waiting."""
    return {"delay": {"name": name, "minutes": minutes}}


def gate(name: str, opens: str, closes: str) -> Plain:
    """A step that is open between two times of day."""
    return {"gate": {"name": name, "opens": opens, "closes": closes}}


def door(households: int = 1, walk_min: float = 4, **more: Any) -> Plain:
    """Walking rounds to the doors: 1 min with a lift, 3 without."""
    work = {key: more.pop(key) for key in ("effort", "variability", "contact") if key in more}
    rounds = {
        "households": households,
        "carry_kg": 1e6,
        "walk_min": walk_min,
        "door_with_lift_min": 1,
        "door_without_lift_min": 3,
        **more,
    }
    return stage("door", "walkers", "drop_point", per="round", rounds=rounds, **work)


def channel(name: str, *steps: Plain, release: Plain | None = None, parcel: Plain | None = None) -> Plain:
    """A way of supply."""
    return {
        "name": name,
        "title": TITLE,
        "release": release or {"kind": "order"},
        "parcel": parcel or {},
        "steps": list(steps),
    }


def strategy(*channels: Plain, from_days: Sequence[int] = (0,)) -> Plain:
    """Channels and the day on which each one takes over."""
    return {
        "name": "paper",
        "title": TITLE,
        "channels": {way["name"]: way for way in channels},
        "calendar": [{"channel": way["name"], "from_day": day} for way, day in zip(channels, from_days, strict=True)],
    }


def cycle(need: float = 14, days: int = 7, lines: int = 1, release_time: str = "00:00") -> Plain:
    """Everybody orders at the start of each cycle."""
    return {
        "kind": "cycle",
        "need_kg_per_household_week": need,
        "cycle_days": days,
        "lines_per_order": lines,
        "release_time": release_time,
    }


def listed(households: Sequence[int], km: float | Sequence[float] = 10, docks: int = 1) -> Plain:
    """Drop points `d0`, `d1`, ... fed by one depot."""
    distances = km if isinstance(km, Sequence) else [km] * len(households)
    return {
        "kind": "listed",
        "depots": [{"name": "site", "docks": docks}],
        "drop_points": [
            {"name": f"d{number}", "households": count, "distance_km": distance}
            for number, (count, distance) in enumerate(zip(households, distances, strict=True))
        ],
    }


def world(
    geography: Plain | Sequence[int],
    crews: Mapping[str, Plain],
    vehicles: Mapping[str, Plain] | None = None,
    *,
    demand: Plain | None = None,
    attendance: float = 1,
    people: Mapping[str, Any] | None = None,
    **more: Any,
) -> Plain:
    """A scenario; `geography` may be just the households of each drop point."""
    return {
        "scenario": {
            "name": "paper",
            "title": TITLE,
            "horizon_days": 7,
            "run_out_days": 7,
            "service_target_days": more.get("horizon_days", 7),
            "priority_target_hours": 72,
            "geography": geography if isinstance(geography, dict) else listed(geography),
            "households": {
                "persons_mean": 1,
                "lift_share": 0,
                "households_per_building": 1,
                "priority_share": 0,
                "pantry_days": {"low": 1, "high": 1},
                **(people or {}),
            },
            **more,
        },
        "demand": demand or cycle(),
        "staffing": {"attendance": attendance, "crews": dict(crews)},
        "fleet": dict(vehicles or {}),
    }


def simulate(plan: Plain, *steps: Plain, **how: Any) -> ss.Result:
    """One replication of a plan with a single channel."""
    return simulate_strategy(plan, strategy(channel("only", *steps, **how)))


def simulate_strategy(plan: Plain, decided: Plain) -> ss.Result:
    """One replication of a plan under a strategy."""
    return ss.simulate(ss.load_scenario(plan), ss.load_strategy(decided), replications=1, seed=1, detail="orders")


def ends(result: ss.Result, step: str, wave: int | None = None) -> list[float]:
    """When each household's order finished a step, by wave and household number."""
    orders = result.orders
    assert orders is not None
    if wave is not None:
        orders = orders[orders["wave"] == wave]
    return [float(value) for value in orders.sort_values(["wave", "household"])[step]]


def clock(day: int, minute: float) -> float:
    """Minutes from 00:00 of day 0."""
    return day * DAY + minute


def is_never(value: float) -> bool:
    """Whether an order did not finish a step by the end of the run."""
    return math.isnan(value)
