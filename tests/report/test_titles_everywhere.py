"""Where everything has a title, readers read titles in their language, and no name: answers and all figures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import simsupply as ss
from simsupply.base.language import Language
from simsupply.experiment.bottleneck import one_more
from simsupply.experiment.comparison import Comparison
from simsupply.figures.figure_registry import COMPARISON_FIGURES, RUN_FIGURES
from simsupply.report.folder import write_comparison, write_one_more, write_run
from simsupply.results.result import Result
from simsupply.strategy.plan_titles import NO_TITLES, PlanTitles
from tests.plans.tiny_plan import write
from tests.plans.titled_plan import NAME, SCENARIO, STRATEGY, TITLES, name

LANGUAGES: tuple[Language, ...] = ("en", "zh")
OTHER = {
    **STRATEGY,
    "name": name("other"),
    "title": {"en": "Otherwise", "zh": "另一种做法"},
    "mix": [{"channel": name("baskets")}, {"channel": name("bags"), "unless": name("backlog")}],
}


def titled(language: Language, *what: str) -> set[str]:
    return {TITLES[each][language == "zh"] for each in what}


def texts(figure: Figure) -> str:
    found = [text.get_text().replace("\n", " ") for text in figure.findobj(Text)]
    return "\n".join(text for text in found if isinstance(text, str))


def check(said: str, language: Language, wanted: Iterable[str]) -> None:
    """No name; the titles that are wanted, and none in the other language."""
    shown = said.replace(" ", "")  # long Chinese titles are broken into lines
    assert NAME not in said
    assert not {title for title in wanted if title.replace(" ", "") not in shown}, said
    others = {pair[language == "en"] for pair in TITLES.values()}
    assert not {title for title in others if title.replace(" ", "") in shown}, said


@cache
def run() -> Result:
    return ss.simulate(ss.load_scenario(SCENARIO), ss.load_strategy(STRATEGY), replications=2, seed=3)


@cache
def compared() -> Comparison:
    strategies = [ss.load_strategy(STRATEGY), ss.load_strategy(OTHER)]
    return ss.compare(ss.load_scenario(SCENARIO), strategies, attendance=[1.0, 0.5], replications=2)


@cache
def more() -> pd.DataFrame:
    return one_more(run(), "fill_rate")


@cache
def asked(metric: str) -> Result:
    """Run until the interval of a wait is as narrow as was asked for."""
    precision = {"metrics": {metric: "1%"}, "max": 2}
    return ss.simulate(run().scenario, run().strategy, replications=2, precision=precision, seed=3)


IN_FIGURES = {
    "coverage": ("way",),
    "utilisation": ("make_up", "fill", "stow", "ride", "roll", "knock", "way"),
    "who_goes_without": ("greens", "rice", "milk", "infant", "mill", "lane"),
    "orders_by_day": ("baskets", "bags", "backlog"),
    "staff_by_day": ("packers", "loaders", "walkers", "vans"),
    "stock": ("greens", "rice", "milk"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_of_a_run(language: Language) -> None:
    drawn = {figure.name: figure.draw(run(), language) for figure in RUN_FIGURES}
    assert set(drawn) == set(IN_FIGURES)
    for figure, what in IN_FIGURES.items():
        found = drawn[figure]
        assert found is not None, figure
        check(texts(found), language, titled(language, *what))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_of_a_run(language: Language) -> None:
    """Longest wait or what holds it back, channels, the trigger, the candidate that is not used."""
    said = ss.answer(run(), language)
    check(said, language, titled(language, "ride", "baskets", "bags", "backlog", "barn"))
    check(ss.answer(run(), language, ss.diagnose(run())), language, titled(language, "stow", "barn"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_without_for_longest(language: Language) -> None:
    """With enough replications the far place, whose loads come last, is told from the near one."""
    plan = {**SCENARIO, "shocks": {}, "staffing": {**SCENARIO["staffing"], "attendance": 1.0}}
    result = ss.simulate(ss.load_scenario(plan), ss.load_strategy(STRATEGY), replications=12, seed=3)
    places = result.split_summary().query("split == 'place' and metric == 'empty_pantry_h'").set_index("group")["mean"]
    worst = str(places.idxmax()).removeprefix(NAME)
    sentence = {"en": "Places without longest: “{}” (", "zh": "断供最久的投放点：“{}”（"}[language]
    assert sentence.format(TITLES[worst][language == "zh"]) in ss.answer(result, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_folder_of_a_run(language: Language, tmp_path: Path) -> None:
    """`answer.md`, and the titles beside the names in `splits.csv`; what one more gains."""
    write_run(run(), {}, tmp_path, language)
    metric = f"wait_h.{name('make_up')}.people"
    write_one_more(more(), "fill_rate", run(), tmp_path, language)
    head, *rest = (tmp_path / "answer.md").read_text("utf-8").splitlines()
    assert head == {"en": "# Valley: By cart and van", "zh": "# 山谷：车队送菜"}[language]
    check("\n".join(rest), language, titled(language, "ride", "baskets"))
    splits = (tmp_path / "splits.csv").read_text("utf-8")
    assert titled(language, "mill", "lane", "infant", "baskets", "greens") <= set(re.split("[,\n]", splits))
    (tmp_path / "asked").mkdir()
    write_run(asked(metric), {}, tmp_path / "asked", language)
    check((tmp_path / "asked/answer.md").read_text("utf-8"), language, titled(language, "make_up"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison(language: Language, tmp_path: Path) -> None:
    check(ss.answer(compared(), language), language, titled(language, "way"))
    for named in COMPARISON_FIGURES:
        figure = named.draw(compared(), language)
        assert figure is not None
        wanted = titled(language, "infant") if named.name == "for_whom" else titled(language, "way")
        check(texts(figure), language, wanted)
    write_comparison(compared(), {}, tmp_path, language)
    check((tmp_path / "answer.md").read_text("utf-8"), language, titled(language, "plan", "way", "make_up"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_levels_of_a_key_that_names_a_crew(language: Language) -> None:
    levels = {f"staffing.crews.{name('loaders')}.headcount": [1, 2]}
    found = ss.compare(run().scenario, [run().strategy], levels=levels, replications=2)
    wanted = {"en": "Loaders headcount = 2", "zh": "装车组 班组人数 = 2"}[language]
    check(ss.answer(found, language), language, [wanted])
    figure = COMPARISON_FIGURES[0].draw(found, language)
    assert figure is not None
    check(texts(figure), language, [wanted])


def sweep(folder: Path, design: str, **swept: Any) -> ss.SweepResult:
    keys = {"loaders": f"staffing.crews.{name('loaders')}.headcount", "vans": f"fleet.{name('vans')}.count"}
    files = {"scenario": str(write(folder / "s.yaml", SCENARIO)), "strategy": str(write(folder / "w.yaml", STRATEGY))}
    return ss.sweep(
        **files,
        parameters={keys[what]: values for what, values in swept.items()},
        **{"design": design, "replications": 1, "executor": "serial", "output": folder / "out"},
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sweep_says_whose_number_it_is(language: Language, tmp_path: Path) -> None:
    result = sweep(tmp_path, "grid", loaders=[1, 2], vans=[1, 2])
    figure = ss.plot_sweep(result, f"wait_h.{name('make_up')}.people", language=language)
    wanted = {
        "en": ["Loaders headcount", "Minivans count = 1", "Minivans count = 2", "Wait: Make up baskets, for people"],
        "zh": ["装车组 班组人数", "面包车队 车辆数 = 1", "面包车队 车辆数 = 2", "等待：按单配菜：等人手"],
    }
    check(texts(figure), language, wanted[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_measure_depends_on(language: Language, tmp_path: Path) -> None:
    result = sweep(tmp_path, "tornado", loaders="int(interval(1,4))", vans="int(interval(1,4))")
    effects = ss.sensitivity(result, "fill_rate")
    wanted = {"en": ["Loaders headcount", "Minivans count"], "zh": ["装车组 班组人数", "面包车队 车辆数"]}[language]
    check(effects.answer(language), language, wanted)
    check(texts(effects.plot(language)), language, wanted)


# --- keys in words ------------------------------------------------------------------------------------------

PLAN = {
    "staffing": {
        "crews": {
            "打包": {"title": {"en": "Packers", "zh": "打包组"}, "headcount": 3},
            "a b": {"headcount": 1},
            "x": {"title": "同名"},
            "y": {"title": "同名"},
        }
    },
    "scenario": {"geography": {"depots": [{"name": "d", "title": {"en": "Hall", "zh": "大院"}, "docks": 1}]}},
    "goods": {"veg": {"title": {"en": "Greens", "zh": "青菜"}}},
    "supply": {"stock": {"veg": {"initial_days": 1}}},
    "strategy": {
        "channels": {
            way: {
                "title": {"en": f"Way {way}", "zh": f"渠道{way}"},
                "steps": [{"stage": {"name": "pick", "title": {"en": "Pick", "zh": "配货"}, "effort": {}}}],
            }
            for way in ("p", "q")
        }
    },
}
STEPS = [f"strategy.channels.{way}.steps.0.stage.effort.per_line_min" for way in ("p", "q")]


@pytest.mark.parametrize(
    ("key", "en", "zh"),
    [
        ("staffing.attendance", "staffing.attendance", "到岗率"),
        ("staffing.crews.打包.headcount", "Packers headcount", "打包组 班组人数"),
        ('staffing.crews."a b".headcount', "a b headcount", "a b 班组人数"),
        ("staffing.crews.x.headcount", "同名 (x) headcount", "同名 (x) 班组人数"),
        ("staffing.crews.打包.pace", "Packers pace", "打包组 pace"),
        ("scenario.geography.depots.0.docks", "Hall docks", "大院 docks"),
        ("supply.stock.veg.initial_days", "Greens initial days", "青菜 initial days"),
        (STEPS[0], "Pick effort per line min", "配货 effort per line min"),
        ("fleet.unknown.count", "fleet.unknown.count", "车辆数 fleet.unknown.count"),
    ],
)
def test_keys_in_words(key: str, en: str, zh: str) -> None:
    plan = PlanTitles([PLAN])
    assert (plan.parameter(key, "en"), plan.parameter(key, "zh")) == (en, zh)
    assert NO_TITLES.parameter(key, "en") == key


def test_keys_that_would_read_alike_are_told_apart() -> None:
    """Two steps of one title by their channels; two crews without a plan at hand as written."""
    found = PlanTitles([PLAN]).parameters(STEPS, "en")
    assert list(found.values()) == ["Way p Pick effort per line min", "Way q Pick effort per line min"]
    crews = [f"staffing.crews.{crew}.headcount" for crew in "ab"]
    assert list(NO_TITLES.parameters(crews, "en", is_short=True).values()) == crews
    assert NO_TITLES.parameters(["staffing.attendance"], "en", is_short=True) == {"staffing.attendance": "attendance"}
