"""What the minutes of steps should be: the rules, the numbers of plans they hold for, the page."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from simsupply.base.spec import parse
from simsupply.config.yaml_files import config_dir
from simsupply.strategy.channels import Channel
from validation.operations.minutes import (
    TABLE,
    Number,
    Rule,
    numbers_of_plans,
    read_rules,
    rule_for,
)
from validation.operations.published import read_published
from validation.operations.rates_page import checks, rates_page
from validation.operations.rewrite import rewritten

PAGE = Path(__file__).parents[2] / "docs" / "rates.md"
CHANNEL = """\
name: a
release: {kind: allot, every_days: 7}
parcel: {lines: 5}
steps:
  - stage:
      name: pack
      effort:
        per_order_min: 1.0     # A  take a box
        per_line_min: 1.0      # P  60 lines an hour
  - leg:
      name: deliver
      load: {per_parcel_min: 0.15}   # A  by hand
      rest_min: 60             # A
  - delay: {name: standing, minutes: 30}   # S
  - stage:
      name: door
      rounds:
        door_with_lift_min: 1.0      # A
      queue: {walk_m_per_min: 50}    # A
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for group, name, text in (
        ("channel", "a", CHANNEL),
        ("channel", "b", CHANNEL.replace("parcel: {lines: 5}", "parcel: {lines: 5, goods: [medicine]}")),
        ("vehicle", "van", "handling:\n  per_parcel_min: 0.2   # A  by hand\n"),
    ):
        (tmp_path / group).mkdir(exist_ok=True)
        (tmp_path / group / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_numbers_are_found_with_their_marks(folder: Path) -> None:
    """Minutes of work, and neither those of standing nor speeds. A list of one's own goods makes no packs."""
    found = numbers_of_plans(folder)
    assert [(n.step, n.part, n.key, n.minutes, n.mark) for n in found if n.file == "a"] == [
        ("pack", "effort", "per_order_min", 1.0, "A"),
        ("pack", "effort", "per_line_min", 1.0, "P"),
        ("deliver", "load", "per_parcel_min", 0.15, "A"),
        ("deliver", "", "rest_min", 60.0, "A"),
        ("door", "rounds", "door_with_lift_min", 1.0, "A"),
    ]
    assert [number for number in found if number.file == "van"] == [
        Number("van", "van", "handling", "per_parcel_min", "baskets", 0.2, "A  by hand", 1, "vehicle")
    ]
    assert {n.file: n.hands_out for n in found} == {"a": "packs", "b": "baskets", "van": "baskets"}


def test_ranges_stand_beside_the_letter() -> None:
    """There they are read as part of the mark, also by templates in Chinese, which leave out the words behind it."""
    lines = [f"  x: 1  # {rule.mark}" for rule in read_rules() if "[" in rule.mark]
    lines += [line for line in (config_dir() / "paces" / "published.yaml").read_text().splitlines() if "[" in line]
    assert len(lines) > 20
    assert [line for line in lines if not re.search(r"# [SPA] \[[\d.]+, [\d.]+\]", line)] == []


def test_the_first_rule_that_holds_is_the_one() -> None:
    number = Number("a", "pack", "effort", "per_line_min", "packs", 1.0, "P")
    other = Rule(("pick",), "effort", "per_line_min", "", (), 0.1, "A", "x")
    sets = Rule(("pack",), "effort", "per_line_min", "sets", (), 0.2, "A", "x")
    elsewhere = Rule(("pack",), "effort", "per_line_min", "", ("b",), 0.3, "A", "x")
    any_step = Rule(("*",), "effort", "*", "", (), 0.4, "A", "x")
    later = Rule(("pack",), "effort", "per_line_min", "packs", ("a",), 0.5, "A", "x")
    assert rule_for(number, [other, sets, elsewhere]) is None
    assert rule_for(number, [other, sets, elsewhere, any_step, later]) is any_step


def test_crates_have_no_bonus() -> None:
    """A line of a pack, of a set and of a basket is the same work, and so is the door."""
    rules = read_rules()
    for step, part, key in (
        ("pick", "effort", "per_order_min"),
        ("pick", "effort", "per_line_min"),
        ("door", "rounds", "door_with_lift_min"),
        ("deliver", "load", "per_parcel_min"),
    ):
        found = {
            rule.minutes
            for hands_out in ("baskets", "packs", "sets")
            if (rule := rule_for(Number("", step, part, key, hands_out, 1.0, ""), rules))
        }
        assert len(found) == 1, (step, key)


def test_these_minutes_against_the_operations_by_hand() -> None:
    """P01: 0.5 + 5 lines x 0.3 x 3.3 = 5.45, over 0.875 of speed 6.23 min: 9.63 an hour of 7.29. D03: 3 + 1.5 + 3.5.

    D04: 0.25 + 1.5 + 4.75 = 6.5, 9.23 of 6.06 an hour. P08: 0.5 + 6 x 0.3 = 2.3 min.
    """
    found = {check.operation.id: check for check in checks(read_published(), read_rules())}
    assert found["P01"].minutes == pytest.approx(5.45 / 0.875)
    assert found["P01"].ratio == pytest.approx(60 / (5.45 / 0.875) / (8749 / 1200))
    assert found["P03"].minutes == pytest.approx(10.4 / (5.5 / 6))
    assert (found["D03"].minutes, found["P08"].minutes) == pytest.approx((8.0, 2.3))
    assert found["D04"].ratio == pytest.approx(60 / 6.5 / (200 / 33))
    inside = {name for name, check in found.items() if check.operation.is_hit(check.operation.quantity * check.ratio)}
    assert sorted(set(found) - inside) == ["D04", "P08", "P12"]


def test_the_page_says_what_the_rules_say() -> None:
    """Rows that hold for a number of a built-in plan, channels, the operations. `make operations` writes it."""
    text, rules, numbers = PAGE.read_text(encoding="utf-8"), read_rules(), numbers_of_plans()
    whole = rates_page(read_published(), numbers, rules)
    before = "# Rates", "\n## Minutes of steps"
    assert text.partition(before[1])[0] == whole.partition(before[1])[0]
    for line in re.findall(r"^\| [A-Z]\d\d \|.*$", whole, flags=re.MULTILINE):
        assert line in text
    # Of a channel without minutes there is nothing to say.
    for channel in {number.file for number in numbers if number.group == "channel"}:
        assert f"\n**{channel}**\n" in whole
    for rule in rules:
        if rule.minutes is not None and any(rule_for(number, rules) is rule for number in numbers):
            assert f"| **{rule.minutes:g}** | {rule.mark} | {rule.why} |" in text


@pytest.mark.lengthy
def test_numbers_and_marks_are_put_into_the_files(tmp_path: Path) -> None:
    """Of a copy of the built-in ones: every number is as its rule says; all channels load; nothing else changes."""
    for group in ("channel", "vehicle"):
        shutil.copytree(config_dir() / group, tmp_path / group)
    rules, before = read_rules(), numbers_of_plans()
    rewritten(tmp_path, rules)
    after = numbers_of_plans(tmp_path)
    assert [(n.file, n.step, n.part, n.key) for n in after] == [(n.file, n.step, n.part, n.key) for n in before]
    for old, new in zip(before, after, strict=True):
        rule = rule_for(old, rules)
        assert rule is not None, f"{old.file}: {old.step}: no row of minutes.csv"
        assert new.minutes == (old.minutes if rule.minutes is None or old.mark == "S" else rule.minutes)
        assert new.minutes == old.minutes or new.mark == rule.mark[0]
        assert new.minutes != old.minutes or new.comment == old.comment
    assert rewritten(tmp_path, rules) == []
    for path in sorted((tmp_path / "channel").glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        parse(Channel, data, source=path.name)


def test_what_a_plan_says_stays(folder: Path) -> None:
    """A number marked S is not overwritten; of others the comment goes whole, also one of two lines."""
    text = CHANNEL.replace("# A  take a box", "# S 5  its own desk").replace("{per_parcel_min: 0.15}", "{}")
    text = text.replace("60 lines an hour\n", "60 lines an hour\n                               #    (guides)\n")
    for name, release in (("a", text), ("b", text.replace("kind: allot, every_days: 7", "kind: cycle"))):
        (folder / "channel" / f"{name}.yaml").write_text(release, encoding="utf-8")
    assert [path.stem for path in rewritten(folder, read_rules())] == ["a", "b"]
    for name, line in (
        ("a", "A [0.2, 1.1]  as of a basket, so that no channel has a bonus"),
        ("b", "P [0.2, 0.4]  I03 I04  paid pickers"),
    ):
        found = (folder / "channel" / f"{name}.yaml").read_text(encoding="utf-8")
        assert "        per_order_min: 1.0     # S 5  its own desk\n" in found
        assert f"        per_line_min: 0.3      # {line}\n  - leg" in found


def test_a_line_with_more_than_a_number_is_left(folder: Path) -> None:
    with pytest.raises(ValueError, match="a, line 12: allowed: a number on a line of its own"):
        rewritten(folder, read_rules())


def test_a_number_without_a_rule_is_said_on_the_page(folder: Path) -> None:
    rules = [rule for rule in read_rules() if rule.key != "per_line_min" or "pick" not in rule.steps]
    numbers = numbers_of_plans(folder)
    pick = [rule for rule in read_rules() if rule.steps[0] == "pick"]
    assert "line 1 P (no row of minutes.csv)" in rates_page(read_published(), numbers, [*rules, *_only_for_pick(pick)])


def _only_for_pick(rules: list[Rule]) -> list[Rule]:
    """Rules that the check against the operations needs, and that hold for no step `pack`."""
    return [Rule(("pick",), r.part, r.key, r.hands_out, r.channels, r.minutes, r.mark, r.why) for r in rules]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (",0.5,", ",fast,", "minutes: got 'fast'; allowed: above 0 and below 1440, or nothing"),
        (",0.5,", ",-1,", "minutes: got '-1'"),
        (
            "compile shop_list list,effort",
            "compile shop_list list,work",
            "line 2: part: got 'work'; allowed: effort, load",
        ),
        (",packs,", ",boxes,", "hands_out: got 'boxes'; allowed: baskets, packs, sets or nothing"),
        ("no report of it", "", "why: got nothing"),
        (",A,no report", ",X,no report", "mark: got 'X'; allowed: S, P or A, or * (as it is)"),
        ("per_consignment_min,,,,*", "per_consignment_min,,,5,*", "mark: got '*' (as it is); allowed beside minutes"),
        ("steps,part", "step,part", "columns: got step, part"),
    ],
)
def test_a_wrong_table_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "minutes.csv"
    path.write_text(TABLE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(told)):
        read_rules(path)
