"""The words on the figures, in English and in Chinese."""

from typing import Literal, get_args

Language = Literal["en", "zh"]

TEXTS: dict[str, dict[Language, str]] = {
    "coverage_title": {"en": "Households served over time", "zh": "已送达家庭占比随时间变化"},
    "time_axis_days": {"en": "Days since start", "zh": "开始后的天数"},
    "target": {"en": "target: {duration}", "zh": "目标：{duration}"},
    "working_hours": {"en": "Working hours", "zh": "工作时段"},
    "utilisation_title": {
        "en": "Utilisation by stage: share of the available time in use",
        "zh": "各环节利用率：占可用时间的比例",
    },
    "bottleneck": {"en": "Bottleneck stage", "zh": "瓶颈环节"},
    "confidence_interval": {"en": "95 % confidence interval", "zh": "95% 置信区间"},
    "not_available": {"en": "n/a", "zh": "无数据"},
}

STAGES: dict[str, dict[Language, str]] = {
    "compile": {"en": "Compile orders", "zh": "汇总订单"},
    "pack": {"en": "Pack", "zh": "装箱"},
    "pick": {"en": "Pick", "zh": "拣货"},
    "sort": {"en": "Sort", "zh": "分拣"},
    "load": {"en": "Load", "zh": "装车"},
    "drive": {"en": "Drive", "zh": "运输"},
    "deliver": {"en": "Deliver", "zh": "运输"},
    "unload": {"en": "Unload", "zh": "卸车"},
    "drop_point": {"en": "Drop point", "zh": "投放点"},
    "door": {"en": "Carry to the door", "zh": "送货上门"},
    "dock": {"en": "Dock", "zh": "装卸月台"},
    "van": {"en": "Van", "zh": "配送车"},
}

METRICS: dict[str, dict[Language, str]] = {
    "coverage": {"en": "Households served", "zh": "已送达家庭占比"},
    "utilisation": {"en": "Utilisation", "zh": "利用率"},
}


def check_language(language: str) -> None:
    """Raise ValueError unless `language` is one the figures speak."""
    if language not in get_args(Language):
        raise ValueError(f"language is {language!r}; it must be one of {', '.join(get_args(Language))}")


def figure_text(key: str, language: Language) -> str:
    """Text of a title, an axis or a legend entry; `key` is one of ``TEXTS``."""
    return TEXTS[key][language]


def display_name(name: str) -> str:
    """A name from the user's configuration as readers see it: underscores and line breaks become blanks.

    Examples
    --------
    >>> display_name("standard_crates")
    'standard crates'
    """
    return " ".join(str(name).replace("_", " ").split())


def stage_label(stage: str, language: Language) -> str:
    """Label of a stage; a stage that is not in ``STAGES`` is shown under its own name.

    Examples
    --------
    >>> stage_label("drop_point", "zh")
    '投放点'
    >>> stage_label("night_shuttle", "zh")
    'night shuttle'
    """
    return STAGES[stage][language] if stage in STAGES else display_name(stage)


def metric_label(metric: str, language: Language) -> str:
    """Label of a metric; a metric that is not in ``METRICS`` is shown under its own name."""
    return METRICS[metric][language] if metric in METRICS else display_name(metric)


def percent_label(share: float, language: Language) -> str:
    """A share (0..1) as whole per cent.

    Examples
    --------
    >>> percent_label(0.2, "en"), percent_label(0.2, "zh")
    ('20 %', '20%')
    """
    return f"{100 * share:.0f} %" if language == "en" else f"{100 * share:.0f}%"


def duration_label(hours: float, language: Language) -> str:
    """A duration, in days where it is a whole number of them, else in hours.

    Examples
    --------
    >>> duration_label(168, "en"), duration_label(60, "en"), duration_label(24, "zh")
    ('7 days', '60 h', '1 天')
    """
    if hours >= 24 and hours % 24 == 0:
        days = round(hours / 24)
        return f"{days} 天" if language == "zh" else f"{days} day{'' if days == 1 else 's'}"
    return f"{hours:g} 小时" if language == "zh" else f"{hours:g} h"
