"""What a scenario file may say of its places: spread by rule, listed one by one, or a city from a census."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simsupply.base.problems import Misfit
from simsupply.base.quantities import CountOrZero, Docks, Km, KmOrZero, Metres, Multiplier, PlaceCount, Positive, Seed
from simsupply.base.spec import Name, Spec, key_help
from simsupply.scenario.by_place import DocksByPlace
from simsupply.scenario.floors import Floor

CensusTable = Literal["changchun", "demo"]
CensusUnits = Literal["core", "all"]
MAX_HOUSEHOLDS = 20_000_000


DOCKS_HELP = key_help(
    "Vehicles that can be loaded at the same time: a number, or numbers by name of place, default for the others.",
    "同时可装车的车辆数：一个数，或按地点名分列，`default` 用于其余地点。",
    example={"default": 1, "depot_2": 3},
)


class SpreadPlaces(Floor):
    """So many places of one kind, put by rule somewhere in the area; the floor is that of each.

    Attributes
    ----------
    docks
        Vehicles that can be loaded at the same time.
    max_length_m
        The longest vehicle that fits.
    unload_docks
        At stations, vehicles that can be unloaded at the same time, first come, first served; none: no limit.
    """

    count: PlaceCount
    docks: Annotated[DocksByPlace, DOCKS_HELP] = 1
    max_length_m: Metres | None = None
    unload_docks: DocksByPlace | None = None


class SpreadGateways(SpreadPlaces):
    """Gateways: somewhere in the area, or with `ring_km` evenly on a circle of that radius."""

    ring_km: Km | None = None


class SpreadGeography(Spec):
    """Places spread over a disc by a seeded rule; households shared evenly among drop points."""

    kind: Literal["spread"]
    radius_km: Km
    detour_factor: Annotated[float, Field(ge=1, le=3)]
    world_seed: Seed
    households: Annotated[int, Field(ge=1, le=MAX_HOUSEHOLDS)]
    depots: SpreadPlaces
    gateways: SpreadGateways | None = None
    stations: SpreadPlaces | None = None
    drop_points: SpreadPlaces

    @model_validator(mode="after")
    def _enough_households(self) -> Self:
        if self.depots.room is not None:
            raise Misfit("floor_not_at_depots", key=self.depots.floor_key)
        if any(place and place.unload_docks for place in (self.depots, self.gateways, self.drop_points)):
            raise Misfit("unload_docks_at_stations")
        if self.households < self.drop_points.count:
            raise Misfit(
                "household_for_each_drop_point", households=self.households, drop_points=self.drop_points.count
            )
        return self


class _ReplaceablePlace(Spec):
    """A listed place, and what takes over from it while it is closed, where a shock says ``orders: nearest``.

    Attributes
    ----------
    name
        What others call it.
    diverts_to
        Another place of the same kind.
    diverts_km
        Road from there to the closed place, where the roads onward are known; so this is what the way
        from the other place is longer.
    """

    name: Name
    diverts_to: Name | None = None
    diverts_km: KmOrZero | None = None

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.diverts_to is None) != (self.diverts_km is None):
            raise Misfit("diverts_to_with_diverts_km")
        return self


class ListedDepot(_ReplaceablePlace):
    """A depot named by the user; `docks` and `max_length_m` as in `SpreadPlaces`."""

    docks: Docks = 1
    max_length_m: Metres | None = None


class ListedGateway(Floor, _ReplaceablePlace):
    """A gateway named by the user, with its distance from the depot that feeds it."""

    docks: Docks = 1
    max_length_m: Metres | None = None
    depot: Name
    distance_km: Km


class ListedStation(Floor, _ReplaceablePlace):
    """A transfer station named by the user, with its distance from the depot or gateway that feeds it.

    `docks`, `max_length_m` and `unload_docks` as in `SpreadPlaces`.
    """

    docks: Docks = 1
    max_length_m: Metres | None = None
    unload_docks: Docks | None = None
    depot: Name | None = None
    gateway: Name | None = None
    distance_km: Km

    @model_validator(mode="after")
    def _fed(self) -> Self:
        if (self.depot is None) == (self.gateway is None):
            raise Misfit("station_fed_by_one_place")
        return self


class ListedDropPoint(Floor):
    """A drop point named by the user, with its distance from its depot, gateway or station."""

    name: Name
    households: Annotated[int, Field(ge=1, le=MAX_HOUSEHOLDS)]
    distance_km: Km
    depot: Name | None = None
    gateway: Name | None = None
    station: Name | None = None


class ListedGeography(Spec):
    """Places listed one by one with road distances, as a plan on paper has them."""

    kind: Literal["listed"]
    world_seed: Seed = 0
    depots: Annotated[tuple[ListedDepot, ...], Field(min_length=1)]
    gateways: tuple[ListedGateway, ...] = ()
    stations: tuple[ListedStation, ...] = ()
    drop_points: Annotated[tuple[ListedDropPoint, ...], Field(min_length=1)]


class RingDepots(Spec):
    """Depots on a circle around the city proper, each facing as many households.

    `per_outer_unit` more stand in every district outside the city proper.
    """

    count: PlaceCount
    docks: Annotated[DocksByPlace, DOCKS_HELP] = 1
    max_length_m: Metres | None = None
    ring_km: Km
    per_outer_unit: CountOrZero = 0


class RingGateways(Spec):
    """Gateways on a circle around the city proper, each facing as many households."""

    count: PlaceCount
    docks: Annotated[DocksByPlace, DOCKS_HELP] = 1
    max_length_m: Metres | None = None
    ring_km: Km


class DistrictStations(Spec):
    """What the transfer stations of a district have; `stations_per_district` says how many.

    `max_length_m` as in `SpreadPlaces`.
    """

    docks: Annotated[DocksByPlace, DOCKS_HELP] = 1
    max_length_m: Metres | None = None


class CensusGeography(Spec):
    """A city from a census table: the table gives districts and communities, a rule the rest.

    `docs/places.md` describes the rule. The densities give the size of built-up and of rural
    areas; `village_weight` is the mean number of households of a village, measured in
    residents' communities, and `community_sigma` how much communities of one kind differ
    (standard deviation of the logarithm). `special_units` adds the places that have a division
    code but no committee.
    """

    kind: Literal["census"]
    table: CensusTable
    units: CensusUnits
    special_units: bool = False
    world_seed: Seed
    detour_factor: Annotated[float, Field(ge=1, le=3)]
    urban_persons_per_km2: Positive
    rural_persons_per_km2: Positive
    village_weight: Multiplier
    community_sigma: Annotated[float, Field(ge=0, le=3)]
    depots: RingDepots
    gateways: RingGateways | None = None
    stations_per_district: PlaceCount
    stations: DistrictStations = DistrictStations()


Geography = Annotated[SpreadGeography | ListedGeography | CensusGeography, Field(discriminator="kind")]
