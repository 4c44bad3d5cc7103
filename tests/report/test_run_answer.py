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
from simsupply.report.run_answer import run_answer, share_refused
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
    """The lines; no piece of a template may be left in them."""
    lines = run_answer(result, language)
    text = "\n".join(lines)
    assert text == ss.answer(result, language)
    assert not re.search(r"[{}]|None|nan", text)
    assert "  " not in text
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
    served, _, channels, attempts, trigger = words(shops_close(), language)
    expected = {
        "en": (
            "100 % (16-100 %) of 100 households",
            ("by “Shop”", "by “List”", "nothing by “Packs”"),
            ("25.0 times as much as on a normal day (4 orders)", "not typed in", "of all attempts were refused"),
            "Trigger “Too many refused” stayed off.",
        ),
        "zh": (
            "100户中的100% (16-100%)",
            ("“商店”占", "“清单”占", "未送货：“蔬菜包”"),
            ("平日4单的25.0倍", "并非输入设定", "全部提交中被拒"),
            "触发条件“拒单过多”从未生效。",
        ),
    }[language]
    assert expected[0] in served
    assert all(part in channels for part in expected[1])
    assert all(part in attempts for part in expected[2])
    assert trigger == expected[3]


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
    attempts = words(result, language)[-1]
    assert ("5.0 times as much" in attempts and "typed in" in attempts) or "5.0倍；该激增由输入设定" in attempts
    assert "not typed in" not in attempts
    assert share_refused(result).mean == pytest.approx(0.8)
    assert "80 %" in attempts.replace("80%", "80 %")


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_goes_without_most(language: Language) -> None:
    """Rice for 1 day and milk for 2 at home, nothing comes: 72 of 96 hours without, rice longest."""
    goods = {"staple": group_of_goods(1, 1), "vegetables": group_of_goods(1, 2)}
    plan = with_goods(idle_world([10, 10], horizon_days=4), goods)
    plan["scenario"]["households"]["kinds"] = {"chronic": {"share": 0.5}}
    closed = way("a", delay("road", 10), release=DAILY, acceptance={"orders_per_day": 0})
    served, empty, *_ = words(simulated(plan, mix(use(closed))), language)
    assert ("0 % (0-84 %) of 20 households" in served) or ("20户中的0% (0-84%)" in served)
    assert ("some not within" in served) or ("未能全部送达" in served)
    expected = {
        "en": "An empty pantry: 72 h of 96 h on average, 72 h in the worst-off tenth; longest in the group "
        "“Chronic patient” (72 h); of the goods, “Staples” is missing longest (72 h).",
        "zh": "断供时间：96小时中户均72小时，最差的十分之一为72小时；最长的群体是“有慢性病患者”（72小时）；"
        "最缺的物资是“米面粮油”（72小时）。",
    }
    assert empty == expected[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_goes_without(language: Language) -> None:
    """A plain cycle: neither channels to tell apart, nor a normal day, nor triggers."""
    plan = world([5], NOBODY, horizon_days=1)
    plan["scenario"]["households"]["pantry_days"] = {"low": 3, "high": 3}
    result = simulated(plan, mix(use(way("a", delay("road", 10)))))
    lines = words(result, language)
    assert len(lines) == 2
    assert lines[1] in ("No pantry is empty in the 24 h looked at.", "所考察的24小时内无人断供。")


def test_a_trigger_that_differs_between_replications() -> None:
    """On in one of two replications from day 1 on, in the other never; then from days 1 and 2 on."""
    result = shops_close()
    is_trigger = result.days["measure"] == "trigger_on.refused"

    def changed(*on: tuple[int, int]) -> str:
        days = result.days.copy()
        rows = pd.Series(list(zip(days["replication"], days["day"], strict=True)), index=days.index)
        days.loc[is_trigger, "value"] = rows[is_trigger].isin(on).astype(float)
        return words(with_table(result, "days", days))[-1]

    assert changed((0, 1), (0, 2)) == (
        "Trigger “Too many refused”: first on after 1 days, 1 of 4 days on average (in 1 of 2 replications)."
    )
    assert changed((0, 1), (1, 2), (1, 3), (0, 3)) == (
        "Trigger “Too many refused”: first on after 1-2 days, 2 of 4 days on average."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_splits_and_with_one_replication(language: Language) -> None:
    """What cannot be told is left out."""
    result = shops_close()
    without = {name: table for name, table in result.tables.items() if name != "splits"}
    lines = words(replace(result, tables=without), language)
    assert len(lines) == 4
    assert len(words(with_table(result, "values", result.values.iloc[:1]), language)) == 5


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
    assert share_refused(result).mean is None
    assert np.isfinite(result.estimate("attempts_vs_normal_peak").mean)
    assert "refused" not in ss.answer(result)
