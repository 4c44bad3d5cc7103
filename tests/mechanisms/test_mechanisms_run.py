"""Every case is a pair of plans that fit and differ in their one key; some are run, and the page is written."""

from __future__ import annotations

import dataclasses
import math
import re
from pathlib import Path

import pytest

from mechanisms.__main__ import main
from mechanisms.cases import CASES, Case, CaseSpec, read_cases
from mechanisms.measure import Finding, measure_case
from mechanisms.plans import plain_plan, plan_of
from mechanisms.report import render
from mechanisms.update import updated
from simsupply.base.problems import InputError
from simsupply.config.dotted import put
from simsupply.measures.metric_registry import METRICS
from simsupply.measures.splits import SPLITS
from simsupply.stats.intervals import Estimate

ALL = read_cases()
BY_NAME = {case.name: case for case in ALL}


@pytest.mark.lengthy
@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_a_case_is_two_plans_that_differ_in_its_key(case: Case) -> None:
    off, on = plan_of(case, "off"), plan_of(case, "on")
    assert (off[0].spec, off[1]) != (on[0].spec, on[1])
    # Nothing else differs: with the value of one side put in, the other is the same.
    plain = plain_plan(case, "on")
    put(plain, case.spec.key, case.spec.without, case.name)
    assert plain == plain_plan(case, "off")
    parts = case.spec.metric.split("/")
    known = {metric.name for metric in METRICS}
    assert parts[-1] in known | {"kg_delivered"} or parts[-1].startswith(("contacts.", "utilisation."))
    assert len(parts) == 1 or parts[0] in SPLITS


def test_files_hold_at_least_one_case_each() -> None:
    families = {case.family.title for case in ALL}
    assert len(families) == len(list(CASES.glob("*.yaml")))


@pytest.mark.parametrize("name", ["visit_every_days", "group_left_out_of_parcel"])
def test_two_cases_show_their_mechanism(name: str) -> None:
    finding = measure_case(BY_NAME[name], replications=2)
    assert finding.verdict == "shown"
    assert finding.difference.n == 2
    assert finding.difference.mean == pytest.approx((finding.on.mean or 0) - (finding.off.mean or 0))


def found(mean: float | None, low: float | None, high: float | None, moves: str = "up") -> Finding:
    """A finding written by hand."""
    spec = BY_NAME["retries"].spec.model_copy(update={"moves": moves})
    case = dataclasses.replace(BY_NAME["retries"], spec=spec)
    side = Estimate(1.0, 0.5, 1.5, 2, "ratio")
    return Finding(case, side, side, Estimate(mean, low, high, 2, "difference"), 10, 0.1)


@pytest.mark.parametrize(
    ("difference", "moves", "verdict"),
    [
        ((2.0, 1.0, 3.0), "up", "shown"),
        ((2.0, 1.0, 3.0), "down", "wrong direction"),
        ((-2.0, -3.0, -1.0), "down", "shown"),
        ((2.0, -1.0, 5.0), "up", "covers zero"),
        ((0.0, 0.0, 0.0), "up", "covers zero"),
        ((2.0, 2.0, 2.0), "up", "shown"),
        ((2.0, None, None), "up", "one replication only"),
        ((None, None, None), "up", "does not exist"),
    ],
)
def test_verdicts(difference: tuple[float | None, float | None, float | None], moves: str, verdict: str) -> None:
    finding = found(*difference, moves=moves)
    assert finding.verdict == verdict
    assert verdict in render([finding], replications=2)


def test_the_command_names_what_is_not_shown_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="did you mean 'carry_kg'"):
        main(["--only", "cary_kg"])
    with pytest.raises(SystemExit):
        main(["--replications", "1"])
    capsys.readouterr()
    status = main(["--only", "carry_kg", "--replications", "2", "--processes", "1", "--output", str(tmp_path)])
    assert status == 0
    assert "1 rows: 1 shown" in capsys.readouterr().out
    page = (tmp_path / "mechanisms.md").read_text(encoding="utf-8")
    assert "| `carry_kg`: " in page


def test_single_rows_are_put_into_the_page() -> None:
    """One row measured anew, one that is not there yet behind the case before it, one of a case that is no more."""
    by_file = [case for case in ALL if case.family is ALL[0].family][:3]
    side = Estimate(1.0, 0.5, 1.5, 2, "h")

    def finding(number: int, mean: float) -> Finding:
        return Finding(by_file[number], side, side, Estimate(mean, mean - 1, mean + 1, 2, "difference"), 10, 0.1)

    page = render([finding(0, 20.0), finding(1, 30.0)], replications=10)
    gone = page.replace(f"`{by_file[1].name}`: ", "`a_case_that_is_no_more`: ")
    text = updated(gone, [finding(0, -20.0), finding(1, 40.0), finding(2, 50.0)], by_file)
    whole = render([finding(0, -20.0), finding(1, 40.0), finding(2, 50.0)], replications=10)
    # But for the example, which names the last case of the page.
    assert text.replace(by_file[1].name, by_file[2].name) == whole.replace(by_file[1].name, by_file[2].name)
    assert re.search(r"^\*\*3 rows: ", text, re.MULTILINE)
    with pytest.raises(ValueError, match="no row behind which"):
        updated(page, [finding(2, 50.0)], [by_file[2]])
    with pytest.raises(ValueError, match="how many rows"):
        updated(page.replace("rows:", "lines:"), [], by_file)


def test_the_page_has_every_case() -> None:
    page = (CASES.parents[1] / "docs" / "mechanisms.md").read_text(encoding="utf-8")
    rows = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert rows == [case.name for case in ALL]
    assert all(line.endswith("| shown |") for line in page.splitlines() if line.startswith("| `"))


def test_wrong_keys_and_cases_are_refused(tmp_path: Path) -> None:
    data = plain_plan(BY_NAME["retries"], "off")
    with pytest.raises(InputError, match="no_such_step"):
        put(data, "strategy.channels.online_orders.steps.no_such_step.stage.crew", "clerks", "here")
    with pytest.raises(InputError, match="nothing"):
        put(data, "demand.nothing.more", 1, "here")
    put(data, "strategy.channels.online_orders.steps.pick.stage.crew", "clerks", "here")
    steps = data["strategy"]["channels"]["online_orders"]["steps"]
    assert [step["stage"]["crew"] for step in steps if step.get("stage", {}).get("name") == "pick"] == ["clerks"]
    same = BY_NAME["retries"].spec.model_dump(by_alias=True) | {"with": math.pi, "without": math.pi}
    with pytest.raises(ValueError, match="two values that differ"):
        CaseSpec.model_validate(same)
    text = (CASES / "01_needs.yaml").read_text(encoding="utf-8")
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="a name that no other case has"):
        read_cases(tmp_path)
