"""Streams: keyed draws are the same however they are asked for, and of the stated distributions.

Statistical tests have fixed seeds: they cannot flicker. Each threshold is a two-sided normal quantile or
p-value that a sound generator fails about once in 10**4 (per test, after Bonferroni), chosen before the seed
was tried.
"""

import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from functools import partial
from hashlib import blake2b
from itertools import combinations, pairwise
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from simsupply.streams import keyed as module
from simsupply.streams import philox
from simsupply.streams.keyed import (
    Streams,
    to_bernoulli,
    to_exponential,
    to_lognormal,
    to_normal,
    to_uniform_between,
)

P_VALUE = 1e-4
STREAMS = Streams(seed=20, replication=3)
BIG = 200_000
WHOLE: dict[str, np.ndarray] = {}  # entities 0 .. BIG-1 by kind, drawn once

# Every method, as a function of (streams, purpose, day, num, first).
DRAWS = {
    "uniform": lambda s, *name: s.uniform(*name),
    "uniform_between": lambda s, *name: s.uniform_between(*name, low=-3.0, high=11.0),
    "exponential": lambda s, *name: s.exponential(*name, mean=2.5),
    "normal": lambda s, *name: s.normal(*name, mean=1.0, sigma=0.3),
    "lognormal": lambda s, *name: s.lognormal(*name, sigma=0.7, mean=4.0),
    "bernoulli": lambda s, *name: s.bernoulli(*name, probability=0.37),
}
TRANSFORMS = {
    "uniform_between": lambda u: to_uniform_between(u, -3.0, 11.0),
    "exponential": lambda u: to_exponential(u, 2.5),
    "normal": lambda u: to_normal(u, 1.0, 0.3),
    "lognormal": lambda u: to_lognormal(u, 0.7, 4.0),
    "bernoulli": lambda u: to_bernoulli(u, 0.37),
}


def numpy_words(key: int, num: int) -> np.ndarray:
    return np.random.Philox(key=key, counter=0).random_raw(num)


def to_open_uniform(words: list[int]) -> np.ndarray:
    return np.array([philox.open_uniform(np.uint64(word)) for word in words])


# --- the numbers themselves -----------------------------------------------------------------


def test_uniforms_are_numpys_philox_words_under_the_hashed_key():
    low, high = STREAMS._key("pick", 4)
    key = int(low) | int(high) << 64
    expected = ((numpy_words(key, 1001) >> np.uint64(12)).astype(float) + 0.5) * 2.0**-52
    np.testing.assert_array_equal(STREAMS.uniform("pick", 4, 1001), expected)


def test_key_is_pinned_and_so_cannot_drift_between_versions():
    pinned = [0.3522588413086364, 0.2264863888261589, 0.7706928573719568]
    # blake2b by hand: "<qqq" of seed 1, replication 2, day -3, then the purpose in UTF-8.
    packed = b"\x01" + bytes(7) + b"\x02" + bytes(7) + b"\xfd" + b"\xff" * 7 + "拣货".encode()
    digest = blake2b(packed, digest_size=16, person=b"simsupply.1").digest()
    low, high = Streams(1, 2)._key("拣货", -3)
    assert int(low) | int(high) << 64 == int.from_bytes(digest, "little")
    assert Streams(1, 7).uniform("absence", 0, 3).tolist() == pinned


def test_oracle_itself_matches_the_published_known_answer():
    # Random123's kat_vectors, philox4x64 with 10 rounds, counter 0, key 0 (NumPy increments -1 to 0 first).
    known = [0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B]
    assert np.random.Philox(key=0, counter=2**256 - 1).random_raw(4).tolist() == known


@settings(deadline=None)
@given(key=st.integers(0, 2**128 - 1), entities=st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=20))
def test_words_one_by_one_equal_numpys_philox(key, entities):
    expected = [np.random.Philox(key=key, counter=e // 4).random_raw(4)[e % 4] for e in entities]
    low, high = np.uint64(key & 2**64 - 1), np.uint64(key >> 64)
    assert [philox.block(low, high, np.uint64(e // 4))[e % 4] for e in entities] == expected
    uniforms = philox.uniforms_at(low, high, np.array(entities))
    np.testing.assert_array_equal(uniforms, to_open_uniform(expected))


@settings(deadline=None)
@given(constant=st.integers(0, 2**64 - 1), words=st.lists(st.integers(0, 2**64 - 1), min_size=1))
def test_long_multiplication_equals_pythons(constant, words):
    products = [philox.multiply(np.uint64(constant), np.uint64(word)) for word in words]
    assert [(int(high) << 64) + int(low) for high, low in products] == [constant * word for word in words]


# --- the open interval ----------------------------------------------------------------------


def test_extreme_words_map_inside_the_open_interval_and_transform_to_finite_values():
    extremes = to_open_uniform([0, 2**12 - 1, 2**64 - 2**12, 2**64 - 1])
    assert extremes.tolist() == [2.0**-53, 2.0**-53, 1 - 2.0**-53, 1 - 2.0**-53]
    assert 0.0 < extremes.min() < extremes.max() < 1.0
    near = partial(pytest.approx, rel=1e-5, abs=0.0)
    assert to_exponential(extremes, 1.0).tolist() == near([36.7368, 36.7368, 2.0**-53, 2.0**-53])
    assert to_normal(extremes).tolist() == near([-8.20954, -8.20954, 8.20954, 8.20954])
    assert to_lognormal(extremes, 10.0).tolist() == near(np.exp(10.0 * to_normal(extremes) - 50.0).tolist())
    assert to_lognormal(extremes, 10.0).min() > 0.0
    for mean in (1e-200, 1e200):
        assert to_exponential(extremes, mean).min() > 0.0
        assert to_lognormal(extremes, 10.0, mean).min() > 0.0
        assert np.isfinite(to_lognormal(extremes, 10.0, mean)).all()
    assert to_bernoulli(extremes, 1.0).all()
    assert not to_bernoulli(extremes, 0.0).any()


@settings(deadline=None)
@given(st.integers(0, 2**64 - 1))
def test_mapping_equals_its_formula_exactly(word):
    value = to_open_uniform([word])[0]
    assert Fraction(float(value)) == (Fraction(word >> 12) + Fraction(1, 2)) / 2**52


def test_normal_scores_are_those_of_scipy():
    tails = np.exp(-np.linspace(0.7, 36.0, 10_001))
    uniforms = np.concatenate([STREAMS.uniform("pick", 9, 100_000), tails, 1 - tails, [0.5, 2.0**-53, 1 - 2.0**-53]])
    np.testing.assert_allclose(to_normal(uniforms), special.ndtri(uniforms), rtol=1e-14, atol=1e-16)


def test_53_bits_would_round_to_one():
    assert ((np.uint64(2**64 - 1) >> np.uint64(11)) + 0.5) * 2.0**-53 == 1.0  # the reason for 52


# --- nothing but the name matters -----------------------------------------------------------


@pytest.mark.parametrize("kind", DRAWS)
def test_every_short_slice_equals_the_slice_of_the_whole(kind):
    # All lanes, all remainders of vector registers, offsets that misalign them.
    draw = DRAWS[kind]
    whole = draw(STREAMS, "pick", 1, 150, 0)
    for first in range(20):
        for num in range(70):
            np.testing.assert_array_equal(draw(STREAMS, "pick", 1, num, first), whole[first : first + num])


@pytest.mark.parametrize("kind", DRAWS)
@settings(max_examples=40, deadline=None)
@given(first=st.integers(0, 150_000), num=st.integers(0, 50_000))
def test_random_slices_equal_the_slice_of_the_whole(kind, first, num):
    whole = WHOLE.setdefault(kind, DRAWS[kind](STREAMS, "pick", 1, BIG, 0))
    np.testing.assert_array_equal(DRAWS[kind](STREAMS, "pick", 1, num, first), whole[first : first + num])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, BIG), max_size=8))
def test_batches_join_to_the_whole(cuts):
    edges = [0, *sorted(cuts), BIG]
    parts = [STREAMS.uniform("pick", 1, b - a, a) for a, b in pairwise(edges)]
    np.testing.assert_array_equal(np.concatenate(parts), WHOLE.setdefault("uniform", STREAMS.uniform("pick", 1, BIG)))


def test_slices_far_away_agree_with_slices_near():
    last = 2**63 - 1
    np.testing.assert_array_equal(STREAMS.uniform("pick", 0, 3, last - 2), STREAMS.uniform("pick", 0, 9, last - 8)[6:])


NEAR = st.lists(st.integers(0, 500), min_size=1, max_size=60)
FAR = st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=20)


@settings(deadline=None)
@given(entities=st.one_of(NEAR, FAR, st.builds(lambda a, b: a + b, NEAR, FAR)))
def test_picked_entities_equal_entities_drawn_alone(entities):
    expected = [STREAMS.uniform("door", 6, 1, e)[0] for e in entities]
    assert STREAMS.uniform_at("door", 6, np.array(entities)).tolist() == expected


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.int64, np.uint64])
def test_picking_keeps_shape_and_takes_any_integer_type(dtype):
    all_uniforms = STREAMS.uniform("door", 6, 128)
    entities = np.array([[7, 3, 3], [0, 127, 5]], dtype=dtype)
    expected = all_uniforms[entities.astype(int)]
    np.testing.assert_array_equal(STREAMS.uniform_at("door", 6, entities), expected)
    np.testing.assert_array_equal(STREAMS.uniform_at("door", 6, entities[:, ::2]), expected[:, ::2])
    assert STREAMS.uniform_at("door", 6, entities[:0]).shape == (0, 3)


