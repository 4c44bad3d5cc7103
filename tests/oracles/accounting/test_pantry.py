"""What is at home: each group of goods runs down by itself, deliveries add to it, an empty one is deprivation.

One person a household unless told otherwise. Rice: 0.4 kg a day; greens: 0.3 kg a day.
"""

from __future__ import annotations

import numpy as np
import pytest

import simsupply as ss
from tests.plans.demand_plans import (
    ROUND_THE_CLOCK,
    allotted,
    alone,
    group_of_goods,
    idle_world,
    is_split,
    mix,
    purchases,
    run,
    split,
    table,
    times,
    use,
    value,
    way,
    with_goods,
)
from tests.plans.paper_plans import clock, crew, cycle, delay, ends, stage, world

EMPTY_HOURS = "empty_pantry_h"
HOUR = delay("count", 60)  # lists at 08:00, there at 09:00 = 540


def crates(goods: dict, parcel: dict, *, every_days: int = 3, households: int = 1, **more) -> ss.Result:
    """Everybody is sent a parcel at 08:00 on days 0, 3, 6, which is there at 09:00; horizon 7 days."""
    plan = with_goods(idle_world([households], **more), goods)
    return alone(plan, way("crate", HOUR, release=allotted(every_days, "08:00"), parcel=parcel))


def deprived_min(result: ss.Result) -> float:
    return value(result, "deprived_household_days") * 1440


def empty_min(result: ss.Result, goods: str) -> float:
    # One group of goods that everybody needs is the whole.
    hours = split(result, "goods", goods, EMPTY_HOURS) if is_split(result, "goods") else value(result, EMPTY_HOURS)
    return hours * 60


# --- two goods ----------------------------------------------------------------------------------------------


def rice_and_greens(rice_days: float, greens_days: float) -> dict:
    return {"rice": group_of_goods(0.4, rice_days), "greens": group_of_goods(0.3, greens_days)}


def test_two_goods_run_down_by_themselves() -> None:
    """1.2 kg of rice (3 days) and 0.6 kg of greens (2 days) at 540, 4860 and 9180; horizon 10,080.

    Rice: 2 days at home: until 2880; + 4320 = 7200; + 4320 = 11,520 (at 4860 some is left): never empty.
    Greens: half a day: until 720; at 540: 720 + 2880 = 3600. Empty 3600-4860 = 1260. 4860 + 2880 = 7740.
    Empty 7740-9180 = 1440. 9180 + 2880 = 12,060. Together 2700.
    """
    result = crates(rice_and_greens(2, 0.5), {"content": {"rice": 1.2, "greens": 0.6}})
    assert times(result, "count") == [540, clock(3, 540), clock(6, 540)]
    assert empty_min(result, "rice") == pytest.approx(0, abs=1e-6)
    assert empty_min(result, "greens") == pytest.approx(2700)
    assert deprived_min(result) == pytest.approx(2700)


def test_deprived_is_who_lacks_anything() -> None:
    """Only greens are sent, as above: empty 3600-4860 and 7740-9180. Rice for 5 days: empty from 7200 on: 2880.

    Anything is lacking 3600-4860 and 7200-10,080: 1260 + 2880 = 4140, not 2700 + 2880.
    """
    result = crates(rice_and_greens(5, 0.5), {"content": {"greens": 0.6}})
    assert empty_min(result, "rice") == pytest.approx(2880)
    assert empty_min(result, "greens") == pytest.approx(2700)
    assert deprived_min(result) == pytest.approx(4140)


def test_a_content_that_leaves_out_what_is_gone_first() -> None:
    """Rice never comes and there is none: deprived all 10,080 min, whatever else is in the crate."""
    result = crates(rice_and_greens(0, 30), {"content": {"greens": 5.0}})
    assert empty_min(result, "rice") == pytest.approx(10_080)
    assert empty_min(result, "greens") == pytest.approx(0, abs=1e-6)
    assert deprived_min(result) == pytest.approx(10_080)


