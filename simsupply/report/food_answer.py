"""What people had to eat, by day and worst-off, in sentences of English or Chinese: the first of every answer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsupply.base.language import Language
from simsupply.figures.group_tables import group_title
from simsupply.measures.metric_registry import bounds_of
from simsupply.report.amounts import days_label, duration, duration_of, percent, round_share
from simsupply.results.day_table import HUNGRY_SHARE
from simsupply.results.result import Result
from simsupply.stats.intervals import Estimate, estimate
from simsupply.stats.paired import differences

WITHOUT = "empty_pantry_h"
DAYS_TOLD, GROUPS_TOLD = 14, 3
_TEXT: dict[Language, dict[str, str]] = {
    "en": {
        "need": "Of what households need in {days}, {share} came.",
        "never_empty": "No household lacks anything it needs in the {days} looked at.",
        "by_day": "Households without food, day by day{since}: {shares} % (without something they need for 6 h of "
        "the day or more).",
        "by_week": "Households without food, week by week{since} (mean of its days): {shares} % (without something "
        "they need for 6 h of the day or more).",
        "since": " from day {day} on",
        "worst_day": "On the worst day, {share} of households are without food.",
        "no_day": "On no day is a household without food for 6 h or more.",
        "gap": "The longest time on end that any household is without something it needs: {hours}.",
        "mean": "A household is without something it needs for {hours} on average.",
        "worst_tenth": "The worst-off tenth of households are without for {hours}.",
        "groups": "Longest without: {groups}.",
        "places": "Places without longest: {groups}.",
        "goods": "Missing longest: {groups}.",
        "group": "“{group}” ({hours})",
        "priority": "Of priority households, {share} are first reached within {hours}.",
        "comma": ", ",
    },
    "zh": {
        "need": "住户{days}所需物资中，{share}已送到。",
        "never_empty": "所考察的{days}内没有住户断供。",
        "by_day": "逐日断供户占比{since}：{shares} %（一天中缺任一所需物资达6小时即计入）。",
        "by_week": "逐周断供户占比{since}（各日均值）：{shares} %（一天中缺任一所需物资达6小时即计入）。",
        "since": "（自第{day}天起）",
        "worst_day": "最差的一天有{share}的住户断供。",
        "no_day": "没有一天有住户断供达6小时。",
        "gap": "住户连续断供最长{hours}。",
        "mean": "户均断供{hours}。",
        "worst_tenth": "最差的十分之一住户断供{hours}。",
        "groups": "断供最久：{groups}。",
        "places": "断供最久的投放点：{groups}。",
        "goods": "最缺的物资：{groups}。",
        "group": "“{group}”（{hours}）",
        "priority": "特殊困难群体中，{share}在{hours}内首次送达。",
        "comma": "、",
    },
}


def food_sentences(result: Result, language: Language) -> list[str]:
    """Need met, households without food by day, longest time without, the worst-off tenth, priority households."""
    text, spec = _TEXT[language], result.scenario.settings
    days = days_label(spec.measured_days, language)
    lines = [text["need"].format(days=days, share=percent(result.estimate("fill_rate")))]
    if result.estimate(WITHOUT).mean == 0:
        lines.append(text["never_empty"].format(days=days))
    else:
        lines += _without(result, language)
    on_time = result.estimate("priority_on_time_share")
    if on_time.mean is not None:
        hours = duration(spec.priority_target_hours, language)
        lines.append(text["priority"].format(share=percent(on_time), hours=hours))
    return lines


def _without(result: Result, language: Language) -> list[str]:
    text = _TEXT[language]
    worst_day = result.estimate("hungry_household_share_worst_day")
    if worst_day.mean:
        lines = [_by_day(result, language), text["worst_day"].format(share=percent(worst_day))]
    else:
        lines = [text["no_day"]]
    for key, metric in (
        ("gap", "gap_h_longest"),
        ("mean", WITHOUT),
        ("worst_tenth", "empty_pantry_h_worst_decile"),
    ):
        lines.append(text[key].format(hours=duration_of(result.estimate(metric), language)))
    for key, splits in (("groups", ("tier", "district", "kind")), ("places", ("place",)), ("goods", ("goods",))):
        groups = _longest_without(result, splits)
        shown = [
            text["group"].format(group=group_title(result, *group, language), hours=duration_of(found, language))
            for group, found in groups.items()
        ]
        if shown:
            lines.append(text[key].format(groups=text["comma"].join(shown)))
    return lines


def _by_day(result: Result, language: Language) -> str:
    """Share of households without food on each day that is measured, or on the days of each week."""
    text, first = _TEXT[language], result.scenario.settings.measured_from_day
    rows = result.days[(result.days["measure"] == HUNGRY_SHARE) & (result.days["day"] >= first)]
    shares = rows.groupby("day")["value"].mean().to_numpy()
    is_long = len(shares) > DAYS_TOLD
    if is_long:
        shares = np.array([week.mean() for week in np.split(shares, range(7, len(shares), 7))])
    shown = text["comma"].join(str(round_share(float(share))) for share in shares)
    since = text["since"].format(day=first) if first else ""
    return text["by_week" if is_long else "by_day"].format(shares=shown, since=since)


def _longest_without(result: Result, splits: tuple[str, ...]) -> dict[tuple[str, str], Estimate]:
    """Groups that are without for longer than all others, as far as replications can tell them apart.

    With the longest of all are named those that cannot be told from it; none where that is all of them, or too many.
    """
    if result.splits is None:
        return {}
    rows = result.splits[(result.splits["metric"] == WITHOUT) & result.splits["split"].isin(splits)]
    values: dict[tuple[str, str], pd.Series] = {}
    for (split, group), part in rows.groupby(["split", "group"], sort=False):
        by_replication = part.set_index("replication")["value"].reindex(result.values.index)
        if not by_replication.isna().any():
            values[str(split), str(group)] = by_replication
    if len(values) < 2:
        return {}
    ranked = sorted(values, key=lambda group: -float(values[group].mean()))
    bounds = bounds_of(WITHOUT)
    others = differences([(values[ranked[0]], values[other]) for other in ranked[1:]], bounds)
    alike = [other for other, found in zip(ranked[1:], others, strict=True) if found.side != 1]
    if len(alike) == len(ranked) - 1 or len(alike) >= GROUPS_TOLD:
        return {}
    return {group: estimate(values[group].to_numpy(), "h", bounds) for group in (ranked[0], *alike)}