@pytest.mark.parametrize("kind", TRANSFORMS)
@pytest.mark.parametrize("step", [2, 3, -1])
def test_transforms_of_strided_input_have_the_same_last_bits(kind, step):
    uniforms = STREAMS.uniform("pick", 1, 10_001)
    whole = TRANSFORMS[kind](uniforms)
    np.testing.assert_array_equal(TRANSFORMS[kind](uniforms[::step]), whole[::step])


@pytest.mark.parametrize("kind", TRANSFORMS)
def test_methods_are_the_transforms_of_the_uniforms(kind):
    uniforms = STREAMS.uniform("pick", 1, 1000, 7)
    np.testing.assert_array_equal(DRAWS[kind](STREAMS, "pick", 1, 1000, 7), TRANSFORMS[kind](uniforms))


def test_order_of_calls_and_further_purposes_change_nothing():
    names = [(purpose, day) for purpose in ("pick", "pack", "door") for day in range(4)]
    forward = {name: STREAMS.exponential(*name, 50) for name in names}
    fresh = Streams(20, 3)
    for name in reversed(names):
        fresh.uniform("a new purpose", name[1], 17)
        np.testing.assert_array_equal(fresh.exponential(*name, 50), forward[name])


def test_replication_alone_equals_replication_among_others():
    among = {replication: Streams(9, replication).normal("pick", 0, 40) for replication in range(10)}
    np.testing.assert_array_equal(Streams(9, 7).normal("pick", 0, 40), among[7])
    assert len({values.tobytes() for values in among.values()}) == 10


@pytest.mark.lengthy
def test_spawned_processes_draw_the_same():
    # A function of this module would have to be found again by its name, among all packages called tests.
    draw = partial(Streams(1, 2).uniform, "pick", num=3)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        drawn = list(pool.map(draw, range(4)))
    np.testing.assert_array_equal(drawn, [draw(day) for day in range(4)])
    assert len({tuple(values) for values in drawn}) == 4


@pytest.mark.lengthy
def test_hash_seed_of_the_process_changes_nothing():
    code = "from simsupply.streams.keyed import Streams; print(Streams(1, 2).uniform('pick', 3, 4).tolist())"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert outputs == {f"{Streams(1, 2).uniform('pick', 3, 4).tolist()}\n"}


def test_import_is_light():
    # The module by itself, whatever the package's __init__ imports.
    folder = str(Path(module.__file__).parent)
    code = f"import sys; sys.path.insert(0, {folder!r}); import keyed\n"
    code += "print({'scipy', 'numba'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_streams_are_values():
    assert pickle.loads(pickle.dumps(STREAMS)) == STREAMS == Streams(np.int64(20), np.uint8(3))
    assert type(Streams(np.int64(20), 3).seed) is int
    with pytest.raises(AttributeError):
        STREAMS.seed = 4


def test_result_is_the_callers_own():
    STREAMS.uniform("pick", 1, 100)[:] = 0.0
    assert STREAMS.uniform("pick", 1, 100).min() > 0.0


# --- different names, different and unrelated numbers ---------------------------------------


def names() -> list[tuple[Streams, str, int]]:
    """Return names that differ from the first in one field, or in how fields might run together."""
    return [
        (Streams(1, 2), "pick", 3),
        (Streams(2, 2), "pick", 3),
        (Streams(2, 1), "pick", 3),
        (Streams(1, 3), "pick", 3),
        (Streams(1, 3), "pick", 2),
        (Streams(1, 2), "pick", -3),
        (Streams(1, 2), "pick", 3 + 2**32),
        (Streams(1 + 2**40, 2), "pick", 3),
        (Streams(1, 2), "pick ", 3),
        (Streams(1, 2), "Pick", 3),
        (Streams(1, 2), "pick3", 3),
        (Streams(1, 2), "p", 3),
        (Streams(1, 2), "pick\0", 3),
    ]


