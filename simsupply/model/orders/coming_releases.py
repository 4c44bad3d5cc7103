"""What a plan is going to release in the coming days, for the depots that order goods for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.orders.asked_orders import asked_orders
from simsupply.model.orders.channel_choice import NOT_OPEN
from simsupply.model.orders.release.release_intake import IntakeParts, ReleaseIntake
from simsupply.model.stock.depot_stock import ComingRelease
from simsupply.strategy.parcels import order_cover_days

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class ComingReleases:
    """Releases whose day and content are settled by the plan.

    Those are parcels, and with demand of kind cycle the lists of a channel that nobody else rivals. Tiers and triggers
    of the coming days are taken to be those of today; uses that begin or end on a day of the plan are known.
    """

    def __init__(self, parts: IntakeParts, releases: Mapping[str, ReleaseIntake[Any]], days_ahead: int) -> None:
        self.parts, self.releases, self.days_ahead = parts, releases, days_ahead
        scenario = parts.scenario
        self.compound_depot = scenario.places.serving["depot"][scenario.compound_drop_point]
        self._content: dict[tuple[int, float], FloatArray] = {}

    def after(self, day: int) -> tuple[ComingRelease, ...]:
        """Releases from a day on, in the next `days_ahead` days and up to the horizon."""
        scenario, choice = self.parts.scenario, self.parts.choice
        coming = []
        for number, use in enumerate(choice.uses):
            release = self.releases[use.channel]
            if not release.channel.from_stock or not (release.release.is_allotted or self._is_sole_list(number)):
                continue
            begun = choice.begun(number, by_compound=True)
            if begun is None:
                if use.when or use.unless or use.from_day <= day:
                    continue
                begun = use.from_day
            is_open = self._opens(number, day)
            end = min(scenario.settings.horizon_days, use.to_day or scenario.settings.horizon_days)
            since = begun + release.turn
            for later in range(max(day, use.from_day), min(day + self.days_ahead + 1, end)):
                due = is_open & release.is_due(later, since) & (np.asarray(since) <= later)
                if due.any():
                    time = later * MINUTES_PER_DAY + release.time
                    coming.append(ComingRelease(time, self._kg(number, due, time)))
        return tuple(coming)

    def _is_sole_list(self, number: int) -> bool:
        parts = self.parts
        release = self.releases[parts.choice.uses[number].channel].release
        return parts.scenario.spec.demand.kind == "cycle" and release.kind == "order" and parts.choice.is_sole(number)

    def _opens(self, number: int, day: int) -> BoolArray:
        """Compounds in which the tier of today opens a use."""
        choice = self.parts.choice
        if choice.since[number] is not None and number in choice.open_since:
            return np.asarray(choice.open_since[number] != NOT_OPEN)
        opens: BoolArray = choice.is_open[number][self.parts.tiers.number[day]]
        return opens

    def _kg(self, number: int, due: BoolArray, time: float) -> FloatArray:
        """What the orders of these compounds will hold, kg, shape (depots, goods)."""
        content = self._content_of(number, time)
        kg = np.zeros((self.parts.scenario.places.count("depot"), content.shape[1]))
        np.add.at(kg, self.compound_depot[due], content[due])
        return kg

    def _content_of(self, number: int, time: float) -> FloatArray:
        """What orders of a use hold by compound that are released at a time, kg, shape (compounds, goods)."""
        # The same on every day, where each needs the same.
        key = number, 0.0 if self.parts.scenario.goods.is_alike else time
        if key not in self._content:
            parts, scenario = self.parts, self.parts.scenario
            channel = self.releases[parts.choice.uses[number].channel].channel
            days = order_cover_days(channel, scenario.spec.demand)
            members, compound = parts.choice.members[number], scenario.households.compound
            kg = np.zeros((len(scenario.compound_drop_point), len(scenario.goods)))
            depot = self.compound_depot[compound]
            # Depot by depot: kg by goods of a whole city would take much memory.
            for place in range(scenario.places.count("depot")):
                households = np.flatnonzero(depot == place if members is None else (depot == place) & members)
                at_once = None if channel.release.is_allotted else parts.demand.at_once(0, households)
                asked = asked_orders(households, len(scenario.households), at_once)
                contents, households = parts.writer.contents, asked.household
                row, total, _ = contents.fill(
                    channel,
                    0,
                    households,
                    days,
                    parts.streams,
                    drawn_by=asked.key,
                    at_once=asked.at_once,
                    begin=time,
                )
                if len(households):
                    by_goods = contents.by_goods(row, total, households)
                    split = contents.split_by_need(row, total, households, days, time)
                    np.add.at(
                        kg,
                        compound[households],
                        by_goods if split is None else np.where(np.isnan(split), by_goods, split),
                    )
            self._content[key] = kg
        return self._content[key]
