"""Titles of the options of a group: those built in."""

from __future__ import annotations

from functools import cache

import yaml

from simsupply.base.language import Language
from simsupply.config.yaml_files import built_in, config_dir
from simsupply.strategy.plan_titles import NO_TITLES, PlanTitles


@cache
def option_titles(group: str, name: str) -> dict[str, str] | None:
    """Title of a built-in option in both languages; None if it has none."""
    data = yaml.safe_load((config_dir() / group / f"{name}.yaml").read_text(encoding="utf-8"))
    title = data.get("title") or data.get("scenario", {}).get("title") if isinstance(data, dict) else None
    return title if isinstance(title, dict) else None


def option_title(group: str, name: str, language: Language) -> str:
    """Title of an option; a user's own file, and an option without a title, are shown by their names.

    Examples
    --------
    >>> option_title("strategy", "standard_crates", "zh"), option_title("strategy", "my_way.yaml", "zh")
    ('标准箱', 'my_way.yaml')
    """
    titles = option_titles(group, name) if (config_dir() / group).is_dir() and name in built_in(group) else None
    return titles[language] if titles else name


def group_in_words(group: str, language: Language, titles: PlanTitles = NO_TITLES) -> str:
    """Points of a sweep that share their values, told by these: ``key = value, key = value``.

    >>> group_in_words("strategy = standard_crates, fleet.vans.count = 2", "zh")
    '策略为标准箱、车辆数 fleet.vans.count 为 2'
    """
    if not group:
        return group
    parts = [part.partition(" = ") for part in group.split(", ")]
    keys = titles.parameters((key for key, _, _ in parts), language)
    if language == "en":
        return ", ".join(f"{keys[key]}{equals}{value}" for key, equals, value in parts)
    said = []
    for key, equals, value in parts:
        title, shown = keys[key], option_title(key, value, language)
        blank = " " if title.isascii() or title.endswith(key) or shown.isascii() else ""
        said.append(f"{title}{blank}为{blank}{shown}" if equals else key)
    return "、".join(said)
