"""Rules that can never do anything in a plan are named before the run, and in its answer."""

from __future__ import annotations

import pytest

import simsupply as ss
from simsupply.checks.cannot_act import cannot_act
from tests.plans.demand_plans import Plain, mix, purchases, use, way
from tests.plans.paper_plans import crew, cycle, delay, world
from tests.plans.supply_plans import stock, with_supply

TEN = delay("stand", 10)
LIST = way("list", TEN, release={"kind": "order", "every_days": 1})
LIMITED = way("list", TEN, release={"kind": "order", "every_days": 1}, acceptance={"orders_per_day": 5})
SETS = way("list", TEN, release={"kind": "order", "every_days": 1}, parcel={"kg": 3})
REFUSED = {"metric": "rejection_rate", "above": 0.2}
WAITED = {"metric": "households_past_days", "past_days": 2, "above": 0.2}


def plan(demand: Plain | None = None, **more: object) -> Plain:
    return {**world([4], {"packers": crew(1)}, demand=demand or purchases()), **more}


def when(listed: Plain, **trigger: object) -> Plain:
    return mix(use(listed, when="late"), use(way("other", TEN)), triggers={"late": dict(trigger)})


ACT = [
    (with_supply(plan(), {"food": stock(1)}), {**mix(use(LIST)), "allocation": [{"kind": "equal_share"}]}),
    (plan(), mix(use(LIMITED))),
    (plan(), when(LIMITED, **REFUSED)),
    (with_supply(plan(), {"food": stock(1)}), when(LIST, **REFUSED)),
    (plan(), when(LIST, **WAITED)),
    (plan(purchases(stock_up_days=3)), mix(use(LIST))),
]
CANNOT = [
    (plan(), {**mix(use(LIST)), "allocation": [{"kind": "equal_share"}]}, "strategy.allocation.0"),
    (plan(cycle()), mix(use(LIMITED)), "strategy.channels.list.acceptance"),
    (plan(), when(LIST, **REFUSED), "strategy.triggers.late"),
    (plan(), when(LIMITED, **REFUSED, channel="other"), "strategy.triggers.late"),
    (plan(), when(LIST, **WAITED | {"past_days": 7}), "strategy.triggers.late.past_days"),
    (plan(), when(LIST, **WAITED, above_days=7), "strategy.triggers.late.above_days"),
    (plan(purchases(stock_up_days=3)), mix(use(SETS)), "stock_up_days"),
]


def named(scenario: Plain, decided: Plain) -> list[str]:
    found = cannot_act(ss.load_scenario(scenario).spec, ss.load_strategy(decided))
    return [said.in_language(language) for said in found for language in ("en", "zh")]


@pytest.mark.parametrize(("scenario", "decided"), ACT)
def test_what_can_act_is_not_named(scenario: Plain, decided: Plain) -> None:
    assert named(scenario, decided) == []


@pytest.mark.parametrize(("scenario", "decided", "key"), CANNOT)
def test_what_cannot_act_is_named_with_its_key(scenario: Plain, decided: Plain, key: str) -> None:
    assert [key in said for said in named(scenario, decided)] == [True, True]


def test_kinds_that_nobody_is_of_are_named() -> None:
    """Where places are put by rule; a listed place may say its own share."""
    scenario = with_supply(plan(), {"food": stock(1)})
    scenario["scenario"]["geography"] = {
        "kind": "spread",
        "radius_km": 1,
        "detour_factor": 1,
        "world_seed": 1,
        "households": 20,
        "depots": {"count": 1, "docks": 1},
        "drop_points": {"count": 1},
    }
    scenario["scenario"]["households"] |= {"lift_share": 0, "kinds": {"chronic": {"share": 0}}}
    decided = {**mix(use(LIST)), "allocation": [{"kind": "urgent_first", "households": ["chronic"]}]}
    assert ["chronic" in said for said in named(scenario, decided)] == [True, True]
