"""The answer of a line: at which levels a target is met, which level is best, which option is better where."""

from __future__ import annotations

from typing import Literal

from experiments.estimates import option_pairs
from experiments.spec import Cell, Factor, Target
from experiments.verdicts import Number, Results
from experiments.words import amount, bare, joined, level, levels, option
from simsupply.base.language import Language

_TEXT = {
    "en": {
        "measure": "**{measure}.** ",
        "option": "{option}: ",
        "ends": "{low} at {first}, {high} at {last}.",
        "target": " The target of {target} is {parts}.",
        "met": "met with 95 % confidence at {at}{wanted}",
        "never": "met with 95 % confidence at no level",
        "missed": "not met at {at}",
        "open": "open at {at}",
        "least": " (the least: {level}, {amount})",
        "greatest": " (the greatest: {level}, {amount})",
        "at_least": "at least ",
        "at_most": "at most ",
        "best": " The best mean is that of {level}: {amount}. {parts}.",
        "level_same": "As good: {at}",
        "level_open": "Cannot be told apart from it: {at}",
        "level_worse": "Surely worse: {at}, by up to {amount} (at {level})",
        "level_better": "Surely better, though its mean is not: {at}",
        "pair": "{first} against {second}: {parts}.",
        "pair_better": "better at {at}",
        "pair_same": "as good at {at}",
        "pair_worse": "worse at {at}",
        "pair_open": "cannot be told apart at {at}",
        "ahead": " It is clearest at {level}: {amount}.",
    },
    "zh": {
        "measure": "**{measure}**：",
        "option": "{option}：",
        "ends": "{first}时{low}，{last}时{high}。",
        "target": "目标（{target}）{parts}。",
        "met": "在{at}以95 %的把握达到{wanted}",
        "never": "在任何水平都不能以95 %的把握达到",
        "missed": "{at}未达到",
        "open": "{at}无法判断",
        "least": "（最小为{level}，{amount}）",
        "greatest": "（最大为{level}，{amount}）",
        "at_least": "不低于",
        "at_most": "不高于",
        "best": "均值最佳的水平为{level}：{amount}。{parts}。",
        "level_same": "相当：{at}",
        "level_open": "与其无法区分：{at}",
        "level_worse": "确实较差：{at}，最多差{amount}（{level}）",
        "level_better": "均值不如但确实更好：{at}",
        "pair": "{first}与{second}相比：{parts}。",
        "pair_better": "{at}更好",
        "pair_same": "{at}相当",
        "pair_worse": "{at}更差",
        "pair_open": "{at}无法区分",
        "ahead": "在{level}最为明显：{amount}。",
    },
}
_STATES = ("better", "same", "worse", "open")


def answer_line(results: Results, language: Language) -> list[str]:
    """Paragraphs of the answer, one for each measure."""
    spec, text = results.spec, _TEXT[language]
    blocks = []
    for name, measure in spec.measures.items():
        lines = []
        for key in spec.options:
            said = _ends(results, name, key, language)
            if measure.target:
                said += _target(results, name, key, measure.target, language)
            if spec.compare != "options" and measure.better != "neither":
                said += _best(results, name, key, language)
            who = text["option"].format(option=option(spec, key, language, is_first=True))
            lines.append(who + said if len(spec.options) > 1 else said)
        if spec.compare != "levels" and measure.better != "neither":
            lines += [_pair(results, name, *pair, language) for pair in option_pairs(spec)]
        title = text["measure"].format(measure=measure.title.in_language(language))
        listed = "\n".join(f"- {line}" for line in lines)
        blocks.append(title + lines[0] if len(lines) == 1 else f"{title.strip()}\n\n{listed}")
    return blocks


def meets(found: Number, target: Target) -> Literal["met", "missed", "open"]:
    """Whether a target is met, by the whole interval."""
    if target.at_least is not None:
        return "met" if found.ci_low >= target.at_least else "missed" if found.ci_high < target.at_least else "open"
    return "met" if found.ci_high <= target.value else "missed" if found.ci_low > target.value else "open"


