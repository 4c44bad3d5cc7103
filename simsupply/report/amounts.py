"""Numbers in answers: shares as per cent, hours as hours or days, points, each with its interval where there is one."""

from __future__ import annotations

from simsupply.base.language import Language
from simsupply.stats.intervals import Estimate

DAYS_FROM_H = 48
"""From so many hours on a time is told in days."""
_TEXT = {
    "en": {
        "h": "{number} h",
        "day": "{number} day",
        "days": "{number} days",
        "points": "{number} percentage points",
        "bounds": "{shown} ({low} to {high})",
    },
    "zh": {
        "h": "{number}小时",
        "day": "{number}天",
        "days": "{number}天",
        "points": "{number}个百分点",
        "bounds": "{shown}（{low}至{high}）",
    },
}


def percent(found: Estimate) -> str:
    """A share with its 95 % interval, for instance ``66 % (53-78 %)``; never rounded up to 100 %."""
    mean, low, high = (round_share(value) for value in (found.mean, found.ci_low, found.ci_high))
    if low is None:
        return f"{mean} %"
    return f"{mean} %" if low == mean == high else f"{mean} % ({low}-{high} %)"


def round_share(value: float | None) -> str | None:
    """A share as whole per cent, without the sign; never rounded up to 100 or down to 0."""
    if value is None:
        return None
    shown = f"{value * 100:.0f}"
    # 99.7 % is not everybody and 0.3 % is not nobody.
    if (shown == "100" and value < 1) or (shown == "0" and value > 0):
        shown = f"{value * 100:.1f}" if f"{value * 100:.1f}" not in ("100.0", "0.0") else shown
        if shown in ("100", "0"):
            shown = ">99.9" if value > 0.5 else "<0.1"
    return shown


def duration(hours: float, language: Language) -> str:
    """A time: below 48 h in hours, above in days.

    Examples
    --------
    >>> [duration(hours, "en") for hours in (0, 3.25, 44.4, 48, 60, 900)]
    ['0 h', '3.2 h', '44 h', '2 days', '2.5 days', '38 days']
    >>> duration(44.4, "zh"), duration(60, "zh")
    ('44小时', '2.5天')
    """
    text = _TEXT[language]
    # What rounds to 48 h is two days.
    if round(hours) < DAYS_FROM_H:
        return text["h"].format(number=_rounded(hours))
    return text["days"].format(number=_rounded(hours / 24))


def days_label(days: float, language: Language) -> str:
    """A number of days that was set.

    Examples
    --------
    >>> days_label(1, "en"), days_label(2.5, "en"), days_label(14, "zh")
    ('1 day', '2.5 days', '14天')
    """
    return _TEXT[language]["day" if days == 1 else "days"].format(number=f"{days:g}")


def duration_of(found: Estimate, language: Language) -> str:
    """Hours with their 95 % interval, all in the unit of the mean.

    Examples
    --------
    >>> duration_of(Estimate(44.0, 40.0, 50.0, 20, "h"), "en"), duration_of(Estimate(60.0, 45.0, 75.0, 20, "h"), "zh")
    ('44 h (40 to 50)', '2.5天（1.9至3.1）')
    """
    assert found.mean is not None
    shown = duration(found.mean, language)
    if found.ci_low is None or found.ci_high is None:
        return shown
    scale = 1 if round(found.mean) < DAYS_FROM_H else 24
    low, mean, high = (_rounded(value / scale) for value in (found.ci_low, found.mean, found.ci_high))
    return shown if low == mean == high else _TEXT[language]["bounds"].format(shown=shown, low=low, high=high)


def points(share: float, low: float | None, high: float | None, language: Language) -> str:
    """A difference of shares with its interval.

    Examples
    --------
    >>> points(0.45, 0.4, 0.5, "en"), points(0.034, None, None, "zh")
    ('45 percentage points (40 to 50)', '3.4个百分点')
    """
    text, number = _TEXT[language], _tenths(100 * share)
    shown = text["points"].format(number=number)
    if low is None or high is None:
        return shown
    ends = _tenths(100 * low), _tenths(100 * high)
    return shown if set(ends) == {number} else text["bounds"].format(shown=shown, low=ends[0], high=ends[1])


def _rounded(value: float) -> str:
    """One digit behind the point below 10, none above."""
    return _tenths(value) if abs(value) < 9.95 else f"{value:,.0f}"


def _tenths(value: float) -> str:
    """At most one digit behind the point; never a negative zero."""
    shown = f"{value:.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown
