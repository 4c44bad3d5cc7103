"""Random small plans with a section `supply`, made out of the random plans of the demand side."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

import simsupply as ss
from simsupply.config.load import fit
from tests.plans.paper_plans import Plain
from tests.plans.random_demand_plans import mixes, worlds
from tests.plans.random_overtime_plans import lengthen, shocks_after_shifts

RULES: tuple[list[Plain], ...] = (
    [],
    [{"kind": "equal_share"}],
    [{"kind": "proportional_to_need"}],
    [{"kind": "nearest_first"}],
    [{"kind": "urgent_first", "households": ["infants"]}, {"kind": "equal_share"}],
    [{"kind": "priority_class", "classes": [["chronic", "priority"], ["infants"]]}],
    [{"kind": "key_areas", "communities": ["d0"]}, {"kind": "nearest_first"}, {"kind": "proportional_to_need"}],
)


@st.composite
def supply_plans(draw: st.DrawFn, when_short: tuple[str, ...] = ("partial", "partial", "wait", "reject")) -> Any:
    """A scenario and a strategy; what the checks refuse is drawn again."""
    plan = draw(worlds(("purchases", "surge", "cycle")))
    decided = draw(mixes(plan))
    plan = {**plan, "supply": draw(supplies(plan)), "shocks": draw(shocks(plan))}
    decided |= {
        "when_short": draw(st.sampled_from(when_short)),
        "allocation": draw(st.sampled_from(RULES)),
        "allocation_between_depots": draw(st.sampled_from(["proportional_to_need", "equal_share"])),
    }
    if any(name.startswith("late") for name in plan["shocks"]):
        plan, decided = copy.deepcopy((plan, decided))
        lengthen(draw, plan, decided)
    try:
        fit(ss.load_scenario(plan), ss.load_strategy(decided))
    except ss.InputError:
        reject()
    return plan, decided


@st.composite
def supplies(draw: st.DrawFn, plan: Plain) -> Plain:
    """Two sources, stock of all goods, perhaps reserves and a ladder."""
    goods = list(plan.get("goods", {"food": None}))
    hours = st.sampled_from([0, 7.5, 24, 40])
    market: Plain = {"lead_time": {"mean_hours": draw(hours), "cv": draw(st.sampled_from([0, 0.4]))}}
    if draw(st.booleans()):
        market["daily_kg"] = {name: draw(st.sampled_from([0, 3.3, 20])) for name in goods}
    sister: Plain = {"lead_time": {"mean_hours": draw(hours), "cv": draw(st.sampled_from([0, 0.4]))}}
    if draw(st.booleans()):
        sister["starts_after_closure"] = {"of": "market", "lead_days": draw(st.sampled_from([0, 1]))}
    market["preparation_hours"], sister["preparation_hours"] = draw(st.sampled_from([0, 9, 30])), 0
    supply: Plain = {
        "sources": {"market": market, "sister": sister},
        "stock": {
            name: {
                "initial_days": draw(st.sampled_from([0, 0.5, 2, 6])),
                "order_up_to_days": draw(st.sampled_from([0.7, 2, 4])),
                "shelf_life_days": draw(st.sampled_from([None, 1.7, 3])),
                "issue": draw(st.sampled_from(["first_expired", "first_in", "last_in"])),
            }
            for name in goods
        },
        "review": {"at": draw(st.sampled_from(["00:00", "09:00", "15:00"])), "every_days": draw(st.integers(1, 2))},
        "peak_factor": draw(st.sampled_from([1, 1.3])),
        "room_kg": draw(st.sampled_from([None, None, 40])),
    }
    if draw(st.booleans()):
        supply["reserves"] = {
            name: {
                "cover_days": {good: draw(st.sampled_from([0.3, 1])) for good in goods},
                "delay_hours": draw(hours),
                "daily_share": draw(st.sampled_from([0.4, 1])),
                "rotate_days": draw(st.sampled_from([None, 1.5])),
            }
            for name in ("county", "city")
        }
        supply["ladder"] = {
            "below_days": draw(st.sampled_from([0.3, 0.6])),
            "below_reviews": draw(st.integers(1, 2)),
            "above_days": 0.6,
            "above_reviews": draw(st.integers(1, 2)),
            "up_to_days": draw(st.sampled_from([None, 1])),
            "rationing": draw(st.sampled_from([None, {"to": 0}, {"to": 0.5}, {"to": 0.5, "delay_hours": 20}])),
        }
        if supply["ladder"]["rationing"]:
            supply["ladder"]["rationing"] |= {"below_days": 0.3, "above_days": draw(st.sampled_from([0.3, 0.6]))}
    return supply


@st.composite
def shocks(draw: st.DrawFn, plan: Plain) -> Plain:
    """The market closed or at part capacity, more or less demand, and people or vehicles lost in overtime."""
    found: Plain = {}
    if draw(st.booleans()):
        found["closed"] = {
            "kind": "supply",
            "sources": ["market"],
            "capacity": draw(st.sampled_from([0, 0, 0.5])),
            "from_day": draw(st.integers(0, 2)),
            "from_time": draw(st.sampled_from(["00:00", "10:00"])),
        }
    if plan["demand"]["kind"] != "cycle" and draw(st.booleans()):
        found["spike"] = {
            "kind": "demand",
            "factor": draw(st.sampled_from([0.4, 2, 3.5])),
            "from_day": 1,
            "to_day": draw(st.integers(2, 3)),
        }
    if draw(st.integers(0, 2)) == 0:
        found |= draw(shocks_after_shifts(plan))
    return found


def ample(plan: Plain) -> Plain:
    """The plan with far more of everything than anybody could ask for."""
    plan = copy.deepcopy(plan)
    plan["supply"]["stock"] = {
        name: {"initial_days": 3660, "order_up_to_days": 1.0} for name in plan["supply"]["stock"]
    }
    for key in ("reserves", "ladder", "room_kg"):
        plan["supply"].pop(key, None)
    plan["shocks"].pop("closed", None)
    return plan
