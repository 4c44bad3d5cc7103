"""``python -m validation.operations``: run the published operations, write ``docs/rates.md`` and their part of another.

The other page is ``docs/validation.md``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from simsupply.config.yaml_files import config_dir
from simsupply.figures import save_figure
from validation.operations.minutes import numbers_of_plans, read_rules
from validation.operations.page import FIGURE, section, with_section
from validation.operations.picture import plot_operations
from validation.operations.plans import outcomes
from validation.operations.published import read_published
from validation.operations.rates_page import rates_page
from validation.operations.rewrite import rewritten

DOCS = Path(__file__).resolve().parents[2] / "docs"


def main() -> int:
    """Run the command; exit status 2 if a table is wrong."""
    parser = argparse.ArgumentParser(prog="python -m validation.operations", description=__doc__)
    parser.add_argument("--output", type=Path, default=DOCS, help="folder of the page; its images stand in images/")
    parser.add_argument(
        "--rewrite", action="store_true", help="put the minutes of minutes.csv, with their marks, into configs/ instead"
    )
    chosen = parser.parse_args()
    folder = chosen.output
    try:
        operations, rules = read_published(), read_rules()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if chosen.rewrite:
        for path in rewritten(config_dir(), rules):
            print(path)
        return 0
    found = outcomes(operations)
    text, page = section(found), folder / "validation.md"
    page.write_text(with_section(page.read_text(encoding="utf-8") if page.exists() else "", text), encoding="utf-8")
    rates = rates_page(operations, numbers_of_plans(), rules)
    (folder / "rates.md").write_text(rates, encoding="utf-8")
    save_figure(plot_operations(found), folder / "images", FIGURE)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
