"""Scenarios of the plans S8 to S14 against the facts typed from the plans.

Every fact is compared, or it is said why a scenario has nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest

from simsupply.scenario.by_place import values_of
from simsupply.scenario.geography import ListedGeography
from simsupply.scenario.supply import Supply
from tests.systems.compared import Plan, Told, check, facts_of, plan, unsaid

PAPER = "papers, prices, reports or hygiene: no people, goods or time of a step"
NOT_FOOD = "of schools, households or public-health goods: no food of this scenario"
ORGANISED = "who organises it; no work of a step"

TOWNSHIP = plan("township", "next_day_lists")
CALENDAR = plan("calendar_town", "buying_days")
REGIMENT = plan("regiment_town", "gate_windows")
CAMPUS = plan("campus", "bulk_and_small")
SCARCE = plan("scarce_goods", "scarce_urgent")
FOUR = plan("scarce_goods", "scarce_four_priorities")
CITY = plan("reserves_city", "standard_crates")
COUNTY = plan("reserves_city", "standard_crates", "supply=county_reserves")
COMPOUNDS = plan("sealed_compounds", "norm_door_then_packs")


def listed(of: Plan) -> ListedGeography:
    geography = of.world.scenario.geography
    assert isinstance(geography, ListedGeography)
    return geography


def points(of: Plan, start: str = "") -> list[str]:
    return [point.name for point in listed(of).drop_points if point.name.startswith(start)]


def depots(of: Plan) -> list[str]:
    return [depot.name for depot in listed(of).depots]


def supply(of: Plan) -> Supply:
    assert of.world.supply is not None
    return of.world.supply


def operators() -> list[str]:
    return [*depots(TOWNSHIP), *(name for name in supply(TOWNSHIP).sources if name in ("cooperative", "chicken_farm"))]


def kinds(names: Iterable[str]) -> list[str]:
    """Kinds of operators: names without their numbers."""
    return sorted({re.sub(r"_\d+$", "", name) for name in names})


def step(of: Plan, channel: str, name: str) -> Any:
    return next(step.body for step in of.decided.channels[channel].steps if step.body.name == name)


def steps(of: Plan, channel: str) -> list[str]:
    return [step.body.name for step in of.decided.channels[channel].steps]


def release(of: Plan, channel: str) -> Any:
    return of.decided.channels[channel].release


def crews(of: Plan) -> dict[str, Any]:
    return dict(of.world.staffing.crews)


def tier(of: Plan, name: str) -> Any:
    assert of.world.tiers is not None
    return of.world.tiers.settings[name]


def named(of: Plan, *names: str) -> list[str]:
    """What of these a scenario has: crews, kinds of households, goods, places, channels."""
    there = {*crews(of), *of.world.scenario.households.kinds, *(of.world.goods or {}), *of.decided.channels}
    geography = of.world.scenario.geography
    if isinstance(geography, ListedGeography):
        there |= {place.name for place in (*geography.drop_points, *geography.stations, *geography.gateways)}
    return [name for name in names if name in there]


def marks(of: Plan, *keys: str) -> set[str]:
    return {mark for key in keys for mark in of.marks(key)}


def sealed_zones() -> tuple[str, ...]:
    assert TOWNSHIP.world.tiers is not None
    (entry,) = TOWNSHIP.world.tiers.calendar
    return tuple(entry.communities)


def clock(minutes: float) -> str:
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"


def cover(of: Plan, goods: str) -> float:
    """Days of one level's reserve together."""
    return sum(reserve.cover_days.get(goods, 0.0) for reserve in supply(of).reserves.values())


def outlets(kind: str, each: int = 2) -> int:
    """Outlets of a kind: each has two vans."""
    count = REGIMENT.world.fleet[f"{kind}_vans_evening"].count
    assert count == REGIMENT.world.fleet[f"{kind}_vans_noon"].count
    return int(sum(values_of(count))) // each


