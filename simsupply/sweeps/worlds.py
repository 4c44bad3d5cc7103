"""From a configuration and a few changes to a scenario and a strategy, whatever is the same built once.

Laying out a city takes a second or more, and most sweeps change staff or vehicles only. So each process keeps the
places and households it has built by the sections they depend on, and the strategies it has read.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any, TypeVar

from simsupply.config.changes import varied
from simsupply.config.load import scenario_from, strategy_from, world_from
from simsupply.scenario.world import Scenario, build_scenario
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import StrategySpec

Found = TypeVar("Found")
Config = Mapping[str, Any]
_WORLDS, _STRATEGIES, _PLANS = 4, 16, 4


class Worlds:
    """Scenarios and strategies of a sweep.

    Parameters
    ----------
    bases : sequence of mappings
        Composed configurations (the scenario's sections and ``strategy``); a point is one of them with changes.
    """

    def __init__(self, bases: Sequence[Config]) -> None:
        self.bases = tuple(bases)
        self._worlds: OrderedDict[str, Scenario] = OrderedDict()
        self._strategies: OrderedDict[tuple[Any, ...], StrategySpec] = OrderedDict()
        self._plans: OrderedDict[tuple[Any, ...], tuple[Scenario, StrategySpec]] = OrderedDict()
        self._lock = Lock()  # a worker may have several threads

    def checked(self, base: int, changes: Config, source: str) -> tuple[Scenario, StrategySpec]:
        """A scenario and its strategy, each checked by itself.

        Raises
        ------
        InputError
            With every problem found.
        """
        config = varied(self.bases[base], changes)
        return scenario_from(config, source, self._built), self._strategy(base, changes, config, source)

    def known(self, base: int, changes: Config) -> tuple[Scenario, StrategySpec]:
        """The same of a point that has been checked."""

        def load() -> tuple[Scenario, StrategySpec]:
            config = varied(self.bases[base], changes)
            spec = world_from(config, "sweep")
            return self._built(spec), self._strategy(base, changes, config, "sweep")

        with self._lock:
            return _kept(self._plans, (base, *_as_key(changes)), load, _PLANS)

    def _built(self, spec: WorldSpec) -> Scenario:
        goods = sorted(spec.goods) if spec.goods else []
        # Everything that `build_scenario` looks at.
        parts = [spec.scenario.model_dump_json(), *(f"{name} {spec.goods[name]!r}" for name in goods if spec.goods)]
        world = _kept(self._worlds, "\n".join(parts), lambda: build_scenario(spec), _WORLDS)
        return replace(world, spec=spec)

    def _strategy(self, base: int, changes: Config, config: Config, source: str) -> StrategySpec:
        own = {name: value for name, value in changes.items() if name.startswith("strategy.")}
        key = (base, *_as_key(own))
        return _kept(self._strategies, key, lambda: strategy_from(config["strategy"], source), _STRATEGIES)


def _as_key(changes: Config) -> tuple[tuple[str, str], ...]:
    # As text, because 1 and True are the same as keys.
    return tuple((name, repr(value)) for name, value in changes.items())


def _kept(store: OrderedDict[Any, Found], key: Any, make: Callable[[], Found], most: int) -> Found:
    """What is kept under a key, or what `make` makes of it; the least recently used goes."""
    if key not in store:
        store[key] = make()
    store.move_to_end(key)
    if len(store) > most:
        store.popitem(last=False)
    return store[key]
