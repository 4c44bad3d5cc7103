"""Saying that values are few, or all the same, in English or Chinese: neither proves much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simsupply.base.language import Language
from simsupply.measures.metric_registry import metric_label, unit_of
from simsupply.results.result import Result
from simsupply.stats.intervals import CONFIDENCE
from simsupply.stats.unseen import is_same, unseen_share
from simsupply.strategy.step_titles import step_labels

# With fewer replications it is said how few they are.
FEW = 10
_TEXT = {
    "en": {
        "one": "Only one replication: what chance does is not seen.",
        "few": "Only {n} replications: what happens in less than {share:.0f} % of all cases may not have been seen.",
        "equal": "The same in all {n:,} replications: {metrics}. What happens in less than {share:.0f} % of all cases "
        "may not have been seen.",
        "of": "{metric} ({titles})",
        "comma": ", ",
    },
    "zh": {
        "one": "仅一次重复，看不出偶然因素的影响。",
        "few": "仅{n}次重复：发生概率低于{share:.0f} %的情形可能尚未出现。",
        "equal": "{n:,}次重复中数值全部相同的有：{metrics}。发生概率低于{share:.0f} %的情形可能尚未出现。",
        "of": "{metric}（{titles}）",
        "comma": "、",
    },
}


def few_or_equal(
    results: Mapping[str, Result] | Result, metrics: Sequence[str], language: Language = "en"
) -> str | None:
    """That replications are few, or which shares are the same in all of them; None where neither is so.

    Parameters
    ----------
    results : Result or mapping of str to Result
        One, or several by their titles.
    metrics : sequence of str
        Those that are spoken of.
    """
    text = _TEXT[language]
    by_title = {"": results} if isinstance(results, Result) else dict(results)
    num = min(len(result.values) for result in by_title.values())
    if num == 1:
        return text["one"]
    found = []
    for metric in metrics:
        if unit_of(metric) != "share":
            continue
        equal = [title for title, result in by_title.items() if _is_equal(result, metric)]
        if equal:
            strategies = [result.strategy for result in by_title.values()]
            name = metric_label(metric, language, step_labels(strategies, language))
            name = name[0].lower() + name[1:]
            is_one = equal == [""]
            found.append(name if is_one else text["of"].format(metric=name, titles=text["comma"].join(equal)))
    share = 100 * unseen_share(num, CONFIDENCE)
    if found:
        return text["equal"].format(n=num, metrics=text["comma"].join(found), share=share)
    return text["few"].format(n=num, share=share) if num < FEW else None


def _is_equal(result: Result, metric: str) -> bool:
    return metric in result.values and is_same(result.values[metric].to_numpy(dtype=float))
