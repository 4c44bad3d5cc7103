"""From which day a rhythm counts, compound by compound, and how compounds take turns; under both engines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.config.load import fit
from simsupply.records.replication import SupplyRecord
from tests.plans.both_engines import exact
from tests.plans.demand_plans import (
    allotted,
    days_of,
    group_of_goods,
    grouped,
    idle_world,
    in_tiers,
    mix,
    ordered,
    purchases,
    use,
    way,
    with_goods,
)
from tests.plans.paper_plans import Plain, crew, cycle, delay, stage, world
from tests.plans.supply_plans import record, replication, stock, with_supply

ROAD = delay("road", 10)
# Whoever is not sealed orders from a list of its own, day after day.
OTHER = use(way("other", ROAD, release=ordered(cut_off="23:00")), tiers=["precaution"])
ALLOT = way("crate", ROAD, release=allotted(3), parcel={"kg": 2})


def sealed(*periods: Plain, households: tuple[int, ...] = (2, 3), **more: int) -> Plain:
    """Drop points of one compound each, under precaution but for these periods; ten days."""
    plan = idle_world(list(households), purchases(), horizon_days=10, run_out_days=1, **more)
    return in_tiers(plan, *({"tier": "sealed", **period} for period in periods), default="precaution")


D0 = {"from_day": 1, "communities": ["d0"]}
D1 = {"from_day": 3, "communities": ["d1"]}


def test_parcels_tied_to_a_tier_count_from_the_day_of_each_compound() -> None:
    """Every 3 days: to the two households of d0 on days 1, 4, 7, to the three of d1 on days 3, 6, 9."""
    found = days_of(exact(sealed(D0, D1), mix(use(ALLOT, tiers=["sealed"]), OTHER)), "crate")
    assert found == {1: 2, 3: 3, 4: 2, 6: 3, 7: 2, 9: 3}


def test_the_same_where_the_channel_itself_is_open_under_a_tier_only() -> None:
    """No tiers of the use, but allotting is closed under precaution: the same days."""
    plan = sealed(D0, D1)
    plan["tiers"]["settings"] = {"precaution": {"open": ["visit", "order", "group"]}}
    assert days_of(exact(plan, mix(use(ALLOT), OTHER)), "crate") == {1: 2, 3: 3, 4: 2, 6: 3, 7: 2, 9: 3}


def test_a_use_that_begins_later_counts_from_its_own_first_day() -> None:
    """From day 2 on: d0 on days 2, 5, 8, d1 as before."""
    found = days_of(exact(sealed(D0, D1), mix(use(ALLOT, tiers=["sealed"], from_day=2), OTHER)), "crate")
    assert found == {2: 2, 3: 3, 5: 2, 6: 3, 8: 2, 9: 3}


def test_a_tier_that_comes_again_begins_anew() -> None:
    """Sealed on days 1-4 and from day 6 on: days 1, 4, then 6 and 9."""
    again = sealed({**D0, "to_day": 5}, {**D0, "from_day": 6}, households=(2,))
    assert days_of(exact(again, mix(use(ALLOT, tiers=["sealed"]), OTHER)), "crate") == {1: 2, 4: 2, 6: 2, 9: 2}


def test_a_use_open_under_every_tier_counts_from_day_0_whatever_happens() -> None:
    assert days_of(exact(sealed(D0, D1), mix(use(ALLOT))), "crate") == {0: 5, 3: 5, 6: 5, 9: 5}


def test_lists_count_from_the_day_of_each_compound() -> None:
    """A list every 3 days on which everybody orders: the same days as parcels."""
    lists = way("crate", ROAD, release=ordered(every_days=3))
    found = days_of(exact(sealed(D0, D1), mix(use(lists, tiers=["sealed"]), OTHER)), "crate")
    assert found == {1: 2, 3: 3, 4: 2, 6: 3, 7: 2, 9: 3}


def test_windows_of_groups_count_from_the_day_of_each_compound() -> None:
    """Closed at the end of every second day: d0 from day 1 on days 2, 4, 6, 8, d1 from day 3 on days 4, 6, 8."""
    groups = way("crate", ROAD, release=grouped(1, "wait", window_days=2))
    found = days_of(exact(sealed(D0, D1), mix(use(groups, tiers=["sealed"]), OTHER)), "crate")
    assert found == {2: 2, 4: 5, 6: 5, 8: 5}


def test_a_group_that_is_too_small_waits_for_its_own_compound() -> None:
    """Three sets are enough in d1 alone; the two of d0 wait, and are sent away when d0 is free again on day 6."""
    groups = way("crate", ROAD, release=grouped(3, "wait", window_days=2))
    result = exact(sealed({**D0, "to_day": 6}, D1), mix(use(groups, tiers=["sealed"]), OTHER))
    assert days_of(result, "crate") == {4: 3, 6: 3, 8: 3}
    table = result.days[(result.days["channel"] == "crate") & (result.days["value"] > 0)]
    found = {name: rows["day"].tolist() for name, rows in table.groupby("measure")}
    assert found["rejected"] == [6]
    assert found["collecting"] == [2, 3, 4, 5]


# --- turns ---------------------------------------------------------------------------------------------------


def test_compounds_take_turns_over_so_many_days() -> None:
    """Compounds of 10, 10 and 20 households take turns on 4 of 7 days.

    The middle one of the 40 households before and in each: 5, 15, 30 of 40, so days 4 * 5 / 40 = 0, 1, 3.
    """
    crate = way("crate", ROAD, release={**allotted(7), "stagger_days": 4}, parcel={"kg": 2})
    plan = idle_world([10, 10, 20], horizon_days=10)
    assert days_of(exact(plan, mix(use(crate))), "crate") == {0: 10, 1: 10, 3: 20, 7: 10, 8: 10}


def test_turns_begin_with_the_tier() -> None:
    """d0 alone sealed from day 1: it is the first of the two compounds of its depot; d1 from day 3, a day later."""
    crate = way("crate", ROAD, release={**allotted(3), "stagger_days": 2}, parcel={"kg": 2})
    found = days_of(exact(sealed(D0, D1, households=(2, 2)), mix(use(crate, tiers=["sealed"]), OTHER)), "crate")
    assert found == {1: 2, 4: 4, 7: 4}


def test_lists_and_groups_take_turns_too() -> None:
    lists = way("crate", ROAD, release=ordered(every_days=4, stagger_days=2))
    assert days_of(exact(idle_world([5, 5], horizon_days=7), mix(use(lists))), "crate") == {0: 5, 1: 5, 4: 5, 5: 5}
    groups = way("crate", ROAD, release=grouped(1, "wait", window_days=3, stagger_days=3))
    assert days_of(exact(idle_world([5, 5], horizon_days=7), mix(use(groups))), "crate") == {2: 5, 4: 5, 5: 5}


@pytest.mark.parametrize(
    ("release", "demand"),
    [({"kind": "allot", "every_days": 3, "stagger_days": 4}, None), ({"kind": "allot", "stagger_days": 8}, cycle())],
)
def test_turns_come_round_before_the_first_is_due_again(release: Plain, demand: Plain | None) -> None:
    plan, crate = idle_world([5], demand), way("crate", ROAD, release=release, parcel={"kg": 2})
    with pytest.raises(InputError, match="stagger_days"):
        fit(ss.load_scenario(plan), ss.load_strategy(mix(use(crate))))


# --- what depots order for them --------------------------------------------------------------------------------


def supplied(stagger_days: int, up_to: float = 4, **release: Any) -> SupplyRecord:
    """Parcels for a week, every week at 08:00, to seven compounds of 10 households that need 2 kg a day each.

    So 140 kg a day. There is stock for 4 days = 560 kg; stocks are counted at noon, and what is asked for is there a
    day later. Two weeks are planned.
    """
    plan = with_goods(
        world([10] * 7, {"packers": crew(9)}, demand=cycle(), horizon_days=14, run_out_days=0),
        {"food": group_of_goods(2, 1)},
    )
    crate = way(
        "crate",
        stage("pack", "packers", effort={"per_order_min": 0.1}),
        release={"kind": "allot", "every_days": 7, "at": "08:00", "stagger_days": stagger_days, **release},
    )
    plan = with_supply(plan, {"food": stock(4, up_to)})
    found = [record(replication(plan, mix(use(crate)), engine)) for engine in ("auto", "reference")]
    for name in ("drawn_kg", "received_kg", "on_hand_kg"):
        np.testing.assert_array_equal(getattr(found[0], name), getattr(found[1], name))
    return found[0]


def test_in_turns_a_stock_of_four_days_is_enough() -> None:
    """Each day a compound is sent 10 * 14 = 140 kg, a day's need of all; nothing is cut and the same comes in."""
    found = supplied(7)
    assert found.drawn_kg[:, 0].tolist() == pytest.approx([140] * 14)
    assert found.asked_kg[:, 0].tolist() == pytest.approx([140] * 14)
    assert found.received_kg[1:, 0].tolist() == pytest.approx([140] * 13)


def test_depots_order_what_the_plan_is_going_to_release() -> None:
    """Day 0: 980 kg are due and 560 are there. From noon of day 0 to 3 it is 4 days up to the next parcels or more.

    Noon of day 0: 560 kg are asked for. Noon of day 3: those of day 7 at 08:00 are less than 4 days ahead, so 980 are
    wanted and 420 more come on day 4. On day 7 all 980 are sent; noon of day 7: 560, and no more parcels are due
    before the horizon.
    """
    found = supplied(1)
    assert found.drawn_kg[[0, 7], 0].tolist() == pytest.approx([560, 980])
    expected = dict.fromkeys(range(14), 0.0) | {1: 560, 4: 420, 8: 560}
    assert found.received_kg[:, 0].tolist() == pytest.approx(list(expected.values()))


def test_a_depot_that_does_not_order_does_not_order_for_releases_either() -> None:
    found = supplied(1, up_to=0)
    assert found.received_kg.sum() == 0
