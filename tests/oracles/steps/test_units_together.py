"""Units that are served together, on paper: three cars that move up together."""

from __future__ import annotations

import math

import pytest

import simsupply as ss
from simsupply.model.orders.capacity import orders_per_day
from tests.plans.paper_plans import Plain, channel, crew, ends, shift, simulate, stage, strategy, world


def move(minutes: float = 10, **more: object) -> Plain:
    return stage("move", "movers", effort={"per_order_min": minutes}, **more)


def pick(minutes: float = 10, team: str = "pickers") -> Plain:
    return stage("pick", team, effort={"per_order_min": minutes})


def by_consignment(name: str, team: str, per_order: float, **more: object) -> Plain:
    effort = {"per_order_min": per_order} if per_order else {"per_consignment_min": 10}
    return stage(name, team, per="consignment", effort=effort, **more)


def waits(result: ss.Result, step: str = "move") -> dict[str, float]:
    """Minutes within the target's time that the plan does not order, by cause."""
    table = result.tables["waits"]
    rows = table[table["step"] == step]
    return {cause: hours * 60 for cause, hours in zip(rows["cause"], rows["held_back_h"], strict=True) if hours}


def test_three_units_at_once() -> None:
    """7 orders of 10 min, 3 at once: 480-490, 490-500 and the last one 500-510. 30 min of work on 7 days of 600 min.

    Waits: 3 wait 10 min and 1 waits 20.
    """
    result = simulate(world([7], {"movers": crew(1)}), move(together=3))
    assert ends(result, "move") == [490, 490, 490, 500, 500, 500, 510]
    assert result.utilisation()["move"].mean == pytest.approx(30 / 4200)
    assert result.values["worker_hours"][0] == 70
    assert waits(result) == pytest.approx({"people": 50})
    assert result.notes[0] == "engine: events for move (up to 3 units of 'move' are served together)"


def test_the_longest_takes_them_all_as_long() -> None:
    """Consignments of 1, 3 and 2 orders of 10 min, 2 at once: 30 min to 510, then 20 min to 530."""
    result = simulate(world([1, 3, 2], {"movers": crew(1)}), by_consignment("move", "movers", 10, together=2))
    assert ends(result, "move") == [510] * 4 + [530] * 2


@pytest.mark.parametrize(("at_shift_end", "done"), [("finish", 510), ("pause", 1935), ("hand_over", 555), ("fit", 570)])
def test_the_end_of_the_shift_acts_on_all_of_them(at_shift_end: str, done: float) -> None:
    """2 orders of 30 min at once; one person 08:00-08:15 (495), another from 09:00 (540).

    Half is done by 495. In overtime 510; the same person on the next morning 1920 + 15; the other one 540 + 15; or not
    begun before 540: 570.
    """
    people = crew(1, "depot", shift("08:00", "08:15"), shift("09:00"), at_shift_end=at_shift_end)
    assert ends(simulate(world([2], {"movers": people}), move(30, together=2)), "move") == [done, done]


@pytest.mark.parametrize(
    ("discipline", "done"), [("sequence", [500, 520, 520]), ("fifo", [500, 520, 500]), ("priority", [500, 520, 500])]
)
def test_units_are_taken_in_the_order_of_the_discipline(discipline: str, done: list[float]) -> None:
    """Consignments of 1, 3 and 1 orders, picked by three at 490, 510, 490; 10 min to move, 3 at once.

    In sequence the second holds up the third: 490-500, 510-520. Else the first and third go first.
    """
    plan = world([1, 3, 1], {"pickers": crew(3), "movers": crew(1)})
    steps = (
        by_consignment("pick", "pickers", 10),
        by_consignment("move", "movers", 0, together=3, discipline=discipline),
    )
    times = ends(simulate(plan, *steps), "move")
    assert [times[0], times[1], times[-1]] == done


def test_so_many_are_waited_for_and_the_rest_of_a_list_goes() -> None:
    """Picked at 490, 500, 510, 520, 530; 20 min to move, 2 or 3 at once.

    500-520 the first two. 510 only one stands there; 520-540 two. The last one of the list is ready at 530, and goes
    alone at 540. For others wait the first 490-500 and the third 510-520, for the mover the last 530-540.
    """
    plan = world([5], {"pickers": crew(1), "movers": crew(1)})
    result = simulate(plan, pick(), move(20, together={"units": 3, "at_least": 2}))
    assert ends(result, "move") == [520, 520, 540, 540, 560]
    assert waits(result) == pytest.approx({"departure": 20, "people": 10})
    assert result.values["wait_h.move.departure"][0] == pytest.approx(20 / 60)


