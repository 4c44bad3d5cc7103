"""What one more of everything gains, in sentences of English or Chinese."""

from __future__ import annotations

import pandas as pd

from simsupply.base.language import Language
from simsupply.experiment.bottleneck import shows_in_each
from simsupply.figures.bottleneck_tables import one_more_titles
from simsupply.figures.constraint_titles import one_more_in_words
from simsupply.measures.metric_registry import metric_label
from simsupply.measures.unit_titles import unit_label
from simsupply.results.result import Result
from simsupply.stats.paired import side_of
from simsupply.strategy.step_titles import step_labels

_TEXT: dict[Language, dict[str, str]] = {
    "en": {
        "gains": "One more of {title} ({more}): {metric} improves by {gain} ({low} to {high}) {unit}.",
        "worse": "One more of {title} ({more}): {metric} gets worse by {gain} ({low} to {high}) {unit}.",
        "each": "One more of {title} ({more}): {metric} improves by {gain} {unit} on average, with a gain in each of "
        "the {n} replications, which are too few for an interval without 0.",
        "none": "No gain in {metric} is found from one more of {titles}.",
        "nowhere": "One more of anything: no gain in {metric} is found.",
        "unknown": "What one more gains in {metric} is not to be said from one replication, or where the metric does "
        "not exist in every one.",
        "points": "percentage points",
        "comma": ", ",
    },
    "zh": {
        "gains": "增加{title}（{more}）：{metric}改善{gain}（{low}至{high}）{unit}。",
        "worse": "增加{title}（{more}）：{metric}反而变差{gain}（{low}至{high}）{unit}。",
        "each": "增加{title}（{more}）：{metric}平均改善{gain}{unit}，{n}次重复中每次均有改善，但重复太少，区间仍含0。",
        "none": "增加{titles}，{metric}未见改善。",
        "nowhere": "无论增加哪一项，{metric}均未见改善。",
        "unknown": "仅一次重复，或{metric}并非每次重复都存在，无法判断增加一份的效果。",
        "points": "个百分点",
        "comma": "、",
    },
}


def one_more_sentences(table: pd.DataFrame, metric: str, result: Result, language: Language = "en") -> list[str]:
    """Where one more gains and where it harms, one sentence each, and where no gain is found."""
    text, shown = _TEXT[language], metric_label(metric, language, step_labels([result.strategy], language))
    shown = shown[0].lower() + shown[1:]
    if table["ci_low"].isna().all():
        return [text["unknown"].format(metric=shown)]
    lines, none = [], []
    titles = one_more_titles(table, result.scenario, result.strategy, language)
    for title, (_, row) in zip(titles, table.iterrows(), strict=True):
        sign = side_of(row["ci_low"], row["ci_high"])
        before = float(result.values[metric].mean())
        is_each = shows_in_each(row["gain"], before, row["unit"], int(row["n"]), int(row["n_better"]))
        if not sign and not is_each:
            none.append(title)
            continue
        key = "each" if not sign else "gains" if sign > 0 else "worse"
        scale = (sign or 1) * (100.0 if row["unit"] == "share" else 1.0)
        low, high = sorted((scale * row["ci_low"], scale * row["ci_high"]))
        lines.append(
            text[key].format(
                n=row["n"],
                title=title,
                more=one_more_in_words(row["kind"], row["before"], row["after"], row["added"], language),
                metric=shown,
                gain=f"{scale * row['gain']:,.3g}",
                low=f"{low:,.3g}",
                high=f"{high:,.3g}",
                unit=text["points"] if row["unit"] == "share" else unit_label(row["unit"], language),
            )
        )
    if not lines:
        return [text["nowhere"].format(metric=shown)]
    if none:
        lines.append(text["none"].format(metric=shown, titles=text["comma"].join(none)))
    return lines
