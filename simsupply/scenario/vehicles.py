"""What a vehicle is and what holds it up: speeds, disinfection, rest, curfew, passes, requisition."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from simsupply.base.catalogue import message
from simsupply.base.problems import Misfit, Misfits
from simsupply.base.quantities import Count, HoursBetween, KmPerHour, Minutes, MinutesOrZero, Share, WholeDaysOrZero
from simsupply.base.spec import MINUTES_PER_DAY, Spec, TimeOfDay
from simsupply.scenario.tiers import Day, Tier, TierName

Road = Literal["trunk", "town", "estate"]


class RoadSpeeds(Spec):
    """Speed by class of road; a class that is left out has the fleet's plain speed."""

    trunk_km_h: KmPerHour | None = None
    town_km_h: KmPerHour | None = None
    estate_km_h: KmPerHour | None = None

    def on(self, road: Road | None) -> float | None:
        """Speed on a class of road, km/h; None: nothing is said."""
        return {"trunk": self.trunk_km_h, "town": self.town_km_h, "estate": self.estate_km_h, None: None}[road]


class Handling(Spec):
    """What it takes to get goods in and out of this vehicle, in place of the leg's rates per parcel and kg.

    Loading and unloading are two equal jobs; what the leg says per order, line and consignment stays.
    """

    per_parcel_min: MinutesOrZero = 0.0
    per_kg_min: MinutesOrZero = 0.0


class VehicleDisinfection(Spec):
    """Minutes of disinfection on every trip.

    `on_arrival_min` before unloading, at each stop; `at_base_min` when the vehicle is back, before it may
    be loaded again.
    """

    at_base_min: MinutesOrZero = 0.0
    on_arrival_min: MinutesOrZero = 0.0


class Rest(Spec):
    """A pause that drivers must make: `minutes`, once they have driven for `after_hours_driving` in all.

    Driving counts by what the road takes, without the time that a vehicle stands. It is looked at between
    trips: a trip is finished, then the vehicle rests at its base. Whoever stood at the base for as long
    anyway has rested.
    """

    after_hours_driving: HoursBetween
    minutes: Minutes


class Curfew(Spec):
    """No trip begins between these times of day (over midnight if `from` is later than `to`).

    Who is under way drives on to the end of the trip, in overtime.
    """

    model_config = Spec.model_config | {"populate_by_name": True}

    since: TimeOfDay = Field(alias="from")
    until: TimeOfDay = Field(alias="to")

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.since % MINUTES_PER_DAY == self.until % MINUTES_PER_DAY:
            raise Misfit("curfew_from_differs_from_to")
        return self

    def hours(self) -> list[tuple[float, float]]:
        """Minutes of the day, in order."""
        if self.since < self.until:
            return [(self.since, self.until)]
        return [span for span in ((0.0, self.until), (self.since, MINUTES_PER_DAY)) if span[0] < span[1]]


class Passes(Spec):
    """Checkpoints on the way out, where a vehicle's pass is recognised or not.

    Attributes
    ----------
    recognised, districts, tiers
        Probability at one checkpoint: the least of what holds in general, for the district and for the
        tier of the first order on board.
    checkpoints
        How many there are on the way.
    otherwise
        Whoever is not recognised waits ``delay_min`` at that checkpoint (``delay``), or drives back loaded
        all the way and tries again (``turn_back``), all checkpoints anew.
    again_after_min
        Minutes at the base between two tries.
    max_tries
        After so many tries in vain an escort gets the vehicle through; without it, it tries until it is
        recognised.
    """

    recognised: Share
    districts: dict[str, Share] = Field(default_factory=dict)
    tiers: dict[TierName, Share] = Field(default_factory=dict)
    checkpoints: Count = 1
    otherwise: Literal["turn_back", "delay"]
    delay_min: MinutesOrZero = 0.0
    again_after_min: MinutesOrZero = 0.0
    max_tries: Count | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.otherwise == "delay" and (self.max_tries is not None or self.again_after_min):
            raise Misfit("pass_tries_with_turn_back")
        if self.otherwise == "turn_back" and self.delay_min:
            raise Misfit("pass_delay_with_delay")
        least = min([self.recognised, *self.districts.values(), *self.tiers.values()])
        if self.otherwise == "turn_back" and self.max_tries is None and least == 0:
            raise Misfits(("recognised", 0, message("pass_recognised_or_max_tries")))
        return self

    def of_tier(self, tier: Tier) -> float:
        """Probability under a tier, without that of the district."""
        return min(self.recognised, self.tiers.get(tier, 1.0))


class Requisition(Spec):
    """Vehicles that are called up: there from 00:00 of `asked_day` + `lead_days` on."""

    asked_day: Day
    lead_days: WholeDaysOrZero