def test_what_runs_out_twice_at_different_times() -> None:
    """No pantry; 0.4 kg rice (1 day) and 0.6 kg greens (2 days) at 540, 4860, 9180.

    Rice: empty 0-540, 1980-4860, 6300-9180 (9180 + 1440 > 10,080): 540 + 2880 + 2880 = 6300.
    Greens: empty 0-540, 3420-4860, 7740-9180: 540 + 1440 + 1440 = 3420, all while rice is gone too.
    """
    result = crates(rice_and_greens(0, 0), {"content": {"rice": 0.4, "greens": 0.6}})
    assert empty_min(result, "rice") == pytest.approx(6300)
    assert empty_min(result, "greens") == pytest.approx(3420)
    assert deprived_min(result) == pytest.approx(6300)


def test_overlapping_but_neither_within_the_other() -> None:
    """Rice for 2 days, its crate on day 4 (6300): empty 2880-6300 = 3420. Greens for 1, theirs on day 2 (3420).

    Greens: empty 1440-3420 = 1980. Both crates hold enough for the rest of the week. Anything: 1440-6300 = 4860;
    the longer alone would say 3420, the sum 5400.
    """
    plan = with_goods(idle_world([1]), rice_and_greens(2, 1))
    rice = way("rice_crate", delay("rice_hold", 60), release=allotted(7, "08:00"), parcel={"content": {"rice": 4.0}})
    greens = way(
        "greens_crate", delay("greens_hold", 60), release=allotted(7, "08:00"), parcel={"content": {"greens": 3.0}}
    )
    result = run(plan, mix(use(rice, from_day=4), use(greens, from_day=2)))
    assert times(result, "rice_hold", "rice_crate") == [clock(4, 540)]
    assert times(result, "greens_hold", "greens_crate") == [clock(2, 540)]
    assert empty_min(result, "rice") == pytest.approx(3420)
    assert empty_min(result, "greens") == pytest.approx(1980)
    assert deprived_min(result) == pytest.approx(4860)


def test_hours_are_per_household() -> None:
    """The first plan with 6 households: hours by goods as for one, household-days six times."""
    result = crates(rice_and_greens(2, 0.5), {"content": {"rice": 1.2, "greens": 0.6}}, households=6)
    assert empty_min(result, "greens") == pytest.approx(2700)
    assert deprived_min(result) == pytest.approx(6 * 2700)


def test_a_day_of_use_is_a_day_whatever_the_group_weighs() -> None:
    """Nothing is sent within the horizon (held 20 days): pantries of 1.5 and 4 days last 2160 and 5760 min."""
    plan = with_goods(idle_world([1]), rice_and_greens(1.5, 4))
    result = alone(plan, way("crate", delay("count", 28_800), release=allotted(7)))
    assert empty_min(result, "rice") == pytest.approx(10_080 - 2160)
    assert empty_min(result, "greens") == pytest.approx(10_080 - 5760)
    assert deprived_min(result) == pytest.approx(10_080 - 2160)


def test_without_goods_there_is_one_pantry() -> None:
    """14 kg a week, pantry half a day: until 720; 4 kg (2 days) at 540, 4860, 9180: as the greens above: 2700."""
    plan = idle_world([1], cycle(), people={"pantry_days": {"low": 0.5, "high": 0.5}})
    result = alone(plan, way("crate", HOUR, release=allotted(3, "08:00"), parcel={"kg": 4}))
    assert deprived_min(result) == pytest.approx(2700)


def test_one_group_of_goods_is_the_same_as_none() -> None:
    """2 kg a person and day, one person: the plan without goods to the minute."""
    goods = {"food": group_of_goods(2, 0.5)}
    result = crates(goods, {"content": {"food": 4}})
    assert empty_min(result, "food") == pytest.approx(2700)
    assert deprived_min(result) == pytest.approx(2700)


# --- persons ------------------------------------------------------------------------------------------------

NOTHING_AT_HOME = {"rice": group_of_goods(0.4, 0)}
FAMILIES = {"persons_mean": 2.5}


