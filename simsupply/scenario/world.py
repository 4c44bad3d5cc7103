"""The frozen world that the model plays forward: places, distances and every household.

What a plan does not give (where exactly a drop point lies, which building has a lift) is drawn
once from the scenario's `world_seed`, by the rules of `places`, `city` and `households`; it is
the same in every replication, so that replications differ by chance events only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from simsupply.config.spec import MINUTES_PER_DAY
from simsupply.scenario.city import census_of, census_places
from simsupply.scenario.households import Households, draw_households
from simsupply.scenario.places import Places, listed_places, spread_places
from simsupply.scenario.spec import CensusGeography, SpreadGeography, WorldSpec
from simsupply.streams import Streams

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
    def name(self) -> str:
        """Name of the scenario."""
        return self.spec.scenario.name

    @property
    def horizon_min(self) -> float:
        """End of the planning period; metrics are measured up to here."""
        return self.spec.scenario.horizon_days * MINUTES_PER_DAY

    @property
    def end_min(self) -> float:
        """End of the run: horizon plus the time given to finish what was begun."""
        return self.horizon_min + self.spec.scenario.run_out_days * MINUTES_PER_DAY

    @property
    def target_min(self) -> float:
        """By when every household should have been served once."""
        return self.spec.scenario.service_target_days * MINUTES_PER_DAY

    @property
    def first_weekday(self) -> int:
        """Day of the week of day 0; 0 is Monday."""
        start = self.spec.scenario.start_date
        return date.fromisoformat(start).weekday() if start else 0

    @property
    def need_kg_per_min(self) -> float:
        """What a household uses up, kg per minute."""
        return self.spec.demand.need_kg_per_household_week / (7 * MINUTES_PER_DAY)

    def with_attendance(self, attendance: float) -> Scenario:
        """Return the same world with another general level of attendance (0..1)."""
        staffing = self.spec.staffing.model_copy(update={"attendance": attendance})
        return replace(self, spec=self.spec.model_copy(update={"staffing": staffing}))


def build_scenario(spec: WorldSpec) -> Scenario:
    """Lay out the places and people of a checked specification."""
    geography = spec.scenario.geography
    streams = Streams(seed=geography.world_seed, replication=0)
    census = None
    if isinstance(geography, SpreadGeography):
        places = spread_places(geography, streams)
    elif isinstance(geography, CensusGeography):
        census = census_of(geography)
        places = census_places(geography, streams)
    else:
        places = listed_places(geography)
    households = draw_households(spec.scenario.households, places, streams, census)
    return Scenario(spec=spec, places=places, households=households)
