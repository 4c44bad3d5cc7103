"""Every trip of a vehicle and its stops, as two tables; the form in which engines tell of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.records.pending import Pending
from simsupply.records.sinks import Sink
from simsupply.scenario.place_kinds import PlaceKind

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class TripNotes(NamedTuple):
    """Trips of one leg of a channel, in any order. Times are minutes from 00:00 of day 0; infinity or NaN: not known.

    Attributes
    ----------
    step, channel : str
    origin_kind, target_kind, base_kind : str
        Kinds of the places between which goods go, and of the base of the vehicles.
    fleets : tuple of str
        Names, by number.
    crew : str
        Whose people drive; empty: each vehicle has its own.
    key : int array, shape (trips,)
        By which trips of a leg are told apart that are over at the same moment.
    fleet, vehicle, base, origin, people : int arrays, shape (trips,)
        Number of the fleet; of the vehicle among those of its fleet at its base, from 1; of base and origin among their
        kinds; people on board.
    persons : tuple of str, shape (trips,)
        Numbers of those people of the crew among those of their place, from 1, with blanks between them.
    since, ready, start, load_begin, depart, back : float arrays, shape (trips,)
        When the first order on board came, and the load could leave; when it was given to the vehicle, when its loading
        began and ended, and when the vehicle was back at its base.
    dock_wait, room_wait, road_wait, place_wait : float arrays, shape (trips,)
        Minutes lost, up to the end of the run: waiting for docks (to load or unload), for room on floors, by roads
        closed or slow, and while it was handled at closed places.
    km : float array, shape (trips,)
        Of the whole trip, also what is still to come.
    turned_back : int array, shape (trips,)
    trip : int array, shape (stops,)
        Place among these trips of each stop's trip, ascending.
    place, orders : int arrays, shape (stops,)
        Number of the place among `target_kind`; orders unloaded.
    kg, stop_km, arrive, unload_begin, unload_end : float arrays, shape (stops,)
        `stop_km`: road from the stop before, or from where the vehicle was loaded.
    """

    step: str
    channel: str
    origin_kind: PlaceKind
    target_kind: PlaceKind
    base_kind: PlaceKind
    fleets: tuple[str, ...]
    crew: str
    key: IntArray
    fleet: IntArray
    vehicle: IntArray
    base: IntArray
    origin: IntArray
    people: IntArray
    persons: tuple[str, ...]
    since: FloatArray
    ready: FloatArray
    start: FloatArray
    load_begin: FloatArray
    depart: FloatArray
    back: FloatArray
    dock_wait: FloatArray
    room_wait: FloatArray
    road_wait: FloatArray
    place_wait: FloatArray
    km: FloatArray
    turned_back: IntArray
    trip: IntArray
    place: IntArray
    orders: IntArray
    kg: FloatArray
    stop_km: FloatArray
    arrive: FloatArray
    unload_begin: FloatArray
    unload_end: FloatArray

    def only(self, which: NDArray[np.bool_]) -> TripNotes:
        """Some of the trips, with their stops."""
        stops = which[self.trip]
        number = np.cumsum(which) - 1
        changed = {
            name: getattr(self, name)[which if name in _OF_TRIPS else stops]
            for name in (*_OF_TRIPS, *_OF_STOPS)
            if name != "persons"
        }
        changed["trip"] = number[changed["trip"]]
        persons = tuple(who for who, is_one in zip(self.persons, which.tolist(), strict=True) if is_one)
        return self._replace(**changed, persons=persons)


_OF_STOPS = TripNotes._fields[TripNotes._fields.index("trip") :]
_OF_TRIPS = TripNotes._fields[TripNotes._fields.index("key") : TripNotes._fields.index("trip")]

TRIP_COLUMNS = (
    *("trip", "day", "step", "channel", "fleet", "base", "vehicle", "people", "crew", "persons"),
    *("from_kind", "from", "to_kind", "to", "stops", "orders", "kg"),
    *("ready", "start", "load_begin", "depart", "arrive", "back"),
    *("departure_wait_min", "vehicle_wait_min", "dock_wait_min", "room_wait_min", "road_wait_min", "place_wait_min"),
    *("km", "turned_back"),
)
STOP_COLUMNS = (*("trip", "stop", "kind", "place", "orders", "kg", "km", "arrive", "unload_begin", "unload_end"),)


class TripRecorder:
    """Takes trips as soon as they are settled, and hands them out on the day on which they are over.

    Trips that are not over by the end of the run come with its last day; times that lie behind it are NaN. Trips are
    numbered from 0 in the order in which they are over, ties by step and by key of the load, in every engine.

    Parameters
    ----------
    steps : tuple of str
        In process order.
    names : mapping of kind of place to names
    end_min : float
        The end of the run.
    """

    def __init__(
        self,
        steps: tuple[str, ...],
        names: Mapping[PlaceKind, Sequence[str]],
        end_min: float,
        trip_sink: Sink,
        stop_sink: Sink,
    ) -> None:
        self.steps, self.names, self.end_min = steps, names, end_min
        self.trip_sink, self.stop_sink = trip_sink, stop_sink
        self.pending = Pending[TripNotes]()
        self.num_trips = 0

    def add(self, trips: TripNotes) -> None:
        """Take trips that have begun before the end of the run, each once."""
        if not len(trips.key):
            return
        is_over = trips.back <= self.end_min
        for day, today in self.pending.days(np.where(is_over, trips.back, self.end_min)):
            self.pending.parts[day].append(trips if today.all() else trips.only(today))

    def settle(self, until: float) -> None:
        """Hand out the days that end at or before `until`."""
        for day, parts in self.pending.complete(until):
            trips, stops = self._rows(parts)
            self.trip_sink(day, trips)
            self.stop_sink(day, stops)

    def _rows(self, parts: list[TripNotes]) -> tuple[pd.DataFrame, pd.DataFrame]:
        sizes = [len(part.key) for part in parts]
        tables = [self._of_part(part) for part in parts]
        trips = pd.concat([trips for trips, _ in tables], ignore_index=True)
        stops = pd.concat([stops for _, stops in tables], ignore_index=True)
        of_trip = np.concatenate([part.trip for part in parts])
        of_trip += np.repeat(np.cumsum([0, *sizes[:-1]]), [len(part.trip) for part in parts])
        rank = np.repeat([self.steps.index(part.step) for part in parts], sizes)
        key = np.concatenate([part.key for part in parts])
        # NaN comes last.
        order = np.lexsort((key, rank, trips["start"], trips["back"]))
        number = np.empty(len(order), dtype=np.int64)
        number[order] = self.num_trips + np.arange(len(order))
        self.num_trips += len(order)
        trips["trip"], stops["trip"] = number, number[of_trip]
        return (
            trips.iloc[order].reset_index(drop=True)[list(TRIP_COLUMNS)],
            stops.sort_values("trip", kind="stable", ignore_index=True)[list(STOP_COLUMNS)],
        )

    def _of_part(self, part: TripNotes) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Rows of both tables, without the numbers of the trips."""
        first = np.searchsorted(part.trip, np.arange(len(part.key)))
        num_stops = np.bincount(part.trip, minlength=len(part.key))
        last = first + num_stops - 1
        arrive, unload_begin, unload_end = (self._known(times) for times in part[-3:])
        place = _named(self.names[part.target_kind], part.place)
        since, ready, start, load_begin, depart, back = (
            self._known(times)
            for times in (part.since, part.ready, part.start, part.load_begin, part.depart, part.back)
        )
        trips = pd.DataFrame(
            {
                "day": (start // MINUTES_PER_DAY).astype(np.int64),
                "step": part.step,
                "channel": part.channel,
                "fleet": _named(part.fleets, part.fleet),
                "base": _named(self.names[part.base_kind], part.base),
                "vehicle": part.vehicle,
                "people": part.people,
                "crew": part.crew,
                "persons": part.persons,
                "from_kind": part.origin_kind,
                "from": _named(self.names[part.origin_kind], part.origin),
                "to_kind": part.target_kind,
                "to": place[last],
                "stops": num_stops,
                "orders": np.add.reduceat(part.orders, first),
                "kg": np.add.reduceat(part.kg, first),
                "ready": ready,
                "start": start,
                "load_begin": load_begin,
                "depart": depart,
                "arrive": arrive[first],
                "back": back,
                "departure_wait_min": ready - since,
                "vehicle_wait_min": start - ready,
                "dock_wait_min": part.dock_wait,
                "room_wait_min": part.room_wait,
                "road_wait_min": part.road_wait,
                "place_wait_min": part.place_wait,
                "km": part.km,
                "turned_back": part.turned_back,
            }
        )
        stops = pd.DataFrame(
            {
                "stop": np.arange(len(place)) - np.repeat(first, num_stops) + 1,
                "kind": part.target_kind,
                "place": place,
                "orders": part.orders,
                "kg": part.kg,
                "km": part.stop_km,
                "arrive": arrive,
                "unload_begin": unload_begin,
                "unload_end": unload_end,
            }
        )
        return trips, stops

    def _known(self, times: FloatArray) -> FloatArray:
        """Times, those behind the end of the run as NaN."""
        return np.where(times <= self.end_min, times, np.nan)


def _named(names: Sequence[str], numbers: IntArray) -> NDArray[np.object_]:
    named: NDArray[np.object_] = np.array(names, dtype=object)[numbers]
    return named
