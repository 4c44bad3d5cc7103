"""What an experiment's folder holds, when it is up to date, and writing it."""

from __future__ import annotations

import json
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import pandas as pd

from experiments.estimates import pairs_of, read_table, table_of, write_table
from experiments.page import answer, figure, page
from experiments.plans import plain_plan
from experiments.runner import check, run_experiment
from experiments.spec import FILE, HERE, Experiment
from simsupply.base.files import write_whole
from simsupply.base.problems import wrong
from simsupply.base.versions import code_version
from simsupply.figures.style import save_figure

RESULTS, PAGE, FIGURE, STAMP = "results.csv", "README.md", "figure.png", "stamp.json"
_PLAYING = ("estimates.py", "plans.py", "runner.py")


@dataclass(frozen=True)
class Outcome:
    """What became of an experiment: its answer, and how long it took (0: it was up to date)."""

    answer: str
    seconds: float


def stamp_of(experiment: Experiment) -> dict[str, str]:
    """Digests of everything the results follow from: the plans whole, the design, and the code that runs them."""
    spec = experiment.spec
    plans = [plain_plan(experiment, cell) for cell in experiment.cells()]
    # Titles, texts and targets change the page, not the results.
    pairs = [str(pair) for pair in pairs_of(spec)]
    measures = {name: (measure.metric, measure.better == "neither") for name, measure in spec.measures.items()}
    design = [spec.replications, spec.seed, measures, pairs]
    return {
        "config": _digest(json.dumps([design, plans], sort_keys=True, default=str).encode()),
        "code": _digest(code_version().encode() + b"".join((HERE / name).read_bytes() for name in _PLAYING)),
    }


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def is_up_to_date(experiment: Experiment, folder: Path) -> bool:
    """Whether config, code version and results are those of the last time."""
    try:
        noted = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        results = _digest((folder / RESULTS).read_bytes())
    except (OSError, ValueError):
        return False
    now = {**stamp_of(experiment), "results": results}
    return isinstance(noted, dict) and all(noted.get(key) == digest for key, digest in now.items())


def seconds_noted(folder: Path) -> float | None:
    """How long it took the last time; None: not known."""
    try:
        return float(json.loads((folder / STAMP).read_text(encoding="utf-8"))["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def regenerate(experiment: Experiment, folder: Path, pool: ProcessPoolExecutor) -> Outcome:
    """Run an experiment and write its folder.

    Raises
    ------
    InputError
        If something in its file is wrong; nothing has been run then, but for measures that do not exist in every
        replication.
    """
    begin = time.monotonic()
    check(experiment)
    table = table_of(experiment, *run_experiment(experiment, pool))
    folder.mkdir(parents=True, exist_ok=True)
    write_table(table, folder / RESULTS)
    # What was rounded in the file, so that the page follows from the file alone.
    render(experiment, read_table(folder / RESULTS), folder)
    seconds = time.monotonic() - begin
    noted = {**stamp_of(experiment), "results": _digest((folder / RESULTS).read_bytes()), "seconds": round(seconds)}
    text = json.dumps(noted, indent=1) + "\n"
    write_whole(folder / STAMP, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    return Outcome(answer(experiment, read_table(folder / RESULTS)), seconds)


def results_of(experiment: Experiment) -> pd.DataFrame:
    """The results in its folder, whether or not they are up to date.

    Raises
    ------
    InputError
        If there are none, or they are of other plans or measures.
    """
    source = f"experiments/{experiment.name}/{RESULTS}"
    allowed = f"results of what its {FILE} says now: python -m experiments {experiment.name}"
    try:
        table = read_table(experiment.folder / RESULTS)
        answer(experiment, table)
    except (OSError, ValueError, KeyError):
        raise wrong(source, "", "none, or others", allowed) from None
    return table


def render(experiment: Experiment, table: pd.DataFrame, folder: Path) -> None:
    """Write page and figure from the table."""
    text = page(experiment, table)
    write_whole(folder / PAGE, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    for path in save_figure(figure(experiment, table), folder, Path(FIGURE).stem):
        if path.suffix != ".png":
            path.unlink()
