"""Which tier holds where and when, and the steps that are for some tiers only; exact times in each.

A cycle of 7 days unless a case says otherwise: everybody orders at 00:00 of day 0 and is packed at 490.
"""

from __future__ import annotations

import numpy as np
import pytest

import simsupply as ss
from tests.plans.demand_plans import (
    SHOP_FLOOR,
    allotted,
    alone,
    assert_binomial,
    counts,
    days_of,
    idle_world,
    in_tiers,
    mix,
    only_for,
    open_gate,
    ordered,
    purchases,
    run,
    shop,
    split,
    table,
    times,
    use,
    value,
    way,
    who,
)
from tests.plans.paper_plans import Plain, clock, crew, cycle, delay, door, fleet, is_never, leg, listed, stage, world

PACK = stage("pack", "packers", effort={"per_order_min": 10})
DELIVER = leg("deliver", "vans")
SLOTS = open_gate("slots", "14:00", "16:00", slots={"minutes": 15, "households": 2})
SEALED_AND_CONTROLLED = (
    {"tier": "sealed", "communities": ["d0"]},
    {"tier": "controlled", "communities": ["d1"]},
)


def town(households=(3, 3), *periods: Plain, people: Plain | None = None, vans: int = 2, **settings: Plain) -> Plain:
    """d0 sealed and d1 controlled; a packer for everybody; a vehicle and a dock for each; one walker at each."""
    crews = {"packers": crew(sum(households)), "walkers": crew(1, "drop_point")}
    settings = {"sealed": {"last_mile": "carry"}, "controlled": {"last_mile": "slots"}, **settings}
    plan = world(
        listed(list(households), docks=2),
        crews,
        {"vans": fleet(vans)},
        people={"households_per_building": 3, **(people or {})},
    )
    return in_tiers(plan, *(periods or SEALED_AND_CONTROLLED), default="precaution", **settings)


# --- steps for one tier ---------------------------------------------------------------------------------------


def carried_or_fetched(carry: Plain, slots: Plain) -> ss.Result:
    channel = way("both", PACK, DELIVER, only_for(SLOTS, **slots), only_for(door(1, walk_min=4), **carry))
    return alone(town(), channel)


@pytest.mark.parametrize(
    ("carry", "slots"),
    [
        ({"last_mile": ["carry"], "tiers": ["sealed"]}, {"last_mile": ["slots"]}),
        ({"tiers": ["sealed"]}, {"tiers": ["controlled"]}),
        ({"tiers": ["high"]}, {"tiers": ["medium"]}),
        ({"tiers": ["sealed", "precaution"]}, {"tiers": ["controlled", "precaution"]}),
    ],
)
def test_carried_in_sealed_compounds_and_fetched_in_controlled_ones(carry, slots) -> None:
    """Packed 490, both drop points reached at 490 + 15 = 505.

    d0, sealed: rounds of one, 2 min out, 3 at the door, 2 back: 505-512, met at 510; 512-519, at 517; at 524. No slots.
    d1, controlled: one building, slots of 15 min for two from 14:00 = 840 on: 840, 840, 855. Nobody carries.
    """
    result = carried_or_fetched(carry, slots)
    assert who(result) == [0, 1, 2, 3, 4, 5]
    assert times(result, "deliver") == [505] * 6
    assert times(result, "door")[:3] == [510, 517, 524]
    assert all(is_never(minute) for minute in times(result, "door")[3:])
    assert all(is_never(minute) for minute in times(result, "slots")[:3])
    assert times(result, "slots")[3:] == [840, 840, 855]
    # First deliveries 510, 517, 524, 840, 840, 855: the last one at 855.
    assert value(result, "last_household_served_h") == pytest.approx(855 / 60)
    assert value(result, "orders_delivered") == 6


def test_without_conditions_every_order_takes_every_step() -> None:
    """Slots, then the door, for all: 840, 840, 855 at both; rounds from 840: 840-847 (845), 847-854 (852),
    855-862 (860).
    """
    result = carried_or_fetched({}, {})
    assert times(result, "slots") == [840, 840, 855] * 2
    assert times(result, "door") == [845, 852, 860] * 2


