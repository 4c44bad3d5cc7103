"""What is no mistake in a plan, but what whoever reads its result should know."""

from __future__ import annotations

from simsupply.base.catalogue import Message
from simsupply.checks.branches import ways_of_branches
from simsupply.checks.by_place import entries_that_never_hold
from simsupply.checks.cannot_act import cannot_act
from simsupply.checks.crews import serves_nothing
from simsupply.checks.demand import demand_of_nobody
from simsupply.checks.listed_places import candidates_unused, walks_of_nobody
from simsupply.checks.people import drawn_levels, notes_on_nights, paces_of_nobody
from simsupply.checks.served import left_out
from simsupply.checks.shocks import strikes_nothing
from simsupply.checks.vehicles import types_of_nobody
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import StrategySpec


def remarks(spec: WorldSpec, strategy: StrategySpec) -> list[Message]:
    """Attendance that is drawn, ways of branches, households without a channel, what has no effect, and the like."""
    return [
        *drawn_levels(spec, strategy),
        *ways_of_branches(strategy),
        *left_out(spec, strategy),
        *strikes_nothing(spec, strategy),
        *cannot_act(spec, strategy),
        *notes_on_nights(spec, strategy),
        *entries_that_never_hold(spec, strategy),
        *candidates_unused(spec),
        *walks_of_nobody(spec, strategy),
        *serves_nothing(spec, strategy),
        *paces_of_nobody(spec, strategy),
        *demand_of_nobody(spec, strategy),
        *types_of_nobody(spec),
    ]
