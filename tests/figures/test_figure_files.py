"""Saved figures: right bytes, right glyphs, nothing clipped or overlapping, nothing global changed."""

import io
import subprocess
import sys
import warnings

import matplotlib
import matplotlib.image
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from simsupply.figures import plot_coverage, plot_utilisation, plot_who_goes_without, save_figure
from simsupply.figures.labels import SPLITS, TEXTS
from simsupply.figures.typeface import drawable, drawable_characters, wrap_text
from simsupply.measures.metric_registry import ENTRIES
from simsupply.scenario.group_titles import GROUPS
from simsupply.strategy.step_titles import STAGES

LONG_NAMES = [
    "a_very_long_strategy_name_that_a_planner_wrote_in_her_own_file",
    "按小区配送标准箱并由志愿者送货上门且优先照顾独居老人和孕妇的策略",
    "s4 $x$ 50 % 🚚",
]


@pytest.fixture(params=["coverage", "utilisation"])
def make_figure(request, make_curves, make_utilisation):
    def make(*, language="en", **table):
        if request.param == "coverage":
            return plot_coverage(make_curves(**table), target_h=168, shifts=[(8, 20)], language=language)
        return plot_utilisation(make_utilisation(**table), language=language)

    return make


def _check_no_text_is_clipped_or_overlaps(figure):
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip()
    ]
    for text, box in boxes:
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= figure.bbox.x1, text
        assert box.y1 <= figure.bbox.y1, text
    for i, (text, box) in enumerate(boxes):
        for other, other_box in boxes[:i]:
            # One pixel of touching is the bounding boxes', not the letters'.
            is_apart = not box.padded(-1).overlaps(other_box.padded(-1))
            assert is_apart, (text, other)
    legend = figure.legends[0].get_window_extent(renderer)
    num_inside = sum(legend.overlaps(box) for _, box in boxes)
    assert num_inside == len(figure.legends[0].get_texts()), "only its own texts touch the legend"


@pytest.mark.lengthy
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("num_splits", [1, 3])
def test_who_goes_without_is_drawn_whole_in_both_languages(make_deprivation, tmp_path, language, num_splits):
    splits = ["goods", "tier", "kind"][:num_splits]
    figure = plot_who_goes_without(
        make_deprivation(splits=splits, groups=LONG_NAMES), everybody_h=12.5, language=language
    )
    _check_no_text_is_clipped_or_overlaps(figure)
    saved = [save_figure(figure, tmp_path / name, "who_goes_without") for name in ("one", "two")]
    assert [path.name for path in saved[0]] == ["who_goes_without.png", "who_goes_without.svg"]
    assert [path.read_bytes() for path in saved[0]] == [path.read_bytes() for path in saved[1]]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_png_and_svg_are_whole_and_not_blank(make_figure, tmp_path, language):
    paths = save_figure(make_figure(language=language), tmp_path / "new" / "folder", "figure")
    assert [path.name for path in paths] == ["figure.png", "figure.svg"]
    assert sorted(paths[0].parent.iterdir()) == paths, "no temporary file is left"
    pixels = matplotlib.image.imread(paths[0])
    assert min(pixels.shape[:2]) > 300
    assert pixels[..., :3].var() > 0.01
    svg = paths[1].read_text(encoding="utf-8")
    assert len(svg) > 20_000
    assert "<text" not in svg, "letters are outlines, so that no reader needs the font"


@pytest.mark.lengthy
def test_saving_again_and_drawing_again_give_the_same_bytes(make_figure, tmp_path):
    figure = make_figure(language="zh", cases=["20 %"])
    saved = [
        [path.read_bytes() for path in save_figure(drawn, tmp_path / folder, "figure")]
        for folder, drawn in [
            ("first", figure),
            ("again", figure),
            ("redrawn", make_figure(language="zh", cases=["20 %"])),
        ]
    ]
    assert saved[0] == saved[1] == saved[2]


