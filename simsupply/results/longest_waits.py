"""Where orders waited longest, and for what, followed to where the wait comes from.

Order-hours within the target's time that the plan does not order itself (opening hours, departures of a timetable,
nobody planned on duty) are ranked. A load that waits until it is complete waits for the steps before: its hours count
there, for what is waited for most.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from simsupply.results.result import Result
from simsupply.strategy.channels import Channel
from simsupply.strategy.steps.kinds import Step
from simsupply.strategy.waits import Cause

# What work at a step waits for where no wait before it was seen: whoever works there.
_OWN: dict[str, Cause] = {"stage": "people", "leg": "vehicle"}


class LongestWait(NamedTuple):
    """Order-hours that orders waited before a step for one cause, mean over replications.

    `channel` is the one in which most of them waited.
    """

    step: str
    cause: Cause
    hours: float
    channel: str


def longest_waits(result: Result) -> list[LongestWait]:
    """Waits that the plan does not order, the longest first; none where nothing waited or no waits were recorded."""
    table = result.tables.get("waits")
    if table is None or table.empty:
        return []
    mean = table.groupby(["channel", "step", "cause"], sort=False)["held_back_h"].sum() / len(result.values)
    hours: dict[tuple[str, Cause], dict[str, float]] = {}
    for name, channel in result.strategy.channels.items():
        own = {(step, cause): value for (of_channel, step, cause), value in mean.items() if of_channel == name}
        for (step, cause), value in own.items():
            if value > 0:
                by_channel = hours.setdefault(_origin(channel, step, cause, own), {})
                by_channel[name] = by_channel.get(name, 0.0) + value
    found = [
        LongestWait(step, cause, sum(by_channel.values()), max(by_channel, key=lambda name: by_channel[name]))
        for (step, cause), by_channel in hours.items()
    ]
    return sorted(found, key=lambda wait: -wait.hours)


def _origin(channel: Channel, step: str, cause: Cause, hours: Mapping[tuple[str, Cause], float]) -> tuple[str, Cause]:
    """Step and cause that a wait goes back to: itself, or what the step before waits for most."""
    while cause == "departure":
        steps = _steps_before(channel, step)
        if not steps:
            return step, cause
        waited = {
            (before.body.name, what): (value, what == _own(before), -place)
            for place, before in enumerate(steps)
            for (name, what), value in hours.items()
            if name == before.body.name and value > 0
        }
        # Among equals, and where nothing waits, it is those who work there.
        step, cause = max(waited, key=lambda what: waited[what], default=(steps[0].body.name, _own(steps[0])))
    return step, cause


def _own(step: Step) -> Cause:
    return _OWN["stage" if step.stage else "leg"]


def _steps_before(channel: Channel, name: str) -> list[Step]:
    """The last step before that one at which somebody works, on the way of each branch; none: there is none.

    In the order of the channel, the last first.
    """
    found = dict[str, Step]()
    for branch in channel.branch_shares:
        steps = channel.of_branch(branch).steps
        names = [step.body.name for step in steps]
        if name in names:
            before = [step for step in steps[: names.index(name)] if step.stage or step.leg]
            found.update({step.body.name: step for step in before[-1:]})
    return [step for step in reversed(channel.steps) if step.body.name in found]
