"""All metrics in one list, in the order of files, and what is known of each by its name.

To add one, add an entry to the module of its subject (``*_metrics.py``); all else reads it from here.
"""

from __future__ import annotations

from typing import Any

from simsupply.base.language import Language, display_name
from simsupply.measures.cost_metrics import COST_METRICS
from simsupply.measures.effort_metrics import EFFORT_METRICS
from simsupply.measures.household_metrics import HOUSEHOLD_METRICS
from simsupply.measures.hunger_metrics import HUNGER_METRICS
from simsupply.measures.metric import Bounds, Metric, MetricFamily, Section, Side, bounds_of_entry
from simsupply.measures.metric_families import FAMILIES
from simsupply.measures.order_metrics import ORDER_METRICS
from simsupply.measures.stock_metrics import STOCK_METRICS
from simsupply.records.replication import Replication
from simsupply.scenario.world import Scenario
from simsupply.strategy.step_titles import Labels

RUN_METRICS: tuple[Metric[Replication, Scenario], ...] = (
    *HUNGER_METRICS,
    *ORDER_METRICS,
    *STOCK_METRICS,
    *EFFORT_METRICS,
    *COST_METRICS,
)
METRICS: tuple[Metric[Any], ...] = (*HOUSEHOLD_METRICS, *RUN_METRICS)
ENTRIES: tuple[Metric[Any] | MetricFamily, ...] = (*METRICS, *FAMILIES)
_BY_NAME: dict[str, Metric[Any]] = {metric.name: metric for metric in METRICS}
for _metric in METRICS:
    if _BY_NAME[_metric.name] is not _metric:
        raise TypeError(f"two metrics of the name {_metric.name!r}")


def find_metric(name: str) -> Metric[Any] | MetricFamily | None:
    """The entry of a metric, or of the family it belongs to; None: there is no such metric."""
    return _BY_NAME.get(name) or family_of(name)


def family_of(name: str) -> MetricFamily | None:
    """The family that a metric belongs to, if it does."""
    return next((family for family in FAMILIES if name.startswith(family.prefix)), None)


def unit_of(name: str) -> str:
    """Unit of a metric.

    Raises
    ------
    KeyError
        If there is no such metric.
    """
    found = find_metric(name)
    if found is None:
        raise KeyError(name)
    return found.unit


def bounds_of(name: str) -> Bounds:
    """The least and the greatest value that a metric may have.

    >>> bounds_of("coverage"), bounds_of("cost"), bounds_of("mass_balance_error_kg")
    ((0.0, 1.0), (0.0, inf), (-inf, inf))
    """
    return bounds_of_entry(find_metric(name))


def better_side(name: str) -> Side | None:
    """``more``, ``less``, or None where neither is better in itself, or there is no such metric.

    >>> better_side("coverage"), better_side("cost"), better_side("utilisation.pack")
    ('more', 'less', None)
    """
    found = find_metric(name)
    return None if found is None else found.better


def metrics_with_a_better_side() -> list[str]:
    """Names of those of which more is better, then of those of which less is; families left out."""
    return [metric.name for side in ("more", "less") for metric in METRICS if metric.better == side]


def needs_of(name: str) -> tuple[Section, ...]:
    """Sections of the scenario without which a metric never exists.

    >>> needs_of("reserve_kg"), needs_of("coverage")
    (('supply',), ())
    """
    found = find_metric(name)
    return () if found is None else found.needs


def metric_label(name: str, language: Language, titled: Labels | None = None) -> str:
    """Title of a metric; what is none of ours (a user's own measure) is shown under its own name.

    `titled`: what readers see of steps, where the plan is at hand (`simsupply.strategy.step_titles.step_labels`).

    >>> metric_label("fill_rate", "en"), metric_label("contacts.gate", "en"), metric_label("my_own", "en")
    ('Share of the need that came', 'Contacts at the gate', 'my own')
    """
    found = find_metric(name)
    if isinstance(found, MetricFamily):
        return found.title(name, language, titled)
    return display_name(name) if found is None else found.titles.in_language(language)
