"""Wrong shocks: one message each with key, value and what is allowed, all of them at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.base.spec import Spec, parse
from simsupply.checks.shocks import strikes_nothing
from simsupply.config.load import scenario_from
from simsupply.config.yaml_files import read_world_file
from simsupply.scenario.shocks import Shock
from tests.helpers.problems import value_of
from tests.plans.demand_plans import SHOP_FLOOR, allotted, idle_world, mix, purchases, use, way
from tests.plans.paper_plans import delay, world
from tests.plans.tiny_plan import SCENARIO, write

Plain = dict[str, Any]


class Shocks(Spec):
    """The section by itself."""

    shocks: dict[str, Shock]


def problems_of(tmp_path: Path, shocks: Plain) -> list[tuple[str, object, str]]:
    """Key, value and allowed of everything wrong."""
    path = write(tmp_path / "mine.yaml", {**SCENARIO, "shocks": shocks})
    with pytest.raises(InputError) as caught:
        scenario_from(read_world_file(Path(path)), source=path)
    return [(problem.key, value_of(problem), str(problem.allowed)) for problem in caught.value.problems]


def place(**more: object) -> Plain:
    return {"closed": {"kind": "place", "at": "depot", "from_day": 0, **more}}


@pytest.mark.parametrize(
    ("shocks", "key", "value", "allowed"),
    [
        (place(places=["hal"]), "shocks.closed.places.0", "hal", "did you mean 'hall'"),
        (place(capacity=1.5), "shocks.closed.capacity", 1.5, "less than or equal to 1"),
        (place(from_day=9), "shocks.closed.from_day", 9, "within the horizon: day 0 to 3"),
        (place(from_day=2, to_day=1), "shocks.closed.to_day", 1, "a moment after from_day"),
        (place(from_day="2022-03-14"), "shocks.closed.from_day", "2022-03-14", "dates need scenario.start_date"),
        (place(random={"mean_days_between": 1, "mean_hours": 2}), "shocks.closed", ..., "either from_day"),
        ({"gone": {"kind": "fleet", "fleets": ["van"], "from_day": 0}}, "shocks.gone.fleets.0", "van", "vans"),
        ({"ill": {"kind": "staff", "crews": ["clerk"], "from_day": 0}}, "shocks.ill.crews.0", "clerk", "clerks"),
        ({"snow": {"kind": "road", "districts": ["Nowhere"], "from_day": 0}}, "shocks.snow.districts.0", "Nowhere", ""),
        ({"flood": {"kind": "water", "from_day": 0}}, "shocks.flood.kind", "water", "place"),
    ],
)
def test_a_wrong_shock_is_named(tmp_path: Path, shocks: Plain, key: str, value: object, allowed: str) -> None:
    ((found, given, said),) = problems_of(tmp_path, shocks)
    assert found == key
    assert value is ... or given == value
    assert allowed in said


def test_all_are_named_at_once(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path, {**place(places=["x"], from_day=8), "ill": {"kind": "staff", "crews": ["y"], "from_day": 0}}
    )
    assert [key for key, _, _ in found] == ["shocks.closed.from_day", "shocks.closed.places.0", "shocks.ill.crews.0"]


def test_a_shock_that_strikes_nothing_is_noted() -> None:
    snow = {"kind": "road", "legs": ["trunk"], "from_day": 0, "to_day": 1}
    given = parse(Shocks, {"shocks": {"snow": snow, "ice": {**snow, "legs": ["deliver"]}}}, source="here").shocks
    world = ss.load_scenario("subdistrict").spec.model_copy(update={"shocks": given})
    notes = strikes_nothing(world, ss.load_strategy("standard_crates"))
    assert [note.in_language("en") for note in notes] == [
        "shock 'snow' strikes nothing: the strategy uses none of its legs (trunk)"
    ]
    assert notes[0].in_language("zh") == "冲击 'snow' 不起作用：策略未使用其中的运输段（trunk）"


def test_a_demand_shock_that_changes_nothing_is_said_in_the_answer() -> None:
    """Parcels that nobody asks for: who wants more cannot ask for it."""
    plan = idle_world([20], purchases()) | {"shocks": {"panic": {"kind": "demand", "factor": 2, "from_day": 1}}}
    parcels = way("packs", delay("stand", 10), release=allotted(3), parcel={"kg": 1})
    result = ss.simulate(ss.load_scenario(plan), ss.load_strategy(mix(use(parcels))), replications=1, seed=1)
    said = "shock 'panic' strikes nothing: the strategy sends parcels unasked, nobody orders or goes to a shop"
    assert said in result.notes
    assert f"Note: {said}." in ss.answer(result)
    assert "注意：冲击 'panic' 不起作用" in ss.answer(result, language="zh")


@pytest.mark.parametrize(("rate", "is_said"), [(1, True), (0.4, False)])
def test_a_demand_shock_at_shops_is_said_where_nobody_can_go_more_often(rate: float, is_said: bool) -> None:
    """One wish a day becomes two: nobody goes to a shop twice a day; 0.4 become 0.8."""
    shop = way("shop", delay("buy", 10), release={"kind": "visit", "opens": "08:00", "closes": "20:00"})
    shocks = {"panic": {"kind": "demand", "factor": 2, "from_day": 2}}
    plan = world([500], SHOP_FLOOR, demand=purchases(purchases_per_household_day=rate), horizon_days=4)
    scenario = ss.load_scenario(plan | {"shocks": shocks})
    said = [note.in_language("en") for note in strikes_nothing(scenario.spec, ss.load_strategy(mix(use(shop))))]
    assert len(said) == is_said
    assert not is_said or "makes 2 wishes a day" in said[0]


def test_all_stations_of_a_city_may_be_closed() -> None:
    """A city from a census has stations, although no key counts them."""
    scenario = ss.load_scenario("demo_city", ["shocks.closed={kind: place, at: station, from_day: 1, to_day: 4}"])
    assert set(scenario.spec.shocks) == {"closed"}
