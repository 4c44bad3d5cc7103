"""``python -m mechanisms [--only NAME ... [--update]] [--replications N] [--output FOLDER]``: measure, write a page."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tqdm.auto import tqdm

from mechanisms.cases import HERE, Case, read_cases
from mechanisms.measure import Finding, measure_case
from mechanisms.report import counts, number, render
from mechanisms.update import updated
from simsupply.base.problems import InputError, nearest
from simsupply.sweeps.executors import begin_worker

ROOT = HERE.parent
REPLICATIONS = 10


def measure_all(cases: list[Case], replications: int, processes: int) -> list[Finding]:
    """Measure every case, in the order given, several at a time."""
    work = partial(measure_case, replications=replications)
    # A process that was forked would share locks with threads that it does not have.
    spawn = multiprocessing.get_context("spawn")
    # The first one alone, so that what has to be compiled is compiled once.
    with tqdm(total=len(cases), desc="mechanisms", unit="case", disable=None) as bar:
        findings = [work(cases[0])]
        bar.update()
        with ProcessPoolExecutor(processes, spawn, initializer=begin_worker) as pool:
            for finding in pool.map(work, cases[1:]):
                findings.append(finding)
                bar.update()
    return findings


def chosen(cases: list[Case], only: list[str] | None) -> list[Case]:
    """The cases named, or all.

    Raises
    ------
    SystemExit
        If there is no case of a name.
    """
    names = [case.name for case in cases]
    for name in only or ():
        if name not in names:
            raise SystemExit(f"no mechanism {name!r}; {nearest(name, names)}")
    return [case for case in cases if not only or case.name in only]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if every mechanism is shown, 1 if not, 2 if a case is wrong."""
    parser = argparse.ArgumentParser(prog="python -m mechanisms", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these mechanisms; the page is then left as it is")
    parser.add_argument("--update", action="store_true", help="put the rows of these mechanisms into the page")
    parser.add_argument("--replications", type=int, default=REPLICATIONS, help=f"of each side ({REPLICATIONS})")
    parser.add_argument("--processes", type=int, default=2, help="how many cases at a time (2)")
    parser.add_argument("--output", type=Path, help="folder of the page (docs)")
    given = parser.parse_args(arguments)
    if given.replications < 2 or given.processes < 1:
        parser.error("at least 2 replications, and 1 process: an interval needs two values")
    if given.update and (not given.only or given.replications != REPLICATIONS):
        parser.error("--update together with --only, and with as many replications as the page")
    begin = time.monotonic()
    try:
        cases = read_cases()
        findings = measure_all(chosen(cases, given.only), given.replications, given.processes)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    for finding in findings:
        if given.only or finding.verdict != "shown":
            print(_line(finding))
    print(counts(findings).strip("*"), f"{time.monotonic() - begin:.0f} s")
    if not given.only or given.output or given.update:
        page = (given.output or ROOT / "docs") / "mechanisms.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        text = render(findings, given.replications)
        if given.update:
            text = updated(page.read_text(encoding="utf-8"), findings, cases)
        page.write_text(text, encoding="utf-8")
        print(f"Written: {page.relative_to(ROOT) if page.is_relative_to(ROOT) else page}")
    return 0 if all(finding.verdict == "shown" for finding in findings) else 1


def _line(finding: Finding) -> str:
    spec, found = finding.case.spec, finding.difference
    values = [number(value) for value in (finding.off.mean, finding.on.mean, found.mean, found.ci_low, found.ci_high)]
    off, on, mean, low, high = values
    return (
        f"{finding.verdict:15} {finding.case.name}: {spec.metric} {off} -> {on}, "
        f"difference {mean} [{low}, {high}], expected {spec.moves}"
    )


if __name__ == "__main__":
    sys.exit(main())
