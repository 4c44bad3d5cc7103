"""The answer of one run in words: every number in it is one of the result's, whatever happened."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import simsupply as ss
from simsupply.base.language import Language
from simsupply.report.few_values import few_or_equal
from simsupply.report.run_answer import run_answer
from simsupply.results.result import MEASURES_SHOWN
from tests.plans.demand_plans import (
    NOBODY,
    SHOP_FLOOR,
    allotted,
    group_of_goods,
    idle_world,
    in_tiers,
    mix,
    ordered,
    purchases,
    shop,
    use,
    way,
    with_goods,
)
from tests.plans.paper_plans import Plain, delay, world

LANGUAGES: tuple[Language, ...] = ("en", "zh")
DAILY = ordered(every_days=1, cut_off="07:00")


def simulated(plan: Plain, decided: Plain, replications: int = 2) -> ss.Result:
    return ss.simulate(ss.load_scenario(plan), ss.load_strategy(decided), replications=replications)


def titled(en: str, zh: str) -> Plain:
    return {"title": {"en": en, "zh": zh}}


def with_table(result: ss.Result, name: str, table: pd.DataFrame) -> ss.Result:
    return replace(result, tables={**result.tables, name: table})


def words(result: ss.Result, language: Language = "en") -> list[str]:
    """The lines; no piece of a template may be left in them, and nothing is said to hold back what was not tried."""
    lines = run_answer(result, language)
    text = "\n".join(lines)
    assert text == ss.answer(result, language)
    assert not re.search(r"[{}]|None|nan", text)
    assert "  " not in text
    assert not re.search("held back|瓶颈", text, re.IGNORECASE)
    for line in lines:
        assert line.endswith("。" if language == "zh" else ".")
        assert ".." not in line
    # That two replications are few is said last; `test_few_and_equal_values_are_said_to_be_so` looks at it.
    few = few_or_equal(result, MEASURES_SHOWN, language)
    return lines[:-1] if few else lines


def shops_close() -> ss.Result:
    """100 households that buy in shops, but for 1 in 25; all are sealed in on day 2. The list takes 10 orders a day."""
    plan = in_tiers(
        world([100], SHOP_FLOOR, demand=purchases(online=0.04, retries_per_day=0), horizon_days=4),
        {"tier": "sealed", "from_day": 2},
        default="precaution",
        sealed={"open": ["order"]},
    )
    listed = way("list", delay("road", 60), release=DAILY, acceptance={"orders_per_day": 10})
    decided = mix(
        use({**shop(), **titled("Shop", "商店")}),
        use({**listed, **titled("List", "清单")}),
        use(way("packs", delay("stand", 10), release=allotted(1)) | titled("Packs", "蔬菜包"), when="refused"),
        triggers={"refused": {"metric": "rejection_rate", "above": 0.99, **titled("Too many refused", "拒单过多")}},
    )
    return simulated(plan, decided)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_surge_that_came_about(language: Language) -> None:
    """Sealed in, all 100 want to order, 25 times the normal 4; no sealed household has bought for long."""
    lines = words(shops_close(), language)
    expected = {
        "en": (
            ("100 % (16-100 %) of 100 households",),
            ("by “Shop”", "by “List”", "nothing by “Packs”"),
            ("25.0 times as much as on a normal day (4 orders)", "not typed in", "of residents' attempts were refused"),
            ("Trigger “Too many refused” stayed off.",),
        ),
        "zh": (
            ("100户中的100% (16-100%)",),
            ("“商店”占", "“清单”占", "未送货：“蔬菜包”"),
            ("平日4单的25.0倍", "并非输入设定", "居民提交的订单中被拒"),
            ("触发条件“拒单过多”从未生效。",),
        ),
    }[language]
    # One after the other, each in a sentence of its own.
    at = [next(at for at, line in enumerate(lines) if all(part in line for part in parts)) for parts in expected]
    assert at == sorted(set(at))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_surge_that_was_given(language: Language) -> None:
    """Five attempts a day of everybody, all but one in vain; normal is one."""
    demand = {
        "kind": "surge",
        "need_kg_per_household_week": 7,
        "normal_orders_per_household_day": 1,
        "multiplier": 5,
        "order_covers_days": 1,
        "lines_per_order": 1,
    }
    result = simulated(idle_world([20], demand, horizon_days=1), mix(use(way("a", delay("road", 10), release=DAILY))))
    attempts = next(line for line in words(result, language) if "5.0" in line)
    assert (
        "5.0 times as much" in attempts and "typed in" in attempts
    ) or "5.0倍，下单户数为平日的1.0倍；该激增由输入设定" in attempts
    assert "not typed in" not in attempts
    assert result.estimate("attempts_refused_share").mean == pytest.approx(0.8)
    assert "80 %" in attempts.replace("80%", "80 %")


def hungry(replications: int = 8) -> ss.Result:
    """Rice for 1 day and milk for 2 at home, nothing comes in 4 days: 72 of 96 hours without rice, 48 without milk."""
    goods = {"staple": group_of_goods(1, 1), "vegetables": group_of_goods(1, 2)}
    plan = with_goods(idle_world([10, 10], horizon_days=4), goods)
    plan["scenario"]["households"]["kinds"] = {"chronic": {"share": 0.5}}
    closed = way("a", delay("road", 10), release=DAILY, acceptance={"orders_per_day": 0})
    return simulated(plan, mix(use(closed)), replications)


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_what_people_had_to_eat_by_day_and_worst_off(language: Language) -> None:
    """Both kinds of households are without alike, so neither is said to be longest; rice is missing longest."""
    expected = {
        "en": [
            "Of what households need in 4 days, 0 % (0-37 %) came.",
            "Households without food, day by day: 0, 100, 100, 100 % (without something they need for 6 h of the day "
            "or more).",
            "On the worst day, 100 % (63-100 %) of households are without food.",
            "The longest time on end that any household is without something it needs: 3 days.",
            "A household is without something it needs for 3 days on average.",
            "The worst-off tenth of households are without for 3 days.",
            "Missing longest: “Staples” (3 days).",
            "Reached at least once within 4 days: 0 % (0-37 %) of 20 households.",
            "In 8 of 8 replications some households are not reached by the end of the run (11 days).",
        ],
        "zh": [
            "住户4天所需物资中，0% (0-37%)已送到。",
            "逐日断供户占比：0、100、100、100%（一天中缺任一所需物资达6小时即计入）。",
            "最差的一天有100% (63-100%)的住户断供。",
            "住户连续断供最长3天。",
            "户均断供3天。",
            "最差的十分之一住户断供3天。",
            "最缺的物资：“米面粮油”（3天）。",
            "4天内至少送达一次：20户中的0% (0-37%)。",
            "8次重复中有8次到模拟结束时（11天）仍有住户未送达。",
        ],
    }[language]
    assert words(hungry(), language)[: len(expected)] == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_had_to_eat_from_the_day_on_that_is_measured(language: Language) -> None:
    """Days 2 and 3 of four are measured; out of rice since day 1: 48 hours of them."""
    plan = with_goods(idle_world([10], horizon_days=4), {"staple": group_of_goods(1, 1)})
    plan["scenario"] |= {"measured_from_day": 2, "service_target_days": 1}
    closed = way("a", delay("road", 10), release=DAILY, acceptance={"orders_per_day": 0})
    lines = words(simulated(plan, mix(use(closed))), language)
    need, by_day, _, longest, *_ = lines
    if language == "en":
        assert need.startswith("Of what households need in 2 days, 0 %")
        assert by_day.startswith("Households without food, day by day from day 2 on: 100, 100 %")
        assert longest.endswith(": 2 days.")
    else:
        assert need.startswith("住户2天所需物资中")
        assert by_day.startswith("逐日断供户占比（自第2天起）：100、100%")
        assert longest.endswith("最长2天。")


def test_no_goods_are_said_to_be_missing_longest_on_little_evidence() -> None:
    """Of two replications no difference can be told."""
    assert not any(line.startswith("Missing longest") for line in words(hungry(2)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_weeks_where_days_are_many(language: Language) -> None:
    """16 days, hungry from the second on: 6 of 7, 7 of 7 and 2 of 2."""
    plan = idle_world([10], horizon_days=16)
    closed = way("a", delay("road", 10), release=DAILY, acceptance={"orders_per_day": 0})
    lines = words(simulated(plan, mix(use(closed))), language)
    assert {"en": "week by week (mean of its days): 86, 100, 100 %", "zh": "逐周断供户占比（各日均值）：86、100、100%"}[
        language
    ] in lines[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_goes_without(language: Language) -> None:
    """A plain cycle: neither channels to tell apart, nor a normal day, nor triggers, nor anybody at work."""
    plan = world([5], NOBODY, horizon_days=1)
    plan["scenario"]["households"]["pantry_days"] = {"low": 3, "high": 3}
    lines = words(simulated(plan, mix(use(way("a", delay("road", 10))))), language)
    assert (
        lines[:5]
        == {
            "en": [
                "Of what households need in 1 day, 100 % (16-100 %) came.",
                "No household lacks anything it needs in the 1 day looked at.",
                "Reached at least once within 1 day: 100 % (16-100 %) of 5 households.",
                "In 2 of 2 replications every household is reached in time (so in 16-100 % of all cases).",
                "The last household is reached after 0.2 h.",
            ],
            "zh": [
                "住户1天所需物资中，100% (16-100%)已送到。",
                "所考察的1天内没有住户断供。",
                "1天内至少送达一次：5户中的100% (16-100%)。",
                "2次重复中有2次每户都按时送达（即全部情形的16-100%）。",
                "最后一户在0.2小时后首次送达。",
            ],
        }[language]
    )
    assert not any("duty" in line or "到岗" in line for line in lines)


def test_a_trigger_that_differs_between_replications() -> None:
    """On in one of two replications from day 1 on, in the other never; then from days 1 and 2 on."""
    result = shops_close()
    is_trigger = result.days["measure"] == "trigger_on.refused"

    def changed(*on: tuple[int, int]) -> str:
        days = result.days.copy()
        rows = pd.Series(list(zip(days["replication"], days["day"], strict=True)), index=days.index)
        days.loc[is_trigger, "value"] = rows[is_trigger].isin(on).astype(float)
        return next(line for line in words(with_table(result, "days", days)) if line.startswith("Trigger"))

    assert changed((0, 1), (0, 2)) == (
        "Trigger “Too many refused”: first on after 1 day, 1 of 4 days on average (in 1 of 2 replications)."
    )
    assert changed((0, 1), (1, 2), (1, 3), (0, 3)) == (
        "Trigger “Too many refused”: first on after 1-2 days, 2 of 4 days on average."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_splits_and_with_one_replication(language: Language) -> None:
    """What cannot be told is left out."""
    result = shops_close()
    without = {name: table for name, table in result.tables.items() if name != "splits"}
    text = "\n".join(words(replace(result, tables=without), language))
    # By channel, and which goods or groups are without for longest.
    assert not re.search(" t came|Longest without|吨|断供最久", text)
    alone = "\n".join(words(with_table(result, "values", result.values.iloc[:1]), language))
    assert not re.search("Longest without|In 1 of 1|断供最久|1次重复中", alone)


@pytest.mark.parametrize(
    ("replications", "english", "chinese"),
    [
        (1, "Only one replication: what chance does is not seen.", "仅一次重复，看不出偶然因素的影响。"),
        # 1 - 0.025^(1/12) = 26.5 %.
        (
            12,
            "The same in all 12 replications: households served, share of the need that came. What happens in less "
            "than 26 % of all cases may not have been seen.",
            "12次重复中数值全部相同的有：已送达家庭占比、需求满足率。发生概率低于26%的情形可能尚未出现。",
        ),
    ],
)
def test_few_and_equal_values_are_said_to_be_so(replications: int, english: str, chinese: str) -> None:
    plan = world([5], NOBODY, horizon_days=1)
    plan["scenario"]["households"]["pantry_days"] = {"low": 3, "high": 3}
    result = simulated(plan, mix(use(way("a", delay("road", 10)))), replications)
    assert run_answer(result, "en")[-1] == english
    assert run_answer(result, "zh")[-1] == chinese


def test_few_values_that_differ_are_said_to_be_few() -> None:
    """1 - 0.025^(1/2) = 84 % of all cases may be otherwise than both; of ten or more that differ nothing is said."""
    result = shops_close()
    for num in (2, 10):
        values = pd.concat([result.values.iloc[:1]] * num, ignore_index=True)
        values["coverage"] = values["fill_rate"] = np.linspace(0.5, 0.6, num)
        few = few_or_equal(with_table(result, "values", values), MEASURES_SHOWN)
        expected = "Only 2 replications: what happens in less than 84 % of all cases may not have been seen."
        assert few == (expected if num == 2 else None)


def test_nobody_tried_to_order() -> None:
    """Parcels by schedule only: no share was refused."""
    result = simulated(
        idle_world([5], purchases(), horizon_days=1), mix(use(way("a", delay("s", 10), release=allotted(1))))
    )
    assert result.estimate("attempts_refused_share").mean is None
    assert np.isfinite(result.estimate("attempts_vs_normal_peak").mean)
    assert "refused" not in ss.answer(result)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_county_where_everybody_is_reached_and_sealed_households_are_not_fed(language: Language) -> None:
    """Coverage is 1, by shops before the sealing; packs hold five of eight goods: that comes first."""
    result = ss.simulate(ss.load_scenario("county_sealed"), "county_packs_when_sealed", replications=8)
    assert (result.values["coverage"] == 1).all()
    lines = words(result, language)
    other = result.split_summary().query("split == 'kind' and group == 'other' and metric == 'empty_pantry_h'")
    assert 15 < other["mean"].iloc[0] < 31
    heads = {
        "en": [
            "Of what households need in 14 days, ",
            "Households without food, day by day: ",
            "On the worst day, ",
            "The longest time on end",
            "A household is without",
            "The worst-off tenth",
            "Longest without: “Other households” (",
        ],
        "zh": [
            "住户14天所需物资中，",
            "逐日断供户占比：",
            "最差的一天有",
            "住户连续断供最长",
            "户均断供",
            "最差的十分之一住户断供",
            "断供最久：“其他家庭”（",
        ],
    }[language]
    first = {"en": "Reached at least once within 3 days: 100 %", "zh": "3天内至少送达一次：28,000户中的100%"}[language]
    assert [line[: len(head)] for line, head in zip(lines, heads, strict=False)] == heads
    assert next(at for at, line in enumerate(lines) if line.startswith(first)) > len(heads)
    assert not any("Nobody is left out" in line or "无一户遗漏" in line for line in lines)
