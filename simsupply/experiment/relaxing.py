"""The same plan with more of one thing: docks, room, opening hours, admission, goods.

Nothing is laid out or drawn anew: places and households stay, and what is said of them in the specification changes
with what was made of it. People and vehicles are in `simsupply.scenario.world.Scenario.with_more`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

from simsupply.base.spec import Spec
from simsupply.scenario.floors import Floor
from simsupply.scenario.geography import ListedGeography
from simsupply.scenario.listed_attributes import in_use
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.places import floor_limits
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec

_SECTIONS: dict[PlaceKind, str] = {
    "depot": "depots",
    "gateway": "gateways",
    "station": "stations",
    "drop_point": "drop_points",
}


def with_more_docks(scenario: Scenario, kind: PlaceKind, key: Literal["docks", "unload_docks"], more: int) -> Scenario:
    """The same world with so many more docks at each place of a kind; where there is no limit there is none."""

    def change(place: Spec) -> Spec:
        there = getattr(place, key)
        if there is None:
            return place
        update: dict[str, Any] = {key: _grown(there, more)}
        if key == "docks" and (by_day := getattr(place, "by_day", ())):
            update["by_day"] = tuple(row.model_copy(update={key: _grown(row.docks, more)}) for row in by_day)
        return place.model_copy(update=update)

    changed, _ = _with_places(scenario, kind, change)
    places = scenario.places
    if key == "docks":
        return replace(changed, places=replace(places, docks={**places.docks, kind: places.docks[kind] + more}))
    # No limit stays none.
    unload_docks = {**places.unload_docks, kind: places.unload_docks[kind] + more}
    return replace(changed, places=replace(places, unload_docks=unload_docks))


def _grown(docks: Any, more: int) -> Any:
    """So many more docks, wherever there are any."""
    if isinstance(docks, dict):
        return {name: _grown(number, more) for name, number in docks.items()}
    return docks + more if docks else 0


def with_more_room(scenario: Scenario, kind: PlaceKind, times: float) -> Scenario:
    """The same world with so many times the room at each place of a kind; whole parcels and pallets, rounded up."""

    def change(place: Floor) -> Floor:
        key = place.floor_key
        there = getattr(place, key)
        if there is None:
            return place
        return place.model_copy(update={key: there * times if key == "floor_m3" else math.ceil(there * times)})

    changed, specs = _with_places(scenario, kind, change)
    floor = {**scenario.places.floor, kind: floor_limits([place.room for place in specs])}
    return replace(changed, places=replace(scenario.places, floor=floor))


def _with_places(scenario: Scenario, kind: PlaceKind, change: Callable[[Any], Any]) -> tuple[Scenario, Sequence[Any]]:
    """The scenario with the specification of each place of a kind changed, and those specifications, place by place."""
    geography, key = scenario.settings.geography, _SECTIONS[kind]
    section = getattr(geography, key)
    if isinstance(geography, ListedGeography):
        section = tuple(change(place) for place in section)
        specs = in_use(section)
    else:
        section = change(section)
        specs = (section,) * scenario.places.count(kind)
    settings = scenario.settings.model_copy(update={"geography": geography.model_copy(update={key: section})})
    return replace(scenario, spec=scenario.spec.model_copy(update={"scenario": settings})), specs


def with_channel(strategy: StrategySpec, name: str, update: dict[str, Any]) -> StrategySpec:
    """The same strategy with other values of one channel."""
    channel = strategy.channels[name].model_copy(update=update)
    return strategy.model_copy(update={"channels": {**strategy.channels, name: channel}})


def with_acceptance(
    strategy: StrategySpec, name: str, key: Literal["orders_per_day", "promise_days"], more: float
) -> StrategySpec:
    """The same strategy with so many more orders a day, or promised days, of a channel that has this limit."""
    limits = strategy.channels[name].acceptance
    assert limits is not None  # it has the limit
    return with_channel(strategy, name, {"acceptance": limits.model_copy(update={key: getattr(limits, key) + more})})


def with_gate(strategy: StrategySpec, name: str, update: dict[str, Any]) -> StrategySpec:
    """The same strategy with other values of a gate, in every channel that has it."""
    for channel_name, channel in strategy.channels.items():
        steps = tuple(
            step.model_copy(update={"gate": step.gate.model_copy(update=update)})
            if step.gate and step.gate.name == name
            else step
            for step in channel.steps
        )
        strategy = with_channel(strategy, channel_name, {"steps": steps})
    return strategy


def with_more_goods(
    scenario: Scenario, section: Literal["sources", "stock", "reserves"], name: str, times: float
) -> Scenario:
    """The same world with so many times what a source gives a day, a stock is filled up to, or a reserve holds."""
    supply = scenario.spec.supply
    assert supply is not None  # there is such a source, stock or reserve
    entries = getattr(supply, section)
    keys = {"sources": ("daily_kg",), "stock": ("order_up_to_days",), "reserves": ("cover_days", "kg")}[section]
    update = {key: _scaled(getattr(entries[name], key), times) for key in keys}
    more = {**entries, name: entries[name].model_copy(update=update)}
    spec = scenario.spec.model_copy(update={"supply": supply.model_copy(update={section: more})})
    return replace(scenario, spec=spec)


def _scaled(value: Any, times: float) -> Any:
    if isinstance(value, dict):
        return {name: amount * times for name, amount in value.items()}
    return value * times
