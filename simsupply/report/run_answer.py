"""The answer of one run in a few lines a planner can read out, in English or Chinese."""

from __future__ import annotations

import pandas as pd

from simsupply.base.language import Language, spaced
from simsupply.checks.remarks import remarks
from simsupply.experiment.diagnosis import Diagnosis
from simsupply.figures.day_tables import trigger_title
from simsupply.figures.group_tables import titled_splits
from simsupply.measures.metric_registry import METRICS, metric_label, unit_of
from simsupply.measures.unit_titles import unit_in_words
from simsupply.report.amounts import days_label, duration_of, percent, round_share
from simsupply.report.few_values import few_or_equal
from simsupply.report.food_answer import food_sentences
from simsupply.report.held_back_answer import held_back_sentences
from simsupply.report.standstill_answer import standstill_sentence
from simsupply.results.day_table import TRIGGER_ON
from simsupply.results.result import MEASURES_SHOWN, Result
from simsupply.results.vehicle_table import WAITS
from simsupply.scenario.normal_demand import normal_orders_per_day
from simsupply.strategy.step_titles import step_labels

# Below this many times normal orders nobody speaks of a surge.
SURGE = 1.5
NUM_CHANNELS = 3
# Below this share of the hours under way nobody asks what was lost.
LOST = 0.05
_OF_THE_WHOLE = frozenset(metric.name for metric in METRICS)
WAIT_COLUMNS = {f"{what}_wait_h": what for what in WAITS}
_TEXT = {
    "en": {
        "reached": "Reached at least once within {days}: {share} of {number} households.",
        "whole": "In {hits} of {n} replications every household is reached in time (so in {share} of all cases).",
        "last": "The last household is reached after {hours}.",
        "beyond": "In {missed} of {n} replications some households are not reached by the end of the run ({days}).",
        "channels": "{tonnes} t came: {channels}{unused}.",
        "channel": "{share:.0f} % by “{channel}”",
        "and_more": "{channels}, the rest by {number} more",
        "unused": "; nothing by {channels}",
        "attempts": "On the busiest day residents tried to order {times:.1f} times as much as on a normal day "
        "({normal:,.0f} orders){who}{why}{no}.",
        "remark": "Note: {remark}.",
        "who": ", {callers:.1f} times as many households as order then",
        "given": "; this surge was typed in",
        "came_about": "; this surge was not typed in, it came about as shops closed and the refused tried again",
        "no_surge": "",
        "refused": "; {share} of residents' attempts were refused",
        "none_refused": "; none was refused",
        "lost": "Vehicles lost {share:.0f} % of their time under way: {waits}.",
        "lost_one": "Of their time under way vehicles lost {waits}.",
        "dock": "{share:.0f} % before docks",
        "road": "{share:.0f} % on closed roads",
        "place": "{share:.0f} % at closed places",
        "floor": "{share:.0f} % for want of room where they unload",
        "trigger": "Trigger “{trigger}”: first on after {first}, {days:.0f} of {horizon} days on average{often}.",
        "often": " (in {times} of {runs} replications)",
        "never": "Trigger “{trigger}” stayed off.",
        "comma": ", ",
        "met": "{metric}: ± {half} {unit} after {n} replications, as asked for ({wanted}).",
        "unmet": "{metric}: ± {half} {unit} after {n} replications, the most allowed; {wanted} was asked for and is "
        "NOT reached{needed}.",
        "needed": ", about {needed:,} replications would be needed",
        "missing": "{metric} does not exist in every replication, so it has no mean and no precision ({wanted} was "
        "asked for).",
    },
    "zh": {
        "reached": "{days}内至少送达一次：{number}户中的{share}。",
        "whole": "{n}次重复中有{hits}次每户都按时送达（即全部情形的{share}）。",
        "last": "最后一户在{hours}后首次送达。",
        "beyond": "{n}次重复中有{missed}次到模拟结束时（{days}）仍有住户未送达。",
        "channels": "共送达{tonnes}吨，其中{channels}{unused}。",
        "channel": "“{channel}”占{share:.0f} %",
        "and_more": "{channels}，另有{number}个渠道",
        "unused": "；未送货：{channels}",
        "attempts": "最高一天居民提交的订单为平日{normal:,.0f}单的{times:.1f}倍{who}{why}{no}。",
        "remark": "注意：{remark}。",
        "who": "，下单户数为平日的{callers:.1f}倍",
        "given": "；该激增由输入设定",
        "came_about": "；该激增并非输入设定，而是商店关闭、被拒者再次下单所致",
        "no_surge": "",
        "refused": "；居民提交的订单中被拒{share}",
        "none_refused": "；无一被拒",
        "lost": "车辆在途时间中有{share:.0f} %耗于等待：{waits}。",
        "lost_one": "车辆在途时间中，{waits}。",
        "dock": "等候月台占{share:.0f} %",
        "road": "道路封闭占{share:.0f} %",
        "place": "场所关停占{share:.0f} %",
        "floor": "卸货场地已满占{share:.0f} %",
        "trigger": "触发条件“{trigger}”：{first}后首次生效，{horizon}天中平均生效{days:.0f}天{often}。",
        "often": "（{runs}次重复中的{times}次）",
        "never": "触发条件“{trigger}”从未生效。",
        "comma": "、",
        "met": "{metric}：{n}次重复后半宽为±{half} {unit}，达到要求（{wanted}）。",
        "unmet": "{metric}：已达重复次数上限{n}次，半宽为±{half} {unit}，未达到要求（{wanted}）{needed}。",
        "needed": "，约需{needed:,}次重复",
        "missing": "{metric}并非在每次重复中都存在，没有均值和精度（要求{wanted}）。",
    },
}


