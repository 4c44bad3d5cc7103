"""``simsupply results``: what is in a store, chosen, shown, and written as a table."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from pandas.api.types import is_numeric_dtype

from simsupply.base.catalogue import message
from simsupply.base.files import write_csv, write_excel, write_parquet
from simsupply.base.language import language_of_locale
from simsupply.base.problems import COMMAND_LINE, InputError, nearest, wrong
from simsupply.base.spec import share_of_percent
from simsupply.base.system_errors import reason
from simsupply.report.shown_tables import sweep_text
from simsupply.sweeps.store import Store, open_store
from simsupply.sweeps.sweep_record import read_record, read_records
from simsupply.sweeps.sweep_result import SweepResult

FORMS = ("points", "table", "runs", "failed", "sweeps")
ENDINGS = (".csv", ".xlsx", ".parquet")
EXCEL_ROWS = 1_048_575
_SHOWN = 40

HELP = """\
usage: simsupply results DIR [form=FORM] [metrics=a,b] [KEY=VALUE,... | KEY=LOW..HIGH] [export=FILE]

form
  points   one row per point: its parameters and the mean of each metric (as shown without form=)
  table    one row per point and metric: mean, 95 % interval, number of replications, unit
  runs     one row per run and metric: value, unit
  failed   one row per failed run: its error and trace
  sweeps   the sweeps that were run into DIR
metrics=coverage,fill_rate        only these (simsupply list metrics)
staffing.attendance=0.1,0.2       only points with these values of a parameter, or with values from 0.1 to
staffing.attendance=0.1..0.5      0.5; several conditions hold together
export=FILE.csv | .xlsx | .parquet  write it instead of showing the first rows
sweep=NAME                        one of several sweeps in DIR; without it the one run last
compact=true                      put many small files of the store together

examples
  simsupply results outputs/sweep metrics=coverage strategy=standard_crates
  simsupply results outputs/sweep form=runs export=runs.xlsx
  simsupply results outputs/sweep form=failed