def best_level(results: Results, name: str, key: str) -> float:
    """The level with the best mean; the first one of several."""
    sign = 1 if results.spec.measures[name].better == "more" else -1
    return max(_factor(results).levels, key=lambda at: sign * results.mean(name, Cell(key, (at,))).mean)


def _factor(results: Results) -> Factor:
    (factor,) = results.spec.factors.values()
    return factor


def _ends(results: Results, name: str, key: str, language: Language) -> str:
    factor = _factor(results)
    first, last = factor.levels[0], factor.levels[-1]
    low, high = (amount(results.mean(name, Cell(key, (at,))), results.units[name], language) for at in (first, last))
    words = {"first": level(factor, first, language), "last": level(factor, last, language)}
    return _TEXT[language]["ends"].format(low=low, high=high, **words)


def _target(results: Results, name: str, key: str, target: Target, language: Language) -> str:
    spec, text, factor = results.spec, _TEXT[language], _factor(results)
    by_state: dict[str, list[float]] = {"met": [], "missed": [], "open": []}
    for at in factor.levels:
        by_state[meets(results.mean(name, Cell(key, (at,))), target)].append(at)
    parts = [text["never"]]
    if by_state["met"]:
        at = min(by_state["met"]) if spec.wanted == "least" else max(by_state["met"])
        shown = amount(results.mean(name, Cell(key, (at,))), results.units[name], language)
        wanted = text[spec.wanted].format(level=level(factor, at, language), amount=shown)
        parts = [text["met"].format(at=levels(factor, by_state["met"], language), wanted=wanted)]
    for state in ("missed", "open"):
        if by_state[state]:
            parts.append(text[state].format(at=levels(factor, by_state[state], language)))
    side = text["at_least" if target.at_least is not None else "at_most"]
    value = side + bare(target.value, results.units[name], language)
    return text["target"].format(target=value, parts=joined(parts, language))


def _best(results: Results, name: str, key: str, language: Language) -> str:
    text, unit, factor = _TEXT[language], results.units[name], _factor(results)
    best = Cell(key, (best_level(results, name, key),))
    others = [at for at in factor.levels if (at,) != best.levels]
    parts = []
    for state in ("same", "open", "worse", "better"):
        found = [at for at in others if results.verdict(name, Cell(key, (at,)), best) == state]
        if not found:
            continue
        words = {"at": levels(factor, found, language)}
        if state == "worse":
            apart = {at: results.difference(name, Cell(key, (at,)), best) for at in found}
            widest = max(found, key=lambda at: abs(apart[at].mean))
            size = amount(apart[widest].positive(), unit, language, is_difference=True)
            words |= {"amount": size, "level": level(factor, widest, language)}
        parts.append(text[f"level_{state}"].format(**words))
    return text["best"].format(
        level=level(factor, best.levels[0], language),
        amount=amount(results.mean(name, best), unit, language),
        parts={"en": ". ", "zh": "。"}[language].join(parts),
    )


def _pair(results: Results, name: str, first: str, second: str, language: Language) -> str:
    spec, text, factor = results.spec, _TEXT[language], _factor(results)
    by_state: dict[str, list[float]] = {state: [] for state in _STATES}
    for at in factor.levels:
        by_state[results.verdict(name, Cell(first, (at,)), Cell(second, (at,)))].append(at)
    parts = [
        text[f"pair_{state}"].format(at=levels(factor, some, language)) for state, some in by_state.items() if some
    ]
    titles = {"first": option(spec, first, language, is_first=True), "second": option(spec, second, language)}
    line = text["pair"].format(parts=joined(parts, language), **titles)
    sure = by_state["better"] + by_state["worse"]
    if sure:
        apart = {at: results.difference(name, Cell(first, (at,)), Cell(second, (at,))) for at in sure}
        clearest = max(sure, key=lambda at: apart[at].positive().ci_low)
        size = amount(apart[clearest], results.units[name], language, is_difference=True)
        line += text["ahead"].format(amount=size, level=level(factor, clearest, language))
    return line
