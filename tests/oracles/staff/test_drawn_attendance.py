"""A level of attendance drawn for each replication: one for all its days, the same for every strategy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.model.staff.expected import expected_minutes
from simsupply.report.run_answer import run_answer
from simsupply.scenario.drawn_attendance import BetaAttendance, TriangularAttendance, UniformAttendance
from simsupply.streams.keyed import Streams
from tests.plans.both_engines import exact
from tests.plans.paper_plans import Plain, channel, crew, stage, strategy, world

PEOPLE = 4000
WORK = stage("pack", "packers", effort={"per_order_min": 1})
UNIFORM = {"low": 0.1, "high": 0.3}


def plan_of(attendance: Any, **crews: Plain) -> Plain:
    """Packers, and perhaps others, at one depot."""
    return world(
        [1], {"packers": crew(PEOPLE, "depot"), **crews}, attendance=attendance, horizon_days=3, run_out_days=0
    )


def present(result: ss.Result, name: str = "packers") -> np.ndarray:
    """People present, a row for each replication and a column for each day."""
    table = result.staff
    rows = table[(table["crew"] == name) & (table["measure"] == "present")]
    return rows.pivot_table(index="replication", columns="day", values="value").to_numpy()


def simulated(plan: Plain, decided: Plain | None = None, replications: int = 30) -> ss.Result:
    way = ss.load_strategy(decided or strategy(channel("only", WORK)))
    return ss.simulate(ss.load_scenario(plan), way, replications=replications, seed=5)


def test_one_level_for_all_days_of_a_replication() -> None:
    """4000 people: each day's share is within 4 standard deviations (.0073 at most) of the replication's level.

    Levels are low + (high - low) u with the keyed uniform of the replication.
    """
    shares = present(simulated(plan_of(UNIFORM))) / PEOPLE
    for number, row in enumerate(shares):
        uniform = float(Streams(seed=5, replication=number).uniform("attendance_level", 0, 1)[0])
        assert row == pytest.approx(0.1 + 0.2 * uniform, abs=4 * 0.0073)
    # Between replications they differ: a spread of .0577 for this uniform, here within a third of it.
    assert shares.mean(axis=1).std(ddof=1) == pytest.approx(0.2 / 12**0.5, rel=0.33)


def test_a_distribution_without_width_is_its_level() -> None:
    """low = high = 0.2 gives exactly the people whom 0.2 gives."""
    fixed, drawn = (
        simulated(plan_of(0.2), replications=3),
        simulated(plan_of({"low": 0.2, "high": 0.2}), replications=3),
    )
    assert (present(fixed) == present(drawn)).all()


def test_the_level_does_not_depend_on_the_strategy() -> None:
    """Two steps instead of one, and another crew: the packers of a replication are the same people."""
    other = strategy(channel("only", stage("list", "clerks", effort={"per_order_min": 1}), WORK))
    plan = plan_of(UNIFORM, clerks=crew(10, "depot"))
    assert (present(simulated(plan)) == present(simulated(plan, other))).all()


def test_a_crew_may_have_a_distribution_of_its_own() -> None:
    """Clerks come with 0.8 to 1.0, packers with 0.1 to 0.3; each level has its own key."""
    decided = strategy(channel("only", stage("list", "clerks", effort={"per_order_min": 1}), WORK))
    plan = plan_of(UNIFORM, clerks=crew(PEOPLE, "depot", attendance={"low": 0.8, "high": 1.0}))
    result = simulated(plan, decided)
    clerks, packers = present(result, "clerks")[:, 0] / PEOPLE, present(result)[:, 0] / PEOPLE
    assert clerks.min() > 0.77
    assert packers.max() < 0.33
    for number, share in enumerate(clerks):
        uniform = float(Streams(seed=5, replication=number).uniform("attendance_level/crew/clerks", 0, 1)[0])
        assert share == pytest.approx(0.8 + 0.2 * uniform, abs=4 * 0.0064)


def test_those_who_join_a_crew_have_a_level_of_their_own() -> None:
    """As many join on day 0 as there are, with 0.8 to 1.0 of their own, drawn apart from that of the crew."""
    joining = {"from_day": 0, "per_day": PEOPLE, "up_to": 2 * PEOPLE, "attendance": {"low": 0.8, "high": 1.0}}
    plan = plan_of(1.0, packers=crew(PEOPLE, "depot", attendance={"low": 0.1, "high": 0.3}, arrivals=joining))
    result = simulated(plan)
    assert any("attendance of those who join 'packers' is drawn anew" in note for note in result.notes)
    for number, both in enumerate(present(result)[:, 0] / PEOPLE):
        keys = "attendance_level/crew/packers", "attendance_level/crew/packers/arrivals"
        own, later = (float(Streams(seed=5, replication=number).uniform(key, 0, 1)[0]) for key in keys)
        assert both == pytest.approx(0.1 + 0.2 * own + 0.8 + 0.2 * later, abs=4 * 0.0097)


def test_both_engines_draw_the_same() -> None:
    exact(plan_of({"kind": "beta", "mean": 0.2, "n": 20}), strategy(channel("only", WORK)))


@pytest.mark.parametrize("uniform", [0.001, 0.2, 0.5, 0.77, 0.999])
def test_quantiles(uniform: float) -> None:
    """Against scipy's distributions; by hand: triangular 0, .5, 1 at u = .5 is .5, at u = .125 it is .25."""
    assert UniformAttendance(low=0.1, high=0.3).quantile(uniform) == pytest.approx(0.1 + 0.2 * uniform)
    triangle = TriangularAttendance(kind="triangular", low=0.1, mode=0.15, high=0.3)
    assert triangle.quantile(uniform) == pytest.approx(stats.triang(0.25, 0.1, 0.2).ppf(uniform))
    beta = BetaAttendance(kind="beta", mean=0.2, n=20)
    assert beta.quantile(uniform) == pytest.approx(stats.beta(4, 16).ppf(uniform))
    half = TriangularAttendance(kind="triangular", low=0, mode=0.5, high=1)
    assert half.quantile(0.5) == pytest.approx(0.5)
    assert half.quantile(0.125) == pytest.approx(0.25)
    flat = TriangularAttendance(kind="triangular", low=0.2, mode=0.2, high=0.2)
    assert flat.quantile(uniform) == 0.2


