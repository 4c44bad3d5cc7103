"""Levels of any key of a scenario: what is refused, what is set, and how tables, sentences and figures say it."""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.experiment.comparison import Case, Comparison
from simsupply.experiment.levels import Level, levels_of
from simsupply.figures.for_whom import lowest_pairs, rows_of_pair
from simsupply.report.comparison_answer import answer_rows, answer_sentence
from simsupply.report.difference_answer import difference_sentences
from tests.plans.tiny_comparison import made_up, strategy, tiny_data, tiny_scenario
from tests.plans.tiny_plan import changed

CLERKS = "staffing.crews.clerks.headcount"
IN_WORDS, IN_CHINESE = "clerks headcount", "clerks 班组人数"
BOTH = ["standard_crates", "individual_orders"]


def at(value: Any, name: str, coverage: list[float], number: int) -> Case:
    """A made-up case at a level of `CLERKS`."""
    made = made_up(name, 0.9, coverage)
    return Case(made.strategy, 0.9, made.result, level=number, at=Level(CLERKS, value))


# --- what is run -----------------------------------------------------------------------------------


def test_a_case_equals_a_run_of_the_plan_with_its_value() -> None:
    found = ss.compare(tiny_scenario(0.5), BOTH, levels={CLERKS: [1, 2]}, replications=3, seed=8)
    alone = ss.load_scenario(changed(tiny_data(), {"staffing.attendance": 0.5, CLERKS: 2}))
    assert [case.result.scenario.spec.staffing.crews["clerks"].headcount for case in found.cases] == [1, 1, 2, 2]
    assert found.cases[3].result.values.equals(ss.simulate(alone, BOTH[1], replications=3, seed=8).values)
    assert not found.cases[1].result.values.equals(found.cases[3].result.values)


def test_places_are_laid_out_anew_where_the_key_is_theirs() -> None:
    """Other households follow from another share of lifts, from another crew they do not."""
    shares = ss.compare(
        tiny_scenario(), BOTH[:1], levels={"scenario.households.lift_share": [0.0, 1.0]}, replications=1
    )
    assert [case.result.scenario.lift_share for case in shares.cases] == [0, 1]
    crews = ss.compare(tiny_scenario(), BOTH[:1], levels={CLERKS: [1, 2]}, replications=1)
    assert crews.cases[0].result.scenario.households is crews.cases[1].result.scenario.households


def test_a_section_is_set_to_built_in_ones() -> None:
    demands = ["weekly_13kg", "every_3_days_13kg"]
    found = ss.compare(tiny_scenario(), BOTH[:1], levels={"demand": demands}, replications=1)
    assert [case.result.scenario.spec.demand.cycle_days for case in found.cases] == [7, 3]
    assert list(found.table()["demand"]) == demands


