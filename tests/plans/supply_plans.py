"""Plans with a section `supply`, and where their numbers stand in a replication."""

from __future__ import annotations

from typing import Any

import simsupply as ss
from simsupply.config.load import fit
from simsupply.model.run_loop import run_replication
from simsupply.records.replication import Replication, SupplyRecord
from tests.plans.paper_plans import Plain

NEVER_REVIEWED = {"at": "12:00", "every_days": 1000}


def source(hours: float = 24, **more: Any) -> Plain:
    """A wholesale market whose goods take exactly so many hours."""
    return {"lead_time": {"mean_hours": hours}, **more}


def stock(initial: float, up_to: float = 0, **more: Any) -> Plain:
    """Days of cover of one of the goods at each depot."""
    return {"initial_days": initial, "order_up_to_days": up_to, **more}


def with_supply(plan: Plain, stocks: Plain | None = None, at: str = "12:00", **more: Any) -> Plain:
    """The plan with a supply; stocks are counted once a day at noon."""
    supply = {"sources": {"market": source()}, "stock": stocks or {"food": stock(1)}, "review": {"at": at}, **more}
    return {**plan, "supply": supply}


def replication(plan: Plain, decided: Plain, engine: Any = "auto", seed: int = 1) -> Replication:
    """One replication, checked as every run is."""
    scenario, strategy = ss.load_scenario(plan), ss.load_strategy(decided)
    fit(scenario, strategy)
    return run_replication(scenario, strategy, seed=seed, number=0, engine=engine)


def record(run: Replication) -> SupplyRecord:
    """What happened to stocks."""
    assert run.supply is not None
    return run.supply


def by_day(run: Replication, what: str, good: int = 0) -> list[float]:
    """A measure of one of the goods, day by day."""
    return [float(value) for value in getattr(record(run), what)[:, good]]
