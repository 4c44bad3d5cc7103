"""Units as readers see them, in English and in Chinese."""

from simsupply.base.language import Language

UNITS = {
    "household-days": "户日",
    "h": "小时",
    "days": "天",
    "orders": "单",
    "order-hours": "单小时",
    "visits": "人次",
    "encounters": "人次",
    "currency": "货币单位",
}
"""Units that are words, in Chinese."""


_WITHOUT_A_SIGN = {"share": "比例", "ratio": "倍", "index": "指数"}


def unit_in_words(unit: str, language: Language) -> str:
    """A unit as a table shows it in a column of its own, where a share has a word too.

    Examples
    --------
    >>> unit_in_words("share", "zh"), unit_in_words("share", "en"), unit_in_words("h", "zh")
    ('比例', 'share', '小时')
    """
    return _WITHOUT_A_SIGN.get(unit, unit_label(unit, language)) if language == "zh" else unit


def unit_label(unit: str, language: Language) -> str:
    """A unit as readers see it; one that is not in ``UNITS`` is shown as it is.

    Examples
    --------
    >>> unit_label("household-days", "zh"), unit_label("km", "zh")
    ('户日', 'km')
    """
    return UNITS.get(unit, unit) if language == "zh" else unit