def test_levels_of_attendance_are_the_short_form() -> None:
    long = ss.compare(tiny_scenario(), BOTH, levels={"staffing.attendance": [1.0, 0.5]}, replications=2)
    short = ss.compare(tiny_scenario(), BOTH, attendance=[1.0, 0.5], replications=2)
    assert long.table().equals(short.table())
    assert long.differences().equals(short.differences())
    assert ss.answer(long) == ss.answer(short)


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "key", "english", "chinese"),
    [
        (
            {"attendance": [1.0], "levels": {"staffing.attendance": [1.0]}},
            "attendance",
            "nothing together with levels; ",
            "与 `levels` 并用时不填；",
        ),
        ({"levels": {CLERKS: [1], "fleet.vans.count": [1]}}, "levels", "levels of one key, ", "一个键的若干水平，"),
        ({"levels": {}}, "levels", "levels of one key, ", "一个键的若干水平，"),
        ({"levels": {CLERKS: []}}, f"levels.{CLERKS}", "at least one, none of them twice", "至少一个，且不重复"),
        ({"levels": {CLERKS: [3, 3.0]}}, f"levels.{CLERKS}", "at least one, none of them twice", "至少一个，且不重复"),
        ({"levels": {CLERKS: [{}]}}, f"levels.{CLERKS}.0", "a number, a text, or yes or no", "数值、文字，"),
        (
            {"levels": {CLERKS: [float("nan")]}},
            f"levels.{CLERKS}.0",
            "a number, a text, or yes or no",
            "数值、文字，",
        ),
        ({"levels": {CLERKS: [1, -1]}}, CLERKS, "greater than or equal to 0", "大于或等于 0"),
        (
            {"levels": {"staffing.crews.clerk.headcount": [1]}},
            "staffing.crews.clerk.headcount",
            "did you mean 'clerks'?",
            "是否指 'clerks'？",
        ),
        (
            {"levels": {f"{CLERKS}.more": [1]}},
            f"{CLERKS}.more",
            "no further key",
            "此处不再有下级键",
        ),
        (
            {"levels": {"strategy.name": ["a"]}},
            "levels.strategy.name",
            "a key of the scenario; ",
            "情景的键；",
        ),
        (
            {"levels": {"fleet.vans.type": ["a"]}},
            "levels.fleet.vans.type",
            "a key of one scenario; ",
            "同一情景中的键；",
        ),
        (
            {"levels": {"scenario.service_target_days": [1]}},
            "levels.scenario.service_target_days",
            "a key of one scenario; ",
            "同一情景中的键；",
        ),
    ],
)
def test_what_is_refused(words: dict[str, Any], key: str, english: str, chinese: str) -> None:
    with pytest.raises(InputError) as caught:
        ss.compare(tiny_scenario(), ["standard_crates"], **words)
    (problem,) = caught.value.problems
    assert problem.key == key
    assert english in problem.in_language("en")
    assert chinese in problem.in_language("zh")


def test_a_level_that_a_strategy_cannot_do_with_is_found_before_anything_runs() -> None:
    """A crate weighs 13 kg; the second level is refused although the first would run."""
    told: list[float] = []
    with pytest.raises(InputError, match="the weight of one order"):
        ss.compare(
            tiny_scenario(), ["standard_crates"], levels={"fleet.vans.payload_kg": [50, 5]}, on_advance=told.append
        )
    assert told == []


def test_without_levels_each_scenario_is_as_it_is() -> None:
    levels = levels_of(None, None)
    assert (levels.key, levels.values) == ("staffing.attendance", (None,))
    assert levels.scenario_at(tiny_scenario(0.5), None) is tiny_scenario(0.5)


# --- how it is said -----------------------------------------------------------------------------------

FEW_AND_MANY = Comparison(
    tiny_scenario(),
    (
        at(10, "standard_crates", [1.0, 1.0], 0),
        at(10, "individual_orders", [0.5, 0.5], 0),
        at(2, "standard_crates", [0.25, 0.25], 1),
        at(2, "individual_orders", [0.0, 0.0], 1),
        at(5, "standard_crates", [1.0, 1.0], 2),
        at(5, "individual_orders", [0.75, 0.75], 2),
    ),
    ("coverage",),
)


def test_tables_have_a_column_of_the_key() -> None:
    table, pairs = FEW_AND_MANY.table(), FEW_AND_MANY.differences()
    assert (table.columns[0], list(table[CLERKS])) == (CLERKS, [10, 10, 2, 2, 5, 5])
    assert (pairs.columns[0], list(pairs[CLERKS])) == (CLERKS, [10, 2, 5])
    assert list(pairs["mean"]) == [0.5, 0.25, 0.25]
    assert "attendance" not in {*table.columns, *pairs.columns}


def test_the_last_level_given_is_spoken_of() -> None:
    """Not the smallest number: fewer clerks may be better or worse, and attendance is the same in all."""
    (pair,) = lowest_pairs(FEW_AND_MANY)
    assert [case.label for case in pair] == ["5", "5"]
    assert list(rows_of_pair(FEW_AND_MANY.differences(), pair)["mean"]) == [0.25]


