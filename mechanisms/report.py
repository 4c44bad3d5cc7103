"""The page ``docs/mechanisms.md``, written from the findings of one run."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from mechanisms.cases import WORLDS
from mechanisms.measure import SEED, Finding
from simsupply.config.load import load_scenario
from simsupply.scenario.world import Scenario
from simsupply.stats.intervals import Estimate

HEAD = """# Mechanisms: off against on

Does every mechanism move what it must, the way it must? Each row runs one plan twice, {replications} replications a
side unless it says otherwise. The two plans differ in one key, and each replication has the same random numbers on both
sides, so that the difference is due to the key. *Difference* is on - off, paired by replication, with its Student-t
95 % interval; *exact*: the same in every replication. A row is **shown** if the interval does not cover zero and the
sign is the expected one. How large a difference is depends on the plan; only its sign is a claim.

Written by `make mechanisms` (`python -m mechanisms`), which fails if a row is not shown. Cases stand in
`mechanisms/cases`, one file for each table below. Most are run in `quarter` (`mechanisms/worlds/quarter.yaml`:
{households:,} households, {depots} shops, {drop_points} communities, {days} days, sealed), the others in the built-in
scenario that is named. Where a row names channels, every household may turn to each of them unless its key says
otherwise. `simsupply list metrics` explains the metrics; `goods/vegetables/fill_rate` is the metric `fill_rate` of the
group `vegetables` in the split by `goods`.

{counts}

Repeat one row, or several, or all with more replications:

```
python -m mechanisms --only {example}
python -m mechanisms --only {example} {second} --replications 50
python -m mechanisms --replications 50 --output outputs/mechanisms
```
"""
COLUMNS = (
    "mechanism",
    "key: off -> on",
    "scenario, strategy",
    "metric",
    "expected",
    "off -> on",
    "difference",
    "verdict",
)
LONGEST = 60
"""Characters of a value; of a longer one only the names in it are shown."""
FEW = 6
"""So many names; more are counted."""
ROUNDING = 1e-9
"""Relative width of an interval that is a point but for rounding."""


def render(findings: Sequence[Finding], replications: int) -> str:
    """The whole page as Markdown."""
    quarter = _quarter()
    names = [finding.case.name for finding in findings]
    parts = [
        HEAD.format(
            replications=replications,
            households=len(quarter.households),
            depots=quarter.places.count("depot"),
            drop_points=quarter.places.count("drop_point"),
            days=quarter.settings.horizon_days,
            counts=counts(findings),
            example=names[0],
            second=names[-1],
        )
    ]
    for family, rows in groupby(findings, key=lambda finding: finding.case.family):
        note = f"{family.note}\n\n" if family.note else ""
        parts.append(f"\n## {family.title}\n\n{note}{table(rows)}")
    parts.append(f"\nRandom seed {SEED}.\n")
    return "".join(parts)


@cache
def _quarter() -> Scenario:
    return load_scenario(WORLDS / "quarter.yaml")


def counts(findings: Sequence[Finding]) -> str:
    """How many rows have which verdict."""
    return counted(Counter(finding.verdict for finding in findings))


def counted(verdicts: Counter[str]) -> str:
    """How many rows have which verdict.

    >>> counted(Counter(["shown", "covers zero", "shown"]))
    '**3 rows: 2 shown, 1 covers zero.**'
    """
    said = ", ".join(f"{number} {verdict}" for verdict, number in verdicts.most_common())
    return f"**{verdicts.total()} rows: {said}.**"


def table(findings: Iterable[Finding]) -> str:
    """A table of one family."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---|---|---|---|---|---|---|---|"]
    lines += ["| " + " | ".join(_escaped(cell) for cell in _row(finding)) + " |" for finding in findings]
    return "\n".join(lines) + "\n"


def _row(finding: Finding) -> list[str]:
    spec = finding.case.spec
    verdict = finding.verdict if finding.verdict == "shown" else f"**{finding.verdict}**"
    unit = finding.off.unit
    return [
        f"`{finding.case.name}`: {spec.says}",
        f"`{_short_key(spec.key)}`: {_switch(spec.without, spec.with_)}",
        _plan(finding),
        f"`{spec.metric}`",
        f"**{spec.moves}**: {spec.why}",
        f"{number(finding.off.mean)} -> {number(finding.on.mean)}" + ("" if unit in ("share", "index") else f" {unit}"),
        difference(finding.difference),
        verdict,
    ]


