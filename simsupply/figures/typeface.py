"""The fonts of the figures: a Chinese font of our own, matplotlib's DejaVu Sans behind it, then the machine's own."""

import re
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from matplotlib import font_manager, get_data_path
from matplotlib.ft2font import FT2Font

from simsupply.base.catalogue import Message, message

CHINESE_FONT = Path(__file__).parent / "fonts" / "NotoSansSC-Regular-subset.otf"
CHINESE_FAMILY = "simsupply Noto Sans SC"
MISSING = "\N{WHITE SQUARE}"
# Families that hold Han characters, by how they are called; the common ones of every system first.
_PREFERRED = ("Noto Sans CJK", "Source Han Sans", "PingFang", "Microsoft YaHei", "SimSun", "WenQuanYi", "Hiragino")
_HAN = re.compile(
    r"CJK|Han ?(Sans|Serif|a)|HanaMin|PingFang|YaHei|SimSun|SimHei|Sim[KF]a|WenQuanYi|Hei(ti)?\b|Song(ti)?\b|"
    r"Kai(ti)?\b|Ming|AR PL|Hiragino|Gothic|Mincho|Meiryo|Droid Sans Fallback|Jigmo|Plangothic|TW-|"
    r"Noto (Sans|Serif) (SC|TC|HK|JP)"
)


class UndrawnCharacters(UserWarning):
    """Characters that no font can draw, so that a figure shows boxes in their place."""


_undrawn: ContextVar[set[str] | None] = ContextVar("undrawn", default=None)


@contextmanager
def undrawn_characters() -> Iterator[set[str]]:
    """Collect what cannot be drawn inside this context; nothing warns of it there."""
    found: set[str] = set()
    token = _undrawn.set(found)
    try:
        yield found
    finally:
        _undrawn.reset(token)


@contextmanager
def undrawn_told() -> Iterator[None]:
    """One warning, on leaving this context, of all that could not be drawn in it; none where it is collected."""
    outer = _undrawn.get()
    with undrawn_characters() as found:
        yield
    if outer is not None:
        outer |= found
    elif found:
        # Past two contexts and the function that draws: to the line that calls it.
        warnings.warn(str(undrawn_message(found)), UndrawnCharacters, stacklevel=6)


def undrawn_message(found: set[str]) -> Message:
    """What is said of characters that no font can draw."""
    return message("undrawn_characters", characters=" ".join(sorted(found)))


@cache
def register_fonts() -> None:
    """Make the font that comes with the package known to matplotlib; adds one font, changes no setting."""
    font_manager.fontManager.addfont(CHINESE_FONT)


def font_families() -> list[str]:
    """Families that figures are drawn with, by precedence.

    What the first two hold looks the same on every machine; the others are for what neither holds.
    """
    return [CHINESE_FAMILY, "DejaVu Sans", *installed_fonts()]


@cache
def installed_fonts() -> dict[str, frozenset[int]]:
    """Fonts of the machine with Han characters that those before them lack: their code points by family."""
    families = {font.name for font in font_manager.fontManager.ttflist if _HAN.search(font.name)}
    known = set(_own_characters())
    found = {}
    for family in sorted(families - {CHINESE_FAMILY}, key=_precedence):
        characters = _characters(font_manager.findfont(font_manager.FontProperties(family=family)))
        if any(unicodedata.category(chr(code)) == "Lo" for code in characters - known):
            found[family] = characters
            known |= characters
    return found


def _precedence(family: str) -> tuple[int, str]:
    known = [number for number, name in enumerate(_PREFERRED) if family.startswith(name)]
    return (known[0] if known else len(_PREFERRED), family)


def _characters(path: str | Path) -> frozenset[int]:
    return frozenset(FT2Font(str(path)).get_charmap())


@cache
def _own_characters() -> frozenset[int]:
    """Code points of the fonts that come with the package and with matplotlib."""
    return _characters(CHINESE_FONT) | _characters(Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")


def drawable_characters() -> frozenset[int]:
    """Code points that the figures' fonts can draw."""
    return _own_characters().union(*installed_fonts().values())


def drawable(text: str) -> str:
    """`text` with every character that no font has replaced by a box, and noted (`undrawn_told`).

    Names come from users' files and may hold anything; a missing glyph must not vanish.

    Examples
    --------
    >>> drawable("浦东 express 🚚")
    '浦东 express □'
    """
    composed = unicodedata.normalize("NFC", text)
    own = _own_characters()
    rare = {c for c in composed if c != "\n" and ord(c) not in own}
    missing = {c for c in rare if ord(c) not in drawable_characters()}
    collected = _undrawn.get()
    if collected is not None:
        collected |= {c for c in missing if c.isprintable()}
    return "".join(MISSING if c in missing else c for c in composed)


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
