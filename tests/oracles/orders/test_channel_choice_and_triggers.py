"""Who uses which channel when: shares, tiers, districts, kinds of household, days, and triggers with hysteresis.

Lists are closed at 07:00 = 420 of every day; what is ordered is there 10 min later unless a case says otherwise.
"""

from __future__ import annotations

import numpy as np
import pytest

import simsupply as ss
from tests.plans.demand_plans import (
    FOREVER,
    allotted,
    alone,
    assert_binomial,
    counts,
    days_of,
    idle_world,
    in_tiers,
    mix,
    ordered,
    purchases,
    run,
    split,
    table,
    times,
    totals,
    use,
    value,
    way,
    who,
)
from tests.plans.paper_plans import Plain, clock, crew, delay, stage, world

DAILY = ordered(every_days=1, cut_off="07:00")


def listed_channel(name: str, minutes: float = 10, **more) -> Plain:
    """A list that is delivered after so many minutes."""
    return way(name, delay(f"{name}_hold", minutes), release=DAILY, **more)


A, B, C = listed_channel("a"), listed_channel("b"), listed_channel("c")
REFUSING = listed_channel("a", acceptance={"orders_per_day": 0})


# --- shares -----------------------------------------------------------------------------------------------


def attempts(*uses, households: int = 1000, **more) -> dict[str, int]:
    """Attempts by channel on the only day."""
    result = run(idle_world([households], horizon_days=1, **more), mix(*uses))
    return {name: counts(result, name)["attempted"] for name in result.strategy.channels}


def test_shares_of_a_mix() -> None:
    """0.3 and 0.7 of 1000: everybody orders once, from a binomial(1000, 0.3)."""
    found = attempts(use(A, share=0.3), use(B, share=0.7))
    assert found["a"] + found["b"] == 1000
    assert_binomial(found["a"], 1000, 0.3)


def test_all_or_nothing() -> None:
    """Shares 0 and 1: exact."""
    assert attempts(use(A, share=0.0), use(B, share=1.0)) == {"a": 0, "b": 1000}
    assert attempts(use(A, share=1.0), use(B, share=0.0)) == {"a": 1000, "b": 0}


def test_what_is_left_over_is_shared_evenly() -> None:
    """0.5, and two without a share: 0.25 each."""
    found = attempts(use(A, share=0.5), use(B), use(C))
    assert sum(found.values()) == 1000
    assert_binomial(found["a"], 1000, 0.5)
    assert_binomial(found["b"], 1000, 0.25)
    assert_binomial(found["c"], 1000, 0.25)


def test_a_full_share_leaves_nothing() -> None:
    """1.0, and one without a share."""
    assert attempts(use(A, share=1.0), use(B)) == {"a": 1000, "b": 0}


def test_shares_below_one_leave_some_out() -> None:
    """0.2 and 0.3 and no other use: half of the households order nowhere."""
    found = attempts(use(A, share=0.2), use(B, share=0.3))
    assert_binomial(found["a"], 1000, 0.2)
    assert_binomial(found["b"], 1000, 0.3)
    assert_binomial(sum(found.values()), 1000, 0.5)


def test_a_household_keeps_its_channel() -> None:
    """Four days, everything delivered the same day: everybody orders 4 times, always from the same channel."""
    result = run(idle_world([200], horizon_days=4), mix(use(A, share=0.4), use(B, share=0.6)))
    of_a, of_b = who(result, "a"), who(result, "b")
    assert not set(of_a) & set(of_b)
    assert sorted([*of_a, *of_b]) == sorted(list(range(200)) * 4)
    assert_binomial(len(set(of_a)), 200, 0.4)


