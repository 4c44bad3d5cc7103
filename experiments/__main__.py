"""``python -m experiments [NAME ...]``: run experiments and write their folders; without names, all of them."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from experiments.estimates import read_table
from experiments.folder import RESULTS, Outcome, is_up_to_date, regenerate, render, results_of, seconds_noted
from experiments.page import answer, index
from experiments.runner import pool_of
from experiments.spec import HERE, Experiment, names_of_experiments, read_experiment
from simsupply.base.problems import COMMAND_LINE, InputError, wrong


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if all is done, 2 if something given is wrong, 130 if it was interrupted."""
    parser = argparse.ArgumentParser(prog="python -m experiments", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="folders of experiments/ (all)")
    parser.add_argument("--again", action="store_true", help="run also what is up to date")
    parser.add_argument("--list", action="store_true", help="only say which there are, and their questions")
    parser.add_argument("--render", action="store_true", help="only write page and figure anew, from results.csv")
    parser.add_argument("--processes", type=int, default=2, help="how many plans are run at a time (2)")
    parser.add_argument("--output", type=Path, help="folder for the folders that are written (experiments)")
    given = parser.parse_args(arguments)
    root = given.output or HERE
    try:
        if given.processes < 1:
            raise wrong(COMMAND_LINE, "--processes", given.processes, "1 or more")
        experiments = [read_experiment(name) for name in given.names or names_of_experiments()]
        if not given.names and given.output is None and not given.list:
            (HERE / "README.md").write_text(index(experiments), encoding="utf-8")
        if given.list:
            for experiment in experiments:
                print(f"{experiment.name:12}  {experiment.spec.question.en}")
        elif given.render:
            for experiment in experiments:
                (root / experiment.name).mkdir(parents=True, exist_ok=True)
                render(experiment, results_of(experiment), root / experiment.name)
        else:
            _run(experiments, root, given.processes, given.again, is_alone=len(given.names) == 1)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; what was finished is kept, the same command goes on", file=sys.stderr)
        return 130
    return 0


def _run(experiments: list[Experiment], root: Path, processes: int, again: bool, *, is_alone: bool) -> None:
    due = [experiment for experiment in experiments if again or not is_up_to_date(experiment, root / experiment.name)]
    for experiment in experiments:
        if experiment not in due:
            # Words and figure may have changed all the same.
            render(experiment, read_table(root / experiment.name / RESULTS), root / experiment.name)
            print(f"{experiment.name}: up to date (--again runs it again)")
            if is_alone:
                print(answer(experiment, read_table(root / experiment.name / RESULTS)))
    if not due:
        return
    known = sum(seconds_noted(HERE / experiment.name) or 60 * experiment.spec.minutes for experiment in due)
    print(f"{len(due)} to run, about {max(1, round(known / 60))} min with 2 processes on a quiet machine")
    begin = time.monotonic()
    with pool_of(processes) as pool:
        for experiment in due:
            outcome: Outcome = regenerate(experiment, root / experiment.name, pool)
            print(f"{experiment.name}: {outcome.seconds:.0f} s")
            if is_alone:
                print(outcome.answer)
    print(f"{len(due)} run in {(time.monotonic() - begin) / 60:.1f} min")


if __name__ == "__main__":
    sys.exit(main())