def run_answer(result: Result, language: Language = "en", diagnosis: Diagnosis | None = None) -> list[str]:
    """What people had to eat, who was reached, what held it back, by which channel, how high the surge was, triggers.

    A sentence is left out where there is nothing to tell.

    Parameters
    ----------
    diagnosis : Diagnosis, optional
        What was tried (`simsupply.experiment.diagnosis.diagnose`); without it nothing is said to hold the plan back.
    """
    sentences = [
        *food_sentences(result, language),
        *_reached(result, language),
        standstill_sentence(result, language) or "",
        *held_back_sentences(result, diagnosis, language),
        _channels(result, language),
        _attempts(result, language),
        _lost(result, language),
        *(_trigger(result, name, language) for name in result.strategy.triggers),
        few_or_equal(result, MEASURES_SHOWN, language),
        *(
            _TEXT[language]["remark"].format(remark=remark.in_language(language))
            for remark in remarks(result.scenario.spec, result.strategy)
        ),
    ]
    return [spaced(sentence, language) for sentence in sentences if sentence]


def precision_words(result: Result, language: Language = "en") -> list[str]:
    """What became of each half-width asked for; nothing if none was."""
    text, lines = _TEXT[language], []
    titled = step_labels([result.strategy], language)
    for goal in result.reached:
        key = "met" if goal.is_met else "missing" if goal.half_width is None else "unmet"
        lines.append(
            text[key].format(
                metric=goal.goal.metric
                if language == "en" and goal.goal.metric in _OF_THE_WHOLE
                else metric_label(goal.goal.metric, language, titled),
                half="-" if goal.half_width is None else f"{goal.half_width:.3g}",
                unit=unit_in_words(unit_of(goal.goal.metric), language),
                n=len(result.values),
                wanted=goal.goal.in_words,
                needed="" if goal.needed is None else text["needed"].format(needed=goal.needed),
            )
        )
    return [spaced(line, language) for line in lines]


def _reached(result: Result, language: Language) -> list[str]:
    """Who was reached at least once."""
    text, spec = _TEXT[language], result.scenario.settings
    lines = [
        text["reached"].format(
            days=days_label(spec.service_target_days, language),
            share=percent(result.estimate("coverage")),
            number=f"{len(result.scenario.households):,}",
        )
    ]
    full = result.share("coverage", at_least=1.0)
    hits = round((full.mean or 0.0) * full.n)
    if hits and full.n > 1:
        share = f"{round_share(full.ci_low)}-{round_share(full.ci_high)} %"
        lines.append(text["whole"].format(hits=hits, n=full.n, share=share))
    last = result.estimate("last_household_served_h")
    if last.mean is None:
        missed, days = len(result.values) - last.n, days_label(spec.horizon_days + spec.run_out_days, language)
        lines.append(text["beyond"].format(missed=missed, n=len(result.values), days=days))
    else:
        lines.append(text["last"].format(hours=duration_of(last, language)))
    return lines


