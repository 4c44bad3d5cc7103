"""The tier of every compound on every day, from a calendar of dates or from an epidemic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.epidemic import draw_outbreak
from simsupply.scenario.areas import area_numbers, drop_points_in
from simsupply.scenario.places import FloatArray, IntArray, Places
from simsupply.scenario.tiers import TIERS, TierPeriod
from simsupply.scenario.world import Scenario
from simsupply.scenario.world_spec import WorldSpec
from simsupply.streams.keyed import Streams

TierArray = NDArray[np.int8]


@dataclass(frozen=True)
class TierCalendar:
    """Which tier is in force where and when.

    Attributes
    ----------
    number : int8 array, shape (days, compounds)
        Index into `TIERS` of the tier in force from midnight to midnight.
    """

    number: TierArray

    def days_in(self, first_day: int, end_day: int) -> IntArray:
        """Days that each compound is in each tier, shape (tiers, compounds).

        Of the days from `first_day` up to the one before `end_day`.
        """
        part = self.number[first_day:end_day]
        return np.stack([(part == tier).sum(axis=0) for tier in range(len(TIERS))])

    def longest(self, first_day: int, end_day: int) -> TierArray:
        """Tier in force on most of these days, shape (compounds,); of as many days each, the stricter one."""
        days = self.days_in(first_day, end_day)
        longest: TierArray = (len(TIERS) - 1 - np.argmax(days[::-1], axis=0)).astype(np.int8)
        return longest

    def shares(self, first_day: int, end_day: int) -> FloatArray:
        """Share of compound-days in each tier, shape (tiers,)."""
        days: FloatArray = self.days_in(first_day, end_day).sum(axis=1) / self.number[first_day:end_day].size
        return days


def draw_tiers(scenario: Scenario, streams: Streams) -> TierCalendar:
    """Tiers of one replication, from day 0 to the end of the run-out.

    Parameters
    ----------
    scenario : Scenario
    streams : Streams
        Those of the replication; only an epidemic uses them.
    """
    return TierCalendar(tier_numbers(scenario.spec, scenario.places, scenario.compound_drop_point, streams))


def tier_numbers(spec: WorldSpec, places: Places, compound_drop_point: IntArray, streams: Streams) -> TierArray:
    """Index into `TIERS` per day and compound, shape (days, compounds).

    Without tiers in the scenario everything is sealed.

    Parameters
    ----------
    spec : WorldSpec
    places : Places
    compound_drop_point : int array, shape (compounds,)
        The drop point (community) each compound belongs to.
    streams : Streams
        Those of the replication.
    """
    scenario, tiers = spec.scenario, spec.tiers
    days = scenario.horizon_days + scenario.run_out_days
    if tiers is None:
        return np.full((days, len(compound_drop_point)), TIERS.index("sealed"), dtype=np.int8)
    if tiers.epidemic is not None:
        households = np.diff(places.first_household)
        outbreak = draw_outbreak(tiers.epidemic, households, places.district, places.subdistrict, days, streams)
        return outbreak.tier[:, compound_drop_point]
    number = np.full((days, len(compound_drop_point)), TIERS.index(tiers.default), dtype=np.int8)
    for period in sorted(tiers.calendar, key=lambda period: period.rank):
        first, end = period.days(scenario.start_date, scenario.horizon_days)
        picked = compounds_of(period, places, compound_drop_point, scenario.geography.world_seed)
        number[first:end, picked] = TIERS.index(period.tier)
    number[scenario.horizon_days :] = number[scenario.horizon_days - 1]
    return number


def compounds_of(period: TierPeriod, places: Places, compound_drop_point: IntArray, world_seed: int) -> IntArray:
    """Numbers of the compounds a period holds for.

    Those of a share are the first of its area's compounds in an order drawn once for that area, so
    that a larger share holds a smaller one.
    """
    numbers = area_numbers(places, period.level, period.area_names)
    inside = np.flatnonzero(drop_points_in(places, period.level, numbers)[compound_drop_point])
    if period.compounds_share == 1:
        return inside
    purpose = f"tiers/{period.level}/{','.join(map(str, numbers.tolist()))}"
    order = np.argsort(Streams(seed=world_seed, replication=0).uniform_at(purpose, 0, inside), kind="stable")
    count = max(int(np.floor(period.compounds_share * len(inside) + 0.5)), 1)
    return np.sort(inside[order[:count]])
