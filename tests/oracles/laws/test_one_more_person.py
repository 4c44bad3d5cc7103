"""Where one more person, or vehicle, makes somebody later: counter-examples by hand (see docs/model.md)."""

from __future__ import annotations

import pytest

from tests.plans.paper_plans import Plain, crew, cycle, ends, fleet, leg, listed, shift, simulate, stage, world


def consignments(name: str, team: str, **minutes: float) -> Plain:
    return stage(name, team, per="consignment", effort={f"per_{what}_min": value for what, value in minutes.items()})


@pytest.mark.parametrize("discipline", ["fifo", "priority"])
def test_who_comes_first_may_overtake(discipline: str) -> None:
    """Lists of 10 and of 1 household, 1 min each, are read; then each is checked for 20 min by one person.

    1 reader: read 490, 491; checked 510, 530. 2 readers: read 490 and 481; the second list is checked first: 501, 521.
    """

    def checked(readers: int) -> list[float]:
        plan = world([10, 1], {"readers": crew(readers), "checkers": crew(1)})
        check = consignments("check", "checkers", consignment=20)
        check["stage"]["discipline"] = discipline
        times = ends(simulate(plan, consignments("read", "readers", order=1), check), "check")
        return [times[0], times[-1]]

    assert checked(1) == [510, 530]
    assert checked(2) == [521, 501]


def test_units_that_come_at_once_are_served_together_as_long_as_the_longest() -> None:
    """Consignments of 1 and 6 orders, picked for 10 min each, then moved by one mover, two at once, 10 min an order.

    1 picker: 490 and 500; the short one is moved at once: 500; then the long one to 560. 2 pickers: both at 490; they
    are moved together for 60 min: 550, 550.
    """

    def moved(pickers: int) -> list[float]:
        plan = world([1, 6], {"pickers": crew(pickers), "movers": crew(1)})
        move = consignments("move", "movers", order=10)
        move["stage"]["together"] = 2
        times = ends(simulate(plan, consignments("pick", "pickers", consignment=10), move), "move")
        return [times[0], times[-1]]

    assert moved(1) == [500, 560]
    assert moved(2) == [550, 550]


def test_a_slow_person_may_begin_what_a_fast_one_would_have_done_sooner() -> None:
    """Paid 10 min an order, a volunteer 60: 490, 500 alone; with the volunteer 490 and 540."""

    def picked(people: Plain) -> list[float]:
        plan = world([2], {"staff": people})
        plan["staffing"]["paces"] = {"volunteer": {"order": 6}}
        return ends(simulate(plan, stage("pick", "staff", effort={"per_order_min": 10})), "pick")

    assert picked(crew(1)) == [490, 500]
    later = {"from_day": 0, "over_days": 1, "up_to": 2, "people": "volunteer"}
    assert picked(crew(1, arrivals=later)) == [490, 540]


def test_what_is_begun_before_a_line_has_found_its_pace_takes_longer() -> None:
    """0.5 min an order, a tenth of the speed at first, full speed after 10 min; lists of 1 and of 20 households.

    1 person: 0.5 min take 5: 485; then the speed is 0.55: 10 min take 18.18: 503.18. 2 people: 485 and 480 + 100 = 580.
    """

    def packed(people: int) -> list[float]:
        plan = world([1, 20], {"staff": crew(people, pace="new")})
        plan["staffing"]["paces"] = {"new": {"ramp": {"start": 0.1, "hours": 1 / 6}}}
        times = ends(simulate(plan, consignments("pack", "staff", order=0.5)), "pack")
        return [times[0], times[-1]]

    assert packed(1) == pytest.approx([485, 485 + 10 / 0.55])
    assert packed(2) == pytest.approx([485, 580])


def test_paused_work_stays_with_who_began_it() -> None:
    """Shifts 08:00-09:00 and 09:00-18:00, 40 min an order. 1 person each: 520; 520-540 and 1920-1940; 540-580.

    2 people each: 520, 520; the third is begun at 520, pauses at 540 and goes on the next morning: 1940 instead of 580.
    """

    def picked(people: int) -> list[float]:
        shifts = shift("08:00", "09:00"), shift("09:00", "18:00")
        plan = world([3], {"staff": crew(people, "depot", *shifts, at_shift_end="pause")})
        return ends(simulate(plan, stage("pick", "staff", effort={"per_order_min": 40})), "pick")

    assert picked(1) == [520, 1940, 580]
    assert picked(2) == [520, 520, 1940]


