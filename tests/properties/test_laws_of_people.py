"""More of what brings people to work never keeps anybody away; one person is in one place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simsupply as ss
from simsupply.model.city.occurrences import draw_shocks
from simsupply.model.city.tier_calendar import draw_tiers
from simsupply.model.staff.rosters import Rosters, _check_apart
from simsupply.records.replication import STAFF_MEASURES, InvariantError
from simsupply.streams.keyed import Streams
from tests.plans.paper_plans import Plain, channel, crew, shift, stage, strategy, world

MANY = settings(deadline=None, derandomize=True, max_examples=25)
SHARE = st.floats(0, 1)
STEPS = (
    stage("listed", "clerks", effort={"per_order_min": 1}),
    stage("packed", "packers", effort={"per_order_min": 1}),
)


def rosters(seed: int = 0, headcounts: tuple[int, int] = (4, 9), attendance: Any = 1, **staffing: Any) -> Rosters:
    """Rosters of two crews at one depot."""
    shifts = (shift("06:00", "12:00"), shift("12:00", "18:00"))
    crews = {name: crew(count, "depot", *shifts) for name, count in zip(("clerks", "packers"), headcounts, strict=True)}
    plan: Plain = world([5], crews, attendance=attendance)
    plan["staffing"] |= staffing
    scenario, streams = ss.load_scenario(plan), Streams(seed=seed, replication=0)
    decided = ss.load_strategy(strategy(channel("only", *STEPS)))
    return Rosters(scenario, decided, draw_tiers(scenario, streams), draw_shocks(scenario, streams), streams)


def present(everybody: Rosters) -> np.ndarray:
    """Who is there on which day, both crews one above the other."""
    return np.concatenate([roster.is_rostered() for roster in everybody.rosters.values()])


@MANY
@given(SHARE, SHARE, st.integers(0, 99))
def test_attendance_only_adds_people(first: float, second: float, seed: int) -> None:
    low, high = sorted((first, second))
    assert (present(rosters(seed, attendance=high)) | ~present(rosters(seed, attendance=low))).all()
    levels = [{"day": 0, "share": low}, {"day": 5, "share": high}]
    series = present(rosters(seed, attendance={"levels": levels}))
    assert (series | ~present(rosters(seed, attendance=low))).all()
    assert (present(rosters(seed, attendance=high)) | ~series).all()


@MANY
@given(SHARE, SHARE, SHARE, st.integers(1, 3), st.integers(0, 99))
def test_passes_only_add_people(first: float, second: float, fixed: float, checkpoints: int, seed: int) -> None:
    low, high = sorted((first, second))

    def there(recognised: float, pass_share: float) -> np.ndarray:
        commute = {"checkpoints": checkpoints, "recognised": recognised, "pass_share": pass_share}
        return present(rosters(seed, attendance=0.9, commute=commute))

    assert (there(high, fixed) | ~there(low, fixed)).all()
    assert (there(fixed, high) | ~there(fixed, low)).all()


@MANY
@given(st.integers(0, 27), st.sampled_from(["in_order", "in_proportion"]))
def test_beds_only_add_people(beds: int, share: str) -> None:
    def there(number: int) -> np.ndarray:
        return present(rosters(closed_loop={"depot": {"beds": number, "share": share, "limit": True}}))

    fewer, more = there(beds), there(beds + 1)
    assert (more | ~fewer).all()
    assert fewer[:, 0].sum() == min(beds, 26)


@MANY
@given(st.integers(1, 8), st.integers(0, 99))
def test_one_person_more_changes_nothing_for_the_others(headcount: int, seed: int) -> None:
    commute = {"checkpoints": 2, "recognised": 0.7, "pass_share": 0.8}
    few = rosters(seed, (headcount, 3), attendance=0.5, commute=commute).rosters["crew", "clerks"]
    many = rosters(seed, (headcount + 1, 3), attendance=0.5, commute=commute).rosters["crew", "clerks"]
    kept = many.persons.number < headcount
    np.testing.assert_array_equal(many.reason[kept], few.reason)


def test_shares_come_out_on_average() -> None:
    """Of 4000 people a day 0.9 x 0.8 x 0.7 x 0.7 are there; standard deviation over 7 days 0.003 and passes 0.006."""
    commute = {"checkpoints": 2, "recognised": 0.7, "pass_share": 0.8}
    found = present(rosters(1, (1000, 1000), attendance=0.9, commute=commute)).mean()
    assert found == pytest.approx(0.9 * 0.8 * 0.7**2, abs=0.02)


def test_infections_spread_as_contacts_do() -> None:
    """2000 teams of two, one case each, who infects for a day: the other is infected with probability 0.3.

    Cases of day 0 infect on day 1 and are found on day 2, the others on day 3; everybody stays away for a
    day. Standard deviation sqrt(0.3 x 0.7 / 2000) = 0.010.
    """
    plan = world([1] * 2000, {"walkers": crew(2, "drop_point")})
    plan["staffing"]["infections"] = {
        "per_contact": 0.3,
        "infectious_days": 1,
        "found_after_days": 2,
        "isolation_days": 1,
        "cases": [{"crew": "walkers", "day": 0}],
    }
    scenario, streams = ss.load_scenario(plan), Streams(seed=1, replication=0)
    decided = ss.load_strategy(
        strategy(channel("only", stage("s", "walkers", "drop_point", effort={"per_order_min": 1})))
    )
    drawn = Rosters(scenario, decided, draw_tiers(scenario, streams), draw_shocks(scenario, streams), streams)
    infected = drawn.record()[0].count[:, STAFF_MEASURES.index("infected")]
    assert infected[:3].tolist() == [0, 0, 2000]
    assert infected[3] / 2000 == pytest.approx(0.3, abs=0.04)


def test_one_person_in_two_places_is_a_breach() -> None:
    person, start, end = np.array([0, 1]), np.array([0.0, 0.0]), np.array([60.0, 60.0])
    _check_apart("packers", [(person, start, end), (person, start + 60, end + 60)])
    with pytest.raises(InvariantError, match="person 0 of 'packers' is on duty twice at minute 59"):
        _check_apart("packers", [(person, start, end), (person, start + 59, end + 60)])
