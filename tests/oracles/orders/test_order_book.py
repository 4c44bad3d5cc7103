"""The order book by hand: a household may have several open orders, and each is counted where its work is done."""

from __future__ import annotations

import numpy as np
import pytest

import simsupply as ss
from simsupply.records.replication import InvariantError
from tests.plans.demand_plans import allotted, days_of, mix, ordered, run, use, way
from tests.plans.paper_plans import Plain, clock, crew, cycle, delay, fleet, leg, listed, stage, world

# One person, 08:00-18:00, 12 minutes an order: 50 orders a day.
FIFTY_A_DAY = stage("pack", "packers", effort={"per_order_min": 12})
PARCELS = way("parcels", stage("stack", "stackers", effort={"per_order_min": 1}), release=allotted(1), parcel={"kg": 1})
CREWS = {"packers": crew(1), "stackers": crew(5)}


def by_day(result: ss.Result, measure: str, channel: str) -> list[float]:
    days = result.days
    return list(days[(days["channel"] == channel) & (days["measure"] == measure)].sort_values("day")["value"])


@pytest.mark.parametrize("steps", [(), (delay("rest", 0) | {"when": {"tiers": ["precaution"]}},)])
def test_backlog_counts_every_order(steps: tuple[Plain, ...]) -> None:
    """100 households order every day, 50 are packed: 50, 100, 150 are open at the midnights of days 1, 2, 3: 1, 2, 3
    days of work, above 2.5 from day 3 on. A step that nobody goes through changes nothing.
    """
    lists = way("lists", FIFTY_A_DAY, *steps, release=ordered())
    plan = world([100], CREWS, demand=cycle(14, 1))
    plan["tiers"] = {"default": "sealed", "calendar": [{"tier": "precaution", "from_day": 6}]}
    trigger = {"metric": "backlog_days", "channel": "lists", "above": 2.5}
    result = run(plan, mix(use(lists), use(PARCELS, when="full"), triggers={"full": trigger}))
    assert by_day(result, "open", "lists") == [50, 100, 150, 200, 250, 300, 350]
    assert days_of(result, "parcels") == dict.fromkeys((3, 4, 5, 6), 100)


def test_an_order_is_open_from_day_0_on() -> None:
    """Every order takes 2 1/2 days, so that from day 0 on one is always open: no parcel for who waits."""
    lists = way("lists", delay("road", 3600), release=ordered())
    packs = way("packs", delay("stand", 1), release={**allotted(1, "18:00"), "skip_waiting": True}, parcel={"kg": 1})
    result = run(world([1], {}, demand=cycle(14, 1)), mix(use(lists), use(packs)))
    assert by_day(result, "open", "lists") == [1, 2, 2, 2, 2, 2, 2]
    assert by_day(result, "attempted", "packs") == [0] * 7


def test_backlog_is_that_of_the_depot_that_serves_it() -> None:
    """Two depots of 10 orders a day each; 38 households at the first, 1 at the second.

    At the midnight of day 1 the first has 28 orders open, 2.8 days of work, the second none. All together would be 1.4.
    """
    geography = {
        "kind": "listed",
        "depots": [{"name": "busy", "docks": 1}, {"name": "idle", "docks": 1}],
        "drop_points": [
            {"name": "many", "households": 38, "distance_km": 1, "depot": "busy"},
            {"name": "few", "households": 1, "distance_km": 1, "depot": "idle"},
        ],
    }
    slow = stage("pack", "packers", effort={"per_order_min": 60})
    for above, is_on in ((2.7, True), (2.8, False)):
        trigger = {"metric": "backlog_days", "above": above}
        lists = way("lists", slow, release=ordered())
        decided = mix(use(lists), use(PARCELS, when="full"), triggers={"full": trigger})
        result = run(world(geography, CREWS, demand=cycle(14, 7)), decided)
        assert (1 in days_of(result, "parcels")) == is_on


