"""The answer of a map: which option does better where over two factors, and where it turns over."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from experiments.spec import Cell
from experiments.verdicts import Results, Verdict
from experiments.words import amount, level, levels, listed, option, where
from simsupply.base.language import Language

_TEXT = {
    "en": {
        "best": "**{measure}.** At {total} points of the map, surely the best or as good as the best: {parts}.",
        "part": "{option} at {number}",
        "pair": "*{first} against {second}:* better at {better} of {total} points, as good at {same}, worse at "
        "{worse}, cannot be told apart at {open}.",
        "most": " The most they are ahead: {amount} at {where}.",
        "least": " The most they are behind: {amount} at {where}.",
        "never": " Nowhere is it the other way round.",
    },
    "zh": {
        "best": "**{measure}**：图上{total}个点中，确为最佳或与最佳相当的：{parts}。",
        "part": "{option}{number}个点",
        "pair": "{first}与{second}相比，{total}个点中：{better}个更好，{same}个相当，{worse}个更差，{open}个无法区分。",
        "most": "最大领先{amount}（{where}）。",
        "least": "最大落后{amount}（{where}）。",
        "never": "无一处相反。",
    },
}
_COLUMNS: tuple[tuple[Verdict, str], ...] = (
    ("better", "better"),
    ("same", "as good"),
    ("open", "cannot be told apart"),
    ("worse", "worse"),
)


def answer_map(results: Results, language: Language) -> list[str]:
    """Paragraphs of the answer; in English with a table of the crossover for each pair of options."""
    spec, text = results.spec, _TEXT[language]
    blocks = []
    for name, measure in spec.measures.items():
        if measure.better == "neither":
            continue
        counts = Counter(best for levels_ in spec.points for best in _best(results, name, levels_))
        parts = [text["part"].format(option=option(spec, key, language), number=counts[key]) for key in spec.options]
        title = measure.title.in_language(language)
        blocks.append(text["best"].format(measure=title, total=len(spec.points), parts=listed(parts, language)))
        for first, second in combinations(spec.options, 2):
            blocks.append(_pair(results, name, first, second, language))
            if language == "en":
                blocks.append(_table(results, name, first, second))
    return blocks


def _best(results: Results, name: str, point: tuple[float, ...]) -> list[str]:
    """Options that are surely no worse than any other at a point."""
    return [
        option_name
        for option_name in results.spec.options
        if all(
            results.verdict(name, Cell(option_name, point), Cell(other, point)) in ("better", "same")
            for other in results.spec.options
            if other != option_name
        )
    ]


def verdicts(results: Results, name: str, first: str, second: str) -> dict[tuple[float, ...], Verdict]:
    """Of the first option at every point, compared with the second."""
    return {at: results.verdict(name, Cell(first, at), Cell(second, at)) for at in results.spec.points}


def _pair(results: Results, name: str, first: str, second: str, language: Language) -> str:
    spec, text = results.spec, _TEXT[language]
    found = verdicts(results, name, first, second)
    counts = Counter(found.values())
    titles = {"first": option(spec, first, language, is_first=True), "second": option(spec, second, language)}
    numbers = {key: counts[key] for key, _ in _COLUMNS}
    line = text["pair"].format(**titles, **numbers, total=len(found))
    for side, key in (("better", "most"), ("worse", "least")):
        points = [at for at, verdict in found.items() if verdict == side]
        if not points:
            continue
        apart = {at: results.difference(name, Cell(first, at), Cell(second, at)) for at in points}
        widest = max(points, key=lambda at: abs(apart[at].mean))
        size = apart[widest].positive()
        shown = amount(size, results.units[name], language, is_difference=True)
        line += text[key].format(amount=shown, where=where(spec, Cell(first, widest), language))
    if not (counts["better"] and counts["worse"]) and counts["better"] + counts["worse"]:
        line += text["never"]
    return line


def _table(results: Results, name: str, first: str, second: str) -> str:
    """For each level of the second factor, at which levels of the first one which verdict holds."""
    spec = results.spec
    (across, upward), found = spec.factors.values(), verdicts(results, name, first, second)
    head = [f"{upward.title.en} \\ {across.title.en.lower()}", *(f"{title} at" for _, title in _COLUMNS)]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for up in upward.levels:
        cells = [levels(across, [at for at in across.levels if found[at, up] == key]) for key, _ in _COLUMNS]
        lines.append(f"| {level(upward, up)} | {' | '.join(cells)} |")
    return "\n".join(lines)
