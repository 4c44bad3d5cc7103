"""The table behind the figure of what one more worker or vehicle gains."""

from __future__ import annotations

import pandas as pd

from simsupply.base.language import Language
from simsupply.strategy.step_titles import stage_label

_HEADING = {"en": "One more per shift and place", "zh": "每处每班增加一人（车）"}


def one_more_figure_table(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Rows as `simsupply.figures.plot_differences` takes them; shares in percentage points."""
    scale = 100.0 if (table["unit"] == "share").all() else 1.0
    names = [
        " / ".join(stage_label(stage, language) for stage in stages.split(", ") if stage) or name
        for stages, name in zip(table["stages"], table["name"], strict=True)
    ]
    groups = [f"{shown} ({name})" for shown, name in zip(names, table["name"], strict=True)]
    return pd.DataFrame(
        {
            "panel": [_HEADING[language]] * len(table),
            "group": groups,
            "mean": table["gain"] * scale,
            "ci_low": table["ci_low"] * scale,
            "ci_high": table["ci_high"] * scale,
            "is_apart": (table["ci_low"] > 0) | (table["ci_high"] < 0),
        }
    )
