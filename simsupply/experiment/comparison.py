"""What a comparison found: strategies, or scenarios, side by side at several levels of attendance or another key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simsupply.base.notebook import Answers, short_html
from simsupply.base.spec import Title
from simsupply.experiment.alternatives import METRICS_COMPARED
from simsupply.experiment.levels import Level, LevelValue
from simsupply.experiment.race import SelectionResult
from simsupply.measures.metric_registry import better_side, bounds_of, unit_of
from simsupply.results.longest_waits import longest_waits
from simsupply.results.result import MEASURES_SHOWN, Result
from simsupply.scenario.drawn_attendance import DRAWN
from simsupply.scenario.world import Scenario
from simsupply.stats.intervals import Estimate
from simsupply.stats.paired import Difference, differences
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.plan_titles import PlanTitles
from simsupply.strategy.step_titles import step_labels

# What people had to eat: in tables before who was reached.
FED = ("fill_rate", "hungry_household_share_worst_day", "empty_pantry_h_worst_decile")
GROUPS_COMPARED = ("tier", "kind", "district")
EVERYBODY, WORST_DECILE = "everybody", "worst_decile"


@dataclass(frozen=True)
class Case:
    """One alternative at one level of attendance (0..1), or of another key.

    Attributes
    ----------
    name, title
        What it is called beside the others, if not as its strategy (see `simsupply.experiment.alternatives`).
    level : int or None
        Cases of one level are compared with each other; None: those of the same attendance.
    at : Level or None
        What the level is, if not one of attendance.
    """

    strategy: StrategySpec
    attendance: float
    result: Result
    name: str = ""
    title: Title | None = None
    level: int | None = None
    at: Level | None = None

    @property
    def alternative(self) -> str:
        """Name of the alternative."""
        return self.name or self.strategy.name

    def titled(self, language: str = "en") -> str:
        """Title of the alternative."""
        return (self.title or self.strategy.title).in_language(language)

    @property
    def together(self) -> float:
        """Cases with the same one are compared with each other."""
        return self.attendance if self.level is None else self.level

    @property
    def named(self) -> dict[str, LevelValue]:
        """The level by its column in tables: ``attendance`` (0..1), or the other key."""
        return {"attendance": self.attendance} if self.at is None else {self.at.key: self.at.value}

    @property
    def label(self) -> str:
        """Attendance, or the value of the other key, as a reader sees it."""
        return f"{round(self.attendance * 100, 2):g} %" if self.at is None else self.at.label

    def in_words(self, language: str = "en") -> str:
        """The level in a sentence; where it is drawn for each replication, its mean."""
        if self.at is not None:
            shown = f"{self.key_in_words(language)} = {self.at.label}"
            return f"“{shown}”" if language == "zh" else shown
        if isinstance(self.result.scenario.spec.staffing.attendance, DRAWN):
            mean = "到岗率逐次抽取、平均" if language == "zh" else " attendance on average, drawn in every replication"
            return f"{mean}{self.label}" if language == "zh" else f"{self.label}{mean}"
        return f"到岗率{self.label}" if language == "zh" else f"{self.label} attendance"

    def heading(self, language: str = "en") -> str:
        """Heading of this case's panel in a figure."""
        if self.at is not None:
            return f"{self.key_in_words(language)} = {self.at.label}"
        return f"到岗率 {self.label}" if language == "zh" else f"{self.label} attendance"

    def key_in_words(self, language: str = "en") -> str:
        """The other key; of a crew, fleet or place by its title. Empty: attendance differs."""
        if self.at is None:
            return ""
        plan = PlanTitles([self.result.scenario.spec.model_dump(mode="json", by_alias=True)])
        return plan.parameter(self.at.key, "zh" if language == "zh" else "en")

    def curve(self, language: str = "en") -> pd.DataFrame:
        """Coverage over time, as `simsupply.plot_coverage` takes it."""
        return self.result.coverage_band().assign(strategy=self.titled(language), case=self.heading(language))

    def utilisation(self, language: str = "en") -> pd.DataFrame:
        """Utilisation by stage, as `simsupply.plot_utilisation` takes it."""
        waits = longest_waits(self.result)
        labels = step_labels([self.strategy], "zh" if language == "zh" else "en")
        rows = [
            {
                "strategy": self.titled(language),
                "case": self.heading(language),
                "stage": stage,
                "title": labels[stage],
                "mean": found.mean,
                "ci_low": found.ci_low,
                "ci_high": found.ci_high,
                "is_longest_wait": bool(waits) and stage == waits[0].step,
            }
            for stage, found in self.result.utilisation().items()
        ]
        # A strategy of delays and gates only has no stage: no rows, but the columns.
        columns = ["strategy", "case", "stage", "title", "mean", "ci_low", "ci_high", "is_longest_wait"]
        kinds = {"mean": float, "ci_low": float, "ci_high": float, "is_longest_wait": bool}
        return pd.DataFrame(rows, columns=columns).astype(kinds)

    def __repr__(self) -> str:
        return f"Case: {self.alternative} at {self.in_words()}\n{self.result!r}"