S8: dict[str, Told] = {
    "s8.villages": lambda: len(points(TOWNSHIP, "village_")),
    "s8.sealed_zones": lambda: len(sealed_zones()),
    "s8.zone_kinds": lambda: [name for name in ("hamlet", "bank_branch") if f"zone_{name}" in sealed_zones()],
    "s8.controlled": lambda: TOWNSHIP.world.tiers is not None and TOWNSHIP.world.tiers.default == "controlled",
    "s8.operators": lambda: len(operators()),
    "s8.operator_kinds": lambda: kinds(operators()),
    "s8.closed_loop": lambda: set(TOWNSHIP.world.staffing.closed_loop["depot"].crews) == {"site_workers"},
    "s8.tests": lambda: TOWNSHIP.world.staffing.tests and TOWNSHIP.world.staffing.tests.antigen_per_day,
    "s8.temperature": lambda: TOWNSHIP.world.staffing.disinfection and TOWNSHIP.world.staffing.disinfection.every_hours,
    "s8.disinfection": lambda: (
        TOWNSHIP.world.staffing.disinfection and TOWNSHIP.world.staffing.disinfection.every_hours
    ),
    "s8.stock_floor": lambda: min(
        stock.order_up_to_days - TOWNSHIP.world.demand.order_covers_days  # type: ignore[union-attr]
        for stock in supply(TOWNSHIP).stock.values()
    ),
    "s8.stock_report": lambda: supply(TOWNSHIP).review.every_days,
    "s8.report_time": lambda: clock(supply(TOWNSHIP).review.at),
    "s8.goods": lambda: (
        ["grain_and_oil", "meat", "vegetables", "medicines"]
        if set(TOWNSHIP.world.goods or {}) == {"grain_and_oil", "meat_and_eggs", "vegetables", "medicine"}
        else []
    ),
    "s8.pharmacies": lambda: "medicine" in supply(TOWNSHIP).stock,
    "s8.sealed_list": lambda: release(TOWNSHIP, "next_day_list").every_days,
    "s8.sealed_lead": lambda: step(TOWNSHIP, "next_day_list", "buying_day").days_ahead,
    "s8.sealed_buyer": lambda: (
        ["township_supply_people"] if TOWNSHIP.world.fleet["vans"].drivers == "supply_people" else []
    ),
    "s8.sealed_goal": lambda: (
        "set_address" if step(TOWNSHIP, "next_day_list", "deliver").to == "drop_point" else "door"
    ),
    "s8.sealed_door": lambda: {TOWNSHIP.places["tiers.settings.sealed.last_mile"].comment[:1]},
    "s8.controlled_list": lambda: release(TOWNSHIP, "village_buyer").every_days,
    "s8.controlled_lead": lambda: step(TOWNSHIP, "village_buyer", "buying_day").days_ahead,
    "s8.controlled_buyer": lambda: (
        TOWNSHIP.world.fleet["village_lorries"].people_per_vehicle
        if step(TOWNSHIP, "village_buyer", "fetch").fetch
        and TOWNSHIP.world.fleet["village_lorries"].drivers == "village_people"
        else 0
    ),
    "s8.controlled_goal": lambda: "household" if step(TOWNSHIP, "village_buyer", "door").rounds else "point",
    "s8.controlled_no_pick_up": lambda: tier(TOWNSHIP, "controlled").last_mile != "carry",
    "s8.numbers": lambda: marks(
        TOWNSHIP,
        "scenario.geography.drop_points.0.households",
        "goods",
        "fleet.vans.count",
        "fleet.village_lorries.count",
        "staffing.crews.site_workers.households_per_worker",
        "staffing.crews.village_people.households_per_worker",
        "staffing.crews.door_team.households_per_worker",
        "staffing.crews.supply_people.headcount",
    ),
}
S8_LEFT = {
    "s8.report_by": PAPER,
    "s8.report_what": PAPER,
    "s8.report_start": PAPER,
    "s8.restocking": "shelves are stock here: goods are ordered every day",
    "s8.green_lane": "checkpoint_min 5 is A",
}
S9: dict[str, Told] = {
    "s9.supplier": lambda: len(depots(CALENDAR)),
    "s9.from_outside": lambda: listed(CALENDAR).stations[0].distance_km > 0,  # type: ignore[operator]
    "s9.all_closed": lambda: CALENDAR.world.tiers is not None and not CALENDAR.world.tiers.calendar,
    "s9.priority_areas": lambda: [
        {"controlled_village": "controlled"}.get(point.name, point.name)
        for point in listed(CALENDAR).drop_points
        if point.priority_share == 1
    ],
    "s9.list_days": lambda: [
        {"mon": "monday", "fri": "friday"}.get(day, day) for day in release(CALENDAR, "buying_days").weekdays
    ],
    "s9.buy_days": lambda: [
        {"tue": "tuesday", "sat": "saturday"}.get(day, day)
        for day in step(CALENDAR, "buying_days", "fetching_day").weekdays
    ],
    "s9.trips_per_week": lambda: len(step(CALENDAR, "buying_days", "fetching_day").weekdays),
    "s9.buyer": lambda: crews(CALENDAR)["buyer"].headcount,
    "s9.where_bought": lambda: {"county_mall": "county_town"}.get(depots(CALENDAR)[0]),
    "s9.one_collector": lambda: crews(CALENDAR)[step(CALENDAR, "buying_days", "compile").crew].headcount,
    "s9.one_station": lambda: len(listed(CALENDAR).stations),
    "s9.nobody_collects": lambda: "visit" in tier(CALENDAR, "controlled").open,
    "s9.village_points": lambda: len(points(CALENDAR, "village_")) > 1,
    "s9.last_100_m_number": lambda: marks(CALENDAR, "staffing.crews.door_team.headcount"),
    "s9.numbers": lambda: marks(
        CALENDAR,
        "scenario.geography.drop_points.0.households",
        "demand.need_kg_per_household_week",
        "fleet.trucks.count",
    ),
}
S9_LEFT = {
    "s9.goods": "one basket of all goods: what is in it makes no difference to what the plan orders",
    "s9.list_channel": PAPER,
    "s9.report_time": "one time of day for all lists, A",
    "s9.village_lister": "lists are at hand when they are closed: writing them is not in the working day of a step",
    "s9.last_100_m": "one crew, door_team, by its title",
    "s9.priority_groups": "priority_share: who they are makes no difference to how they are served",
    "s9.one_to_one": "carried in the same rounds; `priority` goes first",
    "s9.tests": PAPER,
    "s9.inspection": PAPER,
}
S10: dict[str, Told] = {
    "s10.supermarkets": lambda: outlets("supermarket"),
    "s10.greengrocers": lambda: outlets("greengrocer"),
    "s10.butchers": lambda: outlets("butcher"),
    "s10.pharmacies": lambda: outlets("pharmacy"),
    "s10.outlets": lambda: sum(map(outlets, ("supermarket", "greengrocer", "butcher", "pharmacy"))),
    "s10.every_day": lambda: (
        1
        if all(
            channel.release.every_days == channel.release.stagger_days  # type: ignore[union-attr]
            for channel in REGIMENT.decided.channels.values()
        )
        else 0
    ),
    "s10.not_into_compound": lambda: tier(REGIMENT, "sealed").entry == "gate",
    "s10.handover": lambda: "compound_gate" if tier(REGIMENT, "sealed").entry == "gate" else "door",
    "s10.company_goal": lambda: "company_office" if tier(REGIMENT, "controlled").entry == "gate" else "door",
    "s10.carriers": lambda: (
        ["building_head", "unit_head"]
        if {step(REGIMENT, name, "door").crew for name in REGIMENT.decided.channels} == {"building_heads"}
        else []
    ),
    "s10.no_pick_up": lambda: {tier(REGIMENT, name).last_mile for name in ("sealed", "controlled")} != {"carry"},
    "s10.numbers": lambda: marks(
        REGIMENT, "scenario.geography.drop_points.0.households", "goods", "staffing.crews.supermarket_staff.headcount"
    ),
}
S10_LEFT = {
    "s10.window_companies": "test_everything_is_handed_over_within_the_windows",
    "s10.window_town": "test_everything_is_handed_over_within_the_windows",
    "s10.outside_windows": "test_everything_is_handed_over_within_the_windows",
    "s10.sanction": "nobody breaks the rule",
    "s10.company_carriers": "building_heads of a company's drop point, by its title",
    "s10.label": "sorted by household as everywhere: what a label saves is not known",
}
S11: dict[str, Told] = {
    "s11.approval_lead": lambda: step(CAMPUS, "campus_bulk", "approved").days_ahead,
    "s11.gate": lambda: len(listed(CAMPUS).gateways),
    "s11.gate_disinfection": lambda: step(CAMPUS, "campus_bulk", "fixed_route").held_min > 0,
    "s11.gate_no_standing": lambda: sum(
        name in ("standing", "disinfect")
        for name in steps(CAMPUS, "campus_bulk")[: steps(CAMPUS, "campus_bulk").index("fixed_route")]
    ),
    "s11.route": lambda: step(CAMPUS, "campus_bulk", "fixed_route").to == "station",
    "s11.driver_in_cab": lambda: CAMPUS.world.fleet["bulk_trucks"].people_per_vehicle == 1,
    "s11.points": lambda: len(listed(CAMPUS).stations),
    "s11.point_canteens": lambda: sum("canteen" in station.name for station in listed(CAMPUS).stations),
    "s11.point_canteen_2": lambda: listed(CAMPUS).stations[1].name.partition("_")[0],
    "s11.point_shops": lambda: sum("supermarket" in station.name for station in listed(CAMPUS).stations),
    "s11.no_dormitories": lambda: any(re.search("block|dormitory", name) for name in points(CAMPUS)),
    "s11.second_disinfection": lambda: (
        1 + (step(CAMPUS, "campus_bulk", "fixed_route").unload.per_load_min > 30)
        if step(CAMPUS, "campus_bulk", "fixed_route").held_min
        else 0
    ),
    "s11.standing_bulk": lambda: step(CAMPUS, "campus_bulk", "fixed_route").unload.per_load_min - 5,
    "s11.unloaders": lambda: (
        ["canteen_staff", "shop_staff"] if crews(CAMPUS)["unloaders"].title.en == "Canteen and shop staff" else []
    ),
    "s11.small_outside": lambda: step(CAMPUS, "campus_small", "to_the_gate").to == "gateway",
    "s11.small_racks": lambda: "gate_rack" if listed(CAMPUS).gateways[0].floor_m3 else "gate",
    "s11.small_unloader": lambda: (
        ["driver"] if CAMPUS.world.fleet["supplier_vans"].people_per_vehicle == 1 else ["others"]
    ),
    "s11.small_standing": lambda: step(CAMPUS, "campus_small", "standing").minutes,
    "s11.shuttle": lambda: CAMPUS.world.fleet["shuttles"].at == "gateway",
    "s11.shuttle_number": lambda: marks(CAMPUS, "fleet.shuttles.count"),
    "s11.people_number": lambda: marks(
        CAMPUS, "staffing.crews", "scenario.geography.drop_points.0.households", "scenario.households.persons_mean"
    ),
    "s11.hours": lambda: marks(CAMPUS, "strategy.channels.campus_bulk.steps.1.gate.opens"),
}
S11_LEFT = {
    "s11.who_may_enter": PAPER,
    "s11.bulk_goods": "one basket of all goods",
    "s11.bulk_other": "one basket of all goods",
    "s11.dilution": PAPER,
    "s11.no_contact": "no contact is counted in that leg",
    "s11.leaves_at_once": "the way back of the leg",
    "s11.groups": "disinfection (gate_team) and shuttle; checking and supervision are no work on goods",
    "s11.travel": PAPER,
    "s11.pcr_hours": PAPER,
}
S12: dict[str, Told] = {
    "s12.request_time": lambda: clock(release(SCARCE, "daily_allocation").cut_off),
    "s12.report_time": lambda: clock(supply(SCARCE).review.at),
    "s12.rounds": lambda: release(SCARCE, "daily_allocation").every_days,
    "s12.urgent_first": lambda: (
        "medical_rescuers" if getattr(SCARCE.decided.allocation[0], "households", ()) == ("medical",) else "others"
    ),
    "s12.key_areas": lambda: SCARCE.decided.allocation[1].kind,
    "s12.no_equal_shares": lambda: any(rule.kind == "equal_share" for rule in SCARCE.decided.allocation),
    "s12.near_not_first": lambda: any(rule.kind == "nearest_first" for rule in SCARCE.decided.allocation),
    "s12.nearest": lambda: (
        "nearest_store" if all(point.depot for point in listed(SCARCE).drop_points) else "near_first"
    ),
    "s12.donation_directed": lambda: not SCARCE.decided.channels["directed_donation"].from_stock,
    "s12.donation_receiver": lambda: [use.households for use in SCARCE.decided.mix][-1] == ("donee",),
    "s12.from_above": lambda: "city_purchase" in supply(SCARCE).sources,
    "s12.donation_other": lambda: "city_purchase" in supply(SCARCE).sources,
    "s12.store": lambda: "city_store" in depots(SCARCE),
    "s12.staff": lambda: sum(
        crews(SCARCE)["allocators"].headcount.get(name, crews(SCARCE)["allocators"].headcount["default"])
        for name in depots(SCARCE)
    ),
    "s12.amounts": lambda: marks(SCARCE, "goods", "supply.sources", "fleet.store_vans.count"),
    "s12.priorities": lambda: len(FOUR.decided.allocation[0].classes),  # type: ignore[union-attr]
    "s12.priority_1": lambda: {"medical": "front_line_medical"}[four(0)],
    "s12.priority_2": lambda: (
        ["police", "transport", "market_supervision", "sanitation", "grid"] if four(1) == "public_safety" else []
    ),
    "s12.priority_3": lambda: {"public_counter": "public_counters"}[four(2)],
    "s12.priority_4": lambda: {"key_firm": "restarting_key_firms"}[four(3)],
    "s12.township_asks": lambda: all(
        (point.persons or 4) < 4 for point in listed(SCARCE).drop_points if point.name.startswith("township")
    ),
    "s12.township_buys": lambda: marks(SCARCE, "scenario.geography.drop_points.24.persons") == {"A"},
    "s12.n95_only_front": lambda: (SCARCE.world.goods or {})["high_standard"].needed_by != "medical",
    "s12.n95_receivers": lambda: (
        ["medical_front_line", "pre_check", "observation_ward"]
        if (SCARCE.world.goods or {})["high_standard"].needed_by == "medical"
        else []
    ),
    "s12.n95_goods": lambda: (
        ["n95", "protective_suits", "isolation_gowns", "goggles"] if named(SCARCE, "high_standard") else []
    ),
    "s12.general_goods": lambda: (
        ["surgical_masks", "ordinary_masks", "gloves", "disinfectants"] if named(SCARCE, "general") else []
    ),
    "s12.general_receivers": lambda: (
        ["offices", "key_places", "key_people"] if (SCARCE.world.goods or {})["general"].needed_by is None else []
    ),
}
S12_LEFT = {
    "s12.goods": "two groups by who may have them; within a group a kilogram is a kilogram",
    "s12.out_time": "test_what_is_allotted_is_in_place_by_17",
    "s12.approval": "half a minute of the allocators for each request; the command's own time is not said",
    "s12.principles": "the four of them one by one",
    "s12.at_once": "out on the day of the request",
    "s12.health_commission": ORGANISED,
    "s12.rest": "the last rule shares out what is left",
    "s12.daily_meeting": ORGANISED,
    "s12.township_pays": PAPER,
    "s12.residents_market": "residents are in no round",
    "s12.donation_surplus": "what a receiver hands over later is not modelled",
    "s12.donation_red_cross": "among what goes to the stores",
    "s12.swap": "of equal value: nothing more and nothing less",
    "s12.returned": "tents and thermometers are not used up; no goods that come back are modelled",
    "s12.daily_figures": PAPER,
    "s12.equipment": "equipment of hospitals is no daily need",
}