def test_content_per_person_lasts_everybody_as_long() -> None:
    """0.8 kg for each person, at 540 of day 0 only: 2 days. Empty 0-540 and 3420-10,080: 7200 min each.

    30 households, the larger the heavier the parcel: one packer, 10 min a kg, 8 min a person.
    """
    plan = with_goods(
        world([30], {"packers": crew(1, "depot", ROUND_THE_CLOCK)}, demand=purchases(), people=FAMILIES),
        NOTHING_AT_HOME,
    )
    pack = stage("pack", "packers", effort={"per_kg_min": 10})
    parcel = {"content": {"rice": 0.8}, "per": "person"}
    result = alone(plan, way("crate", pack, release=allotted(7), parcel=parcel))
    persons = result.scenario.households.persons
    assert len(set(persons.tolist())) > 2
    assert ends(result, "pack") == pytest.approx(np.cumsum(8.0 * persons))

    same_time = crates(NOTHING_AT_HOME, parcel, every_days=7, households=30, people=FAMILIES)
    assert empty_min(same_time, "rice") == pytest.approx(7200)
    assert deprived_min(same_time) == pytest.approx(30 * 7200)


def test_content_per_household_lasts_large_ones_a_shorter_time() -> None:
    """1.2 kg for each household at 540: 3 days for one person, 3 / n days for n: empty 540 + 9540 - 4320 / n."""
    result = crates(NOTHING_AT_HOME, {"content": {"rice": 1.2}}, every_days=7, households=30, people=FAMILIES)
    persons = result.scenario.households.persons
    assert len(set(persons.tolist())) > 2
    expected = 540 + 9540 - 4320 / persons
    assert deprived_min(result) == pytest.approx(expected.sum())
    assert empty_min(result, "rice") == pytest.approx(expected.mean())


def test_content_by_need_grows_with_the_household() -> None:
    """Allotted every 3 days without a content: 3 days' need of both goods, 0.7 * 3 = 2.1 kg a person, 10 min a kg."""
    plan = with_goods(
        world([30], {"packers": crew(1, "depot", ROUND_THE_CLOCK)}, demand=purchases(), people=FAMILIES),
        rice_and_greens(0, 0),
    )
    pack = stage("pack", "packers", effort={"per_kg_min": 10})
    result = run(plan, mix(use(way("crate", pack, release=allotted(3)), to_day=1)))
    assert ends(result, "pack") == pytest.approx(np.cumsum(21.0 * result.scenario.households.persons))


# --- what a parcel without a content holds -------------------------------------------------------------------


def test_a_weight_is_split_by_need() -> None:
    """1.4 kg at 540, needs 0.4 and 0.3: 0.8 kg rice and 0.6 kg greens, 2 days of each; pantries 0 and 1 day.

    Rice: empty 0-540, then until 3420; 3420-10,080: 7200. Greens: until 1440 + 2880 = 4320: 5760.
    """
    result = crates(rice_and_greens(0, 1), {"kg": 1.4}, every_days=7)
    assert empty_min(result, "rice") == pytest.approx(7200)
    assert empty_min(result, "greens") == pytest.approx(5760)
    assert deprived_min(result) == pytest.approx(7200)


def test_a_channel_that_carries_one_group_only() -> None:
    """Every 3 days 3 days' need of greens, 0.9 kg: at 10 min a kg 9 min of packing from 480 on.

    Greens: none at home: empty 0-489, then there is always some. Rice for 6 days: empty from 8640 on: 1440.
    """
    plan = with_goods(world([1], {"packers": crew(1)}, demand=purchases()), rice_and_greens(6, 0))
    pack = stage("pack", "packers", effort={"per_kg_min": 10})
    result = alone(plan, way("crate", pack, release=allotted(3), parcel={"goods": ["greens"]}))
    assert times(result, "pack") == pytest.approx([489, clock(3, 489), clock(6, 489)])
    assert empty_min(result, "greens") == pytest.approx(489, abs=1e-6)
    assert empty_min(result, "rice") == pytest.approx(1440)
    assert deprived_min(result) == pytest.approx(489 + 1440)