def test_who_has_come_waits_for_others_before_room_or_people() -> None:
    """4 orders at 490-520, 3 at once and no fewer; 10 min. 510-520 the first three, then the last of the list.

    490-510 and 500-510 for others; the fourth is ready and the mover free at 520.
    """
    plan = world([4], {"pickers": crew(1), "movers": crew(1)})
    result = simulate(plan, pick(), move(together={"units": 3, "at_least": 3}))
    assert ends(result, "move") == [520, 520, 520, 530]
    assert waits(result) == pytest.approx({"departure": 30})


def test_lists_of_other_places_are_others() -> None:
    """Two depots, lists of 2 and of 3 households; 2 at once and no fewer: the third goes when its list is whole.

    Picked 490, 500 and 490, 500, 510; moved 500-510 and 500-510, 510-520.
    """
    geography = {
        "kind": "listed",
        "depots": [{"name": "a"}, {"name": "b"}],
        "drop_points": [
            {"name": "d0", "households": 2, "distance_km": 1, "depot": "a"},
            {"name": "d1", "households": 3, "distance_km": 1, "depot": "b"},
        ],
    }
    plan = world(geography, {"pickers": crew(1), "movers": crew(1)})
    result = simulate(plan, pick(), move(together={"units": 2, "at_least": 2}))
    assert ends(result, "move") == [510, 510, 510, 510, 520]


def test_what_comes_singly_waits_for_the_next() -> None:
    """Single orders around the clock are on no list: a pair goes when its second has come, an odd last one never."""
    demand = {
        "kind": "poisson",
        "need_kg_per_household_week": 14,
        "rate_per_min": 0.015,
        "order_kg": 10,
        "lines_per_order": 1,
    }
    plan = world(
        [9], {"movers": crew(1, "depot", shift("00:00", "24:00"))}, demand=demand, horizon_days=2, run_out_days=1
    )
    result = simulate(plan, move(25, together={"units": 2, "at_least": 2}))
    orders = result.orders
    assert orders is not None
    table = orders.sort_values("placed")
    placed, done = table["placed"].tolist(), table["move"].tolist()
    assert len(placed) > 10
    free = 0.0
    for first in range(0, len(placed) - 1, 2):
        free = max(placed[first + 1], free) + 25
        assert done[first : first + 2] == pytest.approx([free, free])
    assert len(placed) % 2 == 0 or math.isnan(done[-1])


def test_people_who_do_several_things_serve_together_what_is_served_together() -> None:
    """One person picks 3 orders (10 min) and moves them (10 min), 3 at once, downstream first.

    Moves what is there: picks 490, moves 500, and so on. Three and no fewer: picks 490, 500, 510, moves to 520.
    """

    def moved(least: int) -> list[float]:
        steps = pick(team="movers"), move(together={"units": 3, "at_least": least})
        return ends(simulate(world([3], {"movers": crew(1)}), *steps), "move")

    assert moved(1) == [500, 520, 540]
    assert moved(3) == [520, 520, 520]


def test_work_is_counted_where_a_shock_strikes_it() -> None:
    """The crew is called away 08:05-09:00 (485-540): three in hand, 5 of 10 min done; 540-545."""
    call = {
        "kind": "staff",
        "title": {"en": "Call", "zh": "召集"},
        "crews": ["movers"],
        "from_day": 0,
        "from_time": "08:05",
        "to_day": 0,
        "to_time": "09:00",
    }
    result = simulate({**world([3], {"movers": crew(1)}), "shocks": {"call": call}}, move(together=3))
    assert ends(result, "move") == [545] * 3
    shocks = result.tables["shocks"]
    assert shocks["under_way"].tolist() == [3]


def test_promises_count_on_full_groups() -> None:
    """One person, 600 min; 20 min for 2 orders at once: 60 orders a day."""
    scenario = ss.load_scenario(world([2], {"movers": crew(1)}))
    decided = ss.load_strategy(strategy(channel("only", move(20, together=2))))
    assert orders_per_day(scenario, decided.channels["only"], "depot") == pytest.approx([60])


def test_everybody_who_is_served_together_is_a_contact() -> None:
    """3 residents at midnight, two are served at once, somebody is there: 3 meetings at the gate, 1 in the line."""
    plan = world([3], {"movers": crew(1, "depot", shift("00:00", "24:00"))})
    line = {"spacing_m": 1, "walk_m_per_min": 50}
    result = simulate(plan, move(together=2, discipline="fifo", contact="gate", queue=line))
    assert ends(result, "move") == pytest.approx([10.02, 10.02, 20.04])
    assert (result.values["contacts.gate"][0], result.values["contacts.queue"][0]) == (3, 1)