def _plan(finding: Finding) -> str:
    spec = finding.case.spec
    who = spec.strategy or " + ".join(spec.channels)
    if spec.key == "strategy":
        who = "either strategy"
    changes = "; ".join(f"{_short_key(key)} {_short(value)}" for key, value in spec.settings.items())
    more = [changes] if changes else []
    more += [f"{finding.off.n} replications"] if spec.times > 1 else []
    return f"{spec.scenario}, {who}" + (f" ({'; '.join(more)})" if more else "")


def _short_key(key: str) -> str:
    """A key without the parts that go without saying."""
    for part in ("strategy.channels.", "staffing.crews.", "scenario.households.", "scenario."):
        key = key.removeprefix(part)
    for part in (".steps.", ".stage.", ".gate.", ".release."):
        key = key.replace(part, ".")
    return key


def _short(value: Any) -> str:
    text = _text(value)
    return text if len(text) <= LONGEST else _names(value)


def _switch(without: Any, with_: Any) -> str:
    """What differs, of two long mappings; else both values in the same manner.

    >>> _switch({"name": "n", "opens": "00:00", "why": "x" * 50}, {"name": "n", "opens": "11:00", "why": "x" * 50})
    '{opens: 00:00} -> {opens: 11:00}'
    """
    if isinstance(without, dict) and isinstance(with_, dict) and max(map(len, map(_text, (without, with_)))) > LONGEST:
        same = {key for key in without if key in with_ and without[key] == with_[key]}
        without, with_ = ({key: item for key, item in side.items() if key not in same} for side in (without, with_))
    as_names = any(len(_text(value)) > LONGEST for value in (without, with_))
    return " -> ".join(_names(value) if as_names else _text(value) for value in (without, with_))


def _text(value: Any) -> str:
    """A value in words.

    >>> _text(None), _text([]), _text({"low": 1}), _text(0.5)
    ('none', 'none', '{low: 1}', '0.5')
    """
    if value is None or value in ([], {}):
        return "none"
    if isinstance(value, int | float | str):
        return f"{value}"
    return json.dumps(value, ensure_ascii=False).replace('"', "").replace(".0,", ",").replace(".0}", "}")


def _names(value: Any) -> str:
    """What a long value consists of: uses with their shares and conditions, parts by name, or how many.

    >>> _names([{"channel": "online_orders", "excludes": ["priority"]}, {"channel": "stalls", "share": 0.2}])
    '[online_orders (excludes: [priority]), stalls (share: 0.2)]'
    >>> _names({"staple": 1.6, "water": 1.6}), _names([1, 2, 3, 4, 5, 6, 7])
    ('{staple, water}', '7 entries')
    """
    if not value or not isinstance(value, list | dict):
        return _text(value)
    if len(value) > FEW:
        return f"{len(value)} entries"
    if isinstance(value, dict):
        return f"{{{', '.join(value)}}}"
    return f"[{', '.join(_entry(item) for item in value)}]"


def _entry(item: Any) -> str:
    if not isinstance(item, dict):
        return _text(item)
    first, *rest = item.values()
    more = ", ".join(f"{key}: {_text(value)}" for key, value in list(item.items())[1:])
    return f"{first} ({more})" if rest else f"{first}"


def difference(found: Estimate) -> str:
    """Mean and interval, all with as many digits as the width of the interval allows.

    >>> difference(Estimate(-46.512, -47.131, -45.9, 10, "h"))
    '-46.5 [-47.1, -45.9]'
    >>> difference(Estimate(24.0, 24.0, 24.0, 10, "h"))
    '+24, exact'
    """
    if found.mean is None or found.ci_low is None or found.ci_high is None:
        return "none"
    width = found.ci_high - found.ci_low
    # Sums of many numbers differ in their last digits.
    if found.n > 1 and width < ROUNDING * max(1.0, abs(found.mean)):
        return f"{number(found.mean, signed=True)}, exact"
    digits = max(0, 2 - math.ceil(math.log10(width))) if width > 0 else 3
    low, mean, high = (f"{value:+,.{digits}f}" for value in (found.ci_low, found.mean, found.ci_high))
    return f"{mean} [{low}, {high}]"


def number(value: float | None, *, signed: bool = False) -> str:
    """A number to three significant digits, whole ones in full.

    >>> number(0.12345), number(25212.4), number(-3.0, signed=True), number(None), number(1e-16)
    ('0.123', '25,212', '-3', 'none', '0')
    """
    if value is None:
        return "none"
    sign = "+" if signed and value > 0 else ""
    if abs(value) < 1e-9:
        return "0"
    if abs(value) >= 100:
        return f"{sign}{value:,.0f}"
    digits = 2 - math.floor(math.log10(abs(value)))
    text = f"{value:.{max(digits, 0)}f}"
    return sign + (text.rstrip("0").rstrip(".") if "." in text else text)


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|")
