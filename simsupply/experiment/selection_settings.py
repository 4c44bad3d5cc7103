"""How the best alternative is to be selected: what a user writes, read and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from simsupply.base.catalogue import message
from simsupply.base.problems import Misfits, wrong
from simsupply.base.quantities import Count, Positive
from simsupply.base.spec import Spec, parse
from simsupply.experiment.alternatives import Alternative
from simsupply.measures.metric_names import check_metric
from simsupply.measures.metric_registry import better_side


class SelectionSettings(Spec):
    """How the best is to be selected.

    Attributes
    ----------
    method
        ``kn``: with a guaranteed probability; ``ocba``: as sure as a budget allows, when runs are dear.
    metric
        One that has a better side (`simsupply.measures.better`).
    zone
        The indifference zone: the smallest difference worth finding, in the metric's unit.
    probability
        Of selecting the best if it is better than all others by `zone`.
    max
        No more replications than this, of all alternatives together (a tenth more may be run, and
        is then shown, but not used).
    """

    method: Literal["kn", "ocba"] | None = None
    metric: str = "coverage"
    zone: Positive | None = None
    probability: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    max: Count = 1000

    @model_validator(mode="after")
    def _whole(self) -> SelectionSettings:
        if self.method and self.zone is None:
            raise Misfits(("zone", None, message("zone_above_zero")))
        if better_side(self.metric) is None:
            raise Misfits(("metric", self.metric, message("metric_better_in_itself")))
        return self


def read_selection(data: SelectionSettings | Mapping[str, Any] | None, source: str) -> SelectionSettings:
    """Settings from plain data (``{"method": "kn", "metric": "coverage", "zone": 0.01}``).

    Raises
    ------
    InputError
        With every problem found.
    """
    if isinstance(data, SelectionSettings):
        return data
    if data is not None and not isinstance(data, Mapping):
        raise wrong(source, "select", data, message("selection_mapping"))
    return parse(SelectionSettings, data or {}, source=source, at="select")


def check_selection(
    data: SelectionSettings | Mapping[str, Any] | None,
    replications: int,
    alternatives: Sequence[Alternative],
    source: str = "compare",
) -> SelectionSettings:
    """Read the settings of a selection and check them against what is to be run.

    Raises
    ------
    InputError
        If something does not fit.
    """
    settings = read_selection(data, source)
    if settings.method is None:
        return settings
    strategies, scenarios = zip(*((each.strategy, each.scenario) for each in alternatives), strict=True)
    check_metric(settings.metric, strategies, source, "select.metric", scenarios)
    if replications < 2:
        raise wrong(source, "replications", replications, message("replications_with_select"))
    if settings.max < replications * len(alternatives):
        least = replications * len(alternatives)
        raise wrong(source, "select.max", settings.max, message("max_of_select", least=least))
    return settings
