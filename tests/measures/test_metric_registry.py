"""The registry of metrics: entries are whole, and one entry is all that a metric takes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.base.spec import Title
from simsupply.experiment.alternatives import alternatives_of
from simsupply.measures.metric import Metric, MetricFamily
from simsupply.measures.metric_families import CONTACTS, UTILISATION
from simsupply.measures.metric_names import metric_names
from simsupply.measures.metric_registry import (
    ENTRIES,
    METRICS,
    better_side,
    find_metric,
    metric_label,
    metrics_with_a_better_side,
    needs_of,
    unit_of,
)
from simsupply.strategy.step_titles import STAGES
from simsupply.strategy.steps.stage import CONTACTS as KINDS_OF_CONTACT

ROOT = Path(__file__).parents[2]
# Name, unit and better side, in the order of files.
WANTED = """
coverage share more
fill_rate share more
time_to_first_delivery_h h less
time_to_first_delivery_h_p95 h less
time_to_first_delivery_h_worst_decile h less
last_household_served_h h less
gap_h_p95 h less
deprived_household_days household-days less
empty_pantry_h h less
empty_pantry_h_worst_decile h less
gap_h_longest h less
gap_h_longest_worst_decile h less
priority_on_time_share share more
kg_per_person kg more
kg_per_person_worst_decile kg more
gini_kg_per_person index less
hungry_household_share_worst_day share less
orders_attempted orders None
orders_accepted orders more
orders_rejected orders less
orders_cancelled orders less
orders_collecting orders less
orders_delivered orders more
attempts_vs_normal_peak ratio None
callers_vs_normal_peak ratio None
attempts_refused_share share less
visits visits None
backlog_peak_orders orders less
spoiled_kg kg less
cover_days_lowest days more
short_kg_share share less
reserve_kg kg None
vehicle_km km less
vehicle_wait_h h None
worker_hours h less
volunteer_hours h less
contacts encounters less
cost currency less
mass_balance_error_kg kg None
contacts.<kind> encounters less
utilisation.<stage> share None
wait_h.<step>.<cause> order-hours None
"""
WHOLE: dict[str, Any] = {
    "name": "late",
    "unit": "h",
    "definition": "how late",
    "better": "less",
    "titles": Title(en="How late", zh="迟到"),
    "compute": lambda seen: 1.0,
}
FAMILY: dict[str, Any] = {
    **{key: value for key, value in WHOLE.items() if key != "name"},
    "prefix": "late.",
    "part": "kind",
    "titles": Title(en="How late, {part}", zh="{part}迟到"),
    "part_title": lambda part, language: part,
    "known_parts": lambda strategy, fleets: ["van"],
    "compute": lambda run, scenario: {"van": 1.0},
}


def test_every_metric_has_its_unit_and_better_side() -> None:
    found = [f"{entry.name} {entry.unit} {entry.better}" for entry in ENTRIES]
    assert found == WANTED.split("\n")[1:-1]


@pytest.mark.parametrize(("made", "whole"), [(Metric, WHOLE), (MetricFamily, FAMILY)])
@pytest.mark.parametrize("missing", ["better", "titles", "unit", "definition", "compute"])
def test_without_one_of_its_attributes_an_entry_cannot_be_made(
    made: type[Any], whole: dict[str, Any], missing: str
) -> None:
    assert made(**whole).better == "less"
    with pytest.raises(TypeError, match=f"'{missing}'"):
        made(**{key: value for key, value in whole.items() if key != missing})


@pytest.mark.parametrize(("made", "whole"), [(Metric, WHOLE), (MetricFamily, FAMILY)])
@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("better", "most", "better is 'most'; it must be 'more', 'less' or None"),
        ("titles", Title(en="How late", zh=" "), "a title in each language"),
        ("titles", Title(en="", zh="迟到"), "a title in each language"),
        ("titles", "How late", "a title in each language"),
    ],
)
def test_a_wrong_side_or_an_empty_title_is_refused(
    made: type[Any], whole: dict[str, Any], key: str, value: Any, message: str
) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        made(**{**whole, key: value})


def test_contacts_are_of_the_kinds_that_steps_have() -> None:
    assert tuple(CONTACTS.known_parts(strategy(), {})) == KINDS_OF_CONTACT


def test_titles_of_a_family_say_which_of_it() -> None:
    with pytest.raises(TypeError, match=re.escape("'How late' must hold {part}")):
        MetricFamily(**{**FAMILY, "titles": WHOLE["titles"]})
    assert metric_label("contacts.door", "en") == "Contacts at the door"
    assert metric_label("contacts.door", "zh") == "户门口接触人次"
    assert metric_label("utilisation.drop_point", "en") == "Utilisation: Drop point"
    assert metric_label("utilisation.drop_point", "zh") == "利用率：投放点"
    assert metric_label("utilisation.my_stage", "zh") == "利用率：my stage"


def all_titles() -> list[Title]:
    parts = [CONTACTS.title(CONTACTS.prefix + kind, "zh") for kind in CONTACTS.known_parts(strategy(), {})]
    parts += [UTILISATION.title(UTILISATION.prefix + name, "zh") for name in STAGES]
    english = [CONTACTS.title(CONTACTS.prefix + kind, "en") for kind in CONTACTS.known_parts(strategy(), {})]
    english += [UTILISATION.title(UTILISATION.prefix + name, "en") for name in STAGES]
    return [
        *(metric.titles for metric in METRICS),
        *(Title(en=en, zh=zh) for en, zh in zip(english, parts, strict=True)),
    ]


def strategy() -> Any:
    return ss.load_strategy("individual_orders")


def test_titles_are_of_their_language() -> None:
    titles = all_titles()
    assert len(titles) == len(METRICS) + 4 + len(STAGES)
    for title in titles:
        assert re.fullmatch(r"[A-Z][ -~]+", title.en), title
        assert re.search(r"[\u4e00-\u9fff]", title.zh), title
        assert not re.search(r"[A-Za-z]", title.zh), title


def test_names_and_titles_are_there_once() -> None:
    assert len({entry.name for entry in ENTRIES}) == len(ENTRIES) == 42
    for language in ("en", "zh"):
        assert len({entry.titles.in_language(language) for entry in ENTRIES}) == len(ENTRIES)


def test_what_is_none_of_ours() -> None:
    assert find_metric("coverag") is None
    assert better_side("coverag") is None
    assert needs_of("coverag") == ()
    assert metric_label("my_measure", "zh") == "my measure"
    with pytest.raises(KeyError, match="coverag"):
        unit_of("coverag")


def test_metrics_with_a_better_side_are_those_of_more_then_those_of_less() -> None:
    names = metrics_with_a_better_side()
    assert names[:2] == ["coverage", "fill_rate"]
    assert names[7:9] == ["cover_days_lowest", "time_to_first_delivery_h"]
    assert (names[-1], len(names)) == ("cost", 32)


def test_what_needs_supply_is_not_compared_without_it() -> None:
    assert [metric.name for metric in METRICS if metric.needs] == ["cover_days_lowest", "short_kg_share", "reserve_kg"]
    scenario = ss.load_scenario("subdistrict")
    for name in ("cover_days_lowest", "short_kg_share", "reserve_kg"):
        with pytest.raises(InputError, match="no section supply in: subdistrict"):
            alternatives_of([scenario], ["individual_orders"], [name])
    assert len(alternatives_of([scenario], ["individual_orders"], ["spoiled_kg"])) == 1


def test_of_families_there_is_what_all_strategies_have() -> None:
    names = metric_names([ss.load_strategy("individual_orders"), ss.load_strategy("standard_crates")])
    assert names[: len(METRICS)] == [metric.name for metric in METRICS]
    assert names[len(METRICS) :] == [
        *(f"contacts.{kind}" for kind in ("gate", "queue", "door", "shop")),
        *(f"utilisation.{step}" for step in ("compile", "deliver", "door")),
        *(f"wait_h.compile.{cause}" for cause in ("goods", "room", "people")),
        *(f"wait_h.deliver.{cause}" for cause in ("departure", "room", "vehicle", "dock")),
        *(f"wait_h.door.{cause}" for cause in ("departure", "room", "people")),
    ]


def test_metrics_that_the_documents_name_exist() -> None:
    table = (ROOT / "docs" / "mechanisms.md").read_text(encoding="utf-8")
    named = {
        cells[3].strip("` ").split("/")[-1]
        for line in table.splitlines()
        if len(cells := line.split(" | ")) > 3 and cells[3].startswith("`")
    }
    assert "coverage" in named
    assert [name for name in named - {"kg_delivered", "households"} if find_metric(name) is None] == []


ONE_ENTRY = """
from simsupply.base.spec import Title
from simsupply.measures import household_metrics
from simsupply.measures.metric import Metric