def _channels(result: Result, language: Language) -> str | None:
    """Which channel brought how much; None where there is only one, or nothing came."""
    text = _TEXT[language]
    if result.splits is None or len(result.strategy.channels) < 2:
        return None
    table = titled_splits(result, language)
    kg = table[table["metric"] == "kg_delivered"].set_index("title")["mean"].sort_values(ascending=False, kind="stable")
    total = float(kg.sum())
    if total == 0:
        return None
    used, unused = kg[kg > 0], list(kg[kg == 0].index)
    parts = [
        text["channel"].format(channel=title, share=100 * part / total) for title, part in used[:NUM_CHANNELS].items()
    ]
    channels = text["comma"].join(parts)
    if len(used) > NUM_CHANNELS:
        channels = text["and_more"].format(channels=channels, number=len(used) - NUM_CHANNELS)
    return text["channels"].format(
        tonnes=f"{total / 1000:,.0f}" if total >= 10_000 else f"{total / 1000:.2g}",
        channels=channels,
        unused=text["unused"].format(channels=text["comma"].join(f"“{title}”" for title in unused)) if unused else "",
    )


def _attempts(result: Result, language: Language) -> str | None:
    """How far attempts were above normal, and whether that was given; None where nothing says what is normal."""
    text = _TEXT[language]
    normal, times = normal_orders_per_day(result.scenario), result.estimate("attempts_vs_normal_peak").mean
    if normal is None or times is None:
        return None
    callers = result.estimate("callers_vs_normal_peak").mean
    is_given = any(note.startswith("surge: given") for note in result.notes)
    refused = result.estimate("attempts_refused_share")
    return text["attempts"].format(
        times=times,
        normal=normal,
        who="" if callers is None or f"{callers:.1f}" == f"{times:.1f}" else text["who"].format(callers=callers),
        why=text["no_surge" if times < SURGE else "given" if is_given else "came_about"],
        no=""
        if refused.mean is None
        else text["refused" if refused.mean > 0 else "none_refused"].format(share=percent(refused)),
    )


def _lost(result: Result, language: Language) -> str | None:
    """What vehicles lost of their time under way, and for what; None where it was little."""
    text, hours = _TEXT[language], result.vehicles.groupby("replication")[list(WAIT_COLUMNS)].sum().mean()
    under_way = result.vehicles[["busy_h", "overtime_h"]].to_numpy().sum() / len(result.values)
    if under_way == 0 or hours.sum() < LOST * under_way:
        return None
    waits = hours.sort_values(ascending=False, kind="stable")
    parts = [
        text[WAIT_COLUMNS[name]].format(share=100 * lost / under_way)
        for name, lost in waits.items()
        if lost >= LOST * hours.sum()
    ]
    return text["lost" if len(parts) > 1 else "lost_one"].format(
        share=100 * hours.sum() / under_way, waits=text["comma"].join(parts)
    )


def _trigger(result: Result, name: str, language: Language) -> str:
    """From when a trigger was on, for how many days, and how often."""
    text, title = _TEXT[language], trigger_title(result.strategy, name, language)
    rows = result.days[result.days["measure"] == TRIGGER_ON + name]
    on: pd.DataFrame = rows.pivot_table(index="replication", columns="day", values="value") > 0
    ever = on.any(axis=1)
    if not ever.any():
        return text["never"].format(trigger=title)
    first = on[ever].idxmax(axis=1)
    return text["trigger"].format(
        trigger=title,
        first=days_label(first.max(), language)
        if first.min() == first.max()
        else f"{first.min()}-{days_label(first.max(), language)}",
        days=on.sum(axis=1).mean(),
        horizon=on.shape[1],
        often="" if ever.all() else text["often"].format(times=int(ever.sum()), runs=len(on)),
    )