def test_entry_decides_too() -> None:
    """Vehicles come to the gate of sealed compounds and to the door elsewhere: a handover of 7 min at d0 only."""
    plan = town(sealed={"entry": "gate"})
    result = alone(plan, way("both", PACK, DELIVER, only_for(delay("handover", 7), entry=["gate", "checkpoint"])))
    assert times(result, "handover")[:3] == [512] * 3
    assert all(is_never(minute) for minute in times(result, "handover")[3:])
    assert value(result, "last_household_served_h") == pytest.approx(512 / 60)


def test_all_that_a_condition_names_must_hold() -> None:
    """Sealed and reached at the gate, but carried: a step for sealed compounds with slots is for nobody."""
    plan = town(sealed={"entry": "gate", "last_mile": "carry"})
    steps = (
        only_for(delay("nobody", 1000), tiers=["sealed"], last_mile=["slots"]),
        only_for(delay("sealed", 7), tiers=["sealed"], entry=["gate"], last_mile=["carry"]),
    )
    result = alone(plan, way("both", PACK, DELIVER, *steps))
    assert all(is_never(minute) for minute in times(result, "nobody"))
    assert times(result, "sealed")[:3] == [512] * 3


def test_shared_work_before_and_after_a_conditional_step() -> None:
    """Inspection of 30 min at the depot for sealed compounds only, then the vehicle: d0 490 + 30 + 15 = 535, d1 505.

    Loads are taken as they become ready, so that d1 is not held up by d0.
    """
    as_ready = leg("deliver", "vans", discipline="fifo")
    channel = way("both", PACK, only_for(delay("inspection", 30), tiers=["sealed"]), as_ready, delay("count", 5))
    result = alone(town(), channel)
    assert times(result, "deliver") == [535] * 3 + [505] * 3
    assert times(result, "count") == [540] * 3 + [510] * 3


# --- slots ------------------------------------------------------------------------------------------------------


def slots(households: int, arrives: float, *, building: int = 3, horizon_days: int = 7, **gate) -> list[float]:
    """One drop point; goods are there at `arrives`; slots of 15 min for two, 14:00-16:00 (8 a day)."""
    plan = idle_world([households], cycle(), people={"households_per_building": building}, horizon_days=horizon_days)
    keys = {"slots": {"minutes": 15, "households": 2}, **gate}
    return times(
        alone(plan, way("slots", delay("there", arrives), open_gate("slot", "14:00", "16:00", **keys))), "slot"
    )


def test_buildings_are_called_one_after_the_other() -> None:
    """Buildings of 3, two of one building to a slot: (0 1) (2) (3 4) (5): 840, 855, 870, 885."""
    assert slots(6, 500) == [840, 840, 855, 870, 870, 885]


def test_slots_of_one_building() -> None:
    """A building of 6: (0 1) (2 3) (4 5)."""
    assert slots(6, 500, building=6) == [840, 840, 855, 855, 870, 870]


def test_more_groups_than_slots_begin_anew() -> None:
    """18 households one by one, 8 slots of 840, 855, ..., 945 for two: the ninth and tenth share the first two.

    The last two find no place on day 0; those of the first slot of day 1 are both theirs.
    """
    found = slots(18, 500, building=1)
    assert found == [840 + 15 * (number % 8) for number in range(16)] + [clock(1, 840)] * 2


@pytest.mark.parametrize(
    ("arrives", "expected"),
    [
        # At the slot itself one may come.
        (840, [840, 840, 855]),
        # The first slot is over; household 2 has the slot that begins at 855.
        (841, [clock(1, 840), clock(1, 840), 855]),
        (855, [clock(1, 840), clock(1, 840), 855]),
        (856, [clock(1, 840), clock(1, 840), clock(1, 855)]),
        (960, [clock(1, 840), clock(1, 840), clock(1, 855)]),
    ],
)
def test_who_is_too_late_for_the_slot_comes_tomorrow(arrives, expected) -> None:
    """One building of 3: slots 840, 840, 855 of each day."""
    assert slots(3, arrives) == expected


def test_slots_one_day_ahead_on_open_days() -> None:
    """There at 500 of Monday; a day ahead and on Wednesdays only: day 2."""
    expected = [clock(2, 840), clock(2, 840), clock(2, 855)]
    assert slots(3, 500, days_ahead=1, weekdays=["wed"]) == expected


