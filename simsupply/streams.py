"""Keyed random numbers: a draw depends on what it is for, never on when or where it is asked for.

A draw is named by (seed, replication, purpose, day, entity). The first four are hashed (BLAKE2b) to the
128-bit key of a Philox4x64-10 generator [1]_; the entity is its counter: entity ``e`` owns 64-bit word
``e % 4`` of block ``e // 4``. So order of calls, batching and processes cannot change a draw, alternatives
share common random numbers entity by entity, and any replication runs alone. One purpose is one quantity: two
quantities drawn under the same purpose and day come from the same uniforms. Every quantity is a monotone
(inverse) transform of one uniform [2]_. A call costs some 30 us at least: ask for a wave, not for each order.

Uniforms (so `bernoulli` and `uniform_between` too) are the same on every machine; the other draws may differ
in the last bit between types of processor, because NumPy chooses code for log and exp by what these offer.

References
----------
.. [1] Salmon, J. K., Moraes, M. A., Dror, R. O., Shaw, D. E. (2011). Parallel random numbers: as easy as
   1, 2, 3. SC'11. doi:10.1145/2063384.2063405
.. [2] Law, A. M. (2015). Simulation Modeling and Analysis, 5th ed., sections 8.2.1 and 11.2.
"""

import struct
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Streams",
    "to_bernoulli",
    "to_exponential",
    "to_lognormal",
    "to_normal",
    "to_open_uniform",
    "to_uniform_between",
]

Floats = NDArray[np.float64]

_LIMIT = 2**63
_CHUNK = 2**15  # words mapped at a time: 256 KiB stays in cache
_DENSE = 16  # a word inside a run costs about 1/16 of a word computed by itself
_WORD, _HALF = 2**64 - 1, np.uint64(2**32 - 1)
_TINY, _HUGE = 1e-200, 1e200  # the sizes of parameters with which no draw can underflow or overflow


