"""Words that are options of Hydra (``--help``, ``--cfg``, ``--config-dir``, ``-m``), and letting it act upon them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from simsupply.base.catalogue import message
from simsupply.base.problems import COMMAND_LINE, wrong

if TYPE_CHECKING:
    from simsupply.config.compose import Configuration

MULTIRUN = ("-m", "--multirun")


def overrides_and_options(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Words that set something, and all others.

    Raises
    ------
    InputError
        If a word is neither.
    """
    overrides = [word for word in words if _is_override(word)]
    options = [word for word in words if not _is_override(word)]
    if options and not any(option.startswith("-") for option in options):
        raise wrong(COMMAND_LINE, "", options[0], message("override_or_option"))
    return overrides, options


def has_own_folder(options: Sequence[str]) -> bool:
    """Whether there is a folder of further options, which is known to Hydra only."""
    return any(option.startswith(("--config-", "-cd", "-cp", "-cn")) for option in options)


def _is_override(word: str) -> bool:
    return not word.startswith("-") and ("=" in word or word.startswith("~"))


def through_hydra(command: str, words: list[str]) -> list[Configuration]:
    """Let Hydra act upon its own options (--help, --cfg, --info, --config-dir); the jobs it starts, if any."""
    import hydra
    from hydra.core.hydra_config import HydraConfig
    from omegaconf import DictConfig

    from simsupply.config.compose import configuration_of, files_in_store
    from simsupply.config.yaml_files import config_dir

    jobs: list[Configuration] = []

    def collect(config: DictConfig) -> None:
        job = HydraConfig.get()
        jobs.append(configuration_of(command, config, job.runtime.choices, list(job.overrides.task)))

    application = hydra.main(version_base="1.3", config_path=str(config_dir()), config_name=command)(collect)
    before = sys.argv
    sys.argv = [f"simsupply {command}", *words]
    try:
        with files_in_store(words):
            application()
    finally:
        sys.argv = before
    return jobs
