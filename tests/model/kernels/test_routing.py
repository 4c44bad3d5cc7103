"""Savings and moves: what they give is whole, fits, and cannot be bettered by any single move tried in turn."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from simsupply.base.filling import fits
from simsupply.model.kernels.savings import ROUNDING, TICKS_PER_KM, savings
from simsupply.model.kernels.tours import tours
from simsupply.model.kernels.trip_moves import improve
from simsupply.model.vehicles import milk_run
from tests.model.kernels.cases import MANY
from tests.oracles.vehicles.test_milk_runs import on_map, plan_of, run_of

IntArray = NDArray[np.int64]
Case = tuple[IntArray, NDArray[np.float64], IntArray, float, int, int]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Ways between up to 9 stops, not as long back, many alike; demands, and what a trip may have."""
    num = draw(st.integers(1, 9))
    lengths = st.sampled_from([0, 1, 2, 5, 7]) if draw(st.booleans()) else st.integers(0, 1000)
    way = np.array([[draw(lengths) for _ in range(num + 1)] for _ in range(num + 1)]) * TICKS_PER_KM
    if draw(st.booleans()):
        way = way + way.T
    np.fill_diagonal(way, 0)
    kg = np.array([draw(st.sampled_from([4.2, 8.4, 42.0])) for _ in range(num)])
    parcels = np.array([draw(st.integers(1, 3)) for _ in range(num)])
    return way, kg, parcels, 42.0, draw(st.integers(3, 9)), draw(st.integers(1, 5))


def trips_of(after: IntArray, first: IntArray) -> list[list[int]]:
    trips = []
    for start in first[first >= 0].tolist():
        trips.append([start])
        while after[trips[-1][-1]] != len(after):
            trips[-1].append(int(after[trips[-1][-1]]))
    return trips


def length(way: IntArray, trip: list[int]) -> int:
    stops = [-1, *trip, -1]
    return int(sum(way[a, b] for a, b in pairwise(stops))) if trip else 0


@MANY
@given(cases())
def test_trips_are_whole_fit_and_cannot_be_bettered(case: Case) -> None:
    """By turning a part round, or by moving one to three stops elsewhere, or by exchanging two stops or the tails."""
    way, kg, parcels, *limits = case
    after, first = savings(way, kg, parcels, *limits, False)
    begun = sum(length(way, trip) for trip in trips_of(after, first))
    improve(way, after, first, kg, parcels, *limits)
    trips = trips_of(after, first)
    assert sorted(stop for trip in trips for stop in trip) == list(range(len(kg)))
    assert all(may_be(trip, case) for trip in trips)
    total = sum(length(way, trip) for trip in trips)
    assert total <= begun
    for others in neighbours(trips):
        if all(may_be(trip, case) for trip in others):
            assert sum(length(way, trip) for trip in others) >= total - ROUNDING


def may_be(trip: list[int], case: Case) -> bool:
    _, kg, parcels, payload, most, max_stops = case
    # A stop that is more than a load goes alone.
    fits_in = bool(fits(kg[trip].sum(), payload)) and parcels[trip].sum() <= most and len(trip) <= max_stops
    return fits_in or len(trip) <= 1


def neighbours(trips: list[list[int]]) -> list[list[list[int]]]:
    """What one move makes of trips; every stop is near every other trip here."""
    found = []
    for a, trip in enumerate(trips):
        rest = [left for number, left in enumerate(trips) if number != a]
        found += [
            [*rest, trip[:i] + trip[i:j][::-1] + trip[j:]]
            for i in range(len(trip))
            for j in range(i + 2, len(trip) + 1)
        ]
        for i in range(len(trip)):
            for j in range(i + 1, min(i + 3, len(trip)) + 1):
                part, left = trip[i:j], trip[:i] + trip[j:]
                for turned in (part, part[::-1]):
                    found += [[*rest, left[:at] + turned + left[at:]] for at in range(len(left) + 1) if left]
                    for b, other in enumerate(rest):
                        remain = [kept for number, kept in enumerate(rest) if number != b]
                        found += [[*remain, left, other[:at] + turned + other[at:]] for at in range(len(other) + 1)]
        for b, other in enumerate(rest):
            remain = [kept for number, kept in enumerate(rest) if number != b]
            for i in range(len(trip)):
                for j in range(len(other)):
                    swapped = [[*trip[:i], other[j], *trip[i + 1 :]], [*other[:j], trip[i], *other[j + 1 :]]]
                    found.append([*remain, *swapped])
            for i in range(len(trip) + 1):
                found += [[*remain, trip[:i] + other[j:], other[:j] + trip[i:]] for j in range(len(other) + 1)]
    return found


@MANY
@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=6))
def test_tours_of_few_stops_are_hardly_longer_than_the_shortest(points: list[tuple[int, int]]) -> None:
    """Against all orders of up to six stops: at most 5 % longer, and the same whatever order they are given in."""
    where = np.array(points, dtype=float)
    out = np.linalg.norm(where, axis=1)
    roads = (out, out, np.zeros((0, 0)), where, 1.0)
    ptr, drop_point = np.array([0, len(points)]), np.arange(len(points))
    _, place = tours(ptr, drop_point, roads)
    _, again = tours(ptr, drop_point[::-1].copy(), roads)
    assert place.tolist() == again.tolist()
    assert sorted(place.tolist()) == drop_point.tolist()

    def km(order: tuple[int, ...]) -> float:
        stops = np.array([(0, 0), *where[list(order)], (0, 0)])
        return float(np.linalg.norm(np.diff(stops, axis=0), axis=1).sum())

    assert km(tuple(place.tolist())) <= 1.05 * min(map(km, permutations(drop_point.tolist()))) + 1e-9


def test_many_stops_are_cut_into_sectors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight stops around the depot, two at each point of the compass; sectors of four: the pairs still go together.

    Each pair lies on trip line, at 10 and 12 km: four trips of 24 km.
    """
    monkeypatch.setattr(milk_run, "MOST_TOGETHER", 4)
    points = [(x * far, y * far) for far in (10, 12) for x, y in ((1, 0), (0, 1), (-1, 0), (0, -1))]
    result = run_of(plan_of(on_map((0, 0), *points), vans=4), 2)
    assert result.values.loc[0, "vehicle_km"] == pytest.approx(4 * 24)
