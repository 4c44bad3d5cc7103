"""What readers see of the names in the keys and metrics of a plan, where only its plain data are at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from simsupply.base.language import Language, display_name
from simsupply.base.names import split_key
from simsupply.base.spec import Title
from simsupply.strategy.parameter_titles import common_title, parameter_title
from simsupply.strategy.step_titles import labels_of_steps

_NAMED = (
    ("staffing", "crews"),
    ("staffing", "paces"),
    ("fleet",),
    ("goods",),
    ("shocks",),
    ("supply", "sources"),
    ("supply", "reserves"),
    ("supply", "stock"),
    ("scenario", "households", "kinds"),
    ("strategy", "channels"),
    ("strategy", "triggers"),
)
"""Sections whose keys are names that a plan gives."""
_STEPS = ("stage", "leg", "delay", "gate")


class PlanTitles:
    """Titles of what is named in the keys of a plan.

    Parameters
    ----------
    bases : sequence of mapping, optional
        Composed configurations, as plain data; of several the first that has a name says its title. Without any, keys
        are shown as `simsupply.strategy.parameter_titles.parameter_title` shows them.
    """

    def __init__(self, bases: Sequence[Mapping[str, Any]] = ()) -> None:
        self.bases = tuple(bases)

    def steps(self, language: Language) -> dict[str, str]:
        """Labels of all steps by name, as `simsupply.strategy.step_titles.step_labels` gives them."""
        return labels_of_steps(self._steps(), language)

    def _steps(self) -> Iterator[tuple[str, Title | None]]:
        for data in self.bases:
            for channel in _mapping(_mapping(data.get("strategy")).get("channels")).values():
                for step in _mapping(channel).get("steps") or ():
                    for body in _mapping(step).values():
                        if "name" in _mapping(body):
                            yield str(body["name"]), _title(body)

    def parameter(self, key: str, language: Language) -> str:
        """A key in words: the title of the innermost thing that it names, and what is set of it.

        >>> plan = PlanTitles([{"staffing": {"crews": {"a": {"title": "Villagers", "headcount": 3}}}}])
        >>> plan.parameter("staffing.crews.a.headcount", "en"), plan.parameter("staffing.crews.a.headcount", "zh")
        ('Villagers headcount', 'Villagers 班组人数')
        """
        return self.parameters([key], language)[key]

    def parameters(self, keys: Iterable[str], language: Language, *, is_short: bool = False) -> dict[str, str]:
        """Several keys in words, told apart: by all that they name where two would be the same, else as written.

        `is_short`: in English a key without a name by its last part.
        """
        keys = list(dict.fromkeys(keys))
        found = {key: self._label(key, language, 1, is_short=is_short) for key in keys}
        for most in (9, 0):
            times = Counter(found.values())
            found = {
                key: label if times[label] == 1 else self._label(key, language, most, is_short=False)
                for key, label in found.items()
            }
        return found

    def _label(self, key: str, language: Language, most: int, *, is_short: bool) -> str:
        """With the innermost `most` of the things named."""
        named, rest = self._in_key(split_key(key), language)
        if not named or not most:
            return split_key(key)[-1] if is_short and language == "en" else parameter_title(key, language)
        said = common_title(key) if language == "zh" else None
        return " ".join([*named[-most:], said or display_name(" ".join(rest))]).strip()

    def _in_key(self, parts: Sequence[str], language: Language) -> tuple[list[str], list[str]]:
        """What is named in a key, in words, and what stands behind it."""
        for data in self.bases:
            found: list[str] = []
            node: Any = data
            rest = 0
            for place, part in enumerate(parts):
                above = node
                node = _below(node, part)
                if node is None and place < len(parts) - 1:
                    found = []
                    break
                if tuple(parts[:place]) in _NAMED and place < len(parts) - 1:
                    found.append(self._shown(data, above, parts[: place + 1], language))
                    rest = place + 1
                elif isinstance(node, Mapping) and "name" in node and (isinstance(above, list) or part in _STEPS):
                    title = _title(node)
                    found.append(display_name(str(node["name"])) if title is None else title.in_language(language))
                    rest = place + 1
            if found:
                return found, list(parts[rest:])
        return [], list(parts)

    def _shown(self, data: Mapping[str, Any], siblings: Any, parts: Sequence[str], language: Language) -> str:
        """Title of something by its name; two of one title are told apart by their names."""
        if tuple(parts[:-1]) == ("supply", "stock"):
            siblings = _mapping(data.get("goods"))
        titles = {name: _title(body) for name, body in _mapping(siblings).items()}
        shown = {
            name: display_name(name) if title is None else title.in_language(language) for name, title in titles.items()
        }
        name = parts[-1]
        label = shown.get(name, display_name(name))
        return f"{label} ({name})" if list(shown.values()).count(label) > 1 else label


def _mapping(data: Any) -> Mapping[str, Any]:
    return data if isinstance(data, Mapping) else {}


def _below(node: Any, part: str) -> Any:
    if isinstance(node, list):
        return node[int(part)] if part.isdecimal() and int(part) < len(node) else None
    return _mapping(node).get(part)


def _title(body: Any) -> Title | None:
    title = _mapping(body).get("title")
    if isinstance(title, str) and title.strip():
        return Title(en=title, zh=title)
    if isinstance(title, Mapping) and {"en", "zh"} <= set(title):
        return Title(en=str(title["en"]), zh=str(title["zh"]))
    return None


NO_TITLES = PlanTitles()
