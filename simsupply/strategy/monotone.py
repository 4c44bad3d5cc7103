"""Whether one more person or vehicle can make anybody later: the table of docs/model.md, and which rows a plan has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from simsupply.scenario.staffing import Crew
from simsupply.scenario.world import Scenario
from simsupply.strategy.assistance import as_staffed
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.crew_steps import crews_of_several_steps
from simsupply.strategy.routes import all_routes
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage

Verdict = Literal["proven", "none_found", "counter_example", "not_examined"]

VERDICTS: dict[str, Verdict] = {
    "discipline.sequence": "proven",
    "discipline.fifo": "counter_example",
    "discipline.priority": "counter_example",
    "stage.together": "counter_example",
    "stage.joined_by": "none_found",
    "at_shift_end.finish": "proven",
    "at_shift_end.pause_of_all_alike": "none_found",
    "at_shift_end.pause": "counter_example",
    "at_shift_end.hand_over": "none_found",
    "at_shift_end.fit": "none_found",
    "docks.by_day": "none_found",
    "leave.planned": "proven",
    "leave.full": "counter_example",
    "leave.time": "counter_example",
    "leave.ready": "counter_example",
    "serves.one_step": "proven",
    "serves.downstream_first": "counter_example",
    "serves.upstream_first": "counter_example",
    "serves.longest_wait": "counter_example",
    "serves.in_order": "counter_example",
    "pace.one": "proven",
    "pace.mixed": "counter_example",
    "pace.ramp": "counter_example",
    "anything_else": "not_examined",
}
"""Whether one more person or vehicle can make anybody later where a plan has this, and else only what is proven.

``proven``: never; ``none_found``: on no random plan of 1,000, whichever of these rows are together (of 100 for four or
five); ``counter_example``: by hand, in ``tests/oracles/laws/test_one_more_person.py``.
"""


def is_monotone(scenario: Scenario, strategy: StrategySpec) -> bool:
    """Whether one more person or vehicle makes nobody later: proven, or found otherwise on no random plan of 1,000.

    Examples
    --------
    >>> import simsupply as ss
    >>> is_monotone(ss.load_scenario("sealed_compounds"), ss.load_strategy("standard_crates"))
    False
    """
    return all(VERDICTS[row] in ("proven", "none_found") for row in rows_of(scenario, strategy))


def rows_of(scenario: Scenario, strategy: StrategySpec) -> tuple[str, ...]:
    """Rows of `VERDICTS` that a plan has, in their order."""
    found = set(_rows(scenario, as_staffed(strategy, scenario.spec)))
    return tuple(row for row in VERDICTS if row in found)


def _rows(scenario: Scenario, strategy: StrategySpec) -> Iterator[str]:
    spec = scenario.spec
    several = crews_of_several_steps(strategy, spec.fleet, spec.tiers)
    used = dict[str, Crew]()
    for route in all_routes(strategy, spec.tiers):
        for step in route.channel.steps:
            if step.stage:
                yield f"discipline.{step.stage.discipline}"
                used.update((name, spec.staffing.crews[name]) for name in step.stage.crews)
                if step.stage.together:
                    yield "stage.together"
                if step.stage.joined_by:
                    yield "stage.joined_by"
            elif step.leg:
                yield "discipline.sequence" if step.leg.is_sequence else "discipline.fifo"
                yield f"leave.{step.leg.leave.kind}"
                if not step.leg.fetch and scenario.docks_on_days(step.leg.origin) is not None:
                    yield "docks.by_day"
            if _is_unexamined(step.stage or step.leg, scenario):
                yield "anything_else"
    for name, crew in used.items():
        yield f"serves.{crew.serves or 'downstream_first'}" if name in several else "serves.one_step"
        alike = crew.at_shift_end == "pause" and len(crew.shifts) == 1 and _everybody_comes(scenario, crew)
        yield f"at_shift_end.{crew.at_shift_end}{'_of_all_alike' if alike else ''}"
        paces = {spec.staffing.pace_of(crew), spec.staffing.pace_of_arrivals(crew)}
        speeds = crew.productivity, crew.arrivals and crew.arrivals.productivity, crew.reassign
        yield "pace.mixed" if len(paces) > 1 or any(speeds) else "pace.one"
        if any(pace.ramp for pace in paces):
            yield "pace.ramp"
    if _has_more(scenario, strategy):
        yield "anything_else"


def _everybody_comes(scenario: Scenario, crew: Crew) -> bool:
    staffing = scenario.spec.staffing
    level = staffing.attendance if crew.attendance is None else crew.attendance
    return level == 1 and not (crew.commute or staffing.commute or crew.breakdown or crew.arrivals)


def _is_unexamined(body: Stage | Leg | None, scenario: Scenario) -> bool:
    """Steps with more than was tried."""
    if not isinstance(body, Leg):
        return False
    places = scenario.places
    has_room = places.floor[body.to].min(initial=float("inf")) == float("inf")
    has_docks = body.to not in places.unload_docks or places.unload_docks[body.to].min() == float("inf")
    more = body.is_milk_run or body.keeps_loads or len(body.fleets) > 1 or scenario.spec.fleet[body.fleets[0]].rest
    return bool(more or not has_room or not has_docks)


def _has_more(scenario: Scenario, strategy: StrategySpec) -> bool:
    """Plans in which what is ordered, or who comes, depends on what was done before; and shocks."""
    spec = scenario.spec
    gates = [step.gate for channel in strategy.channels.values() for step in channel.steps if step.gate]
    return bool(
        spec.demand.kind != "cycle"
        or spec.supply
        or spec.shocks
        or spec.tiers
        or spec.staffing.infections
        or strategy.triggers
        or len(strategy.channels) > 1
        or any(gate.slots for gate in gates)
    )