def four(number: int) -> str:
    classes: Any = FOUR.decided.allocation[0]
    (name,) = classes.classes[number]
    return str(name)


S13: dict[str, Told] = {
    "s13.city_grain_oil": lambda: cover(CITY, "staple"),
    "s13.city_vegetables": lambda: cover(CITY, "vegetables"),
    "s13.city_hard_reserve": lambda: (
        "government" if all("City reserve" in entry.title.en for entry in supply(CITY).reserves.values()) else "other"
    ),
    "s13.city_soft_reserve": lambda: "local_production" if "local_growers" in supply(CITY).sources else "none",
    "s13.city_fast_vegetables": lambda: supply(CITY).sources["local_growers"].goods == ("vegetables",),
    "s13.county_grain_oil": lambda: cover(COUNTY, "staple"),
    "s13.county_pork": lambda: cover(COUNTY, "pork"),
    "s13.county_vegetables": lambda: cover(COUNTY, "vegetables"),
    "s13.county_release": lambda: "local" if list(supply(COUNTY).reserves) == ["near_store", "far_store"] else "other",
    "s13.not_added": lambda: cover(CITY, "staple") > 20 or cover(COUNTY, "staple") > 15,
    "s13.store_stock": lambda: min(stock.initial_days for stock in supply(TOWNSHIP).stock.values()),
    "s13.peak_not_food": lambda: supply(CITY).peak_factor != 1 or supply(COUNTY).peak_factor != 1,
}
S13_LEFT = {
    "s13.city_goods": "grain and oil, pork, vegetables; of convenience food no days are given",
    "s13.city_pork_days": "three days as in 004.12: `cover_days` has one mark for all goods of a store",
    "s13.city_survey": PAPER,
    "s13.county_small_packs": "a pack is a pack: no sizes",
    "s13.county_rural": "one town",
    "s13.county_outbreak_pork": "pork is released like the others, when stock is below 2.5 days",
    "s13.county_report": "what higher levels give is another plan's",
    "s13.county_papers_later": PAPER,
    "s13.county_rotation": "test_rotation_matters",
    "s13.county_firms": "the same stock in other hands",
    "s13.supermarket_stock": "store stock of 7 days is A in reserves_city: another plan's",
    "s13.peak": NOT_FOOD,
    "s13.peak_days": NOT_FOOD,
    "s13.levels": NOT_FOOD,
    "s13.household_reserve": NOT_FOOD,
    "s13.school_week": NOT_FOOD,
    "s13.forms": "physical stock here; agreement and production are sources",
    "s13.district_goods": "another plan's list",
    "s13.release_order": "near before far: near_store, far_store",
    "s13.release_at_once": "delay_hours are A",
    "s13.neighbour_districts": "another plan's; S6 has them in its ladder",
}
S14: dict[str, Told] = {
    "s14.deliverer_ratio": lambda: crews(COMPOUNDS)["door_team"].households_per_worker,
    "s14.fixed_point": lambda: 1 if len(set(points(COMPOUNDS))) == len(listed(COMPOUNDS).drop_points) else 0,
    "s14.nursing_homes": lambda: [
        name
        for name in ("nursing_home", "childrens_home")
        if name in points(COMPOUNDS) and crews(COMPOUNDS)["door_team"].at == "drop_point"
    ],
    "s14.lockers": lambda: ["locker", "volunteer"] if named(COMPOUNDS, "locker_boxes", "door_team") else [],
    "s14.mobile_vans": lambda: bool(named(COMPOUNDS, "van_sellers")),
    "s14.packs_when": lambda: (
        "delivery_short" if {use.when for use in COMPOUNDS.decided.mix} >= {"too_many_orders"} else "always"
    ),
    "s14.packs_number": lambda: marks(COMPOUNDS, "strategy.channels.vegetable_packs.parcel.content"),
    "s14.priority_groups": lambda: [
        {"living_alone_old": "alone"}.get(name, name)
        for name, kind in COMPOUNDS.world.scenario.households.kinds.items()
        if kind.is_priority
    ],
    "s14.priority_own_people": lambda: step(COMPOUNDS, "dedicated_people", "own_worker").crew == "priority_workers",
    "s14.order_for_them": lambda: (
        ["community", "property_management"] if step(COMPOUNDS, "dedicated_people", "phone").crew == "callers" else []
    ),
    "s14.chronic": lambda: {"medicine": "medicines"}[
        COMPOUNDS.decided.channels["medicine_lists"].parcel.goods[0]  # type: ignore[index]
    ],
    "s14.chronic_cycle": lambda: marks(COMPOUNDS, "strategy.channels.medicine_lists.release.every_days"),
    "s14.numbers": lambda: marks(
        COMPOUNDS, "scenario.geography.drop_points.0.households", "fleet.vans.count", "staffing.crews.site_workers"
    ),
}
S14_LEFT = {
    "s14.deliverer_groups": "one crew, door_team: nobody knows that one group carries faster",
    "s14.deliverer_scope": "from the receiving point to the door",
    "s14.nursing_homes_elsewhere": "settled elsewhere",
    "s14.pairing": "three shops, four compounds each, A",
    "s14.stalls": "S6 has them",
    "s14.packs_save": "what is saved follows from lines and lists: 5 lines for 12, one list for a compound",
    "s14.priority_on_time": "test_people_of_their_own_make_priority_households_earlier",
    "s14.hardship": "subsidies are no goods",
    "s14.infant_food": "infant formula is dairy_infant; special medical food is not told apart",
    "s14.hotline": PAPER,
    "s14.three_heads": "among the deliverers",
    "s14.one_to_one": "one for every ten priority households, A",
}
SCENARIOS_OF_CASES = ("sporadic_imported", "cluster_unknown_source", "local_outbreak", "community_spread")


