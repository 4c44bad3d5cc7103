"""The facts typed from the plans, and the page of their sentences, are well formed. No scenario is read here."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "systems_sentences.md"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))
ENTRIES: dict[str, Any] = EXPECTED["systems"] | EXPECTED["further_plans"]
FACTS: list[dict[str, Any]] = [fact for entry in ENTRIES.values() for fact in entry["facts"]]
BY_ID = {fact["id"]: fact for fact in FACTS}

KINDS = {"people", "vehicles", "places", "households", "goods", "calendar", "clock", "rule", "stock", "rate"}
KEYS = {"id", "kind", "value", "unit", "applies_to", "compare", "mark", "plan", "what", "words"}
MORE_KEYS = {"note", "product_of"}
WITHOUT_NUMBER = {"not_given", "masked"}
COMPARISONS = WITHOUT_NUMBER | {
    "equal",
    "about",
    "at_least",
    "at_most",
    "below",
    "between",
    "members",
    "order",
    "present",
    "absent",
}
# How many plans each file has.
PLANS = {"000": 8, "001": 15, "002": 3, "003": 4, "004": 14}
CHINESE = re.compile("[\u4e00-\u9fff]")
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_plan(name: str) -> bool:
    file, _, number = name.partition(".")
    return file in PLANS and number.isdigit() and 1 <= int(number) <= PLANS[file]


def test_every_system_is_there() -> None:
    numbered = [f"S{number}" for number in range(1, 17)]
    assert list(EXPECTED["systems"]) == [*numbered[:6], "S6A", "S6B", *numbered[6:]]


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(FACTS)


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_names_its_plans_and_facts(name: str) -> None:
    entry = ENTRIES[name]
    assert set(entry) == {"name", "plans", "facts"}
    assert all(is_plan(plan) for plan in entry["plans"])
    prefix = name.lower() if name.startswith("S") else "p" + name.replace(".", "_")
    for fact in entry["facts"]:
        assert fact["id"].startswith(f"{prefix}."), fact["id"]
        assert fact["plan"] in entry["plans"], fact["id"]


@pytest.mark.parametrize("name", EXPECTED["systems"])
def test_every_system_says_what_is_and_what_is_not(name: str) -> None:
    facts = ENTRIES[name]["facts"]
    assert sum(fact["mark"] == "S" for fact in facts) >= 10
    assert any(fact["compare"] in WITHOUT_NUMBER | {"absent"} for fact in facts)


@pytest.mark.parametrize("name", ENTRIES)
def test_facts_are_well_formed(name: str) -> None:
    for fact in ENTRIES[name]["facts"]:
        where = fact["id"]
        assert KEYS <= set(fact) <= KEYS | MORE_KEYS, where
        assert re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_]+", where), where
        assert fact["kind"] in KINDS, where
        assert fact["compare"] in COMPARISONS, where
        assert fact["mark"] == ("A" if fact["compare"] in WITHOUT_NUMBER else "S"), where
        assert fact["unit"], where
        assert fact["applies_to"], where
        assert fact["what"], where
        assert not CHINESE.search(fact["what"]), where
        words = fact["words"]
        assert CHINESE.search(words), where
        assert words == "".join(words.split()), where
        assert len(words) <= 30, where
        assert not re.search(r"\d{7}", words), where


def fits(fact: dict[str, Any]) -> bool:
    """Whether the value is one that its comparison can be made with."""
    value, compare = fact["value"], fact["compare"]
    match compare:
        case "between":
            return len(value) == 2 and all(map(is_number, value)) and value[0] < value[1]
        case "members" | "order":
            return len(set(value)) == len(value) >= (2 if compare == "order" else 1)
        case "about" | "at_least" | "at_most" | "below":
            return is_number(value)
        case "present":
            return value is True and fact["unit"] == "yes/no"
        case "absent":
            return (value is False and fact["unit"] == "yes/no") or (is_number(value) and value == 0)
        case "not_given":
            return str(value) == "not given"
        case "masked":
            return str(value) in {"x", "xx", "X"}
    return value is not None and not isinstance(value, bool)


@pytest.mark.parametrize("name", ENTRIES)
def test_values_fit_their_comparisons(name: str) -> None:
    for fact in ENTRIES[name]["facts"]:
        assert fits(fact), fact["id"]


def test_times_of_day() -> None:
    for fact in FACTS:
        if fact["kind"] == "clock" and fact["unit"] == "time of day":
            times = fact["value"] if isinstance(fact["value"], list) else [fact["value"]]
            assert all(CLOCK.fullmatch(time) for time in times), fact["id"]
            assert times == sorted(times), fact["id"]


@pytest.mark.parametrize("fact", [fact for fact in FACTS if "product_of" in fact], ids=lambda fact: fact["id"])
def test_products(fact: dict[str, Any]) -> None:
    product = math.prod(BY_ID[factor]["value"] for factor in fact["product_of"])
    assert fact["value"] == pytest.approx(product, rel=0.01 if fact["compare"] == "about" else 0)


def test_sums_by_hand() -> None:
    """What scenarios are easily wrong about: the people of S3 and S4, the outlets of S10."""
    assert BY_ID["s3.all_staff"]["value"] == 100 + 12 * 7
    assert BY_ID["s4.staff"]["value"] == 12 * 8
    outlets = ("supermarkets", "greengrocers", "butchers", "pharmacies")
    assert BY_ID["s10.outlets"]["value"] == sum(BY_ID[f"s10.{kind}"]["value"] for kind in outlets)


def rows_of_page() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [row for row in rows if row[0] != "plan"]


def test_the_page_of_sentences() -> None:
    rows = rows_of_page()
    for row in rows:
        plan, words, english, model, _ = row
        assert is_plan(plan), row
        assert CHINESE.search(words), row
        assert len(words) <= 40, row
        assert not re.search(r"\d{7}", words), row
        assert english, row
        assert model, row
    sentences = [(plan, words) for plan, words, *_ in rows]
    assert len(set(sentences)) == len(sentences)
    assert {fact["plan"] for fact in FACTS} <= {plan for plan, _ in sentences}
