"""What the differences of a comparison mean, in sentences of English or Chinese."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsupply.base.language import Language, spaced
from simsupply.experiment.comparison import EVERYBODY, Case, Comparison
from simsupply.figures.for_whom import lowest_pairs, rows_of_pair, whom_title
from simsupply.measures.metric_registry import metric_label, unit_of
from simsupply.measures.unit_titles import unit_label
from simsupply.report.amounts import DAYS_FROM_H, duration, round_share
from simsupply.report.few_values import few_or_equal
from simsupply.stats.paired import side_of, unpaired_equivalent
from simsupply.stats.quantiles import quantile
from simsupply.strategy.step_titles import step_labels

_TEXT = {
    "en": {
        "differs": "At {level}, {metric}: {first} {amount} {way} than {second}.",
        "same": "At {level}, {metric}: {first} and {second} cannot be told apart{amount}.",
        "one": "At {level}, {metric}: {first} {amount} {way} than {second} in the only replication, which "
        "proves nothing.",
        "none": "{metric} does not exist in every replication of {first} and {second} at {level}.",
        "more": "more",
        "less": "less",
        "points": "percentage points",
        "bounds": " ({low} to {high})",
        "for_whom": "At {level}, {first} instead of {second}: {parts}.",
        "shorter": "shorter with an empty pantry are {groups}",
        "longer": "longer are {groups}",
        "alike": "no difference is found for {groups}",
        "group": "{group} ({sign}{hours})",
        "saved": "The same luck for all saved {saved:.0f} % of the variance of these differences: {n} replications "
        "tell as much as {m} with luck of their own.",
        "not_saved": "The same luck for all saved nothing here.",
        "family": "95 % hold for all statements on one measure together.",
        "comma": ", ",
        "and": "; ",
    },
    "zh": {
        "differs": "{level}时，{metric}：“{first}”比“{second}”{way}{amount}。",
        "same": "{level}时，{metric}：“{first}”与“{second}”无法区分{amount}。",
        "one": "{level}时，{metric}：“{first}”比“{second}”{way}{amount}；仅一次重复，不足为据。",
        "none": "{level}时，“{first}”与“{second}”并非每次重复都有{metric}。",
        "more": "多",
        "less": "少",
        "points": "个百分点",
        "bounds": "（{low}至{high}）",
        "for_whom": "{level}时，以“{first}”取代“{second}”：{parts}。",
        "shorter": "断供更短的有{groups}",
        "longer": "更长的有{groups}",
        "alike": "未见差别的有{groups}",
        "group": "{group}（{sign}{hours}）",
        "saved": "采用公共随机数使差值的方差减少{saved:.0f} %：{n}次重复相当于各自独立抽样的{m}次。",
        "not_saved": "公共随机数在此未能减少方差。",
        "family": "对同一指标的所有陈述合在一起有95 %的把握。",
        "comma": "、",
        "and": "；",
    },
}


def difference_sentences(comparison: Comparison, language: Language = "en") -> list[str]:
    """How the best differs from the others in each measure, for whom, and what pairing saved.

    At the lowest attendance, or the last level given of another key. Nothing if there is only one alternative.
    """
    pairs = lowest_pairs(comparison)
    if not pairs:
        return []
    table, whom, text = comparison.differences(), comparison.for_whom(), _TEXT[language]
    lines = [_one(_row(table, pair, metric), pair, language) for metric in comparison.metrics for pair in pairs]
    lines += [line for pair in pairs if (line := _for_whom(rows_of_pair(whom, pair), pair, language))]
    if (table["n"] > 1).any():
        lines += [text["family"], *_saved(table, language)]
    by_title = {case.titled(language): case.result for case in comparison.last_level}
    few = few_or_equal(by_title, comparison.metrics, language)
    lines += [few] if few else []
    return [spaced(line, language) for line in lines]


def _row(table: pd.DataFrame, pair: tuple[Case, Case], metric: str) -> pd.Series:
    return rows_of_pair(table[table["metric"] == metric], pair).iloc[0]


def _one(row: pd.Series, pair: tuple[Case, Case], language: Language) -> str:
    text = _TEXT[language]
    scale, unit = _scale(row, language)
    metric = metric_label(row["metric"], language, step_labels([case.strategy for case in pair], language))
    first, second = (case.titled(language) for case in pair)
    if language == "en":
        metric = metric[0].lower() + metric[1:]
    words = {"level": pair[0].in_words(language), "metric": metric, "first": first, "second": second}
    if pd.isna(row["mean"]):
        return text["none"].format(**words)
    sign = -1 if row["mean"] < 0 else 1
    amount = f"{_number(sign * row['mean'] * scale)} {unit}"
    if pd.isna(row["ci_low"]):
        if row["mean"] == 0:
            return text["same"].format(**words, amount="")
        return text["one"].format(**words, amount=amount, way=text["more" if sign > 0 else "less"])
    low, high = sorted((sign * row["ci_low"] * scale, sign * row["ci_high"] * scale))
    bounds = text["bounds"].format(low=_number(low), high=_number(high))
    if not side_of(row["ci_low"], row["ci_high"]):
        return text["same"].format(**words, amount="" if row["mean"] == 0 else bounds[:-1] + f" {unit}" + bounds[-1])
    return text["differs"].format(**words, amount=amount + bounds, way=text["more" if sign > 0 else "less"])


def _scale(row: pd.Series, language: Language) -> tuple[float, str]:
    """In what a difference is told, and times what: shares in percentage points, 48 hours and more in days."""
    if row["unit"] == "share":
        return 100.0, _TEXT[language]["points"]
    if row["unit"] == "h" and abs(row["mean"]) >= DAYS_FROM_H:
        return 1 / 24, unit_label("days", language)
    return 1.0, unit_label(str(row["unit"]), language)


def _number(value: float) -> str:
    """Three figures of a small number, none after the point of a large one; never a negative zero."""
    shown = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return "0" if shown in ("-0", "0.0") else shown


def _for_whom(rows: pd.DataFrame, pair: tuple[Case, Case], language: Language) -> str | None:
    """Who is better and worse off with the first of a pair; None where it cannot be said."""
    text, by_side = _TEXT[language], dict[str, list[str]]()
    for _, row in rows[(rows["split"] != EVERYBODY) | (rows["group"] != EVERYBODY)].iterrows():
        if pd.isna(row["ci_low"]):
            continue
        name = whom_title(pair[0], str(row["split"]), str(row["group"]), language)
        if not side_of(row["ci_low"], row["ci_high"]):
            by_side.setdefault("alike", []).append(name)
            continue
        side = "shorter" if row["mean"] < 0 else "longer"
        by_side.setdefault(side, []).append(
            text["group"].format(
                group=name, sign="-" if row["mean"] < 0 else "+", hours=duration(abs(row["mean"]), language)
            )
        )
    parts = [
        text[side].format(groups=text["comma"].join(by_side[side]))
        for side in ("shorter", "longer", "alike")
        if side in by_side
    ]
    if not parts:
        return None
    first, second = (case.titled(language) for case in pair)
    return text["for_whom"].format(
        level=pair[0].in_words(language), first=first, second=second, parts=text["and"].join(parts)
    )


def _saved(table: pd.DataFrame, language: Language) -> list[str]:
    """The middle of what pairing saved, over pairs and measures in which something varies."""
    saved = [float(value) for value in table["variance_saved"].dropna()]
    if not saved:
        return []
    text, middle, num = _TEXT[language], quantile(np.array(saved), 0.5), int(table["n"].max())
    more = unpaired_equivalent(num, middle)
    if middle <= 0:
        return [text["not_saved"]]
    # All of it: the difference is always the same, and no number of others would do.
    return [text["saved"].format(saved=middle * 100, n=num, m="∞" if more is None else f"{more:,}")]


_SELECTION = {
    "en": {
        "kn": "At {level}, {best} is the best in {metric} with {share} % probability, if the best is "
        "better by {zone} or more ({used} replications of all together).",
        "ocba": "At {level}, {best} is the best in {metric} with an estimated probability of {share} % "
        "({used} replications of all together, differences below {zone} not looked for).",
        "open": "At {level} no best in {metric} is found within {used} replications of all together (the "
        "most allowed is {most:,}); not ruled out: {race}; ahead is {best}.",
        "uneven": "Who was ruled out early has fewer replications: compare by the differences, which are over the same "
        "ones, not by the means.",
        "alike": "From it cannot be told apart: {alike}.",
        "comma": ", ",
        "points": "percentage points",
    },
    "zh": {
        "kn": "{level}时，就{metric}而言最优的是“{best}”，把握为{share} %，"
        "前提是最优者至少领先{zone}（共{used}次重复）。",
        "ocba": "{level}时，就{metric}而言最优的是“{best}”，估计把握为{share} %"
        "（共{used}次重复，不区分小于{zone}的差别）。",
        "open": "{level}时，就{metric}而言，{used}次重复（上限{most:,}次）内未能选出最优；"
        "尚未排除：{race}；暂时领先的是“{best}”。",
        "uneven": "较早被排除的方案重复次数较少：应比较基于相同重复的差值，而非各自的均值。",
        "alike": "与其无法区分的有：{alike}。",
        "comma": "、",
        "points": "个百分点",
    },
}


def selection_sentences(comparison: Comparison, language: Language = "en") -> list[str]:
    """Which alternative is the best at each level, how sure that is, and which cannot be told apart from it."""
    lines, text = [], _SELECTION[language]
    for number, selection in enumerate(comparison.selected):
        size = len(selection.names)
        cases = comparison.cases[number * size : (number + 1) * size]
        titles = [case.titled(language) for case in cases]
        picked, zone = selection.selection, selection.settings.zone or 0.0
        labels = step_labels([case.strategy for case in cases], language)
        metric = metric_label(selection.settings.metric, language, labels)
        unit = unit_of(selection.settings.metric)
        shown = f"{zone * 100:g} {text['points']}" if unit == "share" else f"{zone:g} {unit_label(unit, language)}"
        line = text[picked.method if picked.is_decided else "open"].format(
            level=cases[0].in_words(language),
            best=titles[picked.best],
            metric=metric[0].lower() + metric[1:],
            share=round_share(picked.probability),
            zone=shown,
            used=f"{sum(picked.replications):,}",
            most=selection.settings.max,
            race=text["comma"].join(titles[at] for at in picked.in_race),
        )
        if picked.is_decided and selection.alike:
            space = " " if language == "en" else ""
            line += space + text["alike"].format(alike=text["comma"].join(titles[at] for at in selection.alike))
        lines.append(spaced(line, language))
    if any(len({len(case.result.values) for case in comparison.cases}) > 1 for _ in comparison.selected):
        lines.append(text["uneven"])
    return lines
