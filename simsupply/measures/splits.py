"""Who got what: the measures of one replication, by tier, district, listed place, kind of household, goods and channel.

A household belongs to one tier (the one in force longest) and one district, but may be of several
kinds; ``other`` are those of no kind and without priority. Groups without a household are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsupply.measures.household_statistics import fill_rate, household_days, mean_hours, mean_of_largest_tenth
from simsupply.measures.measure import measure_households
from simsupply.measures.metric import Bounds
from simsupply.measures.metric_registry import bounds_of, unit_of
from simsupply.measures.outcomes import BoolArray, FloatArray, Outcomes, outcomes_of
from simsupply.records.replication import Replication
from simsupply.scenario.geography import ListedGeography
from simsupply.scenario.households import OTHER, PRIORITY
from simsupply.scenario.tiers import TIERS
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.release import VisitRelease

SPLITS = ("tier", "district", "place", "kind", "goods", "channel")
COLUMNS = ("replication", "split", "group", "metric", "value", "unit")
MOST_PLACES = 60
"""Listed drop points that are measured each by itself."""
SplitValues = dict[tuple[str, str, str], float]
"""Values by split, group and metric."""

# Of groups only; all others are metrics of the whole too.
_UNITS_OF_GROUPS = {"households": "households", "kg_delivered": "kg"}


def split_values(run: Replication, scenario: Scenario, everybody: Outcomes | None = None) -> SplitValues:
    """Every measure of every group of one replication.

    Groups of households (tier, district, listed drop point, kind) have those of
    `simsupply.measures.household_metrics`; goods those that can be told for one group of goods, over the households
    that need it; channels their orders and kg (``orders_delivered`` of a shop are visits).
    ``households`` is the size of a group.

    Parameters
    ----------
    everybody : Outcomes, optional
        `simsupply.measures.outcomes.outcomes_of` the replication, where it is at hand already.
    """
    if everybody is None:
        everybody = outcomes_of(run, scenario)
    households, places = scenario.households, scenario.places
    # Numbers of few bits are sorted in one pass.
    district = places.district.astype(np.int16)[households.drop_point]
    titles = [title.en for title in places.districts]
    values: SplitValues = {}
    for split, groups in (
        ("tier", by_number(everybody, run.tier, TIERS)),
        ("district", by_number(everybody, district, titles)),
        ("place", _by_place(everybody, scenario)),
        ("kind", _by_kind(everybody, scenario)),
    ):
        for group, members in groups:
            values[split, group, "households"] = len(members)
            values |= {(split, group, metric): value for metric, value in measure_households(members).items()}
    for column, name in enumerate(scenario.goods.names):
        values |= {("goods", name, metric): value for metric, value in _of_goods(run, scenario, column).items()}
    for name, counts in run.channels.items():
        for what, number in vars(counts).items():
            values["channel", name, f"orders_{what}"] = number
        values["channel", name, "kg_delivered"] = run.channel_kg[name]
    return values


def by_number(everybody: Outcomes, number: NDArray[np.integer], names: Sequence[str]) -> Iterator[tuple[str, Outcomes]]:
    """Groups of households with the same number, in the order of their names; sorted once."""
    counts = np.bincount(number, minlength=len(names))
    if counts.max() == len(number):
        # One group: everybody, with all that has been sorted already.
        yield names[int(counts.argmax())], everybody
        return
    ends = np.cumsum(counts)
    if (number[1:] < number[:-1]).any():
        everybody = everybody.take(np.argsort(number, kind="stable"))
    for name, start, end in zip(names, ends - counts, ends, strict=True):
        if start < end:
            yield name, everybody.take(slice(start, end))


def _by_place(everybody: Outcomes, scenario: Scenario) -> Iterable[tuple[str, Outcomes]]:
    """Households of each drop point that a plan lists by names for readers, unless they are many."""
    names, geography = scenario.places.names["drop_point"], scenario.settings.geography
    if not isinstance(geography, ListedGeography) or len(names) > MOST_PLACES:
        return ()
    if not any(point.title or not point.name.isascii() for point in geography.drop_points):
        return ()
    return by_number(everybody, scenario.households.drop_point, names)


def _by_kind(everybody: Outcomes, scenario: Scenario) -> Iterator[tuple[str, Outcomes]]:
    """Priority households, each kind, and all others."""
    households = scenario.households
    is_other: BoolArray = (households.kinds == 0) & ~households.is_priority
    kinds = ((name, households.of_kinds([name])) for name in (PRIORITY, *households.kind_names))
    for name, is_kind in (*kinds, (OTHER, is_other)):
        if is_kind.all():
            yield name, everybody
        elif is_kind.any():
            yield name, everybody.take(is_kind)


def _of_goods(run: Replication, scenario: Scenario, column: int) -> dict[str, float]:
    """What became of one group of goods, over the households that need it; nothing if none does."""
    goods, record = scenario.goods, run.households
    if not goods.is_need[column]:
        return {}
    need: FloatArray = scenario.need_kg(column, scenario.measured_from_min, scenario.horizon_min)
    received, empty = record.kg_by_goods[:, column], record.empty_min_by_goods[:, column]
    if goods.needed_by[column]:
        needs_it = need > 0
        need, received, empty = need[needs_it], received[needs_it], empty[needs_it]
    if len(need) == 0:
        return {}
    return {
        "households": len(need),
        "fill_rate": fill_rate(np.minimum(received, need), need),
        "deprived_household_days": household_days(empty),
        "empty_pantry_h": mean_hours(empty),
        "empty_pantry_h_worst_decile": mean_of_largest_tenth(empty) / 60,
    }


def split_table(runs: Iterable[tuple[int, SplitValues]], scenario: Scenario, strategy: StrategySpec) -> pd.DataFrame:
    """Splits of several replications: replication, split, group, metric, value, unit.

    A split is left out if it says no more than the measures of the whole: one tier, district or
    kind that holds everybody in every replication (with an epidemic the tiers stay, since another
    replication may have others); one group of goods that everybody needs; one channel that is no shop.
    """
    rows = [(number, *key, value) for number, values in runs for key, value in values.items()]
    table = pd.DataFrame(rows, columns=COLUMNS[:-1]).astype({"replication": "int64", "value": "float64"})
    is_kept = {
        split: groups.nunique() > 1 or not _is_whole(split, scenario, strategy)
        for split, groups in table.groupby("split", sort=False)["group"]
    }
    table = table[table["split"].map(is_kept).astype(bool)].reset_index(drop=True)
    return table.assign(unit=table["metric"].map(_unit).astype(object))


def _unit(metric: str) -> str:
    return _UNITS_OF_GROUPS.get(metric) or unit_of(metric)


def bounds_in_group(metric: str) -> Bounds:
    """What a measure of a group may be."""
    return (0.0, np.inf) if metric in _UNITS_OF_GROUPS else bounds_of(metric)


def _is_whole(split: str, scenario: Scenario, strategy: StrategySpec) -> bool:
    """Whether the only group of a split is the whole."""
    if split == "goods":
        return len(scenario.goods) == 1 and scenario.goods.needed_by[0] == 0
    if split == "channel":
        return not any(isinstance(channel.release, VisitRelease) for channel in strategy.channels.values())
    if split == "tier":
        return scenario.spec.tiers is None or scenario.spec.tiers.epidemic is None
    return True
