"""The jobs of ``run`` and ``compare``: one, or with ``-m`` one for each combination of values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsupply.base.catalogue import message
from simsupply.base.problems import COMMAND_LINE, wrong
from simsupply.base.progress import working
from simsupply.cli.command_words import help_text, language_of_words, read_words

if TYPE_CHECKING:
    from simsupply.config.compose import Configuration


def run_jobs(
    command: str,
    words: Sequence[str],
    command_help: str,
    load: Callable[[Configuration], tuple[Any, ...]],
    run: Callable[..., None],
) -> int:
    """Compose every job and check it, so that what is wrong is said before anything runs; then run.

    Parameters
    ----------
    command : str
        Name of the command's configuration.
    words : sequence of str
    command_help : str
        What the command does.
    load : callable
        From a composed configuration to what `run` needs, checked.
    run : callable
        Runs one job, given its configuration, the place of its folder, and what was loaded.

    Returns
    -------
    int
        The exit status.
    """
    spoken = language_of_words(words)
    with working(message("reads_plan"), spoken):
        from simsupply.config.compose import as_yaml, compose_configuration
        from simsupply.config.overrides import points_of

        asked = read_words(words)
        points = points_of(asked.overrides) if asked.is_multirun else [asked.overrides]
        jobs = [compose_configuration(command, point, folder=asked.folder) for point in points]
    if asked.is_help:
        print(help_text(command_help, command, jobs[0].data, asked.folder))
        return 0
    if asked.is_shown:
        print("---\n".join(as_yaml(configuration.data) for configuration in jobs), end="")
        return 0
    if len(jobs) > 1:
        for configuration in jobs:
            load(configuration)
    for number, configuration in enumerate(jobs):
        folder = Path(str(configuration.data["output"]))
        if asked.is_multirun:
            folder /= str(number)
            print(f"\n[{number + 1}/{len(jobs)}] {folder}")
        with working(message("reads_plan"), spoken):
            loaded = load(configuration)
            # Takes a moment to import; what is wrong has been said by now.
            from simsupply.base.whole_folder import whole_folder
            from simsupply.cli.undrawn import undrawn_said
            from simsupply.results.contents import PROVENANCE, own_files, what_is_there

        if (folder / "store.json").exists():
            raise wrong(COMMAND_LINE, "output", str(folder), message("folder_of_its_own", what=what_is_there(folder)))
        language = configuration.data["language"]
        with whole_folder(folder, own_files, PROVENANCE) as place, undrawn_said(language):
            run(configuration, place, *loaded)
        print("\n" + message("written_to", folder=folder).in_language(language))
    return 0