# As if it stood in the file: nothing else has been read yet.
household_metrics.HOUSEHOLD_METRICS = (
    *household_metrics.HOUSEHOLD_METRICS,
    Metric(
        name={name!r},
        unit="share",
        definition="households that got nothing",
        better="less",
        titles=Title(en="Households left out", zh="未得到供应的家庭占比"),
        compute=lambda seen: float((seen.kg_per_person == 0).mean()),
    ),
)
"""
USED = """
import simsupply as ss
from simsupply.cli.main import main
from simsupply.measures.metric_names import check_metric
from simsupply.measures.metric_registry import better_side, metric_label

result = ss.simulate(ss.load_scenario("subdistrict").with_attendance(0.3), "individual_orders", replications=2)
left_out = 1 - result.values["coverage"].mean()
found = result.summary().loc["left_out_share"]
assert abs(found["mean"] - left_out) < 1e-9 and 0.1 < left_out < 0.9 and found["unit"] == "share", found
spread = result.distribution().loc["left_out_share"]
assert spread["worst_decile"] == result.values["left_out_share"].quantile(0.9, interpolation="higher"), spread
groups = result.split_summary().query("metric == 'left_out_share'")
assert set(groups["split"]) == {"kind"} and set(groups["unit"]) == {"share"}, groups
check_metric("left_out_share", [result.strategy], "here", "metric")
print(better_side("left_out_share"), metric_label("left_out_share", "en"), metric_label("left_out_share", "zh"))
main(["list", "metrics"])
"""


def python(text: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", "-c", text]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.lengthy
def test_one_entry_is_all_a_metric_takes() -> None:
    done = python(ONE_ENTRY.format(name="left_out_share") + USED)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "less Households left out 未得到供应的家庭占比"
    assert [line.split() for line in lines if "left_out_share" in line] == [
        ["left_out_share", "[share]", "households", "that", "got", "nothing"]
    ]


def test_a_name_that_is_taken_fails_at_import() -> None:
    done = python(ONE_ENTRY.format(name="cost") + "import simsupply.measures.metric_registry")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "TypeError: two metrics of the name 'cost'"
