"""What servers do before the horizon, added up in whole ticks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from simsupply.model.flow.step import Load
from simsupply.model.reference.pool import Server

# In a minute, and in a kilometre. Whole numbers add up to the same in whatever order, so that no engine need book in
# the order of another one.
TICKS, TICKS_OF_KM = float(1 << 32), float(1 << 38)


def ticks(minutes: float) -> int:
    """Whole ticks, to the nearest."""
    return int(minutes * TICKS + 0.5)


class Timesheet:
    """Adds up what servers do before the horizon.

    Attributes
    ----------
    trips, turned_back : int
        Of vehicles.
    """

    def __init__(self, horizon: float) -> None:
        self.horizon, self.trips, self.turned_back = horizon, 0, 0
        self.ticks_of_km = 0
        # Ticks: by field of `Load`, and work inside duty hours by step.
        self.booked, self.busy_by_step = Counter[str](), Counter[str]()

    def copy(self) -> Timesheet:
        """One to which more can be added."""
        other = Timesheet(self.horizon)
        other.trips, other.turned_back, other.ticks_of_km = self.trips, self.turned_back, self.ticks_of_km
        other.booked, other.busy_by_step = self.booked.copy(), self.busy_by_step.copy()
        return other

    def load(self, names: Iterable[str]) -> Load:
        """All of it, and the work inside duty hours of each of these steps."""
        by_step = tuple(self.busy_by_step[name] / TICKS for name in names)
        load = Load(busy_by_step=by_step, trips=self.trips, turned_back=self.turned_back)
        for field, amount in self.booked.items():
            setattr(load, field, amount / TICKS)
        load.vehicle_km = self.ticks_of_km / TICKS_OF_KM
        return load

    def book(self, server: Server, step: str, begin: float, end: float) -> None:
        """Book work without a pause: inside the server's duty intervals, or overtime."""
        since, until = ticks(min(begin, self.horizon)), ticks(min(end, self.horizon))
        inside = 0
        for interval in server.intervals:
            if interval.start < self.horizon:
                end_of_duty = ticks(min(interval.end, self.horizon))
                inside += max(0, min(until, end_of_duty) - max(since, ticks(interval.start)))
        self.booked["busy_min"] += inside
        self.busy_by_step[step] += inside
        self.booked["overtime_min"] += until - since - inside

    def drive(self, km: float) -> None:
        """Book kilometres."""
        self.ticks_of_km += int(km * TICKS_OF_KM + 0.5)

    def book_km(self, km: float, begin: float, minutes: float, road: float) -> None:
        """Book as much of a way as is driven in these minutes of the `road` that it takes, up to the horizon."""
        self.drive(km * (max(0.0, min(minutes, self.horizon - begin)) / road))

    def book_wait(self, what: str, begin: float, end: float, share: float = 1.0) -> None:
        """Book time, or a share of it, that a vehicle lost: `what` is dock, road, place or floor."""
        self.booked[f"{what}_wait_min"] += ticks(max(0.0, min(end, self.horizon) - begin) * share)
