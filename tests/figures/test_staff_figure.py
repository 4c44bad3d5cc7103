"""The figure of staff by day: what is stacked, in both languages."""

from __future__ import annotations

import pandas as pd
import pytest

from simsupply.base.language import Language
from simsupply.figures import plot_staff_by_day
from simsupply.figures.labels import TEXTS
from simsupply.figures.staff import STAFF_COLOURS
from simsupply.results.staff_table import staff_shares


def shares() -> pd.DataFrame:
    rows = [
        ("packers", "present", 0, 0.25),
        ("packers", "filled_in", 0, 0.5),
        ("packers", "turned_back", 0, 0.75),
        ("packers", "present", 1, 1.0),
    ]
    return pd.DataFrame(rows, columns=["crew", "measure", "day", "share"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_parts_stand_on_each_other(language: Language) -> None:
    figure = plot_staff_by_day(shares(), language=language)
    (axes,) = figure.axes
    tops = [patch.get_data().values.tolist() for patch in axes.patches]
    assert tops == [[0.25, 1.0], [0.75, 1.0], [1.5, 1.0]]
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == [TEXTS[f"staff_{name}"][language] for name in ("present", "filled_in", "turned_back")]


def test_every_measure_has_a_name() -> None:
    assert all(f"staff_{name}" in TEXTS for name in STAFF_COLOURS)


@pytest.mark.parametrize(
    "change", [{"measure": "asleep"}, {"share": -0.1}, {"day": 0}], ids=["unknown", "negative", "twice"]
)
def test_wrong_tables_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="staff table"):
        plot_staff_by_day(shares().assign(**change))
    with pytest.raises(ValueError, match="no rows"):
        plot_staff_by_day(shares().iloc[:0])


def test_only_what_differs_is_drawn() -> None:
    rows = [
        (0, day, crew, measure, value)
        for day in range(2)
        for crew, values in (("packers", (4, 3, 1, 0)), ("clerks", (2, 2, 0, 0)))
        for measure, value in zip(("planned", "present", "turned_back", "filled_in"), values, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["replication", "day", "crew", "measure", "value"])
    found = staff_shares(table, changes=False)
    assert set(found["crew"]) == {"packers"}
    assert found[found["measure"] == "turned_back"]["share"].tolist() == [0.25, 0.25]
    just_away = table.replace({"measure": {"turned_back": "stayed_away"}})
    assert staff_shares(just_away, changes=False).empty
    assert not staff_shares(just_away, changes=True).empty
