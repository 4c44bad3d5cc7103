"""The page on people and days: its example loads, plans what it says, and both engines run it alike."""

from __future__ import annotations

import re

import yaml

import simsupply as ss
from simsupply.base.spec import Title
from simsupply.scenario.drawn_attendance import DRAWN
from tests.helpers.command_line import REPOSITORY
from tests.plans.both_engines import exact, on_days
from tests.plans.paper_plans import channel, delay, door, leg, listed, stage, strategy, world

PAGE = (REPOSITORY / "docs" / "your_own_scenario.md").read_text(encoding="utf-8")
EXAMPLE, NEED, VEHICLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_plans_what_it_says() -> None:
    """Day 0 is a Monday. Packers: 28 on days 0-4, two shifts of 42 on day 5 (Saturday), nobody on Sunday.

    Two estates of 100 households: teams of two. Person i at place p is off on days d with (i + p + d) mod 7 in 5, 6:
    (0, 0) on 5, 6; (1, 0) and (0, 1) on 4, 5; (1, 1) on 3, 4. Vans: 6, on days 5 and 6 one at each depot.
    """
    geography = listed([100, 100])
    geography["depots"] = [{"name": "city"}, {"name": "north_market"}]
    for place, depot in zip(geography["drop_points"], ("city", "north_market"), strict=True):
        place["depot"] = depot
    plan = world(geography, {})
    plan |= yaml.safe_load(EXAMPLE)
    plan["staffing"]["crews"]["walkers"] = plan["staffing"]["crews"].pop("door_team")
    steps = [stage("pack", "packers", effort={"per_order_min": 5}), leg("go", "vans", load={}, unload={}), door(4)]
    result = exact(plan, strategy(channel("only", *steps)))
    assert on_days(result, "packers", "planned") == [28, 28, 28, 28, 28, 84, 0]
    assert on_days(result, "walkers", "planned") == [4, 4, 4, 3, 1, 1, 3]
    assert on_days(result, "vans", "planned") == [6, 6, 6, 6, 6, 2, 2]
    spec = result.scenario.spec.staffing
    assert isinstance(spec.attendance, DRAWN)
    assert isinstance(spec.crews["walkers"].attendance, DRAWN)


def test_the_table_of_attendance_is_of_plans_that_load() -> None:
    forms = [yaml.safe_load(form) for form in re.findall(r"^\| `(0\.2|\{.*?\})` \|", PAGE, re.MULTILINE)]
    assert len(forms) == 5
    for form in forms:
        ss.load_scenario(world([1], {}, attendance=form))


def test_the_example_of_need_and_orders() -> None:
    """Vegetables: 0.4 kg on usual days, 0.5 at the weekend, which is of days 5 and 6, and 0.6 on day 7."""
    plan = world([1000], {}, horizon_days=8)
    del plan["scenario"]["households"]["pantry_days"]
    plan |= yaml.safe_load(NEED)
    scenario = ss.load_scenario(plan)
    assert scenario.goods.rate[:8, 0].tolist() == [0.4] * 5 + [0.5, 0.5, 0.6]
    result = exact(plan, strategy(channel("only", delay("road", 60))))
    attempted = result.days[result.days["measure"] == "attempted"].groupby("day")["value"].sum()
    # On day 0 each household tries once for each of 1.5 orders on average.
    assert 1400 < attempted[0] < 1600


def test_the_example_of_vehicles() -> None:
    """The 4.2 m van of the catalogue has 300 parcels; titles are those of the type and of the fleet."""
    spec = ss.load_scenario({**world([1], {}), **yaml.safe_load(VEHICLES)}).spec
    said = {name: (fleet.payload_kg, fleet.payload_parcels, fleet.title) for name, fleet in spec.fleet.items()}
    assert said == {
        "milk_run": (1200, 300, Title(en="Refrigerated van", zh="冷藏车")),
        "vaccines": (300, 300, Title(en="Vaccine vans", zh="疫苗车")),
    }
