"""That vehicles stood still for good, in a few words of English or Chinese: who, where, since when."""

from __future__ import annotations

from simsupply.base.language import Language
from simsupply.results.result import Result
from simsupply.scenario.staff_titles import staff_titles
from simsupply.strategy.step_titles import stage_label, step_labels

# Places that are named; the others are counted.
_NAMED = 3
_TEXT: dict[Language, dict[str, str]] = {
    "en": {
        "deadlock": "Deadlock{times}: {what}. What they wait for waits for them, so nothing there ever goes on.",
        "times": " in {hits} of {n} replications",
        "stand": "from day {day}, {time}, {vehicles} of {step} at {place} {wait} for {cause}{crews}",
        "one": "1 vehicle",
        "several": "{number} vehicles",
        "wait_one": "waits",
        "wait_several": "wait",
        "room": "room to unload",
        "dock": "a dock to unload",
        "crews": ", with everybody of {crews} on board",
        "more": "; the same at {number} more",
        "and": " and ",
        "comma": "; ",
    },
    "zh": {
        "deadlock": "死锁{times}：{what}。它们所等的又在等它们，此处再也无法继续。",
        "times": "（{n}次重复中的{hits}次）",
        "stand": "自第{day}天{time}起，“{step}”有{vehicles}停在{place}，等待{cause}{crews}",
        "one": "1辆车",
        "several": "{number}辆车",
        "wait_one": "",
        "wait_several": "",
        "room": "卸货场地",
        "dock": "卸货月台",
        "crews": "，{crews}全员都在车上",
        "more": "；另有{number}处同样如此",
        "and": "、",
        "comma": "；",
    },
}


def standstill_sentence(result: Result, language: Language) -> str | None:
    """What stood still for good, as it was first seen; None: nothing did."""
    table, text = result.standstills, _TEXT[language]
    if table.empty:
        return None
    hits, n = table["replication"].nunique(), len(result.values)
    groups = table.sort_values("since_h", kind="stable").drop_duplicates(["step", "at", "place", "cause"])
    titled = step_labels([result.strategy], language)
    crews = staff_titles(result.scenario.spec, language)
    stand = []
    for row in groups.head(_NAMED).to_dict("records"):
        day, minute = divmod(round(row["since_h"] * 60), 1440)
        is_one, names = row["vehicles"] == 1, [crews[name] for name in row["crews"].split()]
        stand.append(
            text["stand"].format(
                day=day,
                time=f"{minute // 60:02d}:{minute % 60:02d}",
                vehicles=text["one" if is_one else "several"].format(number=row["vehicles"]),
                step=stage_label(row["step"], language, titled),
                place=row["place"],
                wait=text["wait_one" if is_one else "wait_several"],
                cause=text[row["cause"]],
                crews=text["crews"].format(crews=text["and"].join(names)) if names else "",
            )
        )
    what = text["comma"].join(stand)
    if len(groups) > _NAMED:
        what += text["more"].format(number=len(groups) - _NAMED)
    return text["deadlock"].format(times=text["times"].format(hits=hits, n=n) if n > 1 else "", what=what)