def test_after_a_refusal_the_choice_is_drawn_anew() -> None:
    """A refuses everybody, B keeps orders open for ever; shares one half. Two days, 400 households.

    A: n0 ~ binomial(400, 0.5) on day 0, n1 ~ binomial(n0, 0.5) on day 1. All others are with B by then.
    """
    result = run(
        idle_world([400], horizon_days=2), mix(use(REFUSING, share=0.5), use(listed_channel("b", FOREVER), share=0.5))
    )
    second = 400 - counts(result, "b")["accepted"]
    first = counts(result, "a")["rejected"] - second
    assert_binomial(first, 400, 0.5)
    assert_binomial(second, first, 0.5)


def test_allotted_parcels_are_beside_the_shares() -> None:
    """A crate for everybody on day 0 takes nothing from the shares of the lists: 100 parcels and 100 orders."""
    crate = way("crate", delay("stand", 10), release=allotted(7, "06:00"), parcel={"kg": 1})
    assert attempts(use(crate), use(A, share=1.0), households=100) == {"crate": 100, "a": 100}


# --- days, tiers, districts, kinds ----------------------------------------------------------------------------


def test_days_of_use() -> None:
    """A on days 0-1, B on days 2-4, A again on day 5: 3 households, horizon 6 days."""
    uses = use(A, to_day=2), use(B, from_day=2, to_day=5), use(A, from_day=5)
    result = run(idle_world([3], horizon_days=6), mix(*uses))
    assert days_of(result, "a") == {0: 3, 1: 3, 5: 3}
    assert days_of(result, "b") == {2: 3, 3: 3, 4: 3}


def test_a_channel_no_longer_used_delivers_what_it_has() -> None:
    """A until day 1, 3 days on the way: ordered 420 of day 0, there 4740 = day 3, 07:00; nobody orders from B before.

    They want again from day 4 on.
    """
    result = run(idle_world([3], horizon_days=6), mix(use(listed_channel("a", 4320), to_day=1), use(B, from_day=1)))
    assert times(result, "a_hold", "a") == [clock(3, 420)] * 3
    assert days_of(result, "b") == {4: 3, 5: 3}


def test_uses_by_tier() -> None:
    """d0 (3 households) is sealed, d1 (5) controlled on days 0-1 and precaution after: A; B, then C."""
    plan = in_tiers(
        idle_world([3, 5], horizon_days=4),
        {"tier": "sealed", "communities": ["d0"]},
        {"tier": "controlled", "communities": ["d1"], "to_day": 2},
        default="precaution",
    )
    result = run(plan, mix(use(A, tiers=["sealed"]), use(B, tiers=["controlled"]), use(C, tiers=["precaution"])))
    assert days_of(result, "a") == dict.fromkeys(range(4), 3)
    assert set(who(result, "a")) == {0, 1, 2}
    assert days_of(result, "b") == {0: 5, 1: 5}
    assert days_of(result, "c") == {2: 5, 3: 5}
    assert set(who(result, "b")) == set(who(result, "c")) == {3, 4, 5, 6, 7}


def test_uses_by_district() -> None:
    """The demo city has 1250, 1050 and 700 households in three districts: A in the first, B in the two others."""
    geography = {
        "kind": "census",
        "table": "demo",
        "units": "all",
        "world_seed": 1,
        "detour_factor": 1.3,
        "urban_persons_per_km2": 15_000,
        "rural_persons_per_km2": 3_000,
        "village_weight": 0.5,
        "community_sigma": 0.3,
        "depots": {"count": 1, "ring_km": 3},
        "stations_per_district": 1,
    }
    plan = idle_world(geography, horizon_days=1)
    result = run(plan, mix(use(A, districts=["Old Town"]), use(B, districts=["Riverside", "New Zone"])))
    assert (counts(result, "a")["attempted"], counts(result, "b")["attempted"]) == (1250, 1750)
    world_ = result.scenario
    district = world_.places.district[world_.households.drop_point]
    assert who(result, "a") == np.flatnonzero(district == 0).tolist()
    assert split(result, "district", "Old Town", "coverage") == 1


