"""Rules about need and demand: days that differ, and keys that nobody's order could show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import Problem
from simsupply.checks.by_place import check_day, never_hold
from simsupply.scenario.by_day import ByDay
from simsupply.scenario.world_spec import WorldSpec, mean_orders_at_once
from simsupply.strategy.channels import StrategySpec


def check_demand_by_day(spec: WorldSpec) -> Iterator[Problem]:
    """Days on which need or demand differ are days of the horizon, and need is said in one place."""
    for key, rows in _entries(spec):
        for number, row in enumerate(rows):
            yield from check_day(spec, row.from_day, f"{key}.{number}.from_day")
    if spec.goods is not None:
        for number, entry in enumerate(spec.demand.by_day):
            if entry.need_kg_per_household_week is not None:
                key = f"demand.by_day.{number}.need_kg_per_household_week"
                yield Problem(key, entry.need_kg_per_household_week, message("said_by_goods"))


def demand_of_nobody(spec: WorldSpec, strategy: StrategySpec) -> list[Message]:
    """Entries that hold on no day, and what is said of orders where nobody places any, in words."""
    notes = [note for key, rows in _entries(spec) for note in never_hold(spec, rows, key)]
    if not any(channel.release.is_ordered for channel in strategy.channels.values()):
        keys = ["demand.orders_at_once"] if mean_orders_at_once(spec.demand) != 1 else []
        for name in ("rate_per_min", "multiplier"):
            keys += [
                f"demand.by_day.{number}.{name}"
                for number, entry in enumerate(spec.demand.by_day)
                if getattr(entry, name, None) is not None
            ]
        notes += [message("nobody_orders", key=key) for key in keys]
    return notes


def _entries(spec: WorldSpec) -> Iterator[tuple[str, Sequence[ByDay]]]:
    yield "demand.by_day", spec.demand.by_day
    for name, group in (spec.goods or {}).items():
        yield f"goods.{name}.by_day", group.by_day
