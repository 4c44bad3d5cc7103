"""A built-in scenario as it is written, its marks, and all its facts at once; each is compared as `comparing` says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import simsupply as ss
from simsupply.base.source_map import SourceMap
from simsupply.config.load import places_of
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import StrategySpec
from tests.systems.comparing import ENTRIES, agrees

WITHOUT_NUMBER = {"not_given", "masked"}
Fact = dict[str, Any]


def facts_of(system: str) -> dict[str, Fact]:
    """The facts of a system (``S8``) or of a further plan (``004.1``), by their names."""
    return {fact["id"]: fact for fact in ENTRIES[system]["facts"]}


@dataclass(frozen=True)
class Plan:
    """A built-in scenario under a strategy, as written: specifications and where each value stands."""

    scenario: str
    strategy: str
    changes: tuple[str, ...] = ()

    @cached_property
    def world(self) -> WorldSpec:
        """What the world is."""
        return ss.load_scenario(self.scenario, list(self.changes)).spec

    @cached_property
    def decided(self) -> StrategySpec:
        """What is decided."""
        return ss.load_strategy(self.strategy)

    @cached_property
    def places(self) -> SourceMap:
        """Where each value was written, with its comment."""
        return places_of(self.scenario, list(self.changes), strategy=self.strategy)

    def marks(self, key: str) -> set[str]:
        """Marks of all numbers at or below a key: ``S``, ``P``, ``A``; a number without one is ``""``."""
        found = {
            place.comment[:1] if re.match(r"[SPA]\b", place.comment or "") else ""
            for name, place in self.places.items()
            if name == key or name.startswith(f"{key}.")
        }
        assert found, f"{self.scenario}: no {key}"
        return found

    def titles(self) -> str:
        """The title in both languages, which names the system."""
        title = self.world.scenario.title
        return f"{title.en} {title.zh}"


@cache
def plan(scenario: str, strategy: str, *changes: str) -> Plan:
    """The same plan once."""
    return Plan(scenario, strategy, changes)


Told = Callable[[], Any]


def check(facts: Mapping[str, Fact], told: Mapping[str, Told]) -> list[str]:
    """Facts that a scenario does not keep: what it says, and what the plan says."""
    wrong = []
    for name, value_of in told.items():
        fact, value = facts[name], value_of()
        if fact["compare"] in WITHOUT_NUMBER:
            # The value is the set of marks of the numbers that a scenario has there.
            if "S" in value:
                wrong.append(f"{name}: marked S, but the plan gives no number")
        elif not agrees(fact, value):
            wrong.append(f"{name}: got {value!r}; plan {fact['plan']}: {fact['compare']} {fact['value']!r}")
    return wrong


def unsaid(facts: Mapping[str, Fact], *told: Iterable[str]) -> set[str]:
    """Facts about which a test says nothing, and names that are no facts."""
    return set(facts) ^ {name for names in told for name in names}
