"""Random small plans of the demand side: who wants what, and everything a strategy may say about it, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

import simsupply as ss
from simsupply.config.load import fit
from tests.plans.demand_plans import ROUND_THE_CLOCK, in_tiers, mix, only_for, open_gate, use, way, with_goods
from tests.plans.paper_plans import Plain, crew, delay, door, fleet, leg, shift, stage, world
from tests.plans.random_plans import BREAKDOWN, MINUTES, SPREAD

TIERS = ("precaution", "controlled", "sealed")
KINDS = {"infants": {"share": 0.3}, "chronic": {"share": 0.3, "is_priority": True}}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GOODS = ("staple", "milk", "medicine")
SHIFTS = (
    (shift("08:00", "18:00"),),
    (shift("00:00", "24:00"),),
    (shift("08:00", "12:00"), shift("13:00", "17:30", ("15:00", "15:15"))),
)
LAST = "end"
"""How the name of every channel's last step begins: a step of all its orders, whatever their tier."""


@st.composite
def resident_plans(
    draw: st.DrawFn,
    kinds_of_demand: tuple[str, ...] = ("purchases", "surge", "cycle"),
    *,
    days_alike: bool = False,
    one_at_once: bool = False,
) -> Any:
    """A scenario and a strategy; what the checks refuse is drawn again.

    `days_alike`: need and demand are the same on all days. `one_at_once`: nobody places several orders at once.
    """
    plan = draw(worlds(kinds_of_demand))
    if days_alike:
        plan["demand"].pop("by_day", None)
        for group in plan.get("goods", {}).values():
            del group["by_day"]
    if one_at_once:
        plan["demand"]["orders_at_once"] = 1
    decided = draw(mixes(plan))
    try:
        fit(ss.load_scenario(plan), ss.load_strategy(decided))
    except ss.InputError:
        reject()
    return plan, decided


# --- the world ----------------------------------------------------------------------------------------


@st.composite
def worlds(draw: st.DrawFn, kinds_of_demand: tuple[str, ...]) -> Plain:
    """People with kinds and compounds, needs by goods or of all food together, wishes, tiers, staff."""
    sizes = draw(st.lists(st.integers(1, 12), min_size=1, max_size=3))
    depots = draw(st.integers(1, 2))
    horizon, has_goods = draw(st.integers(3, 7)), draw(st.booleans())
    geography = {
        "kind": "listed",
        "world_seed": draw(st.integers(0, 9)),
        "depots": [{"name": f"site{number}", "docks": draw(st.integers(1, 2))} for number in range(depots)],
        "drop_points": [
            {
                "name": f"d{number}",
                "households": count,
                "depot": f"site{number % depots}",
                "distance_km": draw(st.sampled_from([1.0, 10])),
            }
            for number, count in enumerate(sizes)
        ],
    }

    def team(at: str, *shifts: Plain, **more: Any) -> Plain:
        shifts = shifts or draw(st.sampled_from(SHIFTS))
        return crew(draw(st.integers(1, 4)), at, *shifts, breakdown=draw(BREAKDOWN), **more)

    crews = {
        "clerks": team("depot"),
        "packers": team("depot", at_shift_end=draw(st.sampled_from(["finish", "pause", "hand_over", "fit"]))),
        "counters": team("drop_point"),
        "walkers": team("drop_point"),
        "shop_floor": team("drop_point", ROUND_THE_CLOCK, people="equipment"),
    }
    vans = fleet(
        draw(st.integers(1, 2)),
        "depot",
        *draw(st.sampled_from(SHIFTS)),
        payload_parcels=draw(st.integers(3, 30)),
        speed_cv=draw(st.sampled_from([0, 0.3])),
    )
    plan = world(
        geography,
        crews,
        {"vans": vans},
        demand=draw(demands(kinds_of_demand, horizon, has_goods)),
        attendance=draw(st.sampled_from([0.6, 1, 1])),
        people={
            "persons_mean": draw(st.sampled_from([1, 2.5])),
            "lift_share": 0.5,
            "priority_share": draw(st.sampled_from([0, 0.3])),
            "households_per_building": draw(st.integers(1, 4)),
            "households_per_compound": draw(st.sampled_from([None, 1, 3, 5])),
            "kinds": KINDS,
            "pantry_days": {"low": 0, "high": draw(st.integers(0, 3))},
        },
        start_date=draw(st.sampled_from([None, "2022-03-11"])),
        horizon_days=horizon,
        run_out_days=draw(st.integers(0, 3)),
    )
    if has_goods:
        plan = with_goods(plan, draw(needs(horizon)))
    return draw(tiered(plan)) if draw(st.integers(0, 3)) else plan


