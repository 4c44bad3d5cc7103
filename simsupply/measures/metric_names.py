"""Which metrics there are in a run, known before it is simulated."""

from __future__ import annotations

from collections.abc import Sequence

from simsupply.base.problems import nearest, wrong
from simsupply.measures.metric import MetricFamily
from simsupply.measures.metric_families import FAMILIES
from simsupply.measures.metric_registry import METRICS
from simsupply.strategy.channels import StrategySpec


def metric_names(strategies: Sequence[StrategySpec]) -> list[str]:
    """Metrics that a run under each of these strategies (at least one) has."""
    names = [metric.name for metric in METRICS]
    for family in FAMILIES:
        names += [family.prefix + part for part in _shared_parts(family, strategies)]
    return names


def _shared_parts(family: MetricFamily, strategies: Sequence[StrategySpec]) -> list[str]:
    """Parts that all strategies have, in the order of the first one."""
    by_strategy = [list(family.known_parts(strategy)) for strategy in strategies]
    return [part for part in by_strategy[0] if all(part in parts for parts in by_strategy)]


def check_metric(name: object, strategies: Sequence[StrategySpec], source: str, key: str) -> None:
    """Check that a run under each of these strategies has a metric.

    Raises
    ------
    InputError
        If it does not, with the nearest name of one that it has.
    """
    names = metric_names(strategies)
    if name not in names:
        raise wrong(source, key, name, nearest(str(name), names))
