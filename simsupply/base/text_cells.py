"""Cells of tables that a spreadsheet would take for formulas, written as the text they are.

A spreadsheet that opens a CSV file computes what begins with ``=``, ``+``, ``-`` or ``@``, also behind a tab or line
break (OWASP, *CSV injection*), so text that begins so is written with an apostrophe before it. What is a number stays
a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

# The full-width signs are signs too where Chinese or Japanese is written.
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001


def text_cell(value: Any) -> Any:
    """A value as it is written: text that a spreadsheet would compute gets an apostrophe.

    >>> text_cell("=1+1"), text_cell("-5"), text_cell(-5)
    ("'=1+1", '-5', -5)
    """
    if not isinstance(value, str):
        return value
    # Text that has the apostrophe of its own gets one more, so that reading it gives it back.
    is_formula = _FORMULA.match(value) and not _NUMBER.fullmatch(value)
    return f"'{value}" if is_formula or _GUARDED.match(value) else value


def cell_text(value: Any) -> Any:
    """What `text_cell` was given.

    >>> cell_text("'=1+1"), cell_text("'tis")
    ('=1+1', "'tis")
    """
    return value[1:] if isinstance(value, str) and _GUARDED.match(value) else value


def without_controls(value: Any) -> Any:
    """A value without the control characters that a workbook cannot hold."""
    return _CONTROLS.sub("", value) if isinstance(value, str) else value


def as_text_cells(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose texts, the names of its columns among them, no spreadsheet computes."""
    return each_text(table, text_cell)


def read_csv(path: Path, **more: Any) -> pd.DataFrame:
    """Read a CSV file of ours; `more` is for `pandas.read_csv`."""
    import pandas as pd

    return each_text(pd.read_csv(path, encoding="utf-8-sig", **more), cell_text)


def each_text(table: pd.DataFrame, change: Callable[[Any], Any]) -> pd.DataFrame:
    """A table with each text, and each name of a column, changed; `change` leaves other values as they are."""
    import pandas as pd

    changed = table.rename(columns=change)
    for at, kind in enumerate(table.dtypes):
        if isinstance(kind, pd.CategoricalDtype):
            names = [change(name) for name in kind.categories]
            column = changed.iloc[:, at]
            is_apart = len(set(names)) == len(names)
            column = column.cat.rename_categories(names) if is_apart else column.astype(object).map(change)
        elif pd.api.types.is_object_dtype(kind) or pd.api.types.is_string_dtype(kind):
            column = changed.iloc[:, at].map(change, na_action="ignore")
        else:
            continue
        changed.isetitem(at, column)
    return changed
