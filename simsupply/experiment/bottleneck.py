"""What holds a plan back: what one more person, vehicle, dock, hour or order a day gains, under common random numbers.

Utilisation says who is busy, and order-hours waited say where goods stand; but a crew can be busy without holding
anything up, and a queue can stand before a step that only waits for the next one. So there is made one more of each
(`simsupply.experiment.constraints`), and the plan is run again with the same luck: those who were there draw the same
numbers as before (`simsupply.model.staff.persons.Persons.draw`), new ones add draws of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from simsupply.base.catalogue import message
from simsupply.base.problems import wrong
from simsupply.experiment.constraints import Constraint, Plan, constraints_of, relaxed
from simsupply.experiment.simulate import simulate
from simsupply.measures.metric_names import check_metric
from simsupply.measures.metric_registry import better_side, bounds_of, unit_of
from simsupply.results.result import Result
from simsupply.scenario.world import Scenario
from simsupply.stats.paired import differences
from simsupply.strategy.channels import StrategySpec

COLUMNS = (
    "kind",
    "name",
    "stages",
    "utilisation",
    "before",
    "after",
    "added",
    "gain",
    "ci_low",
    "ci_high",
    "p_value",
    "per_unit",
    "n",
    "n_better",
)


def check_one_more(
    metric: object, scenario: Scenario, strategy: StrategySpec, source: str, key: str = "bottleneck"
) -> None:
    """Check that a metric exists and that more, or less, of it is better.

    Raises
    ------
    InputError
        If not.
    """
    check_metric(metric, [strategy], source, key, [scenario])
    if better_side(str(metric)) is None:
        raise wrong(source, key, metric, message("metric_better_in_itself"))


def one_more(
    result: Result, metric: str = "coverage", on_advance: Callable[[float], object] | None = None
) -> pd.DataFrame:
    """Gain by one more of everything that the plan has only so much of.

    One more is as many again up to four, and a quarter more where there are many, at each place (and shift): of people,
    vehicles, docks, orders a day, households in a slot; an hour of opening; a quarter of room, promised days and goods.

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
        One row per constraint, the largest gain first: kind (see `simsupply.experiment.constraints.ConstraintKind`),
        name, stages (steps at which it is needed), utilisation (0..1, of the busiest of them, now; of crews and
        fleets), before and after (how much there is at each place, and in the variant; missing where places differ),
        added (in all, in the same unit; of room and goods the share of what there was), gain (in the metric's unit,
        above 0: better), ci_low, ci_high (simultaneous 95 % interval), p_value (for all of them),
        per_unit (gain / added), n (replications), n_better (of them with a gain), unit. Intervals are missing with a
        single replication, gains where the metric does not exist in every replication.

    Raises
    ------
    InputError
        If neither side of the metric is better in itself, or there is no such metric.
    """
    check_one_more(metric, result.scenario, result.strategy, "one_more", "metric")
    constraints = constraints_of(result.scenario, result.strategy)
    pairs = []
    for constraint in constraints:
        pair = (with_more(result, [constraint], on_advance=on_advance).values[metric], result.values[metric])
        # A gain is what is added where more is better, and what is taken away where less is.
        pairs.append(pair if better_side(metric) == "more" else pair[::-1])
    busy = {name: found.mean or 0.0 for name, found in result.utilisation().items()}
    lines = [
        {
            **_about(constraint, busy),
            "gain": difference.mean,
            "ci_low": difference.ci_low,
            "ci_high": difference.ci_high,
            "p_value": difference.p_value,
            "per_unit": None if difference.mean is None else difference.mean / constraint.added,
            "n": difference.n,
            "n_better": int((pair[0] > pair[1]).sum()),
        }
        for constraint, pair, difference in zip(constraints, pairs, differences(pairs, bounds_of(metric)), strict=True)
    ]
    table = pd.DataFrame(lines, columns=list(COLUMNS)).assign(unit=unit_of(metric))
    numeric = ("utilisation", "before", "after", "added", "gain", "ci_low", "ci_high", "p_value", "per_unit")
    table = table.astype(dict.fromkeys(numeric, float))
    return table.sort_values("gain", ascending=False, kind="stable", ignore_index=True)


# A gain that shows, where replications are too few for an interval: of a share half a point, else one in twenty.
SHARE_SHOWS, PART_SHOWS = 0.005, 0.05


def shows_in_each(gain: float, before: float, unit: str, n: int, n_better: int) -> bool:
    """Whether there is a gain in each of several replications, and a mean gain that shows."""
    shows = SHARE_SHOWS if unit == "share" else PART_SHOWS * abs(before)
    return 1 < n == n_better and gain >= shows


def with_more(
    result: Result,
    constraints: Sequence[Constraint],
    num: int | None = None,
    on_advance: Callable[[float], object] | None = None,
) -> Result:
    """The result in the same replications (the first `num` of them) with one more of each of these constraints."""
    plan = relaxed(Plan(result.scenario, result.strategy), constraints)
    return simulate(
        plan.scenario,
        plan.strategy,
        replications=len(result.values) if num is None else num,
        seed=result.seed,
        first_replication=int(result.values.index.min()),
        splits=False,
        on_advance=on_advance,
    )


def num_variants(scenario: Scenario, strategy: StrategySpec) -> int:
    """Of how many constraints `one_more` makes one more."""
    return len(constraints_of(scenario, strategy))


def _about(constraint: Constraint, busy: dict[str, float]) -> dict[str, object]:
    """What a row says of a constraint besides its gain."""
    is_group = constraint.kind in ("crew", "fleet")
    return {
        "kind": constraint.kind,
        "name": constraint.name,
        "stages": ", ".join(constraint.steps),
        "utilisation": max((busy.get(step, 0.0) for step in constraint.steps), default=0.0) if is_group else None,
        "before": constraint.before,
        "after": constraint.after,
        "added": constraint.added,
    }
