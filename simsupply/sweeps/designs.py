"""Which points of its parameters a sweep runs.

Lists are crossed with each other and with what is sampled, so that strategies are compared at the same drawn
values. ``grid`` and ``csv`` sample nothing; ``lhs`` is a Latin hypercube [1]_ and ``sobol`` a scrambled Sobol
sequence [2]_ for a response over the whole space; ``saltelli`` [3]_ and ``morris`` [4]_ are what
Sobol indices and elementary effects are computed from; ``tornado`` is the plan as it is, then each interval's
ends alone; ``boundary`` is the coarse lattice over two intervals that a map starts from.

References
----------
.. [1] McKay, M. D., Beckman, R. J., Conover, W. J. (1979). Technometrics 21:239-245. doi:10.2307/1268522
.. [2] Owen, A. B. (1998). ACM Trans. Model. Comput. Simul. 8:71-102. doi:10.1145/272991.273010
.. [3] Saltelli, A. et al. (2010). Comput. Phys. Commun. 181:259-270. doi:10.1016/j.cpc.2009.09.018
.. [4] Morris, M. D. (1991). Technometrics 33:161-174. doi:10.2307/1269043
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from simsupply.base.catalogue import message
from simsupply.base.files import read_file
from simsupply.base.problems import found_in, nearest, wrong
from simsupply.base.system_errors import reason
from simsupply.base.text_files import rows_of_csv
from simsupply.sweeps.parameters import Choices, Interval, Parameter, Plain

Design = Literal["grid", "csv", "lhs", "sobol", "saltelli", "morris", "tornado", "boundary"]
DESIGNS: tuple[str, ...] = get_args(Design)
SAMPLED = ("lhs", "sobol", "saltelli", "morris", "tornado", "boundary")
SIZED = ("lhs", "sobol", "saltelli", "morris")
MORRIS_LEVELS = 4
BOUNDARY_CELLS = 4
MAX_POINTS = 1_000_000
Values = dict[str, Plain]


def design_points(
    design: str,
    parameters: Sequence[Parameter],
    *,
    points: int | None = None,
    seed: int = 1,
    file: Path | None = None,
    base: Mapping[str, Any] | None = None,
    source: str = "sweep",
) -> list[Values]:
    """All points of a design, each with the value of every parameter.

    Parameters
    ----------
    design : {"grid", "csv", "lhs", "sobol", "saltelli", "morris", "tornado", "boundary"}
    parameters : sequence of Choices or Interval
        Intervals are sampled, lists are crossed.
    points : int, optional
        Of a sampled design: for ``lhs`` and ``sobol`` how many points; for ``saltelli`` the base number N of its
        N (2 k + 2) points, k the number of intervals; for ``morris`` the trajectories r of its r (k + 1) points.
        ``sobol`` and ``saltelli`` want a power of two, for their balance.
    seed : int
        Of what is drawn.
    file : path
        Of ``csv``: a column for each key, a row for each point.
    base : mapping
        Of ``tornado``: what every interval's key is in the plan as it is.

    Returns
    -------
    list of dict
        In the order of the design; that of ``saltelli`` and ``morris`` is SALib's.

    Raises
    ------
    InputError
        If nothing varies, or parameters do not fit the design.
    """
    if design not in DESIGNS:
        raise wrong(source, "design", design, nearest(str(design), DESIGNS))
    choices = [parameter for parameter in parameters if isinstance(parameter, Choices)]
    intervals = [parameter for parameter in parameters if isinstance(parameter, Interval)]
    if intervals and design not in SAMPLED:
        first = f"{intervals[0].key}=interval({intervals[0].low:g},{intervals[0].high:g})"
        raise wrong(source, "design", design, message("design_that_samples", interval=first, designs=SAMPLED))
    if (file is not None) != (design == "csv"):
        allowed = message("csv_file_name") if file is None else message("no_file_with_design", design=design)
        raise wrong(source, "file", None if file is None else str(file), allowed)
    _check_keys([parameter.key for parameter in parameters], source)
    if file is not None:
        rows = read_points(file, source)
        _check_keys([*rows[0], *(choice.key for choice in choices)], source)
    else:
        rows = _sampled(design, intervals, points, seed, base or {}, source)
        if not parameters:
            raise wrong(source, "", message("nothing_varies"), message("key_with_several_values"))
    num = len(rows) * int(np.prod([len(choice.values) for choice in choices], dtype=float))
    if num > MAX_POINTS:
        raise wrong(
            source, "design", message("number_of_points", number=num), message("at_most_points", most=MAX_POINTS)
        )
    crossed = [dict(zip((choice.key for choice in choices), values, strict=True)) for values in _crossed(choices)]
    return [{**values, **row} for values in crossed for row in rows]


def _crossed(choices: Sequence[Choices]) -> product[tuple[Any, ...]]:
    return product(*(choice.values for choice in choices))


def _check_keys(keys: Sequence[str], source: str) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise wrong(source, key, message("given_twice"), message("once"))
        inside = [other for other in keys if other.startswith(f"{key}.") and key != "scenario" and key != "strategy"]
        if inside and "." in key:
            raise wrong(source, key, message("given_beside", other=inside[0]), message("one_of_them"))


def _sampled(
    design: str, intervals: Sequence[Interval], points: int | None, seed: int, base: Mapping[str, Any], source: str
) -> list[Values]:
    if design not in SIZED and points is not None:
        raise wrong(source, "points", points, message("no_points", design=design, designs=SIZED))
    if design not in SAMPLED:
        return [{}]
    if not intervals:
        raise wrong(source, "design", design, message("interval_to_sample"))
    if design == "tornado":
        return _one_at_a_time(intervals, base, source)
    if design == "boundary":
        if len(intervals) != 2:
            raise wrong(source, "design", design, message("two_intervals_of_boundary", number=len(intervals)))
        steps = [place / BOUNDARY_CELLS for place in range(BOUNDARY_CELLS + 1)]
        x, y = intervals
        return [{x.key: x.between(first), y.key: y.between(second)} for first in steps for second in steps]
    if not isinstance(points, int) or isinstance(points, bool) or not 1 <= points <= MAX_POINTS:
        raise wrong(source, "points", points, message("number_with_design", most=MAX_POINTS, design=design))
    if design in ("sobol", "saltelli") and points & (points - 1):
        near = 2 ** int(np.log2(points))
        raise wrong(source, "points", points, message("power_of_two", design=design, lower=near, upper=2 * near))
    shares = _shares(design, len(intervals), points, seed)
    return [
        {interval.key: interval.at(float(share)) for interval, share in zip(intervals, row, strict=True)}
        for row in shares.tolist()
    ]


def _one_at_a_time(intervals: Sequence[Interval], base: Mapping[str, Any], source: str) -> list[Values]:
    """The plan as it is, then the lower and the upper end of each interval, the others as in the plan."""
    for interval in intervals:
        value = base.get(interval.key)
        if not isinstance(value, int | float) or isinstance(value, bool) or not interval.low <= value <= interval.high:
            allowed = message("limits_around_value", value=value if value is not None else message("no_value"))
            raise wrong(source, interval.key, f"interval({interval.low:g},{interval.high:g})", allowed)
    middle: Values = {interval.key: base[interval.key] for interval in intervals}
    ends = [{**middle, interval.key: interval.at(share)} for interval in intervals for share in (0.0, 1.0)]
    return [middle, *ends]


def _shares(design: str, dimensions: int, points: int, seed: int) -> NDArray[np.float64]:
    """Points of the unit cube, shape (points, dimensions)."""
    from scipy.stats import qmc

    if design == "lhs":
        drawn = qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed)).random(points)
    elif design == "sobol":
        drawn = qmc.Sobol(dimensions, rng=np.random.default_rng(seed)).random_base2(int(np.log2(points)))
    elif design == "saltelli":
        from SALib.sample import sobol

        drawn = sobol.sample(unit_problem(dimensions), points, calc_second_order=True, seed=seed)
    else:
        from SALib.sample import morris

        drawn = morris.sample(unit_problem(dimensions), points, num_levels=MORRIS_LEVELS, seed=seed)
    return np.asarray(drawn, dtype=float)


def unit_problem(dimensions: int) -> dict[str, Any]:
    """SALib's description of the unit cube."""
    return {
        "num_vars": dimensions,
        "names": [str(number) for number in range(dimensions)],
        "bounds": [[0.0, 1.0]] * dimensions,
    }


