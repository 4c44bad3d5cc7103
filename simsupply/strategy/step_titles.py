"""Titles of steps in English and in Chinese: those that a plan gives them, and those of the usual names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from simsupply.base.language import Language, display_name
from simsupply.base.spec import Title

if TYPE_CHECKING:
    # Slow to import, and records do not need them.
    from simsupply.strategy.channels import StrategySpec

Labels = Mapping[str, str]
"""What readers see of steps, by their names."""

STAGES: dict[str, dict[Language, str]] = {
    "compile": {"en": "Compile orders", "zh": "汇总订单"},
    "pack": {"en": "Pack", "zh": "装箱"},
    "pick": {"en": "Pick", "zh": "拣货"},
    "sort": {"en": "Sort", "zh": "分拣"},
    "load": {"en": "Load", "zh": "装车"},
    "drive": {"en": "Drive", "zh": "运输"},
    "deliver": {"en": "Deliver", "zh": "运输"},
    "unload": {"en": "Unload", "zh": "卸车"},
    "drop_point": {"en": "Drop point", "zh": "投放点"},
    "door": {"en": "Carry to the door", "zh": "送货上门"},
    "dock": {"en": "Dock", "zh": "装卸月台"},
    "van": {"en": "Van", "zh": "配送车"},
    "trunk": {"en": "Drive to the station", "zh": "干线运输"},
    "local": {"en": "Drive from the station", "zh": "末端运输"},
    "hand_out": {"en": "Hand out", "zh": "分发"},
    "weigh": {"en": "Weigh and pack", "zh": "称重装袋"},
    "cut": {"en": "Cut and pack", "zh": "切分装袋"},
    "purchase": {"en": "Check and pay", "zh": "验货付款"},
    "noon": {"en": "Deliver at noon", "zh": "午间配送"},
    "evening": {"en": "Deliver in the evening", "zh": "晚间配送"},
    "van_sale": {"en": "Sale from the van", "zh": "流动售货"},
    "fill": {"en": "Fill the lockers", "zh": "投柜"},
    "box": {"en": "Box of a locker", "zh": "柜格"},
    "locker": {"en": "Locker", "zh": "智能柜"},
    "dispense": {"en": "Dispense medicine", "zh": "配药"},
    "bring_medicine": {"en": "Bring medicine", "zh": "送药"},
    "call": {"en": "Phone residents", "zh": "电话询访"},
    "phone": {"en": "Phone residents", "zh": "电话询访"},
    "courier": {"en": "Couriers", "zh": "骑手配送"},
    "pharmacy": {"en": "Pharmacy", "zh": "药店配药"},
    "own_worker": {"en": "Own worker to the door", "zh": "专人上门"},
    "platform_pick": {"en": "Pick at the platform", "zh": "平台拣货"},
    "platform_sort": {"en": "Sort at the platform", "zh": "平台分拣"},
    "shop_list": {"en": "Shop: lists", "zh": "商店汇总订单"},
    "shop_pack": {"en": "Shop: packing", "zh": "商店装袋"},
    "shop_cart": {"en": "Shop: carts", "zh": "商店推车配送"},
    "shop": {"en": "Shop", "zh": "商店"},
    "fetch": {"en": "Fetch from the shop", "zh": "上门提货"},
    "stall": {"en": "Stall", "zh": "摊点"},
    "to_gateway": {"en": "Drive to the gateway", "zh": "至中转站运输"},
    "disinfect_vehicle": {"en": "Disinfect vehicles", "zh": "车辆消杀"},
    "disinfect": {"en": "Disinfect goods", "zh": "物资消杀"},
    "swap_trailer": {"en": "Swap trailers", "zh": "甩挂换头"},
    "onward": {"en": "Drive on from the gateway", "zh": "中转站接驳运输"},
    "direct": {"en": "Drive into the city", "zh": "直达运输"},
    "to_the_gate": {"en": "Bring to the gate", "zh": "送至校门"},
    "fixed_route": {"en": "Drive in to the unloading point", "zh": "固定路线入校"},
    "shuttle": {"en": "Internal shuttle", "zh": "校内接驳"},
    "cart": {"en": "Cart", "zh": "推车"},
    "fetching_day": {"en": "Wait for the fetching day", "zh": "等到采购日"},
    "buying_day": {"en": "Wait for the buying day", "zh": "等到采购日"},
    "standing": {"en": "Stand after disinfection", "zh": "消杀后静置"},
    "standing_at_gateway": {"en": "Stand at the gateway", "zh": "中转站静置"},
    "approved": {"en": "Approval of vehicles", "zh": "车辆报备审批"},
    "reported_ahead": {"en": "Reported a day ahead", "zh": "提前一天报备"},
    "call_down": {"en": "Call residents down", "zh": "分批叫取"},
    "hand_over": {"en": "Count and sign", "zh": "清点签收"},
    "noon_departure": {"en": "Depart at noon", "zh": "午间发车"},
    "evening_departure": {"en": "Depart in the evening", "zh": "晚间发车"},
    "sort_bags": {"en": "Sort by household", "zh": "按户分袋"},
    "van_slots": {"en": "Slots at the van", "zh": "流动车分时段"},
    "time_slots": {"en": "Time slots", "zh": "分时段领取"},
    "payment": {"en": "Collect payments", "zh": "收款"},
    "fixed_time": {"en": "Fixed delivery time", "zh": "固定配送时段"},
    "shelf": {"en": "Collect from the shelf", "zh": "货架自取"},
    "collection": {"en": "Collect in the afternoon", "zh": "午后自取"},
    "settle": {"en": "Settle with the courier", "zh": "与配送人员结清"},
    "carry": {"en": "Carry from the checkpoint to the door", "zh": "卡口送至家门口"},
    "list": {"en": "Read the lists of needs", "zh": "梳理需求清单"},
    "buy": {"en": "Buy for others", "zh": "代购"},
    "bring": {"en": "Bring to the door", "zh": "送到家中"},
    "sale": {"en": "Sale at stalls and vans", "zh": "售卖点、售货车售货"},
    "paid": {"en": "Compile, order and pay", "zh": "汇总、下单、付款"},
    "called": {"en": "Tell owners", "zh": "通知业主"},
    "handed_over": {"en": "Hand over", "zh": "交接"},
    "next_day": {"en": "Wait for the next day", "zh": "等到次日"},
}


def stage_label(stage: str, language: Language, titled: Labels | None = None) -> str:
    """Label of a step: of the titles given, else that of ``STAGES``, else its own name.

    Examples
    --------
    >>> stage_label("drop_point", "zh")
    '投放点'
    >>> stage_label("night_shuttle", "zh"), stage_label("pick", "en", {"pick": "Pick at the hall"})
    ('night shuttle', 'Pick at the hall')
    """
    if titled and stage in titled:
        return titled[stage]
    return STAGES[stage][language] if stage in STAGES else display_name(stage)


def step_labels(strategies: Iterable[StrategySpec], language: Language) -> dict[str, str]:
    """Labels of all steps of strategies by name; see `labels_of_steps`."""
    return labels_of_steps(
        (
            (step.body.name, step.body.title)
            for strategy in strategies
            for channel in strategy.channels.values()
            for step in channel.steps
        ),
        language,
    )


def labels_of_steps(steps: Iterable[tuple[str, Title | None]], language: Language) -> dict[str, str]:
    """Labels of steps by name, of their names and titles.

    Steps of one name have the title of the first of them that has one; steps of different names that would have
    the same label are told apart by their names.
    """
    found: dict[str, str] = {}
    named: list[str] = []
    for name, title in steps:
        named.append(name)
        if title is not None:
            found.setdefault(name, title.in_language(language))
    labels = {name: found.get(name) or stage_label(name, language) for name in named}
    times = Counter(labels.values())
    # Usual names with one usual title (two ways to phone residents) stay as they are.
    return {
        name: f"{label} ({name})" if times[label] > 1 and name in found else label for name, label in labels.items()
    }
