"""Rates by kind of work, worker and unit, and each operation foretold by the others of its kind.

The parameter of a kind is the minutes that one of its workers takes for a unit, the slow first hours of a new line
apart: the geometric mean over its operations, for what is reported is off by factors. A kind with one operation is a
*calibration*: nothing is foretold of that operation.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from simsupply.config.published_paces import published_paces
from validation.operations.published import Kind, Operation

LINES_THAT_BEGIN = ("pack_set", "pack_bag")
"""Kinds of work that volunteers and drafted people begin slowly, as a line of their own."""


@dataclass(frozen=True)
class Rate:
    """Parameter of a kind.

    Attributes
    ----------
    kind : Kind
    minutes : float
        Person-minutes for a unit, once a line has found its pace.
    low, high : float
        Least and most of its operations.
    read_by : tuple of str
        Operations from which it comes.
    """

    kind: Kind
    minutes: float
    low: float
    high: float
    read_by: tuple[str, ...]

    @property
    def is_calibration(self) -> bool:
        """Whether it comes from one operation, of which it therefore foretells nothing."""
        return len(self.read_by) == 1


def ramp_of(kind: Kind) -> Mapping[str, float] | None:
    """The slow first hours of a new line of people who do not do this daily: `start` and `hours`, or none."""
    if kind.work in LINES_THAT_BEGIN and kind.worker != "paid":
        ramp: Mapping[str, float] = published_paces()["volunteer_packer"]["ramp"]
        return ramp
    return None


def mean_speed(ramp: Mapping[str, float] | None, hours: float) -> float:
    """Mean over the first hours of a line of its speed, 1 being the later one.

    The speed goes from `start` to 1 on a straight line.

    Examples
    --------
    >>> mean_speed({"start": 0.5, "hours": 2}, 4)  # 2 h at 0.75 and 2 h at 1
    0.875
    >>> mean_speed({"start": 0.5, "hours": 2}, 1)  # from 0.5 to 0.75
    0.625
    """
    if ramp is None:
        return 1.0
    slow = min(hours, ramp["hours"])
    at_its_end = ramp["start"] + (1 - ramp["start"]) * slow / ramp["hours"]
    return (slow * (ramp["start"] + at_its_end) / 2 + (hours - slow)) / hours


def hours_on_duty(operation: Operation) -> float:
    """Hours over which its plan spreads the work: those told; 10 for a rate by the day."""
    return HOURS_OF_A_DAY if operation.is_by_day else operation.hours


HOURS_OF_A_DAY = 10.0


def minutes_of(operation: Operation) -> float:
    """Person-minutes for a unit that explain what this operation reported."""
    on_duty = hours_on_duty(operation)
    return operation.people * on_duty * 60 * mean_speed(ramp_of(operation.kind), on_duty) / operation.quantity


def arithmetic(operation: Operation, minutes: float) -> float:
    """Units that come out at so many minutes each: people x minutes on duty x mean speed / minutes."""
    return operation.quantity * minutes_of(operation) / minutes


def rates_of(operations: Sequence[Operation]) -> list[Rate]:
    """The parameter of each kind, in the order in which kinds first appear."""
    return [
        Rate(kind, _mean(found), min(found), max(found), tuple(operation.id for operation in others))
        for kind, others in _grouped(operations, lambda operation: operation.kind).items()
        if (found := [minutes_of(operation) for operation in others])
    ]


def foretold(
    operations: Sequence[Operation], key: Callable[[Operation], Hashable] = lambda operation: operation.kind
) -> dict[str, float | None]:
    """Minutes for a unit of each operation by the others that have the same `key`; None where there are none."""
    found: dict[str, float | None] = {}
    for operation in operations:
        others = [minutes_of(other) for other in operations if other != operation and key(other) == key(operation)]
        found[operation.id] = _mean(others) if others else None
    return found


def _mean(values: Sequence[float]) -> float:
    return exp(sum(map(log, values)) / len(values))


def _grouped(operations: Sequence[Operation], key: Callable[[Operation], Kind]) -> dict[Kind, list[Operation]]:
    groups: dict[Kind, list[Operation]] = {}
    for operation in operations:
        groups.setdefault(key(operation), []).append(operation)
    return groups


def _by_worker_as_told(operation: Operation) -> Hashable:
    return _by_day_or_hour(operation), operation.worker_as_told, operation.unit_as_told


def _by_day_or_hour(operation: Operation) -> str:
    """Work in the words of the table that was copied, which has one word for all riders and for all packs."""
    return operation.kind.work.partition("_")[0]


def _mixed_apart(operation: Operation) -> Hashable:
    return operation.kind._replace(worker="mixed") if "mixed" in operation.worker_as_told else operation.kind


def _doors_alike(operation: Operation) -> Hashable:
    return operation.kind._replace(worker="") if operation.kind.work == "carry_door" else operation.kind


def _unpaid_alike(operation: Operation) -> Hashable:
    work, worker, _ = operation.kind
    if work == "pack_set" and worker != "paid":
        return work, "unpaid"
    return _doors_alike(operation)


def _workers_alike(operation: Operation) -> Hashable:
    work, _, unit = operation.kind
    return work, "pack" if unit == "box" and work == "pack_set" else unit


GROUPINGS: dict[str, Callable[[Operation], Hashable]] = {
    "by kind of work, worker and unit, as in the table above": lambda operation: operation.kind,
    "in the very words of the reports (a cadre volunteer is no volunteer, all riders are alike)": _by_worker_as_told,
    "the mixed line (P10) apart from paid people": _mixed_apart,
    "doors by whoever goes there": _doors_alike,
    "the same, and soldiers pack as volunteers do": _unpaid_alike,
    "one rate for everybody who does the same work": _workers_alike,
}
"""Other ways of saying which operations are alike; the count is printed for each."""