def test_no_shows_come_the_next_day() -> None:
    """1000 households, a tenth does not come on a day: at its slot of day 1, of day 2, ..., never at another time.

    8 slots of 125 have room for all. On day 0 900 come on average; of the rest 0.9 on day 1.
    """
    keys = {"minutes": 15, "households": 125, "no_show_share": 0.1}
    found = slots(1000, 500, building=1, horizon_days=7, slots=keys)
    days, minutes = np.divmod(np.array(found), 1440)
    assert minutes.tolist() == [840 + 15 * (number % 8) for number in range(1000)]
    late = int((days > 0).sum())
    assert_binomial(late, 1000, 0.1)
    assert_binomial(int((days > 1).sum()), late, 0.1)


# --- tiers by date and area ----------------------------------------------------------------------------------

CARRY = only_for(delay("carry", 7), tiers=["sealed"])
FETCH = only_for(delay("fetch", 11), tiers=["controlled"])
FREE = only_for(delay("free", 13), tiers=["precaution"])


def which(result: ss.Result) -> list[str]:
    """The step each order took, by the moment it was placed and by household."""
    orders = table(result)
    taken = [[step for step in ("carry", "fetch", "free") if not is_never(row[step])] for _, row in orders.iterrows()]
    assert all(len(steps) == 1 for steps in taken)
    return [steps[0] for steps in taken]


def by_date(
    *periods: Plain, households=(1,), minutes: float = 120, days: int = 7, at: str = "23:00", **more
) -> ss.Result:
    """A parcel at 23:00 of days 0, 2, 4, 6, two hours on the way, then the step of its tier."""
    plan = in_tiers(idle_world(list(households), horizon_days=days, **more), *periods, default="precaution")
    return alone(plan, way("crate", delay("way", minutes), CARRY, FETCH, FREE, release=allotted(2, at)))


def test_tier_changes_between_two_releases() -> None:
    """Sealed on days 0-2, controlled on days 3-5, precaution from day 6 on. Released at 23:00 = 1380, there at 01:00.

    Day 0: 1380 + 120 + 7 = 1507. Day 2, there on day 3, which is controlled: carried all the same, for it was
    released on day 2: 2880 + 1507. Day 4: 5760 + 1500 + 11. Day 6: 8640 + 1500 + 13.
    """
    result = by_date({"tier": "sealed", "to_day": 3}, {"tier": "controlled", "from_day": 3, "to_day": 6})
    assert which(result) == ["carry", "carry", "fetch", "free"]
    assert times(result, "carry")[:2] == [1507, 4387]
    assert times(result, "fetch")[2] == 7271
    assert times(result, "free")[3] == 10_153


def test_midnight_belongs_to_the_new_tier() -> None:
    """Released at 00:00 of days 0, 2, 4, 6; sealed up to day 4: that of day 4 is not sealed any more."""
    assert which(by_date({"tier": "sealed", "to_day": 4}, at="00:00")) == ["carry", "carry", "free", "free"]


def test_days_by_date() -> None:
    """Day 0 is 2022-03-14: sealed from the 16th (day 2) to the start of the 18th (day 4)."""
    period = {"tier": "sealed", "from_day": "2022-03-16", "to_day": "2022-03-18"}
    assert which(by_date(period, start_date="2022-03-14")) == ["free", "carry", "free", "free"]