def by_kind(**applies) -> tuple[ss.Result, np.ndarray]:
    plan = idle_world([200], people={"kinds": {"old": {"share": 0.4}}}, horizon_days=1)
    result = run(plan, mix(use(A, households=["old"]), use(B, **applies)))
    is_old = result.scenario.households.of_kinds(["old"])
    assert_binomial(is_old.sum(), 200, 0.4)
    return result, is_old


def test_uses_by_kind_of_household() -> None:
    """A for the old, B for all others: exactly these."""
    result, is_old = by_kind(excludes=["old"])
    assert who(result, "a") == np.flatnonzero(is_old).tolist()
    assert who(result, "b") == np.flatnonzero(~is_old).tolist()


def test_a_kind_with_two_channels_divides_itself() -> None:
    """A for the old only, B for everybody: all others in B; of the old one half each."""
    result, is_old = by_kind()
    of_a = who(result, "a")
    assert set(of_a) <= set(np.flatnonzero(is_old).tolist())
    assert_binomial(len(of_a), int(is_old.sum()), 0.5)
    assert counts(result, "b")["attempted"] == 200 - len(of_a)


def test_priority_is_all_priority_kinds() -> None:
    """`bedridden` is a priority kind, `infant` is not: priority households use A, all others B."""
    kinds = {"bedridden": {"share": 0.3, "is_priority": True}, "infant": {"share": 0.3}}
    plan = idle_world([200], people={"kinds": kinds}, horizon_days=1)
    result = run(plan, mix(use(A, households=["priority"]), use(B, excludes=["priority"])))
    is_bedridden = result.scenario.households.of_kinds(["bedridden"])
    assert 0 < is_bedridden.sum() < 200
    assert who(result, "a") == np.flatnonzero(is_bedridden).tolist()
    assert counts(result, "b")["attempted"] == 200 - is_bedridden.sum()


def test_who_cannot_use_a_channel_uses_the_other() -> None:
    """The release of A, share 1, excludes who has no smartphone; B takes what is left over.

    That is nothing where A is open, and everything where it is not.
    """
    people = {"kinds": {"no_smartphone": {"share": 0.3}}}
    app = way("a", delay("a_hold", 10), release={**DAILY, "excludes": ["no_smartphone"]})
    result = run(idle_world([200], people=people, horizon_days=1), mix(use(app, share=1.0), use(B)))
    has_none = result.scenario.households.of_kinds(["no_smartphone"])
    assert 0 < has_none.sum() < 200
    assert who(result, "a") == np.flatnonzero(~has_none).tolist()
    assert who(result, "b") == np.flatnonzero(has_none).tolist()


# --- several uses of one channel --------------------------------------------------------------------------------


def twice(channel: Plain, **more) -> tuple[ss.Result, np.ndarray]:
    """200 households; one channel used for those with an infant (some 60) and for all others, on one day."""
    plan = idle_world([200], people={"kinds": {"infant": {"share": 0.3}}}, horizon_days=1)
    result = run(plan, mix(use(channel, households=["infant"], **more), use(channel, excludes=["infant"], **more)))
    has_infant = result.scenario.households.of_kinds(["infant"])
    assert 40 < has_infant.sum() < 80
    return result, has_infant


def test_several_uses_of_a_channel_are_one_list_with_one_limit() -> None:
    """40 orders a day, not 40 for each use; named kinds first, in whichever use they are."""
    plain, first = ({"orders_per_day": 40}, {"orders_per_day": 40, "first": ["infant"]})
    for acceptance, most in ((plain, 39), (first, 40)):
        result, has_infant = twice(listed_channel("a", FOREVER, acceptance=acceptance))
        found = counts(result, "a")
        assert (found["attempted"], found["accepted"], found["rejected"]) == (200, 40, 160)
        assert has_infant[who(result, "a")].sum() <= most
    assert has_infant[who(result, "a")].all()


