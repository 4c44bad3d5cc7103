"""The command line: one word for what to do, the others for the command of that name (``cli/NAME_command.py``)."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from simsupply.base.allocator import keep_freed_memory
from simsupply.base.catalogue import message
from simsupply.base.language import Language
from simsupply.base.notices import notices
from simsupply.base.problems import COMMAND_LINE, InputError, StoreError, nearest, wrong
from simsupply.base.system_errors import reason
from simsupply.base.versions import __version__
from simsupply.cli.command_words import language_of_words

DONE, WRONG_INPUT, FAILED, INTERRUPTED = 0, 2, 3, 130

HELP = """\
simsupply {version}: can a locked-down city be fed, how, and what must be prepared?

usage: simsupply COMMAND [key=value ...] [-m]

commands
  list       what there is: scenarios, strategies, channels, demand, staffing, fleets, goods, tiers, supply, shocks,
             experiments (ready sweeps), metrics
  run        one scenario under one strategy
  compare    several strategies or scenarios at several levels of attendance, pair by pair; select the best
  sweep      one plan at many points of its parameters, on all processors or many machines, resumed where it stopped
  results    what sweeps have found: chosen, shown, written as CSV, Excel or Parquet
  template   write a scenario or strategy file of your own to start from: a built-in one, whole, with comments, and
             with what further words set

examples
  simsupply list scenarios
  simsupply run scenario=subdistrict strategy=standard_crates replications=20 seed=1 output=outputs/a
  simsupply run scenario=my_town.yaml staffing.attendance=0.2
  simsupply run -m strategy=standard_crates,individual_orders staffing.attendance=0.2,0.5,1.0
  simsupply run precision.metrics='{{fill_rate: 1%}}' precision.max=200
  simsupply run staffing.attendance=0.2 bottleneck=coverage
  simsupply compare strategies=[standard_crates,individual_orders] attendance=0.2 select.method=kn select.zone=0.01
  simsupply compare scenario=town attendance=[1.0,0.2] language=zh
  simsupply sweep strategy=standard_crates,individual_orders staffing.attendance=0.1,0.2,0.5 output=outputs/b
  simsupply results outputs/b metrics=coverage export=b.xlsx
  simsupply template my_town.yaml scenario=town
  simsupply template my_city.yaml scenario=changchun listed=true staffing.attendance=0.5 language=zh
  simsupply template my_way.yaml strategy=county_by_tier

  simsupply run --help               every key that can be set, with its value
  simsupply run --cfg job            the whole configuration, nothing is run
  simsupply list scenarios           built-in names; a path to a YAML file of your own works too

exit status
  0 done   2 the input is wrong   3 a run failed or could not be written   130 interrupted
"""
COMMAND_WORDS = ("list", "run", "compare", "sweep", "results", "template")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    keep_freed_memory()
    # Figures are written to files; whatever else a shell sets for windows on a screen is not asked for.
    os.environ["MPLBACKEND"] = "Agg"
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no Chinese shows a mark instead of ending the run.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    command, rest = (words[0], words[1:]) if words else ("--help", [])
    language = language_of_words(rest)
    with notices() as found:
        status = _status(command, rest, language)
    if status != WRONG_INPUT:  # which is told in one message
        for said in found.values():
            print(said.in_language(language), file=sys.stderr)
    return status


def _status(command: str, rest: Sequence[str], language: Language) -> int:
    """Do what the words say, and tell what went wrong; return the exit status."""
    try:
        if command in ("-h", "--help", "help"):
            print(HELP.format(version=__version__), end="")
        elif command in ("-V", "--version"):
            print(__version__)
        else:
            return _do(command, rest)
    except InputError as error:
        print(error.in_language(language), file=sys.stderr)
        return WRONG_INPUT
    except StoreError as error:
        print(error.in_language(language), file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # The reader of a pipe (head, less) has seen enough.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 -- it stays open until the process ends
    except OSError as error:
        # A disk that is full or has gone.
        said = message("cannot_write", reason=reason(error), file=error.filename or "")
        print(said.in_language(language).rstrip(), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        if command != "sweep":  # which has said it itself
            print(message("interrupted").in_language(language), file=sys.stderr)
        return INTERRUPTED
    return DONE


def _do(command: str, words: Sequence[str]) -> int:
    """Do what a command says; return the exit status. Only its own module is imported, for some take a moment."""
    if command == "list":
        from simsupply.cli.list_command import list_command

        return list_command(words)
    if command == "template":
        from simsupply.cli.template_command import template_command

        return template_command(words)
    if command == "run":
        from simsupply.cli.run_command import run_command

        return run_command(words)
    if command == "compare":
        from simsupply.cli.compare_command import compare_command

        return compare_command(words)
    if command == "sweep":
        from simsupply.cli.sweep_command import sweep_command

        return sweep_command(words)
    if command == "results":
        from simsupply.cli.results_command import results_command

        return results_command(words)
    raise wrong(COMMAND_LINE, "command", command, nearest(command, COMMAND_WORDS))


if __name__ == "__main__":
    sys.exit(main())
