"""The answer of a choice: options side by side, perhaps under several conditions."""

from __future__ import annotations

from experiments.spec import Cell, Levels
from experiments.verdicts import Number, Results
from experiments.words import amount, bare_difference, joined, level, listed, option, where
from simsupply.base.language import Language

_TEXT = {
    "en": {
        "measure": "**{measure}.**",
        "at": "{where}: ",
        "best": "the best mean is that of {best}, {parts}.",
        "best_better": "surely better than {others}{least}",
        "best_same": "as good as {others}",
        "best_open": "not to be told apart from {others}",
        "best_worse": "but surely worse than {others}",
        "all": "all others",
        "least": " (by at least {amount})",
        "base": "against {base}, {parts}.",
        "base_better": "{option} better by {amount}",
        "base_worse": "{option} worse by {amount}",
        "base_same": "{option} as good",
        "base_open": "{option} cannot be told apart",
    },
    "zh": {
        "measure": "**{measure}**：",
        "at": "{where}：",
        "best": "均值最佳：{best}，{parts}。",
        "best_better": "确实优于{others}{least}",
        "best_same": "与{others}相当",
        "best_open": "与{others}无法区分",
        "best_worse": "但确实不如{others}",
        "all": "其他各项",
        "least": "（至少相差{amount}）",
        "base": "与{base}相比，{parts}。",
        "base_better": "{option}更好，相差{amount}",
        "base_worse": "{option}更差，相差{amount}",
        "base_same": "{option}相当",
        "base_open": "{option}无法区分",
    },
}
_STATES = ("better", "same", "open", "worse")


def answer_choice(results: Results, language: Language) -> list[str]:
    """For each measure a line for each condition; in English the table of means before them."""
    spec, text = results.spec, _TEXT[language]
    blocks = []
    for name, measure in spec.measures.items():
        title = text["measure"].format(measure=measure.title.in_language(language))
        if language == "en":
            blocks.append(f"{title}\n\n{_table(results, name)}")
            title = ""
        if measure.better == "neither":
            continue
        lines = []
        for point in spec.points:
            at = text["at"].format(where=where(spec, Cell("", point), language)) if point else ""
            said = _against_base if spec.base else _best
            line = at + said(results, name, point, language)
            lines.append(line[:1].upper() + line[1:])
        blocks.append(title + ("\n\n" if title else "") + "\n".join(f"- {line}" for line in lines))
    return blocks


def best_option(results: Results, name: str, point: Levels) -> str:
    """The option with the best mean; the first one of several."""
    sign = 1 if results.spec.measures[name].better == "more" else -1
    return max(results.spec.options, key=lambda option_name: sign * results.mean(name, Cell(option_name, point)).mean)


def _table(results: Results, name: str) -> str:
    """Means with their intervals: a row for each option, a column for each condition."""
    spec = results.spec
    factors = list(spec.factors.values())
    heads = [f"{factors[0].title.en} {level(factors[0], point[0])}" for point in spec.points] if factors else ["mean"]
    lines = [f"| option | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for option_name in spec.options:
        cells = [
            amount(results.mean(name, Cell(option_name, point)), results.units[name], "en") for point in spec.points
        ]
        lines.append(f"| {spec.options[option_name].title.en} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _best(results: Results, name: str, point: Levels, language: Language) -> str:
    """The best one, compared with each of the others."""
    spec, text = results.spec, _TEXT[language]
    best = best_option(results, name, point)
    apart = {
        candidate: results.difference(name, Cell(best, point), Cell(candidate, point))
        for candidate in spec.options
        if candidate != best
    }
    parts = []
    for state in _STATES:
        some = [
            candidate
            for candidate in apart
            if results.verdict(name, Cell(best, point), Cell(candidate, point)) == state
        ]
        if not some:
            continue
        is_all = len(some) == len(apart) > 1
        others = text["all"] if is_all else listed([option(spec, candidate, language) for candidate in some], language)
        shown = (
            _least([apart[candidate] for candidate in some], results.units[name], language) if state == "better" else ""
        )
        parts.append(text[f"best_{state}"].format(others=others, least=shown))
    return text["best"].format(best=option(spec, best, language), parts=joined(parts, language))


def _least(apart: list[Number], unit: str, language: Language) -> str:
    """By how much at least, all intervals holding at once; nothing where an interval reaches 0."""
    least = min(difference.positive().ci_low for difference in apart)
    if least <= 0:
        return ""
    return _TEXT[language]["least"].format(amount=bare_difference(least, unit, language))


def _against_base(results: Results, name: str, point: Levels, language: Language) -> str:
    """Each of the others, compared with the base."""
    spec, text = results.spec, _TEXT[language]
    assert spec.base is not None
    parts = []
    for option_name in spec.options:
        if option_name == spec.base:
            continue
        state = results.verdict(name, Cell(option_name, point), Cell(spec.base, point))
        apart = results.difference(name, Cell(option_name, point), Cell(spec.base, point)).positive()
        size = amount(apart, results.units[name], language, is_difference=True)
        parts.append(text[f"base_{state}"].format(option=option(spec, option_name, language), amount=size))
    separator = {"en": "; ", "zh": "；"}[language]
    return text["base"].format(base=option(spec, spec.base, language), parts=separator.join(parts))
