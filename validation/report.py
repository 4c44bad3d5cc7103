"""The page that says what was measured."""

from __future__ import annotations

from collections.abc import Sequence

from validation.proof import Proof
from validation.proofs import CUSTOMERS, RATE

HEAD = """\
# What is measured against what is known

Two questions: whether the statistics keep their promises, and whether the rates at which people work
[foretell operations that were published](#do-the-rates-foretell-published-operations).

## Do the statistics keep their promises?

Written by `make validation`, which measures every line anew ({repetitions:,} repetitions; selections half as many;
{minutes:.0f} min). `make test` checks the same with fewer repetitions. What the procedures are:
[replications and comparisons](experiments.md).

Queues are run by the simulator itself: {customers:,} customers arrive at {rate:g} a minute at a system that is
empty, and the exact expectation is that of these {customers:,} (a Markov chain over arrivals), so no warm-up is left
out or assumed. In brackets: Clopper and Pearson's 95 % interval of what was seen. A t interval is right for values
that are close to normal, as means over many customers or households are; those of few customers are skewed, and it
holds a little less often. A measure that is *all or nothing* is 1 in a replication or 0, as the share of households
served where one person does all the work; ten replications of it are often all the same.

| promise | kept in | asked | |
|---|---|---|---|
"""


def page(proofs: Sequence[Proof], repetitions: int, seconds: float) -> str:
    """Markdown: one row per promise."""
    rows = [
        f"| {proof.promise} | {proof.measured} | {proof.asked} | {'kept' if proof.is_kept else '**not kept**'} |"
        for proof in proofs
    ]
    head = HEAD.format(repetitions=repetitions, minutes=seconds / 60, customers=CUSTOMERS, rate=RATE)
    return head + "\n".join(rows) + "\n"
