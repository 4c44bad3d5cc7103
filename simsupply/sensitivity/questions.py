"""``sensitivity=METHOD:METRIC`` of ``simsupply sweep``: checked before the first run, answered after the last."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simsupply.base.catalogue import message
from simsupply.base.files import write_csv
from simsupply.base.language import Language
from simsupply.base.problems import nearest, wrong
from simsupply.base.spec import share_of_percent
from simsupply.figures import save_figure
from simsupply.sensitivity.boundary import BoundaryMap
from simsupply.sensitivity.boxes import LEAST_POINTS, Boxes, check_installed
from simsupply.sensitivity.effects import Effects
from simsupply.sensitivity.indices import LEAST_BASE, LEAST_TRAJECTORIES
from simsupply.sensitivity.map_of_sweep import boundary
from simsupply.sensitivity.of_sweep import boxes, sensitivity, side_of
from simsupply.sensitivity.sample import DESIGNS_OF, check_design
from simsupply.sweeps.designs import SAMPLED
from simsupply.sweeps.parameters import Interval, Parameter
from simsupply.sweeps.sweep_result import SweepResult

LEAST = {"boxes": LEAST_POINTS, "morris": LEAST_TRAJECTORIES, "sobol": LEAST_BASE}
WITH_LEVEL = ("boundary", "boxes")


@dataclass(frozen=True)
class Question:
    """What a user wants to know of a sweep; `level` is what a plan fails below (or above), in the metric's unit."""

    method: str
    metric: str
    level: float | None = None


def read_questions(
    words: Sequence[str], design: str, points: int | None, parameters: Sequence[Parameter], source: str
) -> list[Question]:
    """Questions from ``METHOD:METRIC`` or ``METHOD:METRIC:LEVEL``, each checked against the design.

    Raises
    ------
    InputError
        If one cannot be read, or cannot be answered by this design.
    """
    # What a grid or a file of points varies in numbers is seen when it has been run.
    keys = [parameter.key for parameter in parameters if isinstance(parameter, Interval)] if design in SAMPLED else None
    found = []
    for text in words:
        method, _, rest = text.partition(":")
        metric, _, level = rest.partition(":")
        if method not in DESIGNS_OF:
            raise wrong(
                source, "sensitivity", text, message("question_with_method", methods=nearest(method, DESIGNS_OF))
            )
        if not metric:
            raise wrong(source, "sensitivity", text, message("question_with_metric", method=method))
        if method in WITH_LEVEL:
            side_of(metric, source)
        check_design(method, design, keys, source)
        if points is not None and points < LEAST.get(method, 1):
            raise wrong(source, "points", points, message("points_for_question", least=LEAST[method], question=text))
        if method == "boxes":
            check_installed(source)
        found.append(Question(method, metric, _level(text, method, level, source)))
    return found


def _level(text: str, method: str, level: str, source: str) -> float | None:
    if method not in WITH_LEVEL:
        if level:
            raise wrong(source, "sensitivity", text, message("no_level", method=method, methods=WITH_LEVEL))
        return None
    try:
        found = float(level)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        meant = share_of_percent(level)
        allowed = message("question_with_level", method=method)
        allowed = allowed if meant is None else message("number_for_percent", number=meant)
        raise wrong(source, "sensitivity", text, allowed)
    return found


def answer(question: Question, result: SweepResult, folder: Path, language: Language) -> str:
    """Write table and figure of an answer; return it in words."""
    found: Effects | BoundaryMap | Boxes
    if question.level is None:
        found = sensitivity(result, question.metric)
    elif question.method == "boxes":
        found = boxes(result, question.metric, question.level)
    else:
        found = boundary(result, question.metric, question.level, language=language)
    name = f"{question.method}_{question.metric}"
    (folder / "sensitivity").mkdir(exist_ok=True)
    write_csv(found.table, folder / "sensitivity" / f"{name}.csv")
    if isinstance(found, Boxes):
        write_csv(found.boxes, folder / "sensitivity" / f"{name}_shares.csv")
    is_drawn = (
        bool(len(found.table)) if isinstance(found, Boxes) else not (isinstance(found, Effects) and found.is_constant)
    )
    if is_drawn:
        save_figure(found.plot(language), folder / "figures", name)
    return found.answer(language)
