"""Plans of the demand side: what residents want, and where their counts stand in a result.

Every name of a table, column or metric that the demand side adds is said here once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import stats

import simsupply as ss
from tests.plans.paper_plans import TITLE, Plain, crew, shift, stage, world

SURE = 1e-4  # a law is doubted below this probability
FOREVER = 30_000.0  # minutes: longer than any run here, so that an order stays open
ROUND_THE_CLOCK = shift("00:00", "24:00")
# Staff for plans whose channels need nobody (a scenario has at least one crew).
NOBODY = {"packers": crew(1)}


# --- plans --------------------------------------------------------------------------------------------


def purchases(probability: float = 1.0, online: float = 1.0, **more: Any) -> Plain:
    """Households that buy every day, all of it online, unless told otherwise; 1 kg a day is used up."""
    return {
        "kind": "purchases",
        "need_kg_per_household_week": 7,
        "purchases_per_household_day": probability,
        "online_share": online,
        "lines_per_order": 1,
        "max_lines": 60,
        "max_cover_days": 30,
        **more,
    }


def with_goods(plan: Plain, goods: Mapping[str, Plain]) -> Plain:
    """The plan with groups of goods, which say what is needed and what is at home."""
    households = {key: value for key, value in plan["scenario"]["households"].items() if key != "pantry_days"}
    demand = {key: value for key, value in plan["demand"].items() if key != "need_kg_per_household_week"}
    return {
        **plan,
        "scenario": {**plan["scenario"], "households": households},
        "demand": demand,
        "goods": dict(goods),
    }


def group_of_goods(kg: float, pantry_days: float, **more: Any) -> Plain:
    """One group of goods: kg a person uses up in a day, and days of it at home at the start."""
    return {"kg_per_person_day": kg, "pantry_days": {"low": pantry_days, "high": pantry_days}, **more}


def in_tiers(plan: Plain, *periods: Plain, default: str = "sealed", **settings: Plain) -> Plain:
    """The plan with a calendar of tiers."""
    return {**plan, "tiers": {"default": default, "calendar": list(periods), "settings": settings}}


def way(name: str, *steps: Plain, release: Plain | None = None, **more: Any) -> Plain:
    """A channel with all its keys."""
    return {"name": name, "title": TITLE, "release": release or {"kind": "order"}, "steps": list(steps), **more}


def ordered(**more: Any) -> Plain:
    """A list that residents order from."""
    return {"kind": "order", **more}


def allotted(every_days: int, at: str = "00:00") -> Plain:
    """A parcel for everybody."""
    return {"kind": "allot", "every_days": every_days, "at": at}


def grouped(min_sets: int, below: str, window_days: int = 1, closes: str = "09:00", **more: Any) -> Plain:
    """Group buying."""
    return {
        "kind": "group",
        "window_days": window_days,
        "closes": closes,
        "min_sets": min_sets,
        "below": below,
        **more,
    }


def shop(name: str = "shop") -> Plain:
    """A shop open 08:00-18:00 in which nobody ever waits: the only crew is room for customers."""
    buying = stage("buying", "shop_floor", "drop_point", discipline="fifo", effort={"per_order_min": 5})
    return way(name, buying, release={"kind": "visit", "opens": "08:00", "closes": "18:00"})


SHOP_FLOOR = {"shop_floor": crew(5000, "drop_point", ROUND_THE_CLOCK, people="equipment")}


def open_gate(name: str, opens: str, closes: str, **more: Any) -> Plain:
    """A gate with any of its keys."""
    return {"gate": {"name": name, "opens": opens, "closes": closes, **more}}


def only_for(step: Plain, **when: Any) -> Plain:
    """A step for some tiers only."""
    return {**step, "when": when}


def use(channel: Plain, **more: Any) -> Plain:
    """An entry of a mix; the channel itself stands beside its name until `mix` takes it."""
    return {"channel": channel, **more}


def mix(*uses: Plain, triggers: Mapping[str, Plain] | None = None) -> Plain:
    """A strategy in which channels work side by side."""
    channels = {entry["channel"]["name"]: entry["channel"] for entry in uses}
    return {
        "name": "paper",
        "title": TITLE,
        "channels": channels,
        "mix": [{**entry, "channel": entry["channel"]["name"]} for entry in uses],
        "triggers": dict(triggers or {}),
    }


def idle_world(households: Sequence[int] | Plain, demand: Plain | None = None, **more: Any) -> Plain:
    """A scenario for channels without work."""
    return world(households, NOBODY, demand=demand or purchases(), **more)


def run(plan: Plain, decided: Plain) -> ss.Result:
    """One replication, with every order at every step."""
    return ss.simulate(ss.load_scenario(plan), ss.load_strategy(decided), replications=1, seed=1, detail="orders")


def alone(plan: Plain, channel: Plain) -> ss.Result:
    """One replication with a single channel, used by everybody from day 0 on."""
    return run(plan, mix(use(channel)))


# --- results ------------------------------------------------------------------------------------------


def value(result: ss.Result, metric: str) -> float:
    """A metric of the only replication."""
    return float(result.values.loc[0, metric])


def counts(result: ss.Result, channel: str) -> dict[str, int]:
    """Orders of one channel up to the horizon: attempted, accepted, rejected, cancelled, delivered."""
    names = ("attempted", "accepted", "rejected", "cancelled", "delivered")
    if list(result.strategy.channels) == [channel] and not is_split(result, "channel"):
        return {name: int(value(result, f"orders_{name}")) for name in names}
    return {name: int(split(result, "channel", channel, f"orders_{name}")) for name in names}


def is_split(result: ss.Result, by: str) -> bool:
    """Whether there is more than the whole to tell."""
    assert result.splits is not None
    return bool((result.splits["split"] == by).any())


def totals(result: ss.Result) -> dict[str, float]:
    """Orders of all channels up to the horizon."""
    names = ("attempted", "accepted", "rejected", "cancelled", "collecting", "delivered")
    return {name: value(result, f"orders_{name}") for name in names}


def split(result: ss.Result, by: str, group: str, metric: str) -> float:
    """A metric of one group of households or goods."""
    table = result.splits
    rows = table[(table["split"] == by) & (table["group"] == group) & (table["metric"] == metric)]
    assert len(rows) == 1
    return float(rows.iloc[0]["value"])


def table(result: ss.Result, channel: str | None = None):
    """One row per order, by the moment it was placed and the household's number."""
    orders = result.orders
    assert orders is not None
    if channel is not None:
        orders = orders[orders["channel"] == channel]
    return orders.sort_values(["placed", "household"])


def times(result: ss.Result, step: str, channel: str | None = None) -> list[float]:
    """When orders finished a step (or were ``placed``), by the moment they were placed and by household."""
    return [float(minute) for minute in table(result, channel)[step]]


def who(result: ss.Result, channel: str | None = None, day: int | None = None) -> list[int]:
    """Households that placed orders, in ascending order, each as often as it did."""
    orders = table(result, channel)
    if day is not None:
        orders = orders[orders["placed"] // 1440 == day]
    return sorted(int(number) for number in orders["household"])


def days_of(result: ss.Result, channel: str) -> dict[int, int]:
    """Orders of a channel by the day on which they were placed."""
    days, number = np.unique(table(result, channel)["placed"] // 1440, return_counts=True)
    return {int(day): int(count) for day, count in zip(days, number, strict=True)}


def assert_binomial(found: int, trials: int, share: float) -> None:
    """A count that chance explains."""
    assert stats.binomtest(int(found), trials, share).pvalue > SURE