def test_two_uses_of_a_crate_bring_one_crate() -> None:
    """Allotted to those with an infant and to everybody: 200 crates for 200 households."""
    crate = way("crate", delay("stand", 10), release=allotted(7, "06:00"), parcel={"kg": 1})
    plan = idle_world([200], people={"kinds": {"infant": {"share": 0.3}}}, horizon_days=1)
    result = run(plan, mix(use(crate, households=["infant"]), use(crate)))
    assert who(result, "crate") == list(range(200))


# --- who is accepted first --------------------------------------------------------------------------------------


def limited(first: list[str]) -> tuple[ss.Result, np.ndarray]:
    """200 households, some 60 with an infant; 40 orders a day, open for ever; 3 days."""
    plan = idle_world([200], people={"kinds": {"infant": {"share": 0.3}}}, horizon_days=3)
    channel = listed_channel("a", FOREVER, acceptance={"orders_per_day": 40, "first": first})
    result = alone(plan, channel)
    has_infant = result.scenario.households.of_kinds(["infant"])
    assert 40 < has_infant.sum() < 80
    assert [len(who(result, day=day)) for day in range(3)] == [40, 40, 40]
    return result, has_infant


def test_kinds_that_are_accepted_first() -> None:
    """n infants, 40 < n < 80. Day 0: 40 of them; day 1: the other n - 40 and 80 - n others; day 2: others only."""
    result, has_infant = limited(["infant"])
    served = [has_infant[who(result, day=day)].sum() for day in range(3)]
    assert served == [40, has_infant.sum() - 40, 0]


def test_without_the_rule_they_are_taken_as_they_call() -> None:
    """On day 0 40 of 200 are drawn without regard to infants: 0.2 of the infants each day, give or take."""
    result, has_infant = limited([])
    assert_binomial(has_infant[who(result, day=0)].sum(), 40, has_infant.mean())


def test_first_calls_are_not_those_of_the_lowest_numbers() -> None:
    """Who calls first is drawn: of the 40 accepted about half are among households 0-99."""
    result, _ = limited([])
    assert_binomial(sum(household < 100 for household in who(result, day=0)), 40, 0.5)


# --- triggers: backlog -------------------------------------------------------------------------------------------

PACKERS = {"packers": crew(1)}
# 60 min an order, 08:00-18:00: 10 orders a day.
SLOW = way("a", stage("pack", "packers", effort={"per_order_min": 60}), release=DAILY)


def overflow(**trigger) -> ss.Result:
    """50 households that order from A while the trigger is off and from B while it is on; 7 days.

    Who was served on a day orders again on the next.
    """
    watch = {"metric": "backlog_days", "channel": "a", "above": 2.0, **trigger}
    plan = world([50], PACKERS, demand=purchases(), horizon_days=7)
    return run(plan, mix(use(SLOW, unless="full"), use(B, when="full"), triggers={"full": watch}))


def test_trigger_goes_on_and_off_again() -> None:
    """On after 2 midnights above 2 days of capacity, off at the first midnight below 1.5.

    A packs 10 a day on all days. Open orders of A at midnight, before the lists:
    day 0: 50 ordered, 10 packed. Day 1: 40 open (4 days, first time above 2); the 10 order again: 50, 10 packed.
    Day 2: 40 (second time): on. The 10 served on day 1 go to B, where they are served at once; A packs 10.
    Day 3: 30; to B: these 10 and the 10 that A served: 20. Day 4: 20 open, 2 days, not below 1.5; to B: 30.
    Day 5: 10 open, 1 day: off. 40 go to A: 50, 10 packed. Day 6: 40 (first time); 10 to A. End.
    """
    result = overflow(above_days=2, below=1.5)
    assert days_of(result, "b") == {2: 10, 3: 20, 4: 30}
    assert days_of(result, "a") == {0: 50, 1: 10, 5: 40, 6: 10}
    assert counts(result, "a")["delivered"] == 70
    assert counts(result, "b")["delivered"] == 60


def test_trigger_without_a_lower_limit_stays_on() -> None:
    """As above up to day 4; on day 5 40 go to B, on day 6 all 50."""
    result = overflow(above_days=2)
    assert days_of(result, "b") == {2: 10, 3: 20, 4: 30, 5: 40, 6: 50}
    assert days_of(result, "a") == {0: 50, 1: 10}


