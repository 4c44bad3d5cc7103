"""Tables that a plan names by their files: rows of text, read as data by `simsupply.config.own_tables`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationError

from simsupply.base.problems import Misfit
from simsupply.base.spec import Spec


class Table(Spec):
    """Rows of a CSV file, each with its line number, so that a plan holds all that it depends on.

    Attributes
    ----------
    name
        Path of the file.
    rows
        Line and cells; empty rows are left out.
    """

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def _read(value: Any) -> Any:
    if isinstance(value, str):
        return Table(name=value, rows=())  # not read yet
    if isinstance(value, Table):
        return value
    try:
        # Lists of plain data are tuples here.
        return Table.model_validate(value, strict=False)
    except ValidationError:
        raise Misfit("csv_file_name") from None


OwnTable = Annotated[Table, BeforeValidator(_read)]
"""A key that is the name of a file in what users write, and what the file says once it is read."""
