"""The answer of a comparison in words a planner can read out, in English or Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from simsupply.base.language import Language, spaced
from simsupply.experiment.comparison import Case, Comparison, by_coverage
from simsupply.results.result import Bottleneck
from simsupply.stats.intervals import Estimate
from simsupply.strategy.step_titles import stage_label

_TEXT = {
    "en": {
        "head": ["attendance", "strategy", "served within {days} days", "last household after", "held back by"],
        "never": "nobody is served",
        "beyond": "not within {days} days",
        "hours": "{hours:.0f} h",
        "busy": "{stage} ({busy:.0f} % busy)",
        "idle": "no staff on duty",
        "empty": "{stage} (nobody on duty)",
        "all": "{strategy}: every household is reached within {days} days down to {label} attendance{seen}",
        "only": "{strategy}: every household is reached within {days} days at {label} attendance only{seen}",
        "not_above": "{strategy}: every household is reached within {days} days at {labels} attendance{seen}, though "
        "not at every level above",
        "none": "{strategy}: at no attendance looked at is every household reached within {days} days",
        "every": "{strategy}: every household is reached within {days} days at every level of {key} looked at{seen}",
        "some": "{strategy}: every household is reached within {days} days at {key} = {labels}{seen}",
        "in_all": " (in all {n:,} replications)",
        "in_one": " (in the only replication)",
        "nowhere": "{strategy}: at no level of {key} looked at is every household reached within {days} days",
        "at": "at {brief} it is {share}, held back by {stage}",
        "nobody": "at {level} nobody is served, held back by {stage}",
        "apart": "At {level}, {better} reach {points} percentage points more households than {worse}",
        "same": "At {level}, {better} and {worse} cannot be told apart",
        "one": " (one replication: no interval)",
        "and": "; ",
        "stop": ". ",
        "end": ".",
    },
    "zh": {
        "head": ["到岗率", "策略", "{days}天内送达户数占比", "最后一户送达", "瓶颈环节"],
        "never": "无人得到供应",
        "beyond": "{days}天内未完成",
        "hours": "{hours:.0f}小时",
        "busy": "{stage}（忙碌{busy:.0f}%）",
        "idle": "无人到岗",
        "empty": "{stage}（无人到岗）",
        "all": "“{strategy}”在到岗率不低于{label}时可在{days}天内送达每一户{seen}",
        "only": "“{strategy}”仅在到岗率{label}时可在{days}天内送达每一户{seen}",
        "not_above": "“{strategy}”在到岗率{labels}时可在{days}天内送达每一户{seen}，但并非在更高的到岗率下都能做到",
        "none": "“{strategy}”在所考察的任何到岗率下都不能在{days}天内送达每一户",
        "every": "“{strategy}”在所考察的“{key}”的每个水平下均可在{days}天内送达每一户{seen}",
        "some": "“{strategy}”在“{key} = {labels}”时可在{days}天内送达每一户{seen}",
        "in_all": "（{n:,}次重复均如此）",
        "in_one": "（仅一次重复）",
        "nowhere": "“{strategy}”在所考察的“{key}”的任何水平下都不能在{days}天内送达每一户",
        "at": "{level}时送达{share}，瓶颈为{stage}",
        "nobody": "{level}时无人得到供应，瓶颈为{stage}",
        "apart": "{level}时，“{better}”比“{worse}”多送达{points}个百分点的住户",
        "same": "{level}时，“{better}”与“{worse}”无法区分优劣",
        "one": "（仅一次重复，无置信区间）",
        "and": "；",
        "stop": "。",
        "end": "。",
    },
}


def percent(found: Estimate) -> str:
    """A share with its 95 % interval, for instance ``66 % (53-78 %)``; never rounded up to 100 %."""
    mean, low, high = (round_share(value) for value in (found.mean, found.ci_low, found.ci_high))
    if low is None:
        return f"{mean} %"
    return f"{mean} %" if low == mean == high else f"{mean} % ({low}-{high} %)"


def round_share(value: float | None) -> str | None:
    """A share as whole per cent, without the sign; never rounded up to 100 or down to 0."""
    if value is None:
        return None
    shown = f"{value * 100:.0f}"
    # 99.7 % is not everybody and 0.3 % is not nobody.
    if (shown == "100" and value < 1) or (shown == "0" and value > 0):
        shown = f"{value * 100:.1f}" if f"{value * 100:.1f}" not in ("100.0", "0.0") else shown
        if shown in ("100", "0"):
            shown = ">99.9" if value > 0.5 else "<0.1"
    return shown


def answer_rows(comparison: Comparison, language: Language = "en") -> list[list[str]]:
    """The table as text: a row of headings, then one row per case."""
    text = _TEXT[language]
    spec = comparison.scenario.settings
    run_days = spec.horizon_days + spec.run_out_days
    rows = [[str(head).format(days=f"{spec.service_target_days:g}") for head in text["head"]]]
    if comparison.cases[0].at is not None:
        rows[0][0] = comparison.level_column
    for case in comparison.cases:
        last = case.result.estimate("last_household_served_h").mean
        rows.append(
            [
                case.label,
                case.titled(language),
                percent(case.result.estimate("coverage")),
                str(text["beyond"]).format(days=run_days) if last is None else str(text["hours"]).format(hours=last),
                held_back_by(case.result.bottleneck(), language),
            ]
        )
    return [[spaced(cell, language) for cell in row] for row in rows]


def answer_sentence(comparison: Comparison, language: Language = "en") -> str:
    """What the table means: down to where each strategy holds, what breaks it, which one is better."""
    text = _TEXT[language]
    by_strategy: dict[str, list[Case]] = {}
    # Other levels than those of attendance stay in the order given: more may be better or worse.
    falling = sorted(comparison.cases, key=lambda case: -case.attendance if case.at is None else 0.0)
    for case in falling:
        by_strategy.setdefault(case.alternative, []).append(case)
    sentences = [_one_strategy(comparison, cases, language) for cases in by_strategy.values()]
    lowest = [cases[-1] for cases in by_strategy.values()]
    ranked = by_coverage(lowest)
    for worse in ranked[1:]:
        gain = comparison.paired(ranked[0], worse, "coverage")
        assert gain.mean is not None  # coverage exists in every replication
        is_apart = gain.mean > 0 if gain.side is None else gain.side > 0
        points = f"{gain.mean * 100:.0f}"
        if gain.ci_low is not None and gain.ci_high is not None:
            points += f" ({gain.ci_low * 100:.0f}-{gain.ci_high * 100:.0f})"
        elif is_apart:
            points += str(text["one"])
        sentences.append(
            str(text["apart" if is_apart else "same"]).format(
                level=worse.in_words(language),
                better=ranked[0].titled(language),
                worse=worse.titled(language),
                points=points,
            )
        )
    return spaced(str(text["stop"]).join(sentences) + str(text["end"]), language)


def _one_strategy(comparison: Comparison, cases: list[Case], language: Language) -> str:
    text = _TEXT[language]
    days = f"{comparison.scenario.settings.service_target_days:g}"
    name = cases[0].titled(language)
    reached = [not (case.result.values["coverage"] < 1).any() for case in cases]
    holds = [case for case, is_everybody in zip(cases, reached, strict=True) if is_everybody]
    if cases[0].at is None:
        verdict = _of_falling_attendance(reached)
        words = {"label": holds[-1].label if holds else "", "labels": ", ".join(case.label for case in holds)}
    else:
        verdict = "nowhere" if not holds else "every" if len(holds) == len(cases) else "some"
        words = {"key": cases[0].at.key, "labels": ", ".join(case.label for case in holds)}
    num = min((len(case.result.values) for case in holds), default=0)
    seen = str(text["in_one" if num == 1 else "in_all"]).format(n=num)
    parts = [str(text[verdict]).format(strategy=name, days=days, seen=seen, **words)]
    for case in (case for case, is_everybody in zip(cases, reached, strict=True) if not is_everybody):
        coverage, bottleneck = case.result.estimate("coverage"), case.result.bottleneck()
        sentence = str(text["at" if coverage.mean else "nobody"])
        held_back = held_back_by(bottleneck, language)
        parts.append(
            sentence.format(
                level=case.in_words(language),
                brief=case.label if case.at is None else case.in_words(language),
                share=percent(coverage),
                stage=held_back[0].lower() + held_back[1:],
            )
        )
    return str(text["and"]).join(parts)


def _of_falling_attendance(reached: Sequence[bool]) -> str:
    """Which verdict says at which of several falling attendances everybody is reached."""
    if not any(reached):
        return "none"
    if not all(reached[: sum(reached)]):
        return "not_above"
    return "all" if sum(reached) > 1 or len(reached) == 1 else "only"


def held_back_by(bottleneck: Bottleneck | None, language: Language) -> str:
    """The bottleneck in words, with how busy it is."""
    text = _TEXT[language]
    if bottleneck is None:
        return str(text["idle"])
    stage = stage_label(bottleneck.stage, language)
    if bottleneck.utilisation is None:
        return str(text["empty"]).format(stage=stage)
    return str(text["busy"]).format(stage=stage, busy=bottleneck.utilisation * 100)
