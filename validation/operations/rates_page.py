"""``docs/rates.md``: the rates that plans read, what the first minutes have wrong, what each number should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from simsupply.config.published_paces import PATH, published_paces
from simsupply.config.yaml_files import config_dir
from validation.operations.minutes import Number, Rule, rule_for
from validation.operations.published import Operation
from validation.operations.rates import mean_speed

_HEAD = """\
# Rates of workers, and the minutes of steps

Written by `make operations`. Where they come from: 20 published operations, each [foretold by the others of its
kind](validation.md#do-the-rates-foretell-published-operations); P01, I03, D04, ... are their names there. Marks as
everywhere: **P** published, **S** a plan, **A** assumption, in brackets the range. Nothing on this page changes a
built-in plan: it says what they should take their minutes from.

## Kinds of workers: one place

`configs/paces/published.yaml` is the one table. A crew, or those who join it, names a kind, and nothing else is
needed:

```yaml
staffing:
  crews:
    site_workers:
      people: volunteer
      pace: volunteer_packer     # P01 P03, configs/paces/published.yaml
```

What a plan says in `staffing.paces` goes over the table, key by key: `staffing.paces.volunteer_packer.line=2.5`,
`staffing.paces.volunteer_packer.ramp=null`. Kinds that nobody names are not in the plan. The minutes of steps are
those of people who do the work daily; a kind says how many times as long it takes.

| kind | key | times as long | mark |
|---|---|--:|---|
"""

_WRONG = """
No kind is needed at doors: published paid people are there no faster than volunteers. A `ramp` makes the slow first
hours of a line. Steps whose crew has one, or two paces, are simulated by events ([model](model.md)), which takes
longer in a large city; `ramp: null` leaves the first hours out. Paces are for stages: loading and unloading by a leg
take the leg's own minutes, whoever does it.

## What the first minutes of the built-in channels have wrong

1. **One rate for everybody.** Picking is 1 min an order and 1 a line for paid people and volunteers alike:
   {now_basket:.1f} min for a basket of 8 lines (A; reports do not tell lines), {now_hourly:.1f} an hour. Published paid
   pickers do {pick_low:.0f} to {pick_high:.0f}: {times:.1f} times as many. So losing four of five paid people costs
   three times what those minutes say. Volunteers who pack sets do 36 to 69 lines an hour, as that rate says.
2. **Sorting by household** (4.8 min) took D03 for a walk-up; its building has lifts. D03 takes {d03:.1f} min an
   order: less 1.5 of walking and 1.0 at the door that would be {sort_fast_door:.1f}. But doors of 1.0 are wrong too
   (3); with 3.5 at the door it is {sort_slow_door:.1f}, here 3.0.
3. **Doors** of 1 min with a lift and 2 without let a team of crates do {crate_no_lift:.0f} to {crate_lift:.0f} an
   hour. Published are 6.1 to 10 at doors (D03, D04, D09); 18.8 (D06) is the foot of a building, for which those
   numbers are right.
4. **Loading and unloading by hand** of 0.15 min by two people is 200 boxes a person-hour; a warehouse's norm is
   120, volunteers in suits do 36 (U01).
5. **A crate's advantage** in packing, of 5 lines over a basket of 12, is {now_gain:.2f} by the first minutes and
   {gain:.2f} by these. It hangs on how order and line share a picker's time, which no operation tells apart: 1.8
   with 0.75 and 0.2.

## Minutes of steps: what each number should become

*hands out*: packs that are all alike (allotted), sets of a few kinds, baskets with a name on each. *Now*: value, its
mark, and how many numbers of the built-in channels and types of vehicles have it. *Becomes* is done where both are the
same. Numbers without an operation stay assumptions; what a plan itself says (S) stays.

| steps | of | hands out | now | becomes | mark | why |
|---|---|---|---|--:|---|---|
"""

_CHECK = """
**The same against the operations**, by arithmetic, where the report says enough of lines, lifts or what was done.
These minutes are shared by all of them; no operation has its own.

| | how it is made up | min each | an hour | published | ratio | |
|---|---|--:|--:|--:|--:|---|
"""

_CHANNELS = """
D04 carried packs, whose doors come out too fast; with sorting, as of baskets, it would be {d04_sorted:.2f}. Its
volunteers are not counted in the report, and doors are given +-30 %. P08 and P12 tell what came out of a day
without its hours: published paid packing lines take {fewest:.1f} to {most:.0f} times as long as a picker who packs.
A plan that packs at such lines should look at the upper end of A [0.2, 1.1] a line too.

## For whoever rebuilds a plan

- `python -m validation.operations --rewrite` puts the minutes of `validation/operations/minutes.csv`, with their
  marks, into all channels and types of vehicles at once; the results of built-in plans change with it. Or change the
  numbers of a channel by the list below.
- Name a kind for crews of volunteers or drafted people who pick, pack or unload. Doors need none.
- Sums in comments of `configs/staffing` and `configs/fleet` are of the first minutes and have to be worked out again.
- What a plan itself says (S) stays, also when minutes are put in. Where a plan names who does it, take the kind it
  names.
- A step of another name needs a row of `minutes.csv`: its name, part (`effort`, `load`, `unload`, `rounds`,
  `handling` or nothing), key, and minutes, or none where a number stays as it is.
- `make operations` writes this page anew.

## Every number, channel by channel

Minutes, without `per_` and `_min`. A number alone stays as it is.
"""


@dataclass(frozen=True)
class Check:
    """An operation against the proposed minutes: how it is made up, and person-minutes for a unit."""

    operation: Operation
    made_up: str
    minutes: float

    @property
    def ratio(self) -> float:
        """What these minutes give, divided by what was published."""
        return 60 / self.minutes / self.operation.rate


def checks(operations: Sequence[Operation], rules: Sequence[Rule]) -> list[Check]:
    """Operations whose reports say enough to make them up of steps."""
    by_id = {operation.id: operation for operation in operations}

    def minutes(step: str, part: str, key: str, hands_out: str = "baskets", today: float = 0.0) -> float:
        rule = rule_for(Number("", step, part, f"{key}_min", hands_out, today, ""), rules)
        assert rule is not None
        return today if rule.minutes is None else rule.minutes

    order, line = minutes("pick", "effort", "per_order"), minutes("pick", "effort", "per_line")
    packer, loader = published_paces()["volunteer_packer"], published_paces()["volunteer_loader"]
    by_volunteers = line * packer["line"]
    sort, walk = minutes("door", "effort", "per_order"), 6 / 4
    lift, stairs = minutes("door", "rounds", "door_with_lift"), minutes("door", "rounds", "door_without_lift")
    made_up = [
        *(
            (
                name,
                f"volunteers, {lines} lines, the first hours of {hours:g} slow",
                (order + lines * by_volunteers) / mean_speed(packer["ramp"], hours),
            )
            for name, lines, hours in (("P01", 5, 4.0), ("P03", 10, 6.0))
        ),
        ("P08", "paid, 6 lines", order + 6 * line),
        ("P10", "paid, 5 lines (A)", order + 5 * line),
        ("P12", "paid, 5 lines (A)", order + 5 * line),
        ("I03", "paid, 8 lines (A)", order + 8 * line),
        ("I04", "paid, 8 lines (A)", order + 8 * line),
        ("U01", "a box by one volunteer in a suit", 60 / 120 * loader["parcel"]),
        ("D03", "sort, walk, door with lift", sort + walk + lift),
        ("D04", "tick off, walk, door, half with lift", 0.25 + walk + (lift + stairs) / 2),
        ("D09", "sort, walk, door, half with lift (A)", sort + walk + (lift + stairs) / 2),
        ("D06", "tick off, walk, 1.0 at the foot of the building", 0.25 + walk + 1.0),
    ]
    return [Check(by_id[name], text, each) for name, text, each in made_up]


def rates_page(operations: Sequence[Operation], numbers: Sequence[Number], rules: Sequence[Rule]) -> str:
    """Markdown of the page."""
    by_id = {operation.id: operation for operation in operations}
    found = checks(operations, rules)
    made = {check.operation.id: check for check in found}
    d03, pick = 60 / by_id["D03"].rate, [by_id[name].rate for name in ("I03", "I04")]
    wrong = _WRONG.format(
        now_basket=9.0,
        now_hourly=60 / 9,
        pick_low=min(pick),
        pick_high=max(pick),
        times=(pick[0] * pick[1]) ** 0.5 / (60 / 9),
        d03=d03,
        sort_fast_door=d03 - 1.5 - 1.0,
        sort_slow_door=d03 - 1.5 - 3.5,
        crate_no_lift=60 / (0.25 + 1.5 + 2.0),
        crate_lift=60 / (0.25 + 1.5 + 1.0),
        now_gain=13 / 6,
        gain=(0.5 + 12 * 0.3) / (0.5 + 5 * 0.3),
    )
    d04 = by_id["D04"]
    channels = _CHANNELS.format(
        d04_sorted=60 / (made["D04"].minutes - 0.25 + 3.0) / d04.rate,
        fewest=made["P10"].ratio,
        most=made["P12"].ratio,
    )
    return (
        _HEAD
        + "".join(_pace_rows(published_paces()))
        + wrong
        + "".join(_rule_rows(numbers, rules))
        + _CHECK
        + "".join(map(_check_row, found))
        + channels
        + "".join(_by_channel(numbers, rules))
    )


def _pace_rows(table: Mapping[str, Any]) -> Iterator[str]:
    comments = _comments()
    for kind, row in table.items():
        for key, value in row.items():
            below = {f"{key}.{name}": part for name, part in value.items()} if isinstance(value, dict) else {key: value}
            for name, number in below.items():
                unit = " h" if name.endswith("hours") else ""
                yield f"| `{kind}` | `{name}` | {number:g}{unit} | {comments[kind, name]} |\n"


def _comments() -> dict[tuple[str, str], str]:
    """Marks of the table by kind and key."""
    found, above = {}, ["", "", ""]
    for text in (config_dir() / f"{PATH}.yaml").read_text(encoding="utf-8").splitlines():
        body, _, comment = text.partition("#")
        if not body.strip():
            continue
        depth = (len(body) - len(body.lstrip())) // 2
        above[depth:] = [body.strip().partition(":")[0], "", ""][: 3 - depth]
        found[above[0], ".".join(filter(None, above[1 : depth + 1]))] = " ".join(comment.split())
    return found


def _rule_rows(numbers: Sequence[Number], rules: Sequence[Rule]) -> Iterator[str]:
    for rule in rules:
        held = [number for number in numbers if rule_for(number, rules) is rule]
        if not held:
            continue
        today = ", ".join(
            f"{minutes:g} ({mark} x{num})"
            for (minutes, mark), num in Counter((number.minutes, number.mark) for number in held).items()
        )
        where = "any" if rule.steps == ("*",) else " ".join(f"`{name}`" for name in rule.steps)
        only = f" of {', '.join(f'`{name}`' for name in rule.channels)}" if rule.channels else ""
        becomes = "as it is" if rule.minutes is None else f"**{rule.minutes:g}**"
        mark = "as it is" if rule.mark == "*" else rule.mark
        yield (
            f"| {where}{only} | {rule.part} `{_short(rule.key)}` | {rule.hands_out} | {today} | {becomes} | {mark} "
            f"| {rule.why} |\n"
        )


def _check_row(check: Check) -> str:
    told = check.operation
    verdict = "within" if told.is_hit(told.quantity * check.ratio) else "**outside**"
    return (
        f"| {told.id} | {check.made_up} | {check.minutes:.2f} | {60 / check.minutes:.1f} | {told.rate:.1f} "
        f"| {check.ratio:.2f} | {verdict} {told.grade} |\n"
    )


def _by_channel(numbers: Sequence[Number], rules: Sequence[Rule]) -> Iterator[str]:
    for file, inside in groupby(numbers, key=lambda number: number.file):
        yield f"\n**{file}**\n\n"
        for (step, part), same in groupby(inside, key=lambda number: (number.step, number.part)):
            told = "; ".join(_change(number, rule_for(number, rules)) for number in same)
            yield f"- `{step}`{f' {part}' if part else ''}: {told}\n"


def _change(number: Number, rule: Rule | None) -> str:
    if rule is None:
        return f"{_short(number.key)} {number.minutes:g} {number.mark} (no row of minutes.csv)"
    mark = number.mark if rule.mark == "*" or number.mark == "S" else rule.mark
    if number.mark == "S" or rule.minutes is None or rule.minutes == number.minutes:
        new = "" if mark.startswith(number.mark) else f" (marked {number.mark} now)"
        return f"{_short(number.key)} {number.minutes:g} {mark}{new}"
    return f"{_short(number.key)} {number.minutes:g} -> **{rule.minutes:g}** {mark}"


def _short(key: str) -> str:
    return key.removeprefix("per_").removesuffix("_min").replace("*", "any")
