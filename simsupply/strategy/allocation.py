"""Rules by which goods are shared out where there are not enough for all."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simsupply.base.spec import Name, Spec

WhenShort = Literal["partial", "wait", "reject"]
BetweenDepots = Literal["proportional_to_need", "equal_share", "nearest_first"]


class UrgentFirstRule(Spec):
    """Orders of these kinds of households before all others."""

    kind: Literal["urgent_first"]
    households: Annotated[tuple[Name, ...], Field(min_length=1)]


class PriorityClass(Spec):
    """Kinds of households in classes, one class after the other; who is of none comes last, from what is left."""

    kind: Literal["priority_class"]
    classes: Annotated[tuple[Annotated[tuple[Name, ...], Field(min_length=1)], ...], Field(min_length=1)]


class KeyAreas(Spec):
    """Orders from these areas before all others."""

    kind: Literal["key_areas"]
    districts: tuple[str, ...] = ()
    subdistricts: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()


class NearestFirstRule(Spec):
    """Orders for drop points that are nearer to the depot, by road, before those farther away."""

    kind: Literal["nearest_first"]


class ProportionalShare(Spec):
    """Everybody gets the same share of what they ask for."""

    kind: Literal["proportional_to_need"]


class EqualShare(Spec):
    """Everybody gets the same kg, and nobody more than they ask for."""

    kind: Literal["equal_share"]


Rule = Annotated[
    UrgentFirstRule | PriorityClass | KeyAreas | NearestFirstRule | ProportionalShare | EqualShare,
    Field(discriminator="kind"),
]
DEFAULT_RULES: tuple[Rule, ...] = (ProportionalShare(kind="proportional_to_need"),)


def is_sharing(rule: Rule) -> bool:
    """Whether a rule divides goods among equals; the others say who comes first."""
    return isinstance(rule, ProportionalShare | EqualShare)
