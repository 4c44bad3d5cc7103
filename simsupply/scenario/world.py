"""The frozen world that the model simulates: places, distances and every household.

What a plan does not give (where exactly a drop point lies, which building has a lift) is drawn
once from the scenario's `world_seed`, by the rules of `places`, `city` and `households`; it is
the same in every replication, so that replications differ by chance events only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simsupply.base.notebook import short_html
from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.scenario.by_day import ByDay, number_by_day, weekdays_from
from simsupply.scenario.census import census_of
from simsupply.scenario.city import census_places
from simsupply.scenario.dock_plan import docks_on_days
from simsupply.scenario.geography import CensusGeography, SpreadGeography
from simsupply.scenario.goods import WHOLE_BASKET, GoodsTable
from simsupply.scenario.households import Households, draw_households
from simsupply.scenario.people import levels_by_day
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.places import Places, listed_places, spread_places
from simsupply.scenario.residents import own_residents
from simsupply.scenario.world_spec import ScenarioSpec, WorldSpec
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

__all__ = ["Households", "Places", "Scenario", "build_scenario"]


@dataclass(frozen=True)
class Scenario:
    """A checked scenario in base units (minutes, km, kg).

    `spec` is what the user wrote, all defaults filled in; it goes into the provenance.
    """

    spec: WorldSpec
    places: Places
    households: Households

    @property
    def settings(self) -> ScenarioSpec:
        """The section ``scenario`` of what the user wrote: title, days, targets, places and households."""
        return self.spec.scenario

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.settings.name

    @property
    def horizon_min(self) -> float:
        """End of the planning period; metrics are measured up to here."""
        return self.settings.horizon_days * MINUTES_PER_DAY

    @property
    def end_min(self) -> float:
        """End of the run: horizon plus the time given to finish what was begun."""
        return self.horizon_min + self.settings.run_out_days * MINUTES_PER_DAY

    @property
    def past_end_min(self) -> float:
        """First moment after the run: what is finished at its last minute is finished in it."""
        return float(np.nextafter(self.end_min, np.inf))

    @property
    def measured_from_min(self) -> float:
        """From when on it is measured what households get."""
        return self.settings.measured_from_day * MINUTES_PER_DAY

    @property
    def measured_min(self) -> float:
        """For how long that is measured: up to the horizon."""
        return self.horizon_min - self.measured_from_min

    @property
    def target_min(self) -> float:
        """Within which time, counted from there, every household should have been served once."""
        return self.settings.service_target_days * MINUTES_PER_DAY

    @property
    def first_weekday(self) -> int:
        """Day of the week of day 0; 0 is Monday."""
        return self.settings.first_weekday

    @cached_property
    def worked_out(self) -> dict[tuple[object, ...], Any]:
        """What follows from it and is worked out once for all replications, by whoever needs it, under its own key."""
        return {}

    def docks_on_days(self, kind: PlaceKind) -> NDArray[np.int64] | None:
        """Docks for loading on every day of the run, shape (days, places); None: as in `places.docks` on all days."""
        key = "docks on days", kind
        if key not in self.worked_out:
            self.worked_out[key] = docks_on_days(self.spec, self.places, kind)
        found: NDArray[np.int64] | None = self.worked_out[key]
        return found

    @cached_property
    def goods(self) -> GoodsTable:
        """Groups of goods and the need of each; a single one where the scenario does not tell them apart."""
        groups, weekly = self.spec.goods, self.spec.demand.need_kg_per_household_week
        if groups is None:
            assert weekly is not None  # check_world
            return GoodsTable(
                names=(WHOLE_BASKET,),
                kg_per_day=np.array([weekly / 7]),
                is_per_person=False,
                needed_by=np.zeros(1, dtype=np.uint8),
                by_day=self._need_by_day([(weekly, self.spec.demand.by_day, "need_kg_per_household_week")], per_days=7),
            )
        bit = {name: 1 << number for number, name in enumerate(self.households.kind_names)}
        return GoodsTable(
            names=tuple(groups),
            kg_per_day=np.array([group.kg_per_person_day for group in groups.values()]),
            is_per_person=True,
            needed_by=np.array([bit.get(group.needed_by or "", 0) for group in groups.values()], dtype=np.uint8),
            by_day=self._need_by_day(
                [(group.kg_per_person_day, group.by_day, "kg_per_person_day") for group in groups.values()], per_days=1
            ),
            is_need=np.array([group.is_need for group in groups.values()]),
        )

    def _need_by_day(
        self, said: Sequence[tuple[float, Sequence[ByDay], str]], per_days: int
    ) -> NDArray[np.float64] | None:
        """Need of the groups of goods on each day, up to the end of the run; None: the usual one on all of them."""
        if not any(rows for _, rows, _ in said):
            return None
        need = np.column_stack([self.by_day(*of_goods) for of_goods in said]) / per_days
        usual = np.array([usual for usual, *_ in said]) / per_days
        return need if bool((need != usual).any()) else None

    def by_day(self, usual: float, rows: Sequence[ByDay], key: str) -> FloatArray:
        """A number on each day of the run, shape (days,); see `simsupply.scenario.by_day.number_by_day`."""
        settings = self.settings
        weekdays = weekdays_from(settings.first_weekday, settings.horizon_days + settings.run_out_days)
        return number_by_day(usual, rows, key, weekdays, settings.start_date)

    @cached_property
    def consumers(self) -> NDArray[np.int16]:
        """How many times the need of `goods` each household has: its persons, or 1."""
        persons = self.households.persons
        return persons if self.goods.is_per_person else np.ones_like(persons)

    def need_kg_per_day(self, column: int, households: IntArray | None = None) -> FloatArray:
        """What households usually use up of one group of goods, kg a day, shape (households,); None: all of them."""
        return self._times(self.goods.kg_per_day[column], column, households)

    def need_kg(self, column: int, begin: Any, end: Any, households: IntArray | None = None) -> FloatArray:
        """What they use up between two minutes (numbers, or one for each household), kg, shape (households,)."""
        goods = self.goods
        if goods.is_alike:
            need: FloatArray = self.need_kg_per_day(column, households) * ((end - begin) / MINUTES_PER_DAY)
            return need
        return self._times(goods.used(column, begin, end), column, households)

    def _times(self, kg: Any, column: int, households: IntArray | None) -> FloatArray:
        goods = self.goods
        who = slice(None) if households is None else households
        need: FloatArray = kg * self.consumers[who]
        if goods.needed_by[column]:
            need[(self.households.kinds[who] & goods.needed_by[column]) == 0] = 0.0
        return need

    @cached_property
    def pantry_min(self) -> FloatArray:
        """For how long what is at home at time 0 lasts, minutes, shape (households, goods): days of usual use.

        Infinity for what is no need.
        """
        usual, goods = self.households.pantry_min, self.goods
        if goods.is_alike:
            return usual
        days = usual / MINUTES_PER_DAY
        lasts: FloatArray = np.column_stack(
            [goods.used_up_at(column, 0.0, days[:, column] * goods.kg_per_day[column]) for column in range(len(goods))]
        )
        return lasts

    @cached_property
    def compound_drop_point(self) -> IntArray:
        """Drop point of each compound, shape (compounds,)."""
        _, first = np.unique(self.households.compound, return_index=True)
        return self.households.drop_point[first].astype(np.int64)

    @cached_property
    def compound_households(self) -> IntArray:
        """Households of each compound, shape (compounds,)."""
        return np.bincount(self.households.compound)

    @cached_property
    def lift_share(self) -> float:
        """Share of households with a lift."""
        return float(self.households.has_lift.mean())

    @cached_property
    def mean_stairs(self) -> float:
        """Floors above the first that are climbed to a household, on average; none where there is a lift."""
        return float(np.where(self.households.has_lift, 0, self.households.floor - 1).mean())

    @cached_property
    def _mean_km(self) -> dict[PlaceKind, float]:
        return {}

    def mean_km_both_ways(self, origin: PlaceKind) -> float:
        """Road from a depot or station to the drop point and back, km, mean over households."""
        if origin not in self._mean_km:
            ways = self.places.km[origin, "drop_point"], self.places.km_back(origin, "drop_point")
            out, back = (float(way[self.households.drop_point].mean()) for way in ways)
            self._mean_km[origin] = out + back
        return self._mean_km[origin]

    @property
    def mean_attendance(self) -> float:
        """General level of attendance, 0..1; of a series its mean over the horizon."""
        spec = self.spec
        levels = levels_by_day(spec.staffing.attendance, spec.scenario.horizon_days, spec.scenario.start_date)
        return float(levels[0] if np.ptp(levels) == 0 else levels.mean())

    def mean_walk_min(self, given: float) -> float:
        """Walk of a round there and back, minutes, mean over households; `given`: what the rounds say."""
        if self.places.walk_min is None:
            return given
        walk = self.places.walk_min[self.households.drop_point]
        return float(np.where(np.isnan(walk), given, walk).mean())

    def with_attendance(self, attendance: float) -> Scenario:
        """Return the same world with another general level of attendance (0..1), a series replaced by it."""
        staffing = self.spec.staffing.model_copy(update={"attendance": attendance})
        return replace(self, spec=self.spec.model_copy(update={"staffing": staffing}))

    def with_more(self, kind: Literal["crew", "fleet"], name: str, more: int = 1) -> Scenario:
        """Return the same world with so many more people per shift, or vehicles, at each place of a crew or fleet."""
        spec = self.spec
        if kind == "crew":
            crew = spec.staffing.crews[name]
            crews = {**spec.staffing.crews, name: crew.model_copy(update={"extra": crew.extra + more})}
            spec = spec.model_copy(update={"staffing": spec.staffing.model_copy(update={"crews": crews})})
        else:
            fleet = spec.fleet[name]
            grown = fleet.model_copy(update={"extra": fleet.extra + more})
            spec = spec.model_copy(update={"fleet": {**spec.fleet, name: grown}})
        return replace(self, spec=spec)

    def _facts(self) -> dict[str, str]:
        """What it is, in a few numbers."""
        spec, people = self.settings, self.households
        return {
            "households": f"{len(people):,}",
            "persons": f"{int(people.persons.sum()):,}",
            "drop points": f"{self.places.count('drop_point'):,}",
            "days": f"{spec.horizon_days:g}",
            "to be served within, days": f"{spec.service_target_days:g}",
            "attendance": f"{100 * self.mean_attendance:.3g} %",
            "demand": self.spec.demand.kind,
        }

    def __repr__(self) -> str:
        facts = self._facts()
        return (
            f"Scenario: {self.name}, {facts['households']} households, {facts['drop points']} drop points, "
            f"{facts['days']} days, attendance {facts['attendance']}, demand {facts['demand']}"
        )

    def _repr_html_(self) -> str:
        return short_html(
            self.settings.title.en, [f"scenario {self.name}"], ("what", "how many"), list(self._facts().items())
        )


def build_scenario(spec: WorldSpec) -> Scenario:
    """Lay out the places and people of a checked specification."""
    geography = spec.scenario.geography
    streams = Streams(seed=geography.world_seed, replication=0)
    census, own = None, None
    if isinstance(geography, SpreadGeography):
        places = spread_places(geography, streams)
    elif isinstance(geography, CensusGeography):
        census = census_of(geography)
        places = census_places(geography, streams)
    else:
        places = listed_places(geography)
        own = own_residents(geography.in_use().drop_points)
    people = spec.scenario.households
    if spec.goods is not None:
        pantry_days = {name: group.pantry_days for name, group in spec.goods.items()}
    else:
        assert people.pantry_days is not None  # check_world
        pantry_days = {WHOLE_BASKET: people.pantry_days}
    households = draw_households(people, pantry_days, places, streams, census, own)
    return Scenario(spec=spec, places=places, households=households)
