"""The fonts of the figures: a vendored Chinese font first, matplotlib's own DejaVu Sans behind it."""

import unicodedata
from functools import cache
from pathlib import Path

from matplotlib import font_manager, get_data_path
from matplotlib.ft2font import FT2Font

CHINESE_FONT = Path(__file__).parent / "fonts" / "NotoSansSC-Regular-subset.otf"
CHINESE_FAMILY = "simsupply Noto Sans SC"
FONT_FAMILIES = [CHINESE_FAMILY, "DejaVu Sans"]
MISSING = "\N{WHITE SQUARE}"


@cache
def register_fonts() -> None:
    """Make the vendored font known to matplotlib; adds one font, changes no setting."""
    font_manager.fontManager.addfont(CHINESE_FONT)


@cache
def drawable_characters() -> frozenset[int]:
    """Code points that the figures' fonts can draw."""
    fallback = Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    return frozenset().union(*(FT2Font(str(path)).get_charmap() for path in (CHINESE_FONT, fallback)))


def drawable(text: str) -> str:
    """`text` with every character that no font of ours has replaced by a box.

    Names come from users' files and may hold anything; a missing glyph must neither warn nor vanish.

    Examples
    --------
    >>> drawable("浦东 express 🚚")
    '浦东 express □'
    """
    known = drawable_characters()
    composed = unicodedata.normalize("NFC", text)
    return "".join(c if c == "\n" or ord(c) in known else MISSING for c in composed)


def text_width(text: str) -> float:
    """Rough width of one line in em: a Chinese character is 1 em wide, a Latin one about 0.55."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.55 for c in text)


def wrap_text(text: str, width_em: float) -> str:
    """Break `text` into lines of at most `width_em`, at blanks where there are any, else anywhere.

    Examples
    --------
    >>> wrap_text("standard crates by compound", 10).split(chr(10))
    ['standard crates by', 'compound']
    >>> wrap_text("按小区配送标准箱", 4).split(chr(10))
    ['按小区配', '送标准箱']
    """
    lines, line = [], ""
    for character in text:
        if line and text_width(line + character) > width_em and character != " ":
            head, blank, tail = line.rpartition(" ")
            # A word longer than half a line is cut rather than moved down.
            if blank and text_width(tail) < width_em / 2:
                lines.append(head)
                line = tail
            else:
                lines.append(line)
                line = ""
        line += character
    return "\n".join(part.strip() for part in [*lines, line])