def test_means() -> None:
    """(.1 + .3) / 2 = .2; (.1 + .2 + .6) / 3 = .3; promises count on the mean: 4000 x 600 x .2 = 480,000 min."""
    assert UniformAttendance(low=0.1, high=0.3).mean == pytest.approx(0.2)
    assert TriangularAttendance(kind="triangular", low=0.1, mode=0.2, high=0.6).mean == pytest.approx(0.3)
    scenario = ss.load_scenario(plan_of(UNIFORM))
    assert scenario.mean_attendance == pytest.approx(0.2)
    assert expected_minutes(scenario, "packers", None, 0).tolist() == [pytest.approx(480_000)]


def test_levels_take_the_place_of_the_distribution() -> None:
    scenario, way = ss.load_scenario(plan_of(UNIFORM)), ss.load_strategy(strategy(channel("only", WORK)))
    compared = ss.compare(scenario, [way], attendance=[1.0, 0.5], replications=2)
    assert [case.attendance for case in compared.cases] == [1.0, 0.5]
    assert present(compared.cases[0].result).tolist() == [[PEOPLE] * 3] * 2
    own = ss.compare(scenario, [way], replications=2)
    assert own.cases[0].in_words("en") == "20 % attendance on average, drawn in every replication"
    assert own.cases[0].in_words("zh") == "到岗率逐次抽取、平均20 %"


def test_answers_and_notes_say_that_it_was_drawn() -> None:
    result = simulated(plan_of({"kind": "triangular", "low": 0.1, "mode": 0.2, "high": 0.6}), replications=2)
    said = "attendance is drawn anew in every replication: between 0.1 and 0.6, most likely 0.2 (mean 0.3)"
    assert said in result.notes
    assert any(said in sentence for sentence in run_answer(result, language="en"))
    chinese = "每次仿真各抽取一次到岗率：0.1 至 0.6，最可能 0.2（均值 0.3）"
    assert any(chinese.replace(" ", "") in sentence.replace(" ", "") for sentence in run_answer(result, language="zh"))


@pytest.mark.parametrize(
    ("attendance", "key", "shown"),
    [
        ({"low": 0.3, "high": 0.1}, "", "low"),
        ({"low": 0.1}, ".high", "required"),
        ({"low": 0.1, "high": 1.2}, ".high", "less than or equal to 1"),
        ({"kind": "triangular", "low": 0.1, "mode": 0.5, "high": 0.4}, "", "low <= mode <= high (0.1, 0.5, 0.4)"),
        ({"kind": "beta", "mean": 1.0, "n": 5}, ".mean", "less than 1"),
        ({"kind": "bet", "mean": 0.5, "n": 5}, ".kind", "did you mean 'beta'?"),
        ({"low": 0.1, "high": 0.3, "mean": 0.2}, ".high", "valid: kind, levels, mean, n"),
        ({"kind": "uniform", "low": 0.1, "high": 0.3, "mode": 0.2}, ".mode", "valid: high, kind, levels, low, mean, n"),
        ({"level": 0.2}, ".levels", "required"),
    ],
)
def test_what_is_refused(attendance: Any, key: str, shown: str) -> None:
    with pytest.raises(InputError) as caught:
        ss.load_scenario(plan_of(attendance))
    problems = {problem.key: str(problem.allowed) for problem in caught.value.problems}
    assert f"staffing.attendance{key}" in problems
    assert shown in problems[f"staffing.attendance{key}"]


def test_the_keys_say_which_distribution_is_meant() -> None:
    """Without `kind`: low and high, low, mode and high, mean and n."""
    for given, kind in (
        ({"low": 0.1, "high": 0.3}, UniformAttendance),
        ({"low": 0.1, "mode": 0.2, "high": 0.3}, TriangularAttendance),
        ({"mean": 0.2, "n": 20}, BetaAttendance),
    ):
        attendance = ss.load_scenario(plan_of(given)).spec.staffing.attendance
        assert isinstance(attendance, kind)


def test_a_sweep_over_its_ends() -> None:
    plan = plan_of(UNIFORM)
    swept = ss.load_scenario({**plan, "staffing": {**plan["staffing"], "attendance": {"low": 0.3, "high": 0.3}}})
    assert swept.mean_attendance == pytest.approx(0.3)
