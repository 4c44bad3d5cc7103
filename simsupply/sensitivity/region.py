"""One map of where a plan fails."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Region:
    """Where a measure is worse than a level, over two parameters.

    Attributes
    ----------
    group : str
        What else holds; empty if nothing else varies.
    points : pandas.DataFrame
        One row per point run: ``x``, ``y``, ``mean``, ``ci_low``, ``ci_high``, ``fails``, ``is_sure`` (whether the
        interval leaves the level out).
    cells : pandas.DataFrame
        ``x_low``, ``x_high``, ``y_low``, ``y_high``, ``share`` of their corners at which it fails; cells in which
        holding and failing meet are between 0 and 1 and of the finest size.
    crossings : pandas.DataFrame
        Where the level is crossed: ``x``, ``y`` (interpolated between two neighbouring points), ``along`` (x or y),
        ``low``, ``high`` (those points, between which the crossing is), ``cell``.
    share, share_low, share_high : float
        Part of the area at which it fails; with none and with all of the cells in which both meet.
    num_full : int
        Points of a full grid that is as fine everywhere.
    """

    group: str
    points: pd.DataFrame
    cells: pd.DataFrame
    crossings: pd.DataFrame
    share: float
    share_low: float
    share_high: float
    num_full: int
