"""People who do the work of a crew that their plan does not have, on paper."""

from __future__ import annotations

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.experiment.constraints import constraints_of
from tests.plans.both_engines import exact, with_staffing
from tests.plans.paper_plans import Plain, channel, crew, ends, fleet, leg, listed, stage, strategy, work, world

STEPS = (work("compile", "clerks", 5), work("pack", "packers", 10), leg("deliver", "vans"))
DECIDED = strategy(channel("only", *STEPS))


def plan(people: int = 1, **vans: object) -> Plain:
    """Two drop points of one household, 15 minutes away; the packers are the only people."""
    return world(listed([1, 1]), {"packers": crew(people)}, {"vans": fleet(1, people_per_vehicle=1, **vans)})


def test_one_person_does_the_work_of_both() -> None:
    """Lists 480-485 and 495-500, packed 485-495 (nearer to the end than the other list) and 500-510.

    The van is at the first door at 510, back at 525, at the other at 540.
    """
    result = exact(with_staffing(plan(), stand_ins={"clerks": "packers"}), DECIDED)
    assert ends(result, "compile") == [485, 500]
    assert ends(result, "pack") == [495, 510]
    assert ends(result, "deliver") == [510, 540]


def test_and_drives_too() -> None:
    """485, 495, drives 495-510, back 525: only then the other list 525-530, packed 540, driven 555."""
    result = exact(with_staffing(plan(drivers="packers"), stand_ins={"clerks": "packers"}), DECIDED)
    assert ends(result, "deliver") == [510, 555]


def test_it_is_as_if_the_channel_named_them() -> None:
    named = (stage("compile", "packers", effort={"per_order_min": 5}), *STEPS[1:])
    stood_in = exact(with_staffing(plan(3, drivers="packers"), stand_ins={"clerks": "packers"}), DECIDED)
    own = exact(plan(3, drivers="packers"), strategy(channel("only", *named)))
    assert stood_in.values.equals(own.values)


def test_who_works_with_somebody_who_is_the_same_person_works_alone() -> None:
    """The clerk and the packer of a joint task are one here: one person is enough."""
    together = stage("load", "packers", effort={"per_order_min": 7}, joined_by=["clerks"])
    result = exact(with_staffing(plan(), stand_ins={"clerks": "packers"}), strategy(channel("only", together)))
    assert ends(result, "load") == [487, 494]


def test_one_more_is_tried_of_the_people_there_are() -> None:
    scenario = ss.load_scenario(with_staffing(plan(), stand_ins={"clerks": "packers"}))
    found = constraints_of(scenario, ss.load_strategy(DECIDED))
    assert [(item.kind, item.name, list(item.steps)) for item in found if item.kind == "crew"] == [
        ("crew", "packers", ["compile", "pack"])
    ]


@pytest.mark.parametrize(
    ("stand_ins", "key"),
    [
        ({"clerks": "painters"}, "staffing.stand_ins.clerks"),
        ({"packers": "packers"}, "staffing.stand_ins.packers"),
        ({"drivers": "clerks", "clerks": "packers"}, "staffing.stand_ins.drivers"),
    ],
)
def test_stand_ins_are_people_of_the_plan_for_people_who_are_not(stand_ins: dict[str, str], key: str) -> None:
    with pytest.raises(InputError) as raised:
        ss.load_scenario(with_staffing(plan(), stand_ins=stand_ins))
    assert [problem.key for problem in raised.value.problems] == [key]