"""


@dataclass
class _Asked:
    folder: str
    form: str = "points"
    metrics: list[str] | None = None
    export: str | None = None
    sweep: str | None = None
    compact: str | None = None
    conditions: dict[str, str] = field(default_factory=dict)


def results_command(words: Sequence[str]) -> int:
    """Do what the words ask for; return the exit status: 3 if a file of the store cannot be read.

    Raises
    ------
    InputError
        If they are wrong.
    """
    if not words or words[0] in ("-h", "--help"):
        print(HELP, end="")
        return 0
    asked = _read(words)
    store = open_store(Path(asked.folder), COMMAND_LINE, "results", is_new=False)
    if asked.compact is not None:
        num = store.compact()
        print(message("put_together", number=num) if num else message("nothing_to_put_together"))
        return 0
    if asked.form == "sweeps":
        _show(_sweeps(store), asked)
        return 0
    result = SweepResult(store, read_record(store, asked.sweep, COMMAND_LINE))
    try:
        _show(_chosen(_table(result, asked), asked.conditions, result), asked)
    except InputError as error:
        if not result.damaged:
            raise
        # What is asked for may be in what cannot be read.
        print(error, file=sys.stderr)
    return _warn(result, asked)


def _read(words: Sequence[str]) -> _Asked:
    folders = [word for word in words if "=" not in word]
    if len(folders) != 1:
        raise wrong(COMMAND_LINE, "results", " ".join(words), message("one_folder"))
    asked = _Asked(folders[0])
    for word in words:
        key, is_given, value = word.partition("=")
        if not is_given:
            continue
        if not value:
            raise wrong(COMMAND_LINE, key, value, message("a_value"))
        if key == "metrics":
            asked.metrics = value.strip("[]").split(",")
        elif key in ("form", "export", "sweep", "compact"):
            setattr(asked, key, value)
        else:
            asked.conditions[key] = value
    if asked.form not in FORMS:
        raise wrong(COMMAND_LINE, "form", asked.form, nearest(asked.form, FORMS))
    if asked.compact not in (None, "true"):
        raise wrong(COMMAND_LINE, "compact", asked.compact, message("only_true"))
    if asked.export is not None and Path(asked.export).suffix.lower() not in ENDINGS:
        raise wrong(COMMAND_LINE, "export", asked.export, message("file_name_ending", endings=ENDINGS))
    return asked


def _sweeps(store: Store) -> pd.DataFrame:
    rows = [
        {
            "sweep": record.name,
            "written": pd.Timestamp(record.written, unit="s").floor("s"),
            "points": len(record.plans.points),
            "replications": record.settings.replications,
            "design": record.settings.design,
            "parameters": ", ".join(record.plans.parameters),
        }
        for record in read_records(store)
    ]
    return pd.DataFrame(rows, columns=["sweep", "written", "points", "replications", "design", "parameters"])


def _table(result: SweepResult, asked: _Asked) -> pd.DataFrame:
    if asked.form == "failed":
        return result.failed
    if asked.form == "runs":
        return result.values(asked.metrics)
    if asked.form == "table":
        return result.table(asked.metrics)
    return result.wide(asked.metrics).reset_index()


def _chosen(table: pd.DataFrame, conditions: dict[str, str], result: SweepResult) -> pd.DataFrame:
    for key, text in conditions.items():
        if key not in result.points.columns:
            valid = nearest(key, [*result.points.columns, "form", "metrics", "export", "sweep", "compact"])
            raise wrong(COMMAND_LINE, key, text, valid)
        column = table[key]
        if ".." in text:
            low, _, high = text.partition("..")
            if not is_numeric_dtype(column):
                raise wrong(COMMAND_LINE, key, text, message("values_no_numbers"))
            table = table[column.between(_number(key, low, text), _number(key, high, text))]
        elif is_numeric_dtype(column) and column.dtype != bool:
            table = table[column.isin([_number(key, word, text) for word in text.split(",")])]
        else:
            table = table[column.astype(str).str.lower().isin([word.lower() for word in text.split(",")])]
    return table


def _number(key: str, text: str, whole: str) -> float:
    try:
        return float(text)
    except ValueError:
        meant = share_of_percent(text)
        allowed = message("numbers_or_range") if meant is None else message("number_for_percent", number=meant)
        raise wrong(COMMAND_LINE, key, whole, allowed) from None


def _show(table: pd.DataFrame, asked: _Asked) -> None:
    if asked.export is not None:
        path = export(table, Path(asked.export))
        print(message("rows_written", number=len(table), path=path))
        return
    if table.empty:
        print(message("no_rows"))
        return
    shown = table.drop(columns="trace", errors="ignore")
    with pd.option_context("display.width", 200, "display.max_columns", 12, "display.max_colwidth", 80):
        print(sweep_text(shown.head(_SHOWN), language_of_locale(), index=False))
    if len(table) > _SHOWN:
        print(message("more_rows", number=len(table) - _SHOWN))


def export(table: pd.DataFrame, path: Path) -> Path:
    """Write a table as CSV, Excel or Parquet, by the ending of the file's name; whole or not at all.

    Raises
    ------
    InputError
        If the file cannot be written, or Excel does not take so many rows.
    """
    try:
        if path.suffix.lower() == ".csv":
            return write_csv(table, path)
        if path.suffix.lower() == ".parquet":
            return write_parquet(table, path)
        if len(table) > EXCEL_ROWS:
            allowed = message("rows_in_excel", most=EXCEL_ROWS, given=len(table))
            raise wrong(COMMAND_LINE, "export", str(path), allowed)
        return write_excel(table, path)
    except OSError as error:
        allowed = message("file_to_write", reason=reason(error))
        raise wrong(COMMAND_LINE, "export", str(path), allowed) from None


def _warn(result: SweepResult, asked: _Asked) -> int:
    """Say what the table does not show."""
    num = len(list((result.store.folder / "sweeps").glob("*.json")))
    if num > 1 and asked.sweep is None:
        print(message("last_of_sweeps", number=num, folder=asked.folder))
    if result.missing:
        print(message("runs_without_result", number=result.missing, failed=len(result.failed)))
    if result.num_other_code:
        print(message("other_code_left_out", number=result.num_other_code))
    for damaged_file in result.damaged:
        print(message("damaged_left_out", damaged=damaged_file), file=sys.stderr)
    return 3 if result.damaged else 0
