"""Operations as plans that the simulator runs: the people, the hours, and more work than they can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import simsupply as ss
from simsupply.config.yaml_files import read_world_file
from validation.operations.published import FOLDER, Kind, Operation
from validation.operations.rates import arithmetic, foretold, minutes_of, ramp_of

PACE = "calibrated"
"""Kind of worker in the plans of ``validation/operations``."""


@dataclass(frozen=True)
class Outcome:
    """An operation, and what came out of its plan.

    Attributes
    ----------
    operation : Operation
    minutes : float
        Person-minutes for a unit that the plan was run with.
    simulated, by_arithmetic : float
        Units, as many as the operation's own people do; without the simulator, people x hours x rate.
    is_foretold : bool
        Whether the minutes come from other operations; else from this one alone, whose quantity is only given back.
    """

    operation: Operation
    minutes: float
    simulated: float
    by_arithmetic: float
    is_foretold: bool

    @property
    def is_hit(self) -> bool:
        """Whether it was foretold, and within the tolerance."""
        return self.is_foretold and self.operation.is_hit(self.simulated)


def strategy_of(kind: Kind) -> str:
    """Name of the strategy that does this kind of work."""
    return "load_kg" if kind.unit == "kg" else "deliver" if kind.work.startswith("deliver") else kind.work


def plan_of(operation: Operation, minutes: float | None = None) -> dict[str, Any]:
    """The plan of an operation as plain data, at so many minutes a unit (without: those of its file)."""
    plan = read_world_file(FOLDER / f"{operation.id}.yaml")
    if minutes is not None:
        pace: dict[str, Any] = {"kg" if operation.kind.unit == "kg" else "order": minutes}
        if ramp := ramp_of(operation.kind):
            pace["ramp"] = dict(ramp)
        plan["staffing"]["paces"][PACE] = pace
    return plan


def simulated(operation: Operation, minutes: float, replications: int = 10, seed: int = 1) -> float:
    """Units that come out of the operation's plan, mean over replications, times its scale.

    Raises
    ------
    RuntimeError
        If the plan runs out of work.
    """
    plan = plan_of(operation, minutes)
    strategy = ss.load_strategy(FOLDER / "strategies" / f"{strategy_of(operation.kind)}.yaml")
    values = ss.simulate(ss.load_scenario(plan), strategy, replications=replications, seed=seed, splits=False).values
    if (values["orders_delivered"] >= values["orders_attempted"]).any():
        raise RuntimeError(
            f"{operation.id}: no work is left in the plan at {minutes:g} min each; give it more households"
        )
    units_each = plan["demand"]["need_kg_per_household_week"] / 7 if operation.kind.unit == "kg" else 1.0
    return float(values["orders_delivered"].mean()) * units_each * operation.scale


def outcomes(operations: Sequence[Operation], replications: int = 10) -> list[Outcome]:
    """Every operation run at what the others of its kind say, or, where there are none, at what it says itself."""
    others = foretold(operations)
    found = []
    for operation in operations:
        by_others = others[operation.id]
        minutes = minutes_of(operation) if by_others is None else by_others
        found.append(
            Outcome(
                operation,
                minutes,
                simulated(operation, minutes, replications),
                arithmetic(operation, minutes),
                by_others is not None,
            )
        )
    return found
