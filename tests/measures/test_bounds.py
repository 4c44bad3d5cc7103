"""Shares are within 0..1 whatever the rounding of sums, and an answer is given where everybody works all the time."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import simsupply as ss
from simsupply.measures.household_statistics import fill_rate
from simsupply.measures.metric import within_bounds
from simsupply.measures.metric_registry import bounds_of, unit_of
from simsupply.records.replication import InvariantError
from tests.helpers.command_line import call
from tests.plans.demand_plans import allotted
from tests.plans.paper_plans import channel, crew, cycle, delay, listed, shift, stage, strategy, world
from tests.plans.tiny_plan import write


def test_rounding_is_taken_back_and_a_breach_is_not() -> None:
    assert within_bounds("utilisation.door", 1 + 2e-13, bounds_of("fill_rate")) == 1.0
    assert within_bounds("fill_rate", -1e-16, bounds_of("fill_rate")) == 0.0
    assert within_bounds("gini_kg_per_person", 1 + 1e-12, bounds_of("gini_kg_per_person")) == 1.0
    assert within_bounds("empty_pantry_h", -1e-12, bounds_of("empty_pantry_h")) == 0.0
    assert within_bounds("cost", 1e9, bounds_of("cost")) == 1e9
    assert math.isnan(within_bounds("coverage", math.nan, bounds_of("coverage")))
    for value, name in ((1.001, "coverage"), (-0.1, "gini_kg_per_person"), (-1.0, "spoiled_kg")):
        with pytest.raises(InvariantError):
            within_bounds(name, value, bounds_of(name))


def test_all_of_a_need_of_many_households_is_not_more_than_all() -> None:
    """Tenths of a kg summed over 1,000 households: the two sums differ in their last digits."""
    needed = np.full(1000, 0.1) * 3
    useful = np.full(1000, 0.30000000000000004) * (1 + 4e-16)
    assert useful.sum() > needed.sum()
    assert fill_rate(useful, needed) == 1.0


VOLUNTEERS = crew(3, "drop_point", shift("08:00", "15:00"), shift("15:00", "22:00"), people="volunteer")
DOORS = strategy(
    channel(
        "parcels",
        delay("shelf", 0),
        stage("door", "volunteers", "drop_point", discipline="fifo", effort={"per_order_min": 7.3}),
        release=allotted(1),
        parcel={"lines": 1, "kg": 2},
    )
)
VILLAGE = world(
    listed([1000], 0.1),
    {"volunteers": VOLUNTEERS},
    demand=cycle(days=1),
    horizon_days=2,
    run_out_days=2,
    service_target_days=1,
)


def test_whoever_works_all_day_is_busy_all_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three volunteers have 1,000 doors of 7.3 min from 08:00 to 22:00: they never stand still, and never overfull.

    On each of two days 3 x 840 min of duty are 3 x 840 min of work (what is begun is finished in overtime, which is
    not counted), summed from pieces of 7.3 min: 1 + 2e-13.
    """
    result = ss.simulate(ss.load_scenario(VILLAGE), ss.load_strategy(DOORS), replications=2)
    assert (result.values["utilisation.door"] == 1.0).all()
    shares = [name for name in result.values if unit_of(name) == "share"]
    assert not (result.values[shares] > 1).any(axis=None)
    files = [write(tmp_path / f"{name}.yaml", plan) for name, plan in (("village", VILLAGE), ("doors", DOORS))]
    words = ["run", f"scenario={files[0]}", f"strategy={files[1]}", "replications=2", f"output={tmp_path / 'out'}"]
    found = call(capsys, *words)
    assert found.status == 0, found.err
    assert (tmp_path / "out" / "figures" / "utilisation.png").exists()