def rules() -> list[Any]:
    """Rules by which cases make tiers, one for each scenario of the epidemic."""
    found = [plan("demo_city", "standard_crates_via_stations", f"tiers={name}").world for name in SCENARIOS_OF_CASES]
    return [world.tiers.epidemic.rules for world in found if world.tiers and world.tiers.epidemic]


def only(values: Iterable[Any]) -> Any:
    (value,) = set(values)
    return value


CASES: dict[str, Told] = {
    "p003_4.states": lambda: len({"any_case", "outbreak", "community_spread"} & set(type(rules()[0]).model_fields)),
    "p003_4.single_case": lambda: 1 if rules()[0].any_case else 0,
    "p003_4.outbreak_cases": lambda: only(rule.linked_cases for rule in rules()),
    "p003_4.transmission_cases": lambda: only(rule.unknown_cases for rule in rules()),
    "p003_4.window": lambda: only(rule.window_days for rule in rules()),
}
TESTED: dict[str, Told] = {
    "p004_8.scenarios": lambda: len(rules()),
    "p004_8.end": lambda: "longest_incubation_period" if all(rule.incubation_days for rule in rules()) else "other",
}
TOLD = {
    "003.4": (CASES, {"p003_4.closing": "tier sealed; who requisitions what is S1's and S2's"}),
    "004.8": (
        TESTED,
        {
            "p004_8.batches": "how long staff wait for a test stands in `tests`",
            "p004_8.supply_staff_batch": "short `tests`: test_supply_staff_tested_first_is_there_earlier",
            "p004_8.residents_batch": "residents do not work here",
            "p004_8.shops_beside": "a shock of a place; none is built in for it",
        },
    ),
    "S8": (S8, S8_LEFT),
    "S9": (S9, S9_LEFT),
    "S10": (S10, S10_LEFT),
    "S11": (S11, S11_LEFT),
    "S12": (S12, S12_LEFT),
    "S13": (S13, S13_LEFT),
    "S14": (S14, S14_LEFT),
}
SCENARIOS = {
    "S8": TOWNSHIP,
    "S9": CALENDAR,
    "S10": REGIMENT,
    "S11": CAMPUS,
    "S12": SCARCE,
    "S13": CITY,
    "S14": COMPOUNDS,
}


