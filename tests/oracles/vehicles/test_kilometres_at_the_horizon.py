"""Kilometres of a trip under way at the horizon are cut as its hours are, in both engines."""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.model.run_loop import run_replication
from simsupply.records.replication import StepRecord
from tests.plans.paper_plans import Plain, channel, crew, fleet, leg, listed, shift, stage, strategy, world

ALL_DAY = shift("00:00", "24:00")


def vans(
    start_min: float,
    run_out_days: int = 1,
    how: Plain | None = None,
    at: str = "depot",
    shocks: Plain | None = None,
    **more: Any,
) -> StepRecord:
    """One load, packed at `start_min`, for a drop point at 40 km: an hour each way; the horizon is 1440 min."""
    plan = world(
        listed([1], km=40),
        {"packers": crew(1, "depot", ALL_DAY)},
        {"vans": fleet(1, at, ALL_DAY, **more)},
        horizon_days=1,
        run_out_days=run_out_days,
        service_target_days=1,
        prices={"vehicle_km": 2},
    )
    plan["shocks"] = shocks or {}
    minutes = {"load": {"per_load_min": 30}, "unload": {"per_load_min": 10}, **(how or {})}
    way = strategy(
        channel(
            "only", stage("pack", "packers", effort={"per_order_min": start_min}), leg("deliver", "vans", **minutes)
        )
    )
    found = []
    for engine in ("auto", "reference"):
        run = run_replication(ss.load_scenario(plan), ss.load_strategy(way), seed=1, number=0, engine=engine)  # type: ignore[arg-type]
        found.append(next(step for step in run.steps if step.fleet))
        result = ss.simulate(
            ss.load_scenario(plan),
            ss.load_strategy(way),
            replications=1,
            seed=1,
            engine=engine,  # type: ignore[arg-type]
        )
        assert result.values.loc[0, "vehicle_km"] == found[-1].vehicle_km
        assert result.values.loc[0, "cost"] == 2 * found[-1].vehicle_km
    assert found[0].vehicle_km == pytest.approx(found[1].vehicle_km, rel=1e-12)
    assert (found[0].trips, found[0].busy_min) == (found[1].trips, pytest.approx(found[1].busy_min))
    return found[0]


# Trips begun in parts need another kernel: disinfection that takes next to no time makes one of each.
PARTS = {"disinfection": {"at_base_min": 1e-9}}


@pytest.mark.parametrize("more", [{}, PARTS])
@pytest.mark.parametrize("run_out_days", [0, 1])
@pytest.mark.parametrize(
    ("start_min", "km", "busy_min"),
    [
        # Loaded 1230, there 1290, unloaded 1300, back 1360.
        (1200, 80, 160),
        # Loaded 1320, there 1380, unloaded 1390, back 1450: 50 of 60 min of the way back, 40 * 5 / 6 km.
        (1290, 40 + 40 * 50 / 60, 150),
        # Loaded 1430: 10 min of the way out.
        (1400, 40 * 10 / 60, 40),
        # Still loading.
        (1420, 0, 20),
        # At the door at 1435, unloading.
        (1345, 40, 95),
    ],
)
def test_a_way_counts_by_the_minutes_driven(
    start_min: float, km: float, busy_min: float, run_out_days: int, more: Plain
) -> None:
    found = vans(start_min, run_out_days, **more)
    assert found.vehicle_km == pytest.approx(km, rel=1e-9)
    assert found.busy_min == pytest.approx(busy_min)
    assert found.trips == 1


@pytest.mark.parametrize("more", [{}, PARTS])
def test_what_is_no_driving_counts_no_kilometres(more: Plain) -> None:
    """Held for 40 min on the way in: loaded 1390, 50 of 60 min of the way; loaded 1360, the whole way, 20 min held."""
    how = {"held_min": 40}
    assert vans(1360, how=how, **more).vehicle_km == pytest.approx(40 * 50 / 60)
    assert vans(1330, how=how, **more).vehicle_km == pytest.approx(40)
    # Rest after the trip: loaded 1290, there 1350, unloaded 1360, back 1420, 20 of 60 min of rest.
    assert vans(1260, how={"rest_min": 60}, **more).vehicle_km == pytest.approx(80)


@pytest.mark.parametrize("more", [{}, PARTS])
def test_a_trip_that_fetches_drives_out_empty_first(more: Plain) -> None:
    """Ready at 1290: there 1350, loaded 1380, home 1440 = the horizon. Ready at 1320: half of the way home is left."""
    for start_min, km in ((1290, 80), (1320, 60), (1410, 20)):
        found = vans(start_min, how={"fetch": True}, at="drop_point", **more)
        assert found.vehicle_km == pytest.approx(km, rel=1e-9)


@pytest.mark.parametrize(("speed", "km"), [(0, 40 * 40 / 60), (0.5, 40)])
def test_a_closed_road_takes_time_and_no_kilometres(speed: float, km: float) -> None:
    """Loaded 1360, 20 min; from 1380 to 1420 the road is closed (or 20 min of the way are driven), then 20 more."""
    flood = {"kind": "road", "speed": speed, "from_day": 0, "to_day": 0, "from_time": "23:00", "to_time": "23:40"}
    assert vans(1330, shocks={"flood": flood}).vehicle_km == pytest.approx(km)


def test_of_a_vehicle_that_breaks_down_only_what_was_driven_counts() -> None:
    """No more kilometres than the minutes of work allow at 40 km/h, less half an hour of loading."""
    breakdown = {"mean_up_hours": 2, "mean_down_hours": 2}
    found = vans(1345, breakdown=breakdown)
    assert found.vehicle_km == pytest.approx(max(0, found.busy_min + found.overtime_min - 30) / 60 * 40)