def test_trigger_at_the_first_midnight() -> None:
    """One midnight above 2 is enough: on from day 1: 10 to B, A has 40 open. Day 2: 30 open, 20 to B;
    day 3: 20 open (2 days), 30 to B; day 4: 10 open, below 1.5: off, 40 to A, 50 open, 10 packed.
    Day 5: 40 open: on; the 10 served on day 4 to B. Day 6: 30 open, 20 to B.
    """
    result = overflow(above_days=1, below=1.5)
    assert days_of(result, "b") == {1: 10, 2: 20, 3: 30, 5: 10, 6: 20}
    assert days_of(result, "a") == {0: 50, 4: 40}


def test_trigger_needs_as_many_midnights_to_go_off() -> None:
    """On at day 2 as in the first case; off after 2 midnights below 1.5: day 5 (1 day) and day 6 (0): off on day 6.

    Day 5: 40 to B, A packs its last 10. Day 6: all 50 to A.
    """
    result = overflow(above_days=2, below=1.5, below_days=2)
    assert days_of(result, "b") == {2: 10, 3: 20, 4: 30, 5: 40}
    assert days_of(result, "a") == {0: 50, 1: 10, 6: 50}


@pytest.mark.parametrize(("above", "is_used"), [(4.0, False), (3.99, True)])
def test_at_the_limit_itself_it_stays_off(above, is_used) -> None:
    """40 open orders are exactly 4 days of capacity, at midnights 1 to 6 as long as everybody orders from A."""
    result = overflow(above=above)
    assert (1 in days_of(result, "b")) == is_used
    if not is_used:
        assert days_of(result, "a") == {0: 50, **dict.fromkeys(range(1, 7), 10)}


def test_at_the_lower_limit_itself_it_stays_on() -> None:
    """Off below 1.0: at midnight of day 5 there are 10 open, exactly 1 day: still on; at day 6 none: off."""
    result = overflow(above_days=2, below=1.0)
    assert days_of(result, "b") == {2: 10, 3: 20, 4: 30, 5: 40}
    assert days_of(result, "a") == {0: 50, 1: 10, 6: 50}


def test_capacity_grows_with_the_packers() -> None:
    """Three packers: 30 a day; after day 0 20 open, 2/3 of a day: never above 0.7. Everybody orders from A.

    Day 1: 20 + 30 = 50, 30 packed, and so on: 50 on day 0, 30 a day after.
    """
    plan = world([50], {"packers": crew(3)}, demand=purchases(), horizon_days=5)
    watch = {"metric": "backlog_days", "channel": "a", "above": 0.7}
    result = run(plan, mix(use(SLOW, unless="full"), use(B, when="full"), triggers={"full": watch}))
    assert days_of(result, "a") == {0: 50, 1: 30, 2: 30, 3: 30, 4: 30}
    assert counts(result, "b")["attempted"] == 0


# --- triggers: refusals and waiting --------------------------------------------------------------------------------


def test_trigger_on_refusals() -> None:
    """20 households; A refuses all. On while more than half of the orders of the day before were refused.

    Day 0: A, all refused (1.0): on at day 1: B, nobody refused (0 < 0.2): off at day 2: A, refused; day 3: B.
    """
    watch = {"metric": "rejection_rate", "above": 0.5, "below": 0.2}
    plan = idle_world([20], horizon_days=4)
    result = run(plan, mix(use(REFUSING, unless="refused"), use(B, when="refused"), triggers={"refused": watch}))
    assert days_of(result, "b") == {1: 20, 3: 20}
    assert counts(result, "a")["attempted"] == counts(result, "a")["rejected"] == 40
    assert totals(result)["attempted"] == 80


