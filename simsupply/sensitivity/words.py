"""Sensitivities in one sentence a planner can read out, in English or Chinese."""

from __future__ import annotations

import pandas as pd

from simsupply.figures.labels import Language, metric_label, unit_label

# Below this share of the largest effect, or of the variance, a parameter hardly matters.
SMALL = 0.1
_SHOWN = 3
_TEXT = {
    "en": {
        "morris": "{metric} depends most on {first}: over its range it moves by {estimate} on average "
        "({low} to {high}){next}{small}.",
        "sobol": "Of the variance of {metric}, {estimate} goes with {first} and its interactions ({low} to {high}), "
        "{alone} with it alone{next}{small}.",
        "tornado": "{metric} moves most with {first}: from {low} to {high} over its range, {base} in the plan{next}"
        "{small}.",
        "next": "; next: {names}",
        "small": "; hardly anything with {names}",
        "same": "{metric} is the same at every point.",
        "comma": ", ",
        "group": "{group}: ",
        "join": " ",
    },
    "zh": {
        "morris": "“{metric}”受{first}影响最大：在其取值范围内平均变动{estimate}（{low}至{high}）{next}{small}。",
        "sobol": "“{metric}”的方差中，{estimate}来自{first}及其交互作用（{low}至{high}），其单独作用占{alone}{next}"
        "{small}。",
        "tornado": "“{metric}”随{first}变动最大：在其取值范围内从{low}到{high}，原方案为{base}{next}{small}。",
        "next": "；其次为{names}",
        "small": "；{names}几乎没有影响",
        "same": "“{metric}”在所有点上都相同。",
        "comma": "、",
        "group": "{group}：",
        "join": "",
    },
}


def effects_in_words(
    method: str, metric: str, unit: str, table: pd.DataFrame, ranking: pd.DataFrame, language: Language
) -> str:
    """One sentence for each group of an analysis; see `simsupply.sensitivity.effects.Effects`."""
    text, name = _TEXT[language], metric_label(metric, language)
    sentences = []
    for group in dict.fromkeys(table["group"]):
        ranked = ranking[ranking["group"] == group]
        head = text["group"].format(group=group) if group else ""
        if ranked.empty or ranked["estimate"].abs().max() == 0:
            sentences.append(head + text["same"].format(metric=name))
            continue
        first, sizes = ranked.iloc[0], ranked["estimate"].abs()
        limit = SMALL if method == "sobol" else SMALL * sizes.max()
        rest = ranked.iloc[1:]
        small = [str(key) for key in rest.loc[sizes.iloc[1:] < limit, "parameter"]]
        others = [str(key) for key in rest.loc[sizes.iloc[1:] >= limit, "parameter"]][: _SHOWN - 1]
        values = {"estimate": first["estimate"], "low": first["ci_low"], "high": first["ci_high"]}
        mine = table[(table["group"] == group) & (table["parameter"] == first["parameter"])].set_index("measure")
        if method == "sobol":
            values["alone"] = mine.loc["first_order", "estimate"]
        if method == "tornado":
            values |= {one: mine.loc[one, "estimate"] for one in ("low", "high", "base")}
        is_share = method == "sobol" or unit == "share"
        shown = {one: amount(value, "share" if is_share else unit, language) for one, value in values.items()}
        if is_share and method == "morris":
            shown = {one: points(value, language) for one, value in values.items()}
        sentences.append(
            head
            + text[method].format(
                metric=name,
                first=first["parameter"],
                next=text["next"].format(names=text["comma"].join(others)) if others else "",
                small=text["small"].format(names=text["comma"].join(small)) if small else "",
                **shown,
            )
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
