"""The vehicles of a leg: one fleet, or several that share one queue of loads at each place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.model.kernels.arrays import ranges
from simsupply.model.staff.duty import Duty
from simsupply.model.staff.rosters import Rosters
from simsupply.scenario.staffing import Fleet
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.leg import Leg

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Vehicles:
    """Fleets, the first choice first, and when each vehicle is on duty.

    Attributes
    ----------
    names : tuple of str
    fleets : tuple of Fleet
    duties : tuple of Duty
        Of each fleet by itself.
    duty : Duty
        Of all together: at each place the vehicles of the first fleet, then those of the next.
    fleet_of : int array, shape (servers of `duty`,)
        Which fleet each belongs to.
    """

    names: tuple[str, ...]
    fleets: tuple[Fleet, ...]
    duties: tuple[Duty, ...]
    duty: Duty
    fleet_of: IntArray


def vehicles_of(names: Sequence[str], fleets: Sequence[Fleet], duties: Sequence[Duty]) -> Vehicles:
    """Put the vehicles of several fleets, based at the same places, beside each other."""
    if len(duties) == 1:
        fleet_of = np.zeros(duties[0].num_servers, dtype=np.int64)
        return Vehicles(tuple(names), tuple(fleets), tuple(duties), duties[0], fleet_of)
    place = np.concatenate([np.repeat(np.arange(len(d.server_ptr) - 1), np.diff(d.server_ptr)) for d in duties])
    fleet = np.repeat(np.arange(len(duties)), [duty.num_servers for duty in duties])
    order = np.lexsort((np.arange(len(place)), fleet, place))
    first_interval = np.cumsum([0, *(len(duty.start) for duty in duties[:-1])])
    first = np.concatenate([duty.interval_ptr[:-1] + skip for duty, skip in zip(duties, first_interval, strict=True)])
    num = np.concatenate([np.diff(duty.interval_ptr) for duty in duties])
    rows = ranges(first[order], num[order])
    counts = np.bincount(place, minlength=len(duties[0].server_ptr) - 1)
    duty = Duty(
        server_ptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        interval_ptr=np.concatenate([[0], np.cumsum(num[order])]).astype(np.int64),
        start=np.concatenate([duty.start for duty in duties])[rows],
        end=np.concatenate([duty.end for duty in duties])[rows],
        end_rule=np.concatenate([duty.end_rule for duty in duties])[rows],
        halt=(halt := np.concatenate([duty.halt for duty in duties])[rows]),
        # Who is under way finishes the trip.
        struck_at=halt,
    )
    return Vehicles(tuple(names), tuple(fleets), tuple(duties), duty, fleet[order])


def vehicles_of_leg(leg: Leg, scenario: Scenario, rosters: Rosters) -> Vehicles:
    """The vehicles of a leg, and of all other legs of the same fleets."""
    fleets = [scenario.spec.fleet[name] for name in leg.fleets]
    return vehicles_of(leg.fleets, fleets, [rosters.fleet(name) for name in leg.fleets])
