"""Shocks that take crews off duty, with exact times; and when those strike that come at random."""

from __future__ import annotations

import numpy as np
import pytest

import simsupply as ss
from simsupply.model.city.occurrences import draw_shocks
from simsupply.streams.keyed import Streams
from tests.plans.demand_plans import allotted, alone, mix, times, use, way
from tests.plans.paper_plans import Plain, crew, shift, stage, world

HOUR = {"per_order_min": 60}
PACK = way("packs", stage("pack", "packers", effort=HOUR), release=allotted(7, "08:00"), parcel={"kg": 1})


def packed(shocks: Plain, workers: int = 1, households: int = 4) -> list[float]:
    """When the parcels are packed, minutes; work is from 08:00 to 18:00."""
    plan = world([households], {"packers": crew(workers, "depot", shift("08:00", "18:00"))}, horizon_days=2)
    return times(alone({**plan, "shocks": shocks}, PACK), "pack")


def test_work_in_hand_pauses_while_the_place_is_closed() -> None:
    """Four parcels of an hour from 08:00 (480). Closed 09:30-11:00: the second has 30 min left, done at 11:30."""
    closed = {"kind": "place", "at": "depot", "from_day": 0, "from_time": "09:30", "to_day": 0, "to_time": "11:00"}
    assert packed({}) == [540, 600, 660, 720]
    assert packed({"closed": closed}) == [540, 690, 750, 810]


def test_what_was_in_hand_is_listed() -> None:
    """Two packers: at 09:30 parcels 3 and 4 of five are in hand; nothing is begun until 11:00, the fifth after that.

    With half the crew gone instead, the other packer begins the fifth parcel at 10:00, while it lasts.
    """
    span = {"from_day": 0, "from_time": "09:30", "to_day": 0, "to_time": "11:00"}
    plan = world([5], {"packers": crew(2, "depot", shift("08:00", "18:00"))}, horizon_days=2)
    for shock, begun in (
        ({"kind": "place", "at": "depot"}, 0),
        ({"kind": "staff", "crews": ["packers"], "capacity": 0.5}, 1),
    ):
        for engine in ("auto", "reference"):
            scenario = ss.load_scenario({**plan, "shocks": {"shut": {**shock, **span}}})
            result = ss.simulate(scenario, mix(use(PACK)), replications=1, engine=engine)
            found = result.shocks[["shock", "start_h", "end_h", "step", "under_way", "begun"]]
            assert found.to_numpy().tolist() == [["shut", 9.5, 11.0, "pack", 2, begun]]


def test_a_closure_over_night_ends_the_next_morning() -> None:
    """Closed from 09:30 to 09:00 of the next day: the second parcel is done at 09:30 of day 1 (2010)."""
    closed = {"kind": "place", "at": "depot", "from_day": 0, "from_time": "09:30", "to_day": 1, "to_time": "09:00"}
    assert packed({"closed": closed}) == [540, 2010, 2070, 2130]


def test_another_place_is_not_closed() -> None:
    closed = {"kind": "place", "at": "drop_point", "from_day": 0}
    assert packed({"closed": closed}) == packed({})


def test_part_of_the_crew_stays() -> None:
    """Two workers, half of them gone from 08:30 on: the other's parcel in hand waits until 10:00 (600).

    Worker 1: 540, 600 ...; worker 2 has worked 30 min, goes on at 600, done at 630. Parcels 3 and 4 are begun by
    worker 1 at 540 and 600: done at 600 and 660.
    """
    gone = {"kind": "staff", "crews": ["packers"], "capacity": 0.5, "from_day": 0, "from_time": "08:30"}
    assert packed({"gone": {**gone, "to_day": 0, "to_time": "10:00"}}, workers=2) == [540, 630, 600, 660]


def test_two_shocks_at_once_are_one_absence() -> None:
    """Closed 09:30-11:00 and 10:00-10:30: as if the second were not there."""
    closed = {"kind": "place", "at": "depot", "from_day": 0, "from_time": "09:30", "to_day": 0, "to_time": "11:00"}
    inside = {**closed, "from_time": "10:00", "to_time": "10:30"}
    assert packed({"long": closed, "short": inside}) == packed({"long": closed})


def test_random_shocks_are_keyed_and_of_the_right_length() -> None:
    """Quiet for 2 days and closed for 12 h on average: a fifth of 3,000 days is closed, within four deviations.

    Renewal reward: 1,200 cycles; a cycle's closed share varies by less than its mean, so the share's standard
    deviation is at most 0.2 / sqrt(1,200) x 1.6 = 0.0093.
    """
    rule = {"mean_days_between": 2, "mean_hours": 12}
    plan = world([4], {"packers": crew(1)}, horizon_days=3000)
    scenario = ss.load_scenario({**plan, "shocks": {"closed": {"kind": "place", "at": "depot", "random": rule}}})
    found = draw_shocks(scenario, Streams(seed=1, replication=0)).occurrences
    again = draw_shocks(scenario, Streams(seed=1, replication=0)).occurrences
    assert found == again
    starts, ends = (np.array([getattr(occurrence, key) for occurrence in found]) for key in ("start", "end"))
    assert (starts[1:] > ends[:-1]).all()
    assert (ends - starts).sum() / scenario.end_min == pytest.approx(0.2, abs=4 * 0.0093)
    other = draw_shocks(scenario, Streams(seed=1, replication=1)).occurrences
    assert other != found


def test_one_of_several_places_at_a_time() -> None:
    """With `hits: one` each strikes one of the named places; of 400 about half the first."""
    geography = {
        "kind": "listed",
        "depots": [{"name": "north"}, {"name": "south"}],
        "drop_points": [
            {"name": "a", "households": 2, "distance_km": 1, "depot": "north"},
            {"name": "b", "households": 2, "distance_km": 1, "depot": "south"},
        ],
    }
    rule = {"mean_days_between": 1, "mean_hours": 1, "hits": "one"}
    plan = world(geography, {"packers": crew(1)}, horizon_days=400)
    scenario = ss.load_scenario({**plan, "shocks": {"closed": {"kind": "place", "at": "depot", "random": rule}}})
    places = [occurrence.place for occurrence in draw_shocks(scenario, Streams(seed=1, replication=0)).occurrences]
    assert set(places) == {0, 1}
    # A binomial share of some 390: standard deviation 0.0253.
    assert np.mean([place == 0 for place in places]) == pytest.approx(0.5, abs=4 * 0.0253)