@st.composite
def demands(draw: st.DrawFn, kinds_of_demand: tuple[str, ...], horizon: int, has_goods: bool) -> Plain:
    """What residents want."""
    kind = draw(st.sampled_from([kinds_of_demand[0], *kinds_of_demand]))
    numbers: dict[str, list[float]] = {} if has_goods else {"need_kg_per_household_week": [7, 14, 21]}
    if kind != "cycle":
        numbers["multiplier"] = [1, 7.5]
    if kind == "purchases":
        numbers["purchases_per_household_day"] = [0.2, 0.9]
    common = {
        "kind": kind,
        "need_kg_per_household_week": 14,
        "lines_per_order": 3,
        "release_time": draw(st.sampled_from(["00:00", "08:20"])),
        "orders_at_once": draw(st.sampled_from([1, 1, 2, 3 if kind == "cycle" else {"mean": 1.5}])),
    }
    if numbers:
        common["by_day"] = draw(days_that_differ(horizon, numbers))
    if kind == "cycle":
        return common | {"cycle_days": draw(st.integers(1, 3))}
    if kind == "surge":
        return common | {
            "normal_orders_per_household_day": 0.1,
            "multiplier": draw(st.sampled_from([3, 10, 23])),
            "order_covers_days": 2,
        }
    return common | {
        "purchases_per_household_day": draw(st.sampled_from([0.3, 0.6, 1])),
        "online_share": draw(st.sampled_from([0.04, 0.5, 1])),
        "max_lines": 9,
        "max_cover_days": draw(st.sampled_from([1, 3, 5.5])),
        "low_pantry_days": draw(st.sampled_from([None, 1.5])),
        "stock_up_days": draw(st.sampled_from([0, 0, 2.5])),
        "retries_per_day": draw(st.sampled_from([0, 1.5])),
        "multiplier": draw(st.sampled_from([1, 1, 2.5])),
    }


@st.composite
def days_that_differ(draw: st.DrawFn, horizon: int, numbers: Mapping[str, list[float]]) -> list[Plain]:
    """Entries of `by_day`, most often none."""
    return [
        {
            "from_day": draw(st.integers(0, horizon - 1)),
            "weekdays": draw(st.sampled_from([[], ["tue", "sat"]])),
            **{name: draw(st.sampled_from(values)) for name, values in numbers.items()},
        }
        for _ in range(draw(st.sampled_from([0, 0, 1, 2])))
    ]


@st.composite
def needs(draw: st.DrawFn, horizon: int) -> Plain:
    """Groups of goods: one for all, one for each kind of household."""
    needed_by = {"milk": "infants", "medicine": "chronic"}
    return {
        name: {
            "kg_per_person_day": draw(st.sampled_from([0.1, 0.5, 1])),
            "by_day": draw(days_that_differ(horizon, {"kg_per_person_day": [0.1, 0.7, 2]})),
            "pantry_days": {"low": 0, "high": draw(st.integers(0, 3))},
            **({"needed_by": needed_by[name]} if name in needed_by else {}),
        }
        for name in GOODS[: draw(st.integers(1, 3))]
    }


@st.composite
def tiered(draw: st.DrawFn, plan: Plain) -> Plain:
    """The plan with tiers by a calendar or an epidemic."""
    settings = {
        name: {
            # Orders and parcels are always possible, so that somebody is served.
            "open": ["allot", "order", *draw(st.sampled_from([[], ["group"], ["visit"], ["group", "visit"]]))],
            "entry": draw(st.sampled_from(["door", "gate", "checkpoint"])),
            "last_mile": draw(st.sampled_from(["carry", "slots", "self"])),
            "visit_every_days": draw(st.sampled_from([None, 1, 2])),
            "attendance": draw(st.sampled_from([None, 0.5])),
            "checkpoint_min": draw(st.sampled_from([0, 0, 12.5])),
        }
        for name in TIERS
    }
    if draw(st.integers(0, 4)) == 0:
        epidemic = {
            "first_day": 0,
            "import_days": 3,
            "imported_per_day": draw(st.sampled_from([0.5, 2])),
            "unknown_share": 0.3,
            "secondary_mean": 1.5,
            "secondary_days": 2,
            "sealed_factor": 0.3,
            "elsewhere_share": 0.4,
            "rules": {
                "window_days": 14,
                "incubation_days": 2,
                "linked_cases": 2,
                "unknown_cases": 2,
                "any_case": "controlled",
                "outbreak": "sealed",
                "around_outbreak": "controlled",
                "community_spread": "sealed",
            },
        }
        return {**plan, "tiers": {"epidemic": epidemic, "settings": settings}}
    horizon = plan["scenario"]["horizon_days"]
    change = draw(st.integers(1, horizon - 1))
    names = [place["name"] for place in plan["scenario"]["geography"]["drop_points"]]
    periods = [{"tier": draw(st.sampled_from(TIERS)), "from_day": change}]
    if draw(st.booleans()):
        some = {"communities": names[:1], "to_day": change + 1, "compounds_share": draw(st.sampled_from([0.4, 1.0]))}
        periods.append({"tier": draw(st.sampled_from(TIERS)), "from_day": draw(st.integers(0, change))} | some)
    return in_tiers(plan, *periods, default=draw(st.sampled_from(TIERS)), **settings)


