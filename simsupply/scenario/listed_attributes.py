"""What a listed place may have of its own, on top of a name and a road: residents, buildings, a title, a price to open.

What a drop point does not say is as the section ``households`` of the scenario says.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Self, TypeVar

from pydantic import AfterValidator, Field, model_validator

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import Misfit, Misfits
from simsupply.base.quantities import Count, MinutesOrZero, NonNegative, Positive, Share
from simsupply.base.spec import OptionalTitle, Spec, key_help


def _not_blank(text: str) -> str:
    if not text.strip():
        raise Misfit("text_not_empty")
    return text


AreaName = Annotated[str, AfterValidator(_not_blank)]
"""Name of a district or subdistrict: any text."""


class Site(Spec):
    """A place with a title; one that is a candidate stands in no plan until it is opened (``candidate: false``)."""

    title: OptionalTitle = None
    candidate: Annotated[
        bool | None,
        key_help(
            "Whether the place might be opened but is not, so that nothing is simulated at it; false once it is open.",
            "是否为备选点：尚未启用，不参与模拟；`false` 表示已启用的备选点。",
            example=True,
        ),
    ] = None
    opening_cost: Annotated[
        NonNegative | None,
        key_help(
            "What opening a candidate costs, in the currency of prices; for choosing sites, not in the cost of a run.",
            "启用备选点的费用，货币同 `prices`；仅用于选址，不计入模拟成本。",
            example=20000,
        ),
    ] = None
    max_households: Annotated[
        Count | None,
        key_help(
            "Most households that may be fed through the place; an open place with more is refused.",
            "经该点供应的户数上限；已启用的点超过时报错。",
            example=3000,
        ),
    ] = None
    area_m2: Annotated[
        Positive | None,
        key_help(
            "Floor area of a candidate in square metres; for choosing sites, of no effect in a run.",
            "备选点场地面积（平方米）；仅用于选址，不影响模拟。",
            example=400,
        ),
    ] = None

    @property
    def is_candidate(self) -> bool:
        """Whether it is not open."""
        return self.candidate is True

    @model_validator(mode="after")
    def _of_candidates(self) -> Self:
        if self.candidate is None:
            given = [(key, getattr(self, key)) for key in ("opening_cost", "area_m2")]
            misfits = [(key, value, message("key_of_candidate")) for key, value in given if value is not None]
            if misfits:
                raise Misfits(*misfits)
        return self


class Building(Spec):
    """A building of a drop point: neighbours who share a lift, or the want of one."""

    households: Annotated[Count, key_help("Households in the building.", "楼内户数。", example=48)]
    has_lift: Annotated[
        bool | None,
        key_help(
            "Whether it has a lift; without, it is drawn by the share of households with a lift.",
            "是否有电梯；不填则按电梯户占比抽取。",
            example=True,
        ),
    ] = None


class Residents(Spec):
    """Who lives at a drop point, where it differs from the scenario, and where it lies."""

    district: Annotated[
        AreaName | None,
        key_help(
            "District it lies in, any text; all drop points have one or none has.",
            "所在区县，任意文字；要么全部投放点都填，要么都不填。",
            example="朝阳区",
        ),
    ] = None
    subdistrict: Annotated[
        AreaName | None,
        key_help(
            "Subdistrict, town or village in the district; all drop points have one or none has.",
            "所在街道、乡镇或村；要么全部投放点都填，要么都不填。",
            example="红旗街道",
        ),
    ] = None
    persons: Annotated[
        float | None,
        Field(ge=1, le=8),
        key_help(
            "Mean number of persons in a household there, instead of persons_mean.",
            "该点户均人数，代替 `persons_mean`。",
            example=2.4,
        ),
    ] = None
    one_person_share: Annotated[
        float | None,
        Field(ge=0, lt=1),
        key_help(
            "Share of households of one person, where it is known beside persons: the others have two or more.",
            "一人户占比，与 `persons` 一起使用：其余家庭为两人及以上。",
            unit="share",
            example=0.27,
        ),
    ] = None
    lift_share: Annotated[
        Share | None,
        key_help(
            "Share of households with a lift there, drawn by building.",
            "该点有电梯户占比，按楼抽取。",
            unit="share",
            example=0.4,
        ),
    ] = None
    priority_share: Annotated[
        Share | None,
        key_help(
            "Share of priority households there, apart from kinds with priority.",
            "该点优先户占比，不含按类型认定的优先户。",
            unit="share",
            example=0.12,
        ),
    ] = None
    share_65plus: Annotated[
        Share | None,
        key_help(
            "Instead of priority_share: share of people of 65 and older; who lives alone and is one has priority.",
            "代替 `priority_share`：65岁及以上人口占比；独居且属此列者为优先户。",
            unit="share",
            example=0.18,
        ),
    ] = None
    households_per_building: Annotated[
        Count | None,
        key_help(
            "Neighbours there who share one stairwell or lift, instead of those of the scenario.",
            "该点每栋（每单元）户数，代替全局值。",
            example=24,
        ),
    ] = None
    buildings: Annotated[
        tuple[Building, ...],
        key_help(
            "Its buildings one by one, in building order; their households add up to those of the drop point.",
            "逐栋列出，按楼的次序；各楼户数之和等于该点户数。",
            example=[{"households": 48, "has_lift": True}],
        ),
    ] = ()
    walk_min: Annotated[
        MinutesOrZero | None,
        key_help(
            "Walk of a round to its doors there and back, instead of that of the rounds.",
            "该点送货上门一趟往返的步行时间，代替 `rounds` 中的值。",
            unit="min",
            example=8,
        ),
    ] = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        misfits: list[tuple[str, object, Message]] = []
        for key, other in (("share_65plus", "priority_share"), ("buildings", "households_per_building")):
            if getattr(self, key) not in (None, ()) and getattr(self, other) is not None:
                misfits.append((other, getattr(self, other), message("one_of_two_keys", first=key, second=other)))
        if self.one_person_share is not None and self.persons is None:
            misfits.append(("persons", None, message("persons_with_one_person_share")))
        if misfits:
            raise Misfits(*misfits)
        return self

    @property
    def knows_lifts(self) -> bool:
        """Whether no lift has to be drawn by the share of the whole scenario."""
        return self.lift_share is not None or (
            bool(self.buildings) and all(building.has_lift is not None for building in self.buildings)
        )


def check_buildings(households: int, place: Residents) -> None:
    """Raise `Misfit` unless the buildings of a drop point hold its households."""
    total = sum(building.households for building in place.buildings)
    if place.buildings and total != households:
        raise Misfit("buildings_hold_households", total=total, households=households)


AnySite = TypeVar("AnySite", bound=Site)


def in_use(places: Iterable[AnySite]) -> tuple[AnySite, ...]:
    """Places that are open: all but candidates."""
    return tuple(place for place in places if not place.is_candidate)
