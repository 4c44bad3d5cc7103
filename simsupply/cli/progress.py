"""The progress bar of ``run`` and ``compare``."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from simsupply.base.catalogue import Message, message
from simsupply.base.language import Language
from simsupply.base.progress import shown


@contextmanager
def progress(total_min: float, what: Message, language: Language) -> Iterator[Callable[[float], object]]:
    """Progress bar over simulated days on a terminal only."""
    from tqdm.auto import tqdm

    from simsupply.model.kernels.compiled import are_compiled

    if not are_compiled():
        what = message("compiling_once", what=what)
    days = message("unit_days").in_language(language)
    bar = tqdm(
        total=total_min / 1440,
        desc=what.in_language(language),
        bar_format="{desc}: {percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} " + days + " [{elapsed}<{remaining}]",
        delay=2,
        disable=None,  # no bar unless standard error is a terminal
        leave=False,
        ncols=shutil.get_terminal_size().columns,  # 80 where a terminal does not tell its width
        nrows=shutil.get_terminal_size().lines,
    )
    with bar, shown(bar):
        yield lambda passed_min: bar.update(passed_min / 1440)
