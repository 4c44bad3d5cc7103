"""Places that exchange nothing are cells: which they are, and that threads change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simsupply as ss
from simsupply.base.threads import share_out, use_threads
from simsupply.config.load import fit
from simsupply.model.components import groups
from simsupply.model.components.cells import Cells
from simsupply.model.components.component import Component
from simsupply.model.run_loop import loop_at_start, run_replication
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from tests.helpers.engines import MANY, assert_same_record, assert_same_tables, recorded
from tests.helpers.events import compare_with_reference, read
from tests.plans.paper_plans import Plain, channel, crew, fleet, leg, stage, strategy, world
from tests.plans.random_coupled_plans import coupled_plans


def stations(num: int, *, households: int = 40, own_depots: bool = True) -> tuple[Plain, Plain]:
    """Stations with little room, at each a crew that sorts and drives two vans, and people who bring to the door."""
    sites = [f"site {number}" for number in range(num)] if own_depots else ["site 0"] * num
    numbers = range(num)
    geography: Plain = {
        "kind": "listed",
        "depots": [{"name": name, "docks": 1} for name in dict.fromkeys(sites)],
        "stations": [
            {"name": f"hub {number}", "depot": sites[number], "distance_km": 5.0, "floor_parcels": 30, "docks": 1}
            for number in numbers
        ],
        "drop_points": [
            {"name": f"quarter {number}", "households": households, "distance_km": 1.0, "station": f"hub {number}"}
            for number in numbers
        ],
    }
    plan = world(
        geography,
        {"pickers": crew(2), "staff": crew(5, "station"), "walkers": crew(3, "drop_point")},
        {"trucks": fleet(3, payload_parcels=10), "vans": fleet(2, "station", payload_parcels=5, drivers="staff")},
    )
    steps: list[Any] = [
        stage("pick", "pickers", effort={"per_order_min": 1.5}, discipline="fifo", variability={"kind": "exponential"}),
        leg("trunk", "trucks", "depot", "station", discipline="fifo", unload={"per_load_min": 4}),
        stage("sort", "staff", at="station", effort={"per_order_min": 2}, discipline="fifo"),
        leg("onward", "vans", "station", discipline="fifo", leave={"kind": "full", "orders": 5}),
        stage("door", "walkers", at="drop_point", effort={"per_order_min": 3}, discipline="fifo"),
    ]
    return plan, strategy(channel("only", *steps))


def loaded(drawn: tuple[Plain, Plain]) -> tuple[Scenario, StrategySpec]:
    scenario, decided = ss.load_scenario(drawn[0]), ss.load_strategy(drawn[1])
    fit(scenario, decided)
    return scenario, decided


def components_of(scenario: Scenario, decided: StrategySpec) -> list[Component]:
    components: list[Component] = loop_at_start(scenario, decided, 1, 0).engine.components  # type: ignore[attr-defined]
    return components


def cells_of(drawn: tuple[Plain, Plain]) -> list[Cells]:
    return [component.layout.cells for component in components_of(*loaded(drawn))]


@contextmanager
def threads(num: int, *, always: bool = True) -> Iterator[None]:
    """Let groups run on so many threads, however few orders there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "FEW_ORDERS", 0 if always else 1 << 62)
        use_threads(num)
        yield
    use_threads(None)


def test_stations_with_trucks_from_one_depot_are_one_cell() -> None:
    """Trucks of the depot wait for room at all of them."""
    (cells,) = cells_of(stations(4, own_depots=False))
    assert (cells.num, cells.num_groups) == (1, 1)


def test_stations_with_depots_of_their_own_are_cells() -> None:
    (cells,) = cells_of(stations(4))
    assert (cells.num, cells.num_groups) == (4, 4)
    assert cells.of_drop_point.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("own_depots", [True, False])
def test_a_plan_of_cells_is_as_in_the_reference(own_depots: bool) -> None:
    with threads(2):
        compare_with_reference(stations(3, own_depots=own_depots), seed=3)


def test_groups_do_not_depend_on_threads() -> None:
    """What each group is depends on the plan alone; so do the rows that each adds, and all that is written."""
    plan = loaded(stations(12, households=300))
    found = []
    for num in (1, 2, 3):
        with threads(num, always=num > 1):
            found.append(recorded(*plan, 5))
    for record, notes in found[1:]:
        assert_same_record(record, found[0][0])
        assert notes.times == found[0][1].times
        assert_same_tables(notes.tables(), found[0][1].tables())


@pytest.mark.parametrize(
    "leave", [{"kind": "full", "orders": 7}, {"kind": "time", "orders": 9, "at": ["10:00", "15:30"]}]
)
@pytest.mark.parametrize("fetch", [False, True])
def test_loads_for_docks_are_made_in_the_loop(leave: Plain, fetch: bool) -> None:
    """Trips in parts that go to one stop and back, with nothing on the way, are known when their first order is."""
    plan, decided = stations(2)
    for station in plan["scenario"]["geography"]["stations"]:
        station["unload_docks"] = 1
    trunk = decided["channels"]["only"]["steps"][1]["leg"]
    trunk |= {
        "leave": leave,
        "load": {"per_order_min": 0.3},
        "unload": {"per_load_min": 9},
        "rest_min": 3,
        "fetch": fetch,
    }
    if fetch:
        plan["fleet"]["trucks"]["at"] = "station"
    legs = components_of(*loaded((plan, decided)))[0].layout.driving.values()
    assert [(leg.in_parts, leg.inside) for leg in legs] == [(True, True), (False, True)]
    compare_with_reference((plan, decided), seed=2)


@settings(MANY, max_examples=20)
@given(coupled_plans(), st.integers(0, 1000))
def test_random_plans_on_two_threads(drawn: tuple[Plain, Plain], seed: int) -> None:
    plan = read(drawn)
    if plan is None:
        return
    with threads(1, always=False):
        expected = run_replication(*plan, seed=seed, number=0)
    with threads(2):
        assert_same_record(run_replication(*plan, seed=seed, number=0), expected)


def test_the_loop_asks_for_rows_when_it_has_none_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """With rows for one more load at a time everything is as before."""
    plan = loaded(stations(2))
    expected = run_replication(*plan, seed=1, number=0)
    few = tuple((*kind[:3], 1, 0.0) for kind in groups.ADDED)
    monkeypatch.setattr(groups, "ADDED", few)
    assert_same_record(run_replication(*plan, seed=1, number=0), expected)


def test_work_is_shared_out_and_an_error_is_told() -> None:
    done = np.zeros(50, dtype=int)

    def work(number: int) -> None:
        done[number] += 1
        if number == 49:
            raise ValueError("the last one")

    use_threads(3)
    with pytest.raises(ValueError, match="the last one"):
        share_out(work, range(50))
    use_threads(None)
    assert (done == 1).all()
