"""A plan in which everything has a name that nobody should read (``zz_...``), and a title in each language."""

from __future__ import annotations

from typing import Any

Plain = dict[str, Any]
NAME = "zz_"
SHIFT = {"start": "08:00", "end": "18:00"}
TITLES = {
    "plan": ("Valley", "山谷"),
    "way": ("By cart and van", "车队送菜"),
    "hall": ("Village hall", "村委会大院"),
    "barn": ("Barn", "粮仓"),
    "post": ("East post", "东站"),
    "mill": ("Mill end", "磨坊头"),
    "lane": ("Willow lane", "柳树巷"),
    "packers": ("Packers", "打包组"),
    "loaders": ("Loaders", "装车组"),
    "walkers": ("Walkers", "入户组"),
    "vans": ("Minivans", "面包车队"),
    "carts": ("Tricycles", "三轮车队"),
    "greens": ("Greens", "青菜"),
    "rice": ("Rice", "大米"),
    "milk": ("Milk powder", "婴儿奶粉"),
    "infant": ("With a baby", "有婴儿家庭"),
    "baskets": ("Baskets", "菜篮子"),
    "bags": ("Rice bags", "应急米袋"),
    "make_up": ("Make up baskets", "按单配菜"),
    "stow": ("Stow", "码货"),
    "ride": ("Ride", "乡道运输"),
    "rest": ("Air out", "通风静置"),
    "knock": ("Knock", "敲门递送"),
    "fill": ("Fill bags", "装米袋"),
    "roll": ("Roll out", "运米"),
    "backlog": ("Too many orders", "订单太多"),
    "snow": ("Heavy snow", "大雪封路"),
    "cold": ("Sick leave", "组员病假"),
    "market": ("Town market", "镇批发市场"),
    "silo": ("Silo", "县储备库"),
}


def name(what: str) -> str:
    return NAME + what


def title(what: str) -> Plain:
    en, zh = TITLES[what]
    return {"en": en, "zh": zh}


def _titled(what: str, **keys: Any) -> Plain:
    return {"title": title(what), **keys}


def _place(what: str, **keys: Any) -> Plain:
    return {"name": name(what), "title": title(what), **keys}


def _step(kind: str, what: str, **keys: Any) -> Plain:
    return {kind: {"name": name(what), "title": title(what), **keys}}


def _crew(what: str, at: str, headcount: int, **keys: Any) -> Plain:
    return _titled(what, at=at, headcount=headcount, at_shift_end="finish", shifts=[dict(SHIFT)], **keys)


def _fleet(what: str, at: str, parcels: int, speed: float) -> Plain:
    keys = {"at": at, "count": 1, "payload_kg": 400, "payload_parcels": parcels, "speed_km_h": speed}
    return _titled(what, **keys, shifts=[dict(SHIFT)])


SCENARIO: Plain = {
    "scenario": {
        "name": name("plan"),
        "title": title("plan"),
        "horizon_days": 4,
        "run_out_days": 2,
        "service_target_days": 2,
        "priority_target_hours": 24,
        "geography": {
            "kind": "listed",
            "depots": [_place("hall", docks=1), _place("barn", docks=1, candidate=True, opening_cost=1000.0)],
            "stations": [_place("post", depot=name("hall"), distance_km=2.0)],
            "drop_points": [
                _place("mill", households=40, distance_km=1.2, station=name("post")),
                _place("lane", households=60, distance_km=9.0, depot=name("hall")),
            ],
        },
        "households": {
            "persons_mean": 2.5,
            "lift_share": 0.5,
            "households_per_building": 10,
            "priority_share": 0.1,
            "kinds": {name("infant"): _titled("infant", share=0.2)},
        },
    },
    "demand": {"kind": "cycle", "cycle_days": 1, "lines_per_order": 6},
    "staffing": {
        "attendance": 0.8,
        "crews": {
            name("packers"): _crew("packers", "depot", 2),
            name("loaders"): _crew("loaders", "depot", 1),
            name("walkers"): _crew("walkers", "drop_point", 1),
        },
    },
    "fleet": {name("vans"): _fleet("vans", "depot", 20, 28), name("carts"): _fleet("carts", "station", 10, 10)},
    "goods": {
        name("greens"): _titled("greens", kg_per_person_day=0.4, pantry_days={"low": 0, "high": 1}),
        name("rice"): _titled("rice", kg_per_person_day=0.3, pantry_days={"low": 0, "high": 1}),
        name("milk"): _titled(
            "milk", kg_per_person_day=0.1, pantry_days={"low": 0, "high": 1}, needed_by=name("infant")
        ),
    },
    "shocks": {
        name("snow"): _titled("snow", kind="road", speed=0.0, from_day=1, to_day=1, to_time="20:00"),
        name("cold"): _titled("cold", kind="staff", crews=[name("packers")], capacity=0.5, from_day=2, to_day=3),
    },
    "supply": {
        "stock": {name(what): {"initial_days": 1.0, "order_up_to_days": 2.0} for what in ("greens", "rice", "milk")},
        "sources": {name("market"): _titled("market", daily_kg={name("greens"): 60.0}, lead_time={"mean_hours": 12.0})},
        "reserves": {name("silo"): _titled("silo", kg={name("rice"): 50.0}, delay_hours=5.0)},
        "review": {"at": "12:00"},
        "ladder": {
            "below_days": 0.8,
            "above_days": 1.5,
            "rationing": {"to": 0.5, "below_days": 0.3, "above_days": 1.0},
        },
    },
}
_EFFORT = {"per_order_min": 2.0, "per_line_min": 0.5}
_ROUNDS = {"households": 8, "carry_kg": 60, "walk_min": 6, "door_with_lift_min": 2, "door_without_lift_min": 3}
STRATEGY: Plain = {
    "name": name("way"),
    "title": title("way"),
    "channels": {
        name("baskets"): {
            "name": name("baskets"),
            "title": title("baskets"),
            "release": {"kind": "order"},
            "steps": [
                _step("stage", "make_up", at="depot", crew=name("packers"), effort=_EFFORT),
                _step("stage", "stow", at="depot", crew=name("loaders"), effort={"per_parcel_min": 0.3}),
                _step("leg", "ride", **{"from": "depot", "to": "drop_point", "fleet": name("vans")}),
                _step("delay", "rest", minutes=30),
                _step(
                    "stage",
                    "knock",
                    at="drop_point",
                    crew=name("walkers"),
                    per="round",
                    contact="door",
                    rounds=_ROUNDS,
                ),
            ],
        },
        name("bags"): {
            "name": name("bags"),
            "title": title("bags"),
            "release": {"kind": "allot", "every_days": 2},
            "parcel": {"content": {name("rice"): 3.0}, "per": "household"},
            "steps": [
                _step("stage", "fill", at="depot", crew=name("packers"), effort={"per_parcel_min": 0.5}),
                _step("leg", "roll", **{"from": "depot", "to": "drop_point", "fleet": name("vans")}),
            ],
        },
    },
    "mix": [{"channel": name("baskets")}, {"channel": name("bags"), "when": name("backlog")}],
    "triggers": {name("backlog"): _titled("backlog", metric="backlog_days", above=0.2)},
}
