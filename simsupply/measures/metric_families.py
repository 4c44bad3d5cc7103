"""Metrics that exist once for each kind of meeting, and for each step with people or vehicles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simsupply.base.language import Language
from simsupply.base.spec import Title
from simsupply.measures.metric import MetricFamily
from simsupply.records.replication import Replication
from simsupply.scenario.world import Scenario
from simsupply.strategy.step_titles import Labels, stage_label
from simsupply.strategy.waits import wait_label, waits_of_plan

if TYPE_CHECKING:
    from simsupply.scenario.staffing import Fleet
    from simsupply.strategy.channels import StrategySpec

_WHERE = {
    "gate": Title(en="at the gate", zh="小区门口"),
    "queue": Title(en="in a queue", zh="排队"),
    "door": Title(en="at the door", zh="户门口"),
    "shop": Title(en="in a shop", zh="店内"),
}


def _where(kind: str, language: Language, titled: Labels | None = None) -> str:
    return _WHERE[kind].in_language(language)


def _contacts(run: Replication, scenario: Scenario) -> dict[str, float]:
    return {kind: float(number) for kind, number in run.contacts.items()}


def _staffed_steps(strategy: StrategySpec, fleets: Mapping[str, Fleet]) -> list[str]:
    """Stages and legs, in process order."""
    steps = [step for channel in strategy.channels.values() for step in channel.steps]
    return list(dict.fromkeys(step.body.name for step in steps if step.stage or step.leg))


def _utilisation(run: Replication, scenario: Scenario) -> dict[str, float]:
    """A step's own work inside duty hours / hours on duty of those who came, up to the horizon; 0: nobody came."""
    # A leg that several fleets share has a record for each of them; of one that a crew drives it is its vehicles that
    # count, whose people are told with the crew.
    driven = {name for step in run.steps if step.fleet for name in step.names}
    minutes: dict[str, tuple[float, float]] = {}
    for step in run.steps:
        for name, of_step in zip(step.names, step.busy_by_step, strict=True):
            if name in driven and not step.fleet:
                continue
            busy, scheduled = minutes.get(name, (0.0, 0.0))
            minutes[name] = busy + of_step, scheduled + step.scheduled_min
    return {name: busy / on_duty if on_duty else 0.0 for name, (busy, on_duty) in minutes.items()}


def _waits(run: Replication, scenario: Scenario) -> dict[str, float]:
    """Order-hours by step and cause, all channels together."""
    hours: dict[str, float] = {}
    for wait in run.waits:
        name = f"{wait.step}.{wait.cause}"
        hours[name] = hours.get(name, 0.0) + wait.total_min / 60
    return hours


CONTACTS = MetricFamily(
    prefix="contacts.",
    part="kind",
    unit="encounters",
    definition="meetings at the gate, in a queue, at the door, in a shop",
    better="less",
    titles=Title(en="Contacts {part}", zh="{part}接触人次"),
    part_title=_where,
    known_parts=lambda strategy, fleets: _WHERE,
    compute=_contacts,
)
UTILISATION = MetricFamily(
    prefix="utilisation.",
    part="stage",
    unit="share",
    definition="a step's own work inside duty hours / hours on duty of those of its crew or fleet who came",
    better=None,
    titles=Title(en="Utilisation: {part}", zh="利用率：{part}"),
    part_title=stage_label,
    known_parts=_staffed_steps,
    compute=_utilisation,
)
WAITS = MetricFamily(
    prefix="wait_h.",
    part="step.cause",
    unit="order-hours",
    definition=(
        "hours that orders waited before a step, summed over orders up to the horizon; for people, a vehicle, a dock,"
        " departure, a gate, room, admission or goods"
    ),
    better=None,
    titles=Title(en="Wait: {part}", zh="等待：{part}"),
    part_title=wait_label,
    known_parts=waits_of_plan,
    compute=_waits,
)
FAMILIES = (CONTACTS, UTILISATION, WAITS)
