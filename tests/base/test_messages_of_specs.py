"""What the fields of specifications allow: every text of `specs.yaml`, raised by wrong data, in English and Chinese."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

import simsupply
from simsupply.base.catalogue import FOLDER, Message
from simsupply.base.problems import InputError
from simsupply.base.spec import Range, Spec, parse
from simsupply.cli.settings import RunSettings
from simsupply.experiment.selection_settings import SelectionSettings
from simsupply.scenario.demand_by_day import SurgeByDay
from simsupply.scenario.floors import Floor
from simsupply.scenario.geography import ListedDepot, ListedDropPoint, ListedStation, SpreadGeography
from simsupply.scenario.goods import Goods
from simsupply.scenario.people import Arrivals, ClosedLoop, Commute, DayShare, Infections
from simsupply.scenario.shocks import DemandShock
from simsupply.scenario.staffing import Crew, Fleet
from simsupply.scenario.supply import Ladder, Reserve
from simsupply.scenario.tiers import TierPeriod, Tiers, TierSettings, day_number
from simsupply.scenario.vehicles import Curfew, Passes
from simsupply.scenario.world_spec import Households, PoissonDemand, ScenarioSpec
from simsupply.strategy.channels import Bundle, Channel, ParcelContent, StrategySpec, Trigger, Use
from simsupply.strategy.release import Acceptance, Allotment, OrderRelease, VisitRelease
from simsupply.strategy.steps.effort import Variability
from simsupply.strategy.steps.gate import Gate
from simsupply.strategy.steps.kinds import Step, StepCondition
from simsupply.strategy.steps.leg import Departure, Leg
from simsupply.strategy.steps.stage import Stage

Plain = dict[str, Any]
TITLE = {"en": "One", "zh": "一"}
DAYS = {"from_day": 5, "to_day": 3}

# --- data with nothing wrong ----------------------------------------------------------------------

PERIOD = {"tier": "sealed"}
SHIFT = {"start": "08:00", "end": "18:00"}
CREW = {"at": "depot", "headcount": 1, "shifts": [SHIFT], "at_shift_end": "finish"}
VANS = {
    "at": "depot",
    "count": 1,
    "payload_kg": 500,
    "payload_parcels": 40,
    "speed_km_h": 30,
    "shifts": [SHIFT],
}
SPREAD = {
    "kind": "spread",
    "radius_km": 2,
    "detour_factor": 1.3,
    "world_seed": 1,
    "households": 9,
    "depots": {"count": 1},
    "drop_points": {"count": 3},
}
POINT = {"name": "gate", "distance_km": 1, "households": 2}
STATION = {"name": "yard", "depot": "market", "distance_km": 3}
PLACES = {
    "kind": "listed",
    "depots": [{"name": "market"}],
    "drop_points": [{"name": "gate", "depot": "market", "distance_km": 1, "households": 2}],
}
SCENARIO = {
    "name": "estate",
    "title": TITLE,
    "horizon_days": 5,
    "run_out_days": 0,
    "service_target_days": 3,
    "priority_target_hours": 48,
    "geography": PLACES,
    "households": {"households_per_building": 2},
}
LADDER = {"below_days": 2, "above_days": 3}
RATIONING = {"to": 0.5, "below_days": 1, "above_days": 2}
STAGE = {"name": "pack", "at": "depot", "crew": "packers", "effort": {"per_order_min": 1}}
LEG = {"name": "drive", "from": "depot", "to": "drop_point", "fleet": "vans"}
TRUNK, ONWARD = {**LEG, "name": "trunk", "to": "gateway"}, {**LEG, "name": "onward", "from": "gateway", "to": "station"}
ROUNDS = {"households": 9, "carry_kg": 50, "walk_min": 5, "door_with_lift_min": 1, "door_without_lift_min": 2}
PACK, DRIVE = {"stage": STAGE}, {"leg": LEG}
GATE = {"name": "morning", "opens": "08:00", "closes": "10:00"}
PASSES = {"recognised": 0.5, "otherwise": "turn_back"}
INFECTIONS = {"found_after_days": 2, "isolation_days": 7}
TRIGGER = {"metric": "backlog_days", "above": 2}
CHANNEL = {"name": "crates", "title": TITLE, "release": {"kind": "allot"}, "steps": [PACK, DRIVE]}
STRATEGY = {"name": "plan", "title": TITLE, "channels": {"crates": CHANNEL}, "mix": [{"channel": "crates"}]}


def with_steps(*steps: Plain) -> Plain:
    return {**CHANNEL, "steps": list(steps)}


def with_branches(shares: dict[str, float], *steps: Plain) -> Plain:
    return {**with_steps(*steps), "branches": {name: {"share": share} for name, share in shares.items()}}


def of(step: Plain, branch: str | list[str]) -> Plain:
    return {**step, "branch": branch}


def test_nothing_is_wrong_with_the_data_that_are_made_wrong() -> None:
    right: list[tuple[type[Spec], Plain]] = [
        (TierPeriod, PERIOD),
        (Crew, CREW),
        (Fleet, VANS),
        (SpreadGeography, SPREAD),
        (ListedStation, STATION),
        (ListedDropPoint, POINT),
        (ScenarioSpec, SCENARIO),
        (Ladder, {**LADDER, "rationing": RATIONING}),
        (Stage, STAGE),
        (Stage, {**STAGE, "at": "drop_point", "per": "round", "rounds": ROUNDS}),
        (Leg, LEG),
        (Channel, with_steps({"leg": TRUNK}, {"leg": ONWARD})),
        (Gate, GATE),
        (Passes, PASSES),
        (Infections, INFECTIONS),
        (Trigger, TRIGGER),
        (StrategySpec, STRATEGY),
    ]
    for spec, data in right:
        assert isinstance(parse(spec, data, source="here"), spec)


# --- data with one thing wrong, and what is said ------------------------------------------------------

Sample = tuple[type[Spec], Plain, str, str]
DECIMAL = (
    "a decimal number, without a leading zero and without colons (010 and 1:30 mean different numbers to different "
    "readers)",
    "十进制数值，不带前导零和冒号（`010`、`1:30` 在不同程序中含义不同）",
)
SAMPLES: list[Sample] = [
    (
        Allotment,
        {"kind": "allot", "every_days": 7, "stagger_days": 8},
        "at most 7, the days after which it is the turn of the same compound again",
        "不大于 7，即同一小区两次之间的天数",
    ),
    (
        OrderRelease,
        {"kind": "order", "weekdays": ["mon"], "stagger_days": 2},
        "1 without every_days: only a rhythm of days can be staggered",
        "没有 `every_days` 时只能为 1：只有按天循环才能错开",
    ),
    (
        ScenarioSpec,
        {**SCENARIO, "horizon_days": 7, "measured_from_day": 7},
        "a day before the horizon ends (horizon_days is 7)",
        "早于规划期结束的一天（`horizon_days` 为 7）",
    ),
    (
        ScenarioSpec,
        {**SCENARIO, "horizon_days": 7, "measured_from_day": 2, "service_target_days": 6},
        "measured_from_day (2) + service_target_days (6) <= horizon_days (7)",
        "`measured_from_day`（2）加 `service_target_days`（6）不大于 `horizon_days`（7）",
    ),
    (
        ListedDepot,
        {"name": "market", "area_m2": 90},
        "nothing; it belongs to a candidate (candidate: true, or false once it is open)",
        "不填；该键仅用于备选点（`candidate: true`，启用后为 `false`）",
    ),
    (
        ListedDropPoint,
        {**POINT, "candidate": True},
        "nothing at a candidate: nobody is assigned to it until it is open (candidate: false)",
        "备选点不填：启用（`candidate: false`）之前无人分配到该点",
    ),
    (
        ListedDropPoint,
        {**POINT, "households_per_building": 2, "buildings": [{"households": 2}]},
        "buildings or households_per_building, not both",
        "`buildings` 与 `households_per_building` 二者取一",
    ),
    (
        ListedDropPoint,
        {**POINT, "one_person_share": 0.3},
        "a value beside one_person_share",
        "与 `one_person_share` 同时给出的值",
    ),
    (
        ListedDropPoint,
        {**POINT, "buildings": [{"households": 3}]},
        "buildings with as many households as the drop point, 2, not 3",
        "各楼户数之和等于该投放点户数 2，而不是 3",
    ),
    # Pydantic's own errors.
    (ListedStation, {**STATION, "distance_km": 0}, "greater than 0", "大于 0"),
    (SelectionSettings, {"probability": 0.5}, "greater than 0.5", "大于 0.5"),
    (ListedDepot, {"name": "market", "docks": 0}, "greater than or equal to 1", "大于或等于 1"),
    (SelectionSettings, {"probability": 1}, "less than 1", "小于 1"),
    (
        DayShare,
        {"day": 0, "share": "80%"},
        "0.8; a share is written as a number, without a per cent sign",
        "0.8；比例写作小数，不带百分号",
    ),
    (
        ScenarioSpec,
        {**SCENARIO, "start_date": "2024-2-27"},
        "a date 'YYYY-MM-DD' that exists",
        "形如 'YYYY-MM-DD' 且存在的日期",
    ),
    (DayShare, {"day": 0, "share": 1.5}, "less than or equal to 1", "小于或等于 1"),
    (
        SpreadGeography,
        {**SPREAD, "households": 30_000_000},
        "less than or equal to 20000000",
        "小于或等于 20000000",
    ),
    (
        SpreadGeography,
        {**SPREAD, "world_seed": 2**63},
        "less than or equal to 9223372036854775807",
        "小于或等于 9223372036854775807",
    ),
    (ListedDepot, {"name": "market", "docks": 1.5}, "a valid integer", "整数"),
    (ListedDepot, {"name": "market", "docks": "010"}, *DECIMAL),
    (ListedDepot, {"name": "market", "docks": "1:30:00"}, *DECIMAL),
    (DayShare, {"day": 0, "share": "half"}, "a valid number", "数值"),
    (DayShare, {"day": 0, "share": float("nan")}, "a finite number", "有限的数值"),
    (StepCondition, {"unless": 1}, "a valid boolean", "`true` 或 `false`"),
    (
        Crew,
        {**CREW, "at": "market"},
        "'depot', 'gateway', 'station' or 'drop_point'",
        "'depot'、'gateway'、'station' 或 'drop_point'",
    ),
    (TierSettings, {"entry": "window"}, "'door', 'gate' or 'checkpoint'", "'door'、'gate' 或 'checkpoint'"),
    (
        ListedDepot,
        {"name": " My Market"},
        "a name that is not empty and has no blank at its beginning or end",
        "非空名称，首尾不带空格",
    ),
    (
        ListedDepot,
        {"name": "甲" * 61},
        "a name of at most 60 characters, not 61; a longer one can stand in the title",
        "至多 60 个字的名称，而不是 61 个；更长的写在 `title` 里",
    ),
    (
        ListedDepot,
        {"name": "\U00020000" * 46},
        "a name of at most 180 bytes in UTF-8, not 184, because files are named after it",
        "至多 180 字节的名称（汉字一般每字三字节），而不是 184 字节，因为会用作文件名",
    ),
    (
        ListedDepot,
        {"name": "东\u200b市场"},
        "a name without characters that cannot be seen (U+200B)",
        "不含不可见字符（U+200B）的名称",
    ),
    (
        ListedDepot,
        {"name": "St. Mary"},
        "a name without '.'; put it into the title, and a simpler name here",
        "不含“.”的名称；完整写法放在 `title` 里，此处用较简单的名称",
    ),
    (
        ListedDepot,
        {"name": "_market"},
        "a name that does not begin with '_', is not hydra or defaults, and holds no '${'",
        "不以“_”开头、不是 `hydra` 或 `defaults`、不含“${”的名称",
    ),
    (ListedDepot, {"name": "12"}, "a name with at least one letter, of any script", "至少含一个文字或字母的名称"),
    (ListedDepot, {"name": 1}, "text (in quotes if it reads as a number)", "文本（看上去像数字时加引号）"),
    (
        RunSettings,
        {"replications": 1, "seed": 1, "output": "", "language": "en"},
        "text that is not empty",
        "非空文本",
    ),
    (Crew, {**CREW, "shifts": []}, "at least one item", "至少一项"),
    (Crew, {**CREW, "shifts": "day"}, "a list, for instance [a, b]", "列表，例如 `[a, b]`"),
    (Crew, {**CREW, "shifts": ["day"]}, "a mapping of keys to values", "由键和值组成的映射"),
    (StrategySpec, {**STRATEGY, "triggers": []}, "a mapping of keys to values", "由键和值组成的映射"),
    (
        Leg,
        {**LEG, "drive_min": [1, 2, 3]},
        "Tuple should have at most 2 items after validation, not 3",
        "至多 2 项的列表，而不是 3 项",
    ),
    (
        Households,
        {"households_per_building": 2, "kinds": {f"kind_{number}": {"share": 0.1} for number in range(8)}},
        "Dictionary should have at most 7 items after validation, not more",
        "至多 7 项的映射",
    ),
    (DemandShock, {"kind": "supply", "from_day": 0, "factor": 2}, "'demand'", "'demand'"),
    (ListedDepot, {}, "a value; this key is required", "一个值；此键必填"),
    (
        DayShare,
        {"day": 0, "share": 1, "shares": 1},
        "did you mean 'share'? valid: day, share",
        "是否指 'share'？可用：day、share",
    ),
    (
        ScenarioSpec,
        {**SCENARIO, "geography": {"kind": "grid"}},
        "valid: census, listed, spread",
        "可用：census、listed、spread",
    ),
    (ScenarioSpec, {**SCENARIO, "geography": {}}, "a value; this key is required", "一个值；此键必填"),
    # Several specifications.
    (
        Gate,
        {**GATE, "opens": 8},
        "a time of day 'HH:MM' from '00:00' to '24:00'",
        "'HH:MM' 形式的时刻，从 '00:00' 到 '24:00'",
    ),
    (
        Range,
        {"low": 3, "high": 2.5},
        "low <= high (low is 3.0, high is 2.5)",
        "`low` 不大于 `high`（`low` 为 3.0，`high` 为 2.5）",
    ),
    (
        Crew,
        {**CREW, "households_per_worker": 9},
        "exactly one of headcount and households_per_worker",
        "`headcount` 与 `households_per_worker` 中恰好一个",
    ),
    (
        Fleet,
        {**VANS, "households_per_vehicle": 9},
        "exactly one of count and households_per_vehicle",
        "`count` 与 `households_per_vehicle` 中恰好一个",
    ),
    (ClosedLoop, {}, "exactly one of beds and households_per_bed", "`beds` 与 `households_per_bed` 中恰好一个"),
    (
        Arrivals,
        {"from_day": 0, "up_to": 1},
        "exactly one of per_day and over_days",
        "`per_day` 与 `over_days` 中恰好一个",
    ),
    (
        Arrivals,
        {"from_day": 0, "per_day": 1},
        "exactly one of up_to and up_to_households_per_worker",
        "`up_to` 与 `up_to_households_per_worker` 中恰好一个",
    ),
    (
        Use,
        {"channel": "crates", **DAYS},
        "from_day before to_day (5 and 3)",
        "`from_day` 早于 `to_day`（所给为 5 和 3）",
    ),
    (StepCondition, DAYS, "from_day before to_day (5 and 3)", "`from_day` 早于 `to_day`（所给为 5 和 3）"),
    (Gate, {**GATE, "opens": "11:00"}, "opens before closes", "`opens` 早于 `closes`"),
    (
        VisitRelease,
        {"kind": "visit", "opens": "11:00", "closes": "10:00"},
        "opens before closes",
        "`opens` 早于 `closes`",
    ),
    (
        VisitRelease,
        {"kind": "visit", "opens": "09:00", "closes": "17:00", "shelf": {"days": 1, "restocked_at": ["08:00"]}},
        "shelves are filled again after opens and before closes, one time after the other",
        "补架时刻在 `opens` 之后、`closes` 之前，依次递增",
    ),
    # Scenario.
    (
        Goods,
        {"title": TITLE, "kg_per_person_day": 1, "is_need": False, "pantry_days": {"low": 0, "high": 1}},
        "days at home of every group of goods that is needed, and none with is_need: false",
        "必需品填写家中存量天数；`is_need: false` 的物资不填",
    ),
    (
        DayShare,
        {"day": 1.5, "share": 1},
        "the number of a day (0 is the first) or a date 'YYYY-MM-DD'",
        "日序号（0 为第一天）或日期 'YYYY-MM-DD'",
    ),
    (
        ScenarioSpec,
        {**SCENARIO, "service_target_days": 7.5},
        "service_target_days (7.5) <= horizon_days (5)",
        "`service_target_days`（7.5）不大于 `horizon_days`（5）",
    ),
    (
        TierPeriod,
        {**PERIOD, "districts": ["a"], "communities": ["b"]},
        "only one of districts, subdistricts and communities",
        "`districts`、`subdistricts`、`communities` 三者只用其一",
    ),
    (
        Tiers,
        {
            "calendar": [PERIOD],
            "epidemic": {
                "first_day": 0,
                "import_days": 1,
                "imported_per_day": 1,
                "unknown_share": 0,
                "secondary_mean": 1,
                "secondary_days": 3,
                "sealed_factor": 0,
                "elsewhere_share": 0,
                "rules": {
                    "window_days": 1,
                    "incubation_days": 1,
                    "linked_cases": 1,
                    "unknown_cases": 1,
                    "any_case": "sealed",
                    "outbreak": "sealed",
                    "around_outbreak": "sealed",
                    "community_spread": "sealed",
                },
            },
        },
        "a calendar or an epidemic, not both",
        "`calendar` 或 `epidemic` 之一，不能两者都有",
    ),
    (
        DemandShock,
        {"kind": "demand", "factor": 2},
        "either from_day (and to_day) or random",
        "`from_day`（可另加 `to_day`）或 `random`，二者取一",
    ),
    (
        DemandShock,
        {"kind": "demand", "factor": 2, "to_day": 3, "random": {"mean_days_between": 3, "mean_hours": 2}},
        "no from_time, to_day, to_time together with random",
        "使用 `random` 时不给出 `from_time`、`to_day`、`to_time`",
    ),
    (
        SpreadGeography,
        {**SPREAD, "depots": {"count": 1, "floor_pallets": 3, "parcels_per_pallet": 9}},
        "floor_pallets at gateways, stations and drop_points only",
        "`floor_pallets` 只用于 `gateways`、`stations` 和 `drop_points`",
    ),
    (
        SpreadGeography,
        {**SPREAD, "drop_points": {"count": 3, "unload_docks": 1}},
        "unload_docks at stations only",
        "`unload_docks` 只用于 `stations`",
    ),
    (
        SpreadGeography,
        {**SPREAD, "households": 2},
        "at least one household per drop point (households 2, drop_points.count 3)",
        "每个投放点至少一户（`households` 为 2，`drop_points.count` 为 3）",
    ),
    (
        ListedDepot,
        {"name": "market", "diverts_km": 2},
        "diverts_to and diverts_km together",
        "`diverts_to` 与 `diverts_km` 同时给出",
    ),
    (
        ListedDepot,
        {"name": "market", "x_km": 2},
        "x_km and y_km together",
        "`x_km` 与 `y_km` 同时给出",
    ),
    (
        ListedDepot,
        {"name": "market", "x_km": 2, "y_km": 1, "lon": 125, "lat": 43},
        "x_km and y_km, or lon and lat",
        "`x_km` 和 `y_km`，或 `lon` 和 `lat`",
    ),
    (
        ListedStation,
        {**STATION, "gateway": "edge"},
        "exactly one of depot and gateway, which feeds it",
        "`depot` 与 `gateway` 中恰好一个，即向其供货的地点",
    ),
    (
        Floor,
        {"floor_parcels": 1, "floor_pallets": 1, "parcels_per_pallet": 2},
        "one of floor_parcels, floor_m3 and floor_pallets (floor_parcels and floor_pallets are given)",
        "`floor_parcels`、`floor_m3`、`floor_pallets` 三者之一（给出了 `floor_parcels` 和 `floor_pallets`）",
    ),
    (
        Floor,
        {"floor_parcels": 1, "floor_m3": 1, "floor_pallets": 1},
        "one of floor_parcels, floor_m3 and floor_pallets (floor_parcels and floor_m3 and floor_pallets are given)",
        "`floor_parcels`、`floor_m3`、`floor_pallets` 三者之一（三者都已给出）",
    ),
    (
        Floor,
        {"floor_m3": 1},
        "parcel_m3 together with floor_m3, and only there",
        "`parcel_m3` 与 `floor_m3` 同时给出，且只在此时给出",
    ),
    (
        Floor,
        {"floor_m3": 0.1, "parcel_m3": 0.25},
        "floor_m3 >= parcel_m3, room for one parcel (0.1 and 0.25)",
        "`floor_m3` 不小于 `parcel_m3`，即至少放得下一份物资（所给为 0.1 和 0.25）",
    ),
    (
        Crew,
        {**CREW, "shifts": [{"start": "24:00", "end": "06:00"}]},
        "a start before 24:00; a shift may end the next day, 24 hours later at the most (22:00 to 06:00)",
        "`start` 早于 24:00；班次可于次日结束，最长 24 小时（如 22:00 至 06:00）",
    ),
    (
        Crew,
        {**CREW, "shifts": [{**SHIFT, "breaks": [{"start": "19:00", "end": "20:00"}]}]},
        "breaks inside the shift, in order, each starting before it ends",
        "休息时段在班次之内，按先后排列，每段的开始早于结束",
    ),
    (
        Crew,
        {**CREW, "shifts": [SHIFT, {"start": "17:00", "end": "22:00"}]},
        "shifts of one crew that do not overlap, the next day's included (08:00-18:00 and 17:00-22:00 do)",
        "同一班组互不重叠的班次，含次日班次（08:00-18:00 与 17:00-22:00 重叠）",
    ),
    (
        Crew,
        {**CREW, "attendance": {"kind": "triangular", "low": 0.1, "mode": 0.4, "high": 0.3}},
        "low <= mode <= high (0.1, 0.4, 0.3)",
        "`low` 不大于 `mode`，`mode` 不大于 `high`（所给为 0.1、0.4、0.3）",
    ),
    (
        Crew,
        {**CREW, "by_day": [{"from_day": 3}]},
        "headcount or shifts, or both, for days that differ",
        "与平日不同之处：`headcount` 或 `shifts`，或两者都给出",
    ),
    (
        Fleet,
        {**VANS, "by_day": [{"weekdays": ["sun"]}]},
        "count or shifts, or both, for days that differ",
        "与平日不同之处：`count` 或 `shifts`，或两者都给出",
    ),
    (
        SurgeByDay,
        {"from_day": 3},
        "at least one of need_kg_per_household_week, multiplier",
        "至少给出 `need_kg_per_household_week、multiplier` 之一",
    ),
    (
        PoissonDemand,
        {"kind": "poisson", "rate_per_min": 1.0, "order_kg": 1.0, "lines_per_order": 1, "orders_at_once": 2},
        "not with demand of kind poisson, whose orders come one by one: rate_per_min and order_kg say how many and how"
        " large",
        "`kind: poisson` 的订单逐单到达，不写此项；单数与大小由 `rate_per_min` 和 `order_kg` 给出",
    ),
    (
        Crew,
        {**CREW, "days_off": {"weekdays": ["sun"], "after_days": 5, "days": 2}},
        "either weekdays, or after_days and days together",
        "要么给出 `weekdays`，要么同时给出 `after_days` 与 `days`",
    ),
    (
        Crew,
        {**CREW, "days_off": {"weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}},
        "weekdays that leave a day of work",
        "至少留有一个工作日的 `weekdays`",
    ),
    (
        Fleet,
        {**VANS, "people_per_vehicle": 0, "rest": {"after_hours_driving": 4, "minutes": 20}},
        "nothing for a vehicle without people",
        "无人驾驶车辆不给出此项",
    ),
    (
        Fleet,
        {**VANS, "drivers": "staff", "people_per_vehicle": 0},
        "at least 1, where a crew drives (drivers)",
        "至少为 1，因为有班组驾驶（`drivers`）",
    ),
    (
        Fleet,
        {**VANS, "drivers": "staff", "rest": {"after_hours_driving": 4, "minutes": 20}},
        "nothing here; said by the crew that drives, 'staff'",
        "此处不给出；由驾驶的班组 'staff' 给出",
    ),
    (
        Crew,
        {**CREW, "serves": "in_order"},
        "serves_order with serves: in_order, and only there",
        "`serves: in_order` 时给出 `serves_order`，且只在此时给出",
    ),
    (
        Crew,
        {**CREW, "serves": "in_order", "serves_order": ["pick", "pick"]},
        "each step of serves_order once",
        "`serves_order` 中每个步骤只列一次",
    ),
    (
        Commute,
        {"recognised": 0.5, "delay_min": 10},
        "delay_min together with otherwise: delayed, and only then",
        "`delay_min` 与 `otherwise: delayed` 同时给出，且只在此时给出",
    ),
    (
        Infections,
        {**INFECTIONS, "close_at": 3},
        "close_at and closure_days together, or none of them",
        "`close_at` 与 `closure_days` 同时给出，或都不给出",
    ),
    (
        Fleet,
        {**VANS, "curfew": {"from": "07:00", "to": "19:00"}},
        "a curfew that leaves some of the hours of every shift",
        "使每个班次仍留有部分时间的宵禁时段",
    ),
    (Curfew, {"from": "00:00", "to": "24:00"}, "from and to that differ", "互不相同的 `from` 与 `to`"),
    (
        Passes,
        {**PASSES, "otherwise": "delay", "max_tries": 2},
        "max_tries and again_after_min with otherwise: turn_back only",
        "`max_tries` 和 `again_after_min` 只与 `otherwise: turn_back` 合用",
    ),
    (
        Passes,
        {**PASSES, "delay_min": 10},
        "delay_min with otherwise: delay only",
        "`delay_min` 只与 `otherwise: delay` 合用",
    ),
    (
        Passes,
        {**PASSES, "districts": {"north": 0}},
        "above 0 everywhere, or max_tries, where vehicles are turned back",
        "车辆会被劝返时，各处均大于 0，或给出 `max_tries`",
    ),
    (
        Reserve,
        {"delay_hours": 1, "cover_days": {"staple": 1}, "kg": {"staple": 5}},
        "cover_days or kg of the same goods",
        "同一类物资用 `cover_days` 或 `kg` 之一",
    ),
    (
        Reserve,
        {"delay_hours": 1},
        "something that can be released: days or kg above zero",
        "可以动用的储备：天数或千克数大于零",
    ),
    (Ladder, {**LADDER, "above_days": 1}, ">= below_days (2)", "不小于 `below_days`（2）"),
    (
        Ladder,
        {**LADDER, "rationing": {**RATIONING, "above_days": 0.25}},
        ">= below_days (1)",
        "不小于 `below_days`（1）",
    ),
    (
        Ladder,
        {**LADDER, "rationing": {**RATIONING, "below_days": 2.5, "above_days": 3}},
        "<= 2, below which the ladder comes into use",
        "不大于 2，即启用储备动用次序的界限",
    ),
    # Strategy.
    (
        OrderRelease,
        {"kind": "order", "every_days": 2, "weekdays": ["mon"]},
        "every_days or weekdays, not both",
        "`every_days` 或 `weekdays` 之一，不能两者都有",
    ),
    (Acceptance, {}, "promise_days or orders_per_day", "`promise_days` 或 `orders_per_day`"),
    (ParcelContent, {"content": {}}, "at least one of the goods in content", "`content` 中至少一类物资"),
    (ParcelContent, {"goods": []}, "at least one of the goods in goods", "`goods` 中至少一类物资"),
    (
        ParcelContent,
        {"content": {"staple": 5}, "kg": 5},
        "content by itself, without kg and goods",
        "单独使用 `content`，不带 `kg` 和 `goods`",
    ),
    (
        ParcelContent,
        {"content": {"staple": 5}, "per": "person", "sizes": [3, 2]},
        "numbers of persons that rise, together with per: person",
        "由小到大的人数，且须与 `per: person` 同时给出",
    ),
    (
        ParcelContent,
        {"per": "person"},
        "per: person together with content, and only there",
        "`per: person` 与 `content` 合用，且只在此时使用",
    ),
    (
        Bundle,
        {"title": TITLE, "share": 1},
        "what is in a bundle: content, kg or goods",
        "套餐包的内容：`content`、`kg` 或 `goods`",
    ),
    (
        Channel,
        {**CHANNEL, "bundles": {"large": {"title": TITLE, "share": 0.75, "kg": 9}}},
        "shares of the bundles that add up to 1 (they add up to 0.75)",
        "合计为 1 的各套餐包占比（现合计为 0.75）",
    ),
    (
        StrategySpec,
        {**STRATEGY, "allocation": [{"kind": "equal_share"}, {"kind": "nearest_first"}]},
        "a rule that shares goods out only as the last",
        "按份分配的规则只放在最后",
    ),
    (
        StrategySpec,
        {**STRATEGY, "allocation": [{"kind": "equal_share"}], "when_short": "wait"},
        "partial, where goods are shared out among equals",
        "`partial`（物资在同等对象之间按份分配时）",
    ),
    (
        Trigger,
        {**TRIGGER, "past_days": 3},
        "past_days with metric households_past_days, and only there",
        "`metric` 为 `households_past_days` 时给出 `past_days`，且只在此时给出",
    ),
    (
        Trigger,
        {"metric": "households_past_days", "past_days": 3, "above": 0.1, "channel": "crates"},
        "no channel with metric households_past_days",
        "`metric` 为 `households_past_days` 时不给出 `channel`",
    ),
    (Trigger, {**TRIGGER, "below": 3}, "below <= above (3 and 2)", "`below` 不大于 `above`（所给为 3 和 2）"),
    (
        Trigger,
        {"metric": "rejection_rate", "above": 1},
        "< 1; rejection_rate is a share and never more than 1",
        "小于 1；`rejection_rate` 是占比，不会超过 1",
    ),
    (
        StrategySpec,
        {**STRATEGY, "mix": []},
        "either a calendar or a mix, with at least one channel",
        "`calendar` 或 `mix` 之一，至少含一个渠道",
    ),
    (
        StrategySpec,
        {**STRATEGY, "mix": [], "calendar": [{"channel": "crates", "from_day": 1}]},
        "a calendar that starts on day 0 with later days after earlier ones",
        "从第0天开始、日期由先到后的 `calendar`",
    ),
    (
        StrategySpec,
        {**STRATEGY, "mix": [{"channel": "crate"}]},
        "a name among channels; did you mean 'crates'? valid: crates",
        "`channels` 中的一个名称；是否指 'crates'？可用：crates",
    ),
    (
        StrategySpec,
        {**STRATEGY, "mix": [{"channel": "crates", "when": "late"}]},
        "a name among triggers; valid: (none)",
        "`triggers` 中的一个名称；可用：（无）",
    ),
    (
        Step,
        {"hold": {"name": "standing", "minutes": 10}},  # a step is called delay
        "delay, as this key is called now",
        "`delay`，即该键现在的名称",
    ),
    (Step, {}, "exactly one of stage, leg, delay, gate", "`stage`、`leg`、`delay`、`gate` 中恰好一个"),
    (
        Channel,
        with_steps(PACK, PACK, DRIVE, DRIVE),
        "a name of its own for every step (twice: drive, pack)",
        "每个步骤各有自己的名称（重复的有：drive、pack）",
    ),
    (
        Channel,
        with_branches({"cold": 0.6, "frozen": 0.5}, of(PACK, "cold"), of(DRIVE, "frozen")),
        "shares of the branches that add up to at most 1; what is left is the branch `rest`",
        "各分支占比合计不超过 1；余下的订单属于分支 `rest`",
    ),
    (
        Channel,
        with_branches({"cold": 0}, of(PACK, "cold"), DRIVE),
        "a share above 0; without orders of it, leave the branch out",
        "大于 0 的占比；若没有订单属于此分支，则不写此分支",
    ),
    (
        Channel,
        with_branches({"cold": 0.3}, PACK, DRIVE),
        "a branch that is named by `branch` of some step; otherwise its orders go the way of the rest, and it has no "
        "effect",
        "由某个步骤的 `branch` 提到的分支；否则其订单与其余订单走同一路径，此分支不起作用",
    ),
    (
        Channel,
        with_steps(of(PACK, "cold"), DRIVE),
        "branch only in a channel with `branches`",
        "`branch` 只写在有 `branches` 的渠道中",
    ),
    (
        Channel,
        with_branches({"cold": 0.3}, of(PACK, ["cold", "rest"]), DRIVE),
        "some of the branches, not all; without `branch` all orders pass the step",
        "只写部分分支，不写全部；不写 `branch` 时所有订单都经过该步骤",
    ),
    (
        Channel,
        with_branches({"cold": 0.3, "dry": 0.7}, of(PACK, ["cold", "rest"]), DRIVE),
        "another branch: the shares add up to 1, so no order belongs to the rest",
        "其他分支：各分支占比合计为 1，没有订单属于 `rest`",
    ),
    (
        Channel,
        with_branches({"cold": 0.3}, of(PACK, "cold"), of(DRIVE, "cold")),
        "at least one step on the way of every branch",
        "每个分支的路径上都至少有一个步骤",
    ),
    (
        Channel,
        with_steps(DRIVE, PACK),
        "step 'pack' at: drop_point, where the goods are then (it says 'depot')",
        "步骤 'pack' 为 `at: drop_point`，即届时物资所在之处（现为 'depot'）",
    ),
    (
        Channel,
        with_steps({"leg": {**LEG, "from": "station"}}),
        "leg 'drive' from: depot, where the goods are",
        "运输段 'drive' 为 `from: depot`，即物资所在之处",
    ),
    (
        Channel,
        with_steps({"stage": {**STAGE, "per": "load"}}, DRIVE),
        "a leg with leave: planned before step 'pack', which takes its loads",
        "步骤 'pack' 接收整车货物，其前须有 `leave: planned` 的运输段",
    ),
    (
        Channel,
        with_steps({"leg": TRUNK}, {"leg": {**ONWARD, "keeps_loads": True}}),
        "loads_for: station in leg 'trunk', of which leg 'onward' keeps the loads (they are for one gateway)",
        "运输段 'trunk' 为 `loads_for: station`，因为运输段 'onward' 整车不拆（现在每车货只发往一个 `gateway`）",
    ),
    (
        Variability,
        {"kind": "none", "sigma": 1},
        "sigma for kind lognormal, and only there",
        "`kind` 为 `lognormal` 时给出 `sigma`，且只在此时给出",
    ),
    (
        Stage,
        {**STAGE, "per": "round"},
        "rounds: {...} together with per: round, and only there",
        "`rounds: {...}` 与 `per: round` 同时给出，且只在此时给出",
    ),
    (
        Stage,
        {**STAGE, "per": "round", "rounds": ROUNDS},
        "per: round only at: drop_point, or with rounds.speed_km_h",
        "`per: round` 只用于 `at: drop_point`，或与 `rounds.speed_km_h` 合用",
    ),
    (
        Stage,
        {**STAGE, "effort": {"per_consignment_min": 1}},
        "per_consignment_min only in a stage with per: consignment or load",
        "`per_consignment_min` 只用于 `per: consignment` 或 `load` 的作业环节",
    ),
    (
        Stage,
        {**STAGE, "effort": {"per_load_min": 1}},
        "per_load_min only in a stage with per: load",
        "`per_load_min` 只用于 `per: load` 的作业环节",
    ),
    (
        Stage,
        {**STAGE, "effort": {}},
        "an effort above zero (a step without work is a delay)",
        "大于零的工作量（没有工作的步骤用 `delay`）",
    ),
    (
        Stage,
        {**STAGE, "queue": {"spacing_m": 1, "walk_m_per_min": 60}},
        "a queue only with per: order and discipline: fifo or priority",
        "`queue` 只与 `per: order` 以及 `discipline: fifo` 或 `priority` 合用",
    ),
    (
        Stage,
        {**STAGE, "together": 1},
        "together: 2 or more, as one by one is the rule without the key; given: 1",
        "`together` 至少为 2（不写此键即逐个处理）；所填：1",
    ),
    (
        Stage,
        {**STAGE, "together": {"units": 3, "at_least": 4}},
        "at_least: 1 to 3, the units that are served at once; given: 4",
        "`at_least` 为 1 至 3（同时处理的单元数）；所填：4",
    ),
    (
        Stage,
        {**STAGE, "at": "drop_point", "per": "round", "rounds": ROUNDS, "together": 2},
        "together where units are orders, consignments or loads; on per round, doors are served one after the other,"
        " and rounds.households says how many",
        "`together` 用于以订单、批或车为单元的步骤；`per: round` 时逐户上门，户数由 `rounds.households` 给出",
    ),
    (
        Stage,
        {**STAGE, "joined_by": ["packers"]},
        "joined_by: crews other than 'packers', each once",
        "`joined_by` 为 'packers' 以外的班组，各列一次",
    ),
    (
        SpreadGeography,
        {**SPREAD, "drop_points": {"count": 3, "by_day": [{"docks": 2}]}},
        "by_day of docks at depots, gateways and stations, where vehicles are loaded; not at drop points",
        "月台的 `by_day` 用于装车的仓库、交接点和中转站，不用于投放点",
    ),
    (
        Departure,
        {"kind": "full"},
        "orders for kinds full, time and ready, and only there",
        "`kind` 为 `full`、`time` 或 `ready` 时给出 `orders`，且只在此时给出",
    ),
    (
        Departure,
        {"kind": "planned", "at": ["08:00"]},
        "at for kinds full and time only",
        "`at` 只用于 `kind` 为 `full` 或 `time` 时",
    ),
    (
        Departure,
        {"kind": "time", "orders": 9},
        "at least one time of day in at, for kind time",
        "`kind` 为 `time` 时，`at` 中至少一个时刻",
    ),
    (
        Departure,
        {"kind": "time", "orders": 9, "at": ["09:00", "08:00"]},
        "times of day in ascending order in at",
        "`at` 中的时刻由早到晚排列，互不相同",
    ),
    (
        Leg,
        {**LEG, "from": "drop_point"},
        "a leg onward in the order depot, gateway, station, drop_point",
        "按 depot、gateway、station、drop_point 的次序向前的运输段",
    ),
    (
        Leg,
        {**LEG, "loads_for": "station"},
        "loads_for: drop_point or a kind of place that comes after it",
        "`loads_for: drop_point`，或排在其后的一类地点",
    ),
    (
        Leg,
        {**LEG, "leave": {"kind": "full", "orders": 9}, "keeps_loads": True},
        "leave: {kind: planned} with loads_for and keeps_loads",
        "使用 `loads_for` 或 `keeps_loads` 时，`leave: {kind: planned}`",
    ),
    (
        Leg,
        {**LEG, "keeps_loads": True, "loads_for": "drop_point"},
        "loads_for at the leg that makes the loads up, not where keeps_loads: true",
        "`loads_for` 写在组成整车货物的运输段，不写在 `keeps_loads: true` 的运输段",
    ),
    (
        Leg,
        {**LEG, "drive_min": [2, 1]},
        "drive_min: [low, high] with low <= high",
        "`drive_min: [下限, 上限]`，下限不大于上限",
    ),
    (Leg, {**LEG, "fleet": ["vans", "vans"]}, "each fleet once", "每个车队只列一次"),
    (
        Leg,
        {**LEG, "max_stops": 3},
        "max_stops for route: milk_run, and only there",
        "`route: milk_run` 时给出 `max_stops`，且只在此时给出",
    ),
    (
        Leg,
        {**LEG, "route": "milk_run", "max_stops": 3, "fetch": True},
        "route: milk_run or given to drop_point only, without fetch and drive_min",
        "`route` 为 `milk_run` 或 `given` 时只用于 `to: drop_point`，且不带 `fetch` 和 `drive_min`",
    ),
    (
        Leg,
        {**LEG, "route": "milk_run", "max_stops": 3, "keeps_loads": True},
        "loads_for and keeps_loads with route: direct",
        "`loads_for` 和 `keeps_loads` 只与 `route: direct` 合用",
    ),
    (
        Gate,
        {**GATE, "slots": {"minutes": 180, "households": 5}},
        "slots.minutes <= 120, the opening hours",
        "`slots.minutes` 不大于 120，即开放时长",
    ),
]


def allowed(spec: type[Spec], data: Plain) -> Message:
    """What the one problem with the data says is allowed."""
    with pytest.raises(InputError) as caught:
        parse(spec, data, source="here")
    (problem,) = caught.value.problems
    assert isinstance(problem.allowed, Message)
    return problem.allowed


@pytest.mark.parametrize(("spec", "data", "english", "chinese"), SAMPLES)
def test_what_is_allowed(spec: type[Spec], data: Plain, english: str, chinese: str) -> None:
    found = allowed(spec, data)
    assert (found.in_language("en"), found.in_language("zh")) == (english, chinese)


DATES = [
    (
        "soon",
        "2022-03-14",
        "the number of a day (0 is the first) or a date 'YYYY-MM-DD'",
        "日序号（0 为第一天）或日期 'YYYY-MM-DD'",
    ),
    (
        "2022-02-30",
        "2022-03-14",
        "the number of a day (0 is the first) or a date 'YYYY-MM-DD' that exists",
        "日序号（0 为第一天）或确实存在的日期 'YYYY-MM-DD'",
    ),
    (
        "2022-03-14",
        None,
        "the number of a day (0 is the first); dates need scenario.start_date",
        "日序号（0 为第一天）；使用日期须先给出 `scenario.start_date`",
    ),
]


@pytest.mark.parametrize(("day", "start_date", "english", "chinese"), DATES)
@pytest.mark.parametrize("locale", ["en_GB.UTF-8", "zh_CN.UTF-8"])
def test_days_are_refused_in_the_language_of_the_locale(
    day: str, start_date: str | None, english: str, chinese: str, locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    with pytest.raises(ValueError) as caught:
        day_number(day, start_date)
    assert str(caught.value) == (chinese if locale.startswith("zh") else english)


def test_one_line_of_a_problem_in_both_languages() -> None:
    with pytest.raises(InputError) as caught:
        parse(Range, {"low": 3, "high": 2}, source="mine.yaml", at="goods.staple.pantry_days")
    assert caught.value.in_language("en") == (
        "mine.yaml: goods.staple.pantry_days: got {'low': 3, 'high': 2}; allowed: low <= high (low is 3.0, high is 2.0)"
    )
    assert caught.value.in_language("zh") == (
        "mine.yaml：goods.staple.pantry_days：给出的是{'low': 3, 'high': 2}；"
        "允许的是：`low` 不大于 `high`（`low` 为 3.0，`high` 为 2.0）"
    )


# --- the catalogue as a whole -------------------------------------------------------------------------


def texts() -> dict[str, dict[str, str]]:
    """The texts of `specs.yaml` by code."""
    found: dict[str, dict[str, str]] = yaml.safe_load((FOLDER / "specs.yaml").read_text(encoding="utf-8"))
    return found


def test_every_text_is_shown_above() -> None:
    shown = {allowed(spec, data).code for spec, data, _, _ in SAMPLES}
    for day, start_date, _, _ in DATES:
        with pytest.raises(ValueError) as caught:
            day_number(day, start_date)
        shown.add(caught.value.allowed.code)
    assert sorted(texts().keys() - shown) == []


def all_specs() -> list[type[Spec]]:
    """Every specification of the package."""
    for module in pkgutil.walk_packages(simsupply.__path__, "simsupply."):
        importlib.import_module(module.name)
    found, waiting = [], [Spec]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += below
        waiting += below
    return [spec for spec in found if spec.__module__.startswith("simsupply.")]


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every node of a core schema of pydantic."""
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield schema
        for key, part in schema.items():
            if key not in ("metadata", "serialization"):
                yield from nodes(part)
    elif isinstance(schema, list | tuple):
        for part in schema:
            yield from nodes(part)