@dataclass(frozen=True)
class Comparison:
    """All cases of a comparison: every alternative at every level of attendance or another key, in the order given.

    Attributes
    ----------
    scenario : Scenario
        The first one, if there are several.
    metrics : tuple of str
        In which alternatives are compared.
    selected : tuple of Selected
        With ``select``: what came of it, level by level.
    """

    scenario: Scenario
    cases: tuple[Case, ...]
    metrics: tuple[str, ...] = METRICS_COMPARED
    selected: tuple[SelectionResult, ...] = ()

    @property
    def level_column(self) -> str:
        """The column of tables that tells levels apart: ``attendance``, or the other key."""
        return next(iter(self.cases[0].named))

    @property
    def last_level(self) -> list[Case]:
        """Cases of the level that answers speak of: the lowest attendance, or the last level given of another key."""
        if self.cases[0].at is not None:
            last = self.cases[-1].together
        else:
            last = min(self.cases, key=lambda case: case.attendance).together
        return [case for case in self.cases if case.together == last]

    def table(self) -> pd.DataFrame:
        """The answer in one table.

        Columns: attendance (0..1; or the other key in whose levels it is compared), strategy, scenario, fill_rate,
        hungry_household_share_worst_day, empty_pantry_h_worst_decile (means of these metrics), coverage, ci_low,
        ci_high (share of households served within the target), last_household_h (hours until everybody is served once;
        NaN: not within the run in every replication), longest_wait (step before which orders waited longest), waits_for
        (what for), wait_h (order-hours; see `simsupply.results.longest_waits`), busiest (stage or leg), utilisation
        (0..1, of the busiest).
        """
        rows = []
        for case in self.cases:
            coverage = case.result.estimate("coverage")
            last = case.result.estimate("last_household_served_h")
            waits, busiest = longest_waits(case.result), case.result.busiest()
            rows.append(
                {
                    **case.named,
                    "strategy": case.strategy.name,
                    "scenario": case.result.scenario.name,
                    **{metric: case.result.estimate(metric).mean for metric in FED},
                    "coverage": coverage.mean,
                    "ci_low": coverage.ci_low,
                    "ci_high": coverage.ci_high,
                    "last_household_h": np.nan if last.mean is None else last.mean,
                    "longest_wait": waits[0].step if waits else None,
                    "waits_for": waits[0].cause if waits else None,
                    "wait_h": waits[0].hours if waits else 0.0,
                    "busiest": busiest.stage if busiest else None,
                    "utilisation": busiest.utilisation if busiest else 0.0,
                }
            )
        return pd.DataFrame(rows)

    def coverage_curves(self, language: str = "en") -> pd.DataFrame:
        """Coverage over time: strategy (its title), case, hour, mean, ci_low, ci_high."""
        return pd.concat([case.curve(language) for case in self.cases], ignore_index=True)

    def utilisation(self, language: str = "en") -> pd.DataFrame:
        """Utilisation: strategy (its title), case, stage and its title, mean, ci_low, ci_high, is_longest_wait.

        Stages stand in process order, those of different strategies merged.
        """
        table = pd.concat([case.utilisation(language) for case in self.cases], ignore_index=True)
        labels = step_labels([case.strategy for case in self.cases], "zh" if language == "zh" else "en")
        table["title"] = table["stage"].map(labels)
        order: list[str] = []
        for case in self.cases:
            at = 0
            for stage in case.result.utilisation():
                if stage not in order:
                    order.insert(at, stage)
                at = order.index(stage) + 1
        rank = {stage: number for number, stage in enumerate(order)}
        return table.sort_values("stage", key=lambda column: column.map(rank), kind="stable", ignore_index=True)

    def difference(self, better: Case, worse: Case, metric: str = "coverage") -> Estimate:
        """Mean of ``better - worse``, paired by replication (the two share their random numbers)."""
        pair = (better.result.values[metric], worse.result.values[metric])
        (found,) = differences([pair], bounds_of(metric))
        return Estimate(found.mean, found.ci_low, found.ci_high, found.n, unit_of(metric))

    def pairs(self) -> list[tuple[Case, Case]]:
        """All pairs of cases of one level, in the order given."""
        return [
            (first, second)
            for number, first in enumerate(self.cases)
            for second in self.cases[number + 1 :]
            if first.together == second.together
        ]

    def differences(self, metrics: Sequence[str] | None = None) -> pd.DataFrame:
        """Every pair at every level in each metric; see `simsupply.stats.paired` for what is simultaneous.

        Columns: attendance (0..1; or the other key), first, second (alternatives), metric, mean, ci_low, ci_high
        (of first - second, simultaneous 95 % interval), p_value (for the whole family), n, unit, variance_saved
        (0..1), better (an alternative; missing: cannot be told apart, or neither side of
        the metric is better in itself).
        """
        parts = []
        for metric in self.metrics if metrics is None else metrics:
            values = {id(case): case.result.values[metric] for case in self.cases}
            rows = [
                {**_who(pair), "metric": metric, "unit": unit_of(metric), "side": better_side(metric)}
                for pair in self.pairs()
            ]
            pairs = [(values[id(first)], values[id(second)]) for first, second in self.pairs()]
            found = differences(pairs, bounds_of(metric))
            parts.append(_difference_table(self.level_column, rows, found))
        return pd.concat(parts, ignore_index=True)

    def paired(self, first: Case, second: Case, metric: str) -> Difference:
        """One pair of cases in one metric, as one of the family of all pairs."""
        pairs = self.pairs()
        at, is_turned = next(
            (at, pair[0] is second) for at, pair in enumerate(pairs) if {id(first), id(second)} == set(map(id, pair))
        )
        values = [(first.result.values[metric], other.result.values[metric]) for first, other in pairs]
        if is_turned:
            values[at] = values[at][::-1]
        return differences(values, bounds_of(metric))[at]

    def for_whom(self, metric: str = "empty_pantry_h") -> pd.DataFrame:
        """The same for each tier, district and kind of household, for everybody, and for the worst-off tenth.

        Columns as `differences`, with split and group after second. All rows are one family.

        Parameters
        ----------
        metric : str
            One that groups of households have too (`simsupply.measures.outcomes`).
        """
        rows, pairs = [], []
        for pair in self.pairs():
            for split, group, values in _by_group(pair, metric):
                rows.append({**_who(pair), "split": split, "group": group, "metric": metric, "unit": unit_of(metric)})
                pairs.append(values)
        table = [{**row, "side": better_side(metric)} for row in rows]
        found = differences(pairs, bounds_of(metric))
        return _difference_table(self.level_column, table, found, more=("split", "group"))

    def values(self) -> pd.DataFrame:
        """Every metric of every replication.

        Columns: strategy, scenario, attendance (or the other key), replication, metric, value, unit.
        """
        return pd.concat(
            [
                case.result.long_values().assign(
                    strategy=case.strategy.name, scenario=case.result.scenario.name, **case.named
                )
                for case in self.cases
            ],
            ignore_index=True,
        )[["strategy", "scenario", self.level_column, "replication", "metric", "value", "unit"]]

    def _lines(self) -> list[str]:
        names = list(dict.fromkeys(case.alternative for case in self.cases))
        levels = list(dict.fromkeys(case.label for case in self.cases))
        num = sorted({len(case.result.values) for case in self.cases})
        replications = f"{num[0]:,}" if len(num) == 1 else f"{num[0]:,} to {num[-1]:,}"
        return [
            f"{len(names)} alternatives: {_shortened(names)}",
            f"{self.level_column} {_shortened(levels)}, {replications} replications of each",
        ]

    def __repr__(self) -> str:
        return "\n".join([f"Comparison: scenario {self.scenario.name}", *self._lines()])

    def _repr_html_(self) -> str:
        shown = [name for name in MEASURES_SHOWN if all(name in case.result.values for case in self.cases)]
        units = [unit_of(name) for name in shown]
        head = [
            self.level_column,
            "alternative",
            *(f"{name} ({unit})" for name, unit in zip(shown, units, strict=True)),
        ]
        rows = []
        for case in self.cases:
            texts = {name: text for name, text, _ in case.result.measures_shown()}
            rows.append([case.label, case.titled(), *(texts[name] for name in shown)])
        return short_html(self.scenario.settings.title.en, self._lines(), head, rows, Answers.of(self))