def test_different_names_have_no_number_in_common():
    values = np.concatenate([s.uniform(purpose, day, 1000) for s, purpose, day in names()])
    assert np.unique(values).size == values.size


def assert_uncorrelated(pairs):
    """Each correlation times sqrt(n) is about standard normal; Bonferroni over the pairs."""
    pairs = list(pairs)
    limit = stats.norm.isf(P_VALUE / 2 / len(pairs))
    for a, b in pairs:
        assert abs(np.corrcoef(a, b)[0, 1]) * np.sqrt(a.size) < limit


def test_arrays_of_different_names_are_uncorrelated():
    arrays = [s.uniform(purpose, day, 20_000) for s, purpose, day in names()]
    assert_uncorrelated(combinations(arrays, 2))


def test_neighbours_within_a_stream_are_uncorrelated():
    u = STREAMS.uniform("pick", 1, BIG)
    assert_uncorrelated((u[:-lag], u[lag:]) for lag in (1, 2, 3, 4, 5, 8, 64))


def test_neighbouring_entities_are_uncorrelated_across_days_and_replications():
    days = np.array([STREAMS.uniform("pick", day, 10) for day in range(10_000)])
    replications = np.array([Streams(4, replication).uniform("pick", 0, 10) for replication in range(10_000)])
    assert_uncorrelated((table[:, i], table[:, i + 1]) for table in (days, replications) for i in range(9))
    assert_uncorrelated((table[:-1, i], table[1:, i]) for table in (days, replications) for i in range(10))


def test_correlation_check_can_fail():
    u, v = STREAMS.uniform("pick", 1, 20_000), STREAMS.uniform("pack", 1, 20_000)
    with pytest.raises(AssertionError):
        assert_uncorrelated([(u, v + 0.05 * u)])


# --- distributions --------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["entity", "day", "replication"])
def test_uniforms_are_uniform(by):
    if by == "entity":
        u = STREAMS.uniform("pick", 1, BIG)
    elif by == "day":
        u = np.array([STREAMS.uniform("pick", day, 1)[0] for day in range(-5_000, 5_000)])
    else:
        u = np.array([Streams(4, replication).uniform("pick", 0, 1)[0] for replication in range(10_000)])
    assert stats.kstest(u, "uniform").pvalue > P_VALUE
    assert stats.chisquare(np.bincount((u * 1000).astype(int), minlength=1000)).pvalue > P_VALUE
    assert stats.chisquare(np.bincount((u * 2**20).astype(int) % 16, minlength=16)).pvalue > P_VALUE  # low bits


def test_pairs_of_neighbours_fill_the_square():
    u = STREAMS.uniform("pick", 2, BIG).reshape(-1, 2)
    cells = np.histogram2d(u[:, 0], u[:, 1], bins=30, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(cells.ravel()).pvalue > P_VALUE


@pytest.mark.parametrize(
    ("kind", "law"),
    [
        ("uniform_between", stats.uniform(-3.0, 14.0)),
        ("exponential", stats.expon(scale=2.5)),
        ("normal", stats.norm(1.0, 0.3)),
        ("lognormal", stats.lognorm(0.7, scale=4.0 * np.exp(-(0.7**2) / 2))),
    ],
)
def test_draws_follow_their_law(kind, law):
    values = DRAWS[kind](STREAMS, "law of " + kind, 0, BIG, 0)
    assert stats.kstest(values, law.cdf).pvalue > P_VALUE
    limit = stats.norm.isf(P_VALUE / 2)
    assert abs(values.mean() - law.mean()) < limit * law.std() / np.sqrt(BIG)
    # and exactly: the transform inverts the law's distribution function, one minus it for the exponential
    u = np.array([0.001, 0.2, 0.5, 0.9, 0.9999])
    expected = law.isf(u) if kind == "exponential" else law.ppf(u)
    np.testing.assert_allclose(TRANSFORMS[kind](u), expected, rtol=1e-12)


@pytest.mark.parametrize("sigma", [0.0, 0.25, 0.5, 1.0])
def test_lognormal_factor_has_mean_one(sigma):
    values = STREAMS.lognormal("factor", 0, BIG, sigma=sigma)
    standard_error = np.sqrt(np.expm1(sigma**2) / BIG)
    assert abs(values.mean() - 1.0) <= stats.norm.isf(P_VALUE / 2) * standard_error
    assert values.min() > 0.0


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=2).map(sorted))
def test_bernoulli_of_a_higher_probability_contains_the_lower(probabilities):
    lower, higher = (STREAMS.bernoulli("absence", 0, 2000, probability=p) for p in probabilities)
    assert not np.any(lower & ~higher)