def test_two_channels_fill_one_pantry_between_them() -> None:
    """Rice in one crate (day 0, 540), greens in another (day 2, 3420), both for the rest of the week; 1 day at home.

    Rice: 1440 + 4 kg (10 days): never empty. Greens: empty 1440-3420: 1980.
    """
    plan = with_goods(idle_world([1]), rice_and_greens(1, 1))
    rice = way("rice_crate", delay("rice_hold", 60), release=allotted(7, "08:00"), parcel={"content": {"rice": 4.0}})
    greens = way(
        "greens_crate", delay("greens_hold", 60), release=allotted(7, "08:00"), parcel={"content": {"greens": 3.0}}
    )
    result = run(plan, mix(use(rice), use(greens, from_day=2)))
    assert times(result, "greens_hold", "greens_crate") == [clock(2, 540)]
    assert empty_min(result, "rice") == pytest.approx(0, abs=1e-6)
    assert empty_min(result, "greens") == pytest.approx(1980)
    assert deprived_min(result) == pytest.approx(1980)


# --- what only some need ----------------------------------------------------------------------------------


def infants(share: float, parcel: dict, households: int = 200) -> ss.Result:
    """Rice for 30 days, formula (0.1 kg a person and day) for 1 day where there is an infant; horizon 7 days."""
    goods = {"rice": group_of_goods(0.4, 30), "formula": group_of_goods(0.1, 1, needed_by="infant")}
    people = {"kinds": {"infant": {"share": share}}}
    return crates(goods, parcel, every_days=7, households=households, people=people)


@pytest.mark.parametrize(("share", "days"), [(0.0, 0), (1.0, 6)])
def test_what_only_infants_need(share, days) -> None:
    """No formula ever comes: 6 of 7 days without, if there is an infant; else it does not matter."""
    result = infants(share, {"content": {"rice": 1.0}})
    assert value(result, "deprived_household_days") == pytest.approx(200 * days, abs=1e-6)


def test_only_households_with_an_infant_are_deprived() -> None:
    """n households with an infant of 200: 6 n household-days; 144 h each in that kind."""
    result = infants(0.4, {"content": {"rice": 1.0}})
    has_infant = result.scenario.households.of_kinds(["infant"])
    assert 0 < has_infant.sum() < 200
    assert value(result, "deprived_household_days") == pytest.approx(6 * has_infant.sum())
    assert split(result, "kind", "infant", EMPTY_HOURS) == pytest.approx(144)


def test_formula_for_who_has_no_use_for_it() -> None:
    """Formula for 7 days at 540 to everybody: nobody lacks anything, and who has no infant is not disturbed."""
    result = infants(0.4, {"content": {"formula": 0.7}})
    assert value(result, "deprived_household_days") == pytest.approx(0, abs=1e-6)
    assert value(result, "mass_balance_error_kg") == pytest.approx(0, abs=1e-6)


def test_a_parcel_by_need_has_formula_for_infants_only() -> None:
    """A week of need: 2.8 kg of rice, with an infant 0.7 kg more: 28 or 35 min at 10 min a kg, as many packers."""
    goods = {"rice": group_of_goods(0.4, 30), "formula": group_of_goods(0.1, 1, needed_by="infant")}
    plan = with_goods(
        world([200], {"packers": crew(200)}, demand=purchases(), people={"kinds": {"infant": {"share": 0.4}}}), goods
    )
    pack = stage("pack", "packers", effort={"per_kg_min": 10})
    result = alone(plan, way("crate", pack, release=allotted(7)))
    households = table(result)["household"].to_numpy()
    expected = 480 + np.where(result.scenario.households.of_kinds(["infant"])[households], 35.0, 28.0)
    assert len(set(expected.tolist())) == 2
    assert times(result, "pack") == pytest.approx(expected)
    assert value(result, "deprived_household_days") == pytest.approx(0, abs=1e-6)
