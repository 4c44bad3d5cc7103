"""Both engines agree to the last bit whoever is on duty, however fast they work."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.config.load import fit
from simsupply.model.run_loop import run_replication
from tests.helpers.engines import MANY, compare_engines
from tests.plans.random_people_plans import people_plans
from tests.plans.random_plans import Plain

pytestmark = pytest.mark.lengthy


@settings(MANY, max_examples=12)
@given(people_plans(), st.integers(0, 1000))
def test_engines_agree_on_people(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_people(drawn, seed)


def compare_people(drawn: tuple[Plain, Plain], seed: int) -> None:
    """Both engines give the same, and everybody planned is present or absent for one reason."""
    try:
        fit(ss.load_scenario(drawn[0]), ss.load_strategy(drawn[1]))
    except InputError as error:
        # Interruptions leave a crew whose work has to fit no stretch that is long enough.
        assume(
            not all(
                "at a stretch" in str(problem.allowed) or "time left" in str(problem.allowed)
                for problem in error.problems
            )
        )
        raise
    compare_engines(drawn, seed)
    scenario, strategy = ss.load_scenario(drawn[0]), ss.load_strategy(drawn[1])
    for record in run_replication(scenario, strategy, seed=seed, number=0).staff:
        planned, present, *absent, _ = record.count.T
        assert (planned == present + sum(absent)).all()
