"""Which metrics there are in a run, known before it is simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simsupply.base.problems import nearest, wrong
from simsupply.measures.metric import MetricFamily
from simsupply.measures.metric_families import FAMILIES
from simsupply.measures.metric_registry import METRICS
from simsupply.scenario.staffing import Fleet
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec


def metric_names(strategies: Sequence[StrategySpec], scenarios: Sequence[Scenario] = ()) -> list[str]:
    """Metrics that a run under each of these strategies (at least one) has, in each of these scenarios.

    Without scenarios: what there is in any of them.
    """
    fleets = [scenario.spec.fleet for scenario in scenarios] or [{}]
    names = [metric.name for metric in METRICS]
    for family in FAMILIES:
        names += [family.prefix + part for part in _shared_parts(family, strategies, fleets)]
    return names


def _shared_parts(
    family: MetricFamily, strategies: Sequence[StrategySpec], fleets: Sequence[Mapping[str, Fleet]]
) -> list[str]:
    """Parts that all strategies have with all these fleets, in the order of the first one."""
    by_plan = [list(family.known_parts(strategy, of_scenario)) for strategy in strategies for of_scenario in fleets]
    return [part for part in by_plan[0] if all(part in parts for parts in by_plan)]


def check_metric(
    name: object, strategies: Sequence[StrategySpec], source: str, key: str, scenarios: Sequence[Scenario] = ()
) -> None:
    """Check that a run under each of these strategies has a metric, in each of these scenarios.

    Raises
    ------
    InputError
        If it does not, with the nearest name of one that it has.
    """
    names = metric_names(strategies, scenarios)
    if name not in names:
        raise wrong(source, key, name, nearest(str(name), names))
