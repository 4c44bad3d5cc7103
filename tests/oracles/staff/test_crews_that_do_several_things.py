"""One crew that picks, loads and drives, on paper: whom the rule `serves` sends where, and the end of the shift."""

from __future__ import annotations

import pytest

import simsupply as ss
from simsupply.measures.metric_names import metric_names
from simsupply.model.city.tier_calendar import draw_tiers
from simsupply.model.orders.capacity import Basket, limiting_stages, orders_per_day, room_for_orders
from simsupply.model.orders.open_orders import OpenOrders
from simsupply.strategy.routes import routes_of, ways_of
from simsupply.streams.keyed import Streams
from tests.plans.paper_plans import (
    Plain,
    channel,
    crew,
    ends,
    fleet,
    leg,
    shift,
    simulate,
    simulate_strategy,
    stage,
    strategy,
    work,
    world,
)

pytestmark = pytest.mark.usefixtures("both_engines")

# 08:00-08:48: minutes 480-528 of every day, 1920-1968 and 3360-3408.
SHORT = shift("08:00", "08:48")
ONE_BY_ONE = {"kind": "full", "orders": 1}


def pick(minutes: float, **more: object) -> Plain:
    return work("pick", "staff", minutes, **more)


def load(minutes: float, **more: object) -> Plain:
    return work("load", "staff", minutes, **more)


def drive(**more: object) -> Plain:
    """15 minutes there and 15 back."""
    return leg("drive", "vans", **{"leave": ONE_BY_ONE, **more})


def staff(headcount: int = 2, *shifts: Plain, **more: object) -> Plain:
    return crew(headcount, "depot", *shifts, **more)


def plan(households: int, crew_of_all: Plain, vans: Plain | None = None, **more: object) -> Plain:
    return world([households], {"staff": crew_of_all}, {"vans": vans or fleet(1, drivers="staff")}, **more)


def always_there() -> Plain:
    return {key: value for key, value in fleet(1, drivers="staff").items() if key != "shifts"}


def minutes(result: ss.Result, *steps: str) -> tuple[list[float], ...]:
    return tuple(ends(result, step) for step in steps)


# --- whom the rule sends where, and the end of the shift: 2 people pick 3 orders (20 min), load (15 min), drive -----

