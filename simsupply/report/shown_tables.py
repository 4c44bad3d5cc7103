"""Tables as a terminal shows them: in English under the names that files have, in Chinese under titles."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

import pandas as pd

from simsupply.base.language import Language
from simsupply.config.option_titles import option_title
from simsupply.figures.constraint_titles import constrained_label
from simsupply.measures.metric_registry import find_metric, metric_label
from simsupply.measures.unit_titles import unit_in_words
from simsupply.results.result import Result
from simsupply.strategy.parameter_titles import parameter_title
from simsupply.strategy.step_titles import Labels, stage_label, step_labels

_COLUMNS = {
    "metric": "指标",
    "key": "键",
    "mean": "均值",
    "ci_low": "95%区间下限",
    "ci_high": "95%区间上限",
    "n": "次数",
    "n_better": "改善次数",
    "unit": "单位",
    "kind": "类别",
    "name": "名称",
    "stages": "环节",
    "utilisation": "利用率",
    "added": "增加",
    "before": "原有",
    "after": "增至",
    "gain": "改善",
    "p_value": "p值",
    "per_unit": "每单位改善",
    "point": "点",
    "replication": "重复",
    "value": "值",
    "error": "错误",
    "sweep": "扫描",
    "written": "写入时间",
    "points": "点数",
    "replications": "重复次数",
    "design": "设计",
    "parameters": "参数",
}
_KINDS = {
    "crew": "班组",
    "fleet": "车队",
    "docks": "装车月台",
    "unload_docks": "卸车月台",
    "floor": "场地",
    "opening_hours": "开放时间",
    "slots": "时段户数",
    "shop_hours": "营业时间",
    "orders_per_day": "每日接单上限",
    "promise_days": "承诺天数",
    "source": "货源",
    "stock": "库存",
    "reserve": "储备",
}


def text_table(rows: Sequence[Sequence[str]], right: Sequence[bool] = ()) -> str:
    """Rows of cells in columns, the first row as their heads; a Chinese character takes two places.

    Parameters
    ----------
    rows : sequence of sequence of str
    right : sequence of bool, optional
        Which columns are aligned at their right end, as numbers are.
    """
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    right = [*right, *[False] * (len(widths) - len(right))]
    lines = []
    for row in rows:
        cells = []
        for cell, width, is_right in zip(row, widths, right, strict=True):
            blanks = " " * (width - _width(cell))
            cells.append(blanks + cell if is_right else cell + blanks)
        lines.append("  ".join(cells).rstrip())
    rule = "  ".join("-" * width for width in widths)
    return "\n".join([lines[0], rule, *lines[1:]])


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def summary_text(result: Result, language: Language) -> str:
    """Means and intervals of all metrics (`Result.summary`)."""
    summary = result.summary()

    def number(value: float) -> str:
        return f"{value:,.3f}"

    if language == "en":
        return str(summary.to_string(na_rep="-", float_format=number))
    table = summary.reset_index()
    return _in_chinese(table.assign(key=table["metric"]), number, step_labels([result.strategy], language))


def one_more_text(table: pd.DataFrame, result: Result, language: Language) -> str:
    """What one more of everything gains (`simsupply.one_more`)."""

    def number(value: float) -> str:
        return f"{value:,.4g}"

    if language == "en":
        return str(table.to_string(index=False, na_rep="-", float_format=number))
    names = [
        constrained_label(kind, name, result.scenario, result.strategy, language)
        for kind, name in zip(table["kind"], table["name"], strict=True)
    ]
    return _in_chinese(table.assign(name=names), number, step_labels([result.strategy], language))


def sweep_text(table: pd.DataFrame, language: Language, *, index: bool = True) -> str:
    """Points and metrics of a sweep."""

    def number(value: float) -> str:
        return f"{value:,.4g}"

    if language == "en":
        return str(table.to_string(index=index, na_rep="-", float_format=number))
    return _in_chinese(table.reset_index() if index else table, number)


def _in_chinese(table: pd.DataFrame, number: Callable[[float], str], steps: Labels | None = None) -> str:
    titled: dict[str, Callable[[str], str]] = {
        "metric": lambda name: metric_label(name, "zh", steps),
        "unit": lambda unit: unit_in_words(unit, "zh"),
        "kind": lambda kind: _KINDS.get(kind, kind),
        "stages": lambda names: "、".join(stage_label(name, "zh", steps) for name in names.split(", ") if name),
        "parameters": lambda keys: "、".join(parameter_title(key, "zh") for key in keys.split(", ")),
        "strategy": lambda name: option_title("strategy", name, "zh"),
        "scenario": lambda name: option_title("scenario", name, "zh"),
    }
    columns = []
    for name in table.columns:
        cells = [_cell(value, number) for value in table[name]]
        shown = [titled[name](cell) if name in titled else cell for cell in cells]
        columns.append([_heading(str(name)), *shown])
    is_number = [pd.api.types.is_numeric_dtype(table[name]) for name in table.columns]
    return text_table(list(zip(*columns, strict=True)), is_number)


def _heading(name: str) -> str:
    if name in _COLUMNS:
        return _COLUMNS[name]
    title = parameter_title(name, "zh")
    return metric_label(name, "zh") if title == name and find_metric(name) else title


def _cell(value: object, number: Callable[[float], str]) -> str:
    if isinstance(value, float):
        return "-" if value != value else number(value)
    return "-" if value is None else str(value)