@pytest.mark.lengthy
@pytest.mark.parametrize("num_cases", [1, 2, 3, 4, 5, 6])
def test_one_panel_per_case_and_no_text_is_clipped_or_overlaps(make_figure, num_cases):
    cases = [f"attendance_{100 - 10 * i} %" for i in range(num_cases)]
    figure = make_figure(cases=cases, strategies=LONG_NAMES, language="zh")
    assert len(figure.axes) == num_cases
    assert [axes.get_title("left") for axes in figure.axes] == [case.replace("_", " ") for case in cases]
    _check_no_text_is_clipped_or_overlaps(figure)


@pytest.mark.lengthy
@pytest.mark.parametrize("table", [{"strategies": ["one"]}, {"cases": ["one"]}, {"is_single": True}])
def test_small_tables_are_drawn(make_figure, tmp_path, table):
    assert all(path.stat().st_size > 5_000 for path in save_figure(make_figure(**table), tmp_path, "small"))


def test_nothing_global_changes(make_figure, tmp_path):
    before = dict(matplotlib.rcParams)
    save_figure(make_figure(language="zh"), tmp_path, "figure")
    assert dict(matplotlib.rcParams) == before


@pytest.mark.lengthy
def test_the_users_own_settings_do_not_reach_the_figures(make_figure, tmp_path):
    plain = save_figure(make_figure(cases=["20 %"]), tmp_path, "plain")
    with matplotlib.rc_context({"font.family": ["serif"], "lines.linewidth": 9, "axes.facecolor": "red"}):
        styled = save_figure(make_figure(cases=["20 %"]), tmp_path, "styled")
    assert [path.read_bytes() for path in plain] == [path.read_bytes() for path in styled]


@pytest.mark.lengthy
def test_figures_need_no_pyplot_and_leave_its_list_empty():
    program = (
        "import sys, pandas, simsupply.figures as figures\n"
        "row = dict(strategy='a', case='b', stage='c', mean=0.5, ci_low=None, ci_high=None)\n"
        "figures.plot_utilisation(pandas.DataFrame([row | dict(is_longest_wait=True)]))\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "import matplotlib.pyplot as pyplot\n"
        "assert pyplot.get_fignums() == []\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.lengthy
def test_a_notebook_may_draw_the_figure_in_its_own_settings(make_figure):
    figure = make_figure(language="zh", strategies=LONG_NAMES)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figure.savefig(io.BytesIO(), format="png")
    assert not [warning for warning in caught if "Glyph" in str(warning.message)]


@pytest.mark.parametrize("name", ["", "..", "../figure", "folder/figure", "folder\\figure"])
def test_a_name_with_a_folder_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="plain file name"):
        save_figure(Figure(), tmp_path, name)


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    (tmp_path / "figure.png").write_bytes(b"old")

    def fail(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(Figure, "savefig", fail)
    with pytest.raises(OSError, match="disk full"):
        save_figure(Figure(), tmp_path, "figure")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"figure.png": b"old"}


def test_every_word_of_ours_and_all_of_gb_2312_can_be_drawn():
    titles = {entry.name: entry.titles.model_dump() for entry in ENTRIES}
    tables = (TEXTS, STAGES, titles, SPLITS, GROUPS)
    ours = "".join(text for table in tables for words in table.values() for text in words.values())
    rows, cells = np.meshgrid(np.arange(0xB0, 0xF8), np.arange(0xA1, 0xFF), indexing="ij")
    pairs = np.stack([rows, cells], axis=-1).astype(np.uint8).tobytes()
    chinese = pairs.decode("gb2312", errors="ignore")
    assert len(chinese) >= 6763
    assert set(map(ord, ours + chinese)) <= drawable_characters()
    assert all(set(words) == {"en", "zh"} for table in tables for words in table.values())


def test_characters_in_no_font_become_a_box():
    assert drawable("浦东 🚚\t→ −5 ≤") == "浦东 □□→ −5 ≤"


def test_wrapped_lines_keep_every_character_and_fit():
    for name in LONG_NAMES:
        wrapped = wrap_text(name.replace("_", " "), 10)
        assert wrapped.replace("\n", "").replace(" ", "") == name.replace("_", "").replace(" ", "")
        assert all(len(line) <= 18 for line in wrapped.split("\n"))
