"""How much room there is at a place: in parcels, or in what the user measures it in."""

from __future__ import annotations

import math
from typing import Self

from pydantic import model_validator

from simsupply.base.filling import how_many
from simsupply.base.problems import Misfit
from simsupply.base.quantities import Count, CubicMetres
from simsupply.base.spec import Spec


class Floor(Spec):
    """Room for goods at a place; a vehicle whose load does not fit waits, first come, first served.

    It waits before it unloads. A parcel leaves a drop point when it is delivered, a gateway or station
    when the vehicle that takes it on has been loaded. Without any of these keys there is no limit.

    Attributes
    ----------
    floor_parcels
        Parcels there is room for.
    floor_m3, parcel_m3
        Instead: room, and what a parcel takes of it, both in m3; whole parcels count.
    floor_pallets, parcels_per_pallet
        Instead: pallet places, and the parcels that stand on one.
    """

    floor_parcels: Count | None = None
    floor_m3: CubicMetres | None = None
    parcel_m3: CubicMetres | None = None
    floor_pallets: Count | None = None
    parcels_per_pallet: Count | None = None

    @property
    def floor_key(self) -> str:
        """The key that limits the floor."""
        given = (key for key in ("floor_m3", "floor_pallets") if getattr(self, key) is not None)
        return next(given, "floor_parcels")

    @property
    def room(self) -> int | None:
        """Whole parcels there is room for; None: no limit."""
        if self.floor_m3 is not None and self.parcel_m3 is not None:
            return how_many(self.floor_m3, self.parcel_m3)
        if self.floor_pallets is not None and self.parcels_per_pallet is not None:
            return min(self.floor_pallets * self.parcels_per_pallet, 2**62)
        return self.floor_parcels

    def needed(self, parcels: int) -> float:
        """What the key that limits the floor must be at least, so that there is room for so many parcels.

        In m3 rounded up to six digits, so that what is shown of it is enough.

        >>> Floor(floor_m3=0.1, parcel_m3=0.05).needed(7), Floor(floor_pallets=1, parcels_per_pallet=3).needed(7)
        (0.35, 3)
        >>> Floor(floor_m3=0.1, parcel_m3=1 / 30).needed(7)
        0.233334
        """
        if self.parcel_m3 is not None:
            exact = parcels * self.parcel_m3
            digits = 5 - math.floor(math.log10(exact))
            scale: float = 10**digits
            return round(math.ceil(round(exact * scale, 3)) / scale, digits)
        return parcels if self.parcels_per_pallet is None else -(-parcels // self.parcels_per_pallet)

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        given = [key for key in ("floor_parcels", "floor_m3", "floor_pallets") if getattr(self, key) is not None]
        if len(given) == 3:
            raise Misfit("floor_in_one_of_three_measures")
        if len(given) == 2:
            raise Misfit("floor_in_one_of_two_measures", first=given[0], second=given[1])
        for floor, unit in (("floor_m3", "parcel_m3"), ("floor_pallets", "parcels_per_pallet")):
            if (getattr(self, floor) is None) != (getattr(self, unit) is None):
                raise Misfit("floor_unit_with_floor", unit=unit, floor=floor)
        if self.room == 0:
            raise Misfit("floor_for_one_parcel", floor_m3=self.floor_m3, parcel_m3=self.parcel_m3)
        return self
