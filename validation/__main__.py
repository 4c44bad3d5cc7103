"""``python -m validation``: measure every promise, write ``docs/validation.md``; exit status 1 if one is not kept."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from simsupply.figures import save_figure
from validation.operations.page import FIGURE, section, with_section
from validation.operations.picture import plot_operations
from validation.operations.plans import outcomes
from validation.operations.published import read_published
from validation.proofs import known_proofs, queue_proofs, queue_selection_proof, selection_proofs, short_queue_proofs
from validation.report import page
from validation.shares import share_proofs, share_selection_proofs

PAGE = Path(__file__).resolve().parents[1] / "docs" / "validation.md"


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m validation", description=__doc__)
    parser.add_argument("--repetitions", type=int, default=1000, help="of intervals (of selections half as many)")
    parser.add_argument("--workers", type=int, default=2, choices=range(1, 65), metavar="N", help="processes")
    parser.add_argument("--output", type=Path, default=PAGE, help="the page to write")
    chosen = parser.parse_args()
    if chosen.repetitions < 20:
        parser.error(f"--repetitions: got {chosen.repetitions}; allowed: 20 or more")
    begin = time.monotonic()
    num = chosen.repetitions
    proofs = [
        *queue_proofs(num, workers=chosen.workers),
        *short_queue_proofs(num, workers=chosen.workers),
        *known_proofs(num),
        *share_proofs(num),
        *selection_proofs(num // 2),
        *share_selection_proofs(num // 2),
        queue_selection_proof(num // 2, workers=chosen.workers),
    ]
    found = outcomes(read_published())
    text = with_section(page(proofs, num, time.monotonic() - begin), section(found))
    chosen.output.write_text(text, encoding="utf-8")
    save_figure(plot_operations(found), chosen.output.parent / "images", FIGURE)
    print(text)
    return 0 if all(proof.is_kept for proof in proofs) else 1


if __name__ == "__main__":
    sys.exit(main())
