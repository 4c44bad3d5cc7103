"""``python -m validation.operations``: run the published operations, write their section of ``docs/validation.md``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from simsupply.figures import save_figure
from validation.operations.page import FIGURE, section, with_section
from validation.operations.picture import plot_operations
from validation.operations.plans import outcomes
from validation.operations.published import read_published

DOCS = Path(__file__).resolve().parents[2] / "docs"


def main() -> int:
    """Run the command; exit status 2 if the table of operations is wrong."""
    parser = argparse.ArgumentParser(prog="python -m validation.operations", description=__doc__)
    parser.add_argument("--output", type=Path, default=DOCS, help="folder of the page; its images stand in images/")
    folder = parser.parse_args().output
    try:
        found = outcomes(read_published())
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    text, page = section(found), folder / "validation.md"
    page.write_text(with_section(page.read_text(encoding="utf-8") if page.exists() else "", text), encoding="utf-8")
    save_figure(plot_operations(found), folder / "images", FIGURE)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
