"""Compiled inverse of the standard normal distribution: an inner loop of `simsupply.streams.keyed`.

The rational functions are those of Cephes [1]_, as in `scipy.special.ndtri`; relative error below 1e-14. The
middle, where most uniforms lie, is computed for all of them without a branch, several at a time, and the tails
apart from it.

References
----------
.. [1] Moshier, S. L. (1989). Methods and programs for mathematical functions. Ellis Horwood. Function ``ndtri``.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

_TAIL = 0.13533528323661269189  # exp(-2): the middle is what lies between this and one less this
_BLOCK = 1024
_compiled = njit(cache=True, error_model="numpy")  # no check for division by zero: it would forbid several at a time


@_compiled
def _middle(uniform):
    y = uniform - 0.5
    x = y * y
    above = -5.99633501014107895267e1
    above = above * x + 9.80010754185999661536e1
    above = above * x - 5.66762857469070293439e1
    above = above * x + 1.39312609387279679503e1
    above = above * x - 1.23916583867381258016e0
    below = x + 1.95448858338141759834e0
    below = below * x + 4.67627912898881538453e0
    below = below * x + 8.63602421390890590575e1
    below = below * x - 2.25462687854119370527e2
    below = below * x + 2.00260212380060660359e2
    below = below * x - 8.20372256168333339912e1
    below = below * x + 1.59056225126211695515e1
    below = below * x - 1.18331621121330003142e0
    return (y + y * (x * above / below)) * 2.50662827463100050242


@_compiled
def _near_tail(x, log_x):
    """Minus the score of the probability exp(-x**2 / 2), 2 <= x < 8."""
    z = 1.0 / x
    above = 4.05544892305962419923e0
    above = above * z + 3.15251094599893866154e1
    above = above * z + 5.71628192246421288162e1
    above = above * z + 4.40805073893200834700e1
    above = above * z + 1.46849561928858024014e1
    above = above * z + 2.18663306850790267539e0
    above = above * z - 1.40256079171354495875e-1
    above = above * z - 3.50424626827848203418e-2
    above = above * z - 8.57456785154685413611e-4
    below = z + 1.57799883256466749731e1
    below = below * z + 4.53907635128879210584e1
    below = below * z + 4.13172038254672030440e1
    below = below * z + 1.50425385692907503408e1
    below = below * z + 2.50464946208309415979e0
    below = below * z - 1.42182922854787788574e-1
    below = below * z - 3.80806407691578277194e-2
    below = below * z - 9.33259480895457427372e-4
    return x - log_x / x - z * above / below


@_compiled
def _far_tail(x, log_x):
    """The same for x >= 8."""
    z = 1.0 / x
    above = 3.23774891776946035970e0
    above = above * z + 6.91522889068984211695e0
    above = above * z + 3.93881025292474443415e0
    above = above * z + 1.33303460815807542389e0
    above = above * z + 2.01485389549179081538e-1
    above = above * z + 1.23716634817820021358e-2
    above = above * z + 3.01581553508235416007e-4
    above = above * z + 2.65806974686737550832e-6
    above = above * z + 6.23974539184983293730e-9
    below = z + 6.02427039364742014255e0
    below = below * z + 3.67983563856160859403e0
    below = below * z + 1.37702099489081330271e0
    below = below * z + 2.16236993594496635890e-1
    below = below * z + 1.34204006088543189037e-2
    below = below * z + 3.28014464682127739104e-4
    below = below * z + 2.89247864745380683936e-6
    below = below * z + 6.79019408009981274425e-9
    return x - log_x / x - z * above / below


@_compiled
def normal_scores(uniforms):
    """Standard normal scores of uniforms in (0, 1), shape (num,)."""
    scores = np.empty(len(uniforms))
    outside, root, score = np.empty(_BLOCK, dtype=np.int64), np.empty(_BLOCK), np.empty(_BLOCK)
    for first in range(0, len(uniforms), _BLOCK):
        these, found = uniforms[first : first + _BLOCK], scores[first : first + _BLOCK]
        for position in range(len(these)):
            found[position] = _middle(these[position])
        num = 0
        for position in range(len(these)):
            outside[num] = position
            num += (these[position] <= _TAIL) | (these[position] > 1.0 - _TAIL)
        # The logarithms one by one, everything else several at a time.
        for number in range(num):
            uniform = these[outside[number]]
            root[number] = math.sqrt(-2.0 * math.log(min(uniform, 1.0 - uniform)))
            score[number] = math.log(root[number])
        for number in range(num):
            score[number] = _near_tail(root[number], score[number])
        for number in range(num):
            if root[number] >= 8.0:
                score[number] = _far_tail(root[number], math.log(root[number]))
            is_low = these[outside[number]] < 0.5
            found[outside[number]] = -score[number] if is_low else score[number]
    return scores
