"""What holds in any plan whose people do several things; goods, orders and hours are balanced in every run anyway."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import simsupply as ss
from simsupply.config.load import fit
from simsupply.model.run_loop import run_replication
from tests.helpers.engines import MANY, assert_same_record, simulate
from tests.plans.random_crew_plans import crew_plans
from tests.plans.random_plans import Plain


def run(drawn: tuple[Plain, Plain], seed: int) -> None:
    """Where the run is cut does not matter; every order goes from step to step; hours are those of who is there."""
    try:
        scenario, strategy = ss.load_scenario(drawn[0]), ss.load_strategy(drawn[1])
        fit(scenario, strategy)
    except ss.InputError as error:
        # A unit longer than every duty period, a leg that two channels use in different ways.
        allowed = " ".join(str(problem.allowed) for problem in error.problems)
        assume(not any(words in allowed for words in ("at a stretch", "as in the other channel", "floor", "rule")))
        raise
    record, times = simulate(scenario, strategy, seed)
    assert_same_record(run_replication(scenario, strategy, seed=seed, number=0), record)
    by_order: dict[tuple[str, int, int, int], dict[str, float]] = defaultdict(dict)
    for (step, *order), time in times.items():
        by_order[tuple(order)][step] = time  # type: ignore[index]
    for order, passed in by_order.items():
        names = [step.body.name for step in strategy.channels[order[0]].steps if step.body.name in passed]
        ends = [passed[name] for name in names]
        assert ends == sorted(ends), order
    for step in record.steps:
        assert sum(step.busy_by_step) == pytest.approx(step.busy_min, rel=1e-9, abs=1e-6), step.names
    # The hours of everybody, whatever they did: a crew that does several things is told once.
    people = [step.people for step in record.steps if not step.fleet]
    assert len(people) <= 2 * len(scenario.spec.staffing.crews)


@settings(MANY, max_examples=40)
@given(crew_plans(), st.integers(0, 1000))
def test_people_who_do_several_things(drawn: tuple[Plain, Plain], seed: int) -> None:
    run(drawn, seed)


@pytest.mark.lengthy
@settings(MANY, max_examples=20)
@given(crew_plans(with_floors=True), st.integers(0, 1000))
def test_people_who_do_several_things_before_limited_floors(drawn: tuple[Plain, Plain], seed: int) -> None:
    run(drawn, seed)