PICKED = [500.0, 500.0]
BY_HAND = {
    # 480-500 both pick 0 and 1. 500-515 both load. 515 one drives 0: there 530, back 545. The other picks 2 from 515.
    # finish: picked 535. Next day 1920: one drives 1 (1935, back 1950), one loads 2 (1935), drives at 1950.
    ("downstream_first", "finish"): ([*PICKED, 535], [515, 515, 1935], [530, 1935, 1965]),
    # pause: 13 of 20 min by 528; 1920-1927 the rest, loads to 1942, while 1 is driven; at 1950 the van is back.
    ("downstream_first", "pause"): ([*PICKED, 1927], [515, 515, 1942], [530, 1935, 1965]),
    # hand over: what is left goes before all else, to the first of the two.
    ("downstream_first", "hand_over"): ([*PICKED, 1927], [515, 515, 1942], [530, 1935, 1965]),
    # fit: 515 + 20 > 528, so 2 is picked 1920-1940 and loaded to 1955; the van has stood since 1950.
    ("downstream_first", "fit"): ([*PICKED, 1940], [515, 515, 1955], [530, 1935, 1970]),
    # 500 one picks 2 (520), one loads 0 (515), then 1 (from 515); 520 the first loads 2. Nobody drives by 528.
    # finish: loaded 530, 535. 1920 drives 0 (1935, back 1950), 1950 drives 1 (1965, back 1980 > 1968), 3360 drives 2.
    ("upstream_first", "finish"): ([*PICKED, 520], [515, 530, 535], [1935, 1965, 3375]),
    # pause: 2 and 7 min are left: 1922 and 1927. 1922 drives 0 (1937, back 1952), 1952 drives 1 (1967), 3360 drives 2.
    ("upstream_first", "pause"): ([*PICKED, 520], [515, 1922, 1927], [1937, 1967, 3375]),
    ("upstream_first", "hand_over"): ([*PICKED, 520], [515, 1922, 1927], [1937, 1967, 3375]),
    # fit: 515 + 15 > 528, so who has loaded 0 drives it (530). 1920-1935 both load; 1935 drives 1, back 1965 < 1968.
    ("upstream_first", "fit"): ([*PICKED, 520], [515, 1935, 1935], [530, 1950, 1980]),
    # 500 one picks 2 (ready since 0), one loads 0; 515 loads 1 (ready 500; 0 stands at the van since 515).
    # 520 the first: drive 0 (since 515) before load 2 (since 520): there 535, back 550.
    # finish: 1 is loaded 530. 1920 load 2 (since 520) and drive 1 (since 530, there 1935); 1950 drive 2.
    ("longest_wait", "finish"): ([*PICKED, 520], [515, 530, 1935], [535, 1935, 1965]),
    # pause: 2 min are left of loading 1: 1922, driven 1937, back 1952; 2 is loaded 1935 and driven 1952-1967.
    ("longest_wait", "pause"): ([*PICKED, 520], [515, 1922, 1935], [535, 1937, 1967]),
    ("longest_wait", "hand_over"): ([*PICKED, 520], [515, 1922, 1935], [535, 1937, 1967]),
    # fit: nothing can be loaded from 515 on, so 0 is driven 515-530.
    ("longest_wait", "fit"): ([*PICKED, 520], [515, 1935, 1935], [530, 1950, 1980]),
    # The list says drive, pick, load. 500 one picks 2 (520), one loads 0 and drives it at 515 (530, back 545);
    # 520 the first loads 1. finish: 535. 1920 drive 1 (1935), load 2 (1935), 1950 drive 2.
    ("in_order", "finish"): ([*PICKED, 520], [515, 535, 1935], [530, 1935, 1965]),
    # pause: 7 min are left: 1927, driven 1942, back 1957; 2 is loaded 1935 and driven 1957-1972.
    ("in_order", "pause"): ([*PICKED, 520], [515, 1927, 1935], [530, 1942, 1972]),
    ("in_order", "hand_over"): ([*PICKED, 520], [515, 1927, 1935], [530, 1942, 1972]),
    ("in_order", "fit"): ([*PICKED, 520], [515, 1935, 1935], [530, 1950, 1980]),
}


@pytest.mark.parametrize(("serves", "at_shift_end"), BY_HAND)
def test_rules_of_serving_and_ends_of_shifts(serves: str, at_shift_end: str, both_engines: str) -> None:
    order = {"serves_order": ["drive", "pick", "load"]} if serves == "in_order" else {}
    people = staff(2, SHORT, at_shift_end=at_shift_end, serves=serves, **order)
    result = simulate(plan(3, people), pick(20), load(15), drive())
    assert minutes(result, "pick", "load", "drive") == BY_HAND[serves, at_shift_end]
    if both_engines == "auto":
        assert result.notes[0] == (
            "engine: events for pick, load, drive (crew 'staff' does several things: 'pick', 'load', 'drive')"
        )


AGAIN = {
    # 12 and 9 min. 492 both load, 501 one drives 0 (516, back 531 in overtime), one picks 2 (513) and loads it (522).
    ("downstream_first", "finish", 12, 9): ([492, 492, 513], [501, 501, 522], [516, 1935, 1965]),
    # 492 one picks 2 (504), one loads 0 (501) and 1 (510); 504 load 2 (513); 510 drive 0 (525, back 540).
    ("upstream_first", "pause", 12, 9): ([492, 492, 504], [501, 510, 513], [525, 1935, 1965]),
    # 492 pick 2, ready since 0, before loading; 504 drive 0 (since 501) before loading 2 (since 504), loaded 510-519.
    ("longest_wait", "fit", 12, 9): ([492, 492, 504], [501, 510, 519], [519, 1935, 1965]),
    # 17 and 13 min. 497 pick 2 (514), load 0 (510), load 1 (523), load 2 (527); 523 drive 0: there 538, in overtime.
    ("upstream_first", "pause", 17, 13): ([497, 497, 514], [510, 523, 527], [538, 1935, 1965]),
    # 510 drive 0 (525), pick 2 until 527, which fits; its 13 min of loading do not. 1950 + 30 > 1968 is driven.
    ("downstream_first", "fit", 17, 13): ([497, 497, 527], [510, 510, 1933], [525, 1935, 1965]),
}


