"""The frozen plans need nothing of configs/, and the small ones give what they gave when they were frozen."""

from __future__ import annotations

import subprocess
import sys

import pytest

import simsupply as ss
from benchmarks.frozen import PLANS, SURGE_25X, scenario_file, strategy_file
from simsupply.config.yaml_files import config_dir

# Reads every plan with the folder of its first argument shut; then a built-in strategy, which cannot be.
READS_ALL = """
import sys
from pathlib import Path
import yaml
import simsupply as ss
from simsupply.base.spec import parse
from simsupply.scenario.world_spec import WorldSpec

shut, plans = sys.argv[1:]


def is_opened(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and str(arguments[0]).startswith(shut):
        raise RuntimeError(arguments[0])


sys.addaudithook(is_opened)
for file in sorted(Path(plans).glob("*.yaml")):
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    if file.stem.endswith("_strategy"):
        ss.load_strategy(data)
    else:
        parse(WorldSpec, data, source=file.name)
    print(file.name)
try:
    ss.load_strategy("standard_crates")
except RuntimeError:
    print("the folder was shut")
"""


@pytest.mark.lengthy
def test_no_plan_needs_configs() -> None:
    """As plain data every section and channel must be written out; a vehicle's type would be looked up."""
    done = subprocess.run(
        [sys.executable, "-c", READS_ALL, str(config_dir()), str(PLANS)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [*sorted(path.name for path in PLANS.glob("*.yaml")), "the folder was shut"]


def test_the_plans_named_in_the_page_are_those_that_are_there() -> None:
    page = (PLANS / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in PLANS.glob("*.yaml") if f"`{path.name}`" not in page] == []


# Of one replication, seed 1, on the day the plans were frozen. Since then the median of an even number of households is
# one of them, and not halfway between two; sums of kilometres are added up in other windows of time; and orders of the
# whole mechanism hold the need until the next list.
FEW_COME = ("staffing.attendance=0.33",)
THEN: dict[tuple[str, str, tuple[str, ...]], dict[str, float]] = {
    ("subdistrict_separate_crews", "standard_crates", ()): {
        "coverage": 1,
        "fill_rate": 1,
        "time_to_first_delivery_h": 32.163394749980064,
        "deprived_household_days": 272.65015567359035,
        "empty_pantry_h_worst_decile": 4.268495587844859,
        "kg_per_person_worst_decile": 2.1541204753223018,
        "orders_attempted": 15329,
        "orders_delivered": 15329,
        "vehicle_km": 614.0704925510277,
        "worker_hours": 14080.192430156454,
        "utilisation.deliver": 0.15139016622060517,
    },
    ("subdistrict_separate_crews", "individual_orders", FEW_COME): {
        "coverage": 0.46754517581055516,
        "fill_rate": 0.46754517581055516,
        "deprived_household_days": 45574.03615919159,
        "empty_pantry_h_worst_decile": 135.36417714292833,
        "orders_attempted": 15329,
        "orders_delivered": 7167,
        "vehicle_km": 291.36795189029175,
        "worker_hours": 4581.005554501925,
        "utilisation.deliver": 0.253497042749322,
    },
    ("subdistrict_separate_crews", "individual_orders", SURGE_25X): {
        "coverage": 1,
        "fill_rate": 0.7706960662796006,
        "time_to_first_delivery_h": 58.80364266292672,
        "deprived_household_days": 8328.95325748386,
        "empty_pantry_h_worst_decile": 56.75368473981674,
        "kg_per_person_worst_decile": 1.4458658893414698,
        "orders_attempted": 38658,
        "orders_delivered": 27622,
        "vehicle_km": 573.3329432263041,
        "worker_hours": 14446.80201897408,
        "utilisation.deliver": 0.21610201455926872,
    },
    ("town_16_points", "village_lists", ()): {
        "coverage": 1,
        "fill_rate": 0.857142857142857,
        "time_to_first_delivery_h": 59.35730942923819,
        "deprived_household_days": 3973.804297712261,
        "empty_pantry_h_worst_decile": 40.5353584935262,
        "kg_per_person_worst_decile": 1.2260062198452681,
        "orders_attempted": 36000,
        "orders_delivered": 24000,
        "vehicle_km": 2461.3999999999996,
        "worker_hours": 14665.49779416695,
        "volunteer_hours": 12868.383727042497,
        "utilisation.deliver": 0.1508603054102643,
    },
    ("town_16_points", "standard_crates", FEW_COME): {
        "coverage": 0.8579166666666667,
        "fill_rate": 0.4718571428571428,
        "time_to_first_delivery_h": 128.38371026117522,
        "deprived_household_days": 26745.331813316203,
        "empty_pantry_h_worst_decile": 124.18875004914067,
        "orders_attempted": 36000,
        "orders_delivered": 13212,
        "vehicle_km": 621.6,
        "worker_hours": 4551.6251741087435,
        "volunteer_hours": 4576.724103245168,
        "utilisation.deliver": 0.17540890732101683,
    },
    ("demo_whole", "whole_mechanism", ()): {
        "coverage": 0.8916666666666667,
        "fill_rate": 0.9204883904378638,
        "time_to_first_delivery_h": 36.1468543015154,
        "deprived_household_days": 11709.39261866203,
        "empty_pantry_h_worst_decile": 298.78279658893877,
        "kg_per_person_worst_decile": 14.858053131313133,
        "orders_attempted": 8527,
        "orders_delivered": 6469,
        "visits": 14140,
        "vehicle_km": 2860.182619922441,
        "worker_hours": 6259.033757366529,
        "volunteer_hours": 11297.043226410182,
        "utilisation.deliver": 0.5983709570694115,
    },
}


@pytest.mark.parametrize("plan", THEN, ids=lambda plan: "-".join((plan[0], plan[1], *plan[2][-1:])))
def test_a_small_plan_gives_what_it_gave(plan: tuple[str, str, tuple[str, ...]]) -> None:
    """Equal to the last digit: a difference is a change of the model, never of the plan."""
    name, strategy, overrides = plan
    scenario = ss.load_scenario(scenario_file(name), overrides)
    values = ss.simulate(scenario, ss.load_strategy(strategy_file(strategy)), replications=1, seed=1).values.loc[0]
    assert {metric: values[metric] for metric in THEN[plan]} == THEN[plan]
