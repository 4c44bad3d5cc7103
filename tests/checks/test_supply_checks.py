"""What cannot work about supply and allocation is refused before the run: key, value, what is allowed, all at once."""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import Problem
from simsupply.config.load import fit
from tests.helpers.problems import value_of
from tests.plans.paper_plans import channel, crew, cycle, delay, strategy
from tests.plans.supply_plans import source, stock, with_supply
from tests.plans.tiny_plan import SCENARIO, Plain, changed

DAYS = {"low": 0, "high": 2}
WORLD: Plain = with_supply(
    changed(
        SCENARIO,
        {
            "scenario.households.kinds": {"medical": {"share": 0.2}},
            "scenario.households.pantry_days": None,
            "demand": {key: value for key, value in cycle().items() if not key.startswith("need")},
            "goods": {
                "rice": {"kg_per_person_day": 0.5, "pantry_days": DAYS},
                "milk": {"kg_per_person_day": 0.2, "pantry_days": DAYS},
            },
            "staffing.crews": {"clerks": crew(2)},
            "fleet": {},
        },
    ),
    {"rice": stock(5, 5), "milk": stock(2, 3, shelf_life_days=4)},
    sources={"market": source(24), "sister": source(48, starts_after_closure={"of": "market", "lead_days": 2})},
    reserves={"county": {"cover_days": {"rice": 10}, "delay_hours": 12}},
    ladder={"below_days": 1, "above_days": 2},
)
STRATEGY: Plain = strategy(channel("only", delay("bring", 10)))
CLOSED = {"kind": "supply", "sources": ["market"], "from_day": 1}


