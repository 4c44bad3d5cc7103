"""What may hold a plan back, as readers see it, and what one more of it is, in English or Chinese."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from simsupply.base.language import Language, display_name
from simsupply.scenario.group_titles import group_label, group_titles
from simsupply.scenario.staff_titles import staff_titles
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.step_titles import stage_label, step_labels
from simsupply.strategy.steps.stage import Stage

_TEXT: dict[Language, dict[str, str]] = {
    "en": {
        "crew": "people at {steps}",
        "crew_of_several": "people of “{name}” at {steps}",
        "fleet": "vehicles for {steps}",
        "docks": "docks for loading at {place}",
        "unload_docks": "docks for unloading at {place}",
        "floor": "room at {place}",
        "opening_hours": "opening hours of {steps}",
        "slots": "households in a slot of {steps}",
        "shop_hours": "opening hours of “{name}”",
        "orders_per_day": "the limit of orders a day of “{name}”",
        "promise_days": "the days promised by “{name}”",
        "source": "what the source “{name}” gives a day",
        "stock": "the stock of “{name}”",
        "reserve": "the reserve “{name}”",
        "more_crew": "{after} people instead of {before} a shift at each place",
        "more_fleet": "{after} vehicles instead of {before} at each place",
        "more_docks": "{after} docks instead of {before} at each place",
        "more_unload_docks": "{after} docks instead of {before} at each place",
        "more_opening_hours": "{after} h of opening a day instead of {before} h",
        "more_slots": "{after} households a slot instead of {before}",
        "more_shop_hours": "{after} h of opening a day instead of {before} h",
        "more_orders_per_day": "{after} orders a day instead of {before} at each depot",
        "more_promise_days": "{after} days promised instead of {before}",
        "added_crew": "{added} more people in all",
        "added_fleet": "{added} more vehicles in all",
        "added_docks": "{added} more docks in all",
        "added_unload_docks": "{added} more docks in all",
        "share_more": "a quarter more",
        "depot": "the depots",
        "gateway": "the gateways",
        "station": "the stations",
        "drop_point": "the drop points",
        "comma": ", ",
    },
    "zh": {
        "crew": "{steps}的人手",
        "crew_of_several": "“{name}”在{steps}的人手",
        "fleet": "{steps}的车辆",
        "docks": "{place}的装车月台",
        "unload_docks": "{place}的卸车月台",
        "floor": "{place}的场地",
        "opening_hours": "{steps}的开放时间",
        "slots": "{steps}每个时段的户数",
        "shop_hours": "“{name}”的营业时间",
        "orders_per_day": "“{name}”的每日接单上限",
        "promise_days": "“{name}”的承诺天数",
        "source": "货源“{name}”的日供量",
        "stock": "“{name}”的库存",
        "reserve": "储备“{name}”",
        "more_crew": "每处每班{after}人而非{before}人",
        "more_fleet": "每处{after}辆车而非{before}辆",
        "more_docks": "每处{after}个月台而非{before}个",
        "more_unload_docks": "每处{after}个月台而非{before}个",
        "more_opening_hours": "每天开放{after}小时而非{before}小时",
        "more_slots": "每时段{after}户而非{before}户",
        "more_shop_hours": "每天营业{after}小时而非{before}小时",
        "more_orders_per_day": "每处每日{after}单而非{before}单",
        "more_promise_days": "承诺{after}天而非{before}天",
        "added_crew": "共增加{added}人",
        "added_fleet": "共增加{added}辆车",
        "added_docks": "共增加{added}个月台",
        "added_unload_docks": "共增加{added}个月台",
        "share_more": "增加四分之一",
        "depot": "保供点",
        "gateway": "中转站",
        "station": "转运站",
        "drop_point": "投放点",
        "comma": "、",
    },
}


def constraint_title(
    kind: str, name: str, steps: Sequence[str], scenario: Scenario, strategy: StrategySpec, language: Language
) -> str:
    """What there is too little of; of people and vehicles at those of their steps that are given."""
    text, shown = _TEXT[language], constrained_label(kind, name, scenario, strategy, language)
    titled = step_labels([strategy], language)
    if kind == "crew" and any(stage.joined_by and stage.name in steps for stage in _stages(strategy)):
        # Others are there too.
        kind = "crew_of_several"
    return text[kind].format(
        steps=text["comma"].join(stage_label(step, language, titled) for step in steps) or shown,
        place=shown,
        name=shown,
    )


def _stages(strategy: StrategySpec) -> Iterator[Stage]:
    return (step.stage for channel in strategy.channels.values() for step in channel.steps if step.stage)


def one_more_in_words(kind: str, before: float | None, after: float | None, added: float, language: Language) -> str:
    """What one more of it is: ``2 docks instead of 1 at each place``; `before` is missing where places differ."""
    text = _TEXT[language]
    if f"more_{kind}" not in text:
        return text["share_more"]
    if before is None or after is None or math.isnan(before):
        return text[f"added_{kind}"].format(added=f"{added:,.4g}")
    return text[f"more_{kind}"].format(before=f"{before:,.5g}", after=f"{after:,.5g}")


def constrained_label(kind: str, name: str, scenario: Scenario, strategy: StrategySpec, language: Language) -> str:
    """Title of the crew, fleet, kind of place, step, channel, source, reserve or group of goods."""
    supply = scenario.spec.supply
    if kind in ("crew", "fleet"):
        return staff_titles(scenario.spec, language)[name]
    if kind in ("docks", "unload_docks", "floor"):
        return _TEXT[language][name]
    if kind in ("opening_hours", "slots"):
        return stage_label(name, language, step_labels([strategy], language))
    if kind in ("shop_hours", "orders_per_day", "promise_days"):
        return strategy.channels[name].title.in_language(language)
    if supply is not None and kind in ("source", "reserve"):
        title = supply.sources[name].title if kind == "source" else supply.reserves[name].title
        return display_name(name) if title is None else title.in_language(language)
    return group_label(name, language, group_titles(scenario.spec))
