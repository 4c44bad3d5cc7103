"""``sensitivity=METHOD:METRIC`` of ``simsupply sweep``: checked before the first run, answered after the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simsupply.config.errors import nearest, wrong
from simsupply.experiment.files import write_csv
from simsupply.figures import save_figure
from simsupply.figures.labels import Language
from simsupply.sensitivity.of_sweep import effects_of
from simsupply.sensitivity.sample import check_design
from simsupply.sweeps.parameters import Interval, Parameter

if TYPE_CHECKING:
    from simsupply.sweeps.results import SweepResult

# The design that each method is computed from.
DESIGN_OF = {"morris": "morris", "sobol": "saltelli"}


@dataclass(frozen=True)
class Question:
    """What a user wants to know of a sweep."""

    method: str
    metric: str


def read_questions(words: Sequence[str], design: str, parameters: Sequence[Parameter], source: str) -> list[Question]:
    """Questions from ``METHOD:METRIC``, each checked against the design.

    Raises
    ------
    InputError
        If one cannot be read, or cannot be answered by this design.
    """
    keys = [one.key for one in parameters if isinstance(one, Interval)]
    found = []
    for text in words:
        method, _, metric = text.partition(":")
        if method not in DESIGN_OF:
            raise wrong(source, "sensitivity", text, f"METHOD:METRIC with {nearest(method, DESIGN_OF)}")
        if not metric:
            raise wrong(source, "sensitivity", text, f"{method}:METRIC, such as {method}:fill_rate")
        check_design(method, DESIGN_OF[method], design, keys, source)
        found.append(Question(method, metric))
    return found


def answer(question: Question, result: SweepResult, folder: Path, language: Language) -> str:
    """Write table and figure of an answer; return it in words."""
    found = effects_of(result, question.metric)
    name = f"{question.method}_{question.metric}"
    (folder / "sensitivity").mkdir(exist_ok=True)
    write_csv(found.table, folder / "sensitivity" / f"{name}.csv")
    save_figure(found.plot(language), folder / "figures", name)
    return found.answer(language)
