"""A plan in which every name is Chinese: places, crews, fleets, goods, kinds, shocks, channels, steps, triggers.

Some have titles and some have none; some names hold blanks, brackets and quotes.
"""

from __future__ import annotations

from typing import Any

Plain = dict[str, Any]
SHIFT = {"start": "08:00", "end": "18:00"}


def _crew(at: str, headcount: int, **more: Any) -> Plain:
    return {"at": at, "headcount": headcount, "at_shift_end": "finish", "shifts": [dict(SHIFT)], **more}


SCENARIO: Plain = {
    "scenario": {
        "name": "张家屯",
        "title": "张家屯",
        "horizon_days": 4,
        "run_out_days": 2,
        "service_target_days": 2,
        "priority_target_hours": 24,
        "geography": {
            "kind": "listed",
            "depots": [{"name": "村委会大院", "docks": 1}],
            "stations": [{"name": "东 站（一队）", "depot": "村委会大院", "distance_km": 2.0}],
            "drop_points": [
                {"name": "东头", "households": 40, "distance_km": 1.2, "station": "东 站（一队）"},
                {"name": "硚口路'甲'", "households": 60, "distance_km": 2.0, "depot": "村委会大院"},
            ],
        },
        "households": {
            "persons_mean": 2.5,
            "lift_share": 0.5,
            "households_per_building": 10,
            "priority_share": 0.1,
            "kinds": {
                "婴幼儿": {"share": 0.2, "title": {"en": "With an infant", "zh": "有婴幼儿的家庭"}},
                "独居老人": {"share": 0.1, "is_priority": True},
            },
        },
    },
    "demand": {"kind": "cycle", "cycle_days": 1, "lines_per_order": 6},
    "staffing": {
        "attendance": 0.9,
        "crews": {
            "打包": _crew("depot", 3, title={"en": "Packers", "zh": "打包组"}),
            "装 车": _crew("depot", 1),
            "入户": _crew("drop_point", 1),
        },
    },
    "fleet": {
        "面包车": {
            "at": "depot",
            "count": 1,
            "payload_kg": 500,
            "payload_parcels": 20,
            "speed_km_h": 28,
            "shifts": [dict(SHIFT)],
        },
        "三轮": {
            "at": "station",
            "count": 1,
            "payload_kg": 200,
            "payload_parcels": 10,
            "speed_km_h": 10,
            "shifts": [dict(SHIFT)],
        },
    },
    "goods": {
        "蔬菜": {
            "kg_per_person_day": 0.4,
            "pantry_days": {"low": 0, "high": 1},
            "title": {"en": "Greens", "zh": "新鲜蔬菜"},
        },
        "米面": {"kg_per_person_day": 0.3, "pantry_days": {"low": 0, "high": 3}},
        "奶粉": {"kg_per_person_day": 0.1, "pantry_days": {"low": 0, "high": 1}, "needed_by": "婴幼儿"},
    },
    "shocks": {
        "大雪": {"kind": "fleet", "fleets": ["面包车"], "from_day": 1, "to_day": 2, "capacity": 0.5},
    },
}
_EFFORT = {"per_order_min": 2.0, "per_line_min": 0.5}
STRATEGY: Plain = {
    "name": "各队送菜",
    "title": "各队送菜上门",
    "channels": {
        "菜篮子": {
            "name": "菜篮子",
            "title": "菜篮子",
            "release": {"kind": "order"},
            "steps": [
                {
                    "stage": {
                        "name": "配货",
                        "title": {"en": "Make up baskets", "zh": "按单配货"},
                        "at": "depot",
                        "crew": "打包",
                        "effort": _EFFORT,
                    }
                },
                {"stage": {"name": "装 车", "at": "depot", "crew": "装 车", "effort": {"per_parcel_min": 0.3}}},
                {
                    "leg": {
                        "name": "村里'送货'",
                        "from": "depot",
                        "to": "drop_point",
                        "fleet": "面包车",
                        "unload": {"per_parcel_min": 0.2},
                    }
                },
                {"delay": {"name": "静置", "title": "消杀后静置半小时", "minutes": 30}},
                {
                    "stage": {
                        "name": "上门",
                        "at": "drop_point",
                        "crew": "入户",
                        "per": "round",
                        "contact": "door",
                        "rounds": {
                            "households": 8,
                            "carry_kg": 60,
                            "walk_min": 6,
                            "door_with_lift_min": 2,
                            "door_without_lift_min": 3,
                        },
                    }
                },
            ],
        },
        "应急包": {
            "name": "应急包",
            "title": {"en": "Emergency bags", "zh": "应急包"},
            "release": {"kind": "allot", "every_days": 2},
            "parcel": {"content": {"米面": 3.0}, "per": "household"},
            "steps": [
                {"stage": {"name": "装袋", "at": "depot", "crew": "打包", "effort": {"per_parcel_min": 0.5}}},
                {"leg": {"name": "进村", "from": "depot", "to": "drop_point", "fleet": "面包车"}},
            ],
        },
    },
    "mix": [{"channel": "菜篮子"}, {"channel": "应急包", "when": "积压"}],
    "triggers": {
        "积压": {"metric": "backlog_days", "above": 0.2, "title": {"en": "Backlog", "zh": "订单积压"}},
    },
}
