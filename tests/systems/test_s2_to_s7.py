"""S2 to S7, 001.1 and 004.1 in `configs/`, compared with the facts typed from the plans' own sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest

import simsupply as ss
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import Channel, StrategySpec
from tests.systems.comparing import ENTRIES, FACTS, agrees, mark_of, quotes, words_of

PLANS = {
    "S2": ("sealed_region", "gateway_when_sealed"),
    "S3": ("subdistrict", "standard_crates"),
    "S4": ("town", "village_lists"),
    "S5": ("city_district", "shops_platforms_supermarkets"),
    "S6": ("county", "county_by_tier"),
    "S6A": ("county", "county_by_tier"),
    "S6B": ("county_sealed", "county_packs_when_sealed"),
    "S7": ("sealed_district", "nearest_stores"),
    "001.1": ("ten_firms", "grid_orders"),
    "004.1": ("supermarkets_by_area", "area_lists"),
}


@cache
def plan(name: str) -> tuple[ss.Scenario, WorldSpec, StrategySpec]:
    scenario = ss.load_scenario(PLANS[name][0])
    return scenario, scenario.spec, ss.load_strategy(PLANS[name][1])


def households(name: str) -> int:
    return len(plan(name)[0].households)


def places(name: str, kind: str) -> tuple[str, ...]:
    return tuple(plan(name)[0].places.names[kind])


def titled(name: str, kind: str, part: str) -> int:
    return sum(part in place for place in places(name, kind))


def channel(name: str, which: str) -> Channel:
    return plan(name)[2].channels[which]


def steps(name: str, which: str) -> list[str]:
    return [step.body.name for step in channel(name, which).steps]


def stage(name: str, which: str, step: str) -> Any:
    return next(part.stage for part in channel(name, which).steps if part.stage and part.stage.name == step)


def headcount(name: str, crew: str) -> int:
    number = plan(name)[1].staffing.crews[crew].headcount
    assert isinstance(number, int)
    return number


def people(name: str, at: str, crew: str) -> int:
    """Of a crew at all places of a kind together."""
    return headcount(name, crew) * len(places(name, at))


def paid(name: str) -> set[str]:
    """Crews of workers, and fleets with drivers of their own."""
    world = plan(name)[1]
    crews = {crew for crew, spec in world.staffing.crews.items() if spec.people == "worker"}
    return crews | {fleet for fleet, spec in world.fleet.items() if spec.drivers is None and spec.people_per_vehicle}


def drivers(name: str) -> set[str]:
    """Fleets with drivers of their own."""
    return {fleet for fleet, spec in plan(name)[1].fleet.items() if spec.drivers is None}


def served(name: str) -> list[int]:
    """Households of each depot."""
    scenario = plan(name)[0]
    depot = scenario.places.serving["depot"][scenario.households.drop_point]
    return [int((depot == number).sum()) for number in range(scenario.places.count("depot"))]


def goes_to(name: str, which: str) -> str:
    """Where the last vehicle of a channel stops."""
    return [step.leg for step in channel(name, which).steps if step.leg][-1].to


def last_stage(name: str, which: str) -> str:
    return [step.stage for step in channel(name, which).steps if step.stage][-1].contact or ""


def marks(*where: tuple[str, str]) -> list[str]:
    return [mark_of(file, key) for file, key in where]


def cycle(name: str) -> float:
    demand = plan(name)[1].demand
    assert demand.kind == "cycle"
    return demand.cycle_days


def spacing(name: str, which: str) -> float:
    queue = stage(name, which, "hand_out").queue
    return 0.0 if queue is None else queue.spacing_m


def weekly(name: str) -> float:
    need = plan(name)[1].demand.need_kg_per_household_week
    assert need is not None
    return need


SETS, PLATFORM, FETCHED = "shop_sets_collected", "platform_called_down", "supermarket_sets_fetched"
FOUND: Mapping[str, Callable[[], Any]] = {
    # --- S2
    "s2.gateway_storage": lambda: all(
        f"{place.floor_pallets}" != "None" for place in plan("S2")[1].scenario.geography.gateways
    ),
    "s2.gateway_opening": lambda: any(
        step.when and step.when.tiers for step in channel("S2", "crates_gateway_when_sealed").steps
    ),
    "s2.gateway_number": lambda: marks(("scenario/sealed_region.yaml", "scenario.geography.gateways.0.docks")),
    "s2.reserve_fleet": lambda: plan("S2")[1].fleet["reserve_trucks"].requisition is not None,
    "s2.reserve_fleet_number": lambda: marks(("fleet/sealed_region.yaml", "reserve_trucks.count")),
    "s2.not_all_drivers": lambda: bool(plan("S2")[1].staffing.tests or plan("S2")[1].staffing.closed_loop),
    # --- S3
    "s3.households": lambda: households("S3"),
    "s3.weekly_need": lambda: weekly("S3"),
    "s3.weekly_total": lambda: weekly("S3") * households("S3"),
    "s3.deliveries_per_week": lambda: marks(("demand/weekly_13kg.yaml", "cycle_days")),
    "s3.central_sites": lambda: len(places("S3", "depot")),
    "s3.central_staff": lambda: headcount("S3", "site_workers"),
    "s3.central_staff_present": lambda: marks(("staffing/subdistrict.yaml", "attendance")),
    "s3.points": lambda: len(places("S3", "drop_point")),
    "s3.households_per_point": lambda: households("S3") / len(places("S3", "drop_point")),
    "s3.staff_per_point": lambda: headcount("S3", "door_team"),
    "s3.households_per_person": lambda: households("S3") / people("S3", "drop_point", "door_team"),
    "s3.point_staff": lambda: people("S3", "drop_point", "door_team"),
    "s3.point_households": lambda: households("S3"),
    "s3.all_staff": lambda: people("S3", "drop_point", "door_team") + people("S3", "depot", "site_workers"),
    "s3.no_clerks": lambda: paid("S3") - {"site_workers", "door_team"},
    "s3.no_drivers": lambda: drivers("S3"),
    "s3.vehicles": lambda: marks(("fleet/subdistrict.yaml", "vans.count")),
    "s3.at_home": lambda: "home" if last_stage("S3", "standard_crates") == "door" else "",
    # --- S4
    "s4.households": lambda: households("S4"),
    "s4.people": lambda: plan("S4")[1].scenario.households.persons_mean * households("S4"),
    "s4.weekly_need": lambda: weekly("S4"),
    "s4.weekly_total": lambda: weekly("S4") * households("S4"),
    "s4.points": lambda: len(places("S4", "depot")),
    "s4.convenience_staff": lambda: titled("S4", "depot", "point"),
    "s4.convenience_households": lambda: titled("S4", "depot", "point"),
    "s4.villages": lambda: titled("S4", "drop_point", "village"),
    "s4.estates": lambda: titled("S4", "drop_point", "estate"),
    "s4.no_central_site": lambda: len(places("S4", "gateway")) + len(places("S4", "station")),
    "s4.households_per_point": lambda: sum(served("S4")) / len(served("S4")),
    "s4.staff_per_point": lambda: headcount("S4", "site_workers"),
    "s4.staff": lambda: people("S4", "depot", "site_workers"),
    "s4.vehicles_per_point": lambda: plan("S4")[1].fleet["vans"].count,
    "s4.vehicles": lambda: plan("S4")[1].fleet["vans"].count * len(places("S4", "depot")),
    "s4.vehicle_goal": lambda: "village_checkpoint" if goes_to("S4", "village_lists") == "drop_point" else "",
    "s4.no_drivers": lambda: drivers("S4"),
    "s4.no_clerks": lambda: paid("S4") - {"site_workers"},
    "s4.areas": lambda: len({place.split("_")[0] for place in places("S4", "depot")}),
    "s4.door_volunteers": lambda: [f"village_{plan('S4')[1].staffing.crews['door_team'].people}"],
    "s4.door_volunteers_number": lambda: marks(("staffing/town.yaml", "crews.door_team.households_per_worker")),
    "s4.taken_at_door": lambda: last_stage("S4", "village_lists"),
    "s4.cycle": lambda: channel("S4", "village_lists").release.every_days,
    "s4.lead": lambda: next(step.gate.days_ahead for step in channel("S4", "village_lists").steps if step.gate),
    # --- S5
    "s5.small_shops": lambda: people("S5", "drop_point", "shop_people"),
    "s5.large_supermarkets": lambda: len(places("S5", "depot")),
    "s5.order_cycle": lambda: cycle("S5"),
    "s5.phone_cycle": lambda: channel("S5", "community_calls").release.every_days,
    "s5.information_person": lambda: people("S5", "drop_point", "information_people") * 350 / households("S5"),
    "s5.community_team": lambda: marks(("staffing/city_district.yaml", "crews.delivery_team.headcount")),
    "s5.small_shop_person": lambda: people("S5", "drop_point", "shop_people") / 200,
    "s5.small_bundles": lambda: "bundles" if channel("S5", SETS).bundles else "",
    "s5.small_unpaid": lambda: channel("S5", SETS).release.unpaid_share,
    "s5.small_goal": lambda: "compound" if channel("S5", SETS).consignment == "compound" else "",
    "s5.small_pick_up": lambda: (
        "pick_up" if "door" not in steps("S5", SETS) and "hand_out" in steps("S5", SETS) else ""
    ),
    "s5.platform_order": lambda: "" if channel("S5", PLATFORM).bundles else "own_order",
    "s5.platform_merge": lambda: channel("S5", PLATFORM).consignment == "compound",
    "s5.platform_sort": lambda: (
        ["platform_staff"] if stage("S5", PLATFORM, "platform_sort").crew == "platform_pickers" else []
    ),
    "s5.platform_goal": lambda: "compound_gate" if goes_to("S5", PLATFORM) == "drop_point" else "",
    "s5.platform_distance": lambda: spacing("S5", PLATFORM),
    "s5.small_no_distance": lambda: spacing("S5", SETS),
    "s5.large_no_distance": lambda: spacing("S5", FETCHED),
    "s5.large_sets": lambda: "bundles" if channel("S5", FETCHED).bundles else "",
    "s5.large_no_baskets": lambda: not channel("S5", FETCHED).bundles,
    "s5.large_fetch": lambda: ["subdistrict", "community"] if channel("S5", FETCHED).steps[3].leg.fetch else [],
    "s5.large_fetch_number": lambda: marks(("fleet/city_district.yaml", "subdistrict_vehicles.count")),
    "s5.large_goal": lambda: "compound_gate" if goes_to("S5", FETCHED) == "drop_point" else "",
    "s5.households_number": lambda: marks(("scenario/city_district.yaml", "scenario.geography.households")),
    "s5.no_last_100": lambda: [name for name in (SETS, PLATFORM, FETCHED) if last_stage("S5", name) == "door"],
    # --- S6
    "s6.goods_watched": lambda: list(plan("S6")[1].goods),
    "s6.goods_count": lambda: len(plan("S6")[1].goods),
    "s6.precaution_amount": lambda: marks(("demand/county_panic.yaml", "by_day.0.stock_up_days")),
    "s6.precaution_restock": lambda: len(channel("S6", "county_shops").release.shelf.restocked_at) > 0,
    "s6.precaution_restock_often": lambda: marks(("channel/county_shops.yaml", "release.shelf.restocked_at")),
    "s6.precaution_shelves": lambda: channel("S6", "county_shops").release.shelf is not None,
    "s6.precaution_limit": lambda: plan("S6")[1].staffing.crews["shop_places"].people == "equipment",
    "s6.precaution_limit_number": lambda: marks(("staffing/county.yaml", "crews.shop_places.households_per_worker")),
    "s6.precaution_open": lambda: "visit" in plan("S6")[1].tiers.settings["precaution"].open,
    "s6.precaution_step_1": lambda: next(iter(plan("S6")[1].supply.reserves)),
    "s6.controlled_days": lambda: plan("S6")[1].tiers.settings["controlled"].visit_every_days,
    "s6.reserve_order": lambda: list(plan("S6")[1].supply.reserves)[1:],
    "s6.rationing": lambda: plan("S6")[1].supply.ladder.rationing is not None,
    "s6.rationing_amount": lambda: marks(("supply/county_watched.yaml", "ladder.rationing.to")),
    "s6.high_risk_shops": lambda: "visit" not in plan("S6")[1].tiers.settings["sealed"].open,
    "s6.households_number": lambda: marks(("scenario/county.yaml", "scenario.geography.drop_points.0")),
    "s6a.daily": lambda: 1 / channel("S6A", "county_emergency_points").release.every_days,
    "s6a.carriers_number": lambda: marks(("staffing/county.yaml", "crews.carriers.households_per_worker")),
    "s6a.vehicles_number": lambda: marks(("fleet/county_vans.yaml", "vans.count")),
    "s6b.standard_packs": lambda: "county_packs" in plan("S6B")[2].channels,
    "s6b.pack_content": lambda: marks(("channel/county_packs.yaml", "parcel.content.vegetables")),
    "s6b.reserves": lambda: plan("S6B")[1].supply.reserves,
    # --- S7
    "s7.supermarkets": lambda: len(places("S7", "depot")),
    "s7.all_sealed": lambda: plan("S7")[1].tiers.default == "sealed",
    "s7.nearest": lambda: "nearest" if plan("S7")[1].scenario.geography.kind == "spread" else "",
    "s7.list_of_goods": lambda: "" if channel("S7", "nearest_store").bundles else "own_order",
    "s7.packing": lambda: ["supermarket"] if plan("S7")[1].fleet["vans"].drivers == "site_workers" else [],
    "s7.goal": lambda: "compound_point" if goes_to("S7", "nearest_store") == "drop_point" else "",
    "s7.money_first": lambda: "payment" in steps("S7", "nearest_store"),
    "s7.settled_on_arrival": lambda: "settle" in steps("S7", "nearest_store"),
    "s7.old_called": lambda: ["grid_worker"] if stage("S7", "store_on_credit", "call").crew == "callers" else [],
    "s7.to_hand": lambda: "household" if last_stage("S7", "nearest_store") == "door" else "",
    "s7.numbers": lambda: marks(("scenario/sealed_district.yaml", "scenario.geography.households")),
    "s7.no_pick_up": lambda: "hand_out" in steps("S7", "nearest_store"),
    "s7.no_volunteers": lambda: [
        crew for crew, spec in plan("S7")[1].staffing.crews.items() if spec.people == "volunteer"
    ],
    # --- 001.1 and 004.1
    "p001_1.firms": lambda: len(places("001.1", "depot")),
    "p001_1.unit": lambda: "grid" if channel("001.1", "grid_orders").consignment == "compound" else "",
    "p001_1.goal": lambda: "village_point" if goes_to("001.1", "grid_orders") == "drop_point" else "",
    "p001_1.pick_up": lambda: "pick_up" if last_stage("001.1", "grid_orders") == "gate" else "",
    "p001_1.numbers": lambda: marks(("scenario/ten_firms.yaml", "scenario.geography.households")),
    "p004_1.by_grid": lambda: "own_area" if plan("004.1")[1].scenario.geography.kind == "spread" else "",
    "p004_1.numbers": lambda: marks(("scenario/supermarkets_by_area.yaml", "scenario.geography.households")),
}
COUNTED = {"people", "vehicles", "places", "households", "goods", "calendar"}
# Facts of these kinds that no number or key of a scenario stands for, and why.
LEFT_OUT = {
    "s2.goods": "one group of goods: which they are changes nothing here",
    "s2.gateway_where": "a place is a place",
    "s2.gateway_functions": "storage, disinfection, rest and meals are steps; see docs/systems.md",
    "s2.gateway_area": "tiers of this plan are controlled and sealed",
    "s2.reserve_modes": "roads only",
    "s2.fixed_drivers_who": "no such drivers here",
    "s2.fixed_drivers_port": "no port here",
    "s2.households_number": "the listed communities are marked A line by line",
    "s3.goods": "one group of goods",
    "s3.central_site_building": "a name",
    "s3.central_site_stock": "steps pack and deliver start there; no limits on stock",
    "s3.leaders": "oversight, not work",
    "s3.central_staff_missing": "attendance, which is varied",
    "s3.volunteers": "a variant: more people at the points",
    "s3.volunteers_number": "likewise",
    "s3.communities": "organisation",
    "s4.weekly_need_goods": "one group of goods",
    "s4.goods": "one group of goods",
    "s4.convenience_points": "without households or staff they do nothing",
    "s4.stored_at_points": "steps start there",
    "s4.shops": "a name",
    "s4.handover": "the checkpoint is the drop point",
    "s4.village_lister": "reads nobody's time here: the list is there at the cut-off",
    "s4.slots": "one village after the other, by the vehicles that there are",
    "s4.young_volunteers": "volunteers as they are",
    "s5.platforms": "their people stand where the supermarkets are: a drop point has one depot",
    "s5.until": "masked",
    "s5.order_to": "the information person's time is not asked for",
    "s5.phone_by": "the community's team",
    "s5.delivery_point_per_compound": "the drop point of a community stands for those of its four compounds",
    "s5.community_contact": "organisation",
    "s5.small_contact": "tells residents; no time",
    "s5.large_set_goods": "staple is rice, flour and oil",
    "s6.goods_short": "among the eight",
    "s6.watch_daily": "the review of stock",
    "s6.precaution_shock": "all goods are bought on top alike",
    "s6.precaution_link": "one source",
    "s6.controlled_stalls": "stalls and vans are one channel",
    "s6.controlled_persons": "a visit is one person's",
    "s6.controlled_priority": "the buying team",
    "s6.priority_groups": "one share",
    "s6.controlled_more_people": "varied",
    "s6.buying_team": "one crew",
    "s6.substitutes": "no substitutes between goods",
    "s6.vehicle_passes": "passes are there for all",
    "s6.transfer_station": "see S2",
    "s6.transfer_functions": "see S2",
    "s6.short_trips": "see S1: requisition",
    "s6.short_trips_where": "likewise",
    "s6.high_risk_points": "the drop point",
    "s6.high_risk_packs": "strategy county_packs_when_sealed",
    "s6.teams_controlled": "organisation",
    "s6a.scope": "two communities",
    "s6a.list": "the supplier reads the list",
    "s6a.suppliers": "each drop point has one depot",
    "s6a.supplier_number": "likewise",
    "s6a.points": "the drop point",
    "s6a.points_number": "one a community, A",
    "s6a.carriers": "step carry",
    "s6a.transport": "the suppliers' vans",
    "s6a.standard_packs": "strategy county_packs_when_sealed",
    "s6a.teams": "organisation",
    "s6b.scope": "the calendar of tiers",
    "s6b.suppliers": "each drop point has one depot",
    "s6b.transport": "the suppliers' vans",
    "s6b.to_village": "the suppliers' vans",
    "s6b.to_door": "step carry",
    "s6b.emergency_points": "the drop point",
    "s6b.numbers": "as S6",
    "s6b.teams": "organisation",
    "s6b.city_help": "reserves of the ladder",
    "s6b.neighbours_help": "reserves of the ladder",
    "s7.chat_group": "the list is there at its time",
    "s7.compiler": "crew clerks",
    "s7.storage_point": "the drop point",
    "s7.to_hand_who": "crew door_team",
    "s7.supermarket_contact": "organisation",
    "p001_1.grid_worker_compiles": "crew grid_workers; its own time for lists is not asked for",
    "p001_1.grid_worker_pays": "delay paid",
    "p001_1.dynamic": "every day",
    "p004_1.scattered": "crew door_team",
    "p004_1.villages": "crew door_team",
    "p004_1.stock_more": "no limits on stock",
}
FILES = {
    ("S2",): ["scenario/sealed_region", "staffing/sealed_region", "fleet/sealed_region", "tiers/sealed_region",
              "demand/weekly_13kg_as_s3", "channel/crates_gateway_when_sealed", "channel/crates_through_gateway"],
    ("S3",): ["scenario/subdistrict", "staffing/subdistrict", "fleet/subdistrict", "demand/weekly_13kg"],
    ("S4",): ["scenario/town", "staffing/town", "fleet/town_vans", "demand/every_3_days_13kg", "channel/village_lists"],
    ("S5",): ["scenario/city_district", "staffing/city_district", "fleet/city_district", "demand/every_3_days",
              "goods/sets_of_supermarkets", f"channel/{SETS}", f"channel/{PLATFORM}", f"channel/{FETCHED}",
              "channel/community_calls"],
    ("S6", "S6A", "S6B"): ["scenario/county", "scenario/county_sealed", "staffing/county", "fleet/county_vans",
                           "demand/county_panic", "goods/eight_watched", "supply/county_watched",
                           "tiers/county_three_tiers",
                           "tiers/county_all_sealed", "channel/county_shops", "channel/county_stalls",
                           "channel/county_online", "channel/county_emergency_points", "channel/county_packs",
                           "channel/county_buying_team"],
    ("S7",): ["scenario/sealed_district", "staffing/sealed_district", "fleet/sealed_district", "demand/lists_13kg",
              "channel/nearest_store", "channel/store_on_credit"],
    ("001.1",): ["scenario/ten_firms", "staffing/ten_firms", "fleet/ten_firms", "channel/grid_orders"],
    ("004.1",): ["scenario/supermarkets_by_area", "staffing/supermarkets_by_area", "fleet/supermarkets_by_area",
                 "channel/area_lists"],
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_the_scenario_has_what_the_plan_says(name: str) -> None:
    found = FOUND[name]()
    assert agrees(FACTS[name], found), (FACTS[name]["what"], FACTS[name]["value"], found)


@pytest.mark.parametrize("name", PLANS)
def test_every_fact_that_can_be_counted_is_compared_or_left_out_with_a_reason(name: str) -> None:
    counted = {fact["id"] for fact in ENTRIES[name]["facts"] if fact["kind"] in COUNTED}
    assert counted - set(FOUND) - set(LEFT_OUT) == set()
    assert not set(FOUND) & set(LEFT_OUT)


@pytest.mark.parametrize(
    ("systems", "files"), FILES.items(), ids=lambda part: part[0] if isinstance(part, tuple) else ""
)
def test_what_is_marked_s_quotes_this_very_plan(systems: tuple[str, ...], files: list[str]) -> None:
    """A number borrowed from another plan is A: whatever is marked S quotes words of this one."""
    said = words_of(*systems)
    for file in files:
        for line, words in quotes(f"{file}.yaml"):
            assert words, (file, line)
            assert words in said, (file, line)


@pytest.mark.parametrize("name", sorted({scenario for scenario, _ in PLANS.values()}))
def test_the_title_names_the_plan(name: str) -> None:
    """What `simsupply list scenarios` shows."""
    title = ss.load_scenario(name).settings.title
    number = next(number for number, (scenario, _) in PLANS.items() if scenario == name)
    assert title.en.startswith(f"Plan {number}: ")
    assert title.zh.startswith(f"方案{number}：")


def test_a_wrong_number_is_found() -> None:
    """Sixteen points with eight people and two clerks each are not the plan's."""
    assert not agrees(FACTS["s4.points"], 16)
    assert not agrees(FACTS["s4.staff"], 16 * 8)
    assert not agrees(FACTS["s4.no_clerks"], {"clerks"})
    assert not agrees(FACTS["s4.vehicles_per_point"], 4)
    assert not agrees(FACTS["s3.vehicles"], ["S"])
    assert agrees(FACTS["s4.vehicles_per_point"], 3)
