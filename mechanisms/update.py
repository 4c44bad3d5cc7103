"""Rows measured anew put into the page as it is, each in the place of its case."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from mechanisms.cases import Case
from mechanisms.measure import Finding
from mechanisms.report import counted, table

_ROW = re.compile(r"\| `(\w+)`: ")


def updated(page: str, findings: Sequence[Finding], cases: Sequence[Case]) -> str:
    """The page with these rows instead of those of the same cases, or new ones; rows without a case are left out.

    A new row stands behind that of the case before it, so a table has at least one row already.

    Raises
    ------
    ValueError
        If the page has no row behind which a new one belongs, or does not say how many rows it has.
    """
    new = {finding.case.name: table([finding]).splitlines()[-1] for finding in findings}
    names = [case.name for case in cases]
    lines = [line for line in page.splitlines() if _name(line) in (None, *names)]
    there = [_name(line) for line in lines]
    for case, row in ((case, new[case.name]) for case in cases if case.name in new):
        if case.name in there:
            lines[there.index(case.name)] = row
            continue
        family = [other.name for other in cases if other.family is case.family]
        before = family[: family.index(case.name)]
        if not before or before[-1] not in there:
            raise ValueError(f"no row behind which that of {case.name!r} belongs: measure the case before it, or all")
        position = there.index(before[-1]) + 1
        lines.insert(position, row)
        there.insert(position, case.name)
    verdicts = Counter(line.split(" | ")[-1].strip(" |*") for line in lines if _name(line))
    text = "\n".join(lines) + "\n"
    if len(re.findall(r"^\*\*\d+ rows: .*\*\*$", text, re.MULTILINE)) != 1:
        raise ValueError("the page does not say once how many rows it has")
    return re.sub(r"^\*\*\d+ rows: .*\*\*$", counted(verdicts), text, flags=re.MULTILINE)


def _name(line: str) -> str | None:
    found = _ROW.match(line)
    return found[1] if found else None
