"""The days of a result as the figure of them and the answer in words take them."""

from __future__ import annotations

import pandas as pd

from simsupply.base.language import Language, display_name
from simsupply.measures.metric_registry import bounds_of
from simsupply.results.day_table import TIER_SHARE, TRIGGER_ON
from simsupply.results.result import Result
from simsupply.scenario.group_titles import group_label
from simsupply.scenario.normal_demand import normal_orders_per_day
from simsupply.scenario.tiers import TIERS
from simsupply.scenario.world_spec import PurchaseDemand, SurgeDemand
from simsupply.stats.intervals import estimate
from simsupply.strategy.channels import Channel, StrategySpec
from simsupply.strategy.release import Allotment, VisitRelease

# Which lines tell what happened in a channel, by how its goods are asked for.
_DRAWN = {"asked": ("attempted", "accepted", "delivered"), "sent": ("accepted", "delivered"), "visits": ("delivered",)}


def are_worth_drawing(result: Result) -> bool:
    """Whether orders differ from day to day by more than the rhythm of one channel."""
    return bool(result.strategy.mix) or isinstance(result.scenario.spec.demand, PurchaseDemand | SurgeDemand)


def normal_orders(result: Result) -> float | None:
    """Orders of a normal day; None if the demand does not say."""
    return normal_orders_per_day(result.scenario)


def orders_by_day(result: Result, language: Language = "en") -> pd.DataFrame:
    """Orders a day with their intervals, as `simsupply.plot_orders_by_day` takes them.

    First the sum of the channels that residents order from (else of all parcels, or visits), then
    each channel by itself, unless that is the sum already, or nothing was tried or sent in it.
    """
    moved = result.days[result.days["measure"].isin(["attempted", "delivered"]) & (result.days["value"] > 0)]
    used = {name: channel for name, channel in result.strategy.channels.items() if name in set(moved["channel"])}
    channels = used or result.strategy.channels
    by_kind: dict[str, list[str]] = {"asked": [], "sent": [], "visits": []}
    for name, channel in channels.items():
        by_kind[_kind(channel)].append(name)
    kind = next(kind for kind, names in by_kind.items() if names)
    summed = by_kind[kind]
    alone = channels[summed[0]].title.in_language(language) if len(summed) == 1 else ""
    parts = [_panel(result, alone, kind, summed)]
    parts += [
        _panel(result, channel.title.in_language(language), _kind(channel), [name])
        for name, channel in channels.items()
        if summed != [name]
    ]
    # Two channels of the same title are two panels.
    return pd.concat([part.assign(panel=number) for number, part in enumerate(parts)], ignore_index=True)


def _kind(channel: Channel) -> str:
    if isinstance(channel.release, Allotment):
        return "sent"
    return "visits" if isinstance(channel.release, VisitRelease) else "asked"


def _panel(result: Result, title: str, kind: str, channels: list[str]) -> pd.DataFrame:
    rows = result.days[result.days["channel"].isin(channels)]
    parts = []
    for measure in _DRAWN[kind]:
        of_measure = rows[rows["measure"] == measure]
        values = of_measure.pivot_table(index="replication", columns="day", values="value", aggfunc="sum")
        found = [estimate(values[day].to_numpy(), "orders", bounds_of("orders_attempted")) for day in values.columns]
        columns = {
            "day": values.columns.to_numpy(),
            "mean": [series.mean for series in found],
            "ci_low": [series.ci_low for series in found],
            "ci_high": [series.ci_high for series in found],
        }
        parts.append(pd.DataFrame(columns).assign(title=title, kind=kind, measure=measure))
    return pd.concat(parts, ignore_index=True)


def triggers_by_day(result: Result, language: Language = "en") -> pd.DataFrame:
    """Share of replications in which each trigger was on: trigger, day, share."""
    titles = {TRIGGER_ON + name: trigger_title(result.strategy, name, language) for name in result.strategy.triggers}
    return _means(result, titles, "trigger")


def trigger_title(strategy: StrategySpec, name: str, language: Language) -> str:
    """Title of a trigger; one that has none is shown under its own name."""
    title = strategy.triggers[name].title
    return title.in_language(language) if title else display_name(name)


def tiers_by_day(result: Result, language: Language = "en") -> pd.DataFrame:
    """Share of households under each tier, mean over replications: tier, day, share.

    No rows if the scenario has no tiers.
    """
    if result.scenario.spec.tiers is None:
        return pd.DataFrame(columns=["tier", "day", "share"])
    return _means(result, {TIER_SHARE + name: group_label(name, language) for name in TIERS}, "tier")


def _means(result: Result, titles: dict[str, str], what: str) -> pd.DataFrame:
    rows = result.days[result.days["measure"].isin(list(titles))]
    table = rows.groupby(["measure", "day"], sort=False)["value"].mean().rename("share").reset_index()
    return table.assign(**{what: table["measure"].map(titles)})[[what, "day", "share"]]