@pytest.mark.parametrize("system", TOLD)
def test_every_fact_is_compared_or_left_out_for_a_reason(system: str) -> None:
    told, left = TOLD[system]
    assert not set(told) & set(left)
    assert unsaid(facts_of(system), told, left) == set()


@pytest.mark.parametrize("system", TOLD)
def test_the_scenario_keeps_to_the_plan(system: str) -> None:
    assert check(facts_of(system), TOLD[system][0]) == []


@pytest.mark.parametrize("system", SCENARIOS)
def test_the_title_names_the_plan(system: str) -> None:
    title = SCENARIOS[system].titles()
    assert f"Plan {system}:" in title
    assert f"方案{system}：" in title


@pytest.mark.parametrize("system", SCENARIOS)
def test_what_another_plan_says_is_no_s(system: str) -> None:
    """A number borrowed from another plan is A, "as in Sn"; of people and vehicles it has a range."""
    for key, place in SCENARIOS[system].places.items():
        comment = place.comment or ""
        if comment.startswith("S"):
            assert not re.search(r"\bas in S\d|comparable|plan S\d", comment), f"{key}: {comment}"
        if key.endswith((".headcount", ".households_per_worker", "fleet.vans.count")) and comment.startswith("A"):
            assert re.match(r"A \[", comment), f"{key}: {comment}"


def test_the_people_of_the_plans_and_no_others() -> None:
    """By their titles: who stands in for a crew that the plan does not have is written down too."""
    assert set(crews(TOWNSHIP)) == {"site_workers", "supply_people", "door_team", "village_people"}
    assert set(crews(CALENDAR)) == {"collector", "site_workers", "buyer", "sorters", "door_team"}
    assert set(crews(REGIMENT)) == {"supermarket_staff", "greengrocers", "butchers", "pharmacists", "building_heads"}
    assert set(crews(CAMPUS)) == {"site_workers", "gate_team", "unloaders", "shuttle_group"}
    assert set(crews(SCARCE)) == {"allocators", "store_keepers"}
