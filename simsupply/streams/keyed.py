"""Keyed random numbers: a draw depends on what it is for, never on when or where it is asked for.

A draw is named by (seed, replication, purpose, day, entity). The first four are hashed (BLAKE2b) to the
128-bit key of a Philox4x64-10 generator [1]_; the entity is its counter: entity ``e`` owns 64-bit word
``e % 4`` of block ``e // 4``. So order of calls, batching and processes cannot change a draw, alternatives
share common random numbers entity by entity, and any replication runs alone. One purpose is one quantity: two
quantities drawn under the same purpose and day come from the same uniforms. Every quantity is a monotone
(inverse) transform of one uniform [2]_. A call costs some 10 us at least: ask for a wave, not for each order.

Uniforms (so `bernoulli` and `uniform_between` too) are the same on every machine; the other draws may differ
in the last bit between machines, whose log and exp differ: NumPy chooses code by what a processor offers.

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
    "to_uniform_between",
]

Floats = NDArray[np.float64]

_LIMIT = 2**63
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
        from simsupply.streams.philox import uniforms_of_run  # here, so that this module is light to import

        uniforms: Floats = uniforms_of_run(*self._key(purpose, day), first, num)
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
        key = self._key(purpose, day)
        if not np.issubdtype(entities.dtype, np.integer):
            raise ValueError(f"entities: {entities.dtype} is not an integer type")
        if not entities.size:
            return np.empty(entities.shape)
        for extreme in (entities.min(), entities.max()):
            _integer("entities", int(extreme), 0)
        from simsupply.streams.philox import uniforms_at  # here, so that this module is light to import

        uniforms: Floats = uniforms_at(*key, np.ascontiguousarray(entities, dtype=np.int64).ravel())
        return uniforms.reshape(entities.shape)

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

    def _key(self, purpose: str, day: int) -> tuple[np.uint64, np.uint64]:
        """Philox's key, low word first."""
        if not isinstance(purpose, str) or not purpose:
            raise ValueError(f"purpose: {purpose!r} is not a non-empty text")
        # Three fields of fixed width, then the only one of free length: no two names pack to the same bytes.
        fixed = struct.pack("<qqq", self.seed, self.replication, _integer("day", day, -_LIMIT))
        key = blake2b(fixed + purpose.encode(), digest_size=16, person=b"simsupply.1")
        low, high = struct.unpack("<QQ", key.digest())
        return np.uint64(low), np.uint64(high)


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
    from simsupply.streams.normal import normal_scores  # here, so that this module is light to import

    mean, sigma = _parameter("mean", mean, uniforms, -_HUGE), _parameter("sigma", sigma, uniforms, 0.0)
    scores: Floats = normal_scores(np.ravel(uniforms)).reshape(uniforms.shape)
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