ERRORS = {
    "any": set(),
    "bool": {"bool_type"},
    "default": set(),
    "definition-ref": set(),
    "definitions": set(),
    "dict": {"dict_type"},
    "float": {"float_type", "finite_number"},
    "function-after": {"value_error"},
    "function-before": {"value_error"},
    "int": {"int_type"},
    "literal": {"literal_error"},
    "model": {"model_type"},
    "model-field": set(),
    "model-fields": {"missing", "extra_forbidden"},
    "no-info": set(),
    "nullable": set(),
    "str": {"string_type"},
    "tagged-union": {"union_tag_invalid", "union_tag_not_found", "dict_type"},
    "tuple": {"tuple_type", "too_long", "missing"},
    "union": set(),
}
"""What each kind of node may be refused for, in strict JSON mode."""
OF_LIMITS = {
    ("int", "gt"): "greater_than",
    ("int", "ge"): "greater_than_equal",
    ("int", "lt"): "less_than",
    ("int", "le"): "less_than_equal",
    ("float", "gt"): "greater_than",
    ("float", "ge"): "greater_than_equal",
    ("float", "lt"): "less_than",
    ("float", "le"): "less_than_equal",
    ("str", "min_length"): "string_too_short",
    ("str", "max_length"): "string_too_long",
    ("tuple", "min_length"): "too_short",
    ("tuple", "max_length"): "too_long",
    ("dict", "min_length"): "too_short",
    ("dict", "max_length"): "too_long",
}
SHOWN_TO_HAVE_A_TEXT = {
    "bool_type",
    "dict_type",
    "extra_forbidden",
    "finite_number",
    "float_type",
    "greater_than",
    "greater_than_equal",
    "int_type",
    "less_than",
    "less_than_equal",
    "literal_error",
    "missing",
    "model_type",
    "string_too_short",
    "string_type",
    "too_long",
    "too_short",
    "tuple_type",
    "union_tag_invalid",
    "union_tag_not_found",
    "value_error",
}
"""The errors of pydantic that the samples above raise."""


def test_specifications_raise_no_other_error_of_pydantic() -> None:
    raised: set[str] = set()
    for spec in all_specs():
        for node in nodes(spec.__pydantic_core_schema__):
            raised |= ERRORS[node["type"]]
            raised |= {error for (kind, limit), error in OF_LIMITS.items() if node["type"] == kind and limit in node}
    assert raised == SHOWN_TO_HAVE_A_TEXT


NO_KEYS = {
    *("HH", "MM", "YYYY", "DD"),  # how times and dates are written
    *("true", "false"),
    *("a", "b"),  # of the list that is given for instance
    *("hydra", "defaults"),  # names that no name may be
}


def test_chinese_texts_hold_no_english_but_keys_and_values() -> None:
    known = set(NO_KEYS)
    for spec in all_specs():
        for name, field in spec.model_fields.items():
            known |= {name, field.alias or name}
        for node in nodes(spec.__pydantic_core_schema__):
            if node["type"] == "literal":
                known |= {str(value) for value in node["expected"]}
    for code, text in texts().items():
        words = set(re.findall(r"[A-Za-z]\w*", re.sub(r"\{\w+[^{}]*\}(?!\})", "", text["zh"]), re.ASCII))
        assert words - known == set(), code
