"""Which crew or fleet limits a plan: what one more worker or vehicle gains, under common random numbers.

Utilisation says who is busy (`simsupply.results.result.Result.bottleneck`); but a crew can be busy without
holding anything up, and an idle one can be what is missing at noon. So each crew and fleet is given one
more, and the plan is run again with the same luck: those who were there draw the same numbers as before
(`simsupply.model.staff.persons.Persons.draw`), the new one adds a draw of his own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pandas as pd

from simsupply.base.catalogue import message
from simsupply.base.problems import wrong
from simsupply.experiment.simulate import simulate
from simsupply.measures.metric_names import check_metric
from simsupply.measures.metric_registry import better_side, bounds_of, unit_of
from simsupply.results.result import Result
from simsupply.scenario.world import Scenario
from simsupply.stats.paired import differences
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.routes import all_routes

COLUMNS = ("kind", "name", "stages", "utilisation", "added", "gain", "ci_low", "ci_high", "p_value", "per_unit", "n")


def check_one_more(metric: object, strategy: StrategySpec, source: str, key: str = "bottleneck") -> None:
    """Check that a metric exists and that more, or less, of it is better.

    Raises
    ------
    InputError
        If not.
    """
    check_metric(metric, [strategy], source, key)
    if better_side(str(metric)) is None:
        raise wrong(source, key, metric, message("metric_better_in_itself"))


def one_more(
    result: Result, metric: str = "coverage", on_advance: Callable[[float], object] | None = None
) -> pd.DataFrame:
    """Gain by one more person per shift, or vehicle, at each place of each crew and fleet in use.

    Parameters
    ----------
    result : Result
        What is there now; each variant is run in the same replications.
    metric : str
        One of which more, or less, is better.
    on_advance : callable, optional
        As for `simsupply.simulate`.

    Returns
    -------
    DataFrame
        One row per crew and fleet, the largest gain first: kind (crew, fleet), name, stages (those it works at),
        utilisation (0..1, of the busiest of them, now), added (people or vehicles), gain (in the
        metric's unit, above 0: better), ci_low, ci_high (simultaneous 95 % interval), p_value (for all of them),
        per_unit (gain / added), n (replications), unit. Intervals are missing with a single replication, gains where
        the metric does not exist in every replication.

    Raises
    ------
    InputError
        If neither side of the metric is better in itself, or there is no such metric.
    """
    from simsupply.model.staff.levels import servers_per_place
    from simsupply.model.staff.rosters import groups_at_work

    scenario, strategy = result.scenario, result.strategy
    check_one_more(metric, strategy, "one_more", "metric")
    stages = _stages_of(scenario, strategy)
    busy = {name: found.mean or 0.0 for name, found in result.utilisation().items()}
    rows, pairs, units = [], [], []
    for (what, name), group in groups_at_work(scenario, strategy).items():
        kind: Literal["crew", "fleet"] = "crew" if what == "crew" else "fleet"
        richer = simulate(
            scenario.with_one_more(kind, name),
            strategy,
            replications=len(result.values),
            seed=result.seed,
            first_replication=int(result.values.index.min()),
            splits=False,
            on_advance=on_advance,
        )
        # A gain is what is added where more is better, and what is taken away where less is.
        pair = (richer.values[metric], result.values[metric])
        pairs.append(pair if better_side(metric) == "more" else pair[::-1])
        units.append(len(servers_per_place(scenario, group)) * len(group.shifts))
        works_at = stages.get((kind, name), [])
        rows.append(
            {
                "kind": kind,
                "name": name,
                "stages": ", ".join(works_at),
                "utilisation": max((busy.get(stage, 0.0) for stage in works_at), default=0.0),
                "added": units[-1],
            }
        )
    lines = [
        {
            **row,
            "gain": difference.mean,
            "ci_low": difference.ci_low,
            "ci_high": difference.ci_high,
            "p_value": difference.p_value,
            "per_unit": None if difference.mean is None else difference.mean / added,
            "n": difference.n,
        }
        for row, added, difference in zip(rows, units, differences(pairs, bounds_of(metric)), strict=True)
    ]
    table = pd.DataFrame(lines, columns=list(COLUMNS)).assign(unit=unit_of(metric))
    table = table.astype(dict.fromkeys(("gain", "ci_low", "ci_high", "p_value", "per_unit"), float))
    return table.sort_values("gain", ascending=False, kind="stable", ignore_index=True)


def num_variants(scenario: Scenario, strategy: StrategySpec) -> int:
    """How many crews and fleets are given one more."""
    from simsupply.model.staff.rosters import groups_at_work

    return len(groups_at_work(scenario, strategy))


def _stages_of(scenario: Scenario, strategy: StrategySpec) -> dict[tuple[str, str], list[str]]:
    """Stages and legs at which each crew and fleet works, in process order."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for route in all_routes(strategy, scenario.spec.tiers):
        for step in route.channel.steps:
            if step.stage:
                found.setdefault(("crew", step.stage.crew), {})[step.stage.name] = None
            elif step.leg:
                for fleet in step.leg.fleets:
                    found.setdefault(("fleet", fleet), {})[step.leg.name] = None
    return {key: list(names) for key, names in found.items()}