def test_trigger_on_refusals_of_one_channel_stays_on_while_it_sleeps() -> None:
    """Only A's orders count, without a lower limit: on from day 1 on, 20 orders a day to B."""
    watch = {"metric": "rejection_rate", "channel": "a", "above": 0.5}
    plan = idle_world([20], horizon_days=4)
    result = run(plan, mix(use(REFUSING, unless="refused"), use(B, when="refused"), triggers={"refused": watch}))
    assert days_of(result, "b") == {1: 20, 2: 20, 3: 20}
    assert counts(result, "a")["rejected"] == 20


@pytest.mark.parametrize(("past_days", "day"), [(0.5, 1), (1.5, 2), (2.5, 3)])
def test_trigger_on_households_without_a_delivery(past_days, day) -> None:
    """Nobody gets anything from A. At midnight of day d everybody has waited d days: on at the first d > past_days."""
    watch = {"metric": "households_past_days", "past_days": past_days, "above": 0.5}
    plan = idle_world([20], horizon_days=5)
    result = run(plan, mix(use(REFUSING, unless="hunger"), use(B, when="hunger"), triggers={"hunger": watch}))
    assert days_of(result, "b") == dict.fromkeys(range(day, 5), 20)
    assert counts(result, "a")["rejected"] == 20 * day


def test_trigger_switches_crates_on() -> None:
    """From lists to a crate for everybody every 2 days (0, 2, 4).

    A refuses all of day 0 and day 1: two midnights above 0.5: on at day 2, and it stays on: crates on days 2, 4.
    """
    crate = way("crate", delay("stand", 10), release=allotted(2, "10:00"), parcel={"kg": 2})
    watch = {"metric": "rejection_rate", "channel": "a", "above": 0.5, "above_days": 2}
    plan = idle_world([20], horizon_days=5)
    result = run(plan, mix(use(REFUSING, unless="refused"), use(crate, when="refused"), triggers={"refused": watch}))
    assert days_of(result, "crate") == {2: 20, 4: 20}
    assert counts(result, "a")["rejected"] == 40


# --- books -----------------------------------------------------------------------------------------------------


def test_channels_add_up() -> None:
    """A cap, a share, unpaid orders: the counts of the channels are those of the whole, column by column."""
    unpaid = way("b", delay("b_hold", 10), release={**DAILY, "unpaid_share": 0.3})
    capped = listed_channel("a", acceptance={"orders_per_day": 7})
    result = run(idle_world([60], horizon_days=5), mix(use(capped, share=0.5), use(unpaid)))
    whole = totals(result)
    for column in ("attempted", "accepted", "rejected", "cancelled", "delivered"):
        assert sum(counts(result, name)[column] for name in ("a", "b")) == whole[column] > 0
    assert whole["attempted"] == whole["accepted"] + whole["rejected"] + whole["collecting"]
    # Everything is there 10 min after the list is closed.
    assert whole["accepted"] == whole["cancelled"] + whole["delivered"]
    assert len(table(result).dropna(subset=["a_hold", "b_hold"], how="all")) == whole["delivered"]
    assert value(result, "mass_balance_error_kg") == pytest.approx(0, abs=1e-9)


# --- packs for those who wait for nothing ---------------------------------------------------------------------------


def test_packs_may_pass_over_households_that_wait() -> None:
    """Ten households; four orders a day are taken on and never come. Packs at noon go to the other six, then to two.

    Day 0: 07:00 four orders, six turned away; noon six packs. Day 1: the six still want to order, four can; two packs.
    Without the rule: ten packs each day.
    """
    lists = listed_channel("a", FOREVER, acceptance={"orders_per_day": 4})
    plan = idle_world([10], purchases(retries_per_day=0), horizon_days=2)
    for skips, expected in ((True, {0: 6, 1: 2}), (False, {0: 10, 1: 10})):
        packs = way(
            "packs", delay("stand", 10), release={**allotted(1, "12:00"), "skip_waiting": skips}, parcel={"kg": 1}
        )
        assert days_of(run(plan, mix(use(lists), use(packs))), "packs") == expected
