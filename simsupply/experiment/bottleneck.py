"""Which crew or fleet limits a plan: what one more worker or vehicle gains, under common random numbers.

Utilisation says who is busy (`simsupply.results.result.Result.bottleneck`); but a crew can be busy without
holding anything up, and an idle one can be what is missing at noon. So each crew and fleet is given one
more, and the plan is played again with the same luck: those who were there draw the same numbers as before
(`simsupply.model.staff.persons.Persons.draw`), the new one adds a draw of his own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pandas as pd

from simsupply.base.problems import wrong
from simsupply.experiment.simulate import simulate
from simsupply.figures.labels import Language, metric_label, stage_label, unit_label
from simsupply.measures.better import better_side
from simsupply.measures.metric_names import check_metric
from simsupply.measures.metrics import unit_of
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
        raise wrong(source, key, metric, "a metric of which more, or less, is better in itself")


def one_more(
    result: Result, metric: str = "coverage", on_advance: Callable[[float], object] | None = None
) -> pd.DataFrame:
    """Gain by one more person per shift, or vehicle, at each place of each crew and fleet in use.

    Parameters
    ----------
    result : Result
        What is there now; each variant is played in the same replications.
    metric : str
        One of which more, or less, is better.
    on_advance : callable, optional
        As for `simsupply.simulate`.

    Returns
    -------
    DataFrame
        One row per crew and fleet, the largest gain first: kind (crew, fleet), name, stages (those it works at),
        utilisation (0..1, of the busiest of them, now), added (people or vehicles), gain (in the
        metric's unit, above 0: better), ci_low, ci_high (simultaneous 95 % interval), p_value (Holm-adjusted), per_unit
        (gain / added), n (replications), unit. Intervals are missing with a single replication, gains where
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
    sign = 1.0 if better_side(metric) == "more" else -1.0
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
        pairs.append((sign * richer.values[metric], sign * result.values[metric]))
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
            "gain": one.mean,
            "ci_low": one.ci_low,
            "ci_high": one.ci_high,
            "p_value": one.p_value,
            "per_unit": None if one.mean is None else one.mean / added,
            "n": one.n,
        }
        for row, added, one in zip(rows, units, differences(pairs), strict=True)
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


# --- in words -----------------------------------------------------------------------------------------

_TEXT = {
    "en": {
        "gains": "One more at each place ({metric}): {parts}.",
        "part": "{stages} gains {gain} ({low} to {high}) {unit} by {added}",
        "none": "no gain is found at {stages}",
        "nowhere": "One more at each place ({metric}): no gain is found anywhere.",
        "unknown": "One more at each place ({metric}): not to be said from one replication, or the metric does not "
        "exist in every one.",
        "worse": "{stages} loses by it {gain} ({low} to {high}) {unit}",
        "crew": "{added} more people",
        "fleet": "{added} more vehicles",
        "points": "percentage points",
        "comma": ", ",
        "and": "; ",
    },
    "zh": {
        "gains": "各处增加一人或一车（{metric}）：{parts}。",
        "part": "{stages}改善{gain}（{low}至{high}）{unit}，共增加{added}",
        "none": "{stages}未见改善",
        "nowhere": "各处增加一人或一车（{metric}）：均未见改善。",
        "unknown": "各处增加一人或一车（{metric}）：仅一次重复，或该指标并非每次重复都存在，无法判断。",
        "worse": "{stages}反而变差{gain}（{low}至{high}）{unit}",
        "crew": "{added}人",
        "fleet": "{added}辆",
        "points": "个百分点",
        "comma": "、",
        "and": "；",
    },
}


def one_more_sentence(table: pd.DataFrame, metric: str, language: Language = "en") -> str:
    """Where one more gains, where it does not, and where it harms."""
    text, shown = _TEXT[language], metric_label(metric, language)
    shown = shown[0].lower() + shown[1:]
    tested = table[table["p_value"].notna()]
    if tested.empty:
        return text["unknown"].format(metric=shown)
    parts, none = [], []
    for _, row in tested.iterrows():
        stages = text["comma"].join(stage_label(one, language) for one in row["stages"].split(", ") if one)
        stages = stages or str(row["name"])
        if row["p_value"] > 0.05:
            none.append(stages)
            continue
        scale, sign = (100.0 if row["unit"] == "share" else 1.0), (1 if row["gain"] > 0 else -1)
        low, high = sorted((sign * scale * row["ci_low"], sign * scale * row["ci_high"]))
        parts.append(
            text["part" if sign > 0 else "worse"].format(
                stages=stages,
                gain=f"{sign * scale * row['gain']:,.3g}",
                low=f"{low:,.3g}",
                high=f"{high:,.3g}",
                unit=text["points"] if row["unit"] == "share" else unit_label(row["unit"], language),
                added=text[row["kind"]].format(added=row["added"]),
            )
        )
    if not parts:
        return text["nowhere"].format(metric=shown)
    if none:
        parts.append(text["none"].format(stages=text["comma"].join(dict.fromkeys(none))))
    return text["gains"].format(metric=shown, parts=text["and"].join(parts))


def one_more_figure_table(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Rows as `simsupply.figures.plot_differences` takes them; shares in percentage points."""
    scale = 100.0 if (table["unit"] == "share").all() else 1.0
    names = [
        " / ".join(stage_label(one, language) for one in stages.split(", ") if one) or name
        for stages, name in zip(table["stages"], table["name"], strict=True)
    ]
    groups = [f"{shown} ({name})" for shown, name in zip(names, table["name"], strict=True)]
    return pd.DataFrame(
        {
            "panel": [figure_heading(language)] * len(table),
            "group": groups,
            "mean": table["gain"] * scale,
            "ci_low": table["ci_low"] * scale,
            "ci_high": table["ci_high"] * scale,
            "is_apart": table["p_value"] <= 0.05,
        }
    )


def figure_heading(language: Language) -> str:
    """Heading of the figure's panel."""
    return {"en": "One more per shift and place", "zh": "每处每班增加一人（车）"}[language]
