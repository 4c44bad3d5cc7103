"""Titles of tiers and of the usual kinds of households and groups of goods, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simsupply.base.language import Language, display_name
from simsupply.base.spec import Title

if TYPE_CHECKING:
    from simsupply.scenario.geography import ListedDropPoint
    from simsupply.scenario.goods import Goods
    from simsupply.scenario.world_spec import HouseholdKind, WorldSpec

GROUPS: dict[str, dict[Language, str]] = {
    "precaution": {"en": "Precaution", "zh": "防范区"},
    "controlled": {"en": "Controlled", "zh": "管控区"},
    "sealed": {"en": "Sealed", "zh": "封控区"},
    "priority": {"en": "Priority households", "zh": "特殊困难群体"},
    "other": {"en": "Other households", "zh": "其他家庭"},
    "infant": {"en": "Infant", "zh": "有婴幼儿"},
    "chronic": {"en": "Chronic patient", "zh": "有慢性病患者"},
    "living_alone_old": {"en": "Old and living alone", "zh": "独居老人"},
    "old_and_alone": {"en": "Old and alone, or bedridden", "zh": "空巢老人、卧床患者"},
    "bedridden": {"en": "Bedridden", "zh": "有卧床者"},
    "disabled": {"en": "Disabled", "zh": "有残疾人"},
    "no_smartphone": {"en": "No smartphone", "zh": "无智能手机"},
    "food": {"en": "Food", "zh": "食品"},
    "staple": {"en": "Staples", "zh": "米面粮油"},
    "vegetables": {"en": "Vegetables", "zh": "蔬菜"},
    "protein": {"en": "Meat and eggs", "zh": "肉蛋"},
    "dairy_infant": {"en": "Dairy, infant food", "zh": "乳品、婴幼儿食品"},
    "water": {"en": "Water", "zh": "饮用水"},
    "medicine": {"en": "Medicine", "zh": "药品"},
    "protective": {"en": "Protective goods", "zh": "防护用品"},
    "daily": {"en": "Daily goods", "zh": "日用品"},
    "non_essentials": {"en": "Non-essentials", "zh": "非生活必需品"},
    "pork": {"en": "Pork", "zh": "猪肉"},
    "medical": {"en": "Front-line medical", "zh": "一线医疗"},
    "public_safety": {"en": "Public order and city services", "zh": "公安交通环卫等"},
    "public_counter": {"en": "Public counters", "zh": "窗口单位"},
    "grain": {"en": "Grain", "zh": "粮食"},
    "oil": {"en": "Oil", "zh": "食用油"},
    "eggs": {"en": "Eggs", "zh": "鸡蛋"},
    "ham_sausage": {"en": "Ham sausage", "zh": "火腿肠"},
    "instant_noodles": {"en": "Instant noodles", "zh": "方便面"},
    "bottled_water": {"en": "Bottled water", "zh": "瓶装水"},
    "key_firm": {"en": "Key firms", "zh": "重点企业"},
    "donee": {"en": "Receivers of directed donations", "zh": "定向捐赠接受单位"},
    "hard_to_move": {"en": "Hard to move", "zh": "行动困难"},
    "grain_and_oil": {"en": "Grain and oil", "zh": "粮油"},
    "meat_and_eggs": {"en": "Meat and eggs", "zh": "肉蛋"},
    "high_standard": {"en": "N95, suits, gowns, goggles", "zh": "高标准防护物资"},
    "general": {"en": "Masks, gloves, disinfectants", "zh": "一般防护物资"},
}


def group_titles(spec: WorldSpec, split: str = "goods") -> dict[str, Title]:
    """Titles that a scenario gives its groups of goods, kinds of households (``kind``) or drop points (``place``)."""
    groups: Mapping[str, Goods | HouseholdKind | ListedDropPoint] = {}
    if split == "goods":
        groups = spec.goods or {}
    elif split == "kind":
        groups = spec.scenario.households.kinds
    elif split == "place" and spec.scenario.geography.kind == "listed":
        groups = {point.name: point for point in spec.scenario.geography.drop_points}
    return {name: group.title for name, group in groups.items() if group.title is not None}


def group_words(kind: str, spec: WorldSpec) -> Title | str:
    """A kind of household in a sentence: the title that a scenario gives it, else its name, in Chinese the usual."""
    if own := group_titles(spec, "kind").get(kind):
        return own
    return Title(en=kind, zh=GROUPS[kind]["zh"]) if kind in GROUPS else kind


def group_label(group: str, language: Language, titled: Mapping[str, Title] | None = None) -> str:
    """Label of a tier, kind of household or group of goods: of the titles given, else of the usual ones, else its name.

    Examples
    --------
    >>> group_label("sealed", "zh"), group_label("pet_food", "en")
    ('封控区', 'pet food')
    """
    if titled and group in titled:
        return titled[group].in_language(language)
    return GROUPS[group][language] if group in GROUPS else display_name(group)
