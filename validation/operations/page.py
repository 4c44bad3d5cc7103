"""The section of ``docs/validation.md`` about published operations."""

from __future__ import annotations

from collections.abc import Sequence

from validation.operations.plans import Outcome
from validation.operations.published import Operation
from validation.operations.rates import GROUPINGS, arithmetic, foretold, mean_speed, minutes_of, ramp_of, rates_of

HEADING = "## Do the rates foretell published operations?"
FIGURE = "operations"

_HEAD = """\
{heading}

Written by `make operations` (`make validation` writes it too). {num} operations of which people, hours and what came
out were reported ([the facts](../validation/operations/published.csv)) are plans that the simulator runs: so many
people, so many hours, more work than they can do. One of them alone:

```
simsupply run scenario=validation/operations/P01.yaml strategy=validation/operations/strategies/pack_set.yaml
```

The only parameter is the minutes that one person of a kind (of work, worker and unit) takes for a unit: the geometric
mean over the *other* operations of that kind. Volunteers and drafted people begin a line at half speed and find their
pace in two hours (`configs/paces/published.yaml`). Nothing is fitted to a single operation. Where a kind has one
operation only (**calibration**) nothing is foretold of it: its own rate is given back, which shows what the simulator
adds to arithmetic (people x hours x rate) by rounding, slow first hours and work still in hand at the end.

**{hits} of {possible} operations that others can foretell are within their tolerance** (A, where the report
says people, hours and quantity: +-50 %; B, where one of them had to be taken: a factor 2); the other {alone} of the
{num} are calibration, so that {hits} of {num} are foretold rightly.

![Predicted against published units a person-hour, axes logarithmic, with bands of the tolerances](images/{figure}.png)

| | kind of work, worker, unit | people x hours | published | predicted | by arithmetic | ratio | tolerance | |
|---|---|--:|--:|--:|--:|--:|---|---|
"""

_GROUPED = """
What counts as alike matters; the same count for other ways of saying it:

| alike are operations | within tolerance |
|---|---|
"""

_KINDS = """
**Where operations disagree.** Person-minutes for a unit, once a line has found its pace. Rates of kinds with one
operation hang on that one report.

| kind of work, worker, unit | minutes | range | units an hour | from |
|---|--:|---|---|---|
"""

_NOTES = """
What this says, and does not:

- Tolerances are wide and kinds small. **One rate for everybody foretells {alike_hits} of {alike_num}**: packing
  sets does not show that paid people are faster. Paid packing lines differ by a factor of {paid_factor:.0f} among
  themselves (P08 does not tell its shifts, P10 neither its shift nor the items of a pack, P12 not its hours), so
  that only P08, which lies between the others, is foretold. What sets paid people apart is picking (I03, I04):
  {pick:.0f} lockdown baskets an hour.
- Who counts as what: the mixed line (P10) and community staff (D04) as paid, cadre volunteers (D03) and a volunteer
  courier (D06) as volunteers, soldiers (P15) as drafted; at a door an order, a pack and a household are each a
  door. Rates by the day (R01, R02, R04) are spread over 10 h.
- Packs are foretold by the pack, not by the line: P01 and P03 pack {p01:.1f} and {p03:.1f} an hour, of 5 and of 10
  lines. By the line (36 and 69 an hour) P01 would be foretold with {by_line_p01:+.0%} and P03 with
  {by_line_p03:+.0%}.
- Riders are no constant but two kinds of work: 100 to 110 orders a day largely in bulk to gates, 14 a day singly in
  restricted wards. As one kind they foretell none of the three.
- At doors paid community staff (D04, with packs) are no faster than volunteers (D03 with lifts, D09): lifts and
  floors differ more than workers do.
- A box of U01 and a kg of U02 are not brought together: at the boxes' rate a box would weigh {box_kg:.1f} kg. The
  net hours of U02 are not told.
- I03: 350 orders in 18 h are {i03:.1f} an hour; the table that was copied says 17.1 (15 to 20), for the hours of
  the day are not told.
- News favours feats, and every report is of a site that worked.
"""