@pytest.mark.parametrize(("serves", "at_shift_end", "pick_min", "load_min"), AGAIN)
def test_the_same_with_other_minutes(serves: str, at_shift_end: str, pick_min: float, load_min: float) -> None:
    people = staff(2, SHORT, at_shift_end=at_shift_end, serves=serves)
    result = simulate(plan(3, people), pick(pick_min), load(load_min), drive())
    assert minutes(result, "pick", "load", "drive") == AGAIN[serves, at_shift_end, pick_min, load_min]


def test_downstream_first_is_the_rule_without_one() -> None:
    found = simulate(plan(3, staff(2, SHORT)), pick(20), load(15), drive())
    assert minutes(found, "pick", "load", "drive") == BY_HAND["downstream_first", "finish"]


def test_work_is_handed_over_to_the_next_shift() -> None:
    """One person 08:00-08:30, another from 09:00 on; pick 20, load 15 min.

    480-500 pick 0, 500-510 half of the rest: downstream first loads it from 500: 10 of 15 min by 510 (08:30). At 540
    the second one loads the rest: 545, then picks 1: 565, loads it: 580. With pause the first one loads it at
    1920-1925; the second picks 1 540-560 and loads it to 575.
    """
    shifts = (shift("08:00", "08:30"), shift("09:00", "18:00"))
    for end, loaded in (("hand_over", [545, 580]), ("pause", [1925, 575])):
        found = simulate(plan(2, staff(1, *shifts, at_shift_end=end)), pick(20), load(15))
        assert ends(found, "load") == loaded


# --- a trip holds its people, and is finished -----------------------------------------------------------------------


def test_a_trip_in_the_break_is_finished_in_overtime() -> None:
    """Pick 480-500, drive 500-530; break 08:25-09:00 (505-540), shift to 540+: back at 530, on duty again at 540.

    Then pick 540-560, drive 560-590. Overtime: 505-530. On duty 480-505, 540-600 = 85 min a day.
    """
    people = staff(1, shift("08:00", "10:00", ("08:25", "09:00")))
    result = simulate(plan(2, people, horizon_days=1), pick(20), drive())
    assert minutes(result, "pick", "drive") == ([500, 560], [515, 575])
    assert result.values["worker_hours"][0] == pytest.approx((85 + 25) / 60)


def test_hours_of_who_drives_are_counted_once() -> None:
    """2 people 10 h a day for 7 days, whatever they do: 140 h. Vans work no hours.

    Busy: 60 min of picking, 45 of loading, 90 in the van: of the people's 8,400 min in steps, of the van's 4,200.
    """
    result = simulate(plan(3, staff(2)), pick(20), load(15), drive())
    assert result.values["worker_hours"][0] == 140
    busy = {name: found.mean for name, found in result.utilisation().items()}
    assert busy == pytest.approx({"pick": 60 / 8400, "load": 45 / 8400, "drive": 90 / 4200})
    assert set(result.staff["crew"]) == {"staff"}


def test_two_in_a_vehicle() -> None:
    """3 people, 2 in the van. 480-500 three pick; 500-530 two drive 0 (515), the third picks 3 (520).

    520 one is free, the van needs two: nothing left to pick. 530: back; who has been free longest, the third (520), and
    the first of the two drive 1 (545); 560: drive 2 (575); 590: drive 3 (605).
    """
    vans = fleet(1, drivers="staff", people_per_vehicle=2)
    result = simulate(plan(4, staff(3), vans), pick(20), drive())
    assert minutes(result, "pick", "drive") == ([500, 500, 500, 520], [515, 545, 575, 605])


def test_without_a_free_driver_the_vehicle_stands() -> None:
    """1 person, 2 vans, upstream first: 480-540 picks all three; then drives one after the other, there and back."""
    people = staff(1, serves="upstream_first")
    result = simulate(plan(3, people, fleet(2, drivers="staff")), pick(20), drive())
    assert minutes(result, "pick", "drive") == ([500, 520, 540], [555, 585, 615])


