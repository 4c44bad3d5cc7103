"""What holds a plan back, in sentences of English or Chinese: only what was tried is called so."""

from __future__ import annotations

from collections.abc import Sequence

from simsupply.base.language import Language
from simsupply.experiment.diagnosis import Diagnosis, Suspect, Trial
from simsupply.figures.constraint_titles import constraint_title, one_more_in_words
from simsupply.measures.metric_registry import metric_label, unit_of
from simsupply.measures.unit_titles import unit_label
from simsupply.report.amounts import days_label, duration, points, round_share
from simsupply.results.longest_waits import LongestWait, longest_waits
from simsupply.results.result import Result
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.step_titles import stage_label, step_labels
from simsupply.strategy.waits import cause_label

_TEXT: dict[Language, dict[str, str]] = {
    "en": {
        "held_back": "Held back by {what}.",
        "held_back_together": "Held back by {what} together: no gain is found from more of either alone.",
        "gain": "With {more}, {change}{sure}.",
        "gains_too": "A gain is found from more of these too: {what}.",
        "coverage": "{after} % instead of {before} % of households are reached within {days}",
        "fill_rate": "{after} % instead of {before} % of the need is met",
        "empty_pantry_h": "a household is without something it needs for {after} instead of {before} on average",
        "other": "{metric} is {after} instead of {before}{unit}",
        "interval": ", a gain of {points} in the {n} replications tried",
        "tried": " in the {n} replications tried",
        "each": " in the {n} replications tried, with a gain in each",
        "longest": "Longest wait: at {wait}.",
        "busiest": "Busiest: {stage}.",
        "idle": "Nobody is on duty.",
        "idle_cell": "nobody on duty",
        "no_wait": "none; busiest: {stage}",
        "in_vain": "No gain is found from more of these{pairs}: {what}.",
        "pairs": ", alone or two together",
        "wait": "{step}, {cause} ({hours} h of all orders together)",
        "busy": "{stage} ({busy} % busy)",
        "and": " and ",
        "comma": ", ",
        "and_more": " and ",
        "more_of": "{more} ({title})",
    },
    "zh": {
        "held_back": "瓶颈：{what}。",
        "held_back_together": "共同瓶颈：{what}，单独增加任何一项均未见改善。",
        "gain": "若{more}，{change}{sure}。",
        "gains_too": "增加以下各项也有改善：{what}。",
        "coverage": "{days}内送达的住户为{after} %而非{before} %",
        "fill_rate": "需求满足率为{after} %而非{before} %",
        "empty_pantry_h": "户均断供{after}而非{before}",
        "other": "{metric}为{after}{unit}而非{before}{unit}",
        "interval": "，提高{points}（所试{n}次重复）",
        "tried": "（所试{n}次重复）",
        "each": "（所试{n}次重复，每次均有改善）",
        "longest": "等待最久：{wait}。",
        "busiest": "最忙环节：{stage}。",
        "idle": "无人到岗。",
        "idle_cell": "无人到岗",
        "no_wait": "无；最忙：{stage}",
        "in_vain": "增加以下各项{pairs}均未见改善：{what}。",
        "pairs": "，无论单独还是两项同时，",
        "wait": "{step}，{cause}（全部订单合计{hours}小时）",
        "busy": "{stage}（忙碌{busy} %）",
        "and": "与",
        "comma": "、",
        "and_more": "、",
        "more_of": "{more}（{title}）",
    },
}


def held_back_sentences(result: Result, diagnosis: Diagnosis | None, language: Language) -> list[str]:
    """What holds the plan back; where nothing was tried, where the longest wait is, or who is busiest."""
    text = _TEXT[language]
    if diagnosis is None:
        return [_longest_or_busiest(result, language)]
    found = diagnosis.found
    if found is None:
        is_longest = diagnosis.verdict == "longest_wait"
        line = _longest_or_busiest(result, language) if is_longest else _busiest(result, language)
        return [line, *_in_vain(result, diagnosis, language)]
    titles = [_title(result, suspect, language) for suspect in found.suspects]
    lines = [
        text[diagnosis.verdict].format(what=text["and"].join(titles)),
        text["gain"].format(
            more=_more(found, titles, language),
            change=_change(result, str(diagnosis.metric), found, language),
            sure=_sure(str(diagnosis.metric), found, language),
        ),
    ]
    too = [
        _title(result, trial.suspects[0], language)
        for trial in diagnosis.trials
        if trial.gain.side == 1 and trial is not found and len(trial.suspects) == 1
    ]
    return [*lines, *([text["gains_too"].format(what=text["comma"].join(too))] if too else [])]


