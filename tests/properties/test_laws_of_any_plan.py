"""What must hold in any plan, whatever its numbers."""

from __future__ import annotations

import copy
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simsupply as ss
from tests.plans.paper_plans import (
    channel,
    crew,
    cycle,
    delay,
    door,
    fleet,
    gate,
    leg,
    shift,
    stage,
    strategy,
    world,
)

ROOT = Path(__file__).resolve().parents[2]
SHIFTS = (
    (shift("08:00", "18:00"),),
    (shift("08:00", "18:00", ("12:00", "13:00")),),
    (shift("09:00", "13:00"),),
    (shift("07:30", "11:00", ("09:00", "09:20")), shift("12:00", "18:00", ("15:00", "15:10"))),
)
ROUNDING = 1e-9
BOUNDED = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), max_examples=15)

minutes = st.floats(0.5, 30).map(lambda value: round(value, 2))
spread = st.one_of(
    st.just({"kind": "none"}),
    st.floats(0.1, 0.5).map(lambda sigma: {"kind": "lognormal", "sigma": round(sigma, 2)}),
)


@st.composite
def plans(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A scenario and a strategy as plain data, small enough to run in no time.

    Overtime never lasts into the next day: work and trips are short against the night.
    """
    sizes = draw(st.lists(st.integers(1, 13), min_size=1, max_size=3).filter(lambda counts: sum(counts) >= 3))
    via_hub = draw(st.booleans())
    kilometres = [draw(st.floats(0.2, 12)) for _ in sizes]
    geography: dict[str, Any] = {
        "kind": "listed",
        "world_seed": draw(st.integers(0, 5)),
        "depots": [{"name": "site", "docks": draw(st.integers(1, 2))}],
        "stations": [{"name": "hub", "depot": "site", "distance_km": draw(st.floats(1, 10))}] if via_hub else [],
        "drop_points": [
            {
                "name": f"d{number}",
                "households": count,
                "distance_km": km,
                **({"station": "hub"} if via_hub else {}),
            }
            for number, (count, km) in enumerate(zip(sizes, kilometres, strict=True))
        ],
    }

    def team(most: int, at: str = "depot", **more: Any) -> dict[str, Any]:
        return crew(draw(st.integers(1, most)), at, *draw(st.sampled_from(SHIFTS)), **more)

    def vehicles(most: int, at: str = "depot", **more: Any) -> dict[str, Any]:
        more = {"payload_parcels": draw(st.integers(1, 20)), "speed_km_h": draw(st.floats(15, 50)), **more}
        return fleet(
            draw(st.integers(1, most)),
            at,
            *draw(st.sampled_from(SHIFTS)),
            speed_cv=draw(st.sampled_from([0, 0.2])),
            people_per_vehicle=draw(st.integers(1, 2)),
            **more,
        )

    attendance = draw(st.sampled_from([0.3, 0.5, 0.8, 1]))
    horizon = draw(st.integers(1, 7))
    crews = {"packers": team(4), "walkers": team(3, "drop_point", people="volunteer")}
    # Paused work goes on with the person who began it, who may be away tomorrow or on another shift than the
    # one who would have begun it otherwise; that more hands never delay is only so if all are alike.
    if attendance == 1 and len(crews["packers"]["shifts"]) == 1:
        crews["packers"]["at_shift_end"] = draw(st.sampled_from(["finish", "pause"]))
    steps = []
    if draw(st.booleans()):
        crews["clerks"] = team(2)
        effort = {"per_consignment_min": draw(minutes), "per_order_min": draw(minutes) / 10}
        steps.append(stage("compile", "clerks", per="consignment", effort=effort))
    effort = {"per_order_min": draw(minutes), "per_line_min": draw(minutes) / 20, "per_kg_min": draw(minutes) / 50}
    steps.append(stage("pack", "packers", effort=effort, variability=draw(spread)))
    loading = {"per_consignment_min": draw(minutes) / 5, "per_parcel_min": 0.15}
    if via_hub:
        steps.append(leg("trunk", "trucks", "depot", "station", load=loading))
        steps.append(delay("rest", draw(st.integers(0, 90))))
        crews["sorters"] = team(2, "station")
        steps.append(stage("sort", "sorters", "station", effort={"per_parcel_min": draw(minutes) / 5}))
    if draw(st.booleans()):
        steps.append(gate("barrier", "09:15", draw(st.sampled_from(["10:00", "16:00"]))))
    origin = "station" if via_hub else "depot"
    steps.append(leg("deliver", "vans", origin, load=loading, unload=loading))
    steps.append(delay("count", draw(st.integers(0, 30))))
    steps.append(
        door(
            draw(st.integers(1, 6)),
            draw(st.integers(0, 12)),
            carry_kg=draw(st.sampled_from([30, 1e6])),
            effort={"per_order_min": draw(minutes) / 10},
            variability=draw(spread),
        )
    )
    plan = world(
        geography,
        crews,
        {"vans": vehicles(3, origin), **({"trucks": vehicles(2)} if via_hub else {})},
        demand=cycle(14, draw(st.integers(1, 4)), lines=draw(st.integers(1, 12))),
        attendance=attendance,
        people={
            "persons_mean": draw(st.sampled_from([1, 2.3])),
            "lift_share": draw(st.sampled_from([0, 0.5, 1])),
            "households_per_building": draw(st.integers(1, 4)),
            "priority_share": draw(st.sampled_from([0, 0.3, 1])),
            "pantry_days": {"low": 0, "high": draw(st.integers(0, 4))},
        },
        horizon_days=horizon,
        run_out_days=draw(st.integers(0, 7)),
        prices={"worker_hour": 20, "volunteer_hour": 5, "vehicle_km": 1},
    )
    return plan, strategy(channel("only", *steps, release={"kind": draw(st.sampled_from(["order", "allot"]))}))


def simulate(plan: dict[str, Any], decided: dict[str, Any], **how: Any) -> ss.Result:
    return ss.simulate(
        ss.load_scenario(plan),
        ss.load_strategy(decided),
        **{"replications": 1, "seed": 1, "detail": "orders", **how},
    )


def steps_of(decided: dict[str, Any]) -> list[str]:
    return [next(iter(step.values()))["name"] for step in decided["channels"]["only"]["steps"]]


def first_deliveries(result: ss.Result) -> np.ndarray:
    """Minute of each household's first delivery, per replication; infinite: none by the end of the run."""
    orders = result.orders
    return (
        orders["door"]
        .fillna(math.inf)
        .groupby([orders["replication"], orders["household"]])
        .min()
        .sort_index()
        .to_numpy()
    )


def more_of_something(plan: dict[str, Any], choice: int) -> dict[str, Any]:
    """The same plan with one more worker in a crew, one more vehicle, or more who come."""
    plan = copy.deepcopy(plan)
    changes = [(team, "headcount") for team in plan["staffing"]["crews"].values()]
    changes += [(vehicles, "count") for vehicles in plan["fleet"].values()]
    if plan["staffing"]["attendance"] < 1:
        changes.append((plan["staffing"], "attendance"))
    holder, key = changes[choice % len(changes)]
    holder[key] = min(1, holder[key] + 0.2) if key == "attendance" else holder[key] + 1
    return plan


@pytest.mark.lengthy
@BOUNDED
@given(plans(), st.integers(0, 59), st.integers(0, 1000))
def test_more_hands_never_delay_anybody(drawn, choice, seed) -> None:
    """Under common random numbers, household by household and order by order."""
    plan, decided = drawn
    fewer = simulate(plan, decided, seed=seed, replications=2)
    more = simulate(more_of_something(plan, choice), decided, seed=seed, replications=2)
    assert (first_deliveries(more) <= first_deliveries(fewer) + ROUNDING).all()
    assert (more.values["coverage"] >= fewer.values["coverage"]).all()
    keys = ["replication", "wave", "household"]
    after, before = (result.orders.set_index(keys).sort_index() for result in (more, fewer))
    for step in steps_of(decided):
        assert (after[step].fillna(math.inf) <= before[step].fillna(math.inf) + ROUNDING).all(), step


@BOUNDED
@given(plans(), st.integers(0, 1000))
def test_books_balance(drawn, seed) -> None:
    """Orders, kilograms, minutes and money add up."""
    plan, decided = drawn
    result = simulate(plan, decided, seed=seed)
    orders, values = result.orders, result.values.loc[0]
    horizon = plan["scenario"]["horizon_days"] * 1440
    households = sum(place["households"] for place in plan["scenario"]["geography"]["drop_points"])
    waves = math.ceil(plan["scenario"]["horizon_days"] / plan["demand"]["cycle_days"])
    assert len(orders) == households * waves
    assert not orders.duplicated(["wave", "household"]).any()
    kg = 14 * plan["demand"]["cycle_days"] / 7
    served = orders["door"]

    assert abs(values["mass_balance_error_kg"]) < 1e-6
    assert values["orders_attempted"] == values["orders_accepted"] + values["orders_rejected"]
    assert values["orders_accepted"] == len(orders)
    assert values["orders_delivered"] == (served < horizon).sum()
    assert values["orders_accepted"] == values["orders_delivered"] + (~(served < horizon)).sum()
    assert values["backlog_peak_orders"] <= len(orders)
    need = 2 * plan["scenario"]["horizon_days"]
    received = (served < horizon).groupby(orders["household"]).sum() * kg
    assert math.isclose(values["fill_rate"], received.clip(upper=need).sum() / (need * households), abs_tol=1e-12)
    for name in values.index[values.index.str.startswith("utilisation.")]:
        assert 0 <= values[name] <= 1 + ROUNDING, name
    for name in ("coverage", "fill_rate", "gini_kg_per_person"):
        assert 0 <= values[name] <= 1 + ROUNDING, name
    assert 0 <= values["deprived_household_days"] <= households * plan["scenario"]["horizon_days"] + ROUNDING
    assert 0 <= values["gap_h_p95"] <= horizon / 60 + ROUNDING
    cost = 20 * values["worker_hours"] + 5 * values["volunteer_hours"] + values["vehicle_km"]
    assert math.isclose(values["cost"], cost, rel_tol=1e-9, abs_tol=1e-9)
    first = first_deliveries(result)
    target = plan["scenario"]["service_target_days"] * 1440
    assert values["coverage"] == np.count_nonzero(first < target) / households


@BOUNDED
@given(plans(), st.integers(0, 1000))
def test_time_runs_forward(drawn, seed) -> None:
    """No step ends before the one before it, nothing happens before the order is placed or after the run."""
    plan, decided = drawn
    orders = simulate(plan, decided, seed=seed).orders
    columns = ["placed", *steps_of(decided)]
    assert list(orders.columns[5:]) == columns
    times = orders[columns].to_numpy()
    earlier, later = times[:, :-1], times[:, 1:]
    # Not done with one step: not done with a later one.
    assert not (np.isnan(earlier) & ~np.isnan(later)).any()
    assert not (later < earlier).any()
    end = (plan["scenario"]["horizon_days"] + plan["scenario"]["run_out_days"]) * 1440
    assert np.nanmax(times) <= end


@pytest.mark.lengthy
@BOUNDED
@given(plans(), st.integers(0, 1000))
def test_work_takes_its_time_and_nobody_works_at_night(drawn, seed) -> None:
    """With constant times, `finish` and no earlier step: packing begins inside a shift, after the wish."""
    plan, decided = copy.deepcopy(drawn)
    steps = decided["channels"]["only"]["steps"]
    steps[:] = [step for step in steps if next(iter(step.values()))["name"] != "compile"]
    packing = steps[0]["stage"]
    packing["variability"] = {"kind": "none"}
    team = plan["staffing"]["crews"]["packers"]
    team["at_shift_end"] = "finish"
    result = simulate(plan, decided, seed=seed)
    effort = packing["effort"]
    kg = 14 * plan["demand"]["cycle_days"] / 7
    lasts = effort["per_order_min"] + effort["per_line_min"] * plan["demand"]["lines_per_order"]
    lasts += effort["per_kg_min"] * kg
    done = result.orders.dropna(subset="pack")
    if done.empty:
        return
    start = done["pack"] - lasts
    assert (start >= done["placed"] - 1e-6).all()
    duty = [
        (period["start"], period["end"], period["breaks"]) for period in plan["staffing"]["crews"]["packers"]["shifts"]
    ]

    def minute(text: str) -> int:
        return int(text[:2]) * 60 + int(text[3:])

    for moment in start % 1440:
        inside = [
            begin
            for begin, end, breaks in duty
            if minute(begin) - 1e-6 <= moment < minute(end) + 1e-6
            and not any(minute(b["start"]) + 1e-6 < moment < minute(b["end"]) - 1e-6 for b in breaks)
        ]
        assert inside, moment
    # At no moment are more at work than there are people.
    people = team["headcount"] * len(team["shifts"])
    events = sorted([(t + 1e-6, 1) for t in start] + [(t, -1) for t in done["pack"]])
    assert max(np.cumsum([step for _, step in events])) <= people


@pytest.mark.lengthy
@settings(BOUNDED, max_examples=6)
@given(plans(), st.integers(0, 1000), st.integers(0, 3))
def test_replication_stands_alone(drawn, seed, number) -> None:
    """Number k alone is number k of the batch, to the last bit; the same seed gives the same again."""
    plan, decided = drawn
    batch = simulate(plan, decided, seed=seed, replications=4)
    alone = simulate(plan, decided, seed=seed, first_replication=number)
    assert list(alone.values.index) == [number]
    pd.testing.assert_frame_equal(alone.values, batch.values.loc[[number]], check_exact=True)
    orders = batch.orders[batch.orders["replication"] == number].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone.orders.reset_index(drop=True), orders[alone.orders.columns], check_exact=True)
    again = simulate(plan, decided, seed=seed, replications=4)
    assert again.values.to_numpy().tobytes() == batch.values.to_numpy().tobytes()


