"""Rules about shocks that need the world: do the places, crews and days they name exist in it?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import Problem, allowed_by
from simsupply.base.spec import MINUTES_PER_DAY, Title
from simsupply.checks.places import check_diverting
from simsupply.checks.tiers import nearest_names
from simsupply.scenario.areas import names_of_areas
from simsupply.scenario.places import Places
from simsupply.scenario.shocks import DemandShock, FleetShock, PlaceShock, RoadShock, Shock, StaffShock, SupplyShock
from simsupply.scenario.staffing import Crew, Fleet
from simsupply.scenario.tiers import Day, day_number
from simsupply.scenario.world_spec import PurchaseDemand, SurgeDemand, WorldSpec
from simsupply.strategy.assistance import as_staffed
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.crew_steps import crews_of


def check_shocks(spec: WorldSpec, places: Places) -> list[Problem]:
    """Everything wrong with the shocks of a scenario, once its places are laid out."""
    problems: list[Problem] = []
    for name, shock in spec.shocks.items():
        at = f"shocks.{name}"
        problems += _check_times(shock, at, spec)
        if isinstance(shock, PlaceShock):
            problems += check_diverting(shock, spec, at)
        if isinstance(shock, SupplyShock) and spec.supply is None:
            problems.append(Problem(f"{at}.kind", shock.kind, message("other_kind_without_supply")))
            continue
        if isinstance(shock, DemandShock) and not isinstance(spec.demand, SurgeDemand | PurchaseDemand):
            allowed = message("other_kind_for_demand", kind=spec.demand.kind)
            problems.append(Problem(f"{at}.kind", shock.kind, allowed))
        for key, names, known in _named(shock, spec, places):
            problems += [
                Problem(f"{at}.{key}.{number}", name, nearest_names(name, known))
                for number, name in enumerate(names)
                if name not in known
            ]
    return problems


def _named(shock: Shock, spec: WorldSpec, places: Places) -> Iterator[tuple[str, tuple[str, ...], Collection[str]]]:
    """What a shock names: key, names, and what there is."""
    if isinstance(shock, PlaceShock):
        yield "places", shock.places, places.names.get(shock.at, ())
    elif isinstance(shock, RoadShock):
        yield "districts", shock.districts, names_of_areas(places, "districts")
    elif isinstance(shock, FleetShock):
        yield "fleets", shock.fleets, spec.fleet
    elif isinstance(shock, StaffShock):
        yield "crews", shock.crews, spec.staffing.crews
    elif isinstance(shock, SupplyShock) and spec.supply is not None:
        yield "sources", shock.sources, spec.supply.sources


def _check_times(shock: Shock, at: str, spec: WorldSpec) -> list[Problem]:
    horizon, moments, problems = spec.scenario.horizon_days, {}, []

    def read(key: str, day: Day, time: float) -> None:
        try:
            number = day_number(day, spec.scenario.start_date)
        except ValueError as error:
            problems.append(Problem(f"{at}.{key}", day, allowed_by(error)))
            return
        if not 0 <= number <= horizon:
            problems.append(Problem(f"{at}.{key}", day, message("within_horizon", first=0, last=horizon)))
        moments[key] = number * MINUTES_PER_DAY + time

    if shock.from_day is not None:
        read("from_day", shock.from_day, shock.from_time)
    if shock.to_day is not None:
        read("to_day", shock.to_day, shock.to_time)
    if len(moments) == 2 and moments["to_day"] <= moments["from_day"]:
        problems.append(Problem(f"{at}.to_day", shock.to_day, message("moment_after_start")))
    return problems


_ITS = {"legs": message("its_legs"), "fleets": message("its_fleets"), "crews": message("its_crews")}


def strikes_nothing(spec: WorldSpec, strategy: StrategySpec) -> list[Message]:
    """Shocks that can strike nothing that a strategy uses, or less than they say, in words."""
    used_by = as_staffed(strategy, spec).channels.values()
    steps = [step for channel in used_by for step in channel.steps]
    legs = [step.leg for step in steps if step.leg]
    used = {
        "legs": {leg.name for leg in legs},
        "fleets": {name for leg in legs for name in leg.fleets},
        "crews": {crew for step in steps for crew in crews_of(step, spec.fleet)},
    }
    notes = [
        message(
            "shock_strikes_nothing",
            shock=shock.title or name,
            what=_ITS[what],
            names=_titles(spec, getattr(shock, what)),
        )
        for name, shock in spec.shocks.items()
        for what, names in used.items()
        if getattr(shock, what, ()) and not names & set(getattr(shock, what))
    ]
    for name, shock in spec.shocks.items():
        if isinstance(shock, DemandShock):
            notes += _acts_on_nobody(name, shock, spec, strategy)
    return notes


def _titles(spec: WorldSpec, names: Iterable[str]) -> list[Title | str]:
    """What readers see of crews and fleets; legs that the strategy has not have no titles."""
    groups: dict[str, Crew | Fleet] = {**spec.staffing.crews, **spec.fleet}
    return [(groups[name].title if name in groups else None) or name for name in names]


def _acts_on_nobody(name: str, shock: DemandShock, spec: WorldSpec, strategy: StrategySpec) -> list[Message]:
    """Where those who want something more often cannot ask for it more often."""
    releases = [channel.release for channel in strategy.channels.values()]
    if all(release.is_allotted for release in releases):
        return [message("demand_shock_where_nobody_asks", shock=shock.title or name)]
    demand = spec.demand
    if isinstance(demand, PurchaseDemand) and any(release.is_visit for release in releases):
        wishes = demand.purchases_per_household_day * shock.factor
        if wishes > 1:
            return [message("demand_shock_at_shops", shock=shock.title or name, wishes=wishes)]
    return []
