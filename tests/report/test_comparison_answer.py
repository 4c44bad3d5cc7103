"""The answer in words, in both languages: nobody, everybody, one replication, too close to tell."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsupply.base.language import Language
from simsupply.report.amounts import percent
from simsupply.report.comparison_answer import answer_rows, answer_sentence
from simsupply.stats.intervals import Estimate, estimate
from tests.plans.tiny_comparison import comparison, made_up

LANGUAGES: tuple[Language, ...] = ("en", "zh")


def whole_text(*cases, language: Language) -> str:
    """Table and sentence; no piece of a template may be left in them."""
    found = comparison(*cases)
    text = "\n".join([*(" | ".join(row) for row in answer_rows(found, language)), answer_sentence(found, language)])
    assert not re.search(r"[{}]|None|nan", text)
    assert ".." not in text
    assert "。。" not in text
    return text


def crates(attendance: float, coverage: list[float], **more: float):
    return made_up("standard_crates", attendance, coverage, **more)


def orders(attendance: float, coverage: list[float], **more: float):
    return made_up("individual_orders", attendance, coverage, **more)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_served(language: Language) -> None:
    text = whole_text(crates(0.0, [0, 0], busy=0), orders(0.0, [0, 0], busy=0), language=language)
    expected = {
        "en": (
            "nobody on duty",
            "Standard crates: of what households need, 0 % (0-84 %) comes at 0 % attendance.",
            "Standard crates at 0 % attendance: nobody is reached.",
            "cannot be told apart",
            "not within 5 days",
        ),
        "zh": (
            "无人到岗",
            "“标准箱”：到岗率0%时住户所需物资的0% (0-84%)送到。",
            "无人得到供应",
            "无法区分优劣",
            "5天内未完成",
        ),
    }
    assert all(words in text for words in expected[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_served_at_every_level(language: Language) -> None:
    text = whole_text(crates(1.0, [1, 1], last_h=30), crates(0.5, [1, 1], last_h=60), language=language)
    expected = {
        "en": (
            "Standard crates: every household is reached within 2 days down to 50 % attendance "
            "(in all 2 replications).",
            "30 h",
            "2.5 days",
        ),
        "zh": ("“标准箱”在到岗率不低于50%时可在2天内送达每一户（2次重复均如此）。", "30小时", "2.5天"),
    }
    assert all(words in text for words in expected[language])
    assert not re.search("held back|瓶颈", text, re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_level_only(language: Language) -> None:
    text = whole_text(crates(1.0, [1, 1]), crates(0.2, [0.5, 0.6], busy=0.97), language=language)
    expected = {
        # Without trials nothing is said to hold a plan back.
        "en": (
            "at 100 % attendance only (in all 2 replications)",
            "Standard crates at 20 % attendance: 55 % (3-99 %) of households are reached.",
            "none; busiest: Pack (97 % busy)",
        ),
        "zh": ("仅在到岗率100%时", "送达55% (3-99%)的住户", "无；最忙：装箱（忙碌97%）"),
    }
    assert all(words in text for words in expected[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_replication_has_no_interval_and_says_so(language: Language) -> None:
    text = whole_text(crates(0.2, [0.7]), orders(0.2, [0.3]), language=language)
    expected = {
        "en": "Standard crates reach 40 percentage points (one replication: no interval) more",
        "zh": "多送达40个百分点（仅一次重复，无置信区间）的住户",
    }
    assert expected[language] in text
    assert "(0-" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_better_one_comes_first_whatever_the_order(language: Language) -> None:
    pair = (orders(0.2, [0.30, 0.31, 0.32] * 3), crates(0.2, [0.66, 0.67, 0.65] * 3))
    for cases in (pair, pair[::-1]):
        text = whole_text(*cases, language=language)
        expected = {
            "en": "Standard crates reach 35 percentage points (33.8 to 36.2) more households than Individual orders",
            "zh": "到岗率20%时，“标准箱”比“个性化散单”多送达35个百分点（33.8至36.2）的住户",
        }
        assert expected[language] in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_close_to_tell(language: Language) -> None:
    text = whole_text(crates(0.2, [0.5, 0.6]), orders(0.2, [0.6, 0.5]), language=language)
    assert {"en": "cannot be told apart", "zh": "无法区分优劣"}[language] in text


def test_one_bad_replication_is_not_everybody() -> None:
    """Every household in 99 of 100 replications is not a plan that holds."""
    text = whole_text(crates(1.0, [1.0] * 99 + [0.999]), language="en")
    assert "at no attendance looked at is every household reached" in text
    assert ">99.9 %" in text


def test_every_level_at_which_it_holds_is_named_as_in_the_table() -> None:
    """Held at 100 % and at 20 % but not at 50 %, or at the lower one only: what the table says."""
    text = whole_text(crates(1.0, [1, 1]), crates(0.5, [0.9, 0.9]), crates(0.2, [1, 1]), language="en")
    assert "at 100 %, 20 % attendance (in all 2 replications), though not at every level above." in text
    text = whole_text(crates(1.0, [0.9, 0.9]), crates(0.4, [1, 1]), language="en")
    assert "at 40 % attendance (in all 2 replications), though not at every level above." in text
    assert "at no attendance" not in text


# --- shares as per cent -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.5, "50 %"),
        (0.997, "99.7 %"),
        (0.9996, ">99.9 %"),
        (0.99999, ">99.9 %"),
        (0.994, "99 %"),
        (0.996, "99.6 %"),
        (0.003, "0.3 %"),
        (0.0003, "<0.1 %"),
        (0.006, "1 %"),
    ],
)
def test_percent(value: float, shown: str) -> None:
    assert percent(Estimate(value, None, None, 1, "share")) == shown
    assert percent(Estimate(value, value, value, 2, "share")) == shown


def test_percent_with_interval() -> None:
    assert percent(estimate([0.5, 0.6, 0.7], "share")) == "60 % (33-83 %)"
    assert percent(Estimate(0.998, 0.99, 1.0, 20, "share")) == "99.8 % (99-100 %)"


@given(st.floats(0, 1))
def test_percent_never_rounds_up_to_all_or_down_to_none(value: float) -> None:
    shown = percent(Estimate(value, None, None, 1, "share"))
    assert (shown == "100 %") == (value == 1)
    assert (shown == "0 %") == (value == 0)
    number = float(re.sub(r"[<>% ]", "", shown))
    assert number == pytest.approx(value * 100, abs=0.5001)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.sampled_from(LANGUAGES))
def test_any_coverage_can_be_said(values: list[float], language: Language) -> None:
    case = crates(0.35, values, last_h=12.0 if np.min(values) == 1 else np.nan)
    whole_text(case, orders(0.35, values[::-1]), language=language)
