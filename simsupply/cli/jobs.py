"""The jobs of ``run`` and ``compare``: one, or with ``-m`` one for each combination of values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsupply.cli.hydra_options import MULTIRUN, has_own_folder, overrides_and_options, through_hydra

if TYPE_CHECKING:
    from simsupply.config.compose import Configuration


def run_jobs(
    command: str,
    words: Sequence[str],
    load: Callable[[Configuration], tuple[Any, ...]],
    run: Callable[..., None],
) -> int:
    """Compose every job and check it, so that what is wrong is said before anything runs; then run.

    Parameters
    ----------
    command : str
        Name of the command's configuration.
    words : sequence of str
    load : callable
        From a composed configuration to what `run` needs, checked.
    run : callable
        Runs one job, given its configuration, its folder, and what was loaded.

    Returns
    -------
    int
        The exit status.
    """
    from simsupply.config.compose import compose_configuration, expand_sweep, resolve_files

    overrides, options = overrides_and_options(words)
    is_multirun = any(option in MULTIRUN for option in options)
    overrides = resolve_files(overrides)
    points = expand_sweep(overrides) if is_multirun else [overrides]
    is_plain = not has_own_folder(options)
    jobs = [compose_configuration(command, point) for point in points] if is_plain else []
    if not is_plain or any(option not in MULTIRUN for option in options):
        jobs = through_hydra(command, [*overrides, *options])
        is_multirun = is_multirun and bool(jobs)
    if len(jobs) > 1:
        for configuration in jobs:
            load(configuration)
    for number, configuration in enumerate(jobs):
        folder = Path(str(configuration.data["output"]))
        if is_multirun:
            folder /= str(number)
            print(f"\n[{number + 1}/{len(jobs)}] {folder}")
        loaded = load(configuration)
        # Takes a moment to import; what is wrong has been said by now.
        from simsupply.base.files import output_folder

        with output_folder(folder):
            run(configuration, folder, *loaded)
    return 0
