"""What may hold a plan back, as readers see it, and what one more of it is, in English or Chinese."""

from __future__ import annotations

from simsupply.base.language import Language, display_name
from simsupply.experiment.constraints import Constraint
from simsupply.scenario.group_titles import group_label
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.step_titles import stage_label

_TEXT: dict[Language, dict[str, str]] = {
    "en": {
        "crew": "people at {steps}",
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
        "more_crew": "{after} instead of {before} a shift at each place",
        "more_fleet": "{after} instead of {before} at each place",
        "more_docks": "{after} instead of {before} at each place",
        "more_unload_docks": "{after} instead of {before} at each place",
        "more_opening_hours": "{after} h a day instead of {before} h",
        "more_slots": "{after} instead of {before}",
        "more_shop_hours": "{after} h a day instead of {before} h",
        "more_orders_per_day": "{after} instead of {before}",
        "more_promise_days": "{after} instead of {before}",
        "added": "{added} more in all",
        "share_more": "a quarter more",
        "depot": "the depots",
        "gateway": "the gateways",
        "station": "the stations",
        "drop_point": "the drop points",
        "comma": ", ",
    },
    "zh": {
        "crew": "{steps}的人手",
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
        "more_fleet": "每处{after}辆而非{before}辆",
        "more_docks": "每处{after}个而非{before}个",
        "more_unload_docks": "每处{after}个而非{before}个",
        "more_opening_hours": "每天{after}小时而非{before}小时",
        "more_slots": "{after}户而非{before}户",
        "more_shop_hours": "每天{after}小时而非{before}小时",
        "more_orders_per_day": "{after}单而非{before}单",
        "more_promise_days": "{after}天而非{before}天",
        "added": "共增加{added}",
        "share_more": "增加四分之一",
        "depot": "保供点",
        "gateway": "中转站",
        "station": "转运站",
        "drop_point": "投放点",
        "comma": "、",
    },
}


def constraint_title(
    constraint: Constraint, scenario: Scenario, strategy: StrategySpec, language: Language, step: str | None = None
) -> str:
    """What there is too little of.

    Parameters
    ----------
    step : str, optional
        Of people and vehicles, the one step to name; without it all at which they work.
    """
    text = _TEXT[language]
    is_one = step is not None and step in constraint.steps
    steps = (step,) if is_one and step else constraint.steps
    return text[constraint.kind].format(
        steps=text["comma"].join(stage_label(name, language) for name in steps) or display_name(constraint.name),
        place=text.get(constraint.name, constraint.name),
        name=_name(constraint, scenario, strategy, language),
    )


def one_more_in_words(constraint: Constraint, language: Language) -> str:
    """What one more of it is: ``2 instead of 1 at each place``."""
    text = _TEXT[language]
    key = f"more_{constraint.kind}"
    if key not in text:
        return text["share_more"]
    if constraint.before is None or constraint.after is None:
        return text["added"].format(added=f"{constraint.added:,.4g}")
    return text[key].format(before=f"{constraint.before:,.5g}", after=f"{constraint.after:,.5g}")


def _name(constraint: Constraint, scenario: Scenario, strategy: StrategySpec, language: Language) -> str:
    """Title of what the constraint is called by."""
    supply, name = scenario.spec.supply, constraint.name
    if constraint.kind in ("shop_hours", "orders_per_day", "promise_days"):
        return strategy.channels[name].title.in_language(language)
    if supply is not None and constraint.kind in ("source", "reserve"):
        entries = supply.sources if constraint.kind == "source" else supply.reserves
        title = entries[name].title
        return display_name(name) if title is None else title.in_language(language)
    return group_label(name, language)
