"""Published instances of the capacitated vehicle routing problem, with their best known lengths of rounded ways.

`E_N22_K4`: Christofides and Eilon 1969, Operational Research Quarterly 20:309-318. `X_N120_K6`: Uchoa et al. 2017,
European Journal of Operational Research 257:845-858. Both from CVRPLIB (vrp.galgos.inf.puc-rio.br). Each row: x, y,
demand; the depot is the first.
"""

from __future__ import annotations

from typing import NamedTuple


class Instance(NamedTuple):
    """Points and demands, what a vehicle holds, and the best known length."""

    rows: tuple[tuple[int, int, int], ...]
    capacity: int
    best_known: int


def _rows(text: str) -> tuple[tuple[int, int, int], ...]:
    numbers = [int(word) for word in text.split()]
    return tuple(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))


E_N22_K4 = Instance(
    _rows(
        """
        145 215 0  151 264 1100  159 261 700  130 254 800  128 252 1400  163 247 2100  146 246 400  161 242 800
        142 239 100  163 236 500  148 232 600  128 231 1200  156 217 1300  129 214 1300  146 208 300  164 208 900
        141 206 2100  147 193 1000  164 193 900  129 189 2500  155 185 1800  139 182 700
        """
    ),
    capacity=6000,
    best_known=375,
)

X_N120_K6 = Instance(
    _rows(
        """
        0 0 0  927 318 1  319 475 1  471 281 1  894 615 1  712 832 1  677 210 1  336 967 1  490 360 1  367 685 1
        153 169 1  799 63 1  247 455 1  492 585 1  131 701 1  309 721 1  210 256 1  511 753 1  447 796 1  394 856 1
        131 13 1  181 425 1  892 585 1  161 651 1  964 365 1  82 353 1  706 842 1  793 53 1  364 841 1  126 306 1
        86 477 1  51 277 1  192 360 1  52 568 1  682 45 1  778 300 1  10 737 1  928 438 1  95 240 1  391 368 1
        586 170 1  645 731 1  381 396 1  387 491 1  388 753 1  429 276 1  547 989 1  840 945 1  88 969 1  331 421 1
        55 132 1  904 771 1  63 190 1  731 528 1  320 84 1  308 276 1  891 182 1  836 473 1  209 741 1  864 533 1
        852 600 1  180 150 1  544 140 1  956 881 1  432 487 1  129 968 1  597 962 1  51 423 1  827 605 1  776 619 1
        354 297 1  311 129 1  552 106 1  24 318 1  148 944 1  502 869 1  396 492 1  815 500 1  425 338 1  178 511 1
        168 274 1  775 603 1  481 465 1  281 777 1  216 211 1  784 740 1  127 992 1  544 117 1  92 170 1  846 755 1
        614 326 1  180 372 1  720 252 1  262 291 1  171 186 1  868 613 1  291 119 1  427 974 1  481 557 1  403 645 1
        819 502 1  915 919 1  581 85 1  527 743 1  953 893 1  955 912 1  269 924 1  216 84 1  601 952 1  441 439 1
        170 949 1  614 92 1  439 212 1  413 509 1  545 336 1  50 806 1  166 86 1  658 870 1  122 511 1  178 170 1
        """
    ),
    capacity=21,
    best_known=13332,
)
