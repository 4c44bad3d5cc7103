"""``simsupply list``: what there is by name, with a few words about each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simsupply.base.language import Language, language_of_locale
from simsupply.base.problems import COMMAND_LINE, nearest, wrong

LISTS = (
    "scenarios",
    "strategies",
    "channels",
    "demand",
    "staffing",
    "fleet",
    "vehicles",
    "goods",
    "tiers",
    "supply",
    "shocks",
    "experiments",
    "metrics",
)
_HEADINGS = {
    "scenarios": "情景",
    "strategies": "策略",
    "channels": "渠道",
    "demand": "需求",
    "staffing": "人员",
    "fleet": "车队",
    "vehicles": "车型",
    "goods": "物资",
    "tiers": "管控等级",
    "supply": "货源",
    "shocks": "突发事件",
    "experiments": "参数扫描",
    "metrics": "指标",
}
_IN_CHINESE = "中文："


def list_command(words: Sequence[str]) -> int:
    """Print the names of what there is, with their titles; return the exit status.

    The titles are in the language asked for; without one in both, in Chinese alone where the locale is Chinese.

    Raises
    ------
    InputError
        If the words ask for something that is not listed.
    """
    from simsupply.config.yaml_files import built_in

    if words and words[0] in ("-h", "--help"):
        print(f"usage: simsupply list [{' | '.join(LISTS)}] [language=en|zh|both]")
        return 0
    kinds = [word for word in words if not word.startswith("language=")]
    languages = _languages([word for word in words if word.startswith("language=")])
    if len(kinds) > 1 or (kinds and kinds[0] not in LISTS):
        raise wrong(COMMAND_LINE, "list", " ".join(words), nearest(kinds[0], LISTS))
    for kind in kinds or LISTS:
        if not kinds:
            print(f"{kind}:" if "en" in languages else f"{kind}（{_HEADINGS[kind]}）：")
        if kind == "metrics":
            rows = list(_metrics(languages))
        else:
            plurals = {"scenarios": "scenario", "strategies": "strategy", "channels": "channel", "vehicles": "vehicle"}
            plurals["experiments"] = "experiment"
            group = plurals.get(kind, kind)
            rows = [(name, _first_words(group, name, languages)) for name in built_in(group)]
        width = max(len(name) for name, _ in rows)
        for name, words_about in rows:
            print(f"  {name:<{width}}  {words_about}")
    return 0


def _languages(words: Sequence[str]) -> tuple[Language, ...]:
    choices: dict[str, tuple[Language, ...]] = {"en": ("en",), "zh": ("zh",), "both": ("en", "zh")}
    if not words:
        return choices["zh" if language_of_locale() == "zh" else "both"]
    asked = words[-1].partition("=")[2]
    if asked not in choices:
        raise wrong(COMMAND_LINE, "language", asked, nearest(asked, choices))
    return choices[asked]


def _metrics(languages: tuple[Language, ...]) -> Iterator[tuple[str, str]]:
    """Every metric: its unit and definition, in Chinese its unit and title."""
    from simsupply.measures.metric_registry import ENTRIES
    from simsupply.measures.unit_titles import unit_in_words

    for entry in ENTRIES:
        if "en" in languages:
            yield entry.name, f"[{entry.unit}] {entry.definition}"
        else:
            title = entry.titles.zh.replace("{part}", "…").removesuffix("（小时）")
            yield entry.name, f"{title}（{unit_in_words(entry.unit, 'zh')}）"


def _first_words(group: str, name: str, languages: tuple[Language, ...]) -> str:
    """Title of a built-in option, or the first comment of its file; the Chinese one begins with its mark."""
    from simsupply.config.option_titles import option_titles
    from simsupply.config.yaml_files import config_dir

    if titles := option_titles(group, name):
        return " / ".join(titles[language] for language in languages)
    text = (config_dir() / group / f"{name}.yaml").read_text(encoding="utf-8")
    comments = [line[1:].strip() for line in text.splitlines() if line.startswith("# ") and "@package" not in line]
    chinese = [line.removeprefix(_IN_CHINESE) for line in comments if line.startswith(_IN_CHINESE)]
    return next(iter(chinese if "en" not in languages else comments), "")