def read_points(file: Path, source: str) -> list[Values]:
    """Points of a CSV file: a column for each key, a row for each point, values as on the command line.

    It may be in any encoding of `simsupply.base.text_files`, and separated by tabs.

    Raises
    ------
    InputError
        With the row and column, if it cannot be read.
    """
    from simsupply.config.variations import read_values

    try:
        table = rows_of_csv(read_file(file), str(file))
    except OSError as error:
        raise wrong(source, "file", str(file), message("readable_csv_file", reason=reason(error))) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise wrong(source, "file", str(file), message("csv_file_in_encodings", reason=reason(error))) from None
    if len(table) < 2:
        raise wrong(str(file), "", message("number_of_rows", number=len(table)), message("rows_of_csv_file"))
    (_, first), *rows = table
    keys = [key.strip() for key in first]
    _check_keys(keys, str(file))
    points = []
    for number, row in rows:
        if len(row) != len(keys):
            place = message("row_of_file", file=file, row=number)
            given = message("number_of_values_in_row", number=len(row))
            raise wrong(place, "", given, message("one_for_each_key", number=len(keys)))
        values: Values = {}
        for key, cell in zip(keys, map(str.strip, row), strict=True):
            column = message("column_of_file", file=file, row=number, key=key or message("column_without_key"))
            if not key or not cell:
                raise wrong(column, "", cell, message("key_and_value"))
            with found_in(message("in_row_of_file", file=file, row=number)):
                found = read_values(key, cell, "")
            if isinstance(found, tuple) or len(found) != 1:
                raise wrong(column, "", cell, message("one_value"))
            values[key] = found[0]
        points.append(values)
    return points
