"""What is compared: strategies, scenarios, or both, checked before anything is run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simsupply.base.catalogue import message
from simsupply.base.problems import wrong
from simsupply.base.spec import Title
from simsupply.config.load import fit, load_strategy
from simsupply.measures.metric_names import check_metric
from simsupply.measures.metric_registry import needs_of
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec

# What people had to eat comes first.
METRICS_COMPARED = ("fill_rate", "deprived_household_days", "coverage")
# What a metric counts up to, or counts as late, must be the same to be compared.
SHARED_KEYS = ("horizon_days", "measured_from_day", "service_target_days", "priority_target_hours")


@dataclass(frozen=True)
class Alternative:
    """A scenario under a strategy, and what it is called beside the others."""

    scenario: Scenario
    strategy: StrategySpec
    name: str
    title: Title


def alternatives_of(
    scenarios: Sequence[Scenario], strategies: Sequence[StrategySpec | str], metrics: Sequence[str]
) -> list[Alternative]:
    """Every scenario under every strategy.

    Raises
    ------
    InputError
        If one is given twice, does not exist or does not fit, if scenarios have other horizons or
        targets, or if a metric is not one of all of them.
    """
    names = [item.name if isinstance(item, StrategySpec) else item for item in strategies]
    for key, given in (
        ("strategies", names),
        ("scenarios", [scenario.name for scenario in scenarios]),
        ("metrics", metrics),
    ):
        if not given or len(set(given)) < len(given):
            raise wrong("compare", key, list(given), message("at_least_one_none_twice"))
    loaded = [item if isinstance(item, StrategySpec) else load_strategy(item) for item in strategies]
    for scenario in scenarios:
        for strategy in loaded:
            fit(scenario, strategy)
    _check_scenarios(scenarios, metrics)
    for metric in metrics:
        check_metric(metric, loaded, "compare", "metrics", scenarios)
    found = [_named(scenario, strategy, len(scenarios), len(loaded)) for scenario in scenarios for strategy in loaded]
    for language in ("en", "zh"):
        titles = [alternative.title.in_language(language) for alternative in found]
        if len(set(titles)) < len(titles):
            raise wrong("compare", f"title.{language}", titles, message("title_of_its_own"))
    return found


def _named(scenario: Scenario, strategy: StrategySpec, num_scenarios: int, num_strategies: int) -> Alternative:
    """Called by what differs."""
    place, way = scenario.settings.title, strategy.title
    if num_scenarios == 1:
        return Alternative(scenario, strategy, strategy.name, way)
    if num_strategies == 1:
        return Alternative(scenario, strategy, scenario.name, place)
    title = Title(en=f"{scenario.name}: {way.en}", zh=f"{scenario.name}：{way.zh}")
    return Alternative(scenario, strategy, f"{scenario.name}/{strategy.name}", title)


def _check_scenarios(scenarios: Sequence[Scenario], metrics: Sequence[str]) -> None:
    for key in SHARED_KEYS:
        given = {scenario.name: getattr(scenario.settings, key) for scenario in scenarios}
        if len(set(given.values())) > 1:
            raise wrong("compare", f"scenario.{key}", given, message("same_in_all_scenarios"))
    for metric in metrics:
        for section in needs_of(metric):
            without = [scenario.name for scenario in scenarios if getattr(scenario.spec, section) is None]
            if without:
                allowed = message("metric_of_all_scenarios", section=section, scenarios=without)
                raise wrong("compare", "metrics", metric, allowed)
