"""What a result says of each day, worked out on paper; midnight belongs to the day that it begins."""

from __future__ import annotations

import numpy as np
import pytest

import simsupply as ss
from simsupply.figures.day_tables import (
    are_worth_drawing,
    orders_by_day,
    tiers_by_day,
    trigger_title,
    triggers_by_day,
)
from tests.plans.demand_plans import (
    SHOP_FLOOR,
    allotted,
    alone,
    grouped,
    idle_world,
    in_tiers,
    mix,
    ordered,
    purchases,
    run,
    shop,
    table,
    use,
    value,
    way,
)
from tests.plans.paper_plans import TITLE, Plain, cycle, delay, world

DAILY = ordered(every_days=1, cut_off="07:00")
# Two orders a day are taken on; each is there 25 hours later.
LIST = way("a", delay("road", 1500), release=DAILY, acceptance={"orders_per_day": 2})
PACKS = way("packs", delay("stand", 10), release=allotted(1, "12:00"), parcel={"kg": 1})
REFUSED = {"metric": "rejection_rate", "channel": "a", "above": 0.5, "below": 0.4}


def by_day(result: ss.Result, measure: str, channel: str | None = None) -> list[float]:
    """One number a day."""
    days = result.days
    is_of_channel = days["channel"].isna() if channel is None else days["channel"] == channel
    return list(days[is_of_channel & (days["measure"] == measure)].sort_values("day")["value"])


def outbreak(**more: Plain) -> ss.Result:
    """Five households that buy every day; three of them are sealed in on day 1."""
    plan = in_tiers(
        idle_world([3, 2], purchases(retries_per_day=0), horizon_days=3),
        {"tier": "sealed", "from_day": 1, "to_day": 2, "communities": ["d0"]},
        default="precaution",
    )
    decided = mix(use(LIST), use(PACKS, when="refused"), triggers={"refused": {**REFUSED, **more}})
    return run(plan, decided)


def test_orders_of_each_day() -> None:
    """Day 0: 5 call at 07:00, 2 are taken. Day 1: the other 3 call, 2 are taken; the first 2 are served at 08:00.

    Day 2: the first 2 want again and 1 still does; 2 are taken, and those of day 1 are served at 08:00.
    """
    result = outbreak()
    assert by_day(result, "attempted", "a") == [5, 3, 3]
    assert by_day(result, "accepted", "a") == [2, 2, 2]
    assert by_day(result, "rejected", "a") == [3, 1, 1]
    assert by_day(result, "delivered", "a") == [0, 2, 2]
    assert by_day(result, "open", "a") == [2, 2, 2]
    assert by_day(result, "cancelled", "a") == by_day(result, "collecting", "a") == [0, 0, 0]


def test_trigger_and_what_it_sets_off() -> None:
    """3 / 5 are refused on day 0: on from day 1; 1 / 3 on day 1: off from day 2. Packs for all 5 at noon of day 1."""
    result = outbreak()
    assert by_day(result, "trigger_on.refused") == [0, 1, 0]
    for measure in ("attempted", "accepted", "delivered"):
        assert by_day(result, measure, "packs") == [0, 5, 0]
    assert by_day(result, "open", "packs") == [0, 0, 0]


def test_share_of_households_under_each_tier() -> None:
    """Three of five."""
    result = outbreak()
    assert by_day(result, "tier_share.precaution") == [1.0, 0.4, 1.0]
    assert by_day(result, "tier_share.controlled") == [0.0, 0.0, 0.0]
    assert by_day(result, "tier_share.sealed") == pytest.approx([0.0, 0.6, 0.0])


def test_parcels_sent_unasked_are_no_attempts_of_residents() -> None:
    """On the busiest day 5 residents try (normal: 5), though 3 do and 5 packs are sent on day 1."""
    assert value(outbreak(), "attempts_vs_normal_peak") == 1.0
    packs = alone(idle_world([5], purchases(), horizon_days=2), PACKS)
    assert by_day(packs, "attempted", "packs") == [5, 5]
    assert value(packs, "attempts_vs_normal_peak") == 0.0


def test_a_delivery_at_midnight_is_of_the_new_day() -> None:
    """07:00 and 17 hours: at 24:00 the goods are there, on day 1; at the horizon, of the last day."""
    result = alone(idle_world([4], cycle(days=1), horizon_days=2), way("a", delay("road", 1020), release=DAILY))
    assert by_day(result, "delivered", "a") == [0, 8]
    assert by_day(result, "open", "a") == [4, 0]


def test_visits_are_delivered_and_nothing_else() -> None:
    """Four households go to the shop every day."""
    result = alone(
        in_tiers(world([4], SHOP_FLOOR, demand=purchases(online=1e-9), horizon_days=2), default="precaution"), shop()
    )
    assert by_day(result, "delivered", "shop") == [4, 4]
    for measure in ("attempted", "accepted", "rejected", "cancelled", "collecting", "open"):
        assert by_day(result, measure, "shop") == [0, 0]


def test_unpaid_orders_are_cancelled_and_not_open() -> None:
    """Nobody pays."""
    result = alone(
        idle_world([4], purchases(retries_per_day=0), horizon_days=2),
        way("a", delay("road", 1500), release={**DAILY, "unpaid_share": 1.0}),
    )
    assert by_day(result, "accepted", "a") == by_day(result, "cancelled", "a") == [4, 4]
    assert by_day(result, "open", "a") == by_day(result, "delivered", "a") == [0, 0]


