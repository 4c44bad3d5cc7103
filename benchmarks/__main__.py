"""``python -m benchmarks [--quick] [--output FOLDER]``: measure everything and write the page and its figure."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from benchmarks.figure import plot_growth
from benchmarks.processes import ROOT
from benchmarks.report import render
from benchmarks.run import QUICK, Results, Sizes, measure_everything
from benchmarks.targets import verdicts
from simsupply.base.allocator import keep_freed_memory
from simsupply.figures import save_figure

FIGURE = "performance"


def write(results: Results, folder: Path) -> Path:
    """Write ``performance.md`` and ``images/performance.png`` and ``.svg`` into `folder`."""
    save_figure(plot_growth(results), folder / "images", FIGURE)
    page = folder / "performance.md"
    page.write_text(render(results, FIGURE), encoding="utf-8")
    return page


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if every target was measured and met, 1 otherwise (always 0 for a smoke run)."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run of less than a minute, at small sizes")
    parser.add_argument("--output", type=Path, help="folder of the page (docs; for a smoke run outputs/benchmarks)")
    rounds = Sizes.plan_rounds
    parser.add_argument(
        "--plan-rounds", type=int, choices=range(1, 10), default=rounds, help=f"rounds of the plans ({rounds})"
    )
    given = parser.parse_args(arguments)
    folder = given.output or ROOT / ("outputs/benchmarks" if given.quick else "docs")
    begin = time.monotonic()
    keep_freed_memory()

    def say(text: str) -> None:
        print(f"{time.monotonic() - begin:7.1f} s  {text}", file=sys.stderr, flush=True)

    results = measure_everything(QUICK if given.quick else Sizes(plan_rounds=given.plan_rounds), say)
    page = write(results, folder)
    found = verdicts(results)
    for verdict in found:
        word = {True: "met", False: "NOT MET", None: "not measured"}[verdict.is_met]
        print(f"{word:12}  {verdict.target}: {verdict.found}")
    print(f"Written: {page.relative_to(ROOT) if page.is_relative_to(ROOT) else page}")
    return 0 if given.quick or all(verdict.is_met for verdict in found) else 1


if __name__ == "__main__":
    sys.exit(main())