@dataclass(frozen=True, slots=True)
class Streams:
    """All random numbers of one replication.

    In every method `purpose` (non-empty text) says what is drawn, `day` (-2**63 .. 2**63-1; the first is 0)
    when, and the result holds one value for each entity `first` .. `first + num - 1`, all in 0 .. 2**63-1.
    Any slice of entities equals, to the last bit, the same slice of the whole. Parameters of distributions
    are scalars or arrays of shape (num,). For scattered entities, put `uniform_at` through a ``to_...``.

    Parameters
    ----------
    seed : int
        0 .. 2**63-1. Alternatives compared under the same seed share common random numbers.
    replication : int
        0 .. 2**63-1.

    Raises
    ------
    ValueError
        Here and in every method: a value is of the wrong type or shape, or out of its range.

    Examples
    --------
    >>> streams = Streams(seed=1, replication=7)
    >>> whole = streams.exponential("pick_time", day=5, num=100, mean=2.0)
    >>> part = streams.exponential("pick_time", day=5, num=3, first=42, mean=2.0)
    >>> bool((part == whole[42:45]).all())
    True
    >>> streams.uniform("absence", day=0, num=3).round(6).tolist()
    [0.352259, 0.226486, 0.770693]
    """

    seed: int
    replication: int

    def __post_init__(self) -> None:
        for name in ("seed", "replication"):
            object.__setattr__(self, name, _integer(name, getattr(self, name), 0))

    def uniform(self, purpose: str, day: int, num: int, first: int = 0) -> Floats:
        """Return uniforms in the open interval (0, 1), shape (num,), dimensionless."""
        num, first = _integer("num", num, 0), _integer("first", first, 0)
        _integer("first + num", first + num, 0, _LIMIT)
        # NumPy increments the counter before it draws: block b is Philox's counter b + 1, also in _words_at.
        generator = np.random.Philox(key=self._key(purpose, day), counter=first // 4)
        generator.random_raw(first % 4)
        uniforms = np.empty(num)
        for start in range(0, num, _CHUNK):
            part = uniforms[start : start + _CHUNK]
            to_open_uniform(generator.random_raw(part.size), out=part)
        return uniforms

    def uniform_at(self, purpose: str, day: int, entities: NDArray[np.integer[Any]]) -> Floats:
        """Return the uniforms that `uniform` gives to these entities, in their order and shape.

        Parameters
        ----------
        purpose, day
            As for the class.
        entities : integer array of any shape
            0 .. 2**63-1; in any order, repeated and scattered as they may be. Time and memory grow with
            their number, not with their range.
        """
        entities = np.asarray(entities)
        key, shape, entities = self._key(purpose, day), entities.shape, entities.ravel()
        if not np.issubdtype(entities.dtype, np.integer):
            raise ValueError(f"entities: {entities.dtype} is not an integer type")
        if not entities.size:
            return np.empty(shape)
        low, high = _integer("entities", int(entities.min()), 0), _integer("entities", int(entities.max()), 0)
        if high - low < _DENSE * entities.size:
            run = self.uniform(purpose, day, high - low + 1, low)
            return run[entities - entities.dtype.type(low)].reshape(shape)
        return to_open_uniform(_words_at(key, entities.astype(np.uint64))).reshape(shape)

    def uniform_between(
        self, purpose: str, day: int, num: int, first: int = 0, *, low: ArrayLike = 0.0, high: ArrayLike = 1.0
    ) -> Floats:
        """Return draws uniform on [low, high], shape (num,), in their unit; see `to_uniform_between`."""
        return to_uniform_between(self.uniform(purpose, day, num, first), low, high)

    def exponential(self, purpose: str, day: int, num: int, first: int = 0, *, mean: ArrayLike = 1.0) -> Floats:
        """Return exponential draws > 0, shape (num,), in the unit of `mean`; see `to_exponential`."""
        return to_exponential(self.uniform(purpose, day, num, first), mean)

    def normal(
        self,
        purpose: str,
        day: int,
        num: int,
        first: int = 0,
        *,
        mean: ArrayLike = 0.0,
        sigma: ArrayLike = 1.0,
    ) -> Floats:
        """Return normal draws, shape (num,), in the unit of `mean`; see `to_normal`."""
        return to_normal(self.uniform(purpose, day, num, first), mean, sigma)

    def lognormal(
        self, purpose: str, day: int, num: int, first: int = 0, *, sigma: ArrayLike, mean: ArrayLike = 1.0
    ) -> Floats:
        """Return lognormal draws > 0, shape (num,), in the unit of `mean`; see `to_lognormal`."""
        return to_lognormal(self.uniform(purpose, day, num, first), sigma, mean)

    def bernoulli(
        self, purpose: str, day: int, num: int, first: int = 0, *, probability: ArrayLike
    ) -> NDArray[np.bool_]:
        """Return which entities are hit, bool, shape (num,); see `to_bernoulli`."""
        return to_bernoulli(self.uniform(purpose, day, num, first), probability)

    def _key(self, purpose: str, day: int) -> int:
        if not isinstance(purpose, str) or not purpose:
            raise ValueError(f"purpose: {purpose!r} is not a non-empty text")
        # Three fields of fixed width, then the only one of free length: no two names pack to the same bytes.
        fixed = struct.pack("<qqq", self.seed, self.replication, _integer("day", day, -_LIMIT))
        key = blake2b(fixed + purpose.encode(), digest_size=16, person=b"simsupply.1")
        return int.from_bytes(key.digest(), "little")


def to_open_uniform(words: NDArray[np.uint64], out: Floats | None = None) -> Floats:
    """Map 64-bit words to ``((word >> 12) + 0.5) * 2**-52``, in [2**-53, 1 - 2**-53]; same shape.

    52 bits, because with 53 the highest word would round to 1. The bits are laid under the exponent of 1.0,
    which gives a double in [1, 2), and the subtraction is exact: the formula's numbers in half its time.
    """
    bits = np.asarray(words >> np.uint64(12))
    bits |= np.uint64(0x3FF0000000000000)
    return np.subtract(bits.view(np.float64), 1.0 - 2.0**-53, out=out)


def to_uniform_between(uniforms: Floats, low: ArrayLike, high: ArrayLike) -> Floats:
    """Map uniforms to ``low + (high - low) * u``, in [low, high]; `low` <= `high`, both finite."""
    low = _parameter("low", low, uniforms, -_HUGE)
    high = _parameter("high", high, uniforms, low)
    # Never above high: u <= 1 - 2**-53 takes off at least what rounding high - low can have put on.
    return low + (high - low) * uniforms


def to_exponential(uniforms: Floats, mean: ArrayLike) -> Floats:
    """Map uniforms to ``-mean * log(u)``: decreasing in u, at most 36.8 means; `mean` > 0 in any unit."""
    mean = _parameter("mean", mean, uniforms, _TINY)
    draws: Floats = np.log(np.asarray(uniforms, order="C"))
    draws *= -mean
    return draws


def to_normal(uniforms: Floats, mean: ArrayLike = 0.0, sigma: ArrayLike = 1.0) -> Floats:
    """Map uniforms to ``mean + sigma * ndtri(u)``, |ndtri(u)| < 8.3; `sigma` >= 0, standard deviation."""
    from scipy.special import ndtri  # here, so that this module is light to import

    mean, sigma = _parameter("mean", mean, uniforms, -_HUGE), _parameter("sigma", sigma, uniforms, 0.0)
    scores: Floats = ndtri(np.asarray(uniforms, order="C"))
    scores *= sigma
    scores += mean
    return scores


def to_lognormal(uniforms: Floats, sigma: ArrayLike, mean: ArrayLike = 1.0) -> Floats:
    """Map uniforms to ``mean * exp(sigma * ndtri(u) - sigma**2 / 2)``, whose expectation is `mean`.

    `sigma`, 0 .. 10, is the standard deviation of the logarithm (not of the draw); `mean` > 0 in any unit.
    """
    sigma, mean = _parameter("sigma", sigma, uniforms, 0.0, 10.0), _parameter("mean", mean, uniforms, _TINY)
    draws: Floats = np.exp(to_normal(uniforms, -(sigma**2) / 2, sigma))
    draws *= mean
    return draws


def to_bernoulli(uniforms: Floats, probability: ArrayLike) -> NDArray[np.bool_]:
    """Map uniforms to ``u < probability``, 0 .. 1: whom one probability hits, a higher one hits too."""
    return uniforms < _parameter("probability", probability, uniforms, 0.0, 1.0)


def _words_at(key: int, entities: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the Philox4x64-10 word of each entity by itself; constants of Salmon et al. (2011) [1]_."""
    zeros = np.zeros_like(entities)
    c0, c1, c2, c3 = (entities >> np.uint64(2)) + np.uint64(1), zeros, zeros, zeros
    k0, k1 = key & _WORD, key >> 64
    for _ in range(10):
        high0, low0 = _multiply(0xD2E7470EE14C6C93, c0)
        high1, low1 = _multiply(0xCA5A826395121157, c2)
        c0, c1, c2, c3 = high1 ^ c1 ^ np.uint64(k0), low1, high0 ^ c3 ^ np.uint64(k1), low0
        k0, k1 = (k0 + 0x9E3779B97F4A7C15) & _WORD, (k1 + 0xBB67AE8584CAA73B) & _WORD
    return np.choose((entities & np.uint64(3)).astype(np.intp), [c0, c1, c2, c3])


def _multiply(constant: int, words: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the high and low 64 bits of the 128-bit products, from 32-bit halves."""
    shift, high, low = np.uint64(32), np.uint64(constant >> 32), np.uint64(constant & 0xFFFFFFFF)
    words_high, words_low = words >> shift, words & _HALF
    middle = words_high * low + (words_low * low >> shift)
    carry = words_low * high + (middle & _HALF)
    return words_high * high + (middle >> shift) + (carry >> shift), words * np.uint64(constant)


def _integer(name: str, value: object, low: int, high: int = _LIMIT - 1) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
        raise ValueError(f"{name}: {value!r} is not an integer in {low} .. {high}")
    return int(value)


def _parameter(name: str, value: ArrayLike, uniforms: Floats, low: Floats | float, high: float = _HUGE) -> Floats:
    values = np.asarray(value, dtype=np.float64)
    if values.shape not in ((), uniforms.shape):
        raise ValueError(f"{name}: shape {values.shape} is neither () nor {uniforms.shape}")
    if not np.all((values >= low) & (values <= high)):
        raise ValueError(f"{name}: a value is outside {low} .. {high}")
    return values
