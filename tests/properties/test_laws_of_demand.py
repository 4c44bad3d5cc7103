"""What must hold on the demand side in any plan: every attempt, every kilogram and every pantry is accounted for.

Everything is worked out anew from the log of orders (who placed what where, and when it came) and from the plan.
"""

from __future__ import annotations

import copy
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import simsupply as ss
from simsupply.model.city.tier_calendar import TierCalendar, draw_tiers
from simsupply.model.run_loop import run_replication
from simsupply.records.recorder import Recorder
from simsupply.records.replication import Replication
from simsupply.scenario.tiers import TIERS
from simsupply.scenario.world import Scenario
from simsupply.streams.keyed import Streams
from tests.plans.paper_plans import DAY, Plain
from tests.plans.random_demand_plans import LAST, WEEKDAYS, resident_plans

BOUNDED = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), max_examples=25)


@dataclass
class Order:
    """One order, parcel or visit."""

    channel: str
    household: int
    kg: float
    placed: float
    delivered: float = math.inf

    @property
    def day(self) -> int:
        return int(self.placed // DAY)


@dataclass
class Log(Recorder):
    """Keeps when each order was placed and when it came."""

    orders: dict[tuple[str, int, int, int], Order] = field(default_factory=dict)

    def note(self, step, channel, wave, household, order, drop_point, kg, times) -> None:
        columns = (household.tolist(), order.tolist(), kg.tolist(), times.tolist())
        for number, of_wave, weight, time in zip(*columns, strict=True):
            key = channel, wave, number, of_wave
            if step == "placed":
                assert key not in self.orders
                self.orders[key] = Order(channel, number, weight, time)
            elif step.startswith(LAST):
                assert self.orders[key].delivered == math.inf
                self.orders[key].delivered = time

    def settle(self, until: float) -> None:
        """Nothing is handed out."""


@dataclass
class SimulatedPlan:
    """A plan, and what came of it."""

    plan: Plain
    decided: Plain
    scenario: Scenario
    record: Replication
    orders: list[Order]
    tiers: TierCalendar

    @property
    def horizon(self) -> float:
        return self.scenario.horizon_min

    def kind_of(self, channel: str) -> str:
        return self.decided["channels"][channel]["release"]["kind"]

    def of(self, channel: str) -> list[Order]:
        return [order for order in self.orders if order.channel == channel]

    def tier_of(self, order: Order) -> str:
        return TIERS[self.tiers.number[order.day][self.scenario.households.compound[order.household]]]

    def is_of(self, household: int, kinds: list[str]) -> bool:
        return bool(self.scenario.households.of_kinds(kinds)[household])

    def list_time(self, order: Order) -> float:
        """When the list was closed or the shop opened."""
        opens = self.decided["channels"][order.channel]["release"].get("opens")
        return order.day * DAY + minutes(opens) if opens else order.placed


def minutes(text: str) -> float:
    return 60.0 * int(text[:2]) + int(text[3:])


def simulate(drawn: tuple[Plain, Plain], seed: int) -> SimulatedPlan:
    scenario, strategy = ss.load_scenario(drawn[0]), ss.load_strategy(drawn[1])
    log = Log()
    record = run_replication(scenario, strategy, seed=seed, number=0, recorder=log)
    tiers = draw_tiers(scenario, Streams(seed=seed, replication=0))
    return SimulatedPlan(*drawn, scenario, record, sorted(log.orders.values(), key=lambda order: order.placed), tiers)


# --- what people need, from the plan -------------------------------------------------------------------


def needs(simulated: SimulatedPlan) -> np.ndarray:
    """kg a day, shape (households, goods)."""
    people = simulated.scenario.households
    if "goods" not in simulated.plan:
        return np.full((len(people), 1), simulated.plan["demand"]["need_kg_per_household_week"] / 7)
    columns = []
    for group in simulated.plan["goods"].values():
        who = people.of_kinds([group["needed_by"]]) if "needed_by" in group else np.ones(len(people), dtype=bool)
        columns.append(np.where(who, group["kg_per_person_day"] * people.persons, 0.0))
    return np.column_stack(columns)


def shared_out(simulated: SimulatedPlan, order: Order, need: np.ndarray) -> np.ndarray:
    """kg of each group of goods in an order."""
    names = list(simulated.plan.get("goods", ["food"]))
    channel = simulated.decided["channels"][order.channel]
    persons = int(simulated.scenario.households.persons[order.household])
    for parcel in (channel.get("bundles") or {"": channel.get("parcel", {})}).values():
        if "content" in parcel:
            times = persons if parcel.get("per") == "person" else 1
            kg = np.array([parcel["content"].get(name, 0.0) * times for name in names])
            if math.isclose(kg.sum(), order.kg):
                return kg
        else:
            carried = np.array([name in parcel.get("goods", names) for name in names])
            wanted = need[order.household] * carried
            if wanted.sum() == 0:
                # Nobody there needs it: it is shared out evenly, and only what is given has a weight.
                return order.kg * carried / carried.sum()
            return order.kg * wanted / wanted.sum()
    raise AssertionError(f"{order.kg} kg are no content of {order.channel}")


# --- counts ---------------------------------------------------------------------------------------------


@BOUNDED
@given(resident_plans(), st.integers(0, 1000))
def test_every_attempt_has_one_end(drawn, seed) -> None:
    """By channel, against the log of orders; visits are counted apart."""
    simulated = simulate(drawn, seed)
    record = simulated.record
    visits = 0
    for name, counts in record.channels.items():
        placed, delivered = (
            simulated.of(name),
            [order for order in simulated.of(name) if order.delivered < simulated.horizon],
        )
        assert all(value >= 0 for value in vars(counts).values())
        assert counts.delivered == len(delivered)
        assert record.channel_kg[name] == pytest.approx(sum(order.kg for order in delivered), abs=1e-9)
        if simulated.kind_of(name) == "visit":
            visits += len(delivered)
            assert vars(counts) == {**dict.fromkeys(vars(counts), 0), "delivered": len(delivered)}
            continue
        assert counts.attempted == counts.accepted + counts.rejected + counts.collecting
        assert counts.accepted == counts.cancelled + len(placed)
        # Sets drawn by Poisson numbers; some 15 of them at once come less often than once in 10^9 households.
        assert counts.collecting <= 15 * len(simulated.scenario.households)
        if simulated.kind_of(name) != "group":
            assert counts.collecting == 0
    assert record.visits == visits
    orders = [order for order in simulated.orders if simulated.kind_of(order.channel) != "visit"]
    assert record.orders.accepted - record.orders.cancelled == len(orders)
    assert record.backlog_peak == backlog_peak(orders, simulated.horizon)
    assert record.unfinished_orders == sum(order.delivered == math.inf for order in simulated.orders)


def backlog_peak(orders: list[Order], horizon: float) -> int:
    """Most orders under way before the horizon; at one moment new ones count first."""
    events = sorted([(order.placed, 0) for order in orders] + [(order.delivered, 1) for order in orders])
    inside = most = 0
    for time, leaves in events:
        if time >= horizon:
            break
        inside += -1 if leaves else 1
        most = max(most, inside)
    return most


# --- goods ----------------------------------------------------------------------------------------------


@pytest.mark.lengthy
@BOUNDED
@given(resident_plans(days_alike=True), st.integers(0, 1000))
def test_goods_and_pantries_add_up(drawn, seed) -> None:
    """For each household and group of goods: what was there and came is what was used up and is left."""
    simulated = simulate(drawn, seed)
    need, record = needs(simulated), simulated.record.households
    stock = simulated.scenario.households.pantry_min / DAY * need
    received, under_way = np.zeros_like(need), np.zeros_like(need)
    spans: list[list[list[tuple[float, float]]]] = [[[] for _ in row] for row in need]
    clock = np.zeros(len(need))
    used = np.zeros_like(need)

    def use_up(household: int, until: float) -> None:
        for good, daily in enumerate(need[household]):
            wanted = daily * (until - clock[household]) / DAY
            eaten = min(wanted, stock[household, good])
            used[household, good] += eaten
            stock[household, good] -= eaten
            if wanted > eaten:
                spans[household][good].append((clock[household] + eaten / daily * DAY, until))
        clock[household] = until

    initial = stock.copy()
    for order in sorted(simulated.orders, key=lambda order: order.delivered):
        kg = shared_out(simulated, order, need)
        if order.delivered >= simulated.horizon:
            under_way[order.household] += kg
            continue
        use_up(order.household, order.delivered)
        stock[order.household] += kg
        received[order.household] += kg
    for household in range(len(need)):
        use_up(household, simulated.horizon)

    released = np.zeros(need.shape[1])
    for order in simulated.orders:
        released += shared_out(simulated, order, need)
    np.testing.assert_allclose(released, received.sum(axis=0) + under_way.sum(axis=0), atol=1e-9)
    np.testing.assert_allclose(record.kg_by_goods, received, atol=1e-9)
    np.testing.assert_allclose(record.kg, received.sum(axis=1), atol=1e-9)
    empty = np.array([[sum(end - start for start, end in good) for good in row] for row in spans])
    np.testing.assert_allclose(record.empty_min_by_goods, empty, atol=1e-5)
    np.testing.assert_allclose(record.empty_min, [together(row) for row in spans], atol=1e-5)
    # The record's own empty time closes the account of every pantry.
    eaten = need * (simulated.horizon - record.empty_min_by_goods) / DAY
    np.testing.assert_allclose(initial + record.kg_by_goods, np.where(need > 0, eaten, 0) + stock, atol=1e-6)
    assert abs(simulated.record.mass_balance_error_kg) < 1e-6


def together(goods: list[list[tuple[float, float]]]) -> float:
    """Minutes in at least one of several lists of spans."""
    covered, until = 0.0, -math.inf
    for start, end in sorted(span for spans in goods for span in spans):
        covered += max(0.0, end - max(start, until))
        until = max(until, end)
    return covered


# --- who may order what when ------------------------------------------------------------------------------


@pytest.mark.lengthy
@BOUNDED
@given(resident_plans(), st.integers(0, 1000))
def test_every_order_is_one_that_the_mix_allows(drawn, seed) -> None:
    """A use of its channel is in force there, then and for that household; the list is closed on such a day."""
    simulated = simulate(drawn, seed)
    uses, first_day = simulated.decided["mix"], simulated.scenario.first_weekday
    settings_of = simulated.plan.get("tiers", {}).get("settings", {})
    for order in simulated.orders:
        release, tier = simulated.decided["channels"][order.channel]["release"], simulated.tier_of(order)
        assert release["kind"] in settings_of.get(tier, {}).get("open", [release["kind"]])
        assert not simulated.is_of(order.household, release.get("excludes", []))
        assert any(
            use["channel"] == order.channel
            and use.get("from_day", 0) <= order.day < use.get("to_day", math.inf)
            and tier in use.get("tiers", TIERS)
            and ("households" not in use or simulated.is_of(order.household, use["households"]))
            and not simulated.is_of(order.household, use.get("excludes", []))
            for use in uses
        )
        if release.get("weekdays"):
            assert WEEKDAYS[(first_day + order.day) % 7] in release["weekdays"]
        at = release.get("cut_off") or release.get("closes") or release.get("at")
        if release["kind"] == "visit":
            assert minutes(release["opens"]) <= order.placed % DAY < minutes(release["closes"])
        elif at:
            assert order.placed % DAY == minutes(at)
        else:
            assert order.placed % DAY == minutes(simulated.plan["demand"]["release_time"])


@pytest.mark.lengthy
@BOUNDED
@given(resident_plans(("purchases", "surge")), st.integers(0, 1000))
def test_who_waits_for_an_order_places_no_other(drawn, seed) -> None:
    """Nor does anybody order more often from one channel, or go out more often, than is allowed.

    Several orders of one moment and channel count as one, there when the last of them is.
    """
    simulated = simulate(drawn, seed)
    at_once = {(order.household, order.placed): 0.0 for order in simulated.orders}
    for order in simulated.orders:
        if simulated.kind_of(order.channel) in ("order", "group"):
            key_of = order.household, order.placed
            at_once[key_of] = max(at_once[key_of], order.delivered)
    seen = set()
    until = np.full(len(simulated.scenario.households), -math.inf)
    last: dict[tuple[str, int], int] = {}
    settings_of = simulated.plan.get("tiers", {}).get("settings", {})
    for order in simulated.orders:
        kind = simulated.kind_of(order.channel)
        if kind in ("order", "group"):
            if (order.channel, order.household, order.placed) in seen:
                continue
            seen.add((order.channel, order.household, order.placed))
            assert until[order.household] < order.placed
            until[order.household] = at_once[order.household, order.placed]
        release = simulated.decided["channels"][order.channel]["release"]
        pause = release.get("once_in_days") or 0 if kind in ("order", "group") else 0
        shop = kind == "visit"
        if shop:
            pause = settings_of.get(simulated.tier_of(order), {}).get("visit_every_days") or 1
        key = "shop" if shop else order.channel, order.household
        assert order.day - last.get(key, -99) >= pause
        last[key] = order.day


@pytest.mark.lengthy
@BOUNDED
@given(resident_plans(("purchases",), days_alike=True, one_at_once=True), st.integers(0, 1000))
def test_baskets_count_from_what_was_last_sent(drawn, seed) -> None:
    """Days covered: since then, one at least, `max_cover_days` at most; parcels by their rhythm.

    On top, once, `stock_up_days`: in the first basket that is filled by need. On a shelf there may be less; what of it
    is bought later is in `tests/oracles/orders`, and the household is not looked at any more.
    """
    simulated = simulate(drawn, seed)
    demand, need = simulated.plan["demand"], needs(simulated)
    normal = 1 / demand["purchases_per_household_day"]
    at_moment = Counter((order.household, simulated.list_time(order)) for order in simulated.orders)
    last: dict[int, float] = {}
    stocked, unknown = set[int](), set[int]()
    for order in sorted(simulated.orders, key=simulated.list_time):
        at, channel = simulated.list_time(order), simulated.decided["channels"][order.channel]
        before = last.get(order.household, -normal * DAY)
        last[order.household] = at
        parcel, release = channel.get("parcel", {}), channel["release"]
        is_fixed = channel.get("bundles") or "content" in parcel or "kg" in parcel
        # Two at one moment: which of them is filled first is not told.
        if (demand["stock_up_days"] and at_moment[order.household, at] > 1) or (is_fixed and release.get("shelf")):
            unknown.add(order.household)
        if before == at or is_fixed or order.household in unknown:
            continue
        names = list(simulated.plan.get("goods", ["food"]))
        carried = np.array([name in parcel.get("goods", names) for name in names])
        if release["kind"] == "allot":
            days = release["every_days"]
        else:
            days = min(demand["max_cover_days"], max((at - before) / DAY, 1))
            days += 0 if order.household in stocked else demand["stock_up_days"]
            stocked.add(order.household)
        kg = pytest.approx((need[order.household] * carried).sum() * days, rel=1e-9)
        if release.get("shelf") and order.kg != kg:
            assert order.kg < kg.expected
            unknown.add(order.household)
        else:
            assert order.kg == kg


@pytest.mark.lengthy
@BOUNDED
@given(resident_plans(("purchases", "surge")), st.integers(0, 1000))
def test_no_depot_takes_on_more_than_it_may_and_no_small_group_buys(drawn, seed) -> None:
    """However many uses a channel has."""
    simulated = simulate(drawn, seed)
    people, places = simulated.scenario.households, simulated.scenario.places
    for name, channel in simulated.decided["channels"].items():
        most = (channel.get("acceptance") or {}).get("orders_per_day")
        release = channel["release"]
        for day in range(simulated.plan["scenario"]["horizon_days"]):
            today = [order.household for order in simulated.of(name) if order.day == day]
            if not today:
                continue
            if most is not None:
                assert np.bincount(places.serving["depot"][people.drop_point[today]]).max() <= most
            if release["kind"] == "group" and not release["unpaid_share"]:
                sets = np.bincount(people.compound[today])
                assert sets[sets > 0].min() >= release["min_sets"]


# --- more room --------------------------------------------------------------------------------------------


def taken_on(simulated: SimulatedPlan, name: str) -> set[int]:
    return {order.household for order in simulated.of(name) if order.day == 0}


@pytest.mark.lengthy
@BOUNDED
@given(resident_plans(("purchases", "surge")), st.integers(0, 1000), st.integers(1, 5))
def test_more_room_turns_away_nobody_who_was_taken_on(drawn, seed, more) -> None:
    """On day 0, when nothing has followed from it yet: household by household, in each channel with a limit."""
    plan, decided = drawn
    wider: dict[str, Any] = copy.deepcopy(decided)
    limits = {name: way["acceptance"] for name, way in wider["channels"].items() if way.get("acceptance")}
    assume(limits)
    for limit in limits.values():
        key = "orders_per_day" if limit["promise_days"] is None else "promise_days"
        limit[key] += more
    before, after = simulate((plan, decided), seed), simulate((plan, wider), seed)
    for name in limits:
        assert taken_on(before, name) <= taken_on(after, name)
