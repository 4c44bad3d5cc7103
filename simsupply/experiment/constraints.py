"""Everything that may hold a plan back, and of which there can be one more: people, vehicles, docks, room, hours, caps.

One more is as many again up to four, and a quarter more where there are many (`one_more_of`): one of four hundred gains
nothing that shows, and at an attendance of a fifth one more of two comes one day in five. A change never takes anything
away, and whatever is drawn stays as it was: places and households are the same, and those who were there draw the same
numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.experiment.relaxing import (
    with_acceptance,
    with_channel,
    with_gate,
    with_more_docks,
    with_more_goods,
    with_more_room,
)
from simsupply.scenario.place_kinds import PLACE_KINDS
from simsupply.scenario.world import Scenario
from simsupply.strategy.assistance import as_staffed
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.crew_steps import crews_of
from simsupply.strategy.release import Acceptance, VisitRelease
from simsupply.strategy.routes import all_routes
from simsupply.strategy.steps.leg import Leg

ConstraintKind = Literal[
    "crew",
    "fleet",
    "docks",
    "unload_docks",
    "floor",
    "opening_hours",
    "slots",
    "shop_hours",
    "orders_per_day",
    "promise_days",
    "source",
    "stock",
    "reserve",
]
SHARE_MORE, AS_MANY_AGAIN = 0.25, 4
HOUR = 60.0


class Plan(NamedTuple):
    """A scenario under a strategy."""

    scenario: Scenario
    strategy: StrategySpec


@dataclass(frozen=True)
class Constraint:
    """One thing of which a plan has only so much.

    Attributes
    ----------
    kind : str
    name : str
        Of the crew, fleet, kind of place, step, channel, source, group of goods or reserve.
    steps : tuple of str
        Steps at which it is needed, in process order.
    before, after : float or None
        How much there is at each place, and with one more: people per shift, vehicles, docks, hours open, households
        in a slot, orders a day, days; None: it is not the same everywhere.
    added : float
        How much more that is in all, in the same unit; of room, stock and sources the share, 0.25.
    relax : callable
        From a plan to the same with one more.
    """

    kind: ConstraintKind
    name: str
    steps: tuple[str, ...]
    before: float | None
    after: float | None
    added: float
    relax: Callable[[Plan], Plan]

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others of the plan."""
        return self.kind, self.name


def one_more_of(number: float) -> int:
    """How many more of a number: as many again up to four, or a quarter if that is more; at least one.

    Examples
    --------
    >>> [one_more_of(number) for number in (0, 1, 2, 4, 8, 17, 400)]
    [1, 1, 2, 4, 4, 5, 100]
    """
    return max(1, min(math.ceil(number), AS_MANY_AGAIN), math.ceil(SHARE_MORE * number))


def constraints_of(scenario: Scenario, strategy: StrategySpec) -> list[Constraint]:
    """Everything that a strategy meets and of which there is only so much, in the order of `ConstraintKind`."""
    strategy = as_staffed(strategy, scenario.spec)
    return [
        *_groups(scenario, strategy),
        *_docks(scenario, strategy),
        *_floors(scenario, strategy),
        *_hours(strategy),
        *_caps(scenario, strategy),
        *_goods(scenario),
    ]


def relaxed(plan: Plan, constraints: Iterable[Constraint]) -> Plan:
    """The plan with one more of each of these."""
    for constraint in constraints:
        plan = constraint.relax(plan)
    return plan


def _groups(scenario: Scenario, strategy: StrategySpec) -> Iterator[Constraint]:
    """Crews and fleets."""
    from simsupply.model.staff.rosters import groups_at_work
    from simsupply.model.staff.staffing_levels import plan_of

    works_at = _steps_of(scenario, strategy)
    for (kind, name), group in groups_at_work(scenario, strategy).items():
        plan = plan_of(scenario, name, group)
        there = plan.most
        more = one_more_of(float(there.mean()) if len(there) else 0.0)
        yield _of_scenario(
            kind,
            name,
            works_at.get((kind, name), ()),
            _same_everywhere(there),
            more,
            partial(Scenario.with_more, kind=kind, name=name, more=more),
            times=plan.num_teams,
        )


def _docks(scenario: Scenario, strategy: StrategySpec) -> Iterator[Constraint]:
    """Docks where vehicles load, and where they unload; who is fetched from finds one whenever it comes."""
    legs = _legs(scenario, strategy)
    places = scenario.places
    for kind in PLACE_KINDS:
        loads = [leg.name for leg in legs if leg.origin == kind and not leg.fetch]
        unloads = [leg.name for leg in legs if leg.to == kind]
        there: tuple[tuple[Literal["docks", "unload_docks"], list[str], NDArray[Any]], ...] = (
            ("docks", loads, places.docks.get(kind, np.zeros(0))),
            ("unload_docks", unloads, places.unload_docks.get(kind, np.zeros(0))),
        )
        for key, steps, docks in there:
            limited = docks[np.isfinite(docks)]
            if steps and len(limited):
                more = one_more_of(float(limited.mean()))
                change = partial(with_more_docks, kind=kind, key=key, more=more)
                yield _of_scenario(key, kind, steps, _same_everywhere(docks), more, change, times=len(limited))


def _floors(scenario: Scenario, strategy: StrategySpec) -> Iterator[Constraint]:
    """Room where vehicles unload."""
    for kind, room in scenario.places.floor.items():
        steps = [leg.name for leg in _legs(scenario, strategy) if leg.to == kind]
        if steps and np.isfinite(room).any():
            change = partial(with_more_room, kind=kind, times=1 + SHARE_MORE)
            yield _of_scenario("floor", kind, steps, None, SHARE_MORE, change)