@pytest.mark.parametrize("probability", [0.0, 0.001, 0.3, 0.95, 1.0])
def test_bernoulli_share(probability):
    hits = STREAMS.bernoulli("absence", 0, BIG, probability=probability)
    assert hits.dtype == bool
    assert stats.binomtest(int(hits.sum()), BIG, probability).pvalue > P_VALUE


@settings(deadline=None)
@given(st.lists(st.floats(-1e200, 1e200), min_size=2, max_size=2).map(sorted))
def test_uniform_between_stays_between(bounds):
    low, high = bounds
    values = to_uniform_between(to_open_uniform([0, 2**63, 2**64 - 1]), low, high)
    assert low <= values.min() <= values.max() <= high


def test_parameters_may_differ_by_entity():
    means = np.array([1.0, 10.0, 0.1])
    expected = [STREAMS.exponential("pick", 0, 1, e, mean=means[e])[0] for e in range(3)]
    assert STREAMS.exponential("pick", 0, 3, mean=means).tolist() == expected


# --- wrong input ----------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [-1, 2**63, 1.0, True, "1", None])
def test_seed_and_replication_out_of_range_are_refused(bad):
    with pytest.raises(ValueError, match="seed"):
        Streams(bad, 0)
    with pytest.raises(ValueError, match="replication"):
        Streams(0, bad)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        (("", 0, 1), "purpose"),
        ((b"pick", 0, 1), "purpose"),
        (("pick", 0.5, 1), "day"),
        (("pick", 2**63, 1), "day"),
        (("pick", -(2**63) - 1, 1), "day"),
        (("pick", 0, -1), "num"),
        (("pick", 0, 1, -1), "first"),
        (("pick", 0, 2, 2**63 - 1), r"first \+ num"),
    ],
)
def test_bad_names_are_refused(name, field):
    with pytest.raises(ValueError, match=field):
        STREAMS.uniform(*name)


@pytest.mark.parametrize("entities", [[-1, 4], [0.5], [True], [], [2**63]])
def test_bad_entities_are_refused(entities):
    with pytest.raises(ValueError, match="entities"):
        STREAMS.uniform_at("pick", 0, np.array(entities))


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("exponential", {"mean": 0.0}),
        ("exponential", {"mean": np.inf}),
        ("exponential", {"mean": [1.0, np.nan, 1.0]}),
        ("exponential", {"mean": [1.0, 1.0]}),
        ("exponential", {"mean": [1.0]}),
        ("bernoulli", {"probability": [[0.5, 0.5, 0.5]]}),
        ("normal", {"sigma": -0.1}),
        ("normal", {"mean": np.nan}),
        ("lognormal", {"sigma": -0.1}),
        ("lognormal", {"sigma": 10.1}),
        ("lognormal", {"sigma": 0.5, "mean": 0.0}),
        ("bernoulli", {"probability": -1e-9}),
        ("bernoulli", {"probability": 1.0 + 1e-9}),
        ("uniform_between", {"low": 1.0, "high": 0.5}),
        ("uniform_between", {"low": -np.inf, "high": 0.5}),
    ],
)
def test_bad_parameters_are_refused(kind, parameters):
    with pytest.raises(ValueError):
        getattr(STREAMS, kind)("pick", 0, 3, **parameters)


def test_extreme_days_are_accepted_and_no_entities_give_an_empty_array():
    assert STREAMS.uniform("pick", -(2**63), 1)[0] != STREAMS.uniform("pick", 2**63 - 1, 1)[0]
    assert STREAMS.lognormal("pick", 0, 0, sigma=1.0).shape == (0,)


@pytest.mark.parametrize("number", [0, 1, 2**31, 2**62, 2**64 - 1])
def test_blocks_are_the_same_without_a_compiler(number: int) -> None:
    """With NUMBA_DISABLE_JIT the words come from Python's own numbers."""
    words = [np.uint64(word) for word in (2**64 - 7, 3**40, number)]
    assert philox._block_in_python(*words) == philox.block(*words)