def problems(of_world: dict[str, Any] | None = None, of_strategy: dict[str, Any] | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with the plan, some of its values replaced."""
    try:
        scenario = ss.load_scenario(changed(WORLD, of_world or {}))
        fit(scenario, ss.load_strategy(changed(STRATEGY, of_strategy or {})))
    except ss.InputError as error:
        return error.problems
    return ()


def test_the_plan_itself_is_right() -> None:
    assert problems() == ()
    assert problems({"shocks": {"closed": CLOSED}}) == ()


ONE_BY_ONE: list[tuple[dict[str, Any], dict[str, Any], str, object, str]] = [
    # names
    ({"supply.sources.market.goods": ["fish"]}, {}, "supply.sources.market.goods.0", "fish", "milk, rice"),
    ({"supply.sources.market.daily_kg": {"fish": 3}}, {}, "supply.sources.market.daily_kg.fish", "fish", "milk"),
    ({"supply.sources.market.depots": ["shed"]}, {}, "supply.sources.market.depots.0", "shed", "hall"),
    ({"supply.stock.rice.depots": ["shed"]}, {}, "supply.stock.rice.depots.0", "shed", "hall"),
    ({"supply.stock.fish": stock(1)}, {}, "supply.stock.fish", "fish", "milk, rice"),
    (
        {"supply.reserves.county.cover_days": {"fish": 3}},
        {},
        "supply.reserves.county.cover_days.fish",
        "fish",
        "milk, rice",
    ),
    (
        {"supply.sources.sister.starts_after_closure": {"of": "no_market", "lead_days": 1}},
        {},
        "supply.sources.sister.starts_after_closure.of",
        "no_market",
        "'market'",
    ),
    # supply in a circle
    (
        {"supply.sources.market.starts_after_closure": {"of": "sister", "lead_days": 1}},
        {},
        "supply.sources",
        "market -> sister -> market",
        "not in a circle",
    ),
    # a depot without goods that a channel sells
    (
        {"supply.stock": {"rice": stock(5, 5)}},
        {},
        "supply.stock.milk",
        None,
        "stock of milk at the depots, which channel 'only'",
    ),
    ({"supply.stock": {"rice": stock(5, 5)}}, {"channels.only.parcel": {"goods": ["rice"]}}, "", None, ""),
    (
        {
            "scenario.geography.depots": [{"name": "hall"}, {"name": "shed"}],
            "scenario.geography.drop_points.0.depot": "hall",
            "scenario.geography.drop_points.1.depot": "shed",
            "supply.stock.milk.depots": ["hall"],
        },
        {},
        "supply.stock.milk",
        "none",
        "stock of milk at depot 'shed'",
    ),
    # nobody to ask
    (
        {"supply.sources.market.goods": ["rice"], "supply.sources.sister.goods": ["rice"]},
        {},
        "supply.stock.milk.order_up_to_days",
        3.0,
        "0, or a source of milk for depot 'hall'",
    ),
    # shelf life and lead time
    ({"supply.stock.milk.shelf_life_days": 1.5}, {}, "supply.stock.milk.shelf_life_days", 1.5, ">= 2, the lead time"),
    # steps that release nothing
    (
        {"supply.reserves.county.cover_days": {"rice": 0}},
        {},
        "supply.reserves.county.cover_days",
        {"rice": 0},
        "something that can be released",
    ),
    (
        {"supply.reserves.county.kg": {"rice": 5}},
        {},
        "supply.reserves.county.kg.rice",
        5,
        "cover_days or kg of the same goods",
    ),
    ({"supply.ladder": None}, {}, "supply.reserves.county", "county", "a section supply.ladder"),
    ({"supply.reserves": {}}, {}, "supply.ladder", "no step", "reserves that it releases, or rationing"),
    ({"supply.reserves.county.rotate_days": 0.5}, {}, "supply.reserves.county.rotate_days", 0.5, "> 0.5"),
    ({"supply.ladder.above_days": 0.5}, {}, "supply.ladder.above_days", 0.5, ">= below_days (1)"),
    ({"supply.ladder.above_days": 5}, {}, "supply.ladder.above_days", 5, "< 5, or the stock of rice never counts"),
    # rationing comes last
    (
        {"supply.ladder.rationing": {"to": 0.5, "below_days": 1.2, "above_days": 2}},
        {},
        "supply.ladder.rationing.below_days",
        1.2,
        "<= 1, below which the ladder comes into use",
    ),
    (
        {"supply.ladder.rationing": {"to": 0.5, "below_days": 0.8, "above_days": 0.7}},
        {},
        "supply.ladder.rationing.above_days",
        0.7,
        ">= below_days (0.8)",
    ),
    (
        {"supply.ladder.rationing": {"to": 1.5, "below_days": 0.8, "above_days": 2}},
        {},
        "supply.ladder.rationing.to",
        1.5,
        "less than or equal to 1",
    ),
    # rules without their data
    (
        {},
        {"allocation": [{"kind": "urgent_first", "households": ["medics"]}]},
        "strategy.allocation.0.households.0",
        "medics",
        "did you mean 'medical'?",
    ),
    (
        {},
        {"allocation": [{"kind": "priority_class", "classes": [["medical"], ["police"]]}]},
        "strategy.allocation.0.classes.1.0",
        "police",
        "a kind of household of the scenario",
    ),
    (
        {},
        {"allocation": [{"kind": "key_areas", "communities": ["gate_z"]}]},
        "strategy.allocation.0.communities.0",
        "gate_z",
        "gate_a",
    ),
    ({}, {"allocation": [{"kind": "key_areas"}]}, "strategy.allocation.0", "key_areas", "districts, subdistricts or"),
    ({}, {"allocation": [{"kind": "nearest_first"}]}, "", None, ""),
    (
        {"supply.sources": {"market": source(24)}, "supply.reserves": {}, "supply.ladder": None},
        {"allocation_between_depots": "nearest_first"},
        "supply.sources.market.distance_km",
        [],
        "the km to hall",
    ),
    (
        {},
        {"allocation": [{"kind": "equal_share"}, {"kind": "nearest_first"}]},
        "allocation.0.kind",
        "equal_share",
        "only as the last",
    ),
    (
        {},
        {"allocation": [{"kind": "equal_share"}], "when_short": "wait"},
        "when_short",
        "wait",
        "partial, where goods are shared out",
    ),
    # shocks
    (
        {"shocks": {"closed": {**CLOSED, "sources": ["markt"]}}},
        {},
        "shocks.closed.sources.0",
        "markt",
        "'market'",
    ),
    ({"shocks": {"closed": CLOSED}, "supply": None}, {}, "shocks.closed.kind", "supply", "no section supply"),
    (
        {"shocks": {"panic": {"kind": "demand", "factor": 2, "from_day": 0}}},
        {},
        "shocks.panic.kind",
        "demand",
        "where demand is of kind cycle",
    ),
    (
        {
            "goods": None,
            "scenario.households.pantry_days": DAYS,
            "demand": {
                "kind": "poisson",
                "need_kg_per_household_week": 7,
                "rate_per_min": 1,
                "order_kg": 5,
                "lines_per_order": 1,
            },
            "supply.stock": {"food": stock(1, 1)},
            "supply.reserves": {},
            "supply.ladder": None,
        },
        {},
        "supply",
        "a section",
        "nothing, where orders come singly",
    ),
]


@pytest.mark.parametrize(("of_world", "of_strategy", "key", "value", "allowed"), ONE_BY_ONE)
def test_one_by_one(of_world, of_strategy, key, value, allowed) -> None:
    found = problems(of_world, of_strategy)
    if not key:
        assert found == ()
        return
    assert [(problem.key, value_of(problem)) for problem in found] == [(key, value)]
    assert allowed in str(found[0].allowed)


def test_all_at_once() -> None:
    found = problems(
        {
            "supply.stock.milk.shelf_life_days": 0.2,
            "supply.ladder.above_days": 9,
            "supply.sources.market.starts_after_closure": {"of": "sister", "lead_days": 1},
            "shocks": {"closed": {**CLOSED, "sources": ["markt"]}},
        }
    )
    assert [problem.key for problem in found] == [
        "supply.sources",
        "supply.stock.milk.shelf_life_days",
        "supply.ladder.above_days",
        "shocks.closed.sources.0",
    ]