def _title(result: Result, suspect: Suspect, language: Language) -> str:
    """What orders wait for; of a crew with several steps at the one before which they wait longest."""
    found, wait = suspect.constraint, suspect.wait
    steps = (wait.step,) if wait is not None and wait.step in found.steps else found.steps
    return constraint_title(found.kind, found.name, steps, result.scenario, result.strategy, language)


def _more(found: Trial, titles: Sequence[str], language: Language) -> str:
    """What one more is; of two of a kind each with what it is of."""
    constraints = [suspect.constraint for suspect in found.suspects]
    more = [one_more_in_words(item.kind, item.before, item.after, item.added, language) for item in constraints]
    if len({item.kind for item in constraints}) < len(more):
        more = [
            _TEXT[language]["more_of"].format(more=what, title=title) for what, title in zip(more, titles, strict=True)
        ]
    return _TEXT[language]["and_more"].join(more)


def _change(result: Result, metric: str, found: Trial, language: Language) -> str:
    text, unit = _TEXT[language], unit_of(metric)
    days = days_label(result.scenario.settings.service_target_days, language)
    if unit == "share":
        after, before = round_share(found.after), round_share(found.before)
    elif unit == "h":
        after, before = duration(found.after, language), duration(found.before, language)
    else:
        after, before = f"{found.after:,.4g}", f"{found.before:,.4g}"
    if metric in ("coverage", "fill_rate", "empty_pantry_h"):
        return text[metric].format(after=after, before=before, days=days)
    label = metric_label(metric, language, step_labels([result.strategy], language))
    sign = " %" if unit == "share" else ""
    label = label[0].lower() + label[1:]
    shown = "" if unit in ("share", "h") else unit_label(unit, language)
    blank = " " if language == "en" and shown else ""
    return text["other"].format(metric=label, after=f"{after}{sign}", before=f"{before}{sign}", unit=blank + shown)


def _sure(metric: str, found: Trial, language: Language) -> str:
    """The gain with its interval where that is above zero; else that it is so in each replication."""
    text, gain = _TEXT[language], found.gain
    if gain.side != 1 or gain.mean is None:
        return text["each"].format(n=gain.n)
    if unit_of(metric) != "share":
        return text["tried"].format(n=gain.n)
    return text["interval"].format(points=points(gain.mean, gain.ci_low, gain.ci_high, language), n=gain.n)


def _in_vain(result: Result, diagnosis: Diagnosis, language: Language) -> list[str]:
    """What was tried and gains nothing."""
    text = _TEXT[language]
    alone = [_title(result, trial.suspects[0], language) for trial in diagnosis.trials if len(trial.suspects) == 1]
    if not alone:
        return []
    has_pairs = any(len(trial.suspects) > 1 for trial in diagnosis.trials)
    return [text["in_vain"].format(what=text["comma"].join(alone), pairs=text["pairs"] if has_pairs else "")]


def _longest_or_busiest(result: Result, language: Language) -> str:
    waits = longest_waits(result)
    if not waits:
        return _busiest(result, language)
    return _TEXT[language]["longest"].format(wait=wait_in_words(waits[0], result.strategy, language))


def _busiest(result: Result, language: Language) -> str:
    """Who is busiest; nothing where nobody is needed."""
    text, busiest = _TEXT[language], result.busiest()
    if not result.utilisation():
        return ""
    if busiest is None:
        return text["idle"]
    return text["busiest"].format(stage=busy_in_words(*busiest, result.strategy, language))


def longest_wait_or_busiest(result: Result, language: Language) -> str:
    """For a table: where orders waited longest, else who is busiest."""
    text, waits, busiest = _TEXT[language], longest_waits(result), result.busiest()
    if waits:
        return wait_in_words(waits[0], result.strategy, language)
    return (
        text["idle_cell"]
        if busiest is None
        else text["no_wait"].format(stage=busy_in_words(*busiest, result.strategy, language))
    )


def wait_in_words(wait: LongestWait, strategy: StrategySpec, language: Language) -> str:
    """Where orders waited, for what, and how long."""
    return _TEXT[language]["wait"].format(
        step=_step(wait.step, strategy, language), cause=cause_label(wait.cause, language), hours=f"{wait.hours:,.0f}"
    )


def busy_in_words(stage: str, utilisation: float, strategy: StrategySpec, language: Language) -> str:
    """A stage or leg and how busy it is."""
    return _TEXT[language]["busy"].format(stage=_step(stage, strategy, language), busy=round_share(utilisation))


def _step(name: str, strategy: StrategySpec, language: Language) -> str:
    return stage_label(name, language, step_labels([strategy], language))
