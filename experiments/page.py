"""``README.md`` of an experiment: a pure function of its file and of ``results.csv``."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from experiments.answer_choice import answer_choice
from experiments.answer_line import answer_line
from experiments.answer_map import answer_map
from experiments.line_figure import plot_choice, plot_line
from experiments.map_figure import plot_map
from experiments.spec import Experiment, Settings
from experiments.verdicts import Results
from experiments.words import level
from simsupply.base.language import Language
from simsupply.config.yaml_files import is_file_name

_ANSWERS = {"map": answer_map, "line": answer_line, "choice": answer_choice}
_FIGURES = {"map": plot_map, "line": plot_line, "choice": plot_choice}
_FAMILY = {
    "en": "Intervals are simultaneous: with 95 % probability all those of one measure hold the true values. A "
    "difference is said to be there exactly where its interval excludes 0. Shares that are the same in every "
    "replication have an interval too: what is rare may not have been seen.",
    "zh": "区间为联合置信区间：同一指标的全部区间以95 %的概率包含真值。当且仅当区间不含0时才认为存在差别。"
    "各次重复都相同的占比也有区间：罕见情形可能尚未出现。",
}


_INDEX = """
# Planners' questions

Each folder answers one question by replications under common random numbers: its page has the answer in words with
intervals, a figure, how it was found and what it hangs on; `results.csv` has the estimates behind it, `experiment.yaml`
what is varied and measured.

```
make experiments                                # all that are not up to date, two plans at a time
python -m experiments headline                  # one, and its answer
python -m experiments headline --again          # though neither its config nor the code has changed
```

An experiment is up to date while its plans, the code and its results are those of the last time (`stamp.json`). One of
your own is a folder with an `experiment.yaml`, of one of three kinds: a `map` over two factors, a `line` over one, a
`choice` side by side; `experiments/spec.py` says what its keys mean.
"""


def answer(experiment: Experiment, table: pd.DataFrame, language: Language = "en") -> str:
    """The answer in words, as Markdown."""
    blocks = _ANSWERS[experiment.spec.kind](Results(experiment.spec, table), language)
    return "\n\n".join([*blocks, _FAMILY[language]])


def figure(experiment: Experiment, table: pd.DataFrame) -> Figure:
    """The figure of its kind."""
    return _FIGURES[experiment.spec.kind](Results(experiment.spec, table))


def page(experiment: Experiment, table: pd.DataFrame) -> str:
    """The whole ``README.md``."""
    spec = experiment.spec
    parts = [
        f"# {spec.title.en}",
        f"*{spec.title.zh}*",
        f"## Question\n\n{spec.question.en}",
        f"{spec.why.strip()}",
        f"## Answer\n\n{answer(experiment, table)}",
        f"![{spec.title.en}](figure.png)",
        f"## 问题与答案\n\n{spec.question.zh}\n\n{answer(experiment, table, 'zh')}",
        f"## Method\n\n{spec.method.strip()}\n\n{_design(experiment)}",
        f"## What the answer hangs on\n\n{spec.limits.strip()}",
        "## Again\n\n```\n"
        f"python -m experiments {experiment.name}\n```\n\nruns it again and writes this page, `results.csv` and "
        "`figure.png`; what is varied and measured stands in `experiment.yaml`. `make experiments` runs all.",
    ]
    return "\n\n".join(parts) + "\n"


def index(experiments: Sequence[Experiment]) -> str:
    """``README.md`` of the folder of all experiments: their questions."""
    rows = [
        f"| [{experiment.name}]({experiment.name}/README.md) | {experiment.spec.question.en} |"
        for experiment in experiments
    ]
    return f"{_INDEX.strip()}\n\n| experiment | question |\n|---|---|\n" + "\n".join(rows) + "\n"


def _design(experiment: Experiment) -> str:
    """What is compared, varied and measured, as a list."""
    spec = experiment.spec
    world = f"`{spec.scenario}`" if is_file_name(spec.scenario) else f"scenario `{spec.scenario}`"
    lines = [
        f"- World: {world}; {spec.replications} replications of every plan (seed {spec.seed}), each with the same "
        "random numbers in all plans."
    ]
    if spec.settings:
        lines.append(f"- In all plans: {_changes(spec.settings)}.")
    for option in spec.options.values():
        chosen = option.strategy or spec.strategy
        changes = f" with {_changes(option.settings)}" if option.settings else ""
        lines.append(f"- {option.title.en}: strategy `{chosen}`{changes}.")
    for factor in spec.factors.values():
        keys = ", ".join(f"`{key}`{'' if times == 1 else f' x {times:g}'}" for key, times in factor.keys.items())
        keys = keys or ", ".join(
            f"`{key}`" for key in dict.fromkeys(key for setting in factor.settings for key in setting)
        )
        shown = ", ".join(level(factor, factor_level) for factor_level in factor.levels)
        lines.append(f"- {factor.title.en} ({keys}): {shown}.")
    for measure in spec.measures.values():
        target = ""
        if measure.target:
            side = "at least" if measure.target.at_least is not None else "at most"
            target = f"; target: {side} {measure.target.value:g}"
        small = f"; a difference below {measure.smallest:g} does not matter" if measure.smallest else ""
        better = "" if measure.better == "neither" else f", {measure.better} is better"
        lines.append(f"- {measure.title.en}: `{measure.metric}`{better}{small}{target}.")
    return "\n".join(lines)


def _changes(settings: Settings) -> str:
    return "; ".join(f"`{key}` {_plain(value)}" for key, value in settings.items())


def _plain(value: object) -> str:
    text = str(value).replace("'", "").replace("True", "true").replace("False", "false").replace("None", "null")
    return text if len(text) <= 90 else "as in `experiment.yaml`"
