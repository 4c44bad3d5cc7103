"""Compiled Philox4x64-10 [1]_, straight to uniforms: the inner loops of `simsupply.streams.keyed`.

A block is four words; entity ``e`` owns word ``e % 4`` of block ``e // 4``. Apart from `simsupply.streams.keyed`
because numba takes long to import.

References
----------
.. [1] Salmon, J. K., Moraes, M. A., Dror, R. O., Shaw, D. E. (2011). Parallel random numbers: as easy as
   1, 2, 3. SC'11. doi:10.1145/2063384.2063405
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import config, njit, types
from numba.extending import intrinsic

# Multipliers, and what is added to the key in each round (Salmon et al., section 4.3).
_M0, _M1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_W0, _W1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_ZERO, _ONE, _TWO, _LANE, _MANTISSA = (np.uint64(number) for number in (0, 1, 2, 3, 12))
_NO_BLOCK = np.uint64(2**64 - 1)


@intrinsic
def _multiply(typing: Any, a: Any, b: Any) -> Any:
    """High and low 64 bits of a product: one instruction, which numba has no word for."""
    pair = types.UniTuple(types.uint64, 2)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        wide, word = ir.IntType(128), ir.IntType(64)
        product = builder.mul(*(builder.zext(argument, wide) for argument in arguments))
        high = builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), word)
        return context.make_tuple(builder, pair, [high, builder.trunc(product, word)])

    return pair(types.uint64, types.uint64), generate


@njit(cache=True)
def multiply(a, b):
    """High and low 64 bits of the product of two words."""
    return _multiply(a, b)


@njit(cache=True)
def block(key_low, key_high, number):
    """Four words. NumPy increments the counter before it draws, so block b is Philox's counter b + 1."""
    c0, c1, c2, c3 = number + _ONE, _ZERO, _ZERO, _ZERO
    for _ in range(10):
        high0, low0 = _multiply(_M0, c0)
        high1, low1 = _multiply(_M1, c2)
        c0, c1, c2, c3 = high1 ^ c1 ^ key_low, low1, high0 ^ c3 ^ key_high, low0
        key_low += _W0
        key_high += _W1
    return c0, c1, c2, c3


def _block_in_python(key_low, key_high, number):
    """`block` in Python's own numbers: the product of two words has no instruction without a compiler."""
    mask, shift = 2**64 - 1, 64
    k0, k1, c0, c1, c2, c3 = int(key_low), int(key_high), (int(number) + 1) & mask, 0, 0, 0
    for _ in range(10):
        product0, product1 = int(_M0) * c0, int(_M1) * c2
        c0, c1, c2, c3 = (
            product1 >> shift ^ c1 ^ k0, product1 & mask, product0 >> shift ^ c3 ^ k1, product0 & mask
        )  # fmt: skip
        k0, k1 = (k0 + int(_W0)) & mask, (k1 + int(_W1)) & mask
    return np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)


if config.DISABLE_JIT:
    block = _block_in_python


@njit(cache=True)
def open_uniform(word):
    """``((word >> 12) + 0.5) * 2**-52``, in [2**-53, 1 - 2**-53]: with 53 bits the highest would round to 1."""
    # A signed number converts faster than an unsigned one.
    return (np.float64(np.int64(word >> _MANTISSA)) + 0.5) * 2.0**-52


@njit(cache=True)
def _pick(words, lane):
    w0, w1, w2, w3 = words
    if lane == 0:
        return w0
    if lane == 1:
        return w1
    return w2 if lane == 2 else w3


@njit(cache=True)
def uniforms_of_run(key_low, key_high, first, num):
    """Uniforms of the entities `first` .. `first + num - 1`, shape (num,)."""
    uniforms = np.empty(num)
    position = 0
    while position < num:
        number, lane = np.uint64(first + position) >> _TWO, (first + position) & 3
        words = block(key_low, key_high, number)
        if lane == 0 and position + 4 <= num:
            w0, w1, w2, w3 = words
            uniforms[position], uniforms[position + 1] = open_uniform(w0), open_uniform(w1)
            uniforms[position + 2], uniforms[position + 3] = open_uniform(w2), open_uniform(w3)
            position += 4
        else:
            uniforms[position] = open_uniform(_pick(words, lane))
            position += 1
    return uniforms


@njit(cache=True)
def uniforms_at(key_low, key_high, entities):
    """Uniforms of these entities >= 0, in their order; neighbours share the work of their block."""
    uniforms = np.empty(len(entities))
    present, words = _NO_BLOCK, (_ZERO, _ZERO, _ZERO, _ZERO)
    for position in range(len(entities)):
        number = np.uint64(entities[position]) >> _TWO
        if number != present:
            present, words = number, block(key_low, key_high, number)
        uniforms[position] = open_uniform(_pick(words, entities[position] & 3))
    return uniforms