def test_vehicles_without_hours_are_there_day_and_night() -> None:
    """Staff from 20:00 on; the van says no hours: pick 1200-1220, there at 1235."""
    result = simulate(plan(1, staff(1, shift("20:00", "24:00")), always_there()), pick(20), drive())
    assert ends(result, "drive") == [1235]


def test_a_curfew_of_the_vehicle_keeps_it_at_its_base() -> None:
    """No trip begins 08:15-09:00 (495-540): picked at 500, driven 540-555."""
    vans = fleet(1, drivers="staff", curfew={"from": "08:15", "to": "09:00"})
    assert ends(simulate(plan(1, staff(1), vans), pick(20), drive()), "drive") == [555]


def test_a_crew_works_across_channels_and_drives() -> None:
    """`a` picks (20 min) and drives; `b` only sorts (10 min). 1 person, 6 households, both lists at 00:00.

    Downstream first: sorting is the last step of `b`, picking is not that of `a`, so all of `b` is sorted first; then
    each order of `a` is picked and driven before the next one is picked.
    """
    ways = (
        channel("a", pick(20), drive()),
        channel("b", stage("sort", "staff", effort={"per_order_min": 10})),
    )
    decided = {
        **{key: value for key, value in strategy(*ways, from_days=(0, 1)).items() if key != "calendar"},
        "mix": [
            {"channel": "a", "households": ["old"]},
            {"channel": "b", "excludes": ["old"]},
        ],
    }
    scenario = plan(6, staff(1), people={"kinds": {"old": {"share": 0.5}}})
    result = simulate_strategy(scenario, decided)
    orders = result.orders
    assert orders is not None
    sorted_at = sorted(orders["sort"].dropna())
    picked_at = sorted(orders["pick"].dropna())
    assert sorted_at == [490 + 10 * n for n in range(len(sorted_at))]
    # Then one after the other: pick 20, drive 30.
    first = 480 + 10 * len(sorted_at)
    assert picked_at == [first + 20 + 50 * n for n in range(len(picked_at))]
    assert sorted(orders["drive"].dropna()) == [first + 35 + 50 * n for n in range(len(picked_at))]


# --- shocks and breakdowns act at once --------------------------------------------------------------------------------


def test_a_shock_strikes_who_drives_at_once() -> None:
    """Pick 480-500, leaves at 500. The crew is off 510-570 on day 0: there at 515 + 60 = 575, back 590."""
    shocks = {
        "call": {
            "kind": "staff",
            "title": {"en": "Call", "zh": "召集"},
            "crews": ["staff"],
            "from_day": 0,
            "from_time": "08:30",
            "to_day": 0,
            "to_time": "09:30",
        }
    }
    scenario = {**plan(2, staff(1)), "shocks": shocks}
    result = simulate(scenario, pick(20), drive())
    assert minutes(result, "pick", "drive") == ([500, 610], [575, 625])
    # 510 finds nothing in hand at the table and one trip under way; until 570 nothing is begun.
    listed = result.shocks[["shock", "start_h", "end_h", "step", "under_way", "begun"]].to_numpy().tolist()
    assert listed == [["call", 8.5, 9.5, "pick", 0, 0], ["call", 8.5, 9.5, "drive", 1, 0]]


@pytest.mark.parametrize("more", [{}, {"max_trip_km": 1000.0}], ids=["plain trips", "trips in parts"])
def test_a_shock_of_a_crew_lists_all_trips_of_its_people(more: Plain) -> None:
    """Two people pick 480-500 and drive two vans 500-530, back for the third at 520 and 530 by hand below.

    Half of the crew is called away 510-560: one of the two stands still for 50 min, which makes it 580. The other is
    back at 530, picks the third 530-550 and leaves with it at 550, while the shock lasts: there 565. As at stages all
    work of the crew is listed, whoever of it was struck: two trips under way at 510, one begun.
    """
    call = {"kind": "staff", "crews": ["staff"], "capacity": 0.5, "from_day": 0, "to_day": 0}
    call |= {"title": {"en": "Call", "zh": "召集"}, "from_time": "08:30", "to_time": "09:20"}
    scenario = {**plan(3, staff(2), fleet(2, drivers="staff", **more)), "shocks": {"call": call}}
    result = simulate(scenario, pick(20), drive())
    picked, driven = minutes(result, "pick", "drive")
    assert (picked, sorted(driven)) == ([500, 500, 550], [515, 565, 565])
    listed = result.shocks[["step", "under_way", "begun"]].to_numpy().tolist()
    assert listed == [["pick", 0, 1], ["drive", 2, 1]]