@pytest.mark.lengthy
def test_same_seed_same_numbers_in_another_process() -> None:
    """Bit by bit, in a fresh interpreter with another hash seed."""
    program = (
        "import sys, json, simsupply as ss\n"
        "plan, decided = json.load(sys.stdin)\n"
        "result = ss.simulate(ss.load_scenario(plan), ss.load_strategy(decided), replications=3, seed=7)\n"
        "print(json.dumps([[repr(float(value)) for value in row] for row in result.values.to_numpy()]))\n"
    )
    plan = world(
        [13, 9, 4],
        {"packers": crew(2), "walkers": crew(2, "drop_point")},
        {"vans": fleet(2, payload_parcels=4, speed_cv=0.2)},
        demand=cycle(14, 2),
        attendance=0.6,
        people={"persons_mean": 2.3, "lift_share": 0.4, "priority_share": 0.2},
    )
    random = {"kind": "lognormal", "sigma": 0.4}
    decided = strategy(
        channel(
            "only",
            stage("pack", "packers", effort={"per_order_min": 17}, variability=random),
            leg("deliver", "vans", load={"per_parcel_min": 2}),
            door(3, 5, variability=random),
        )
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps([plan, decided]),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "12345"},
    )
    here = simulate(plan, decided, replications=3, seed=7, detail="summary").values
    rows = [[repr(float(value)) for value in row] for row in here.to_numpy()]
    assert json.loads(other.stdout) == rows
    different = simulate(plan, decided, replications=3, seed=8, detail="summary").values
    assert not here["worker_hours"].equals(different["worker_hours"])
