"""The table behind the figure of what one more of everything gains."""

from __future__ import annotations

import pandas as pd

from simsupply.base.language import Language
from simsupply.figures.constraint_titles import constraint_title
from simsupply.scenario.staff_titles import staff_titles
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec

_HEADING = {
    "en": "As many again up to four, a quarter more where there are many",
    "zh": "少于四份的加倍，多的增加四分之一",
}


def one_more_titles(table: pd.DataFrame, scenario: Scenario, strategy: StrategySpec, language: Language) -> list[str]:
    """What each row of `simsupply.one_more` is about; rows of one title are told apart by crew or fleet."""
    titles = [
        constraint_title(kind, name, [step for step in stages.split(", ") if step], scenario, strategy, language)
        for kind, name, stages in zip(table["kind"], table["name"], table["stages"], strict=True)
    ]
    staff = staff_titles(scenario.spec, language)
    return [
        title if titles.count(title) == 1 else f"{title} ({staff.get(name, name)})"
        for title, name in zip(titles, table["name"], strict=True)
    ]


def one_more_figure_table(
    table: pd.DataFrame, scenario: Scenario, strategy: StrategySpec, language: Language
) -> pd.DataFrame:
    """Rows as `simsupply.figures.plot_differences` takes them; shares in percentage points."""
    scale = 100.0 if (table["unit"] == "share").all() else 1.0
    titles = one_more_titles(table, scenario, strategy, language)
    return pd.DataFrame(
        {
            "panel": [_HEADING[language]] * len(table),
            "group": [title[0].upper() + title[1:] for title in titles],
            "mean": table["gain"] * scale,
            "ci_low": table["ci_low"] * scale,
            "ci_high": table["ci_high"] * scale,
            "is_apart": (table["ci_low"] > 0) | (table["ci_high"] < 0),
        }
    )
