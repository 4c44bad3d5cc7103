"""What orders can wait for before each step of a channel, as far as the plan says it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import TYPE_CHECKING, Literal

from simsupply.base.language import Language
from simsupply.strategy.step_titles import Labels, stage_label

if TYPE_CHECKING:
    # Slow to import, and records do not need them.
    from simsupply.scenario.staffing import Fleet
    from simsupply.strategy.channels import Channel, StrategySpec
    from simsupply.strategy.steps.kinds import Step

Cause = Literal["admission", "goods", "departure", "gate", "room", "people", "vehicle", "dock"]
CAUSES: tuple[Cause, ...] = ("admission", "goods", "departure", "gate", "room", "people", "vehicle", "dock")
"""In the order in which they go before each other where two hold at once."""

_TITLES: dict[Cause, dict[Language, str]] = {
    "admission": {"en": "to be taken on", "zh": "等接单"},
    "goods": {"en": "for goods", "zh": "等货"},
    "departure": {"en": "for departure", "zh": "等发车"},
    "gate": {"en": "for opening hours or a slot", "zh": "等开放时段"},
    "room": {"en": "for room", "zh": "等场地"},
    "people": {"en": "for people", "zh": "等人手"},
    "vehicle": {"en": "for a vehicle", "zh": "等车"},
    "dock": {"en": "for a dock", "zh": "等月台"},
}


def cause_label(cause: Cause, language: Language) -> str:
    """What is waited for, in words."""
    return _TITLES[cause][language]


def wait_label(part: str, language: Language, titled: Labels | None = None) -> str:
    """Step and cause of ``<step>.<cause>`` in words.

    >>> wait_label("pack.people", "en"), wait_label("deliver.dock", "zh")
    ('Pack, for people', '运输：等月台')
    """
    step, _, cause = part.rpartition(".")
    comma = ", " if language == "en" else "："
    title = next(titles[language] for name, titles in _TITLES.items() if name == cause)
    return stage_label(step, language, titled) + comma + title


def causes_at(step: Step, *, has_crew: bool = False) -> tuple[Cause, ...]:
    """What orders can wait for at a step; a leg with a crew in the seats also waits for people."""
    if step.stage:
        waits_for_others = step.stage.per != "order" or (step.stage.together and step.stage.together.at_least > 1)
        return ("departure", "room", "people") if waits_for_others else ("room", "people")
    if step.leg:
        return (
            ("departure", "room", "people", "vehicle", "dock") if has_crew else ("departure", "room", "vehicle", "dock")
        )
    return ("gate",) if step.gate else ()


def waits_of(channel: Channel, driven: Container[str] = ()) -> list[tuple[str, Cause]]:
    """Steps of a channel and what orders can wait for before each; to be taken on, and for goods, before the first.

    `driven`: legs whose vehicles a crew of the scenario drives.
    """
    first = channel.steps[0].body.name
    before: list[tuple[str, Cause]] = [(first, "admission")] if channel.release.is_ordered else []
    before.append((first, "goods"))
    return before + [
        (step.body.name, cause)
        for step in channel.steps
        for cause in causes_at(step, has_crew=step.body.name in driven)
    ]


def waits_of_plan(strategy: StrategySpec, fleets: Mapping[str, Fleet] | None = None) -> list[str]:
    """Every ``<step>.<cause>`` of a strategy, once, in process order.

    `fleets` of the scenario say which legs a crew drives; without them, what there is in any scenario.
    """
    from simsupply.strategy.crew_steps import legs_with_crews  # slow to import, and records do not need it

    driven = legs_with_crews(strategy, fleets or {})
    found = [f"{step}.{cause}" for channel in strategy.channels.values() for step, cause in waits_of(channel, driven)]
    return list(dict.fromkeys(found))
