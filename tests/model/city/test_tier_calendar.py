"""Tiers by calendar, by case rules and by epidemic, against numbers worked out by hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import yaml
from scipy import stats

import simsupply as ss
from simsupply.base.spec import parse
from simsupply.config.yaml_files import config_dir
from simsupply.model.city.case_rules import CaseWatch
from simsupply.model.city.epidemic import Outbreak, draw_outbreak, to_poisson
from simsupply.model.city.tier_calendar import TierCalendar, compounds_of, draw_tiers, tier_numbers
from simsupply.scenario.places import Places
from simsupply.scenario.tiers import TIERS, CaseRules, Epidemic, TierPeriod, Tiers, day_number
from simsupply.scenario.world_spec import WorldSpec
from simsupply.streams.keyed import Streams

PRECAUTION, CONTROLLED, SEALED = range(3)
STREAMS = Streams(seed=1, replication=0)
# demo_city: district Old Town has communities 0-7 (subdistricts 0-3 and 4-7), Riverside 8-14 (8-11 and
# 12-14), New Zone 15-19.
OLD_TOWN, NEW_ZONE = slice(0, 8), slice(15, 20)


@pytest.fixture(scope="module")
def demo() -> ss.Scenario:
    return ss.load_scenario("demo_city")


def world(demo: ss.Scenario, tiers: dict[str, Any] | None, **scenario: Any) -> WorldSpec:
    """Specification of the invented city with these tiers, 6 days and 2 of run-out unless told otherwise."""
    given = {"horizon_days": 6, "run_out_days": 2, "service_target_days": 6, **scenario}
    return demo.spec.model_copy(
        update={
            "tiers": None if tiers is None else parse(Tiers, tiers, source="here"),
            "scenario": demo.settings.model_copy(update=given),
        }
    )


def numbers(demo: ss.Scenario, tiers: dict[str, Any] | None, **scenario: Any) -> np.ndarray:
    """Tier by day and community, each community being one compound."""
    return tier_numbers(world(demo, tiers, **scenario), demo.places, np.arange(20), STREAMS)


# --- calendar -------------------------------------------------------------------------------------


def test_without_tiers_everything_is_sealed(demo: ss.Scenario) -> None:
    assert numbers(demo, None).tolist() == [[SEALED] * 20] * 8


def test_a_smaller_area_goes_before_a_larger_one(demo: ss.Scenario) -> None:
    """Whatever the order in which they are written."""
    found = numbers(
        demo,
        {
            "default": "precaution",
            "calendar": [
                {"tier": "high", "communities": ["老城区 钟楼街道 鼓楼社区"], "from_day": 4, "to_day": 5},
                {"tier": "low", "subdistricts": ["钟楼街道"], "from_day": 3, "to_day": 5},
                {"tier": "sealed", "districts": ["Old Town", "新区"], "from_day": 2, "to_day": 4},
                {"tier": "medium", "from_day": 1},
            ],
        },
    )
    expected = np.full((8, 20), CONTROLLED)
    expected[0] = PRECAUTION
    expected[2:4, OLD_TOWN] = SEALED
    expected[2:4, NEW_ZONE] = SEALED
    expected[3:5, 0:4] = PRECAUTION
    expected[4, 1] = SEALED
    assert found.tolist() == expected.tolist()


def test_a_share_goes_before_its_whole_area_and_after_a_smaller_one(demo: ss.Scenario) -> None:
    found = numbers(
        demo,
        {
            "calendar": [
                {"tier": "sealed", "compounds_share": 0.5},
                {"tier": "precaution", "districts": ["Riverside"]},
                {"tier": "controlled"},
            ]
        },
    )[0]
    assert set(found[8:15]) == {PRECAUTION}
    rest = np.delete(found, range(8, 15))
    picked = compounds_of(TierPeriod(tier="sealed", compounds_share=0.5), demo.places, np.arange(20), 1)
    assert len(picked) == 10
    assert (rest == SEALED).sum() == sum(not 8 <= number < 15 for number in picked)
    assert (rest == CONTROLLED).sum() == 13 - (rest == SEALED).sum()


def test_dates_count_from_the_start(demo: ss.Scenario) -> None:
    by_date = {"tier": "controlled", "from_day": "2024-02-28", "to_day": "2024-03-01"}
    by_number = {"tier": "controlled", "from_day": 2, "to_day": 4}
    found = numbers(demo, {"calendar": [by_date]}, start_date="2024-02-26")
    assert found[:, 0].tolist() == [SEALED, SEALED, CONTROLLED, CONTROLLED] + [SEALED] * 4
    assert found.tolist() == numbers(demo, {"calendar": [by_number]}).tolist()
    assert day_number("2024-02-25", "2024-02-26") == -1


@pytest.mark.parametrize(("to_day", "after"), [(None, CONTROLLED), (6, CONTROLLED), (5, SEALED)])
def test_the_run_out_is_as_the_last_day(demo: ss.Scenario, to_day: int | None, after: int) -> None:
    found = numbers(demo, {"calendar": [{"tier": "controlled", "to_day": to_day}]})
    assert found[4:, 0].tolist() == [CONTROLLED, after, after, after]


def test_a_larger_share_holds_a_smaller_one(demo: ss.Scenario) -> None:
    """Four compounds in each of 20 communities; other days and another tier change nothing."""
    compounds = np.repeat(np.arange(20), 4)

    def picked(seed: int = 1, **period: Any) -> set[int]:
        return set(compounds_of(TierPeriod(**period), demo.places, compounds, seed).tolist())

    tenth = picked(tier="sealed", compounds_share=0.1)
    quarter = picked(tier="controlled", compounds_share=0.25, from_day=3)
    assert (len(tenth), len(quarter)) == (8, 20)
    assert tenth < quarter < picked(tier="sealed", compounds_share=0.9)
    assert quarter != set(range(20))
    assert quarter != picked(seed=2, tier="controlled", compounds_share=0.25)
    town = picked(tier="sealed", compounds_share=0.5, districts=("Old Town",))
    assert len(town) == 16
    assert town < set(range(32))
    assert town == picked(tier="sealed", compounds_share=0.5, districts=("老城区",))


@pytest.mark.parametrize(("share", "count"), [(0.001, 1), (0.09, 2), (0.1, 2), (0.124, 2), (0.13, 3), (1.0, 20)])
def test_a_share_is_rounded_and_never_nobody(demo: ss.Scenario, share: float, count: int) -> None:
    assert len(compounds_of(TierPeriod(tier="sealed", compounds_share=share), demo.places, np.arange(20), 1)) == count


def test_calendar_in_force_longest() -> None:
    calendar = TierCalendar(
        np.array([[0, 0, 2, 1], [0, 1, 2, 0], [1, 1, 0, 2], [1, 2, 0, 2]], dtype=np.int8),
    )
    assert calendar.longest(0, 4).tolist() == [CONTROLLED, CONTROLLED, SEALED, SEALED]
    assert calendar.longest(0, 3).tolist() == [PRECAUTION, CONTROLLED, SEALED, SEALED]
    assert calendar.longest(0, 2).tolist() == [PRECAUTION, CONTROLLED, SEALED, CONTROLLED]
    assert calendar.days_in(0, 3).tolist() == [[2, 1, 1, 1], [1, 2, 0, 1], [0, 0, 2, 1]]
    assert calendar.shares(0, 4).tolist() == [6 / 16, 5 / 16, 5 / 16]


# --- case rules -----------------------------------------------------------------------------------

RULES = CaseRules(
    window_days=4,
    incubation_days=3,
    linked_cases=2,
    unknown_cases=2,
    any_case="medium",
    outbreak="high",
    around_outbreak="medium",
    community_spread="high",
)
# Communities 0 and 1 share a subdistrict; 2 is in the same district, 3 in another.
DISTRICT, SUBDISTRICT = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 2])
Cases = list[tuple[int, int]]


def tiers_from_cases(
    rules: CaseRules,
    known: np.ndarray,
    unknown: np.ndarray,
    linked: np.ndarray,
    district: np.ndarray,
    subdistrict: np.ndarray,
) -> np.ndarray:
    """Tiers that follow from given cases, shape (days + 1, communities): day 0 is ``precaution``, no case before it."""
    watch = CaseWatch(rules, district, subdistrict)
    first = np.zeros(known.shape[1], dtype=np.int8)
    return np.stack([first, *(watch.end_day(*found) for found in zip(known, unknown, linked, strict=True))])


def tiers_of(known: Cases = (), unknown: Cases = (), linked: Cases = (), days: int = 9, **rules: Any) -> list[str]:
    """Tiers as one text per community, a digit a day; cases as (day, community)."""
    arrays = np.zeros((3, days, 4), dtype=np.int64)
    for array, cases in zip(arrays, (known, unknown, linked), strict=True):
        for day, community in cases:
            array[day, community] += 1
    found = tiers_from_cases(RULES.model_copy(update=rules), *arrays, DISTRICT, SUBDISTRICT)
    return ["".join(map(str, column)) for column in found.T.tolist()]


NOTHING = "0" * 10


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        ({}, [NOTHING] * 4),
        # Found on day 2: in force on days 3, 4 and 5, and over after three days without a case.
        ({"known": [(2, 0)]}, ["0001110000", NOTHING, NOTHING, NOTHING]),
        ({"known": [(2, 0), (4, 0)]}, ["0001111100", NOTHING, NOTHING, NOTHING]),
        ({"known": [(2, 0), (5, 0)]}, ["0001111110", NOTHING, NOTHING, NOTHING]),
        ({"known": [(2, 0), (6, 0)]}, ["0001110111", NOTHING, NOTHING, NOTHING]),
        # Known sources and a single link are no outbreak; a source and its link are.
        ({"known": [(1, 0), (1, 0), (1, 0)]}, ["0011100000", NOTHING, NOTHING, NOTHING]),
        ({"linked": [(1, 0)]}, ["0011100000", NOTHING, NOTHING, NOTHING]),
        ({"known": [(1, 0)], "linked": [(2, 0)]}, ["0012220000", "0001110000", NOTHING, NOTHING]),
        ({"unknown": [(1, 0)], "linked": [(2, 0)]}, ["0012220000", "0001110000", NOTHING, NOTHING]),
        ({"linked": [(2, 0), (2, 0)]}, ["0002220000", "0001110000", NOTHING, NOTHING]),
        ({"linked": [(2, 0), (2, 1)]}, ["0001110000", "0001110000", NOTHING, NOTHING]),
        ({"linked": [(2, 3), (2, 3)]}, [NOTHING, NOTHING, NOTHING, "0002220000"]),
        # Two of unknown source anywhere in a district seal all of it.
        ({"unknown": [(1, 0), (2, 2)]}, ["0012220000", "0002220000", "0002220000", NOTHING]),
        ({"unknown": [(1, 0), (2, 3)]}, ["0011100000", NOTHING, NOTHING, "0001110000"]),
        # The outbreak is over after three days, what surrounds it only with the last case in the subdistrict.
        (
            {"linked": [(1, 0), (1, 0)], "known": [(3, 1)]},
            ["0022211000", "0011111000", NOTHING, NOTHING],
        ),
        # A case of any kind anywhere in the district keeps it sealed.
        (
            {"unknown": [(1, 0), (1, 0)], "known": [(4, 2)]},
            ["0022222200", "0022222200", "0022222200", NOTHING],
        ),
    ],
)
def test_tiers_follow_from_cases(cases: dict[str, Cases], expected: list[str]) -> None:
    assert tiers_of(**cases) == expected


def test_cases_count_together_within_the_window_only() -> None:
    """Days 0 and 3 are among the last four at the start of day 4; days 0 and 4 never are."""
    assert tiers_of(known=[(0, 0)], linked=[(3, 0)])[0] == "0111222000"
    assert tiers_of(known=[(0, 0)], linked=[(4, 0)])[0] == "0111011100"
    assert tiers_of(known=[(0, 0)], linked=[(4, 0)], window_days=5)[0] == "0111022200"


def test_of_several_rules_the_strictest_holds() -> None:
    milder = {"outbreak": "precaution", "any_case": "sealed", "around_outbreak": "precaution"}
    assert tiers_of(linked=[(1, 0), (1, 0)], **milder)[0] == "0022200000"


def test_case_rules_against_a_direct_count() -> None:
    """Every day, community and rule looked up by itself in the whole history."""
    rng = np.random.default_rng(7)
    days, num = 60, 12
    district, subdistrict = np.repeat([0, 1, 2], 4), np.repeat(np.arange(6), 2)
    known, unknown, linked = rng.random((3, days, num)) < np.array([0.02, 0.015, 0.02])[:, None, None]
    rules = RULES.model_copy(update={"window_days": 5, "incubation_days": 4})
    cases = known.astype(int) + unknown + linked

    def quiet(day: int, members: np.ndarray) -> bool:
        """No case there in the incubation time before the day."""
        return not cases[max(day - 4, 0) : day, members].any()

    expected = np.zeros((days + 1, num), dtype=int)
    outbreak, around, spread = (dict.fromkeys(range(count), False) for count in (num, 6, 3))
    for day in range(1, days + 1):
        window = slice(max(day - 5, 0), day)
        for place in range(num):
            links, outside = linked[window, place].sum(), (known | unknown)[window, place].any()
            is_chain = links > 0 and links + outside >= 2
            outbreak[place] = (outbreak[place] or is_chain) and not quiet(day, np.array([place]))
        for area in around:
            members = np.flatnonzero(subdistrict == area)
            around[area] = (around[area] or any(outbreak[place] for place in members)) and not quiet(day, members)
        for area in spread:
            members = np.flatnonzero(district == area)
            spread[area] = (spread[area] or unknown[window, members].sum() >= 2) and not quiet(day, members)
        for place in range(num):
            if not quiet(day, np.array([place])) or around[subdistrict[place]]:
                expected[day, place] = CONTROLLED
            if outbreak[place] or spread[district[place]]:
                expected[day, place] = SEALED
    found = tiers_from_cases(rules, known.astype(int), unknown.astype(int), linked.astype(int), district, subdistrict)
    assert found.tolist() == expected.tolist()
    assert {PRECAUTION, CONTROLLED, SEALED} == set(found[20:].ravel().tolist())


# --- epidemic -------------------------------------------------------------------------------------


def epidemic(**changes: Any) -> Epidemic:
    """Fifty imported cases on day 0, each of whom infects one in two, found after 3 days; never sealed."""
    mild = RULES.model_copy(update={"outbreak": "precaution", "community_spread": "precaution"})
    plain = {
        "first_day": 0,
        "import_days": 1,
        "imported_per_day": 50.0,
        "unknown_share": 0.0,
        "secondary_mean": 0.5,
        "secondary_days": 3.0,
        "sealed_factor": 1.0,
        "elsewhere_share": 0.0,
        "rules": mild,
    }
    return Epidemic(**{**plain, **changes})


def drawn(spec: Epidemic, replication: int, days: int = 40, households: Any = (10000, 30000, 20000, 40000)) -> Outbreak:
    return draw_outbreak(
        spec, np.array(households), DISTRICT, SUBDISTRICT, days, Streams(seed=5, replication=replication)
    )


@pytest.mark.lengthy
def test_numbers_of_cases_have_the_mean_that_is_asked_for() -> None:
    """Of 50, day 1 finds 50 x 0.5 / 3 more, day 2 (50 x 2/3 + 8.33) x 0.5 / 3, and all days 50."""
    runs = [drawn(epidemic(), replication) for replication in range(400)]
    for values, mean in (
        ([run.known[0].sum() for run in runs], 50),
        ([run.linked[1].sum() for run in runs], 25 / 3),
        ([run.linked[2].sum() for run in runs], (100 / 3 + 25 / 3) / 6),
        ([run.linked.sum() for run in runs], 50),
    ):
        standard_error = np.std(values, ddof=1) / 20
        assert abs(np.mean(values) - mean) < 4 * standard_error
        assert standard_error < 0.05 * mean
    assert not any(run.known[1:].any() or run.unknown.any() for run in runs)


@pytest.mark.lengthy
def test_cases_come_where_people_live_and_stay_there() -> None:
    runs = [drawn(epidemic(), replication) for replication in range(200)]
    imported = sum(run.known.sum(axis=0) for run in runs)
    assert imported / imported.sum() == pytest.approx([0.1, 0.3, 0.2, 0.4], abs=0.02)
    for run in runs:
        assert not run.linked.sum(axis=0)[run.known.sum(axis=0) == 0].any()
    spread = [drawn(epidemic(elsewhere_share=1.0, imported_per_day=1.0), replication) for replication in range(300)]
    linked = sum(run.linked.sum(axis=0) for run in spread)
    assert linked / linked.sum() == pytest.approx([0.1, 0.3, 0.2, 0.4], abs=0.09)
    assert any(run.linked.sum(axis=0)[run.known.sum(axis=0) == 0].any() for run in spread)


def test_share_of_unknown_source_and_days_of_import() -> None:
    spec = epidemic(unknown_share=0.25, first_day=2, import_days=20, secondary_mean=0.0)
    run = drawn(spec, 0, days=30)
    imported = (run.known + run.unknown).sum(axis=1)
    assert not imported[:2].any()
    assert not imported[22:].any()
    assert (imported[2:22] > 0).all()
    assert run.unknown.sum() / imported.sum() == pytest.approx(0.25, abs=0.05)  # of 1,000: 3.6 standard errors
    assert not run.linked.any()


@pytest.mark.lengthy
def test_sealing_holds_infection_back() -> None:
    """A community is sealed from the midnight after its first case, before anybody infected can be found."""
    rules = RULES.model_copy(update={"any_case": "sealed", "incubation_days": 60})
    assert not drawn(epidemic(rules=rules, sealed_factor=0.0, secondary_mean=3.0), 0).linked.any()
    # Each of 50 infects 1 x 0.5: as many again in the end.
    half = [drawn(epidemic(rules=rules, sealed_factor=0.5, secondary_mean=1.0), r).linked.sum() for r in range(200)]
    standard_error = np.std(half, ddof=1) / np.sqrt(200)
    assert abs(np.mean(half) - 50) < 4 * standard_error
    assert standard_error < 2
    # Not sealed, each of 50 infects one, without end.
    open_ = [drawn(epidemic(sealed_factor=0.5, secondary_mean=1.0), r).linked.sum() for r in range(20)]
    assert np.mean(open_) > 200


def test_nobody_is_found_twice_and_growth_ends() -> None:
    run = drawn(epidemic(secondary_mean=100.0, elsewhere_share=0.5), 0, households=(100, 300, 200, 400))
    cases = run.known + run.unknown + run.linked
    assert cases.sum(axis=0).tolist() == [100, 300, 200, 400]
    flood = drawn(epidemic(imported_per_day=1e9, import_days=3), 0, households=(100, 300, 200, 400))
    assert flood.known.sum(axis=0).max() <= 400
    assert flood.known[0].sum() > 0.5 * 1000


def test_tiers_of_an_epidemic_follow_from_its_cases() -> None:
    run = drawn(epidemic(rules=RULES, unknown_share=0.3, elsewhere_share=0.3, imported_per_day=0.4, import_days=40), 3)
    again = tiers_from_cases(RULES, run.known, run.unknown, run.linked, DISTRICT, SUBDISTRICT)
    assert run.tier.tolist() == again[:-1].tolist()
    assert set(run.tier.ravel().tolist()) == {PRECAUTION, CONTROLLED, SEALED}


def test_to_poisson_is_the_inverse() -> None:
    uniform = np.linspace(0.0005, 0.9995, 1000)
    for mean in (0.01, 0.7, 5.0, 300.0):
        found = to_poisson(uniform, np.full(1000, mean))
        assert found.tolist() == stats.poisson.ppf(uniform, mean).astype(int).tolist()
    assert not to_poisson(uniform, np.zeros(1000)).any()


# --- a scenario's epidemic ------------------------------------------------------------------------

# From the mildest to the most severe.
EPIDEMICS = ("sporadic_imported", "cluster_unknown_source", "local_outbreak", "community_spread")


def option(name: str) -> dict[str, Any]:
    text = (config_dir() / "tiers" / f"{name}.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


@dataclass(frozen=True)
class World:
    """As much of a scenario as tiers are drawn from."""

    spec: WorldSpec
    places: Places
    compound_drop_point: np.ndarray


def calendars(demo: ss.Scenario, name: str, replications: int) -> list[TierCalendar]:
    spec = world(demo, option(name), horizon_days=30, run_out_days=5)
    place = World(spec, demo.places, np.arange(20))
    return [draw_tiers(place, Streams(seed=1, replication=number)) for number in range(replications)]


def test_a_draw_depends_on_its_replication_only(demo: ss.Scenario) -> None:
    place = World(world(demo, option("local_outbreak"), horizon_days=30), demo.places, np.arange(20))
    forward = [draw_tiers(place, Streams(seed=1, replication=number)).number for number in range(4)]
    backward = [draw_tiers(place, Streams(seed=1, replication=number)).number for number in (3, 2, 1, 0)]
    assert all((first == second).all() for first, second in zip(forward, backward[::-1], strict=True))
    assert not (forward[0] == forward[1]).all()
    shorter = World(world(demo, option("local_outbreak"), horizon_days=11), demo.places, np.arange(20))
    assert (draw_tiers(shorter, Streams(seed=1, replication=2)).number == forward[2][:13]).all()


def test_compounds_have_the_tier_of_their_community(demo: ss.Scenario) -> None:
    spec = world(demo, option("community_spread"), horizon_days=30, run_out_days=5)
    by_community = draw_tiers(World(spec, demo.places, np.arange(20)), STREAMS).number
    compounds = np.repeat(np.arange(20), 3)
    by_compound = draw_tiers(World(spec, demo.places, compounds), STREAMS).number
    assert by_compound.shape == (35, 60)
    assert (by_compound == by_community[:, compounds]).all()


@pytest.mark.parametrize("name", EPIDEMICS)
def test_a_built_in_epidemic_does_what_its_file_says(demo: ss.Scenario, name: str) -> None:
    text = (config_dir() / "tiers" / f"{name}.yaml").read_text(encoding="utf-8")
    said = re.search(r"demo_city (\.\d\d) / (\.\d\d) / (\.\d\d)", text)
    assert said
    shares = np.mean([calendar.shares(0, 30) for calendar in calendars(demo, name, 50)], axis=0)
    assert shares == pytest.approx([float(share) for share in said.groups()], abs=0.0051)


@pytest.mark.lengthy
def test_the_epidemics_are_ordered_by_severity(demo: ss.Scenario) -> None:
    """By mean tier, and by the share of compound-days that are sealed."""
    shares = [np.mean([run.shares(0, 30) for run in calendars(demo, name, 50)], axis=0) for name in EPIDEMICS]
    for measure in ([share @ np.arange(3) for share in shares], [share[SEALED] for share in shares]):
        assert (np.diff(measure) > 0.05).all()


def test_every_option_sets_all_of_all_tiers() -> None:
    for name in (*EPIDEMICS, *(f"{tier}_all" for tier in TIERS)):
        assert set(option(name)["settings"]) == set(TIERS)
        tiers = parse(Tiers, option(name), source=name)
        assert all(tiers.of(tier).model_fields_set == set(type(tiers.of(tier)).model_fields) for tier in TIERS)
        assert [tiers.of(tier).visit_every_days for tier in TIERS] == [None, 2, None]
        assert "visit" not in tiers.of("sealed").open
        assert tiers.of("sealed").attendance is not None
        assert tiers.of("sealed").attendance < 0.2