def test_sentences_say_key_and_value() -> None:
    """Two equal values leave up to 1 - 0.025^(1/2) = 0.842 of all cases unseen: 25 % may be 0.25 * 0.158 = 4 %."""
    assert answer_rows(FEW_AND_MANY)[0][0] == IN_WORDS
    assert [row[0] for row in answer_rows(FEW_AND_MANY)[1:]] == ["10", "10", "2", "2", "5", "5"]
    assert answer_sentence(FEW_AND_MANY) == (
        f"Standard crates: of what households need, 100 % (16-100 %) comes at {IN_WORDS} = 10, "
        f"25 % (4-88 %) at {IN_WORDS} = 2, "
        f"100 % (16-100 %) at {IN_WORDS} = 5. "
        f"Individual orders: of what households need, 50 % (8-92 %) comes at {IN_WORDS} = 10, "
        f"0 % (0-84 %) at {IN_WORDS} = 2, "
        f"75 % (12-96 %) at {IN_WORDS} = 5. "
        f"Standard crates: every household is reached within 2 days at {IN_WORDS} = 10, 5 (in all 2 replications). "
        f"Standard crates at {IN_WORDS} = 2: 25 % (4-88 %) of households are reached. "
        f"Individual orders: at no level of {IN_WORDS} looked at is every household reached within 2 days. "
        f"Individual orders at {IN_WORDS} = 10: 50 % (8-92 %) of households are reached. "
        f"Individual orders at {IN_WORDS} = 2: nobody is reached. "
        f"Individual orders at {IN_WORDS} = 5: 75 % (12-96 %) of households are reached. "
        f"At {IN_WORDS} = 5, Standard crates and Individual orders cannot be told apart in households reached."
    )
    assert answer_sentence(FEW_AND_MANY, "zh").startswith(
        f"“标准箱”：“{IN_CHINESE} = 10”时住户所需物资的100% (16-100%)送到，“{IN_CHINESE} = 2”时为25% (4-88%)，"
        f"“{IN_CHINESE} = 5”时为100% (16-100%)。"
    )


def test_where_every_household_is_reached_at_every_level() -> None:
    both = Comparison(tiny_scenario(), (at(1, BOTH[0], [1.0], 0), at(2, BOTH[0], [1.0], 1)))
    assert answer_sentence(both).endswith(
        f"Standard crates: every household is reached within 2 days at every level of {IN_WORDS} looked at "
        "(in the only replication)."
    )
    assert answer_sentence(both, "zh").endswith(
        f"“标准箱”在所考察的“{IN_CHINESE}”的每个水平下均可在2天内送达每一户（仅一次重复）。"
    )


def test_differences_say_key_and_value() -> None:
    found = ss.compare(tiny_scenario(0.3), BOTH, levels={CLERKS: [3, 1]}, replications=4)
    english, chinese = (difference_sentences(found, language) for language in ("en", "zh"))
    assert english[0].startswith(f"At {IN_WORDS} = 1, share of the need that came: ")
    assert chinese[0].startswith(f"“{IN_CHINESE} = 1”时，需求满足率：")
    assert not any("attendance" in line for line in english)
    assert not any("到岗率" in line for line in chinese)


def test_true_is_written_as_in_a_file_and_names_panels() -> None:
    case = Case(strategy(BOTH[0]), 0.9, made_up(BOTH[0], 0.9, [1.0]).result, at=Level("a.b", True))
    assert (case.label, case.heading("zh"), case.in_words()) == ("true", "a.b = true", "a.b = true")


def test_a_selection_names_its_level() -> None:
    found = ss.compare(
        tiny_scenario(),
        BOTH,
        levels={CLERKS: [3, 1]},
        replications=10,
        select={"method": "ocba", "metric": "coverage", "zone": 0.05, "max": 40},
    )
    assert [selection.named[CLERKS] for selection in found.selected] == [3, 1]
    assert ["attendance" in selection.named for selection in found.selected] == [False, False]
    assert f"At {IN_WORDS} = 1, " in ss.answer(found)
