"""Rules about crews that join the crew of a step, and about units that are served together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simsupply.base.catalogue import message
from simsupply.base.problems import Problem, nearest
from simsupply.checks.steps import check_fit
from simsupply.scenario.floors import Floor
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import Channel
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage


def check_joined(world: WorldSpec, channel: Channel, stage: Stage, key: str) -> Iterator[Problem]:
    """Everything wrong with the crews that join the crew of a stage."""
    crews = world.staffing.crews
    main = crews.get(stage.crew)
    for number, name in enumerate(stage.joined_by):
        crew, at = crews.get(name), f"{key}.joined_by.{number}"
        if crew is None:
            here = [other for other, found in crews.items() if found.at == stage.at and other != stage.crew]
            yield Problem(at, name, nearest(name, here))
            continue
        if crew.at != stage.at:
            yield Problem(at, name, message("joins_at_its_place", crew=name, crew_at=crew.at, at=stage.at))
        if main and crew.at_shift_end != main.at_shift_end:
            allowed = message("same_shift_end", rule=main.at_shift_end, crew=stage.crew, stage=stage.name)
            yield Problem(f"staffing.crews.{name}.at_shift_end", crew.at_shift_end, allowed)
        yield from check_fit(world, channel, stage, name, crew)


def check_group_fits(stage: Stage, floors: Mapping[str, tuple[Floor, int | None]], key: str) -> Iterator[Problem]:
    """Units that are waited for must find room where they are waited for: at least one parcel each."""
    if stage.together is None:
        return
    for floor, _ in floors.values():
        if floor.room is not None and floor.room < stage.together.at_least:
            allowed = message("group_on_floor", room=floor.room, at=stage.at)
            yield Problem(f"{key}.together.at_least", stage.together.at_least, allowed)
            return


def check_full_load_fits(leg: Leg, floors: Mapping[str, tuple[Floor, int | None]], key: str) -> Iterator[Problem]:
    """A load that leaves only when it is full must find room where it is filled up."""
    if leg.leave.kind != "full" or leg.leave.at or leg.leave.orders is None:
        return
    for floor, _ in floors.values():
        if floor.room is not None and floor.room < leg.leave.orders:
            allowed = message("group_on_floor", room=floor.room, at=leg.origin)
            yield Problem(f"{key}.leave.orders", leg.leave.orders, allowed)
            return