def _hours(strategy: StrategySpec) -> Iterator[Constraint]:
    """Opening hours of gates and shops, and households in each slot of a gate."""
    gates = {step.gate.name: step.gate for channel in strategy.channels.values() for step in channel.steps if step.gate}
    for name, gate in gates.items():
        if hours := _one_hour_more(gate.opens, gate.closes):
            change = partial(with_gate, name=name, update=hours)
            yield _of_strategy("opening_hours", name, (name,), (gate.closes - gate.opens) / HOUR, 1, change)
        if gate.slots:
            more = one_more_of(gate.slots.households)
            slots = gate.slots.model_copy(update={"households": gate.slots.households + more})
            change = partial(with_gate, name=name, update={"slots": slots})
            yield _of_strategy("slots", name, (name,), gate.slots.households, more, change)
    for name, channel in strategy.channels.items():
        release = channel.release
        if isinstance(release, VisitRelease) and (hours := _one_hour_more(release.opens, release.closes)):
            change = partial(with_channel, name=name, update={"release": release.model_copy(update=hours)})
            yield _of_strategy("shop_hours", name, (), (release.closes - release.opens) / HOUR, 1, change)


def _one_hour_more(opens: float, closes: float) -> dict[str, float] | None:
    """Open an hour longer in the evening, or where that is past midnight in the morning; None: always open."""
    if closes + HOUR <= MINUTES_PER_DAY:
        return {"closes": closes + HOUR}
    return {"opens": opens - HOUR} if opens >= HOUR else None


def _caps(scenario: Scenario, strategy: StrategySpec) -> Iterator[Constraint]:
    """Limits of orders a day and promised days; where lists are agreed on beforehand all orders are taken on."""
    if scenario.spec.demand.kind == "cycle":
        return
    for name, channel in strategy.channels.items():
        limits = channel.acceptance
        if limits is not None and limits.orders_per_day is not None:
            yield _of_acceptance("orders_per_day", name, limits, one_more_of(limits.orders_per_day))
        if limits is not None and limits.promise_days is not None:
            yield _of_acceptance("promise_days", name, limits, SHARE_MORE * limits.promise_days)


def _of_acceptance(
    kind: Literal["orders_per_day", "promise_days"], name: str, limits: Acceptance, more: float
) -> Constraint:
    change = partial(with_acceptance, name=name, key=kind, more=more)
    return _of_strategy(kind, name, (), getattr(limits, kind), more, change)


def _goods(scenario: Scenario) -> Iterator[Constraint]:
    """Daily limits of sources, what stocks are filled up to, and what reserves hold."""
    supply = scenario.spec.supply
    if supply is None:
        return
    limited = [name for name, source in supply.sources.items() if source.daily_kg]
    there: tuple[tuple[ConstraintKind, Literal["sources", "stock", "reserves"], list[str]], ...] = (
        ("source", "sources", limited),
        ("stock", "stock", list(supply.stock)),
        ("reserve", "reserves", list(supply.reserves)),
    )
    for kind, section, names in there:
        for name in names:
            change = partial(with_more_goods, section=section, name=name, times=1 + SHARE_MORE)
            yield _of_scenario(kind, name, (), None, SHARE_MORE, change)


def _of_scenario(
    kind: ConstraintKind,
    name: str,
    steps: Iterable[str],
    before: float | None,
    more: float,
    change: Callable[[Scenario], Scenario],
    times: int = 1,
) -> Constraint:
    """A constraint that the scenario sets, at so many places (and in so many shifts)."""
    return Constraint(
        kind=kind,
        name=name,
        steps=tuple(dict.fromkeys(steps)),
        before=before,
        after=None if before is None else before + more,
        added=more * times,
        relax=lambda plan: plan._replace(scenario=change(plan.scenario)),
    )


def _of_strategy(
    kind: ConstraintKind,
    name: str,
    steps: tuple[str, ...],
    before: float,
    more: float,
    change: Callable[[StrategySpec], StrategySpec],
) -> Constraint:
    """A constraint that the strategy sets."""
    return Constraint(
        kind=kind,
        name=name,
        steps=steps,
        before=before,
        after=before + more,
        added=more,
        relax=lambda plan: plan._replace(strategy=change(plan.strategy)),
    )


def _same_everywhere(numbers: NDArray[Any]) -> float | None:
    """The number that all places have; None if they differ."""
    return float(numbers[0]) if len(numbers) and np.ptp(numbers) == 0 else None


def _legs(scenario: Scenario, strategy: StrategySpec) -> list[Leg]:
    routes = all_routes(strategy, scenario.spec.tiers)
    return [step.leg for route in routes for step in route.channel.steps if step.leg]


def _steps_of(scenario: Scenario, strategy: StrategySpec) -> dict[tuple[str, str], list[str]]:
    """Stages and legs at which each crew and fleet works, in process order."""
    found: dict[tuple[str, str], list[str]] = {}
    for route in all_routes(strategy, scenario.spec.tiers):
        for step in route.channel.steps:
            for crew in crews_of(step, scenario.spec.fleet):
                found.setdefault(("crew", crew), []).append(step.body.name)
            for fleet in step.leg.fleets if step.leg else ():
                found.setdefault(("fleet", fleet), []).append(step.body.name)
    return found
