"""Units that take somebody of two crews, on paper: who begins them, for how long, and what is counted for whom."""

from __future__ import annotations

from functools import partial

import pytest

import simsupply as ss
from simsupply.experiment.constraints import Plan, constraints_of, relaxed
from simsupply.figures.constraint_titles import constraint_title
from simsupply.model.orders.capacity import orders_per_day
from simsupply.model.run_loop import run_replication
from tests.plans.paper_plans import (
    Plain,
    channel,
    crew,
    door,
    ends,
    fleet,
    leg,
    shift,
    simulate,
    stage,
    strategy,
    world,
)


def move(minutes: float = 10, *others: str, **more: object) -> Plain:
    joined = list(others) or ["guards"]
    return stage("move", "movers", effort={"per_order_min": minutes}, joined_by=joined, **more)


def work(name: str, team: str, minutes: float, **more: object) -> Plain:
    return stage(name, team, effort={"per_order_min": minutes}, **more)


def plan(households: int, **crews: Plain) -> Plain:
    there = {"movers": crew(1), "guards": crew(1), **crews}
    return world([households], there, horizon_days=1)


def waits(result: ss.Result, what: str = "held_back_h") -> dict[str, float]:
    table = result.tables["waits"]
    rows = table[table["step"] == "move"]
    return {cause: hours * 60 for cause, hours in zip(rows["cause"], rows[what], strict=True) if hours}


def test_somebody_of_each_crew_works_on_a_unit() -> None:
    """2 movers, 1 guard, 3 orders of 10 min: 490, 500, 510. Nobody is there before 480.

    30 min of work of each crew; of the step's people 60 of 1,200 + 600 min. Waits: 0, 10 and 20 min.
    """
    found = plan(3, movers=crew(2))
    result = simulate(found, move())
    assert ends(result, "move") == [490, 500, 510]
    assert result.notes[0] == (
        "engine: events for move (a unit of 'move' takes people of several crews: 'movers', 'guards')"
    )
    assert result.utilisation()["move"].mean == pytest.approx(60 / 1800)
    assert result.values["worker_hours"][0] == 30
    assert waits(result) == pytest.approx({"people": 30})
    assert waits(result, "ordered_h") == pytest.approx({"people": 3 * 480})
    assert set(result.staff["crew"]) == {"movers", "guards"}
    scenario, decided = ss.load_scenario(found), ss.load_strategy(strategy(channel("only", move())))
    steps = run_replication(scenario, decided, seed=1, number=0).steps
    assert sorted((step.names, step.busy_min, step.scheduled_min) for step in steps) == [
        (("move",), 30, 600),
        (("move",), 30, 1200),
    ]


@pytest.mark.parametrize(
    ("serves", "moved", "checked"),
    [
        # 480-500 move; the guard checks before the next is moved.
        ("downstream_first", [500, 530, 560], [510, 540, 570]),
        # The guard joins all moves first.
        ("upstream_first", [500, 520, 540], [550, 560, 570]),
        # 500: the second move has waited since 0, the first check since 500; 520: the third since 0; 540: the checks.
        ("longest_wait", [500, 520, 540], [550, 560, 570]),
    ],
)
def test_the_other_crew_does_steps_of_its_own(serves: str, moved: list[float], checked: list[float]) -> None:
    """1 mover, 1 guard; 3 orders are moved (20 min, both) and checked (10 min, the guard), by the guard's rule."""
    result = simulate(plan(3, guards=crew(1, serves=serves)), move(20), work("check", "guards", 10))
    assert (ends(result, "move"), ends(result, "check")) == (moved, checked)


def test_the_list_of_a_crew_names_steps_that_it_joins() -> None:
    guards = crew(1, serves="in_order", serves_order=["move", "check"])
    result = simulate(plan(3, guards=guards), move(20), work("check", "guards", 10))
    assert (ends(result, "move"), ends(result, "check")) == ([500, 520, 540], [550, 560, 570])


