"""Goods that are bought without need, and crates in sizes: by hand, in every engine.

Two households of one person, one packer from 08:00 on, 10 min a line. Food is 0.5 kg a day, toys 0.25 kg a day and
half as many
lines again as the 4 of an order: 6 lines, 60 min, 7 x 0.75 = 5.25 kg an order.
"""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from tests.plans.tiny_plan import Plain, changed

SHIFTS = [{"start": "08:00", "end": "18:00"}]
PLAN: Plain = {
    "scenario": {
        "name": "two",
        "title": "Two",
        "horizon_days": 7,
        "run_out_days": 1,
        "service_target_days": 7,
        "priority_target_hours": 72,
        "geography": {
            "kind": "listed",
            "depots": [{"name": "shop"}],
            "drop_points": [{"name": "house", "households": 2, "distance_km": 1}],
        },
        "households": {"persons_mean": 1, "lift_share": 0, "households_per_building": 2, "priority_share": 0},
    },
    "goods": {
        "food": {"kg_per_person_day": 0.5, "pantry_days": {"low": 0, "high": 0}},
        "toys": {"kg_per_person_day": 0.25, "is_need": False, "lines_share": 0.5},
    },
    "demand": {"kind": "cycle", "cycle_days": 7, "lines_per_order": 4},
    "staffing": {
        "attendance": 1.0,
        "crews": {"packers": {"at": "depot", "headcount": 1, "at_shift_end": "finish", "shifts": SHIFTS}},
    },
    "fleet": {},
}


def strategy(kind: str = "order", **parcel: Any) -> Plain:
    pick = {"name": "pick", "at": "depot", "crew": "packers", "effort": {"per_line_min": 10}}
    channel = {"name": "c", "title": "C", "release": {"kind": kind}, "parcel": parcel, "steps": [{"stage": pick}]}
    return {"name": "s", "title": "S", "channels": {"c": channel}, "calendar": [{"channel": "c", "from_day": 0}]}


def simulated(plan: Plain, decided: Plain, engine: Any) -> Any:
    return ss.simulate(
        ss.load_scenario(plan), ss.load_strategy(decided), replications=1, detail="orders", engine=engine
    )


@pytest.mark.parametrize("engine", ["kernels", "events", "reference"])
def test_what_is_no_need_takes_work_and_feeds_nobody(engine: str) -> None:
    result = simulated(PLAN, strategy(), engine)
    households = result.households
    assert sorted(households["first_delivery_h"]) == [9, 10]
    # Until then they were without food; of toys nobody is without.
    assert sorted(households["empty_pantry_h"]) == [9, 10]
    assert households["empty_h.toys"].isna().all()
    assert households["kg"].to_list() == pytest.approx([5.25, 5.25])
    assert households["kg.food"].to_list() == pytest.approx([3.5, 3.5])
    values = result.values.iloc[0]
    assert values["fill_rate"] == 1
    assert values["kg_per_person_worst_decile"] == pytest.approx(3.5)
    assert set(result.splits[result.splits["split"] == "goods"]["group"]) == {"food"}


@pytest.mark.parametrize("engine", ["kernels", "reference"])
def test_a_channel_that_does_not_carry_it_has_neither_its_lines_nor_its_kg(engine: str) -> None:
    """4 lines, 40 min; 3.5 kg."""
    households = simulated(PLAN, strategy(goods=["food"]), engine).households
    assert sorted(households["first_delivery_h"]) == pytest.approx([8 + 40 / 60, 8 + 80 / 60])
    assert households["kg"].to_list() == pytest.approx([3.5, 3.5])


def test_what_is_needed_has_stock_at_home_and_what_is_not_has_none() -> None:
    wrong = changed(PLAN, {"goods.toys.pantry_days": {"low": 0, "high": 1}})
    del wrong["goods"]["food"]["pantry_days"]
    with pytest.raises(InputError) as raised:
        ss.load_scenario(wrong)
    assert {problem.key for problem in raised.value.problems} == {"goods.toys.pantry_days", "goods.food.pantry_days"}


@pytest.mark.parametrize("engine", ["kernels", "reference"])
def test_crates_in_sizes(engine: str) -> None:
    """2 kg a person: one person 2 kg, two and three 6 kg, more than that no more than 6 kg."""
    plan = changed(PLAN, {"scenario.households.persons_mean": 2.5})
    plan["scenario"]["geography"]["drop_points"][0]["households"] = 40
    households = simulated(
        plan, strategy("allot", lines=1, content={"food": 2}, per="person", sizes=[1, 3]), engine
    ).households
    assert set(households["persons"]) > {1, 2, 3, 4}
    assert households["kg"].to_list() == [2 if persons == 1 else 6 for persons in households["persons"]]


@pytest.mark.parametrize(("per", "sizes"), [("household", [1, 3]), ("person", [3, 1]), ("person", [2, 2])])
def test_sizes_rise_and_go_by_persons(per: str, sizes: list[int]) -> None:
    with pytest.raises(InputError) as raised:
        ss.load_strategy(strategy("allot", content={"food": 2}, per=per, sizes=sizes))
    assert [problem.key.rpartition(".")[2] for problem in raised.value.problems] == ["sizes"]
