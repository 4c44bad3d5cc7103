"""The answer of a comparison in words a planner can read out, in English or Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from simsupply.base.language import Language, spaced
from simsupply.experiment.comparison import Case, Comparison, by_coverage
from simsupply.report.amounts import days_label, duration, percent, points
from simsupply.report.held_back_answer import longest_wait_or_busiest
from simsupply.report.standstill_answer import standstill_sentence

_TEXT: dict[Language, dict[str, str]] = {
    "en": {
        "need": "{strategy}: of what households need, {parts}.",
        "came": "{share} comes at {level}",
        "came_too": "{share} at {level}",
        "all": "{strategy}: every household is reached within {days} down to {label} attendance{seen}.",
        "only": "{strategy}: every household is reached within {days} at {label} attendance only{seen}.",
        "not_above": "{strategy}: every household is reached within {days} at {labels} attendance{seen}, though not at "
        "every level above.",
        "none": "{strategy}: at no attendance looked at is every household reached within {days}.",
        "every": "{strategy}: every household is reached within {days} at every level of {key} looked at{seen}.",
        "some": "{strategy}: every household is reached within {days} at {key} = {labels}{seen}.",
        "nowhere": "{strategy}: at no level of {key} looked at is every household reached within {days}.",
        "in_all": " (in all {n:,} replications)",
        "in_one": " (in the only replication)",
        "at": "{strategy} at {level}: {share} of households are reached.",
        "nobody": "{strategy} at {level}: nobody is reached.",
        "deadlock": "{strategy} at {level}: {what}",
        "apart": "At {level}, {better} reach {points} more households than {worse}.",
        "same": "At {level}, {better} and {worse} cannot be told apart in households reached.",
        "one": " (one replication: no interval)",
        "comma": ", ",
        "join": " ",
    },
    "zh": {
        "need": "“{strategy}”：{parts}。",
        "came": "{level}时住户所需物资的{share}送到",
        "came_too": "{level}时为{share}",
        "all": "“{strategy}”在到岗率不低于{label}时可在{days}内送达每一户{seen}。",
        "only": "“{strategy}”仅在到岗率{label}时可在{days}内送达每一户{seen}。",
        "not_above": "“{strategy}”在到岗率{labels}时可在{days}内送达每一户{seen}，但并非在更高的到岗率下都能做到。",
        "none": "“{strategy}”在所考察的任何到岗率下都不能在{days}内送达每一户。",
        "every": "“{strategy}”在所考察的“{key}”的每个水平下均可在{days}内送达每一户{seen}。",
        "some": "“{strategy}”在“{key} = {labels}”时可在{days}内送达每一户{seen}。",
        "nowhere": "“{strategy}”在所考察的“{key}”的任何水平下都不能在{days}内送达每一户。",
        "in_all": "（{n:,}次重复均如此）",
        "in_one": "（仅一次重复）",
        "at": "“{strategy}”在{level}时送达{share}的住户。",
        "nobody": "“{strategy}”在{level}时无人得到供应。",
        "deadlock": "“{strategy}”在{level}时：{what}",
        "apart": "{level}时，“{better}”比“{worse}”多送达{points}的住户。",
        "same": "{level}时，就送达户数而言，“{better}”与“{worse}”无法区分优劣。",
        "one": "（仅一次重复，无置信区间）",
        "comma": "，",
        "join": "",
    },
}
_HEADS: dict[Language, tuple[str, ...]] = {
    "en": (
        "attendance",
        "strategy",
        "need met",
        "without food, worst day",
        "worst-off tenth without",
        "reached within {days}",
        "last household after",
        "longest wait",
    ),
    "zh": (
        "到岗率",
        "策略",
        "需求满足率",
        "最差一天断供户",
        "最差十分之一断供",
        "{days}内送达户",
        "最后一户送达",
        "等待最久",
    ),
}
_BEYOND: dict[Language, str] = {"en": "not within {days}", "zh": "{days}内未完成"}


def answer_rows(comparison: Comparison, language: Language = "en") -> list[list[str]]:
    """The table as text: a row of headings, then one row per case; what people had to eat, then who was reached."""
    spec = comparison.scenario.settings
    target = days_label(spec.service_target_days, language)
    beyond = _BEYOND[language].format(days=days_label(spec.measured_days + spec.run_out_days, language))
    rows = [[head.format(days=target) for head in _HEADS[language]]]
    if comparison.cases[0].at is not None:
        rows[0][0] = comparison.cases[0].key_in_words(language)
    for case in comparison.cases:
        result = case.result
        last = result.estimate("last_household_served_h").mean
        worst_off = result.estimate("empty_pantry_h_worst_decile").mean
        rows.append(
            [
                case.label,
                case.titled(language),
                percent(result.estimate("fill_rate")),
                percent(result.estimate("hungry_household_share_worst_day")),
                "-" if worst_off is None else duration(worst_off, language),
                percent(result.estimate("coverage")),
                beyond if last is None else duration(last, language),
                longest_wait_or_busiest(result, language),
            ]
        )
    return [[spaced(cell, language) for cell in row] for row in rows]


def answer_sentence(comparison: Comparison, language: Language = "en") -> str:
    """What the table means, as one paragraph: what people got, down to where each strategy holds, which is better."""
    by_strategy: dict[str, list[Case]] = {}
    # Other levels than those of attendance stay in the order given: more may be better or worse.
    falling = sorted(comparison.cases, key=lambda case: -case.attendance if case.at is None else 0.0)
    for case in falling:
        by_strategy.setdefault(case.alternative, []).append(case)
    sentences = [_need(cases, language) for cases in by_strategy.values()]
    for cases in by_strategy.values():
        sentences += [*_one_strategy(comparison, cases, language), *_standstills(cases, language)]
    lowest = [cases[-1] for cases in by_strategy.values()]
    ranked = by_coverage(lowest)
    sentences += [_difference(comparison, ranked[0], worse, language) for worse in ranked[1:]]
    return spaced(_TEXT[language]["join"].join(sentences), language)


def _standstills(cases: list[Case], language: Language) -> list[str]:
    """At which levels vehicles of a strategy stood still for good."""
    found = [(case, standstill_sentence(case.result, language)) for case in cases]
    return [
        _TEXT[language]["deadlock"].format(strategy=case.titled(language), level=case.in_words(language), what=what)
        for case, what in found
        if what is not None
    ]


def _need(cases: list[Case], language: Language) -> str:
    """How much of the need a strategy met at each level."""
    text = _TEXT[language]
    parts = [
        text["came_too" if number else "came"].format(
            share=percent(case.result.estimate("fill_rate")), level=case.in_words(language)
        )
        for number, case in enumerate(cases)
    ]
    return text["need"].format(strategy=cases[0].titled(language), parts=text["comma"].join(parts))


def _difference(comparison: Comparison, best: Case, worse: Case, language: Language) -> str:
    """How many more households the best reaches, if that can be told."""
    text, gain = _TEXT[language], comparison.paired(best, worse, "coverage")
    assert gain.mean is not None  # coverage exists in every replication
    is_apart = gain.mean > 0 if gain.side is None else gain.side > 0
    shown = points(gain.mean, gain.ci_low, gain.ci_high, language)
    if gain.ci_low is None and is_apart:
        shown += text["one"]
    return text["apart" if is_apart else "same"].format(
        level=worse.in_words(language), better=best.titled(language), worse=worse.titled(language), points=shown
    )


def _one_strategy(comparison: Comparison, cases: list[Case], language: Language) -> list[str]:
    """Where every household is reached, and how many are elsewhere."""
    text = _TEXT[language]
    days = days_label(comparison.scenario.settings.service_target_days, language)
    name = cases[0].titled(language)
    reached = [not (case.result.values["coverage"] < 1).any() for case in cases]
    holds = [case for case, is_everybody in zip(cases, reached, strict=True) if is_everybody]
    if cases[0].at is None:
        verdict = _of_falling_attendance(reached)
        words = {"label": holds[-1].label if holds else ""}
    else:
        verdict = "nowhere" if not holds else "every" if len(holds) == len(cases) else "some"
        words = {"key": cases[0].key_in_words(language)}
    num = min((len(case.result.values) for case in holds), default=0)
    seen = text["in_one" if num == 1 else "in_all"].format(n=num)
    labels = ", ".join(case.label for case in holds)
    lines = [text[verdict].format(strategy=name, days=days, seen=seen, labels=labels, **words)]
    for case in (case for case, is_everybody in zip(cases, reached, strict=True) if not is_everybody):
        coverage = case.result.estimate("coverage")
        sentence = text["at" if coverage.mean else "nobody"]
        lines.append(sentence.format(strategy=name, level=case.in_words(language), share=percent(coverage)))
    return lines


def _of_falling_attendance(reached: Sequence[bool]) -> str:
    """Which verdict says at which of several falling attendances everybody is reached."""
    if not any(reached):
        return "none"
    if not all(reached[: sum(reached)]):
        return "not_above"
    return "all" if sum(reached) > 1 or len(reached) == 1 else "only"