def test_backlog_of_two_crews_is_that_of_the_one_behind() -> None:
    """60 households on two lists, each with a crew of 10 orders a day: 40 open at midnight, some 20 and 20, are 2 days
    of work for each crew and not 4 days for both.
    """
    pack = {name: stage(f"pack_{name}", name, effort={"per_order_min": 60}) for name in ("reds", "blues")}
    lists = [way(name, pack[name], release=ordered()) for name in pack]
    crews = {"reds": crew(1), "blues": crew(1), "stackers": crew(5)}
    for above, is_on in ((1.5, True), (3.5, False)):
        trigger = {"metric": "backlog_days", "above": above}
        decided = mix(*(use(way_) for way_ in lists), use(PARCELS, when="full"), triggers={"full": trigger})
        result = run(world([60], crews, demand={**ONE_TRY_A_DAY}), decided)
        assert (1 in days_of(result, "parcels")) == is_on


ONE_TRY_A_DAY = {
    "kind": "surge",
    "need_kg_per_household_week": 7,
    "normal_orders_per_household_day": 1,
    "multiplier": 1,
    "order_covers_days": 1,
    "lines_per_order": 1,
}


def fill(release: Plain, demand: Plain, days: int = 21) -> float:
    """Fill rate where everything comes at once; pantries hold one day."""
    way_ = way("only", delay("count", 0), release=release)
    return float(run(world([10], {}, demand=demand, horizon_days=days), mix(use(way_))).values.loc[0, "fill_rate"])


@pytest.mark.parametrize(
    "release",
    [
        allotted(3),
        ordered(every_days=3),
        ordered(once_in_days=3),
        # Once in 2 days on a list of every third day is every third day.
        ordered(every_days=3, once_in_days=2),
        # Monday to Thursday 3 days, Thursday to Monday 4; day 0 is a Monday.
        ordered(weekdays=["mon", "thu"]),
        ordered(weekdays=["mon", "wed", "fri"], once_in_days=3),
    ],
)
def test_a_list_holds_the_need_until_the_next_one(release: Plain) -> None:
    """Daily demand on a list every so many days: what comes is the need of all the days up to the next list: 1.0."""
    assert fill(release, cycle(14, 1)) == pytest.approx(1.0)


def test_a_group_holds_the_need_until_its_next_closing() -> None:
    """A window of 3 days closes on days 2, 5, ... 20, 7 times: 7 x 3 of the 21 days' need: 1.0."""
    release = {"kind": "group", "window_days": 3, "closes": "20:00", "min_sets": 1, "below": "wait"}
    assert fill(release, cycle(14, 1)) == pytest.approx(1.0)


def test_single_orders_come_again_and_again() -> None:
    """8 a minute for two days are 23,040 +- 152 (one standard deviation), of 50 households: some 461 each."""
    demand = {
        "kind": "poisson",
        "need_kg_per_household_week": 7,
        "rate_per_min": 8,
        "order_kg": 1,
        "lines_per_order": 1,
    }
    plan = world([20, 30], {}, demand=demand, horizon_days=2)
    result = run(plan, mix(use(way("only", delay("count", 0)))))
    counts = np.bincount(result.orders["household"], minlength=50)
    assert abs(counts.sum() - 23040) < 4 * 152
    assert result.values.loc[0, "orders_delivered"] == counts.sum()
    # Each household's number is Poisson with mean 461: within 5 standard deviations.
    assert np.abs(counts - 461).max() < 5 * np.sqrt(461)


def test_single_orders_end_with_the_use_and_keep_to_who_may_order() -> None:
    """One a minute, used on day 0 alone, not for old people: about 1440 orders, none of an old household."""
    demand = {
        "kind": "poisson",
        "need_kg_per_household_week": 7,
        "rate_per_min": 1,
        "order_kg": 1,
        "lines_per_order": 1,
    }
    plan = world([40], {}, demand=demand, people={"kinds": {"old": {"share": 0.5}}}, horizon_days=3)
    result = run(plan, mix(use(way("only", delay("count", 0)), to_day=1, excludes=["old"])))
    orders, is_old = result.orders, result.scenario.households.of_kinds(["old"])
    assert orders["placed"].max() < clock(1, 0)
    assert abs(len(orders) - 1440) < 4 * np.sqrt(1440)
    assert 0 < is_old.sum() < 40
    assert not is_old[orders["household"]].any()


def test_single_orders_take_the_steps_of_their_day() -> None:
    """From day 1 on there is another 7 minutes to wait."""
    demand = {
        "kind": "poisson",
        "need_kg_per_household_week": 7,
        "rate_per_min": 0.1,
        "order_kg": 1,
        "lines_per_order": 1,
    }
    steps = (delay("count", 0), delay("more", 7) | {"when": {"from_day": 1}})
    orders = run(world([9], {}, demand=demand, horizon_days=3), mix(use(way("only", *steps)))).orders
    is_later = orders["placed"] >= clock(1, 0)
    assert is_later.any()
    assert not is_later.all()
    assert orders["more"].notna().equals(is_later)
    assert (orders["more"] - orders["placed"])[is_later].to_numpy() == pytest.approx(7)