def test_what_cannot_begin_does_not_hold_up_the_others() -> None:
    """1 mover packs (20 min) and moves (10 min), downstream first; guards come at 09:00 (540).

    Packed 500, 520, 540; moved 550, 560, 570.
    """
    found = plan(3, guards=crew(1, "depot", shift("09:00")))
    result = simulate(found, work("pack", "movers", 20), move())
    assert (ends(result, "pack"), ends(result, "move")) == ([500, 520, 540], [550, 560, 570])
    # Moved at 540, 550, 560: since 500, 520, 540, and the plan has no guard there until 540.
    assert waits(result) == pytest.approx({"people": 10 + 20})
    assert waits(result, "ordered_h") == pytest.approx({"people": 40 + 20})


def test_a_third_crew() -> None:
    """3 movers, 2 guards, 1 clerk: one at a time."""
    found = plan(3, movers=crew(3), guards=crew(2), clerks=crew(1))
    assert ends(simulate(found, move(10, "guards", "clerks")), "move") == [490, 500, 510]


def test_rules_that_agree_on_nothing_go_by_the_step_that_comes_first() -> None:
    """Crews a, b, c with one person each; steps x (a, b), y (b, c), z (c, a), each preferred in a circle.

    a prefers x to z, b prefers y to x, c prefers z to y; 3 orders, 10 min a step. 480 x0. 490 y0, the first of b and c.
    500 x1, the first of a and b. 510 a wants x2, b y1, c z0: the step that comes first, x2. 520 z0 (a and c), 530 y1,
    540 z1, 550 y2, 560 z2.
    """
    crews = {
        "a": crew(1, serves="in_order", serves_order=["x", "z"]),
        "b": crew(1, serves="in_order", serves_order=["y", "x"]),
        "c": crew(1, serves="in_order", serves_order=["z", "y"]),
    }
    steps = (
        work("x", "a", 10, joined_by=["b"]),
        work("y", "b", 10, joined_by=["c"]),
        work("z", "c", 10, joined_by=["a"]),
    )
    result = simulate(world([3], crews), *steps)
    assert [ends(result, step) for step in "xyz"] == [[490, 510, 520], [500, 540, 560], [530, 550, 570]]


def test_a_unit_takes_as_long_as_the_slowest() -> None:
    """10 min an order, guards twice as long: 500, 520. A round with two: half of 4 min out, doors of 3 or 2 x 3 min."""
    found = plan(2, guards=crew(1, pace="slow"))
    found["staffing"]["paces"] = {"slow": {"order": 2, "door": 2}}
    assert ends(simulate(found, move()), "move") == [500, 520]
    walkers = {"walkers": crew(1, "drop_point"), "guards": crew(1, "drop_point", pace="slow")}
    found = world([2], walkers, horizon_days=1)
    found["staffing"]["paces"] = {"slow": {"order": 2, "door": 2}}
    both = door(2)
    both["stage"]["joined_by"] = ["guards"]
    # 480 + 2 + 6 = 488, + 6 = 494.
    assert ends(simulate(found, both), "door") == [488, 494]


@pytest.mark.parametrize(("at_shift_end", "done"), [("finish", 510), ("pause", 1935), ("hand_over", 555), ("fit", 570)])
def test_the_end_of_anybodys_shift_acts_on_the_unit(at_shift_end: str, done: float) -> None:
    """An order of 30 min; the mover is there all day, one guard 08:00-08:15 (495), another from 09:00 (540).

    Half is done by 495. In overtime 510; the same two on the next morning 1920 + 15; the mover and the other guard
    540 + 15; or not begun before 540: 570.
    """
    shifts = shift("08:00", "08:15"), shift("09:00")
    found = plan(
        1, movers=crew(1, at_shift_end=at_shift_end), guards=crew(1, "depot", *shifts, at_shift_end=at_shift_end)
    )
    found["scenario"]["run_out_days"] = 7
    result = simulate(found, move(30))
    assert ends(result, "move") == [done]
    # 600 min of the mover, 15 and 540 of the guards, and 15 in overtime where the rule says so.
    overtime = 15 if at_shift_end == "finish" else 0
    assert result.values["worker_hours"][0] == pytest.approx((600 + 555 + overtime) / 60)