def test_sets_that_wait_for_their_group() -> None:
    """Two households, three sets needed: both wait from day 0 on and ask nobody else."""
    plan = idle_world([2], people={"households_per_compound": 2}, horizon_days=3)
    result = alone(plan, way("group", delay("road", 10), release=grouped(3, "wait"), consignment="compound"))
    assert by_day(result, "attempted", "group") == [2, 0, 0]
    assert by_day(result, "collecting", "group") == [2, 2, 2]
    assert by_day(result, "accepted", "group") == [0, 0, 0]


def test_single_orders_count_when_they_are_placed() -> None:
    """Against the moments at which the orders table says they were placed and delivered."""
    demand = {"kind": "poisson", "rate_per_min": 0.02, "order_kg": 5, "lines_per_order": 1}
    demand["need_kg_per_household_week"] = 7
    result = alone(idle_world([2000], demand, horizon_days=3), way("a", delay("road", 700)))
    orders = table(result)
    for measure, column in (("attempted", "placed"), ("accepted", "placed"), ("delivered", "road")):
        days = orders[column][orders[column] < 3 * 1440] // 1440
        assert by_day(result, measure, "a") == list(np.bincount(days.astype(int), minlength=3))
        assert min(by_day(result, measure, "a")) > 0


def test_every_order_is_on_the_day_the_orders_table_says() -> None:
    """Four channels over two weeks: accepted and paid = placed that day; open = placed and not yet there."""
    scenario = ss.load_scenario("sealed_compounds")
    result = ss.simulate(scenario, "norm_door_then_packs", replications=1, detail="orders")
    horizon = scenario.settings.horizon_days
    orders = table(result)
    for name, channel in result.strategy.channels.items():
        of_channel = orders[orders["channel"] == name]
        placed, came = of_channel["placed"], of_channel[channel.steps[-1].body.name]
        sent = np.subtract(by_day(result, "accepted", name), by_day(result, "cancelled", name))
        assert list(sent) == list(np.bincount((placed // 1440).astype(int), minlength=horizon))
        for day, still_open in enumerate(by_day(result, "open", name)):
            midnight = (day + 1) * 1440
            assert still_open == ((placed < midnight) & ~(came < midnight)).sum()


# --- as the figure takes them -----------------------------------------------------------------------------


def test_panels_of_the_figure() -> None:
    """One list of residents, so no sum; packs are sent by schedule and have no attempts."""
    panels = orders_by_day(outbreak(), "zh")
    assert list(
        dict.fromkeys(zip(panels["panel"], panels["title"], panels["kind"], panels["measure"], strict=True))
    ) == [
        (0, "纸面方案", "asked", "attempted"),
        (0, "纸面方案", "asked", "accepted"),
        (0, "纸面方案", "asked", "delivered"),
        (1, "纸面方案", "sent", "accepted"),
        (1, "纸面方案", "sent", "delivered"),
    ]
    assert list(panels[panels["measure"] == "attempted"]["mean"]) == [5, 3, 3]


def test_the_first_panel_is_the_sum_of_what_residents_order() -> None:
    """Two lists of 100 households: whoever is with the one is not with the other. The third has no orders: no panel."""
    lists = [way(name, delay(f"{name}_road", 10), release=DAILY) for name in ("a", "b", "c")]
    decided = mix(use(lists[0], share=0.5), use(lists[1], share=0.5), use(lists[2], share=0.0), use(PACKS))
    panels = orders_by_day(run(idle_world([100], horizon_days=2), decided))
    attempted = panels[panels["measure"] == "attempted"].groupby("panel")["mean"].apply(list)
    assert list(attempted.index) == [0, 1, 2]
    assert attempted[0] == [100, 100]
    assert np.add(attempted[1], attempted[2]).tolist() == [100, 100]
    assert panels[panels["panel"] == 0]["title"].unique().tolist() == [""]


def test_triggers_and_tiers_of_the_figure() -> None:
    """Under their titles, or their names."""
    result = outbreak(title=TITLE)
    assert triggers_by_day(result, "zh").to_numpy().tolist() == [
        ["纸面方案", 0, 0],
        ["纸面方案", 1, 1],
        ["纸面方案", 2, 0],
    ]
    assert trigger_title(outbreak().strategy, "refused", "en") == "refused"
    tiers = tiers_by_day(result)
    assert list(tiers["tier"].unique()) == ["Precaution", "Controlled", "Sealed"]
    assert list(tiers[tiers["tier"] == "Precaution"]["share"]) == [1.0, 0.4, 1.0]
    assert tiers_by_day(alone(idle_world([2], horizon_days=1), LIST)).empty


def test_the_days_in_words() -> None:
    """5 of 11 attempts refused; the trigger is on from midnight of day 1, for one of three days."""
    lines = ss.answer(outbreak(title={"en": "Many refused", "zh": "拒单多"})).split("\n")
    assert lines[-1] == "Only one replication: what chance does is not seen."
    assert lines[-2] == "Trigger “Many refused”: first on after 1 day, 1 of 3 days on average."
    assert lines[-3] == (
        "On the busiest day residents tried to order 1.0 times as much as on a normal day (5 orders); "
        "45 % of residents' attempts were refused."
    )


def test_what_is_worth_drawing() -> None:
    """A mix, or orders that residents try to make; not the rhythm of one list."""
    assert are_worth_drawing(outbreak())
    scenario = ss.load_scenario("town")
    assert not are_worth_drawing(ss.simulate(scenario, "standard_crates", replications=1))
