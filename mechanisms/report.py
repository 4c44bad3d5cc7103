"""The page ``docs/mechanisms.md``, written from the findings of one run."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from mechanisms.cases import WORLDS
from mechanisms.measure import SEED, Finding
from simsupply.experiment.replications import Estimate

HEAD = """# Mechanisms: off against on

Does every mechanism move what it must, the way it must? Each row plays one plan twice, {replications} replications a
side unless it says otherwise. The two plans differ in one key, and each replication has the same random numbers on both
sides, so that the difference is due to the key. *Difference* is on - off, paired by replication, with its Student-t
95 % interval; *exact*: the same in every replication. A row is **shown** if the interval does not cover zero and the
sign is the expected one. How large a difference is depends on the plan; only its sign is a claim.

Written by `make mechanisms` (`python -m mechanisms`), which fails if a row is not shown. Cases stand in
`mechanisms/cases`, one file for each table below. Most are played in `quarter` (`mechanisms/worlds/quarter.yaml`:
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


def render(findings: Sequence[Finding], replications: int) -> str:
    """The whole page as Markdown."""
    from simsupply.config.load import load_scenario

    quarter = load_scenario(WORLDS / "quarter.yaml")
    names = [finding.case.name for finding in findings]
    parts = [
        HEAD.format(
            replications=replications,
            households=len(quarter.households),
            depots=quarter.places.count("depot"),
            drop_points=quarter.places.count("drop_point"),
            days=quarter.spec.scenario.horizon_days,
            counts=counts(findings),
            example=names[0],
            second=names[-1],
        )
    ]
    for title, rows in groupby(findings, key=lambda finding: finding.case.family):
        group = list(rows)
        parts.append(f"\n## {title}\n\n{table(group)}")
    parts.append(f"\nRandom seed {SEED}.\n")
    return "".join(parts)


def counts(findings: Sequence[Finding]) -> str:
    """How many rows have which verdict."""
    times = Counter(finding.verdict for finding in findings)
    said = ", ".join(f"{number} {verdict}" for verdict, number in times.most_common())
    return f"**{len(findings)} rows: {said}.**"


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
    changes = "; ".join(f"{_short_key(key)} {_value(value)}" for key, value in spec.settings.items())
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


def _switch(without: Any, with_: Any) -> str:
    return f"{_value(without)} -> {_value(with_)}"


def _value(value: Any) -> str:
    """A value in words; of a long one the names in it.

    >>> _value(None), _value([]), _value({"low": 1}), _value(0.5)
    ('none', 'none', '{low: 1}', '0.5')
    >>> _value([{"channel": "online_orders", "excludes": ["priority", "infant", "chronic"]}])
    '[online_orders]'
    """
    if value is None or value in ([], {}):
        return "none"
    if isinstance(value, int | float | str):
        return f"{value}"
    text = json.dumps(value).replace('"', "").replace(".0,", ",").replace(".0}", "}")
    if len(text) <= LONGEST:
        return text
    named = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    names = [str(item.get("channel") or item.get("tier") or item.get("name")) for item in named] or list(value)
    if len(names) > FEW:
        return f"{len(names)} entries"
    return ("[{}]" if isinstance(value, list) else "{{{}}}").format(", ".join(names))


def difference(found: Estimate) -> str:
    """Mean and interval, all with as many digits as the width of the interval allows.

    >>> difference(Estimate(-46.512, -47.131, -45.9, 10, "h"))
    '-46.51 [-47.13, -45.90]'
    >>> difference(Estimate(24.0, 24.0, 24.0, 10, "h"))
    '+24, exact'
    """
    if found.mean is None or found.ci_low is None or found.ci_high is None:
        return "none"
    width = found.ci_high - found.ci_low
    if found.n > 1 and width == 0:
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
