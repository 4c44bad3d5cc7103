"""What cannot work on the demand side is refused before the run: key, value and what is allowed, all at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import Problem
from simsupply.config.load import fit
from tests.helpers.command_line import call
from tests.helpers.problems import value_of
from tests.plans.demand_plans import allotted, grouped, mix, only_for, ordered, purchases, use, way
from tests.plans.paper_plans import crew, delay, fleet, leg, stage
from tests.plans.tiny_plan import SCENARIO, Plain, changed, write

TITLE = {"en": "Set", "zh": "套餐"}
DAYS = {"low": 0, "high": 2}
KINDS = {"infants": {"share": 0.2}, "chronic": {"share": 0.1, "is_priority": True}, "no_smartphone": {"share": 0.2}}
WORLD: Plain = changed(
    SCENARIO,
    {
        "scenario.households.kinds": KINDS,
        "scenario.households.priority_share": 0,
        "scenario.households.pantry_days": None,
        "demand": purchases() | {"need_kg_per_household_week": None},
        "goods": {
            "staple": {"kg_per_person_day": 0.5, "pantry_days": DAYS},
            "milk": {"kg_per_person_day": 0.2, "pantry_days": DAYS, "needed_by": "infants"},
        },
        "tiers": {
            "calendar": [{"tier": "controlled", "from_day": 2}],
            "settings": {"sealed": {"open": ["allot", "order", "group"]}},
        },
        "staffing.crews": {"clerks": crew(2), "door_team": crew(2, "drop_point")},
        "fleet": {"vans": fleet(2)},
    },
)
PICK = stage("pick", "clerks", effort={"per_order_min": 2})
HAND_OUT = stage("hand_out", "door_team", "drop_point", effort={"per_order_min": 1})
LISTS = way("lists", PICK, leg("deliver", "vans"), HAND_OUT, release=ordered(cut_off="15:00"))
SETS = way(
    "sets",
    delay("bring_sets", 60),
    release=grouped(5, "dissolve"),
    bundles={
        "small": {"title": TITLE, "share": 0.5, "content": {"staple": 2}},
        "large": {"title": TITLE, "share": 0.5, "goods": ["staple"]},
    },
)
PACKS = way("packs", delay("bring_packs", 60), release=allotted(3), parcel={"kg": 5})
SHOP = way("shop", delay("shopping", 20), release={"kind": "visit", "opens": "08:00", "closes": "18:00"})
BUSY = {"metric": "backlog_days", "channel": "lists", "above": 2, "above_days": 2, "below": 1}
WITHOUT = ["no_smartphone"]
STRATEGY: Plain = mix(
    use(LISTS, excludes=WITHOUT, share=0.5),
    use(SETS, excludes=WITHOUT, share=0.4),
    use(PACKS, households=WITHOUT),
    use(SHOP, tiers=["controlled"]),
    use(PACKS, excludes=WITHOUT, when="busy"),
    triggers={"busy": BUSY},
)


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


def bundle(**what: Any) -> Plain:
    return {"small": {"title": TITLE, "share": 1.0, **what}}


NO_TIERS = {"tiers": None}
CYCLE = {
    "kind": "cycle",
    "cycle_days": 3,
    "lines_per_order": 3,
}
SINGLE = {"kind": "poisson", "rate_per_min": 1.0, "order_kg": 5.0, "lines_per_order": 3}
SEALED = {"when": {"tiers": ["sealed"]}}

# What is changed in the scenario and in the strategy; key, value and what is allowed, in the words of the message.
ONE_BY_ONE: list[tuple[dict[str, Any], dict[str, Any], str, object, str]] = [
    # a use that is open in no tier
    ({}, {"mix.3.tiers": ["sealed"]}, "mix.3.tiers", ["sealed"], "kind visit are open: precaution, controlled"),
    ({}, {"mix.3.tiers": ["orange"]}, "mix.3.tiers.0", "orange", "'precaution', 'controlled' or 'sealed'"),
    (
        {"tiers.settings": {name: {"open": ["allot", "order", "group"]} for name in ("low", "medium", "high")}},
        {},
        "mix.3.tiers",
        ["controlled"],
        "a tier in which channels of kind visit are open: none is",
    ),
    (NO_TIERS, {}, "mix.3.tiers", ["controlled"], "(without a section tiers everybody is sealed)"),
    # a compound that no channel serves
    ({}, {"mix.2.tiers": ["controlled"]}, "mix", None, ""),  # a kind of household that none serves: see `left_out`
    ({}, {"mix.2.when": "busy"}, "mix", None, ""),  # sooner or later
    (
        {},
        {f"mix.{number}.tiers": ["controlled"] for number in (0, 1, 2, 4)},
        "mix",
        "none in Whole area",
        "a channel that is open to households in tier sealed",
    ),
    ({}, {"mix": [], "calendar": [{"channel": "lists", "from_day": 0}], "triggers": {}}, "mix", None, ""),
    # a tier that is never in force needs no channel
    (
        {"tiers.default": "precaution", "tiers.calendar": [{"tier": "sealed"}]},
        {"mix.3.tiers": ["precaution"], "mix.2.tiers": ["sealed"]},
        "",
        None,
        "",
    ),
    # a list that is never closed
    (
        {},
        {"channels.lists.release.weekdays": ["sat", "sun"]},
        "channels.lists.release.weekdays",
        ["sat", "sun"],
        "one of the days of the week (mon, tue, wed) in which mix.0 uses it (days 0 to 2 of the run)",
    ),
    ({"scenario.start_date": "2022-03-11"}, {"channels.lists.release.weekdays": ["sat", "sun"]}, "", None, ""),
    (
        {},
        {"mix.0.to_day": 1, "channels.lists.release.weekdays": ["tue"]},
        "channels.lists.release.weekdays",
        ["tue"],
        "(mon) in which mix.0 uses it (days 0 to 0",
    ),
    (
        {},
        {"channels.sets.release.window_days": 4},
        "channels.sets.release.window_days",
        4,
        "<= 3, the days in which mix.1 uses it",
    ),
    (
        {},
        {"channels.lists.release.weekdays": ["mon"], "channels.lists.release.every_days": 2},
        "channels.lists.release",
        ...,
        "every_days or weekdays, not both",
    ),
    (
        {},
        {"channels.lists.release.weekdays": ["monday"]},
        "channels.lists.release.weekdays.0",
        "monday",
        "'mon', 'tue'",
    ),
    (
        {},
        {"channels.packs.release.every_days": None},
        "channels.packs.release.every_days",
        None,
        "a number of days; this demand has no cycle",
    ),
    # a parcel or bundle without goods
    (
        {},
        {"channels.sets.bundles": bundle(content={})},
        "channels.sets.bundles.small",
        ...,
        "at least one of the goods",
    ),
    ({}, {"channels.sets.bundles": bundle(goods=[])}, "channels.sets.bundles.small", ..., "at least one of the goods"),
    ({}, {"channels.sets.bundles": bundle()}, "channels.sets.bundles.small", ..., "what is in a bundle: content, kg"),
    (
        {},
        {"channels.sets.bundles": bundle(content={"staples": 1})},
        "channels.sets.bundles.small.content",
        "staples",
        "did you mean 'staple'?",
    ),
    (
        {},
        {"channels.packs.parcel": {"goods": ["staple", "water"]}},
        "channels.packs.parcel.goods",
        "water",
        "valid: milk, staple",
    ),
    ({}, {"channels.packs.parcel": {"kg": 2, "per": "person"}}, "channels.packs.parcel", ..., "together with content"),
    (
        {},
        {"channels.packs.parcel": {"kg": 2, "content": {"staple": 1}}},
        "channels.packs.parcel",
        ...,
        "content by itself",
    ),
    # shares
    (
        {},
        {"mix.1.share": 0.6},
        "mix",
        "mix.0.share 0.5 + mix.1.share 0.6 = 1.1 (day 0, tier sealed, trigger busy off)",
        "shares that add up to at most 1 for every household",
    ),
    (
        {},
        {"mix.1.share": 0.6, "mix.1.households": ["infants"]},
        "mix",
        "mix.0.share 0.5 + mix.1.share 0.6 = 1.1 (day 0, tier sealed, households of kind infants, trigger busy off)",
        "for every household at any time",
    ),
    (
        {"scenario.households.priority_share": 0.1},
        {"mix.1.share": 0.6, "mix.0.excludes": ["chronic", "no_smartphone"], "mix.1.households": ["priority"]},
        "mix",
        "mix.0.share 0.5 + mix.1.share 0.6 = 1.1 (day 0, tier sealed, households of kind priority, trigger busy off)",
        "",
    ),
    (
        {},
        {"mix.1.share": 0.6, "mix.0.households": ["infants"], "mix.1.households": ["chronic"]},
        "mix",
        "mix.0.share 0.5 + mix.1.share 0.6 = 1.1 "
        "(day 0, tier sealed, households of kind chronic and infants and priority, trigger busy off)",
        "",
    ),
    ({}, {"mix.1.share": 0.6, "mix.0.unless": "busy", "mix.1.when": "busy"}, "", None, ""),
    ({}, {"mix.1.share": 0.6, "mix.0.to_day": 1, "mix.1.from_day": 1}, "", None, ""),
    ({}, {"mix.3.share": 1.0}, "", None, ""),  # visits are chosen among themselves
    ({}, {"mix.1.share": 1.5}, "mix.1.share", 1.5, "less than or equal to 1"),
    ({}, {"mix.2.share": 0.5}, "mix.2.share", 0.5, "nothing; what is allotted is nobody's choice"),
    ({}, {"channels.sets.bundles.small.share": 0.6}, "channels.sets", ..., "add up to 1 (they add up to 1.1)"),
    ({}, {"channels.lists.release.unpaid_share": 1.2}, "channels.lists.release.unpaid_share", 1.2, "or equal to 1"),
    # names of kinds, districts, channels, triggers
    ({}, {"mix.1.excludes": ["no_smartfone"]}, "mix.1.excludes", "no_smartfone", "did you mean 'no_smartphone'?"),
    (
        {},
        {"mix.2.households": ["old"]},
        "mix.2.households",
        "old",
        "a kind of household of the scenario; valid: chronic",
    ),
    ({}, {"channels.lists.release.excludes": ["old"]}, "channels.lists.release.excludes", "old", "a kind of household"),
    (
        {},
        {"channels.lists.acceptance": {"orders_per_day": 9, "first": ["infant"]}},
        "channels.lists.acceptance.first",
        "infant",
        "did you mean 'infants'?",
    ),
    ({}, {"mix.0.districts": ["Old Town"]}, "mix.0.districts", "Old Town", "valid: Whole area"),
    ({}, {"mix.0.channel": "list"}, "mix.0.channel", "list", "a name among channels; did you mean 'lists'?"),
    ({}, {"mix.4.when": "bussy"}, "mix.4.when", "bussy", "a name among triggers; did you mean 'busy'?"),
    ({}, {"mix.3.unless": "bussy"}, "mix.3.unless", "bussy", "a name among triggers; did you mean 'busy'?"),
    ({}, {"triggers.busy.channel": "list"}, "triggers.busy.channel", "list", "did you mean 'lists'?"),
    # days
    ({}, {"mix.2.from_day": 3}, "mix.2.from_day", 3, "< 3, the horizon in days"),
    ({}, {"mix.0.from_day": 2, "mix.0.to_day": 2}, "mix.0", ..., "from_day before to_day (2 and 2)"),
    (
        {},
        {
            "mix": [],
            "calendar": [{"channel": "lists", "from_day": 0}, {"channel": "packs", "from_day": 3}],
            "triggers": {},
        },
        "calendar.1.from_day",
        3,
        "< 3, the horizon in days",
    ),
    ({}, {"mix": []}, "", ..., "either a calendar or a mix"),
    # triggers
    (
        {},
        {"triggers.busy.metric": "backlog"},
        "triggers.busy.metric",
        "backlog",
        "'backlog_days', 'rejection_rate' or 'households_past_days'",
    ),
    ({}, {"mix.4.when": None}, "triggers.busy", "busy", "a use in mix with when or unless of this name"),
    ({}, {"triggers.busy.channel": "shop"}, "triggers.busy.channel", "shop", "a channel with orders or parcels"),
    ({}, {"triggers.busy.channel": "sets"}, "triggers.busy.channel", "sets", "a stage at a depot with per: order"),
    ({}, {"triggers.busy.below": 3}, "triggers.busy", ..., "below <= above (3 and 2)"),
    ({}, {"triggers.busy.past_days": 3}, "triggers.busy", ..., "past_days with metric households_past_days"),
    (
        {},
        {"triggers.busy": {"metric": "rejection_rate", "above": 30}},
        "triggers.busy.above",
        30.0,
        "< 1; rejection_rate is a share",
    ),
    (
        {},
        {"triggers.busy": {"metric": "rejection_rate", "above": 0.3, "channel": "packs"}},
        "triggers.busy.channel",
        "packs",
        "what is allotted is never turned away",
    ),
    (
        {},
        {"triggers.busy": {"metric": "households_past_days", "past_days": 2, "above": 0.3, "channel": "lists"}},
        "triggers.busy",
        ...,
        "no channel with metric households_past_days",
    ),
    # releases that do not go with the demand, or with acceptance
    (
        {"demand": CYCLE},
        {"channels.lists.steps.1.leg.leave": {"kind": "full", "orders": 5}},
        "channels.shop.release.kind",
        "visit",
        "demand kind purchases, where shops are visited",
    ),
    (
        {},
        {"channels.sets.acceptance": {"orders_per_day": 5}},
        "channels.sets.release.kind",
        "group",
        "order, where the channel has a section acceptance",
    ),
    (
        {},
        {
            "channels.lists.acceptance": {"promise_days": 2},
            "channels.lists.steps": [delay("bring", 5)],
            "triggers.busy.channel": None,
        },
        "channels.lists.acceptance.promise_days",
        2.0,
        "nothing, where no stage that a promise looks at says how many",
    ),
    ({}, {"channels.lists.acceptance": {"first": ["infants"]}}, "channels.lists.acceptance", ..., "promise_days or"),
    # steps by tier
    (
        {},
        {"channels.packs.steps": [only_for(delay("bring_packs", 60), tiers=["sealed"])]},
        "channels.packs.steps",
        "under precaution and controlled",
        "at least one step under every tier",
    ),
    (
        {},
        {"channels.lists.steps.1": leg("deliver", "vans") | SEALED},
        "channels.lists.steps",
        None,
        "",
    ),
    (
        {},
        {"channels.lists.steps": [PICK, stage("check", "clerks", effort={"per_order_min": 2}) | SEALED, HAND_OUT]},
        "channels.lists.steps",
        None,
        "",  # one crew may do several things
    ),
    (
        {},
        {"channels.lists.steps": [leg("deliver", "vans"), PICK | SEALED, HAND_OUT]},
        "channels.lists.steps",
        "under sealed",
        "step 'pick' at: drop_point, where the goods are then (it says 'depot')",
    ),
    # a place or a crew that the scenario lacks
    (
        {"staffing.crews.sorters": crew(1, "station")},
        {"channels.packs.steps": [stage("sort", "sorters", "station", effort={"per_order_min": 1})]},
        "channels.packs.steps.0.stage.at",
        "station",
        "a scenario in which every drop point has a station",
    ),
    (
        {},
        {"channels.lists.steps.2.stage.crew": "doorteam"},
        "channels.lists.steps.2.stage.crew",
        "doorteam",
        "did you mean 'door_team'?",
    ),
    # a window shorter than one stop
    (
        {
            "staffing.crews.clerks.at_shift_end": "fit",
            "staffing.crews.clerks.shifts": [{"start": "11:30", "end": "13:00"}],
        },
        {"channels.lists.steps.0.stage.effort.per_order_min": 91},
        "staffing.crews.clerks.shifts",
        "at most 90 min",
        "91 min at a stretch, which one order takes in stage 'pick'",
    ),
]


@pytest.mark.parametrize(
    ("of_world", "of_strategy", "key", "value", "allowed"),
    ONE_BY_ONE,
    ids=[f"{number}-{case[2]}" for number, case in enumerate(ONE_BY_ONE)],
)
def test_one_thing_wrong(
    of_world: dict[str, Any], of_strategy: dict[str, Any], key: str, value: object, allowed: str
) -> None:
    """The value ... stands for a whole section, None with nothing allowed for a plan that is right."""
    found = problems(of_world, of_strategy)
    if value is None and not allowed:
        assert found == ()
        return
    (change, *others) = [problem for problem in found if problem.key.removeprefix("strategy.") == key] or found
    assert change.key.removeprefix("strategy.") == key
    assert allowed in str(change.allowed)
    assert value is ... or value_of(change) == value
    assert not others


# --- where orders come one by one ---------------------------------------------------------------------------


def test_single_orders_know_neither_groups_nor_a_second_channel() -> None:
    found = problems({"demand": SINGLE})
    said = {(problem.key, str(problem.allowed)) for problem in found}
    assert ("strategy.channels.sets.release.kind", "order or allot, where orders come singly") in said
    assert ("strategy.mix", "one channel, where orders come singly") in said
    assert ("strategy.channels.shop.release.kind", "demand kind purchases, where shops are visited") in said


# --- where no goods are told apart --------------------------------------------------------------------------


def test_without_goods_one_sentence_names_all_that_are_missing() -> None:
    world = {"goods": None, "demand": purchases(), "scenario.households.pantry_days": DAYS}
    found = {
        problem.key: problem for problem in problems(world, {"channels.packs.parcel": {"goods": ["staple", "milk"]}})
    }
    assert found.keys() == {
        "strategy.channels.sets.bundles.small.content",
        "strategy.channels.sets.bundles.large.goods",
        "strategy.channels.packs.parcel.goods",
    }
    packs = found["strategy.channels.packs.parcel.goods"]
    assert packs.value == "staple, milk"
    assert str(packs.allowed) == "a scenario with a section goods that has these groups; this one tells no goods apart"


# --- with an epidemic -------------------------------------------------------------------------------------


def test_with_an_epidemic_every_tier_may_come() -> None:
    """Crates while sealed only: fine if all are sealed for good, but not if cases decide."""
    crates = ss.load_strategy("standard_crates").model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude={"calendar"}
    )
    strategy = ss.load_strategy({**crates, "mix": [{"channel": "standard_crates", "tiers": ["sealed"]}]})
    fit(ss.load_scenario("subdistrict", ["tiers=sealed_all"]), strategy)
    with pytest.raises(ss.InputError) as error:
        fit(ss.load_scenario("subdistrict", ["tiers=local_outbreak"]), strategy)
    (problem,) = error.value.problems
    assert str(problem.allowed) == "a channel that is open to households in tier precaution and in tier controlled"


# --- who is left out ------------------------------------------------------------------------------------------

CALENDAR = {"mix": [], "calendar": [{"channel": "lists", "from_day": 0}], "triggers": {}}


@pytest.mark.parametrize(
    ("of_strategy", "who"),
    [
        ({}, []),
        ({"mix.2.when": "busy"}, []),  # sooner or later
        ({"mix.2.tiers": ["controlled"]}, ["no_smartphone in tier sealed"]),
        (
            {
                "channels.lists.release.excludes": ["infants"],
                "channels.sets.release.excludes": ["infants"],
                "mix.4.tiers": ["controlled"],
            },
            ["infants in tier sealed"],
        ),
        (
            {
                "mix.0.excludes": ["priority"],
                "mix.1.excludes": ["chronic"],
                "mix.4.excludes": ["priority"],
                "mix.2.excludes": ["chronic"],
            },
            ["chronic and priority in tier sealed"],
        ),
        (
            {**CALENDAR, "channels.lists.release.excludes": ["infants"]},
            ["infants in tier sealed and in tier controlled"],
        ),
    ],
)
def test_kinds_of_households_that_no_channel_serves_are_noted(of_strategy: dict[str, Any], who: list[str]) -> None:
    """It is no mistake to leave somebody out, but the results say so."""
    scenario, strategy = ss.load_scenario(WORLD), ss.load_strategy(changed(STRATEGY, of_strategy))
    notes = ss.simulate(scenario, strategy, replications=1).notes
    said = [note.removeprefix("left out: no channel is open to households of kind ") for note in notes]
    assert [text for text, note in zip(said, notes, strict=True) if text != note] == who


# --- by district ------------------------------------------------------------------------------------------


def test_districts_without_a_channel_are_named() -> None:
    """A city of several districts; one is left out, by its English or its Chinese name."""
    scenario = ss.load_scenario("demo_city")
    names = [title.en for title in scenario.places.districts]
    strategy = ss.load_strategy("standard_crates_via_stations")
    plain = strategy.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"calendar"})
    for districts, missing in ((names[1:], names[0]), ([scenario.places.districts[0].zh], ", ".join(names[1:]))):
        some = {**plain, "mix": [{"channel": "standard_crates_via_stations", "districts": districts}]}
        with pytest.raises(ss.InputError) as error:
            fit(scenario, ss.load_strategy(some))
        (problem,) = error.value.problems
        assert value_of(problem) == f"none in {missing}"


# --- shares that many uses have -------------------------------------------------------------------------------


def test_every_set_of_shares_that_is_too_much_is_named_once() -> None:
    """0.5 + 0.6 on all days and, beside it on day 2, 0.5 + 0.7: but not all three again."""
    found = problems(
        {}, {"mix.1.share": 0.6, "mix.4": use("lists", excludes=WITHOUT, share=0.7, tiers=["controlled"], when="busy")}
    )
    values = [str(value_of(problem)).split(" (")[0] for problem in found]
    assert values == ["mix.0.share 0.5 + mix.1.share 0.6 = 1.1"]
    found = problems(
        {},
        {
            "mix.1.tiers": ["sealed"],
            "mix.1.share": 0.6,
            "mix.4": use("lists", share=0.7, tiers=["controlled"], when="busy"),
        },
    )
    values = [str(value_of(problem)).split(" (")[0] for problem in found]
    assert values == ["mix.0.share 0.5 + mix.1.share 0.6 = 1.1", "mix.0.share 0.5 + mix.4.share 0.7 = 1.2"]


# --- everything at once ---------------------------------------------------------------------------------------


def test_everything_wrong_is_said_at_once() -> None:
    found = problems(
        {},
        {
            "mix.0.districts": ["Old Town"],
            "mix.1.excludes": ["old"],
            "mix.1.share": 0.6,
            "mix.2.from_day": 7,
            "mix.3.tiers": ["sealed"],
            "mix.4.when": None,
            "channels.lists.release.weekdays": ["sun"],
            "channels.lists.steps.2.stage.crew": "doorteam",
            "channels.sets.acceptance": {"orders_per_day": 5, "first": ["old"]},
            "channels.packs.parcel": {"content": {"water": 1}},
            "triggers.busy.channel": "sets",
        },
    )
    assert {problem.key.removeprefix("strategy.") for problem in found} == {
        "mix.0.districts",
        "mix.1.excludes",
        "mix.2.from_day",
        "mix.3.tiers",
        "mix",
        "channels.lists.release.weekdays",
        "channels.lists.steps.2.stage.crew",
        "channels.sets.release.kind",
        "channels.sets.acceptance.first",
        "channels.packs.parcel.content",
        "triggers.busy",
        "triggers.busy.channel",
    }
    assert len(found) == 12


def test_all_names_that_do_not_exist_are_said_at_once() -> None:
    found = problems({}, {"mix.0.channel": "list", "mix.2.unless": "bussy", "triggers.busy.channel": "lits"})
    assert [(problem.key, value_of(problem)) for problem in found] == [
        ("mix.0.channel", "list"),
        ("triggers.busy.channel", "lits"),
        ("mix.2.unless", "bussy"),
    ]


# --- as a planner sees it -------------------------------------------------------------------------------------


AT_THE_TERMINAL = [
    (
        {},
        {"mix.3.tiers": ["sealed"]},
        ["way", "mix.3.tiers: got ['sealed']; allowed: a tier in which channels of kind visit"],
    ),
    (
        {},
        {f"mix.{number}.tiers": ["controlled"] for number in (0, 1, 2, 4)},
        ["way", "mix: got 'none in Whole area'; allowed: a channel that is open to households in tier sealed"],
    ),
    (
        {},
        {"channels.lists.release.weekdays": ["sun"]},
        ["way", "channels.lists.release.weekdays: got ['sun']; allowed: one of"],
    ),
    ({}, {"channels.sets.bundles": bundle()}, ["way", "channels.sets.bundles.small: got {", "what is in a bundle"]),
    ({}, {"mix.1.share": 0.6}, ["way", "mix: got 'mix.0.share 0.5 + mix.1.share 0.6 = 1.1 (day 0"]),
    ({}, {"triggers.busy.metric": "queue"}, ["way", "triggers.busy.metric: got 'queue'; allowed: 'backlog_days'"]),
    ({}, {"mix.0.channel": "list"}, ["way", "mix.0.channel: got 'list'; allowed: a name among channels"]),
    (
        {},
        {"channels.lists.steps.2.stage.crew": "doorteam"},
        ["way", "stage.crew: got 'doorteam'; allowed: did you mean"],
    ),
    (
        {},
        {
            "channels.lists.steps.1.leg.from": "station",
            "channels.lists.steps.0": delay("rest", 1),
            "triggers.busy.channel": None,
        },
        ["way", "channels.lists: got {", "leg 'deliver' from: depot, where the goods are"],
    ),
    (
        {"tiers.calendar.0.from_day": 3},
        {},
        ["world", "tiers.calendar.0.from_day: got 3; allowed: within the horizon: day 0 to 2"],
    ),
    (
        {"tiers.calendar": [{"tier": "controlled", "to_day": 2}, {"tier": "sealed", "from_day": 1}]},
        {},
        ["world", "tiers.calendar.1: got 'days 1 to 2 in the whole area'; allowed: days or areas apart from"],
    ),
    (
        {
            "staffing.crews.clerks.at_shift_end": "fit",
            "staffing.crews.clerks.shifts": [{"start": "11:30", "end": "11:31"}],
        },
        {},
        ["world", "staffing.crews.clerks.shifts: got 'at most 1 min'; allowed: 2 min at a stretch"],
    ),
]


@pytest.mark.parametrize(("of_world", "of_strategy", "parts"), AT_THE_TERMINAL)
def test_one_line_with_file_key_value_and_what_is_allowed(
    of_world: dict[str, Any],
    of_strategy: dict[str, Any],
    parts: list[str],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    found = refused(of_world, of_strategy, capsys, tmp_path)
    (line,) = found
    assert line.startswith(str(tmp_path / f"{parts[0]}.yaml"))
    assert all(part in line for part in parts[1:])


def test_all_lines_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    changes = {
        "mix.1.share": 0.6,
        "mix.3.tiers": ["sealed"],
        "channels.lists.release.weekdays": ["sun"],
        "mix.4.when": None,
    }
    found = refused({}, changes, capsys, tmp_path)
    file = tmp_path / "way.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    said = []
    for line in found:
        place = re.fullmatch(
            rf"{re.escape(str(file))}, line (\d+) \(my_estate with paper\): (\S+)", line.split(": got ")[0]
        )
        assert place is not None
        assert place[2].rpartition(".")[2] + ":" in lines[int(place[1]) - 1]
        said.append(place[2])
    assert sorted(said) == ["channels.lists.release.weekdays", "mix", "mix.3.tiers", "triggers.busy"]


def refused(
    of_world: dict[str, Any], of_strategy: dict[str, Any], capsys: pytest.CaptureFixture[str], folder: Path
) -> list[str]:
    """Lines that the command line prints instead of running the plan."""
    world = write(folder / "world.yaml", WORLD, of_world)
    way_file = write(folder / "way.yaml", STRATEGY, of_strategy)
    output = folder / "result"
    found = call(capsys, "run", f"scenario={world}", f"strategy={way_file}", f"output={output}")
    assert found.status == 2
    assert found.out == ""
    assert "Traceback" not in found.err
    assert all(": got " in line and "; allowed: " in line for line in found.messages)
    assert not output.exists()
    return found.messages


@pytest.mark.lengthy
def test_a_strategy_file_names_built_in_channels_in_a_mix_with_triggers(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """As a planner writes one: two channels by name, one tied to a trigger; it runs, and misprints are found."""
    own_strategy: Plain = {
        "name": "my_mix",
        "title": {"en": "My mix", "zh": "我的组合"},
        "channels": {"individual_orders": "individual_orders", "standard_crates": "standard_crates"},
        "mix": [
            {"channel": "individual_orders"},
            {"channel": "standard_crates", "when": "many_wait"},
        ],
        "triggers": {"many_wait": {"metric": "households_past_days", "past_days": 1, "above": 0.1}},
    }
    name = write(tmp_path / "mine.yaml", own_strategy)
    words = ["scenario=town", "scenario.horizon_days=7", "replications=1", f"output={tmp_path / 'out'}"]
    found = call(capsys, "run", *words, f"strategy={name}")
    assert (found.status, found.err) == (0, "")
    name = write(tmp_path / "wrong.yaml", own_strategy, {"channels.individual_orders": "individual_order"})
    found = call(capsys, "run", *words, f"strategy={name}")
    assert found.status == 2
    assert "got 'individual_order'; allowed: did you mean 'individual_orders'?" in found.err


def test_shares_of_different_districts_do_not_add_up() -> None:
    """0.6 in each of two districts; with 0.6 everywhere it is 1.2 in both."""
    scenario = ss.load_scenario("demo_city")
    names = [title.en for title in scenario.places.districts]
    plain = ss.load_strategy("individual_orders_via_stations").model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude={"calendar"}
    )
    everywhere = {"channel": "individual_orders_via_stations"}
    apart = [{**everywhere, "districts": [name], "share": 0.6} for name in names[:2]]
    fit(scenario, ss.load_strategy({**plain, "mix": [everywhere, *apart]}))
    with pytest.raises(ss.InputError) as error:
        fit(scenario, ss.load_strategy({**plain, "mix": [{**everywhere, "share": 0.6}, *apart]}))
    sums = {str(value_of(problem)).split(" (")[0] for problem in error.value.problems}
    assert sums == {f"mix.0.share 0.6 + mix.{number}.share 0.6 = 1.2" for number in (1, 2)}