# --- what is decided ----------------------------------------------------------------------------------


@st.composite
def mixes(draw: st.DrawFn, plan: Plain) -> Plain:
    """Some channels side by side, one of them open to all, and triggers that switch the others."""
    is_purchase = plan["demand"]["kind"] == "purchases"
    goods = list(plan.get("goods", {"food": None}))
    leave = draw(st.sampled_from([{"kind": "planned"}, {"kind": "full", "orders": 3, "at": ["11:00", "16:00"]}]))
    kinds = ["order", "group", "allot", *(["visit"] if is_purchase else [])]
    names = ["base", "second", "third", "fourth"][: draw(st.integers(1, 4))]
    channels = [draw(ways(plan, names[0], draw(st.sampled_from(["order", "allot"])), goods, leave, True))]
    channels += [draw(ways(plan, name, draw(st.sampled_from(kinds)), goods, leave)) for name in names[1:]]
    horizon = plan["scenario"]["horizon_days"]
    uses = [use(channels[0])]
    for channel in channels:
        # A channel may have several uses, for several tiers or kinds of household.
        for _ in range(draw(st.integers(int(channel is not channels[0]), 2))):
            from_day = draw(st.sampled_from([0, 0, 0, 1, 2]))
            more: Plain = {"from_day": from_day}
            if draw(st.integers(0, 3)) == 0:
                more["to_day"] = draw(st.integers(from_day + 1, horizon))
            if "tiers" in plan and draw(st.booleans()):
                more["tiers"] = draw(st.lists(st.sampled_from(TIERS), min_size=1, max_size=2, unique=True))
            if draw(st.integers(0, 2)) == 0:
                more[draw(st.sampled_from(["households", "excludes"]))] = [
                    draw(st.sampled_from(["priority", "infants", "chronic"]))
                ]
            if channel["release"]["kind"] != "allot" and len(uses) < 5 and draw(st.booleans()):
                more["share"] = draw(st.sampled_from([0.1, 0.2, 0.25]))
            uses.append(use(channel, **more))
    triggers = {}
    for number in range(draw(st.integers(0, min(2, len(uses) - 1)))):
        name = f"trigger{number}"
        triggers[name] = draw(trigger(channels))
        uses[draw(st.integers(1, len(uses) - 1))][draw(st.sampled_from(["when", "unless"]))] = name
    return mix(*draw(st.permutations(uses)), triggers=triggers)


@st.composite
def trigger(draw: st.DrawFn, channels: list[Plain]) -> Plain:
    """A switch with any of the metrics."""
    metric = draw(st.sampled_from(["backlog_days", "rejection_rate", "households_past_days"]))
    above = draw(st.sampled_from([0, 0.1, 0.4]))
    says: Plain = {"metric": metric, "above": above, "above_days": draw(st.integers(1, 2))}
    if draw(st.booleans()):
        says |= {"below": draw(st.sampled_from([0, above])), "below_days": draw(st.integers(1, 2))}
    if metric == "households_past_days":
        return says | {"past_days": draw(st.sampled_from([0.5, 1, 2]))}
    watched = [channel["name"] for channel in channels if channel["release"]["kind"] != "visit"]
    return says | {"channel": draw(st.sampled_from([None, *watched]))}


@st.composite
def ways(
    draw: st.DrawFn, plan: Plain, name: str, kind: str, goods: list[str], leave: Plain, for_all: bool = False
) -> Plain:
    """One channel."""
    release: Plain = {"kind": kind}
    more: Plain = {}
    if kind != "allot":
        release["once_in_days"] = draw(st.sampled_from([None, None, 2]))
        release["unpaid_share"] = draw(st.sampled_from([0, 0, 0.3]))
        release["excludes"] = [] if for_all else draw(st.sampled_from([[], [], ["infants"], ["priority"]]))
    if kind == "allot":
        release |= {"every_days": draw(st.integers(1, 4)), "at": draw(st.sampled_from(["00:00", "06:30", "09:00"]))}
    elif kind == "order":
        calendar = draw(st.sampled_from(["none", "every", "week"]))
        if calendar == "every":
            release["every_days"] = draw(st.integers(1, 3))
        elif calendar == "week":
            release["weekdays"] = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=2, max_size=5, unique=True))
        release["cut_off"] = draw(st.sampled_from([None, "07:00", "09:00", "15:00"]))
        if draw(st.booleans()):
            limits: Plain = {"first": draw(st.sampled_from([[], ["infants"], ["priority"]]))}
            limits["promise_days"] = draw(st.sampled_from([None, 0.02, 0.5]))
            limits["orders_per_day"] = draw(st.integers(0, 8)) if limits["promise_days"] is None else None
            more["acceptance"] = limits
    elif kind == "group":
        release |= {
            "window_days": draw(st.integers(1, 2)),
            "closes": draw(st.sampled_from(["07:00", "09:00", "15:00"])),
            "min_sets": draw(st.integers(1, 5)),
            "below": draw(st.sampled_from(["wait", "dissolve"])),
        }
    else:
        release |= {"opens": draw(st.sampled_from(["07:00", "09:00"])), "closes": "19:00"}
        shelves = [None, {"days": 0.3}, {"days": 0.5, "restocked_at": ["11:00", "15:00"]}]
        release |= {"shelf": draw(st.sampled_from(shelves))}
    more |= draw(contents(goods))
    more["consignment"] = draw(st.sampled_from(["drop_point", "compound"]))
    return way(name, *draw(steps(plan, name, kind, leave)), release=release, **more)


