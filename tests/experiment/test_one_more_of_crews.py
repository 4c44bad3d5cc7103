"""What holds a plan back whose people do several things: one more of them is tried at all their steps."""

from __future__ import annotations

import simsupply as ss
from simsupply.experiment.bottleneck import one_more
from simsupply.experiment.constraints import constraints_of
from simsupply.experiment.diagnosis import diagnose
from tests.plans.paper_plans import Plain, channel, crew, fleet, leg, shift, stage, strategy, world

FULL = {"kind": "full", "orders": 1}


def result(people: int, vans: int) -> ss.Result:
    """20 orders; each takes 20 min of picking and 30 in the van, 50 min of a person; 120 min on duty a day, 2 days."""
    staff = crew(people, "depot", shift("08:00", "10:00"))
    plan = world([20], {"staff": staff}, {"vans": fleet(vans, drivers="staff")}, horizon_days=2, run_out_days=1)
    decided: Plain = strategy(
        channel("only", stage("pick", "staff", effort={"per_order_min": 20}), leg("drive", "vans", leave=FULL))
    )
    return ss.simulate(ss.load_scenario(plan), ss.load_strategy(decided), replications=3, seed=1)


def test_a_crew_is_a_constraint_of_every_step_at_which_it_works() -> None:
    found = result(1, 9)
    by_name = {constraint.key: constraint for constraint in constraints_of(found.scenario, found.strategy)}
    assert by_name["crew", "staff"].steps == ("pick", "drive")
    assert by_name["fleet", "vans"].steps == ("drive",)


def test_one_more_of_the_crew_gains_and_one_more_van_does_not() -> None:
    """1 person does 2 or 3 orders a day; with 9 vans the people are short."""
    few_people = result(1, 9)
    assert diagnose(few_people).found.suspects[0].constraint.key == ("crew", "staff")  # type: ignore[union-attr]
    gains = one_more(few_people).set_index("name")["gain"]
    assert gains["staff"] > 0 == gains["vans"]


def test_one_more_van_gains_where_vans_are_short() -> None:
    """9 people, 1 van: 4 trips a day; loads wait for the van, and the diagnosis tries it first."""
    few_vans = result(9, 1)
    assert diagnose(few_vans).found.suspects[0].constraint.key == ("fleet", "vans")  # type: ignore[union-attr]
