"""What a scenario file may say of its places: spread by rule, listed one by one, or a city from a census."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simsupply.base.catalogue import message
from simsupply.base.problems import Misfit, Misfits
from simsupply.base.quantities import CountOrZero, Docks, Km, KmOrZero, Metres, Multiplier, PlaceCount, Positive, Seed
from simsupply.base.spec import Name, Spec, Title, key_help
from simsupply.scenario.by_place import DocksByPlace
from simsupply.scenario.coordinates import Located, RoadMatrix
from simsupply.scenario.docks_by_day import DocksByDay, ListedDocksByDay
from simsupply.scenario.floors import Floor
from simsupply.scenario.listed_attributes import Residents, Site, check_buildings, in_use

CensusTable = Literal["changchun", "demo"]
CensusUnits = Literal["core", "all"]
MAX_HOUSEHOLDS = 20_000_000


DOCKS_HELP = key_help(
    "Vehicles that can be loaded at the same time: a number, or numbers by name of place, default for the others.",
    "同时可装车的车辆数：一个数，或按地点名分列，`default` 用于其余地点。",
    example={"default": 1, "depot_2": 3},
)


BY_DAY_HELP = key_help(
    "Days on which there are more or fewer docks: from a day on, or on weekdays; the last entry that holds counts.",
    "月台数不同的日子：自某日起，或按星期几；以最后一条适用的为准。",
    example=[{"from_day": 5, "docks": 3}],
)


class SpreadPlaces(Floor):
    """So many places of one kind, put by rule somewhere in the area; the floor is that of each.

    Attributes
    ----------
    docks
        Vehicles that can be loaded at the same time.
    by_day
        Days on which docks differ.
    max_length_m
        The longest vehicle that fits.
    unload_docks
        At stations, vehicles that can be unloaded at the same time, first come, first served; none: no limit.
    """

    count: PlaceCount
    docks: Annotated[DocksByPlace, DOCKS_HELP] = 1
    by_day: Annotated[tuple[DocksByDay, ...], BY_DAY_HELP] = ()
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
        if self.drop_points.by_day:
            raise Misfit("docks_by_day_where_loaded")
        if any(place and place.unload_docks for place in (self.depots, self.gateways, self.drop_points)):
            raise Misfit("unload_docks_at_stations")
        if self.households < self.drop_points.count:
            raise Misfit(
                "household_for_each_drop_point", households=self.households, drop_points=self.drop_points.count
            )
        return self


class _ReplaceablePlace(Located, Site):
    """A listed place, and what takes over from it while it is closed, where a shock says ``orders: nearest``.

    Attributes
    ----------
    name
        What others call it.
    diverts_to
        Another place of the same kind.
    diverts_km
        Road from there to the closed place, where the roads onward are known; so this is what the way
        from the other place is longer. Not where a map or matrix says how far it is.
    """

    name: Name
    diverts_to: Name | None = None
    diverts_km: KmOrZero | None = None

    @model_validator(mode="after")
    def _both(self) -> Self:
        if self.diverts_to is None and self.diverts_km is not None:
            raise Misfit("diverts_to_with_diverts_km")
        return self


class ListedDepot(_ReplaceablePlace):
    """A depot named by the user; `docks`, `by_day` and `max_length_m` as in `SpreadPlaces`."""

    docks: Docks = 1
    by_day: Annotated[tuple[ListedDocksByDay, ...], BY_DAY_HELP] = ()
    max_length_m: Metres | None = None


class ListedGateway(Floor, _ReplaceablePlace):
    """A gateway named by the user, with its distance from the depot that feeds it."""

    docks: Docks = 1
    by_day: Annotated[tuple[ListedDocksByDay, ...], BY_DAY_HELP] = ()
    max_length_m: Metres | None = None
    depot: Name
    distance_km: Km | None = None


class ListedStation(Floor, _ReplaceablePlace):
    """A transfer station named by the user, with its distance from the depot or gateway that feeds it.

    `docks`, `by_day`, `max_length_m` and `unload_docks` as in `SpreadPlaces`.
    """

    docks: Docks = 1
    by_day: Annotated[tuple[ListedDocksByDay, ...], BY_DAY_HELP] = ()
    max_length_m: Metres | None = None
    unload_docks: Docks | None = None
    depot: Name | None = None
    gateway: Name | None = None
    distance_km: Km | None = None

    @model_validator(mode="after")
    def _fed(self) -> Self:
        if (self.depot is None) == (self.gateway is None):
            raise Misfit("station_fed_by_one_place")
        return self


class ListedDropPoint(Floor, Located, Residents, Site):
    """A drop point named by the user, with its distance from its depot, gateway or station.

    Only a candidate has no households: nobody is assigned to it.
    """

    name: Name
    households: Annotated[int, Field(le=MAX_HOUSEHOLDS)] = 0
    distance_km: Km | None = None
    depot: Name | None = None
    gateway: Name | None = None
    station: Name | None = None

    @model_validator(mode="after")
    def _households_fit(self) -> Self:
        if self.is_candidate and self.households:
            raise Misfits(("households", self.households, message("nobody_at_candidate")))
        if not self.is_candidate and self.households < 1:
            is_said = "households" in self.model_fields_set
            allowed = message("greater_than_equal", limit=1) if is_said else message("required")
            raise Misfits(("households", self.households if is_said else None, allowed))
        check_buildings(self.households, self)
        return self


_TABLE = "列名即键名，路径相对于本文件。"


class ListedGeography(Spec):
    """Places listed one by one, as a plan on paper has them.

    Each has its road distance from the place that feeds it; or all have coordinates; or a matrix has the
    roads between them.

    Attributes
    ----------
    districts
        Titles of districts in both languages, in the order of results; a drop point names its district in either.
        A district that is not among them has its name in both.
    drop_points_file, assignment_file, buildings_file
        Tables that `simsupply.config.place_tables` has put into `drop_points` by the time a plan is checked.
    """

    kind: Literal["listed"]
    world_seed: Seed = 0
    depots: Annotated[tuple[ListedDepot, ...], Field(min_length=1)]
    gateways: tuple[ListedGateway, ...] = ()
    stations: tuple[ListedStation, ...] = ()
    drop_points: Annotated[tuple[ListedDropPoint, ...], Field(min_length=1)]
    districts: Annotated[
        tuple[Title, ...],
        key_help(
            "Titles of districts in both languages, in the order of results; drop points name them in either.",
            "区县的中英文名称，按结果中的次序；投放点可用任一种写法。",
            example=[{"en": "Chaoyang", "zh": "朝阳区"}],
        ),
    ] = ()
    drop_points_file: Annotated[
        str | None,
        key_help(
            "CSV file of drop points instead of drop_points: a column for each key; relative to this file.",
            f"投放点表（CSV），代替 `drop_points`：{_TABLE}",
            example="drop_points.csv",
        ),
    ] = None
    assignment_file: Annotated[
        str | None,
        key_help(
            "CSV file of who is fed by whom: columns drop_point and depot, gateway or station, perhaps distance_km.",
            f"分配表（CSV）：`drop_point` 列加 `depot`、`gateway` 或 `station` 列，可加 `distance_km` 列；{_TABLE}",
            example="assignment.csv",
        ),
    ] = None
    buildings_file: Annotated[
        str | None,
        key_help(
            "CSV file of buildings: columns drop_point, households, has_lift.",
            f"楼栋表（CSV）：`drop_point`、`households`、`has_lift` 列；{_TABLE}",
            example="buildings.csv",
        ),
    ] = None
    detour_factor: Annotated[
        Annotated[float, Field(ge=1, le=3)] | None,
        key_help(
            "Road for a kilometre of straight line, where places have coordinates.",
            "地点给出坐标时，道路距离与直线距离之比。",
            example=1.3,
        ),
    ] = None
    least_km: Annotated[
        KmOrZero | None,
        key_help(
            "Where places have coordinates, no two are taken to be nearer than this in a straight line.",
            "地点给出坐标时，任两处的直线距离至少按此计。",
            unit="km",
            example=0.1,
        ),
    ] = None
    road_matrix: Annotated[
        RoadMatrix | None,
        key_help(
            "Roads between all places from a file, instead of coordinates and distances.",
            "所有地点之间的道路，取自文件，代替坐标和逐一给出的距离。",
            example={"file": "roads_km.csv"},
        ),
    ] = None

    def in_use(self) -> ListedGeography:
        """The same without candidates."""
        kinds = ("depots", "gateways", "stations", "drop_points")
        return self.model_copy(update={kind: in_use(getattr(self, kind)) for kind in kinds})


class RingDepots(Spec):
    """Depots on a circle around the city proper, each facing as many households.

    `per_outer_unit` more stand in every district outside the city proper.
    """

    count: PlaceCount
    docks: Annotated[DocksByPlace, DOCKS_HELP] = 1
    by_day: Annotated[tuple[DocksByDay, ...], BY_DAY_HELP] = ()
    max_length_m: Metres | None = None
    ring_km: Km
    per_outer_unit: CountOrZero = 0


class RingGateways(Spec):
    """Gateways on a circle around the city proper, each facing as many households."""

    count: PlaceCount
    docks: Annotated[DocksByPlace, DOCKS_HELP] = 1
    by_day: Annotated[tuple[DocksByDay, ...], BY_DAY_HELP] = ()
    max_length_m: Metres | None = None
    ring_km: Km


class DistrictStations(Spec):
    """What the transfer stations of a district have; `stations_per_district` says how many.

    `max_length_m` as in `SpreadPlaces`.
    """

    docks: Annotated[DocksByPlace, DOCKS_HELP] = 1
    by_day: Annotated[tuple[DocksByDay, ...], BY_DAY_HELP] = ()
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
