"""What happened day by day, as one tidy table over replications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsupply.records.replication import DayRecord
from simsupply.scenario.tiers import TIERS
from simsupply.strategy.channels import StrategySpec

ORDER_MEASURES = ("attempted", "accepted", "rejected", "cancelled", "collecting", "delivered", "open")
TRIGGER_ON, TIER_SHARE = "trigger_on.", "tier_share."
HUNGRY_SHARE = "hungry_household_share"
COLUMNS = ("replication", "day", "channel", "measure", "value")


def day_table(runs: Sequence[tuple[int, DayRecord]], strategy: StrategySpec) -> pd.DataFrame:
    """Days of several replications: replication, day, channel, measure, value.

    Measures of a channel are orders (of a shop, ``delivered`` are visits): those attempted,
    accepted, rejected, cancelled and delivered on the day; ``open``, on their way at the midnight
    that ends it; ``collecting``, in groups still too small at that midnight. Rows without a
    channel: ``trigger_on.<trigger>`` (0 or 1), ``tier_share.<tier>`` (share of households) and
    ``hungry_household_share`` (share of households without at least one of the goods they need for 6 hours of the
    day or more), also ``hungry_household_share.<tier>``, of those under the tier (NaN: there are none; both NaN
    before the first day that is measured).
    """
    channels, triggers = list(strategy.channels), list(strategy.triggers)
    numbers, records = [number for number, _ in runs], [days for _, days in runs]
    nothing = [None] * max(len(triggers), len(TIERS))
    parts = [
        _long(numbers, [getattr(days, name) for days in records], channels, [name] * len(channels))
        for name in ORDER_MEASURES
    ]
    parts += [
        _long(numbers, values, nothing[: len(names)], [family + name for name in names])
        for family, names, values in (
            (TRIGGER_ON, triggers, [days.trigger_on for days in records]),
            (TIER_SHARE, TIERS, [days.tier_share for days in records]),
            (HUNGRY_SHARE, ("",), [days.hungry_share[:, None] for days in records]),
            (f"{HUNGRY_SHARE}.", TIERS, [days.hungry_share_by_tier for days in records]),
        )
        if names
    ]
    return pd.concat(parts, ignore_index=True)


def _long(
    numbers: Sequence[int],
    values: Sequence[NDArray[Any]],
    channels: Sequence[str | None],
    measures: Sequence[str],
) -> pd.DataFrame:
    """One row per replication and entry of its `values`, shape (days, columns)."""
    num_runs, num_days, num_columns = len(values), *values[0].shape
    columns = (
        np.repeat(numbers, num_days * num_columns),
        np.tile(np.repeat(np.arange(num_days), num_columns), num_runs),
        np.tile(np.array(channels, dtype=object), num_runs * num_days),
        np.tile(np.array(measures, dtype=object), num_runs * num_days),
        np.concatenate([part.ravel() for part in values]).astype(float),
    )
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
