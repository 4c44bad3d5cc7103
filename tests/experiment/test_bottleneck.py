"""What one more of everything gains: worked out on paper, under common random numbers, in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.report.bottleneck_answer import one_more_sentences
from simsupply.report.folder import write_one_more, write_run
from tests.helpers.command_line import call
from tests.plans.paper_plans import Plain, channel, crew, cycle, fleet, leg, stage, world
from tests.plans.paper_plans import strategy as decided
from tests.plans.tiny_comparison import strategy, tiny_data, tiny_scenario
from tests.plans.tiny_plan import SCENARIO, changed, write

LANGUAGES = ("en", "zh")


def plan(**more: Any) -> Plain:
    """30 drop points with one household each; packing takes 100 min, loading 1 min, the way 15 min."""
    return world(
        [1] * 30,
        {"packers": crew(2, **more), "loaders": crew(1)},
        {"vans": fleet(30)},
        demand=cycle(days=7),
        horizon_days=2,
    )


PACK = stage("pack", "packers", effort={"per_order_min": 100})
LOAD = stage("load", "loaders", effort={"per_order_min": 1})
WAY = decided(channel("only", PACK, LOAD, leg("drive", "vans")))


def test_on_paper() -> None:
    """Each packer packs 6 a day (600 / 100): two pack 24 in two days, the last 2 at 18:00 when no loader is there.

    So 22 are delivered; three packers have all 30 at 14:40 of the second day. Nobody waits for a loader or a van, so
    one more of these gains nothing.
    """
    result = ss.simulate(ss.load_scenario(plan()), ss.load_strategy(WAY), replications=8)
    table = ss.one_more(result, "orders_delivered").set_index("name")
    assert (result.values["orders_delivered"] == 22).all()
    assert table.loc["packers", "gain"] == 30 - 22
    assert (table.loc["packers", "ci_low"], table.loc["packers", "ci_high"]) == (table.loc["packers", "gain"],) * 2
    # Two crews, a fleet and the docks, eight replications of the same gain: 4 * 2 * 0.5^8 by signs.
    assert table.loc["packers", "p_value"] == 4 * 2 * 0.5**8
    assert (table.loc[["loaders", "vans"], "gain"] == 0).all()
    assert (table.loc[["loaders", "vans"], "p_value"] == 1).all()
    assert table.loc["packers", "utilisation"] == pytest.approx(1.0)
    assert table.index[0] == "packers"
    assert (table.loc["packers", "stages"], table.loc["vans", "stages"]) == ("pack", "drive")


@pytest.mark.parametrize("sized", [{"headcount": 6}, {"headcount": None, "households_per_worker": 20}])
def test_one_more_is_one_more(sized: Plain) -> None:
    """Whether sized by a number or by households: as if the number itself had been one higher."""
    base = changed(tiny_data(), {f"staffing.crews.site_workers.{key}": value for key, value in sized.items()})
    base["staffing"]["crews"]["site_workers"] = {
        key: value for key, value in base["staffing"]["crews"]["site_workers"].items() if value is not None
    }
    if sized["headcount"] is None:
        assert 100 / 20 + 1 == 6
    grown = ss.load_scenario(base).with_more("crew", "site_workers")
    people = 7 if sized["headcount"] else 6
    same = ss.load_scenario(changed(tiny_data(), {"staffing.crews.site_workers.headcount": people}))
    both = [ss.simulate(scenario, strategy("standard_crates"), replications=2).values for scenario in (grown, same)]
    assert both[0].equals(both[1])


def test_those_who_were_there_draw_the_same() -> None:
    """With one more at half attendance nobody is at work less; a higher number cannot make anybody stay away."""
    base = ss.simulate(tiny_scenario(0.5), strategy("standard_crates"), replications=6)
    more = ss.simulate(
        tiny_scenario(0.5).with_more("crew", "site_workers"), strategy("standard_crates"), replications=6
    )
    present = [
        result.staff.query("crew == 'site_workers' and measure == 'present'")["value"].to_numpy()
        for result in (base, more)
    ]
    assert set(np.unique(present[1] - present[0])) == {0, 1}


def test_less_is_a_gain_where_less_is_better() -> None:
    result = ss.simulate(tiny_scenario(0.4), strategy("standard_crates"), replications=8, seed=2)
    table = ss.one_more(result, "deprived_household_days").set_index("name")
    # As many again up to four.
    assert tuple(table.loc["site_workers", ["before", "after", "added"]]) == (6, 10, 4)
    richer = ss.simulate(
        tiny_scenario(0.4).with_more("crew", "site_workers", 4), strategy("standard_crates"), replications=8, seed=2
    )
    saved = (result.values - richer.values)["deprived_household_days"]
    assert table.loc["site_workers", "gain"] == pytest.approx(saved.mean())
    assert table.loc["site_workers", "per_unit"] == pytest.approx(saved.mean() / 4)
    # Two drop points, as many again at each.
    assert table.loc["door_team", "added"] == 2 * table.loc["door_team", "before"]
    assert set(table.index) == {"clerks", "site_workers", "door_team", "vans", "depot"}


@pytest.mark.lengthy
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("attendance", "replications"), [(0.4, 8), (1.0, 2), (0.4, 1), (0.0, 2)])
def test_sentence(language: Any, attendance: float, replications: int) -> None:
    result = ss.simulate(tiny_scenario(attendance), strategy("standard_crates"), replications=replications)
    for metric in ("coverage", "last_household_served_h"):
        text = "\n".join(one_more_sentences(ss.one_more(result, metric), metric, result, language))
        assert not re.search(r"[{}]|None|nan", text)
        if replications == 1 or (attendance == 0 and metric == "last_household_served_h"):
            assert {"en": "not to be said", "zh": "无法判断"}[language] in text


@pytest.mark.parametrize(("metric", "allowed"), [("orders_attempted", "better in itself"), ("coverag", "coverage")])
def test_what_is_refused(metric: str, allowed: str) -> None:
    result = ss.simulate(tiny_scenario(), strategy("standard_crates"), replications=1)
    with pytest.raises(InputError) as caught:
        ss.one_more(result, metric)
    assert allowed in str(caught.value.problems[0].allowed)


@pytest.mark.lengthy
def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own_plan = write(tmp_path / "mine.yaml", SCENARIO)
    words = ["run", f"scenario={own_plan}", f"output={tmp_path / 'out'}", "staffing.attendance=0.4", "replications=3"]
    found = call(capsys, *words, "bottleneck=deprived_household_days")
    assert found.status == 0, found.err
    assert "One more of " in found.out
    assert "days with an empty pantry" in found.out
    files = [tmp_path / "out" / "bottleneck.csv", tmp_path / "out" / "figures" / "bottleneck.png"]
    assert all(path.exists() for path in files)
    refused = call(capsys, *words, "bottleneck=orders_attempted")
    assert refused.status == 2
    assert "command line: bottleneck: got 'orders_attempted'" in refused.err


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("replications", [1, 2])
def test_figure_is_written(tmp_path: Path, language: Any, replications: int) -> None:
    result = ss.simulate(tiny_scenario(0.4), strategy("standard_crates"), replications=replications)
    write_run(result, {"seed": 1, "strategy": {}}, tmp_path, language)
    files = write_one_more(ss.one_more(result), "coverage", result, tmp_path, language)
    assert all(path.stat().st_size > 100 for path in files)
