"""The text of a template in one language: titles, and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, get_args, get_origin

import yaml
from pydantic import BaseModel

from simsupply.base.language import Language
from simsupply.config.yaml_edits import flow
from simsupply.config.yaml_places import read_nodes

_CHINESE = re.compile(r"[\u3400-\u9fff]")
# Mark, number of the source, range and what it goes with: no words of a language.
_MARK = re.compile(r"[SPAU]\b(?:\s+\d[\d.]*(?=\s|$))?(?:\s*\[[^]]*\](?:\s*x\s*[\w.]+)?)?")
_LEGEND = "# 数字后的标记：S 已公布的供应方案，P 其他公开文献，A 假设，U 使用者；来源的英文说明不在此列。"
_WIDEST = 110
"""Chinese help goes behind a value where the line stays narrower than this, with two columns a character."""


def in_one_language(text: str, language: Language, spec: type[BaseModel]) -> str:
    """Titles and comments of one language, all else as it is.

    In Chinese what stands behind a number is its mark and the help of its key, where the key has one: what built-in
    files say of a number in words is English.

    Parameters
    ----------
    text : str
        Of a mapping.
    language : {"en", "zh"}
    spec : type
        Specification of the mapping.
    """
    for begin, end, title in reversed(list(_titles(read_nodes(text, "", "built-in").root))):
        text = f"{text[:begin]}: {flow(title[language])}{text[end:]}"
    if language == "en":
        return "\n".join(line for line in text.split("\n") if not (_is_comment(line) and _CHINESE.search(line)))
    nodes = read_nodes(text, "", "built-in")
    help_of = dict(_help(nodes.root, spec))
    lines = [_LEGEND]
    for number, line in enumerate(text.split("\n")):
        if _is_comment(line):
            if _CHINESE.search(line):
                lines.append(line)
            continue
        comment = nodes.comments.get(number, "")
        if comment:
            line = line[: line.rindex(comment)].rstrip().removesuffix("#").rstrip()
        mark = _MARK.match(comment)
        said = " ".join(part for part in (mark[0] if mark else "", help_of.get(number, "")) if part)
        if said and _width(line) + _width(said) > _WIDEST:
            said = mark[0] if mark else ""
        lines.append(f"{line}  # {said}" if said else line)
    return "\n".join(lines)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _width(text: str) -> int:
    return len(text) + len(_CHINESE.findall(text))


def _titles(node: yaml.Node) -> Iterator[tuple[int, int, dict[str, str]]]:
    """Where titles in both languages stand, in order: from behind the key on."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _titles(item)
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        words = {part.value: text.value for part, text in value.value} if isinstance(value, yaml.MappingNode) else {}
        if key.value == "title" and set(words) == {"en", "zh"}:
            last = value if value.flow_style else value.value[-1][1]
            yield key.end_mark.index, last.end_mark.index, words
        else:
            yield from _titles(value)


def _help(node: yaml.Node, annotation: Any) -> Iterator[tuple[int, str]]:
    """Chinese help of keys, by the line on which their value ends; of rows in one line none."""
    if isinstance(node, yaml.SequenceNode) and not node.flow_style:
        for item in node.value:
            yield from _help(item, _inside(annotation, tuple))
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        return
    for key, value in node.value:
        within: list[Any] = []
        for model in _models(annotation):
            for name, field in model.model_fields.items():
                if key.value in (name, field.alias):
                    within.append(field.annotation)
                    extra = field.json_schema_extra
                    if key.value != "title" and isinstance(extra, dict) and "zh" in extra and len(within) == 1:
                        yield key.start_mark.line, str(extra["zh"])
        yield from _help(value, within or _inside(annotation, dict))


def _parts(annotation: Any) -> list[Any]:
    """What a union, or a type with remarks, is made of."""
    if isinstance(annotation, list):
        return [part for each in annotation for part in _parts(each)]
    if get_origin(annotation) is Annotated:
        return _parts(get_args(annotation)[0])
    if isinstance(annotation, type) or get_origin(annotation) in (dict, tuple, list):
        return [annotation]
    return [part for argument in get_args(annotation) for part in _parts(argument)]


def _models(annotation: Any) -> Sequence[type[BaseModel]]:
    return [part for part in _parts(annotation) if isinstance(part, type) and issubclass(part, BaseModel)]


def _inside(annotation: Any, kind: type) -> list[Any]:
    """What the values of a mapping, or the items of a list, are."""
    found = [part for part in _parts(annotation) if get_origin(part) is kind]
    return [get_args(part)[1 if kind is dict else 0] for part in found]
