"""Fonts: the whole general standard table is drawn, the machine's fonts help beyond it, what is missing is named."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from simsupply.figures import plot_utilisation, save_figure, typeface
from simsupply.figures.typeface import (
    CHINESE_FAMILY,
    CHINESE_FONT,
    UndrawnCharacters,
    drawable,
    font_families,
    installed_fonts,
    register_fonts,
    undrawn_characters,
)
from tests.cli.chinese import set_locale
from tests.figures.conftest import Table

GENERAL_STANDARD_TABLE = Path(__file__).parent / "general_standard_table.txt"
# Districts of Wuhan, Xi'an and Luoyang; housing estates as they are called in the south.
PLACES = "硚口区 鄠邑区 瀍河区 新邨 璟园 翀园"
# U+365F and U+20BB7 are in no list of common characters; they stand in names of persons all the same.
RARE = "㙟𠮷"


def general_standard_table() -> str:
    lines = GENERAL_STANDARD_TABLE.read_text(encoding="utf-8").splitlines()
    return "".join(line for line in lines if not line.startswith("#"))


@pytest.fixture
def no_fonts_installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without Chinese fonts of its own."""
    register_fonts()
    fonts = font_manager.fontManager.ttflist
    fonts = [font for font in fonts if font.name == CHINESE_FAMILY or not typeface._HAN.search(font.name)]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", fonts)
    installed_fonts.cache_clear()
    yield
    monkeypatch.undo()
    installed_fonts.cache_clear()


def test_the_font_has_the_whole_general_standard_table() -> None:
    table = general_standard_table()
    assert len(table) == len(set(table)) == 8105
    assert (table[0], table[3499], table[6499], table[-1]) == ("一", "矗", "齉", "蠼")
    characters = FT2Font(str(CHINESE_FONT)).get_charmap()
    assert set(map(ord, table + "邨" + PLACES)) <= set(characters)


def test_the_font_is_small_and_comes_with_its_licence() -> None:
    assert CHINESE_FONT.stat().st_size < 2_100_000
    licence = (CHINESE_FONT.parent / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Adobe" in licence.splitlines()[0]


@pytest.mark.usefixtures("no_fonts_installed")
def test_what_no_font_has_is_a_box_and_named_once(make_utilisation: Table) -> None:
    table = make_utilisation(strategies=[f"{RARE}苑", "小𠮷"], cases=[PLACES, "㙟"])
    with pytest.warns(UndrawnCharacters) as caught:
        figure = plot_utilisation(table)
    assert [axes.get_title("left") for axes in figure.axes] == [PLACES, "□"]
    assert [text.get_text() for text in figure.legends[0].get_texts()][:2] == ["□□苑", "小□"]
    (warning,) = caught
    assert str(warning.message) == (
        "no font of this machine draws 㙟 𠮷; figures show a box for each. Install a Chinese font that has them."
    )


@pytest.mark.usefixtures("no_fonts_installed")
def test_a_warning_follows_the_locale(make_utilisation: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    set_locale(monkeypatch, LANG="zh_CN.UTF-8")
    with pytest.warns(UndrawnCharacters, match="^本机的字体不含 㙟 𠮷，图中以方框代替；"):
        plot_utilisation(make_utilisation(cases=[RARE]))


@pytest.mark.usefixtures("no_fonts_installed")
def test_what_is_collected_is_not_warned_of(make_utilisation: Table) -> None:
    with warnings.catch_warnings(), undrawn_characters() as found:
        warnings.simplefilter("error")
        plot_utilisation(make_utilisation(cases=[RARE, "二"]))
    assert found == set(RARE)


@pytest.mark.usefixtures("no_fonts_installed")
def test_installed_fonts_draw_what_ours_lack(make_utilisation: Table, tmp_path: Path) -> None:
    """A font of the machine that has U+365F: it is drawn by it, and nothing else is drawn otherwise."""
    before = save_figure(plot_utilisation(make_utilisation(cases=[PLACES])), tmp_path, "before")
    _make_font("Some CJK Font", {0x365F: "一", ord("硚"): "一"}, tmp_path / "some.otf")
    font_manager.fontManager.addfont(tmp_path / "some.otf")
    installed_fonts.cache_clear()
    assert font_families()[2:] == ["Some CJK Font"]
    assert drawable(RARE) == "㙟□"
    after = save_figure(plot_utilisation(make_utilisation(cases=[PLACES])), tmp_path, "after")
    assert [path.read_bytes() for path in before] == [path.read_bytes() for path in after]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures = [plot_utilisation(make_utilisation(cases=[name])) for name in ("㙟", "一")]
        drawn = [save_figure(figure, tmp_path, f"figure_{number}") for number, figure in enumerate(figures)]
    # The glyph of the made-up font is that of 一.
    assert drawn[0][0].read_bytes() == drawn[1][0].read_bytes()


def test_a_font_that_adds_nothing_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make_font("Another CJK Font", {ord("硚"): "一"}, tmp_path / "another.otf")
    fonts = [font_manager.FontEntry(str(tmp_path / "another.otf"), "Another CJK Font")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [*font_manager.fontManager.ttflist, *fonts])
    installed_fonts.cache_clear()
    assert "Another CJK Font" not in installed_fonts()
    installed_fonts.cache_clear()


def _make_font(family: str, glyph_of: dict[int, str], path: Path) -> None:
    """Our own font under another name and with other code points for some glyphs."""
    font = TTFont(CHINESE_FONT)
    glyphs = font.getBestCmap()
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap = {code: glyphs[ord(character)] for code, character in glyph_of.items()}
    for record in font["name"].names:
        if record.nameID in (1, 4):
            record.string = family
        elif record.nameID == 6:
            record.string = family.replace(" ", "")
    font.save(path)
