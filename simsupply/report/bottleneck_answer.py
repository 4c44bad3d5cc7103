"""What one more worker or vehicle gains, in one sentence of English or Chinese."""

from __future__ import annotations

import pandas as pd

from simsupply.base.language import Language
from simsupply.measures.metric_registry import metric_label
from simsupply.measures.unit_titles import unit_label
from simsupply.stats.paired import side_of
from simsupply.strategy.step_titles import stage_label

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
    tested = table[table["ci_low"].notna()]
    if tested.empty:
        return text["unknown"].format(metric=shown)
    parts, none = [], []
    for _, row in tested.iterrows():
        stages = text["comma"].join(stage_label(stage, language) for stage in row["stages"].split(", ") if stage)
        stages = stages or str(row["name"])
        if not side_of(row["ci_low"], row["ci_high"]):
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
