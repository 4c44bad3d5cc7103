"""The groups of a result as readers see them: with their titles, in English or Chinese."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from simsupply.base.language import Language
from simsupply.results.result import Result
from simsupply.scenario.group_titles import group_label, group_titles

WHO_GOES_WITHOUT = ("goods", "tier", "kind", "district", "place")
MOST_PLACES = 12
"""Places that are drawn: those without for longest."""


def group_title(result: Result, split: str, group: str, language: Language) -> str:
    """Title of a group; one that has none is shown under its own name."""
    if split == "district":
        titles = {title.en: title for title in result.scenario.places.districts}
        return titles[group].in_language(language)
    if split == "channel":
        return result.strategy.channels[group].title.in_language(language)
    return group_label(group, language, group_titles(result.scenario.spec, split))


def titled_splits(result: Result, language: Language) -> pd.DataFrame:
    """`Result.split_summary` with the title of each group after its name.

    Two groups of one split that have the same title are told apart by their names.
    """
    table = result.split_summary()
    keys = list(zip(table["split"], table["group"], strict=True))
    title = {key: group_title(result, *key, language) for key in dict.fromkeys(keys)}
    times = Counter((split, words) for (split, _), words in title.items())
    shown = {
        (split, group): words if times[split, words] == 1 else f"{words} ({group})"
        for (split, group), words in title.items()
    }
    table.insert(2, "title", pd.Series([shown[key] for key in keys], index=table.index, dtype=object))
    return table


def _worst_off(places: pd.DataFrame) -> pd.DataFrame:
    """In their order, but where they are many those without for longest."""
    worst = places.sort_values("mean", ascending=False, kind="stable").head(MOST_PLACES)
    return worst if len(places) > MOST_PLACES else places


def who_goes_without(result: Result, language: Language) -> pd.DataFrame:
    """Empty-pantry hours of every group of households and goods, as `simsupply.plot_who_goes_without` takes it.

    No rows where there are no two groups to tell apart.
    """
    table = titled_splits(result, language)
    hours = table[table["metric"] == "empty_pantry_h"].set_index(["split", "group"])
    worst = table[table["metric"] == "empty_pantry_h_worst_decile"].set_index(["split", "group"])["mean"]
    hours["worst_decile"] = worst
    hours = hours.reset_index(level="split")
    parts = [hours[hours["split"] == split] for split in WHO_GOES_WITHOUT]
    parts[-1] = _worst_off(parts[-1])
    parts = [part for part in parts if len(part) > 1]
    columns = ["split", "group", "mean", "ci_low", "ci_high", "worst_decile"]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True).rename(columns={"title": "group"})[columns]
