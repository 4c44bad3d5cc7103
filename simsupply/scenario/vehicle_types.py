"""Types of vehicles that a plan defines once, for as many fleets and trips as it likes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from simsupply.base.quantities import CoefficientOfVariation, Count, CountOrZero, Kg, Km, KmPerHour, Metres, Multiplier
from simsupply.base.spec import OptionalTitle, Spec, key_help
from simsupply.scenario.staffing import Breakdown, Fleet
from simsupply.scenario.tiers import TierName
from simsupply.scenario.vehicles import Handling, Rest, RoadSpeeds, VehicleDisinfection


class VehicleType(Spec):
    """What a fleet that names this type is, as far as it says nothing else itself; all of it may be left out.

    The keys are those of a fleet (`simsupply.scenario.staffing.Fleet`) that tell of the vehicle, not of where,
    when and how many there are. With `type` it starts from a vehicle of the catalogue ``configs/vehicle/``.
    """

    title: OptionalTitle = None
    type: Annotated[
        str | None,
        key_help(
            "Vehicle of the catalogue (simsupply list vehicles) from which this type starts.",
            "本车型以目录中的哪种车（simsupply list vehicles）为基础。",
            example="box_van_4_2m",
        ),
    ] = None
    payload_kg: Kg | None = None
    payload_parcels: Count | None = None
    speed_km_h: KmPerHour | None = None
    speed_cv: CoefficientOfVariation | None = None
    road_speed_km_h: RoadSpeeds | None = None
    tier_speed_factor: dict[TierName, Multiplier] | None = None
    people_per_vehicle: CountOrZero | None = None
    handling: Handling | None = None
    length_m: Metres | None = None
    max_trip_km: Km | None = None
    breakdown: Breakdown | None = None
    disinfection: VehicleDisinfection | None = None
    rest: Rest | None = None


def fleets_meant(name: str, fleets: Sequence[str], all_fleets: Mapping[str, Fleet]) -> list[str]:
    """Of the fleets of a leg that of a name, or all that are of a type of this name."""
    if name in fleets:
        return [name]
    return [fleet for fleet in fleets if all_fleets[fleet].type == name]