@pytest.mark.parametrize("number", [130, 300])
def test_as_many_channels_as_you_like(number: int) -> None:
    """The last of them is used: its 5 orders are booked on it and on no other."""
    channels = [way(f"c{index}", delay(f"d{index}", 10), release=ordered()) for index in range(number)]
    decided = mix(use(channels[-1]))
    decided["channels"] = {channel["name"]: channel for channel in channels}
    result = run(world([5], {}, demand=cycle(14, 7)), decided)
    assert by_day(result, "delivered", f"c{number - 1}")[0] == 5
    assert by_day(result, "open", f"c{number - 1}") == [0] * 7
    splits = result.splits[result.splits["metric"] == "orders_delivered"]
    assert splits["value"].sum() == 5


def test_as_many_uses_as_you_like() -> None:
    """130 channels share the households evenly; each of the 260 is on one list."""
    channels = [way(f"c{index}", delay(f"d{index}", 10), release=ordered()) for index in range(130)]
    result = run(world([260], {}, demand=cycle(14, 7)), mix(*map(use, channels)))
    assert sum(by_day(result, "delivered", channel["name"])[0] for channel in channels) == 260


def test_a_promise_looks_at_the_slowest_stage_of_the_way() -> None:
    """Packers could do 60 orders a day, each of two door teams 10; a promise of one day takes on 10 for each.

    By the depot alone, as long as it is asked for: all 40 and 20.
    """
    pack = stage("pack", "packers", effort={"per_order_min": 10}, discipline="fifo")
    door = stage("door", "walkers", "drop_point", effort={"per_order_min": 60}, discipline="fifo")
    crews = {"packers": crew(1), "walkers": crew(1, "drop_point")}
    road = leg("road", "vans", leave={"kind": "full", "orders": 1}, discipline="fifo")
    for promise_by, taken in (("whole_way", 20), ("depot", 60)):
        limits = {"promise_days": 1, "promise_by": promise_by}
        lists = way("lists", pack, road, door, release=ordered(), acceptance=limits)
        plan = world(listed([40, 20]), crews, {"vans": fleet(2)}, demand=ONE_TRY_A_DAY)
        result = run(plan, mix(use(lists)))
        assert by_day(result, "accepted", "lists")[0] == taken


def test_more_packers_do_not_feed_fewer() -> None:
    """Doors are slow; with four times as many packers no more baskets are promised than the doors can bring."""
    pack = stage("pack", "packers", effort={"per_order_min": 20}, discipline="fifo")
    door = stage("door", "walkers", "drop_point", effort={"per_order_min": 30}, discipline="fifo")
    demand = {
        "kind": "purchases",
        "need_kg_per_household_week": 14,
        "purchases_per_household_day": 0.5,
        "online_share": 0.5,
        "lines_per_order": 1,
        "max_lines": 10,
        "max_cover_days": 7,
        "retries_per_day": 1,
    }
    found = []
    for packers in (1, 4):
        crews = {"packers": crew(packers), "walkers": crew(1, "drop_point")}
        lists = way("lists", pack, door, release=ordered(), acceptance={"promise_days": 2})
        plan = world([100], crews, demand=demand, horizon_days=21)
        found.append(float(run(plan, mix(use(lists))).values.loc[0, "fill_rate"]))
    assert found[1] >= found[0] - 0.01


def test_the_books_are_checked_channel_by_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    """An order that is booked on another channel than its own stops the run."""
    from simsupply.model.accounting.order_book import OrderBook

    settle = OrderBook.settle

    def wrongly(book: OrderBook, households, times, kg, content, until) -> None:
        settle(book, households, times, kg, np.zeros_like(content), until)

    monkeypatch.setattr(OrderBook, "settle", wrongly)
    channels = [way(name, delay(f"{name}_road", 10), release=ordered()) for name in ("a", "b")]
    with pytest.raises(InvariantError, match="channel 'a'"):
        run(world([4], {}, demand=cycle(14, 7)), mix(*map(use, channels)))
