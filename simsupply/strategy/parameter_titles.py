"""Titles of keys that are commonly varied, in Chinese; in English a key speaks for itself."""

from __future__ import annotations

from simsupply.base.language import Language
from simsupply.base.names import split_key

# A star stands for a name of the plan.
_TITLES = {
    "staffing.attendance": "到岗率",
    "staffing.max_shift_hours": "每班工时上限",
    "staffing.crews.*.headcount": "班组人数",
    "staffing.crews.*.households_per_worker": "每名人员负责的户数",
    "staffing.crews.*.extra": "增加的人数",
    "staffing.crews.*.attendance": "班组到岗率",
    "fleet.*.count": "车辆数",
    "fleet.*.households_per_vehicle": "每辆车负责的户数",
    "fleet.*.extra": "增加的车辆数",
    "fleet.*.payload_kg": "载重",
    "fleet.*.payload_parcels": "装载件数",
    "fleet.*.speed_km_h": "车速",
    "fleet.*.attendance": "司机到岗率",
    "scenario.horizon_days": "规划期天数",
    "scenario.run_out_days": "收尾天数",
    "scenario.service_target_days": "送达目标天数",
    "scenario.priority_target_hours": "优先户送达目标小时数",
    "scenario.geography.households": "户数",
    "scenario.households.lift_share": "有电梯户占比",
    "scenario.households.priority_share": "优先户占比",
    "scenario.households.persons_mean": "户均人数",
    "scenario.households.pantry_days.low": "家庭存粮天数下限",
    "scenario.households.pantry_days.high": "家庭存粮天数上限",
    "scenario.geography.depots.docks": "装卸月台数",
    "scenario.geography.depots.count": "保供点数",
    "scenario.geography.stations.count": "转运站数",
    "scenario.geography.drop_points.count": "投放点数",
    "demand.cycle_days": "需求周期天数",
    "demand.orders_at_once": "一次下单数",
    "demand.need_kg_per_household_week": "每户每周需求",
    "demand.lines_per_order": "每单品项数",
    "demand.release_time": "下达时刻",
    "goods.*.kg_per_person_day": "人均每日需求",
    "strategy": "策略",
    "scenario": "情景",
    "demand": "需求",
    "staffing": "人员配置",
    "fleet": "车队配置",
    "goods": "物资",
    "tiers": "管控等级",
    "supply": "货源",
    "shocks": "突发事件",
    "seed": "随机种子",
}


def parameter_title(key: str, language: Language) -> str:
    """What readers see of a dotted key: in Chinese its title, with the key itself where names of the plan are in it.

    A key without a title is shown as it is written.

    Examples
    --------
    >>> parameter_title("staffing.attendance", "zh"), parameter_title("staffing.attendance", "en")
    ('到岗率', 'staffing.attendance')
    >>> parameter_title("fleet.vans.count", "zh")
    '车辆数 fleet.vans.count'
    """
    if language == "en":
        return key
    title = common_title(key)
    return key if title is None else title if key in _TITLES else f"{title} {key}"


def common_title(key: str) -> str | None:
    """Chinese title of a key, whatever the names in it are; None: it has none."""
    parts = split_key(key)
    for pattern, title in _TITLES.items():
        wanted = pattern.split(".")
        if len(wanted) == len(parts) and all(word in ("*", part) for word, part in zip(wanted, parts, strict=True)):
            return title
    return None