@st.composite
def contents(draw: st.DrawFn, goods: list[str]) -> Plain:
    """What is in the parcels; no two bundles of a channel weigh the same, so that weight tells them apart."""
    what = draw(st.sampled_from(["need", "need", "some", "kg", "content", "person", "bundles"]))
    some = goods[: draw(st.integers(1, len(goods)))]
    content = dict.fromkeys(some, 1.3)
    if what == "some":
        return {"parcel": {"goods": [draw(st.sampled_from(goods))]}}
    if what == "kg":
        return {"parcel": {"kg": 2.5, "lines": 2}}
    if what in ("content", "person"):
        return {"parcel": {"content": content, "per": "person" if what == "person" else "household"}}
    if what == "bundles":
        title = {"en": "Set", "zh": "套餐"}
        return {
            "bundles": {
                "small": {"title": title, "share": 0.3, "content": {some[0]: 0.7}},
                "large": {"title": title, "share": 0.7, "content": {**content, some[0]: 3.1}, "lines": 7},
            }
        }
    return {}


@st.composite
def steps(draw: st.DrawFn, plan: Plain, name: str, kind: str, leave: Plain) -> list[Plain]:
    """From list to door; some of the way depends on the tier, and all orders end with one last step."""
    last = delay(f"{LAST}_{name}", 0)
    if kind == "visit":
        effort = {"per_order_min": draw(MINUTES), "per_line_min": 0.5}
        queue = {"spacing_m": draw(st.sampled_from([1, 2])), "walk_m_per_min": 40}
        more = {"effort": effort, "queue": queue, "contact": "shop", "variability": draw(SPREAD)}
        return [stage(f"buy_{name}", "shop_floor", "drop_point", discipline="fifo", **more), last]
    chain = []
    if draw(st.booleans()):
        effort = {"per_consignment_min": draw(MINUTES), "per_kg_min": 0.1}
        chain.append(stage(f"compile_{name}", "clerks", per="consignment", effort=effort))
    effort = {"per_order_min": draw(MINUTES), "per_line_min": 0.3}
    chain.append(stage(f"pack_{name}", "packers", effort=effort, variability=draw(SPREAD)))
    chain.append(leg(f"drive_{name}", "vans", leave=leave, load={"per_parcel_min": draw(st.integers(0, 3))}))
    if draw(st.booleans()):
        barrier = open_gate(
            f"gate_{name}",
            "08:30",
            draw(st.sampled_from(["11:00", "18:00"])),
            weekdays=draw(st.sampled_from([[], [], ["tue", "sat", "sun"]])),
            days_ahead=draw(st.sampled_from([0, 0, 1])),
            slots=draw(st.sampled_from([None, {"minutes": 45, "households": 2, "no_show_share": 0.2}])),
        )
        chain.append(barrier)
    fetch = stage(
        f"fetch_{name}", "counters", "drop_point", discipline="fifo", effort={"per_order_min": 2}, contact="gate"
    )
    carry = door(draw(st.integers(1, 4)), 4, effort={"per_order_min": draw(st.sampled_from([0, 0.5]))})
    carry["stage"] |= {"name": f"door_{name}", "contact": draw(st.sampled_from([None, "door"]))}
    if "tiers" in plan and draw(st.booleans()):
        by = draw(st.sampled_from(["tiers", "last_mile", "entry"]))
        values = {
            "tiers": [["sealed", "controlled"], ["precaution"]],
            "last_mile": [["carry"], ["slots", "self"]],
            "entry": [["door", "gate"], ["checkpoint"]],
        }[by]
        chain += [only_for(fetch, **{by: values[0]}), only_for(carry, **{by: values[1]})]
    else:
        chain += [step for step in (fetch, carry) if draw(st.booleans())]
    return [*chain, last]
