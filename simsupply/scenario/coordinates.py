"""Where listed places lie: coordinates in km or degrees, or a matrix of the roads between all of them."""

from __future__ import annotations

from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from simsupply.base.problems import Misfit
from simsupply.base.spec import Spec, key_help
from simsupply.base.tables import OwnTable

FloatArray = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius (Moritz 2000, Geodetic Reference System 1980, Journal of Geodesy 74:128-133)."""


class Located(Spec):
    """A listed place that may lie on a map: `x_km`, `y_km` east and north of any point, or `lon`, `lat` in degrees."""

    x_km: Annotated[
        Annotated[float, Field(ge=-10_000, le=10_000)] | None,
        key_help(
            "How far east of some point the place lies, the same point for all places.",
            "地点在某一原点以东多远；所有地点用同一原点。",
            unit="km",
            example=3.2,
        ),
    ] = None
    y_km: Annotated[
        Annotated[float, Field(ge=-10_000, le=10_000)] | None,
        key_help("How far north of it.", "在该原点以北多远。", unit="km", example=-1.5),
    ] = None
    lon: Annotated[
        Annotated[float, Field(ge=-180, le=180)] | None,
        key_help("Longitude in degrees, east positive.", "经度，单位为度，东经为正。", example=125.32),
    ] = None
    lat: Annotated[
        Annotated[float, Field(ge=-90, le=90)] | None,
        key_help("Latitude in degrees, north positive.", "纬度，单位为度，北纬为正。", example=43.88),
    ] = None

    @model_validator(mode="after")
    def _with_both_coordinates(self) -> Self:
        if (self.x_km is None) != (self.y_km is None):
            raise Misfit("two_keys_together", first="x_km", second="y_km")
        if (self.lon is None) != (self.lat is None):
            raise Misfit("two_keys_together", first="lon", second="lat")
        if self.x_km is not None and self.lon is not None:
            raise Misfit("one_kind_of_coordinates")
        return self

    @property
    def xy(self) -> tuple[float, float] | None:
        """Kilometres east and north; None: not given."""
        return None if self.x_km is None or self.y_km is None else (self.x_km, self.y_km)

    @property
    def lon_lat(self) -> tuple[float, float] | None:
        """Degrees; None: not given."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


class RoadMatrix(Spec):
    """Roads between all listed places: tables with the same names in the first row and the first column."""

    file: Annotated[
        OwnTable,
        key_help(
            "CSV file of kilometres from the place that begins the row to the place that heads the column; its path is "
            "relative to the plan.",
            "CSV 文件：从行首地点到列首地点的公里数；路径相对于方案文件。",
            example="roads_km.csv",
        ),
    ]
    minutes_file: Annotated[
        OwnTable | None,
        key_help(
            "CSV file of the same form with driving minutes, for all vehicles, whatever their speed.",
            "同样格式的 CSV 文件：行驶分钟数，对所有车辆适用，与车速无关。",
            example="roads_min.csv",
        ),
    ] = None


def projected(lon_lat: FloatArray) -> FloatArray:
    """Kilometres east and north of the mean of points in degrees, shape (points, 2).

    Equirectangular about the mean latitude: within a city (100 km) distances are right to some tenths of a per cent.
    """
    middle = lon_lat.mean(axis=0)
    east_of = np.cos(np.radians(middle[1])) * np.radians(lon_lat[:, 0] - middle[0])
    return EARTH_RADIUS_KM * np.column_stack([east_of, np.radians(lon_lat[:, 1] - middle[1])])


def square(table: OwnTable, names: list[str]) -> FloatArray:
    """Numbers of a table that has been checked (`simsupply.checks.road_matrix`), in the order of the names."""
    (_, head), *rows = table.rows
    column = {name.strip(): number for number, name in enumerate(head) if number}
    row = {cells[0].strip(): cells for _, cells in rows}
    return np.array([[float(row[a][column[b]]) for b in names] for a in names]).reshape(len(names), len(names))
