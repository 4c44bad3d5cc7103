"""The answer of one run in a few lines a planner can read out, in English or Chinese."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsupply.base.language import Language, spaced
from simsupply.figures.day_tables import trigger_title
from simsupply.figures.group_tables import titled_splits
from simsupply.measures.metric_registry import unit_of
from simsupply.report.comparison_answer import held_back_by, percent, round_share
from simsupply.report.few_values import few_or_equal
from simsupply.results.day_table import TRIGGER_ON
from simsupply.results.result import MEASURES_SHOWN, Result
from simsupply.results.vehicle_table import WAITS
from simsupply.scenario.normal_demand import normal_orders_per_day
from simsupply.stats.intervals import Estimate, estimate
from simsupply.strategy.release import GroupRelease, OrderRelease

# Below this many times normal orders nobody speaks of a surge.
SURGE = 1.5
NUM_CHANNELS = 3
# Below this share of the hours under way nobody asks what was lost.
LOST = 0.05
WAIT_COLUMNS = {f"{what}_wait_h": what for what in WAITS}
_TEXT = {
    "en": {
        "served": "Within {days} days, {share} of {number} households are served; {last}{stage}.",
        "last": "the last one after {hours:.0f} h",
        "beyond": "some not within the {days} days of the run",
        "whole": " Nobody is left out in {hits} of {n} replications (so in {share} of all cases).",
        "held_back": "; held back by {stage}",
        "busiest": "; busiest: {stage}",
        "never_empty": "No pantry is empty in the {hours:g} h looked at.",
        "empty": "An empty pantry: {mean:.0f} h of {hours:g} h on average, {worst:.0f} h in the worst-off tenth{more}.",
        "group": "; longest in the group “{group}” ({mean:.0f} h)",
        "goods": "; of the goods, “{group}” is missing longest ({mean:.0f} h)",
        "channels": "{tonnes} t came: {channels}{unused}.",
        "channel": "{share:.0f} % by “{channel}”",
        "and_more": "{channels}, the rest by {number} more",
        "unused": "; nothing by {channels}",
        "attempts": "On the busiest day residents tried to order {times:.1f} times as much as on a normal day "
        "({normal:,.0f} orders){why}{no}.",
        "given": "; this surge was typed in",
        "came_about": "; this surge was not typed in, it came about as shops closed and the refused tried again",
        "no_surge": "",
        "refused": "; {share} of all attempts were refused",
        "none_refused": "; none was refused",
        "lost": "Vehicles lost {share:.0f} % of their time under way: {waits}.",
        "dock": "{hours:,.0f} h before docks",
        "road": "{hours:,.0f} h on closed roads",
        "place": "{hours:,.0f} h at closed places",
        "floor": "{hours:,.0f} h for want of room where they unload",
        "trigger": "Trigger “{trigger}”: first on after {first} days, {days:.0f} of {horizon} days on average{often}.",
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
        "served": "{days}天内送达{number}户中的{share}；{last}{stage}。",
        "last": "最后一户在{hours:.0f}小时后送达",
        "beyond": "在模拟的{days}天内未能全部送达",
        "whole": "{n}次重复中有{hits}次无一户遗漏（即全部情形的{share}）。",
        "held_back": "；瓶颈环节：{stage}",
        "busiest": "；最忙环节：{stage}",
        "never_empty": "所考察的{hours:g}小时内无人断供。",
        "empty": "断供时间：{hours:g}小时中户均{mean:.0f}小时，最差的十分之一为{worst:.0f}小时{more}。",
        "group": "；最长的群体是“{group}”（{mean:.0f}小时）",
        "goods": "；最缺的物资是“{group}”（{mean:.0f}小时）",
        "channels": "共送达{tonnes}吨，其中{channels}{unused}。",
        "channel": "“{channel}”占{share:.0f} %",
        "and_more": "{channels}，另有{number}个渠道",
        "unused": "；未送货：{channels}",
        "attempts": "最高一天居民提交的订单为平日{normal:,.0f}单的{times:.1f}倍{why}{no}。",
        "given": "；该激增由输入设定",
        "came_about": "；该激增并非输入设定，而是商店关闭、被拒者再次下单所致",
        "no_surge": "",
        "refused": "；全部提交中被拒{share}",
        "none_refused": "；无一被拒",
        "lost": "车辆在途时间中有{share:.0f} %耗于等待：{waits}。",
        "dock": "等候月台{hours:,.0f}小时",
        "road": "道路封闭{hours:,.0f}小时",
        "place": "场所关停{hours:,.0f}小时",
        "floor": "卸货场地已满{hours:,.0f}小时",
        "trigger": "触发条件“{trigger}”：{first}天后首次生效，{horizon}天中平均生效{days:.0f}天{often}。",
        "often": "（{runs}次重复中的{times}次）",
        "never": "触发条件“{trigger}”从未生效。",
        "comma": "、",
        "met": "{metric}：{n}次重复后半宽为±{half} {unit}，达到要求（{wanted}）。",
        "unmet": "{metric}：已达重复次数上限{n}次，半宽为±{half} {unit}，未达到要求（{wanted}）{needed}。",
        "needed": "，约需{needed:,}次重复",
        "missing": "{metric}并非在每次重复中都存在，没有均值和精度（要求{wanted}）。",
    },
}


def run_answer(result: Result, language: Language = "en") -> list[str]:
    """Who is served when, who goes without, by which channel, how high the surge was, when triggers switched.

    A sentence is left out where there is nothing to tell.
    """
    sentences = [
        _served(result, language),
        _empty(result, language),
        _channels(result, language),
        _attempts(result, language),
        _lost(result, language),
        *(_trigger(result, name, language) for name in result.strategy.triggers),
        few_or_equal(result, MEASURES_SHOWN, language),
    ]
    return [spaced(sentence, language) for sentence in sentences if sentence]


def precision_words(result: Result, language: Language = "en") -> list[str]:
    """What became of each half-width asked for; nothing if none was."""
    text, lines = _TEXT[language], []
    for goal in result.reached:
        key = "met" if goal.is_met else "missing" if goal.half_width is None else "unmet"
        lines.append(
            text[key].format(
                metric=goal.goal.metric,
                half="-" if goal.half_width is None else f"{goal.half_width:.3g}",
                unit=unit_of(goal.goal.metric),
                n=len(result.values),
                wanted=goal.goal.in_words,
                needed="" if goal.needed is None else text["needed"].format(needed=goal.needed),
            )
        )
    return [spaced(line, language) for line in lines]


def _served(result: Result, language: Language) -> str:
    text, spec = _TEXT[language], result.scenario.settings
    last_h, bottleneck = result.estimate("last_household_served_h").mean, result.bottleneck()
    is_short = bool((result.values["coverage"] < 1).any())
    stage = ""
    if bottleneck is not None:
        stage = text["held_back" if is_short else "busiest"].format(stage=held_back_by(bottleneck, language))
    full = result.share("coverage", at_least=1.0)
    hits, whole = round((full.mean or 0.0) * full.n), ""
    if hits and full.n > 1 and full.ci_low is not None and full.ci_high is not None:
        low, high = round_share(full.ci_low), round_share(full.ci_high)
        whole = text["whole"].format(hits=hits, n=full.n, share=f"{low}-{high} %")
    served = text["served"].format(
        days=f"{spec.service_target_days:g}",
        share=percent(result.estimate("coverage")),
        number=f"{len(result.scenario.households):,}",
        last=text["beyond"].format(days=spec.horizon_days + spec.run_out_days)
        if last_h is None
        else text["last"].format(hours=last_h),
        stage=stage,
    )
    return served + whole


def _empty(result: Result, language: Language) -> str:
    """Hours with an empty pantry, of everybody and of the group that has most of them."""
    text, hours = _TEXT[language], result.scenario.horizon_min / 60
    mean = result.estimate("empty_pantry_h").mean or 0.0
    if mean == 0:
        return text["never_empty"].format(hours=hours)
    more = ""
    if result.splits is not None:
        table = titled_splits(result, language)
        table = table[(table["metric"] == "empty_pantry_h") & table["mean"].notna()]
        for key, splits in (("group", ("tier", "district", "kind")), ("goods", ("goods",))):
            rows = table[table["split"].isin(splits)]
            if len(rows) > 1 and rows["mean"].max() > 0:
                row = rows.loc[rows["mean"].idxmax()]
                more += text[key].format(group=row["title"], mean=row["mean"])
    worst = result.estimate("empty_pantry_h_worst_decile").mean or 0.0
    return text["empty"].format(mean=mean, hours=hours, worst=worst, more=more)


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
    is_given = any(note.startswith("surge: given") for note in result.notes)
    refused = share_refused(result)
    return text["attempts"].format(
        times=times,
        normal=normal,
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
    parts = [text[WAIT_COLUMNS[name]].format(hours=lost) for name, lost in waits.items() if lost >= LOST * hours.sum()]
    return text["lost"].format(share=100 * hours.sum() / under_way, waits=text["comma"].join(parts))


def share_refused(result: Result) -> Estimate:
    """Share of residents' attempts that were refused, up to the horizon; no mean if nobody tried."""
    asked = [
        name for name, way in result.strategy.channels.items() if isinstance(way.release, OrderRelease | GroupRelease)
    ]
    rows = result.days[result.days["channel"].isin(asked)]
    sums = rows.pivot_table(index="replication", columns="measure", values="value", aggfunc="sum")
    if sums.empty:
        return estimate(np.full(len(result.values), np.nan), "share")
    return estimate((sums["rejected"] / sums["attempted"].where(sums["attempted"] > 0)).to_numpy(), "share")


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
        first=f"{first.min()}" if first.min() == first.max() else f"{first.min()}-{first.max()}",
        days=on.sum(axis=1).mean(),
        horizon=on.shape[1],
        often="" if ever.all() else text["often"].format(times=int(ever.sum()), runs=len(on)),
    )
