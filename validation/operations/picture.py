"""Predicted against published, by kind of work."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from simsupply.figures.style import COLOURS, DARK, GREY, figure_style
from validation.operations.plans import Outcome

_TITLES = {
    "pack": "packing sets and bags",
    "pick": "picking orders",
    "load": "loading, unloading",
    "carry": "carrying to doors, buildings",
    "deliver": "riders (a day; R07 an hour)",
    "drive": "drive-through lanes",
}
_LOW, _HIGH = 3.0, 220.0


def plot_operations(outcomes: Sequence[Outcome]) -> Figure:
    """Units a person-hour of every operation; hollow where nothing is foretold."""
    with figure_style():
        figure, axes = plt.subplots(figsize=(6.8, 6.2), layout="constrained")
        line = np.array([_LOW, _HIGH])
        axes.fill_between(line, line / 2, line * 2, color="#EEEEEE", lw=0, label="tolerance B: a factor 2")
        axes.fill_between(line, line / 2, line * 1.5, color="#D8D8D8", lw=0, label="tolerance A: +-50 %")
        axes.plot(line, line, color=GREY, lw=1, label="as published")
        for number, (begin, title) in enumerate(_TITLES.items()):
            there = [outcome for outcome in outcomes if outcome.operation.kind.work.startswith(begin)]
            for outcome in there:
                _mark(axes, outcome, COLOURS[number])
            axes.plot([], [], "o", color=COLOURS[number], label=title)
        axes.plot([], [], "o", color=DARK, mfc="white", label="calibration: its own rate given back")
        axes.set(xscale="log", yscale="log", xlim=(_LOW, _HIGH), ylim=(_LOW, _HIGH))
        ticks = [3, 5, 10, 20, 50, 100, 200]
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
        axes.set_yticks(ticks, [str(tick) for tick in ticks])
        axes.minorticks_off()
        axes.set_xlabel("published, units a person-hour (R01, R02, R04: a person-day)")
        axes.set_ylabel("predicted from the other operations of the kind")
        axes.set_title(f"{sum(o.is_hit for o in outcomes)} of {sum(o.is_foretold for o in outcomes)} within tolerance")
        axes.legend(loc="upper left", fontsize=8, handlelength=1.6)
    plt.close(figure)
    return figure


def _mark(axes: plt.Axes, outcome: Outcome, colour: str) -> None:
    rate = outcome.operation.rate
    predicted = rate * outcome.simulated / outcome.operation.quantity
    axes.plot([rate], [predicted], "o", color=colour, mfc=colour if outcome.is_foretold else "white", ms=6)
    right = _PLACES.get(outcome.operation.id, (6, -3))
    axes.annotate(
        outcome.operation.id, (rate, predicted), xytext=right, textcoords="offset points", fontsize=7.5, color=colour
    )


# Where names stand that would meet another or the diagonal, in points from the mark.
_PLACES = {
    "R01": (-22, 2),
    "I03": (-20, 3),
    "D04": (-22, 2),
    "P15": (5, -9),
    "P01": (5, 3),
    "P03": (-22, -1),
    "D06": (6, -7),
    "P16": (-22, 2),
    "U01": (6, -6),
}