def section(outcomes: Sequence[Outcome]) -> str:
    """Markdown of the section, from its heading on."""
    operations = [outcome.operation for outcome in outcomes]
    possible = [outcome for outcome in outcomes if outcome.is_foretold]
    hits = sum(outcome.is_hit for outcome in possible)
    head = _HEAD.format(
        heading=HEADING,
        num=len(outcomes),
        hits=hits,
        possible=len(possible),
        alone=len(outcomes) - len(possible),
        figure=FIGURE,
    )
    rows = "".join(_row(outcome) for outcome in outcomes)
    counts = "".join(f"| {name} | {hits} of {num} |\n" for name, (hits, num) in counted(operations).items())
    return head + rows + _GROUPED + counts + _KINDS + _kinds(operations) + _notes(operations)


def counted(operations: Sequence[Operation]) -> dict[str, tuple[int, int]]:
    """For each way of grouping: how many operations are foretold within tolerance, of how many; by arithmetic."""
    found = {}
    for name, key in GROUPINGS.items():
        minutes = foretold(operations, key)
        told = [
            operation.is_hit(arithmetic(operation, by_others))
            for operation in operations
            if (by_others := minutes[operation.id]) is not None
        ]
        found[name] = sum(told), len(told)
    return found


def _row(outcome: Outcome) -> str:
    told = outcome.operation
    hours = "a day" if told.is_by_day else f"{told.hours:g} h"
    tolerance = {"A": "A +-50 %", "B": "B factor 2"}[told.grade]
    verdict = ("within" if outcome.is_hit else "**missed**") if outcome.is_foretold else "calibration"
    return (
        f"| {told.id} | {_kind(told)} | {told.people:,} x {hours} | {told.quantity:,.0f} | {outcome.simulated:,.0f} "
        f"| {outcome.by_arithmetic:,.0f} | {outcome.simulated / told.quantity:.2f} | {tolerance} | {verdict} |\n"
    )


def _kind(operation: Operation) -> str:
    return in_words(*operation.kind)


def in_words(work: str, worker: str, unit: str) -> str:
    """A kind as a reader is told it."""
    return f"{work.replace('_', ' ')}, {worker}, {unit}"


def _kinds(operations: Sequence[Operation]) -> str:
    rows = ""
    for rate in rates_of(operations):
        several = not rate.is_calibration
        span = f"{rate.low:.3g} to {rate.high:.3g}, x{rate.high / rate.low:.1f}" if several else ""
        hourly = f"{60 / rate.minutes:.3g}" + (f" ({60 / rate.high:.3g} to {60 / rate.low:.3g})" if several else "")
        read_by = ", ".join(rate.read_by) + ("" if several else ": calibration")
        rows += f"| {in_words(*rate.kind)} | {rate.minutes:.3g} | {span} | {hourly} | {read_by} |\n"
    return rows


def _notes(operations: Sequence[Operation]) -> str:
    by_id = {operation.id: operation for operation in operations}
    p01, p03 = by_id["P01"], by_id["P03"]
    ramp = ramp_of(p01.kind)
    assert ramp
    # Later speed in lines; each foretold by the other's.
    lines = {o.id: o.rate * (o.lines or 0) / mean_speed(ramp, o.hours) for o in (p01, p03)}
    alike_hits, alike_num = list(counted(operations).values())[-1]
    return _NOTES.format(
        alike_hits=alike_hits,
        alike_num=alike_num,
        paid_factor=next(rate.high / rate.low for rate in rates_of(operations) if "P10" in rate.read_by),
        pick=60 / next(rate.minutes for rate in rates_of(operations) if rate.kind.work == "pick_order"),
        p01=p01.rate,
        p03=p03.rate,
        by_line_p01=lines["P03"] / lines["P01"] - 1,
        by_line_p03=lines["P01"] / lines["P03"] - 1,
        box_kg=minutes_of(by_id["U01"]) / minutes_of(by_id["U02"]),
        i03=by_id["I03"].rate,
    )


def with_section(page: str, text: str) -> str:
    """A page with this section in place of the one it has, or at its end."""
    before, found, after = page.partition(HEADING)
    rest = after.partition("\n## ")
    following = f"\n{rest[1].lstrip()}{rest[2]}" if found and rest[1] else ""
    return f"{before.rstrip()}\n\n{text}{following}"
