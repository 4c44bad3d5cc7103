"""A replication up to a midnight, and on from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simsupply.config.load import fit, load_strategy
from simsupply.experiment.simulate import check_numbers, result_of
from simsupply.results.result import Result
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec

if TYPE_CHECKING:
    from simsupply.model.state.midnight import MidnightState


def run_to_midnight(
    scenario: Scenario, strategy: StrategySpec | str, *, day: int, seed: int = 1, replication: int = 0
) -> MidnightState:
    """Simulate one replication up to the midnight at which a day begins, and take its state.

    Parameters
    ----------
    scenario : Scenario
    strategy : StrategySpec or str
        Or what `simsupply.load_strategy` takes.
    day : int
        From 0 (nothing has happened yet) to the number of days of the run.
    seed, replication : int
        As in `simsupply.simulate`.

    Returns
    -------
    MidnightState
        To be written (``state.write("day5.state")``), read (`simsupply.read_state`) and gone on from
        (`simsupply.go_on`).

    Raises
    ------
    InputError
        If the strategy does not fit the scenario, there is no such day, or only the reference engine can simulate the
        plan.
    """
    from simsupply.model.state import midnight

    strategy = _checked(scenario, strategy)
    check_numbers("run_to_midnight", seed=(seed, 0), replication=(replication, 0))
    return midnight.run_to_midnight(scenario, strategy, day=day, seed=seed, replication=replication)


def go_on(
    state: MidnightState,
    scenario: Scenario,
    strategy: StrategySpec | str,
    *,
    seed: int | None = None,
    replication: int | None = None,
    splits: bool = True,
    on_advance: Callable[[float], object] | None = None,
) -> Result:
    """Go on from a state to the end of the run.

    Parameters
    ----------
    state : MidnightState
    scenario, strategy
        Those of which it is the state.
    seed, replication : int, optional
        If given, those of which it must be the state.
    splits, on_advance
        As in `simsupply.simulate`.

    Returns
    -------
    Result
        Of this one replication, from day 0 on: that of a run without a break, to the last bit.

    Raises
    ------
    InputError
        If it is the state of another plan, seed, replication or version of the code.
    """
    from simsupply.model.state import midnight

    strategy = _checked(scenario, strategy)
    run = midnight.go_on(state, scenario, strategy, seed=seed, replication=replication, on_advance=on_advance)
    return result_of([(run, {})], scenario, strategy, state.about.seed, splits=splits)


def _checked(scenario: Scenario, strategy: StrategySpec | str) -> StrategySpec:
    if not isinstance(strategy, StrategySpec):
        strategy = load_strategy(strategy)
    fit(scenario, strategy)
    return strategy
