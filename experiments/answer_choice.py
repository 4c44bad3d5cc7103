"""The answer of a choice: options side by side, perhaps under several conditions."""

from __future__ import annotations

from experiments.spec import Cell
from experiments.verdicts import Results
from experiments.words import Language, amount, listed, option, where

_TEXT = {
    "en": {
        "measure": "**{measure}.**",
        "at": "{where}: ",
        "means": "{parts}.",
        "best": " {best} is surely better than {worse}.",
        "same": " {best} and {same} are as good as each other.",
        "open": " {best} and {open} cannot be told apart.",
        "by": "{option} (by {amount})",
    },
    "zh": {
        "measure": "**{measure}**：",
        "at": "{where}：",
        "means": "{parts}。",
        "best": "{best}确实优于{worse}。",
        "same": "{best}与{same}相当。",
        "open": "{best}与{open}无法区分。",
        "by": "{option}（相差{amount}）",
    },
}


def answer_choice(results: Results, language: Language) -> list[str]:
    """One paragraph for each measure, with one line for each condition."""
    spec, text = results.spec, _TEXT[language]
    blocks = []
    for name, measure in spec.measures.items():
        title = text["measure"].format(measure=measure.title.in_language(language))
        lines = []
        for point in spec.points:
            at = text["at"].format(where=where(spec, Cell("", point), language)) if point else ""
            at = at[:1].upper() + at[1:]
            lines.append(at + _means(results, name, point, language) + _compared(results, name, point, language))
        joined = f" {lines[0]}" if language == "en" else lines[0]
        blocks.append(title + joined if len(lines) == 1 else title + "\n\n" + "\n".join(f"- {one}" for one in lines))
    return blocks


def best_option(results: Results, name: str, point: tuple[float, ...]) -> str:
    """The option with the best mean; the first one of several."""
    sign = 1 if results.spec.measures[name].better == "more" else -1
    return max(results.spec.options, key=lambda one: sign * results.mean(name, Cell(one, point)).mean)


def _means(results: Results, name: str, point: tuple[float, ...], language: Language) -> str:
    spec = results.spec
    gap, first = " " if language == "en" else "", next(iter(spec.options))
    parts = []
    for one in spec.options:
        found = amount(results.mean(name, Cell(one, point)), results.units[name], language)
        parts.append(f"{option(spec, one, language, is_first=one == first and not point)}{gap}{found}")
    return _TEXT[language]["means"].format(parts=listed(parts, language))


def _compared(results: Results, name: str, point: tuple[float, ...], language: Language) -> str:
    spec, text = results.spec, _TEXT[language]
    if spec.measures[name].better == "neither":
        return ""
    best = best_option(results, name, point)
    by_state: dict[str, list[str]] = {"better": [], "same": [], "open": []}
    for one in spec.options:
        if one == best:
            continue
        state = results.verdict(name, Cell(best, point), Cell(one, point))
        apart = results.difference(name, Cell(best, point), Cell(one, point))
        size = amount(apart.positive(), results.units[name], language, is_difference=True)
        title = option(spec, one, language)
        by_state[state].append(text["by"].format(option=title, amount=size) if state == "better" else title)
    head, line = option(spec, best, language, is_first=True), ""
    for state, key, name_ in (("better", "best", "worse"), ("same", "same", "same"), ("open", "open", "open")):
        if by_state[state]:
            line += text[key].format(best=head, **{name_: listed(by_state[state], language)})
    return line