def _shortened(names: Sequence[str], most: int = 8) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def by_coverage(cases: Sequence[Case]) -> list[Case]:
    """Cases of one level, the one that serves most first, by the replications that all of them have."""
    both = cases[0].result.values.index
    for case in cases[1:]:
        both = both.intersection(case.result.values.index)
    return sorted(cases, key=lambda case: -float(case.result.values["coverage"].loc[both].mean()))


def _who(pair: tuple[Case, Case]) -> dict[str, object]:
    first, second = pair
    return {**first.named, "first": first.alternative, "second": second.alternative}


def _difference_table(
    level: str, rows: Sequence[dict[str, object]], found: Sequence[Difference], more: tuple[str, ...] = ()
) -> pd.DataFrame:
    """One row per difference; `rows` say of what, in column `level` where, and which side of the metric is better."""
    lines = []
    for row, difference in zip(rows, found, strict=True):
        wins = {"more": 1, "less": -1}.get(str(row["side"]))
        better = None
        if wins is not None and difference.side:
            better = row["first" if difference.side == wins else "second"]
        numbers = {name: value for name, value in vars(difference).items() if name != "saved"}
        lines.append({**row, **numbers, "variance_saved": difference.saved, "better": better})
    numeric = ("mean", "ci_low", "ci_high", "p_value", "variance_saved")
    columns = [level, "first", "second", *more, "metric", *numeric[:4], "n", "unit", numeric[4], "better"]
    return pd.DataFrame(lines, columns=columns).astype({**dict.fromkeys(numeric, float), "better": object})


def _by_group(pair: tuple[Case, Case], metric: str) -> Iterator[tuple[str, str, tuple[pd.Series, pd.Series]]]:
    """Values of both cases for everybody, the worst-off tenth and each group of households that both have."""
    first, second = (case.result for case in pair)
    for group, name in ((EVERYBODY, metric), (WORST_DECILE, f"{metric}_worst_decile")):
        if name in first.values and name in second.values:
            yield EVERYBODY, group, (first.values[name], second.values[name])
    if first.splits is None or second.splits is None:
        return
    sides = [_of_groups(result, metric) for result in (first, second)]
    for key in sides[0]:
        if key in sides[1]:
            yield *key, (sides[0][key], sides[1][key])


def _of_groups(result: Result, metric: str) -> dict[tuple[str, str], pd.Series]:
    assert result.splits is not None
    rows = result.splits[(result.splits["metric"] == metric) & result.splits["split"].isin(GROUPS_COMPARED)]
    return {
        (str(split), str(group)): part.set_index("replication")["value"].reindex(result.values.index)
        for (split, group), part in rows.groupby(["split", "group"], sort=False)
    }
