"""Which metrics there are in a run, known before it is played."""

from __future__ import annotations

from collections.abc import Sequence

from simsupply.base.problems import nearest, wrong
from simsupply.measures.metrics import CONTACTS, METRICS, UTILISATION
from simsupply.strategy.channels import StrategySpec

CONTACT_KINDS = ("gate", "queue", "door", "shop")


def metric_names(strategies: Sequence[StrategySpec]) -> list[str]:
    """Metrics that a run under each of these strategies has."""
    shared: dict[str, None] | None = None
    for strategy in strategies:
        steps = [step for channel in strategy.channels.values() for step in channel.steps]
        names = dict.fromkeys(step.body.name for step in steps if step.stage or step.leg)
        shared = names if shared is None else {name: None for name in shared if name in names}
    return [
        *(metric.name for metric in METRICS),
        *(CONTACTS + kind for kind in CONTACT_KINDS),
        *(UTILISATION + name for name in shared or ()),
    ]


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