def test_older_names() -> None:
    """High risk is sealed, medium controlled, low precaution."""
    periods = (
        {"tier": "high", "to_day": 2},
        {"tier": "medium", "from_day": 2, "to_day": 4},
        {"tier": "low", "from_day": 4},
    )
    assert which(by_date(*periods)) == ["carry", "fetch", "free", "free"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_smaller_area_goes_before_a_larger_one(order) -> None:
    """Everywhere controlled from day 0 on, d1 sealed on days 2-3, in whichever order they are listed."""
    periods = ({"tier": "controlled"}, {"tier": "sealed", "communities": ["d1"], "from_day": 2, "to_day": 4})
    result = by_date(*(periods[number] for number in order), households=(1, 1))
    assert which(result) == ["fetch", "fetch", "fetch", "carry", "fetch", "fetch", "fetch", "fetch"]


def test_a_share_of_the_compounds() -> None:
    """Half of 40 compounds of one household sealed: some 20, and the same ones at both releases."""
    plan = in_tiers(
        idle_world([40], people={"households_per_compound": 1}, horizon_days=4),
        {"tier": "sealed", "compounds_share": 0.5},
        default="precaution",
    )
    result = alone(plan, way("crate", delay("way", 5), CARRY, FETCH, FREE, release=allotted(2)))
    steps = which(result)
    assert steps[:40] == steps[40:]
    assert_binomial(steps[:40].count("carry"), 40, 0.5)


# --- what else a tier sets ------------------------------------------------------------------------------------


def test_vehicles_are_held_at_the_checkpoint_of_sealed_compounds() -> None:
    """20 min before d0: 490 + 15 + 20 = 525; d1 505. The way back is not held up: one vehicle for both,

    d0 first: there 525, back 540; d1: 540 + 15 = 555. Twice 20 km either way.
    """
    channel = way("both", PACK, DELIVER)
    result = alone(town(sealed={"checkpoint_min": 20}), channel)
    assert times(result, "deliver") == [525] * 3 + [505] * 3
    assert value(result, "vehicle_km") == pytest.approx(40)
    alone_on_the_road = alone(town(sealed={"checkpoint_min": 20}, vans=1), channel)
    assert times(alone_on_the_road, "deliver") == [525] * 3 + [555] * 3
    assert value(alone_on_the_road, "vehicle_km") == pytest.approx(40)


def test_what_is_open_in_a_tier() -> None:
    """d0 (3) sealed: parcels only; d1 (5) controlled: lists only. 3 parcels and 5 orders on the only day."""
    plan = idle_world([3, 5], horizon_days=1)
    plan = in_tiers(plan, *SEALED_AND_CONTROLLED, sealed={"open": ["allot"]}, controlled={"open": ["order"]})
    crate = way("crate", delay("way", 5), release=allotted(7, "06:00"), parcel={"kg": 1})
    lists = way("list", delay("count", 10), release=ordered(every_days=1, cut_off="15:00"))
    result = run(plan, mix(use(crate), use(lists)))
    assert who(result, "crate") == [0, 1, 2]
    assert who(result, "list") == [3, 4, 5, 6, 7]
    assert (counts(result, "crate")["attempted"], counts(result, "list")["attempted"]) == (3, 5)


def test_shops_by_tier() -> None:
    """Everybody buys each day in the shop. Precaution (d0, 4): daily; controlled (d1, 4): every 2 days; sealed (d2):

    not at all: 4 * 4 visits, 4 * 2 visits and 4 orders a day in 4 days.
    """
    plan = world([4, 4, 4], SHOP_FLOOR, demand=purchases(online=1e-9), horizon_days=4)
    plan = in_tiers(
        plan,
        {"tier": "controlled", "communities": ["d1"]},
        {"tier": "sealed", "communities": ["d2"]},
        default="precaution",
        controlled={"visit_every_days": 2, "open": ["visit"]},
        sealed={"open": ["order"]},
    )
    lists = way("list", delay("count", 10), release=ordered(every_days=1, cut_off="15:00"))
    result = run(plan, mix(use(shop()), use(lists)))
    assert days_of(result, "shop") == {0: 8, 1: 4, 2: 8, 3: 4}
    assert value(result, "visits") == 24
    assert days_of(result, "list") == dict.fromkeys(range(4), 4)
    assert set(who(result, "list")) == {8, 9, 10, 11}


def test_coverage_is_split_by_tier() -> None:
    """d0 (3) sealed and sent a parcel on day 0; d1 (5) controlled, which is sent none: coverage 1, 0 and 3/8."""
    plan = idle_world([3, 5], horizon_days=2)
    plan = in_tiers(plan, *SEALED_AND_CONTROLLED, controlled={"open": ["order"]})
    crate = way("crate", delay("way", 5), release=allotted(7, "06:00"), parcel={"kg": 1})
    lists = way("list", delay("for_ever", 30_000), release=ordered(every_days=1, cut_off="15:00"))
    result = run(plan, mix(use(crate), use(lists)))
    assert split(result, "tier", "sealed", "coverage") == 1
    assert split(result, "tier", "controlled", "coverage") == 0
    assert value(result, "coverage") == pytest.approx(3 / 8)
