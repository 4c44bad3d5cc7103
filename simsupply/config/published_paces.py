"""Published kinds of workers: rows of ``configs/paces/published.yaml`` are laid under the crews that name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from simsupply.base.problems import Problem, nearest
from simsupply.config.changes import laid_over
from simsupply.config.yaml_files import config_dir, read_yaml

PATH = "paces/published"
"""The table, as an option of ``configs/``."""


@cache
def published_paces() -> dict[str, Any]:
    """The table: rows of ``staffing.paces`` by name of the kind."""
    return read_yaml(config_dir() / f"{PATH}.yaml")


def laid_over_paces(staffing: Any) -> tuple[Any, list[Problem]]:
    """Put rows of ``staffing.paces`` over those of the published table that crews name.

    What a scenario says of such a kind itself (one key, for instance) goes over what is published. Rows that nobody
    names are not laid.

    Parameters
    ----------
    staffing : object
        Section ``staffing`` as plain data; anything but a mapping is left as it is, for the specification to refuse.

    Returns
    -------
    object, list of Problem
        The section whole, and kinds that neither the scenario nor the table has.
    """
    if not isinstance(staffing, Mapping):
        return staffing, []
    own = staffing.get("paces")
    own = {} if own is None else own
    if not isinstance(own, Mapping):
        return staffing, []
    named = list(named_kinds(staffing))
    if not named:
        return staffing, []  # a plan of data alone reads no file of ours
    table, laid = published_paces(), dict(own)
    problems = []
    for key, name in named:
        if name in table:
            laid[name] = laid_over(table[name], own[name]) if name in own else table[name]
        elif name not in own:
            problems.append(Problem(key, name, nearest(name, [*own, *table])))
    return {**staffing, "paces": laid}, problems


def named_kinds(staffing: Any) -> Iterator[tuple[str, str]]:
    """Kinds that crews, and those who join them, name, each with its key."""
    crews = staffing.get("crews") if isinstance(staffing, Mapping) else None
    for crew, said in crews.items() if isinstance(crews, Mapping) else ():
        arrivals = said.get("arrivals") if isinstance(said, Mapping) else None
        for key, node in ((f"staffing.crews.{crew}", said), (f"staffing.crews.{crew}.arrivals", arrivals)):
            if isinstance(node, Mapping) and isinstance(node.get("pace"), str):
                yield f"{key}.pace", node["pace"]
