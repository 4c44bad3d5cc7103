"""Sensitivities in one sentence a planner can read out, in English or Chinese."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from simsupply.base.language import Language
from simsupply.config.option_titles import group_in_words
from simsupply.measures.metric_registry import metric_label
from simsupply.measures.unit_titles import unit_label
from simsupply.sensitivity.region import Region
from simsupply.strategy.plan_titles import NO_TITLES, PlanTitles

# Below this share of the largest effect, or of the variance, a parameter hardly matters.
SMALL = 0.1
_SHOWN = 3
_TEXT = {
    "en": {
        "morris": "{metric} depends most on {first}: scaled to its whole range, its mean effect is "
        "{estimate} ({low} to {high}){next}{small}.",
        "sobol": "Of the variance of {metric}, {estimate} goes with {first} and its interactions ({low} to {high}), "
        "{alone} with it alone{next}{small}.",
        "tornado": "{metric} moves most with {first}: from {low} to {high} over its range, {base} in the plan{next}"
        "{small}.",
        "next": "; next: {names}",
        "small": "; hardly anything with {names}",
        "too_small": "; the sample is too small for exact shares: one came out above 100 %",
        "same": "{metric} is the same at every point.",
        "boundary": "{metric} is {worse} {level} in {share} of the area ({low} to {high}; {num:,} points, {full:,} "
        "in a full grid as fine){unsure}.",
        "nowhere": "{metric} is nowhere {worse} {level} in the area ({num:,} points).",
        "everywhere": "{metric} is {worse} {level} at every point of the area ({num:,} points).",
        "failing": "{metric} {worse} {level}",
        "more": "below",
        "less": "above",
        "boxes": "{metric} is {worse} {level} at {failing:,} of {points:,} points{boxes}.",
        "box": "; with {limits} it is at {density} of them ({low} to {high}), which are {coverage} of all such points",
        "no_box": "; no conditions stand out",
        "limit": "{name} from {low:.3g} to {high:.3g}{perhaps}",
        "perhaps": " (perhaps chance)",
        "unsure": "; at {unsure:,} points replications are too few to tell",
        "comma": ", ",
        "group": "{group}: ",
        "join": " ",
    },
    "zh": {
        "morris": "“{metric}”受{first}影响最大：按整个取值范围折算，平均效应为{estimate}（{low}至{high}）{next}"
        "{small}。",
        "sobol": "“{metric}”的方差中，{estimate}来自{first}及其交互作用（{low}至{high}），其单独作用占{alone}{next}"
        "{small}。",
        "tornado": "“{metric}”随{first}变动最大：在其取值范围内从{low}到{high}，原方案为{base}{next}{small}。",
        "next": "；其次为{names}",
        "small": "；{names}几乎没有影响",
        "too_small": "；样本过小，不足以准确估计占比：有估计值超过100%",
        "same": "“{metric}”在所有点上都相同。",
        "boundary": "在所考察范围的{share}内（{low}至{high}），“{metric}”{worse}{level}（用{num:,}个点，"
        "同样精细的全网格需{full:,}个）{unsure}。",
        "nowhere": "在所考察范围内，“{metric}”无一处{worse}{level}（{num:,}个点）。",
        "everywhere": "在所考察范围内，“{metric}”处处{worse}{level}（{num:,}个点）。",
        "failing": "{metric}{worse}{level}",
        "more": "低于",
        "less": "高于",
        "boxes": "“{metric}”在{points:,}个点中有{failing:,}个{worse}{level}{boxes}。",
        "box": "；当{limits}时，其中{density}（{low}至{high}）如此，占全部此类点的{coverage}",
        "no_box": "，没有明显的失效条件",
        "limit": "{name}为{low:.3g}至{high:.3g}{perhaps}",
        "perhaps": "（可能出于偶然）",
        "unsure": "；有{unsure:,}个点因重复次数太少而无法判断",
        "comma": "、",
        "group": "{group}：",
        "join": "",
    },
}


def effects_in_words(
    method: str,
    metric: str,
    unit: str,
    table: pd.DataFrame,
    ranking: pd.DataFrame,
    language: Language,
    too_small: Sequence[str] = (),
    plan: PlanTitles = NO_TITLES,
) -> str:
    """One sentence for each group of an analysis; see `simsupply.sensitivity.effects.Effects`."""
    text, name = _TEXT[language], metric_label(metric, language, plan.steps(language))
    shown_of = plan.parameters(table["parameter"].astype(str), language)
    sentences = []
    for group in dict.fromkeys(table["group"]):
        ranked = ranking[ranking["group"] == group]
        head = text["group"].format(group=group_in_words(group, language, plan)) if group else ""
        if ranked.empty or ranked["estimate"].abs().max() == 0:
            sentences.append(head + text["same"].format(metric=name))
            continue
        first, sizes = ranked.iloc[0], ranked["estimate"].abs()
        limit = SMALL if method == "sobol" else SMALL * sizes.max()
        rest = ranked.iloc[1:]
        titles = [shown_of[str(key)] for key in rest["parameter"]]
        is_small = sizes.iloc[1:] < limit
        small = [title for title, hardly in zip(titles, is_small, strict=True) if hardly]
        others = [title for title, hardly in zip(titles, is_small, strict=True) if not hardly][: _SHOWN - 1]
        values = {"estimate": first["estimate"], "low": first["ci_low"], "high": first["ci_high"]}
        by_measure = table[(table["group"] == group) & (table["parameter"] == first["parameter"])].set_index("measure")
        if method == "sobol":
            values["alone"] = by_measure.loc["first_order", "estimate"]
        if method == "tornado":
            values |= {key: by_measure.loc[key, "estimate"] for key in ("low", "high", "base")}
        is_share = method == "sobol" or unit == "share"
        shown = {key: amount(value, "share" if is_share else unit, language) for key, value in values.items()}
        if is_share and method == "morris":
            shown = {key: f"{100 * value:.0f}" for key, value in values.items()}
            shown["estimate"] = points(values["estimate"], language)
        sentences.append(
            head
            + text[method].format(
                metric=name,
                first=shown_of[str(first["parameter"])],
                next=text["next"].format(names=text["comma"].join(others)) if others else "",
                small=(text["small"].format(names=text["comma"].join(small)) if small else "")
                + (text["too_small"] if group in too_small else ""),
                **shown,
            )
        )
    return text["join"].join(sentences)


def boundary_in_words(
    metric: str,
    unit: str,
    level: float,
    better: str,
    regions: Sequence[Region],
    language: Language,
    plan: PlanTitles = NO_TITLES,
) -> str:
    """One sentence for each region of a map; see `simsupply.sensitivity.boundary.BoundaryMap`."""
    text = _TEXT[language]
    sentences = []
    for region in regions:
        kind = "nowhere" if region.share_high == 0 else "everywhere" if region.share_low == 1 else "boundary"
        unsure = int((~region.points["is_sure"]).sum())
        found = text[kind].format(
            metric=metric_label(metric, language, plan.steps(language)),
            worse=text[better],
            level=amount(level, unit, language),
            num=len(region.points),
            full=region.num_full,
            unsure=text["unsure"].format(unsure=unsure) if unsure else "",
            **{
                name: amount(value, "share", language)
                for name, value in (("share", region.share), ("low", region.share_low), ("high", region.share_high))
            },
        )
        sentences.append(
            (text["group"].format(group=group_in_words(region.group, language, plan)) if region.group else "") + found
        )
    return text["join"].join(sentences)


def failing_in_words(
    metric: str, unit: str, level: float, better: str, language: Language, plan: PlanTitles = NO_TITLES
) -> str:
    """What failing is, for a title: ``Households served below 95 %``."""
    text = _TEXT[language]
    return text["failing"].format(
        metric=metric_label(metric, language, plan.steps(language)),
        worse=text[better],
        level=amount(level, unit, language),
    )


def boxes_in_words(
    metric: str,
    unit: str,
    level: float,
    better: str,
    table: pd.DataFrame,
    boxes: pd.DataFrame,
    failing: pd.DataFrame,
    language: Language,
    plan: PlanTitles = NO_TITLES,
) -> str:
    """One sentence for each group; see `simsupply.sensitivity.boxes.Boxes`."""
    text = _TEXT[language]
    shown_of = plan.parameters(table["parameter"].astype(str), language)
    sentences = []
    for count in failing.itertuples():
        parts = []
        for box in boxes[boxes["group"] == count.group].itertuples():
            own = table[(table["group"] == count.group) & (table["box"] == box.box)]
            limits = [
                text["limit"].format(
                    name=shown_of[box.parameter],
                    low=box.low,
                    high=box.high,
                    perhaps="" if box.is_sure else text["perhaps"],
                )
                for box in own.itertuples()
            ]
            shares = {"density": box.density, "low": box.density_low, "high": box.density_high}
            shares["coverage"] = box.coverage
            shown = {name: amount(value, "share", language) for name, value in shares.items()}
            parts.append(text["box"].format(limits=text["comma"].join(limits), **shown))
        sentence = text["boxes"].format(
            metric=metric_label(metric, language, plan.steps(language)),
            worse=text[better],
            level=amount(level, unit, language),
            failing=count.failing,
            points=count.points,
            boxes="".join(parts) or text["no_box"],
        )
        sentences.append(
            (text["group"].format(group=group_in_words(count.group, language, plan)) if count.group else "") + sentence
        )
    return text["join"].join(sentences)


def amount(value: float, unit: str, language: Language) -> str:
    """A number with its unit; a share in per cent.

    >>> amount(0.5576, "share", "en"), amount(1234.5, "km", "en"), amount(3, "", "en")
    ('56 %', '1,234 km', '3')
    """
    if unit == "share":
        return f"{100 * value:.0f}{' ' if language == 'en' else ''}%"
    number = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    label = unit_label(unit, language)
    return number if not label else f"{number}{' ' if language == 'en' else ''}{label}"


def points(value: float, language: Language) -> str:
    """A difference of shares.

    >>> points(0.123, "en")
    '12 percentage points'
    """
    return f"{100 * value:.0f}{' percentage points' if language == 'en' else '个百分点'}"