def test_who_has_paused_is_waited_for() -> None:
    """2 orders of 30 min, both crews pause; the guard's break 08:10-08:40 (490-520), the mover's 08:50-09:00 (530-540).

    480-490, 520-530, 540-550: the first; 550-580 the second. Nobody is busy while the other one is away.
    """
    guards = crew(1, "depot", shift("08:00", "18:00", ("08:10", "08:40")), at_shift_end="pause")
    movers = crew(1, "depot", shift("08:00", "18:00", ("08:50", "09:00")), at_shift_end="pause")
    found = plan(2, movers=movers, guards=guards)
    result = simulate(found, move(30))
    assert ends(result, "move") == [550, 580]
    assert result.utilisation()["move"].mean == pytest.approx((60 + 60) / (570 + 590))


def test_a_shock_to_either_crew_strikes_the_unit() -> None:
    """Guards are called away 08:10-09:00 (490-540): 10 of 30 min are done, the mover waits, 540-560."""
    call = {
        "kind": "staff",
        "title": {"en": "Call", "zh": "召集"},
        "crews": ["guards"],
        "from_day": 0,
        "from_time": "08:10",
        "to_day": 0,
        "to_time": "09:00",
    }
    result = simulate({**plan(2), "shocks": {"call": call}}, move(30))
    assert ends(result, "move") == [560, 590]
    shocks = result.tables["shocks"]
    assert (shocks["step"].tolist(), shocks["under_way"].tolist()) == (["move"], [1])


def test_units_together_with_two_crews() -> None:
    """4 orders, 3 at once, a mover and a guard: 490, 490, 490, 500."""
    assert ends(simulate(plan(4), move(together=3)), "move") == [490, 490, 490, 500]


def test_who_drives_may_join_a_step() -> None:
    """2 drivers; an order is loaded (20 min, loader and driver) and driven (15 min and back); 1 van, downstream first.

    480-500 the first is loaded; 500 one drives it (515, back 530), the other loads the second: 520, the third: 540.
    530 the first driver is back and drives the second: 545, back 560. 560: 575.
    """
    crews = {"loaders": crew(1), "drivers": crew(2)}
    found = world([3], crews, {"vans": fleet(1, drivers="drivers")}, horizon_days=1)
    steps = (
        work("load", "loaders", 20, joined_by=["drivers"]),
        leg("drive", "vans", leave={"kind": "full", "orders": 1}),
    )
    result = simulate(found, *steps)
    assert (ends(result, "load"), ends(result, "drive")) == ([500, 520, 540], [515, 545, 575])


def test_equipment_that_is_waited_for_is_room() -> None:
    """2 movers, 1 crane, 3 orders of 10 min: the second waits 10, the third 20 min; a mover is free all that time."""
    found = plan(3, movers=crew(2), crane=crew(1, people="equipment"))
    result = simulate(found, move(10, "crane"))
    assert ends(result, "move") == [490, 500, 510]
    assert waits(result) == pytest.approx({"room": 30})
    assert result.values["worker_hours"][0] == 20


def test_one_more_of_the_other_crew_is_tried() -> None:
    """2 movers, 1 guard, 4 orders: 490 to 520. With one more guard two at a time: 490, 490, 500, 500."""
    scenario = ss.load_scenario(plan(4, movers=crew(2)))
    decided = ss.load_strategy(strategy(channel("only", move())))
    found = {constraint.name: constraint for constraint in constraints_of(scenario, decided)}
    assert {name: constraint.steps for name, constraint in found.items()} == {"movers": ("move",), "guards": ("move",)}
    title = partial(constraint_title, "crew", "guards", ["move"], scenario, decided)
    assert (title("en"), title("zh")) == ("people of “guards” at move", "“guards”在move的人手")
    more = relaxed(Plan(scenario, decided), [found["guards"]])
    result = ss.simulate(*more, replications=1, seed=1, detail="orders")
    assert ends(result, "move") == [490, 490, 500, 500]


def test_promises_count_on_every_crew() -> None:
    """2 movers and 1 guard of 600 min, 20 min an order: 30 orders a day; with guards twice as slow 15."""
    found = plan(2, movers=crew(2))
    decided = ss.load_strategy(strategy(channel("only", move(20)))).channels["only"]
    assert orders_per_day(ss.load_scenario(found), decided, "depot") == pytest.approx([30])
    found["staffing"]["paces"] = {"slow": {"order": 2}}
    found["staffing"]["crews"]["guards"]["pace"] = "slow"
    assert orders_per_day(ss.load_scenario(found), decided, "depot") == pytest.approx([15])