# --- what orders wait for ---------------------------------------------------------------------------------------------


def waits(result: ss.Result, step: str) -> dict[str, float]:
    table = result.tables["waits"]
    rows = table[table["step"] == step]
    return {cause: hours * 60 for cause, hours in zip(rows["cause"], rows["wait_h"], strict=True) if hours}


def test_a_load_that_waits_for_a_driver_waits_for_people() -> None:
    """1 person, 1 van, upstream first: picked 500, 520, 540. The van stands until 540: 0, 1 wait 40, 20 for people.

    540-570 0 is driven; 1 and 2 wait 30 each for the van; 570-600 1 is driven, 2 waits 30 more.
    """
    result = simulate(plan(3, staff(1, serves="upstream_first")), pick(20), drive())
    found = waits(result, "drive")
    assert found == pytest.approx({"people": 60.0, "vehicle": 90.0})
    assert "wait_h.drive.people" in result.values
    assert result.values["wait_h.drive.people"][0] == pytest.approx(1.0)


def test_a_wait_for_drivers_can_be_named_before_the_run() -> None:
    """As a goal of precision, in a comparison, of one more; refused where vehicles have drivers of their own."""
    metric, decided = "wait_h.drive.people", ss.load_strategy(strategy(channel("only", pick(20), drive())))
    driven, alone = (ss.load_scenario(plan(3, staff(1), vans)) for vans in (None, fleet(1)))
    goal: Plain = {"metrics": {metric: "50%"}, "max": 2}
    result = ss.simulate(driven, decided, replications=2, precision=goal)
    assert [reached.goal.metric for reached in result.reached] == [metric]
    assert metric in set(ss.compare(driven, [decided], metrics=[metric], replications=1).cases[0].result.values)
    assert metric in metric_names([decided], [driven])
    for scenarios in ([alone], [driven, alone], []):
        assert metric not in metric_names([decided], scenarios)
    with pytest.raises(ss.InputError, match=r"wait_h\.drive\.vehicle"):
        ss.simulate(alone, decided, replications=2, precision=goal)


def test_a_night_without_drivers_is_ordered_by_the_plan() -> None:
    """Picked 500; the shift ends at 08:20 (500): the load waits for people to 1920, 1420 min, all of it as planned."""
    result = simulate(plan(1, staff(1, shift("08:00", "08:20")), always_there()), pick(20), drive())
    assert ends(result, "drive") == [1935]
    table = result.tables["waits"]
    row = table[(table["step"] == "drive") & (table["cause"] == "people")].iloc[0]
    assert row["wait_h"] * 60 == pytest.approx(1420)
    assert row["ordered_h"] * 60 == pytest.approx(1420)


# --- what may be promised ---------------------------------------------------------------------------------------------


def test_promises_count_everything_the_same_people_do_for_an_order() -> None:
    """One person, 600 min a day; picking takes 20 min and loading 10: 20 orders a day, not 30."""
    scenario = ss.load_scenario(plan(1, staff(1)))
    decided = ss.load_strategy(strategy(channel("only", pick(20), load(10), drive())))
    basket = Basket(1, 14)
    ways = ways_of(routes_of(decided.channels["only"], None))
    (limit,) = limiting_stages(scenario, ways, draw_tiers(scenario, Streams(seed=1, replication=0)), 0, ["depot"])
    assert [step.name for step in limit.stages] == ["pick", "load"]
    assert room_for_orders(scenario, limit, 1.0, OpenOrders([]), basket, basket) == pytest.approx([20])
    assert orders_per_day(scenario, decided.channels["only"], "depot") == pytest.approx([20])