def of_unlike_weight(pickers: int, **leave: object) -> list[float]:
    """Households of 3, 1 and 1 persons, 10 min a person to pick; one van of two orders, there and back 30 min."""
    geography = {**listed([3]), "world_seed": SEED_OF_3_1_1}
    goods = {"food": {"kg_per_person_day": 1, "pantry_days": {"low": 0, "high": 0}}}
    demand = {**cycle(), "need_kg_per_household_week": None}
    plan = world(geography, {"pickers": crew(pickers)}, {"vans": fleet(1)}, demand=demand, people={"persons_mean": 1.6})
    plan["scenario"]["households"]["pantry_days"] = None
    plan["goods"] = goods
    pick = stage("pick", "pickers", effort={"per_kg_min": 10})
    parcel = {"content": {"food": 1}, "per": "person"}
    return ends(simulate(plan, pick, leg("drive", "vans", leave={"orders": 2, **leave}), parcel=parcel), "drive")


SEED_OF_3_1_1 = 51


def test_who_is_ready_later_leaves_at_a_later_time() -> None:
    """Departures 08:45 (525) and 09:30 (570) with two orders at most.

    1 picker: 510, 520, 530: the first two leave at 525. 2 pickers: 510, 490, 500: of 525 the last two, who came first,
    are one load and the first another; the van takes that one first, as it stands first on the list: 540, 570.
    """
    assert of_unlike_weight(1, kind="time", at=["08:45", "09:30"]) == [540, 540, 585]
    assert of_unlike_weight(2, kind="time", at=["08:45", "09:30"]) == [540, 570, 570]


def test_who_is_ready_later_does_not_fill_the_load() -> None:
    """Full with two orders, or at 09:30 (570). 1 picker: the first two at 520. 2 pickers: the last two at 500."""
    assert of_unlike_weight(1, kind="full", at=["09:30"]) == [535, 535, 585]
    assert of_unlike_weight(2, kind="full", at=["09:30"]) == [585, 515, 515]


def by_place(vans: int, *steps: Plain, **rule: object) -> list[float]:
    """2 people pick and drive; places of 1, 1 and 6 households at 10 km, one load each; when each is served."""
    plan = world([1, 1, 6], {"staff": crew(2, **rule)}, {"vans": fleet(vans, drivers="staff")})
    times = ends(simulate(plan, *steps, leg("drive", "vans")), "drive")
    return [times[0], times[1], times[-1]]


@pytest.mark.parametrize(
    "rule", [{"serves": "downstream_first"}, {"serves": "in_order", "serves_order": ["drive", "pick"]}]
)
def test_one_more_van_takes_people_from_long_work(rule: Plain) -> None:
    """10 min an order: 490, 490, then 60 min for the third place.

    1 van: 490 one drives (505, back 520), the other picks for the third place (550); 520 drives 535; 550 drives: 565.
    2 vans: 490 both drive (505, back 520); then picked 520-580, there at 595.
    """
    pick = consignments("pick", "staff", order=10)
    assert by_place(1, pick, **rule) == [505, 535, 565]
    assert by_place(2, pick, **rule) == [505, 505, 595]


def test_one_more_van_takes_people_from_work_ready_later() -> None:
    """Longest wait; picks 5, 5, 30 min, loads 10, 10, 60. 485 one picks for the third place (515), one loads 495, 505.

    505 the second drives the first (since 495): 520, back 535. 515 the first: the second load stands since 505, the
    third is picked since 515. 1 van: loads it, 575; 535 the second drives 550, back 565; 575 drives: 590.
    2 vans: drives 530, back 545; 535 the second loads, 595; there at 610.
    """
    steps = consignments("pick", "staff", order=5), consignments("load", "staff", order=10)
    assert by_place(1, *steps, serves="longest_wait") == [520, 550, 590]
    assert by_place(2, *steps, serves="longest_wait") == [520, 530, 610]


def test_one_more_van_takes_whoever_would_be_there_for_what_comes_next() -> None:
    """Upstream first, 2 people in each of two shifts, 480-520 and 520-1080; picks 5, 5, 60, loads 17.5, 17.5, 210 min.

    485 one picks for the third place (545, in overtime), the other loads for the first two: 502.5, 520.
    1 van: 520 one of the second shift drives the first (535, back 550); the other has no van, and loads the third from
    545 on: 755; 550 the second is driven: 565; the third at 770. 2 vans: both drive 520-550; the third 550-760: 775.
    """

    def served(vans: int) -> list[float]:
        people = crew(2, "depot", shift("08:00", "08:40"), shift("08:40", "18:00"), serves="upstream_first")
        plan = world([1, 1, 12], {"staff": people}, {"vans": fleet(vans, drivers="staff")})
        steps = consignments("pick", "staff", order=5), consignments("load", "staff", order=17.5)
        times = ends(simulate(plan, *steps, leg("drive", "vans")), "drive")
        return [times[0], times[1], times[-1]]

    assert served(1) == [535, 565, 770]
    assert served(2) == [535, 535, 775]
